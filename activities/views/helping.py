"""Helpers at an activity, put on and taken off by staff."""

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from activities.clashes import busy_helper
from activities.forms import HelperForm
from activities.models import Activity, HelperPlace
from records.acting import act_once
from records.policy import visible_or_404
from volunteers.models import Volunteer


def helpers_of(activity, user):
    """What the page of an activity shows: who comes, how many are missing, and the form to put somebody on."""
    coming = activity.helper_places.visible_to(user).coming().select_related("volunteer")
    places = list(coming.defer("volunteer__phone", "volunteer__id_number"))
    today = timezone.localdate()
    for place in places:
        helper = place.volunteer
        place.lacks_clearance = not (helper.is_in_service_on(today) and helper.is_cleared_on(today))
    missing = max(0, activity.helpers_needed - len(places))
    return {"places": places, "missing": missing, "form": form_for(activity) if missing else None}


def form_for(activity, typed=None):
    return HelperForm(typed, helpers=_can_come(activity))


def _can_come(activity):
    """Helpers of the community who are cleared today, do not lead it and do not come yet."""
    today = timezone.localdate()
    helpers = Volunteer.objects.filter(community=activity.community_id).ready_on(today)
    there = activity.helper_places.coming().values("volunteer")
    helpers = helpers.exclude(pk__in=there).exclude(pk=activity.helper_id)
    return helpers.defer("phone", "id_number").order_by("name", "pk")


@require_POST
def put_on(request, pk):
    parent = visible_or_404(Activity.objects.all(), request.user, "change", pk=pk)
    form = form_for(parent, request.POST)

    def act(_data):
        if not form.is_valid():
            messages.error(request, _("Choose a helper."))
            return
        helper = form.cleaned_data["helper"]
        parent.take_helper(helper, by=request.user)
        messages.success(request, _("%(name)s comes to help.") % {"name": helper.name})
        if other := busy_helper(parent, helper, since=timezone.localdate()):
            facts = {"name": helper.name, "activity": other.activity.title, "when": other.when_and_where}
            messages.warning(
                request, _("%(name)s leads or helps at “%(activity)s” at the same time: %(when)s.") % facts
            )

    return act_once(request, act, to=parent)


@require_POST
def take_off(request, pk):
    rows = HelperPlace.objects.select_related("activity", "volunteer")
    place = visible_or_404(rows.defer("volunteer__phone", "volunteer__id_number"), request.user, "change", pk=pk)
    said = _("%(name)s is no longer among the helpers.") % {"name": place.volunteer.name}
    return act_once(request, lambda _data: place.take_off(by=request.user), to=place.activity, said=said)
