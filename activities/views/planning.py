"""When and where: a plan is looked at before it is saved, and so is a session that stands in somebody's way."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from activities.clashes import clashes
from activities.forms import MoveForm, PlanForm, SessionForm
from activities.models import Activity, SchemeAction, Session
from activities.planning import add_session, lay_out, plan_activity
from records import once
from records.acting import act_once
from records.lifecycle import Refused
from records.policy import visible_or_404

SEPARATOR = " | "
AUDIENCES = {
    Activity.Kind.PARENT_SCHOOL: Activity.Audience.CARERS,
    Activity.Kind.FAMILY_DAY: Activity.Audience.FAMILIES,
    Activity.Kind.PUBLICITY: Activity.Audience.PUBLIC,
    Activity.Kind.DONATION: Activity.Audience.PUBLIC,
    Activity.Kind.EXCHANGE: Activity.Audience.HELPERS,
}


def plan(request):
    """The form, then its days with what clashes, then the activity with the days that were left in."""
    form = PlanForm(request.POST or None, by=request.user, initial=_asked_by_scheme(request))
    if request.method != "POST" or not form.is_valid() or "again" in request.POST:
        return render(request, "activities/plan.html", {"form": form})
    laid_out = lay_out(form.instance, form.rule, by=request.user)
    if not laid_out.days:
        form.add_error("first_day", _("No day within two years fits. Look at the terms and closed days."))
        return render(request, "activities/plan.html", {"form": form})
    if "looked" in request.POST and (planned := _save_plan(request, form, laid_out)):
        return planned
    return render(request, "activities/plan_days.html", {"form": form, "laid_out": laid_out, "activity": form.instance})


def _asked_by_scheme(request):
    """What a scheme says already of the activity that is to be planned."""
    key = request.GET.get("action", "")
    if request.method == "POST" or not key:
        return {}
    action = visible_or_404(SchemeAction.objects.select_related("scheme"), request.user, "change", pk=key)
    facts = {name: getattr(action, name) for name in ("title", "kind", "theme")}
    facts |= {"first_day": action.due_on, "action": action.pk}
    venue = {"home": action.scheme.home_id, "venue": action.scheme.venue}
    return {**facts, **venue, "place": action.community_id, "audience": AUDIENCES.get(action.kind)}


def _save_plan(request, form, laid_out):
    days = _chosen(request, laid_out)
    if days is None:
        return messages.error(request, _("The days have changed meanwhile. Look at them again."))
    with once.claim(request) as claim:
        if claim.repeated:
            return None if claim.missing else redirect(claim.result_url)
        try:
            with transaction.atomic():
                planned = plan_activity(form.save(commit=False), form.rule, by=request.user, days=days)
                if action := form.cleaned_data["action"]:
                    action.schedule(planned, by=request.user)
        except Refused as refusal:
            form.instance.pk, form.instance._state.adding = None, True
            return messages.error(request, refusal.message)
        claim.result_url = planned.get_absolute_url()
        messages.success(request, _("Planned."))
        return redirect(planned)


def _chosen(request, laid_out):
    """The ticked days; None when one of them is not, or no longer, a day of the plan."""
    try:
        days = {parse_date(text) for text in request.POST.getlist("days")}
    except ValueError:
        return None
    return days if days <= set(laid_out.days) else None


def session_new(request, pk):
    parent = visible_or_404(Activity.objects.select_related("leader", "helper"), request.user, "change", pk=pk)
    last = parent.sessions.not_cancelled().order_by("-day", "-starts_at").first()
    initial = {"home": parent.home_id, "venue": parent.venue}
    if last is not None:
        initial |= {"starts_at": last.starts_at, "ends_at": last.ends_at}
    form = SessionForm(request.POST or None, activity=parent, by=request.user, initial=initial)
    context = {"form": form, "activity": parent}

    def again():
        return render(request, "activities/session_form.html", context)

    if request.method != "POST" or not form.is_valid() or _warned(request, context):
        return again()
    act = lambda facts: add_session(parent, **facts, by=request.user)  # noqa: E731
    return act_once(request, act, to=parent, said=_("Session added."), form=form, again=again)


def session_move(request, pk):
    shown = Session.objects.select_related("activity__leader", "activity__helper", "home")
    moved = visible_or_404(shown, request.user, "change", pk=pk)
    form = MoveForm(request.POST or None, session=moved, by=request.user)
    context = {"form": form, "activity": moved.activity, "session": moved}
    if request.method == "POST" and form.is_valid() and not _warned(request, context):
        try:
            with transaction.atomic():
                Session.objects.get(pk=pk).move(**form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Session moved."))
            return redirect(moved)
    return render(request, "activities/session_form.html", context)


def _warned(request, context):
    """Whether something stands at that time that was not shown yet. A taken venue the act itself refuses."""
    wanted = dict(context["form"].cleaned_data)
    day = wanted.pop("day")
    found = clashes(context["activity"], [day], **wanted, by=request.user, session=context.get("session"))
    if any(clash.takes_venue for clash in found[day]):
        return False
    words = sorted({clash.words for clash in found[day]})
    context["clashes"] = words
    return bool(words) and request.POST.get("seen") != SEPARATOR.join(words)
