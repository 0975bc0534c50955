"""What is counted of activities held at the Children's Homes, told by the Home that a session names."""

import datetime as dt

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from activities.models import Attendance, Session
from children.models import Child
from homes.models import Closure
from records.measures import FIGURE, GAP, IN_PERIOD, measure

LOOK_AHEAD = dt.timedelta(days=60)


@measure(
    _("Activity sessions held at the Home"),
    definition=_(
        "Sessions held at a Children's Home, whose day lies in the period and has come. Cancelled ones do not count."
    ),
    kind=FIGURE,
    hides_small=False,
    when=IN_PERIOD,
)
def sessions_at_home(scope, period):
    return Session.objects.within(scope).held_in(period).exclude(home=None)


@measure(
    _("Children who came to activities at the Home"),
    definition=_(
        "Children who were marked present at one session at least that was held at a Children's Home in the period. "
        "A child counts once."
    ),
    kind=FIGURE,
    when=IN_PERIOD,
)
def children_at_home_sessions(scope, period):
    there = Attendance.objects.filter(child=OuterRef("pk"), session__home__isnull=False).present_in(period)
    return Child.objects.within(scope).filter(Exists(there))


@measure(
    _("Sessions on days on which the Home is closed"),
    definition=_(
        "Sessions of the 60 days from the end of the period on that are to be held at a Home which is noted as closed "
        "on that day."
    ),
    kind=GAP,
    urgency=2,
    act=_("Move or cancel them"),
    page=lambda: f"{reverse('activities:todo')}#closed",
    needs="activities.change_session",
    hides_small=False,
    belongs_to="home",
)
def sessions_at_closed_home(scope, period):
    closed = Closure.objects.standing().filter(
        home=OuterRef("home"), first_day__lte=OuterRef("day"), last_day__gte=OuterRef("day")
    )
    ahead = Session.objects.within(scope).not_cancelled().filter(day__range=(period.end, period.end + LOOK_AHEAD))
    return ahead.filter(Exists(closed), home__isnull=False)
