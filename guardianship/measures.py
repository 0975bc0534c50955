"""What is counted about entrusted care, contact and cards."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from children.models import Child
from guardianship import figures  # noqa: F401 - registers its measures
from guardianship.contacting import silent
from guardianship.models import Card, FamilyContact, Letter
from guardianship.printed_facts import stale_among
from records.measures import AS_TODAY, FIGURE, GAP, measure

_LETTERS = "guardianship.add_letter"
_CARDS = "guardianship.add_card"


def _letters(query=""):
    return lambda: reverse("guardianship:letters") + query


def _cards(query=""):
    return lambda: reverse("guardianship:cards") + query


def _left_behind(scope, day):
    return Child.objects.within(scope).on_register(day).left_behind_on(day)


def _with_valid_letter(scope, day):
    return Letter.objects.within(scope).in_force_on(day).values("child")


@measure(
    _("Children without a valid guardianship letter"),
    definition=_(
        "Left-behind children on the register at the period's end whose caregiver letter is unsigned, expired or "
        "lapsed."
    ),
    kind=GAP,
    needs=_LETTERS,
    act=_("Prepare the letter"),
    page=_letters("?show=without"),
    urgency=1,
    belongs_to="law",
)
def without_valid_letter(scope, period):
    return _left_behind(scope, period.end).exclude(pk__in=_with_valid_letter(scope, period.end))


@measure(
    _("Left-behind children with a valid guardianship letter"),
    definition=_("Left-behind children on the register at the period's end whose letter was signed and held that day."),
    kind=FIGURE,
    page=_letters(),
)
def with_valid_letter(scope, period):
    return _left_behind(scope, period.end).filter(pk__in=_with_valid_letter(scope, period.end))


@measure(
    _("Guardianship letters that end within 30 days"),
    definition=_("Letters that hold at the end of the period and whose last day comes in the 30 days after it."),
    kind=GAP,
    needs=_LETTERS,
    act=_("Renew the letters"),
    page=_letters("?show=expiring"),
)
def letters_expiring(scope, period):
    return Letter.objects.within(scope).expiring_on(period.end)


@measure(
    _("Children not in contact with their parents for 2 weeks"),
    definition=_(
        "Children with a letter that holds at the end of the period and is at least 2 weeks old, for whom no contact "
        "with a parent is noted in those 2 weeks, though it was promised at least once a week."
    ),
    kind=GAP,
    needs="guardianship.add_familycontact",
    act=_("Ask the family"),
    page=_letters("?show=silent"),
)
def without_weekly_contact(scope, period):
    since = silent(period.end)
    promised = Letter.objects.within(scope).in_force_on(period.end).filter(signed_on__lte=since, starts_on__lte=since)
    heard = FamilyContact.objects.within(scope).filter(made_on__gt=since, made_on__lte=period.end)
    children = Child.objects.within(scope).filter(pk__in=promised.values("child"))
    return children.exclude(pk__in=heard.values("child"))


@measure(
    _("Children without a contact card or phone card"),
    definition=_(
        "Left-behind and migrant children on the register at the end of the period for whom one of the two cards was "
        "never issued."
    ),
    kind=GAP,
    needs=_CARDS,
    act=_("Print the cards"),
    page=_cards("?show=none"),
    urgency=3,
    when=AS_TODAY,
)
def without_card(scope, period):
    issued = Card.objects.within(scope).latest()
    counted = Child.objects.within(scope).counted_on(period.end)
    both = counted
    for kind in Card.Kind.values:
        both = both.filter(pk__in=issued.filter(kind=kind).values("child"))
    return counted.exclude(pk__in=both.values("pk"))


@measure(
    _("Children whose card is out of date"),
    definition=_(
        "Children on the register at the end of the period on whose card something stands that has changed since."
    ),
    kind=GAP,
    needs=_CARDS,
    act=_("Print the cards anew"),
    page=_cards("?show=stale"),
    urgency=3,
    when=AS_TODAY,
)
def with_stale_card(scope, period):
    on_register = Child.objects.within(scope).on_register(period.end)
    latest = Card.objects.within(scope).latest().filter(child__in=on_register.values("pk"))
    stale = latest.filter(pk__in=stale_among(latest))
    return on_register.filter(pk__in=stale.values("child"))
