"""What goes on: the list, and what is to be done after sessions."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone

from activities.filters import ActivityFilter
from activities.measures import (
    DAYS_TO_LOOK_BACK,
    sessions_without_record,
    sessions_without_roll_call,
)
from activities.models import Activity, Session
from activities.telling_measures import changes_not_told
from records.measures import Period
from records.scoping import Scope

ACTIVITIES_ON_A_PAGE = 20
SESSIONS_ON_A_PAGE = 50
COUNTED_AT_MOST = 99  # of what is still to do; how much more there is changes nothing


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
        "todo": _to_do(request.user)["roll"].order_by()[: COUNTED_AT_MOST + 1].count(),
        "counted": COUNTED_AT_MOST,
        "may_plan": request.user.has_perm("activities.add_activity"),
        "several": found.several,
    }
    return render(request, "activities/list.html", context)


def todo(request):
    """Sessions held lately that lack their roll call or their record."""
    rows = _to_do(request.user)
    shown = ["activity", "community"]
    context = {
        "tell": rows["tell"].order_by("starts_on", "pk")[:SESSIONS_ON_A_PAGE],
        "may_tell": request.user.has_perm("activities.add_told"),
        "roll": rows["roll"].with_roll_figures().select_related(*shown).order_by("-day")[:SESSIONS_ON_A_PAGE],
        "record": rows["record"].with_roll_figures().select_related(*shown).order_by("-day")[:SESSIONS_ON_A_PAGE],
        "days": DAYS_TO_LOOK_BACK.days,
        "may_change": request.user.has_perm("activities.change_session"),
    }
    return render(request, "activities/todo.html", context)


def _to_do(user):
    now, scope = Period.day(timezone.localdate()), Scope.of(*user.codes_for(Session))
    return {
        "tell": changes_not_told(scope, now),
        "roll": sessions_without_roll_call(scope, now),
        "record": sessions_without_record(scope, now),
    }
