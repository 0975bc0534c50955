"""What is counted about gifts: what came in, whom it reached, and what must not be given out any more."""

from django.db.models import Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Floor
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from children.groups import NO_CHILD_OF_ITS_OWN
from children.models import Child, EarlierLeaving
from gifts.models import Gift, GiftLine, HandOut, WishCard
from records.measures import AS_TODAY, FIGURE, GAP, IN_PERIOD, Breakdown, measure


def _stock(show):
    return lambda: reverse("gifts:stock", query={"show": show})


@measure(
    _("Expired food and medicine in stock"),
    definition=_("Gifts still in stock whose last day of use lies before the last day of the period."),
    kind=GAP,
    needs="gifts.add_entry",
    act=_("Count and write off"),
    page=_stock("expired"),
    urgency=1,
    hides_small=False,
    when=AS_TODAY,
)
def gifts_expired(scope, period):
    return GiftLine.objects.within(scope).expired_on(period.end)


@measure(
    _("Gifts in stock that expire within 30 days"),
    definition=_("Gifts still in stock whose last day of use is one of the 30 days after the period, or its last day."),
    kind=GAP,
    needs="gifts.add_handout",
    act=_("Give them out"),
    page=_stock("expiring"),
    urgency=3,
    hides_small=False,
    when=AS_TODAY,
)
def gifts_expiring(scope, period):
    return GiftLine.objects.within(scope).expiring(period.end)


@measure(
    _("Gifts received in the period"),
    definition=_(
        "Gifts of money or goods noted as received in the period; all that stands on one receipt is one gift. What was "
        "noted by mistake does not count."
    ),
    kind=FIGURE,
    version=2,
    earlier={
        1: _("Gifts of money or goods noted as received in the period; all that stands on one receipt is one gift.")
    },
    when=IN_PERIOD,
    page=lambda: reverse("gifts:gifts"),
    hides_small=False,
)
def gifts_received(scope, period):
    return Gift.objects.within(scope).standing().filter(received_on__gte=period.start, received_on__lte=period.end)


@measure(
    _("Gifts of money in the period, in yuan"),
    definition=_(
        "The money noted as received in the period, added up for each community and given in whole yuan, rounded down. "
        "What was noted by mistake does not count."
    ),
    kind=FIGURE,
    version=2,
    earlier={
        1: _(
            "The money noted as received in the period, added up for each community and given in whole yuan, "
            "rounded down."
        )
    },
    when=IN_PERIOD,
    amount=Floor(Sum("quantity")),
    page=lambda: reverse("gifts:gifts"),
    hides_small=False,
)
def gifts_of_money(scope, period):
    money = GiftLine.objects.within(scope).filter(kind=GiftLine.Kind.MONEY)
    return money.filter(gift__received_on__range=(period.start, period.end), gift__voided_on=None)


@measure(
    _("Gifts handed out in the period"),
    definition=_("Gifts given out to children, families and Homes in the period and not taken back."),
    kind=FIGURE,
    when=IN_PERIOD,
    breakdowns={"to": Breakdown(_("by who was given it"), dict(HandOut.To.choices), lambda period: F("to"))},
)
def hand_outs_made(scope, period):
    return HandOut.objects.within(scope).standing().filter(given_on__range=(period.start, period.end))


@measure(
    _("Children given gifts in the period"),
    definition=_(
        "Children who were handed a gift out in the period that was not taken back, or whose family was on a day on "
        "which the child was on the register. A child counts once."
    ),
    kind=FIGURE,
    version=2,
    earlier={
        1: _(
            "Children who, or whose family, were handed a gift out in the period that was not taken back. "
            "A child counts once."
        )
    },
    when=IN_PERIOD,
)
def children_given_gifts(scope, period):
    given = HandOut.objects.within(scope).standing().filter(given_on__range=(period.start, period.end))
    children = Child.objects.within(scope)
    with_family = Q(pk__in=_of_their_families(given)) & ~Q(left_reason__in=NO_CHILD_OF_ITS_OWN)
    return children.filter(Q(pk__in=given.filter(child__isnull=False).values("child")) | with_family)


def _of_their_families(given):
    """Keys of the children on the register on the day on which their family was given something.

    It begins with what was given, which is little, and not with the children.
    """
    one = "child__household__children"
    open_then = Q(**{f"{one}__left_on": None}) | Q(**{f"{one}__left_on__gt": F("given_on")})
    registered = Q(**{f"{one}__registered_on__lte": F("given_on")})
    off = EarlierLeaving.objects.filter(
        child=OuterRef(one), left_on__lte=OuterRef("given_on"), returned_on__gt=OuterRef("given_on")
    )
    return given.filter(open_then, registered, ~Exists(off), to=HandOut.To.FAMILY).order_by().values(one)


def _wishes(show):
    return lambda: reverse("gifts:wishes", query={"show": show} if show else None)


@measure(
    _("Small wishes to be read before they are shown"),
    definition=_("Cards of small wishes that somebody must read before they are shown to givers."),
    kind=GAP,
    needs="gifts.change_wishcard",
    act=_("Read them"),
    page=_wishes(""),
    urgency=3,
    when=AS_TODAY,
)
def wishes_to_be_read(scope, period):
    return WishCard.objects.within(scope).filter(status=WishCard.Status.WRITTEN, written_at__date__lte=period.end)


@measure(
    _("Small wishes taken by a giver and not fulfilled"),
    definition=_("Cards of small wishes that a giver took and with which nothing handed out is linked."),
    kind=GAP,
    needs="gifts.change_wishcard",
    act=_("Fulfil the wishes"),
    page=_wishes("taken"),
    urgency=3,
    when=AS_TODAY,
)
def wishes_taken(scope, period):
    return WishCard.objects.within(scope).waiting().filter(taken_on__lte=period.end)


@measure(
    _("Small wishes fulfilled in the period"),
    definition=_("Small wishes whose card was fulfilled with something handed out in the period."),
    kind=FIGURE,
    when=IN_PERIOD,
)
def wishes_fulfilled(scope, period):
    fulfilled = WishCard.objects.within(scope).filter(status=WishCard.Status.FULFILLED)
    return fulfilled.filter(entry__on__gte=period.start, entry__on__lte=period.end)
