"""Everybody concerned is told that a day was moved or cancelled, or that the waiting list gave a place."""

from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from activities.models import Activity
from activities.telling import note_places_told, note_told, to_tell
from records.acting import act_once
from records.policy import visible_or_404
from records.trail import log_read


@require_http_methods(["GET", "HEAD", "POST"])
def tell(request, pk):
    rows = Activity.objects.select_related("leader", "helper").defer("helper__phone", "helper__id_number")
    activity = visible_or_404(rows, request.user, "change", pk=pk)
    if request.method == "POST":
        return _noted(request, activity)
    found = to_tell(activity, request.user)
    concerned = [*found.people, *found.places]
    log_read(request.user, {one.person for one in concerned if one.who == "child"}, page="activities:tell")
    ahead = activity.sessions.not_cancelled().filter(day__gte=timezone.localdate()).select_related("home")
    context = {"activity": activity, "list": found, "next": ahead.order_by("day", "starts_at", "pk").first()}
    return render(request, "activities/tell.html", context)


def _noted(request, activity):
    keys, seen = set(request.POST.getlist("person")), request.POST.get("seen", "")

    def act(_data):
        if "places" in request.POST:
            count = note_places_told(activity, keys, by=request.user)
        else:
            count = note_told(activity, keys, seen=seen, by=request.user)
        messages.success(request, ngettext("%(n)s noted as told.", "%(n)s noted as told.", count) % {"n": count})

    return act_once(request, act, to=reverse("activities:tell", args=[activity.pk]))
