"""The month: a grid of weeks, an agenda on phones."""

import calendar as month_tables
import datetime as dt

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from activities.filters import CalendarFilter
from activities.models import Session
from activities.month import month_of
from communities.models import ClosedDay

WEEK = dt.timedelta(days=7)
SESSIONS_IN_A_CELL = 4
# Of each day, so that no day stands empty because those before it are full.
SESSIONS_OF_A_DAY, SESSIONS_OF_A_DAY_IN_SEVERAL_PLACES = 20, 10


def calendar(request):
    """One month as a grid of weeks, and as an agenda on phones."""
    today = timezone.localdate()
    first, last = month_of(request.GET.get("month"))
    found = CalendarFilter(request.GET, by=request.user)
    sessions = Session.objects.visible_to(request.user).filter(day__range=(first, last))
    at_most = SESSIONS_OF_A_DAY if found.one_community else SESSIONS_OF_A_DAY_IN_SEVERAL_PLACES
    days = _by_day(found.narrow_sessions(sessions), at_most)
    closed = closed_days(request.user.codes_for(Session), first - WEEK, last + WEEK)
    context = {
        "first": first,
        "weekdays": [formats.date_format(dt.date(2024, 1, day), "D") for day in range(1, 8)],  # a Monday first
        "weeks": [
            [_cell(day, days.get(day, []), first, closed.get(day, "")) for day in week]
            for week in month_tables.Calendar().monthdatescalendar(first.year, first.month)
        ],
        "agenda": [(day, closed.get(day, ""), rows, rows[0].in_day - len(rows)) for day, rows in days.items()],
        "previous": first - dt.timedelta(days=1),
        "next": last + dt.timedelta(days=1),
        "today": today,
        "too_many": any(rows[0].in_day > len(rows) for rows in days.values()),
        "filter": found,
        "poster_of": found.one_community,
        "may_plan": request.user.has_perm("activities.add_activity"),
    }
    return render(request, "activities/calendar.html", context)


def _by_day(sessions, at_most):
    """{day: its first sessions}, each with `in_day`, how many that day has."""
    in_day = dict(sessions.order_by("day").values_list("day").annotate(Count("pk")))
    turn = Window(RowNumber(), partition_by=F("day"), order_by=["starts_at", "pk"])
    first = list(sessions.order_by().annotate(turn=turn).filter(turn__lte=at_most).values_list("pk", flat=True))
    days: dict[dt.date, list] = {}
    for session in Session.objects.filter(pk__in=first).prefetch_related("activity", "home"):
        session.in_day = in_day[session.day]
        days.setdefault(session.day, []).append(session)
    return days


def closed_days(codes, first, last):
    """Names of the closed days between two days, in the district in which somebody works."""
    rows = ClosedDay.objects.filter(district__in={code[:6] for code in codes}, day__range=(first, last))
    return dict(rows.filter(is_worked=False).values_list("day", "name"))


def _cell(day, sessions, first, closed):
    is_today = day == timezone.localdate()
    return {
        "sessions": sessions[:SESSIONS_IN_A_CELL],
        "more": sessions[0].in_day - len(sessions[:SESSIONS_IN_A_CELL]) if sessions else 0,
        "closed": closed,
        "is_today": is_today,
        "is_outside": day.month != first.month,
        "name": _("%(day)s, today") % {"day": day.day} if is_today else day.day,
    }
