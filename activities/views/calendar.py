"""The month as a grid of weeks, which phones show day below day; and one day whole."""

import calendar as month_tables
import datetime as dt

from django.core.paginator import Paginator
from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from activities.filters import CalendarFilter
from activities.models import Session
from activities.month import YEARS_AROUND, month_of
from communities.models import ClosedDay
from records.days import clean_day

WEEK, DAY = dt.timedelta(days=7), dt.timedelta(days=1)
SESSIONS_IN_A_CELL = 4  # the day's own page has them all
SESSIONS_ON_A_PAGE = 50


@require_safe
def calendar(request):
    today = timezone.localdate()
    first, last = month_of(request.GET.get("month"))
    found = CalendarFilter(request.GET, by=request.user)
    sessions = Session.objects.visible_to(request.user).filter(day__range=(first, last))
    days = _by_day(found.narrow_sessions(sessions))
    closed = closed_days(request.user.codes_for(Session), first - WEEK, last + WEEK)
    context = {
        "first": first,
        "weekdays": [formats.date_format(dt.date(2024, 1, day), "D") for day in range(1, 8)],  # a Monday first
        "weeks": [
            [_cell(day, days.get(day, []), first, closed.get(day, "")) for day in week]
            for week in month_tables.Calendar().monthdatescalendar(first.year, first.month)
        ],
        "is_empty": not days,
        "previous": first - DAY,
        "next": last + DAY,
        "today": today,
        "filter": found,
        "poster_of": found.one_community,
        "may_plan": request.user.has_perm("activities.add_activity"),
    }
    return render(request, "activities/calendar.html", context)


@require_safe
def day(request):
    """Every session of one day."""
    shown = clean_day(request.GET.get("day"), YEARS_AROUND) or timezone.localdate()
    found = CalendarFilter(request.GET, by=request.user)
    sessions = found.narrow_sessions(Session.objects.visible_to(request.user).filter(day=shown))
    keys = sessions.order_by("starts_at", "pk").values_list("pk", flat=True)
    page = Paginator(keys, SESSIONS_ON_A_PAGE).get_page(request.GET.get("page"))
    rows = Session.objects.select_related("activity", "home", "community").in_bulk(list(page.object_list))
    page.object_list = [rows[key] for key in page.object_list if key in rows]
    context = {
        "day": shown,
        "closed": closed_days(request.user.codes_for(Session), shown, shown).get(shown, ""),
        "month_url": f"{reverse('activities:calendar')}?month={shown:%Y-%m}{found.address}",
        "page": page,
        "previous": shown - DAY,
        "next": shown + DAY,
        "filter": found,
    }
    return render(request, "activities/day.html", context)


def _by_day(sessions):
    """{day: its first sessions}, each with `in_day`, how many that day has."""
    in_day = dict(sessions.order_by("day").values_list("day").annotate(Count("pk")))
    turn = Window(RowNumber(), partition_by=F("day"), order_by=["starts_at", "pk"])
    first = sessions.order_by().annotate(turn=turn).filter(turn__lte=SESSIONS_IN_A_CELL).values_list("pk", flat=True)
    days: dict[dt.date, list] = {}
    for session in Session.objects.filter(pk__in=list(first)).prefetch_related("activity", "home"):
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
        "day": day,
        "sessions": sessions,
        "more": sessions[0].in_day - len(sessions) if sessions else 0,
        "closed": closed,
        "is_today": is_today,
        "is_outside": day.month != first.month,
        "name": _("%(day)s, today") % {"day": day.day} if is_today else day.day,
    }
