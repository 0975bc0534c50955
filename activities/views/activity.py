"""One activity: shown, changed, ended; its children enrolled."""

import datetime as dt

from django.contrib import messages
from django.db import transaction
from django.db.models import Prefetch, prefetch_related_objects
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from activities.candidates import candidates, fitting_no_club
from activities.clashes import busy_children, busy_helper
from activities.forms import ActivityForm, ReasonForm
from activities.models import Activity, Attendance, Enrolment, HandoutSheet, Told, Waiting
from activities.models.material import left_over
from activities.telling import new_places, with_somebody_to_tell
from activities.views.helping import helpers_of
from children.consenting import without_consent
from children.models import Adult, Child, Consent, JoinedAdult, Kinship
from communities.places import may_at
from records.acting import act_once
from records.lifecycle import Refused, refusals_shown
from records.policy import visible_or_404
from records.privacy import FAMILY
from records.text import clean_key
from records.trail import log_act
from records.wording import listed

ASKED_AT_MOST = 50


def activity(request, pk):
    shown = visible_or_404(
        Activity.objects.select_related("community", "home", "leader", "helper", "scheme_action__scheme"),
        request.user,
        pk=pk,
    )
    today = timezone.localdate()
    places = Enrolment.objects.visible_to(request.user).filter(activity=shown).with_asker().select_related("child")
    sessions = list(shown.sessions.with_roll_figures().select_related("home"))
    got = new_places(shown, request.user)
    context = {
        "activity": shown,
        "sessions": sessions,
        "next": next((s for s in sessions if s.day >= today and not s.is_cancelled), None),
        "enrolled": _with_attendance(shown, places.open().order_by("child__name_pinyin", "pk"), got),
        "gone": _with_attendance(shown, places.exclude(left_on=None).order_by("-left_on", "pk")),
        "waiting": _waiting(request.user, shown),
        "sees_family": request.user.at(shown.community_id).sees(FAMILY),
        "to_ask": _to_ask(request.user, shown) if shown.takes_children and shown.is_open else [],
        "handouts": list(HandoutSheet.objects.visible_to(request.user).filter(activity=shown).select_related("file")),
        "may_add_handout": may_at(request.user, "add", HandoutSheet, shown.community_id),
        "left_over": left_over(shown),
        "helpers": helpers_of(shown, request.user),
        "to_tell": _to_tell(request.user, shown, today),
        "led_uncleared": shown.sessions.led_uncleared(today, dt.date.max).order_by("day").first(),
        "held": sum(s.has_come and not s.is_cancelled for s in sessions),
        "may_change": _may_change(request.user, shown),
        "today": today,
    }
    return render(request, "activities/activity.html", context)


def _to_tell(user, shown, today):
    """Whether somebody who may tell is to be sent to the list."""
    of_this = Activity.objects.visible_to(user, "change").filter(pk=shown.pk)
    return may_at(user, "add", Told, shown.community_id) and with_somebody_to_tell(of_this, today).exists()


def _to_ask(user, shown):
    """Children with a place whose family has not agreed to photos."""
    placed = Child.objects.visible_to(user).filter(pk__in=shown.enrolments.open().values("child"))
    return list(without_consent(placed, Consent.Purpose.PHOTO).order_by("name_pinyin", "pk")[:ASKED_AT_MOST])


def _waiting(user, shown):
    rows = Waiting.objects.visible_to(user).filter(activity=shown).open()
    return list(rows.with_asker().select_related("child"))


def _with_attendance(shown, places, got=None):
    """The places, each with `times_present`: how often this child came to this activity; and `got_on`, the day on which
    the waiting list gave it where the family is to be told."""
    marks = Attendance.objects.present().filter(session__activity=shown).values_list("child", flat=True)
    times: dict[int, int] = {}
    for child in marks:
        times[child] = times.get(child, 0) + 1
    rows = list(places)
    for place in rows:
        place.times_present = times.get(place.child_id, 0)
        place.got_on = (got or {}).get(place.child_id)
    return rows


def _may_change(user, row):
    return type(row).objects.visible_to(user, "change").filter(pk=row.pk).exists()


def change(request, pk):
    changed = visible_or_404(Activity.objects.select_related("home"), request.user, "change", pk=pk)
    if not changed.is_open:
        messages.error(request, _("This activity is over or cancelled."))
        return redirect(changed)
    form = ActivityForm(request.POST or None, instance=changed, by=request.user)
    context = {"form": form, "activity": changed}
    if request.method == "POST" and form.is_valid() and not _is_busy(request, form, context):
        try:
            given, days = _changed(form, request.user)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            if days:
                words = ngettext(
                    "%(n)s day ahead is held there too. Tell those concerned.",
                    "%(n)s days ahead are held there too. Tell those concerned.",
                    days,
                )
                messages.info(request, words % {"n": days})
            _say_who_moved_up(request, given)
            return redirect(changed)
    return render(request, "activities/change.html", context)


@transaction.atomic
def _changed(form, user):
    """Save what was typed: (places given to who waited, how many days ahead went to another venue)."""
    was = Activity.objects.get(pk=form.instance.pk)
    saved = form.save()
    days = 0 if was.shares_venue_with(saved) else saved.take_days_along(was, by=user)
    log_act(user, "changed", saved, fields=[name for name in form.changed_data if name != "seen_version"])
    return saved.move_up(by=user), days


