"""What is counted of the rosters at the Homes."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.measures import GAP, measure
from volunteers.home_roster import LOOK_AHEAD
from volunteers.models import HomeDay, HomeDuty

USUAL = 2


@measure(
    _("Duties at the Home with somebody missing"),
    definition=_(
        "Duties at the Children's Home in the fourteen days from the end of the period on for which fewer helpers are "
        "on the roster than are needed. Whose checks do not reach the day does not count."
    ),
    kind=GAP,
    urgency=USUAL,
    needs="volunteers.change_homeday",
    act=_("Find somebody"),
    page=lambda: reverse("home_duty:homes"),
)
def home_duties_short(scope, period):
    ahead = HomeDay.objects.within(scope).filter(day__gte=period.end, day__lt=period.end + LOOK_AHEAD)
    return HomeDay.objects.within(scope).filter(pk__in=ahead.short().values("pk"))


@measure(
    _("Duties at the Home checked in and not out"),
    definition=_(
        "Duties at the Children's Home up to the end of the period, of days that are over, on which a helper came and "
        "the time of going is not on file. Their hours count once it is noted."
    ),
    kind=GAP,
    urgency=USUAL,
    needs="volunteers.change_homeduty",
    act=_("Note when they went"),
)
def home_duties_without_end(scope, period):
    over = HomeDuty.objects.within(scope).filter(day__lte=period.end, day__lt=timezone.localdate())
    return over.without_end()
