"""What publicity adds up to."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from activities.models import PublicityItem
from records.measures import AS_TODAY, FIGURE, GAP, IN_PERIOD, measure


def _publicity():
    return reverse("activities:publicity")


@measure(
    _("Publicity"),
    definition=_("Posters, leaflets, broadcasts and other items published in the period."),
    kind=FIGURE,
    page=_publicity,
    hides_small=False,
    when=IN_PERIOD,
)
def publicity_items(scope, period):
    return PublicityItem.objects.within(scope).filter(made_on__range=(period.start, period.end))


@measure(
    _("Good examples to take down"),
    definition=_("Items about a child whose guardian does not agree to publicity any more, and not yet taken down."),
    kind=GAP,
    act=_("Take them down"),
    page=_publicity,
    needs="activities.change_publicityitem",
    urgency=1,
    when=AS_TODAY,
)
def examples_to_take_down(scope, period):
    rows = PublicityItem.objects.within(scope).without_consent()
    return rows.filter(taken_down_on=None, made_on__lte=period.end)