def _is_busy(request, form, context):
    """Whether the helper who is to lead has something else at the time of a day ahead, and it was not shown yet."""
    helper = form.cleaned_data["helper"]
    if helper is None or "helper" not in form.changed_data:
        return False
    other = busy_helper(form.instance, helper, since=timezone.localdate())
    if other is None:
        return False
    facts = {"name": helper.name, "activity": other.activity.title, "when": other.when_and_where}
    words = _("%(name)s leads or helps at “%(activity)s” at the same time: %(when)s.") % facts
    context["clashes"] = [words]
    return request.POST.get("seen") != words


@require_POST
def finish(request, pk):
    finished = visible_or_404(Activity.objects.all(), request.user, "change", pk=pk)
    with refusals_shown(request):
        finished.finish(by=request.user)
    return redirect(finished)


def cancel(request, pk):
    cancelled = visible_or_404(Activity.objects.all(), request.user, "change", pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_shown(request):
            cancelled.cancel(reason=form.cleaned_data["reason"], by=request.user)
        return redirect(cancelled)
    context = {
        "form": form,
        "title": _("Cancel the activity"),
        "what": cancelled.title,
        "back": cancelled.get_absolute_url(),
    }
    return render(request, "activities/cancel.html", context)


def enrol(request, pk):
    """Find children of the community and give them places; each press is one act and may be repeated."""
    parent = visible_or_404(Activity.objects.all(), request.user, "change", pk=pk)
    if request.method == "POST":
        child = visible_or_404(Child.objects.all(), request.user, pk=request.POST.get("child"))
        with refusals_shown(request):
            asked_by = _asked_by(request)
            if "wait" in request.POST:
                given = parent.wait_for_place(child, by=request.user, asked_by=asked_by)
            else:
                given = parent.enrol(child, by=request.user, asked_by=asked_by)
            is_waiting = isinstance(given, Waiting)
            said = _("%(name)s is on the waiting list.") if is_waiting else _("%(name)s has a place.")
            messages.success(request, said % {"name": child.name})
        return redirect(request.get_full_path())
    text, found = candidates(request, parent)
    if request.user.at(parent.community_id).sees(FAMILY):
        _with_family(found)
    waiting = set(parent.waitings.open().values_list("child", flat=True))
    busy = busy_children(parent, found, since=timezone.localdate())
    here = Child.objects.filter(pk__in=[child.pk for child in found])
    to_ask = set(without_consent(here, Consent.Purpose.PHOTO).values_list("pk", flat=True))
    taken = parent.enrolments.open().count()
    context = {
        "activity": parent,
        "found": [(child, busy.get(child.pk), child.pk in waiting, child.pk in to_ask) for child in found],
        "text": text,
        "taken": taken,
        "is_full": parent.capacity is not None and taken >= parent.capacity,
        "fitting": [] if text else fitting_no_club(request.user, parent),
    }
    return render(request, "activities/enrol.html", context)


def _asked_by(request):
    """The adult whom the form names; nobody where it is left open."""
    if not (typed := request.POST.get("asked_by")):
        return None
    key = JoinedAdult.key_today(clean_key(typed))
    adult = Adult.objects.visible_to(request.user).filter(pk=key).first()
    if adult is None:
        raise Refused(_("This adult is not in the child's family."))
    return adult


def _with_family(children):
    """Each child gets its `family`: kinships with their adults, who looks after it first."""
    rows = Kinship.objects.select_related("adult").order_by("-is_caregiver", "pk")
    rows = rows.defer("adult__phone", "adult__phone_alt", "adult__id_number")
    prefetch_related_objects(children, Prefetch("kinships", rows, to_attr="family"))


@require_POST
def enrol_several(request, pk):
    """Children whose hobby fits a club, chosen from the suggestion, in one act."""
    parent = visible_or_404(Activity.objects.all(), request.user, "change", pk=pk)
    keys = [key for text in request.POST.getlist("child") if (key := clean_key(text))]
    chosen = list(Child.objects.visible_to(request.user).filter(pk__in=keys).order_by("pk"))

    def do(_data):
        parent.enrol_several(chosen, by=request.user)

    return act_once(request, do, to=parent, said=_("The chosen children have a place."))


@require_POST
def leave(request, pk):
    place = visible_or_404(Enrolment.objects.select_related("activity", "child"), request.user, "change", pk=pk)
    with refusals_shown(request):
        given = place.leave(by=request.user)
        messages.success(request, _("%(name)s has left; past attendance stays.") % {"name": place.child.name})
        _say_who_moved_up(request, given)
    return redirect(place.activity)


def _say_who_moved_up(request, places):
    if names := listed(place.child.name for place in places):
        words = _("From the waiting list, these have a place now: %(names)s. Tell their families.")
        messages.info(request, words % {"names": names})


@require_POST
def waiting_off(request, pk):
    waits = visible_or_404(Waiting.objects.select_related("activity", "child"), request.user, "change", pk=pk)
    with refusals_shown(request):
        waits.take_off(by=request.user)
        messages.success(request, _("%(name)s waits no more.") % {"name": waits.child.name})
    return redirect(waits.activity)
