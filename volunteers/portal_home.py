"""The portal's page of a helper's duties at the Children's Home. No child's data."""

import datetime as dt

from django.db.models import Prefetch
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from records.acting import act_once
from records.policy import NotVisible
from volunteers import home_roster
from volunteers.home_forms import CannotForm
from volunteers.models import HomeDay, HomeDuty
from volunteers.standing import volunteer_required

DONE_SHOWN = 20
RECENT = dt.timedelta(days=1)


def _mine(helper):
    rows = HomeDuty.objects.filter(volunteer=helper).select_related("slot__home", "volunteer", "team")
    return rows.defer("volunteer__phone", "volunteer__id_number")


def next_duties(helper):
    """What is before a helper, the nearest first."""
    return _mine(helper).standing().filter(day__gte=timezone.localdate()).order_by("day", "slot__starts_at", "pk")


@require_safe
@volunteer_required
def home(request):
    helper = request.volunteer
    others = HomeDuty.objects.standing().exclude(volunteer=helper).select_related("volunteer")
    others = others.defer("volunteer__phone", "volunteer__id_number").order_by("pk")
    coming = list(next_duties(helper).prefetch_related(Prefetch("slot__duties", others, to_attr="others")))
    done = _mine(helper).filter(status__in=["came", "absent"], day__lt=timezone.localdate())
    context = {
        "coming": coming,
        "free": home_roster.free_places(helper),
        "done": done.order_by("-day", "-pk")[:DONE_SHOWN],
        "today": timezone.localdate(),
        "cannot_form": CannotForm(),
    }
    return render(request, "portal/home.html", context)


def _own_duty(request, pk):
    found = _mine(request.volunteer).filter(pk=pk).first()
    if found is None:
        raise NotVisible(HomeDuty, pk)
    return found


def _acted(request, act, said):
    return act_once(request, lambda _data: act(), to="portal:home", said=said)


@require_POST
@volunteer_required
def cannot(request, pk):
    duty, form = _own_duty(request, pk), CannotForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    said = _("Thank you for saying so in time. The office and the other helpers see that somebody is needed.")
    return _acted(request, lambda: duty.say_cannot(reason=reason, by=request.user), said)


@require_POST
@volunteer_required
def check_in(request, pk):
    duty = _own_duty(request, pk)
    return _acted(request, lambda: duty.check_in(by=request.user), _("Good that you are here."))


@require_POST
@volunteer_required
def check_out(request, pk):
    duty = _own_duty(request, pk)
    return _acted(request, lambda: duty.check_out(by=request.user), _("Thank you. Your hours are on file."))


@require_POST
@volunteer_required
def take(request, pk):
    slots = HomeDay.objects.filter(community=request.volunteer.community_id, day__gte=timezone.localdate(), pk=pk)
    slot = slots.first()
    if slot is None:
        raise NotVisible(HomeDay, pk)
    act = lambda: home_roster.take_over(slot, request.volunteer, by=request.user)  # noqa: E731
    return _acted(request, act, _("Thank you. You are on the roster."))
