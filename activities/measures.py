"""What activities add up to."""

import datetime as dt

from django.db.models import Exists, F, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities import (  # noqa: F401 - they register their measures
    carer_measures,
    helper_measures,
    home_measures,
    publicity_measures,
    telling_measures,
)
from activities.models import Activity, Attendance, SchemeAction, Session
from children.models import Child
from records.measures import FIGURE, GAP, IN_PERIOD, Breakdown, Period, measure

BY_KIND = Breakdown(_("by kind"), dict(Activity.Kind.choices), lambda period: F("activity__kind"))


DAY = dt.timedelta(days=1)
DAYS_TO_LOOK_BACK = 120 * DAY


def _to_do_page():
    return reverse("activities:todo")


@measure(
    _("Activity sessions held"),
    definition=_("Sessions whose day lies in the period and has come. Cancelled sessions do not count."),
    kind=FIGURE,
    breakdowns={"kind": BY_KIND},
    hides_small=False,
    when=IN_PERIOD,
)
def sessions_held(scope, period):
    return Session.objects.within(scope).held_in(period)


@measure(
    _("Sessions held and recorded"),
    definition=_(
        "Sessions held in the period with a written record, and with the roll called or the people who came counted."
    ),
    kind=FIGURE,
    hides_small=False,
    when=IN_PERIOD,
)
def sessions_recorded(scope, period):
    return Session.objects.within(scope).held_in(period).recorded()


@measure(
    _("Children reached by activities"),
    definition=_("Children who were marked present at one session at least held in the period. A child counts once."),
    kind=FIGURE,
    when=IN_PERIOD,
)
def children_reached(scope, period):
    there = Attendance.objects.filter(child=OuterRef("pk")).present_in(period)
    return Child.objects.within(scope).filter(Exists(there))


@measure(
    _("Attendances of children"),
    definition=_("Marks “present” at sessions held in the period: a child who came three times counts three times."),
    kind=FIGURE,
    when=IN_PERIOD,
)
def attendances(scope, period):
    return Attendance.objects.within(scope).present_in(period)


@measure(
    _("Parent school sessions"),
    definition=_("Sessions of the parent school held in the period."),
    kind=FIGURE,
    hides_small=False,
    when=IN_PERIOD,
)
def parent_school_sessions(scope, period):
    return Session.objects.within(scope).held_in(period).filter(activity__kind=Activity.Kind.PARENT_SCHOOL)


@measure(
    _("Law and safety classes"),
    definition=_("Sessions of law and of safety classes held in the period."),
    kind=FIGURE,
    hides_small=False,
    belongs_to="law",
    when=IN_PERIOD,
)
def law_or_safety_classes(scope, period):
    kinds = [Activity.Kind.LAW, Activity.Kind.SAFETY]
    return Session.objects.within(scope).held_in(period).filter(activity__kind__in=kinds)


@measure(
    _("Club sessions"),
    definition=_("Sessions of Love Paradise clubs held in the period."),
    kind=FIGURE,
    hides_small=False,
    when=IN_PERIOD,
)
def club_sessions(scope, period):
    return Session.objects.within(scope).held_in(period).filter(activity__kind=Activity.Kind.CLUB)


@measure(
    _("Sessions without a roll call"),
    definition=_(
        "Sessions for children held in the 120 days up to the end of the period, the last day included, "
        "at which no child has been marked."
    ),
    kind=GAP,
    act=_("Call the roll"),
    page=_to_do_page,
    needs="activities.change_session",
    hides_small=False,
)
def sessions_without_roll_call(scope, period):
    return Session.objects.within(scope).held_in(_up_to(period.end)).for_children().without_marks()


@measure(
    _("Sessions without a record"),
    definition=_(
        "Sessions held in the 120 days before the last day of the period for which nobody has written down "
        "what was done."
    ),
    kind=GAP,
    act=_("Write the record"),
    page=_to_do_page,
    needs="activities.change_session",
    hides_small=False,
)
def sessions_without_record(scope, period):
    last = min(period.end, timezone.localdate())  # who held a session today writes tonight
    return Session.objects.within(scope).held_in(_up_to(last - DAY)).filter(record="")


@measure(
    _("Actions of schemes past their day"),
    definition=_(
        "Actions of a scheme that were to be held before the end of the period and have no activity, or one that is "
        "cancelled, as a whole or day by day."
    ),
    kind=GAP,
    version=2,
    earlier={1: _("Actions of a scheme that were to be held before the end of the period and have no activity.")},
    act=_("Plan the activity"),
    page=lambda: reverse("activities:schemes"),
    needs="activities.change_schemeaction",
    hides_small=False,
)
def scheme_actions_overdue(scope, period):
    return SchemeAction.objects.within(scope).overdue_on(period.end)


def _up_to(day):
    return Period(day - DAYS_TO_LOOK_BACK, day)
