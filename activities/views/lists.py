"""What goes on: the list, what is to be done after sessions, and the month."""

import calendar as month_tables
import datetime as dt

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from activities.filters import ActivityFilter
from activities.measures import DAYS_TO_LOOK_BACK, sessions_without_record, sessions_without_roll_call
from activities.models import Activity, Session
from records.days import clean_day
from records.measures import Period
from records.scoping import Scope

ACTIVITIES_ON_A_PAGE = 20
SESSIONS_ON_A_PAGE = 50
SESSIONS_IN_A_MONTH = 600
SESSIONS_IN_A_CELL = 4
YEARS_AROUND = 20


def activity_list(request):
    today = timezone.localdate()
    past = request.GET.get("when") == "past"
    rows = Activity.objects.visible_to(request.user)
    rows = rows.past(today) if past else rows.coming(today)
    found = ActivityFilter(request.GET, by=request.user)
    rows = found.narrow(rows).order_by("-ends_on" if past else "starts_on", "pk")
    rows = rows.with_figures(today).select_related("community", "leader", "helper")
    now = Session.objects.visible_to(request.user).not_cancelled().filter(day=today)
    context = {
        "page": Paginator(rows, ACTIVITIES_ON_A_PAGE).get_page(request.GET.get("page")),
        "past": past,
        "coming": not past,
        "filter": found,
        "today": now.with_roll_figures().select_related("activity").order_by("starts_at", "pk")[:6],
        "todo": _to_do(request.user)["roll"].count(),
        "may_plan": request.user.has_perm("activities.add_activity"),
        "several": found.several,
    }
    return render(request, "activities/list.html", context)


def todo(request):
    """Sessions held lately that lack their roll call or their record."""
    rows = _to_do(request.user)
    shown = ["activity", "community"]
    context = {
        "roll": rows["roll"].with_roll_figures().select_related(*shown).order_by("-day")[:SESSIONS_ON_A_PAGE],
        "record": rows["record"].with_roll_figures().select_related(*shown).order_by("-day")[:SESSIONS_ON_A_PAGE],
        "days": DAYS_TO_LOOK_BACK.days,
        "may_change": request.user.has_perm("activities.change_session"),
    }
    return render(request, "activities/todo.html", context)


def _to_do(user):
    now, scope = Period.day(timezone.localdate()), Scope.of(*user.codes_for(Session))
    return {"roll": sessions_without_roll_call(scope, now), "record": sessions_without_record(scope, now)}


def calendar(request):
    """One month as a grid of weeks, and as an agenda on phones."""
    today = timezone.localdate()
    first = _month_of(request.GET.get("month"), today)
    last = first.replace(day=month_tables.monthrange(first.year, first.month)[1])
    found = ActivityFilter(request.GET, by=request.user)
    sessions = Session.objects.visible_to(request.user).filter(day__range=(first, last))
    sessions = found.narrow_sessions(sessions).select_related("activity").order_by("day", "starts_at", "pk")
    shown = list(sessions[: SESSIONS_IN_A_MONTH + 1])
    days: dict[dt.date, list] = {}
    for session in shown[:SESSIONS_IN_A_MONTH]:
        days.setdefault(session.day, []).append(session)
    context = {
        "first": first,
        "weekdays": [formats.date_format(dt.date(2024, 1, day), "D") for day in range(1, 8)],  # a Monday first
        "weeks": [
            [_cell(day, days.get(day, []), first, today) for day in week]
            for week in month_tables.Calendar().monthdatescalendar(first.year, first.month)
        ],
        "agenda": sorted(days.items()),
        "previous": first - dt.timedelta(days=1),
        "next": last + dt.timedelta(days=1),
        "today": today,
        "too_many": len(shown) > SESSIONS_IN_A_MONTH,
        "filter": found,
        "may_plan": request.user.has_perm("activities.add_activity"),
    }
    return render(request, "activities/calendar.html", context)


def _cell(day, sessions, first, today):
    return {
        "day": day,
        "sessions": sessions[:SESSIONS_IN_A_CELL],
        "more": len(sessions) - SESSIONS_IN_A_CELL if len(sessions) > SESSIONS_IN_A_CELL else 0,
        "is_today": day == today,
        "is_outside": day.month != first.month,
        "name": _("%(day)s, today") % {"day": day.day} if day == today else day.day,
    }


def _month_of(text, today):
    """The first day of the month asked for, "2026-11"; of this month when that is no month near us."""
    return clean_day(f"{text}-01", YEARS_AROUND) or today.replace(day=1)
