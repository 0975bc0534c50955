"""What goes on: the list, and what is to be done after sessions."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone

from activities.filters import ActivityFilter
from activities.helper_measures import sessions_led_uncleared
from activities.home_measures import sessions_at_closed_home
from activities.measures import (
    DAYS_TO_LOOK_BACK,
    sessions_without_record,
    sessions_without_roll_call,
)
from activities.models import Activity, Session, Told
from activities.telling_measures import changes_not_told
from communities.places import with_may
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
    now = Session.objects.visible_to(request.user).not_cancelled().filter(day=today)
    by_day = _to_do(request.user)["roll"].order_by("-day")  # the order of an index: a count that stops early is cheap
    context = {
        "page": _page(rows, request, today),
        "past": past,
        "coming": not past,
        "filter": found,
        "today": now.with_roll_figures().select_related("activity", "home").order_by("starts_at", "pk")[:6],
        "todo": by_day[: COUNTED_AT_MOST + 1].count(),
        "counted": COUNTED_AT_MOST,
        "may_plan": request.user.has_perm("activities.add_activity"),
        "several": found.several,
    }
    return render(request, "activities/list.html", context)


def _page(rows, request, today):
    """The keys of one page first: names and figures are looked up for those alone."""
    page = Paginator(rows.values_list("pk", flat=True), ACTIVITIES_ON_A_PAGE).get_page(request.GET.get("page"))
    keys = list(page.object_list)
    shown = Activity.objects.with_figures(today).select_related("community", "home", "leader", "helper").in_bulk(keys)
    page.object_list = [shown[key] for key in keys if key in shown]
    return page


def todo(request):
    """Sessions held lately that lack their roll call or their record."""
    rows = _to_do(request.user)
    shown = ["activity", "community", "home"]
    led = rows["lead"].select_related(*shown, "activity__helper").order_by("day", "pk")
    closed = rows["closed"].select_related(*shown).order_by("day", "starts_at", "pk")
    tell = rows["tell"].select_related("home").order_by("starts_on", "pk")[:SESSIONS_ON_A_PAGE]
    roll = rows["roll"].with_roll_figures().select_related(*shown).order_by("-day")[:SESSIONS_ON_A_PAGE]
    record = rows["record"].with_roll_figures().select_related(*shown).order_by("-day")[:SESSIONS_ON_A_PAGE]
    context = {
        "lead": with_may(led[:SESSIONS_ON_A_PAGE], request.user, "change", Activity),
        "closed": with_may(closed[:SESSIONS_ON_A_PAGE], request.user, "change", Session),
        "tell": with_may(tell, request.user, "add", Told),
        "roll": with_may(roll, request.user, "change", Session),
        "record": with_may(record, request.user, "change", Session),
        "days": DAYS_TO_LOOK_BACK.days,
    }
    return render(request, "activities/todo.html", context)


def _to_do(user):
    now, scope = Period.day(timezone.localdate()), Scope.of(*user.codes_for(Session))
    return {
        "lead": sessions_led_uncleared(scope, now),
        "closed": sessions_at_closed_home(scope, now),
        "tell": changes_not_told(scope, now),
        "roll": sessions_without_roll_call(scope, now),
        "record": sessions_without_record(scope, now),
    }
