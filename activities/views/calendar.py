"""The month: a grid of weeks, an agenda on phones."""

import calendar as month_tables
import datetime as dt

from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from activities.filters import CalendarFilter
from activities.models import Session
from activities.month import month_of
from communities.models import ClosedDay

WEEK = dt.timedelta(days=7)
SESSIONS_IN_A_MONTH = 600
SESSIONS_IN_A_CELL = 4


def calendar(request):
    """One month as a grid of weeks, and as an agenda on phones."""
    today = timezone.localdate()
    first, last = month_of(request.GET.get("month"))
    found = CalendarFilter(request.GET, by=request.user)
    sessions = Session.objects.visible_to(request.user).filter(day__range=(first, last))
    sessions = found.narrow_sessions(sessions).select_related("activity").order_by("day", "starts_at", "pk")
    shown = list(sessions[: SESSIONS_IN_A_MONTH + 1])
    days: dict[dt.date, list] = {}
    for session in shown[:SESSIONS_IN_A_MONTH]:
        days.setdefault(session.day, []).append(session)
    closed = closed_days(request.user.codes_for(Session), first - WEEK, last + WEEK)
    context = {
        "first": first,
        "weekdays": [formats.date_format(dt.date(2024, 1, day), "D") for day in range(1, 8)],  # a Monday first
        "weeks": [
            [_cell(day, days.get(day, []), first, closed.get(day, "")) for day in week]
            for week in month_tables.Calendar().monthdatescalendar(first.year, first.month)
        ],
        "agenda": [(day, closed.get(day, ""), rows) for day, rows in sorted(days.items())],
        "previous": first - dt.timedelta(days=1),
        "next": last + dt.timedelta(days=1),
        "today": today,
        "too_many": len(shown) > SESSIONS_IN_A_MONTH,
        "filter": found,
        "poster_of": found.one_community,
        "may_plan": request.user.has_perm("activities.add_activity"),
    }
    return render(request, "activities/calendar.html", context)


def closed_days(codes, first, last):
    """Names of the closed days between two days, in the district in which somebody works."""
    rows = ClosedDay.objects.filter(district__in={code[:6] for code in codes}, day__range=(first, last))
    return dict(rows.filter(is_worked=False).values_list("day", "name"))


def _cell(day, sessions, first, closed):
    is_today = day == timezone.localdate()
    return {
        "sessions": sessions[:SESSIONS_IN_A_CELL],
        "more": max(0, len(sessions) - SESSIONS_IN_A_CELL),
        "closed": closed,
        "is_today": is_today,
        "is_outside": day.month != first.month,
        "name": _("%(day)s, today") % {"day": day.day} if is_today else day.day,
    }
