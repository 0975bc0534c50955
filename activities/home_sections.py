"""What a Home's page, and the page of its evaluation, show of the activities held there: numbers, never a name."""

import datetime as dt

from django.db.models import Count
from django.utils import timezone

from activities.models import Attendance, Session
from communities.places import may_at
from homes.sections import home_section
from records.measures import Period

DAY, YEAR = dt.timedelta(days=1), dt.timedelta(days=365)
DAYS_SHOWN = 5


def _use(home, until):
    """How the Home was used in the year up to a day; marks stay counted when a child's file goes elsewhere."""
    year = Period(until - YEAR + DAY, until)
    present = Attendance.objects.filter(session__home=home).present_in(year).order_by()
    came = present.aggregate(marks=Count("pk"), children=Count("child", distinct=True))
    return {"held": Session.objects.filter(home=home).held_in(year).count(), **came}


@home_section(order=5)
def activities_here(request, home):
    """The next days, and what the year behind us came to."""
    user, today = request.user, timezone.localdate()
    if not may_at(user, "view", Session, home.community_id):
        return None
    ahead = Session.objects.filter(home=home, day__gte=today).not_cancelled().select_related("activity", "home")
    return "activities/home_section.html", {"ahead": ahead[:DAYS_SHOWN], "use": _use(home, today)}


@home_section(order=5, of="evaluation")
def use_of_the_home(request, evaluation):
    """What an evaluator reads of the Home's use beside its score."""
    if not may_at(request.user, "view", Session, evaluation.community_id):
        return None
    return "activities/home_use.html", {"home": evaluation.home, "use": _use(evaluation.home, timezone.localdate())}
