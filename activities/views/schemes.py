"""Schemes: the list, one with its actions, laying one out, and what becomes of each action."""

from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Prefetch
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from activities.models import Scheme, SchemeAction
from activities.scheme_forms import ActionForm, ActivityOfActionForm, BeginForm, LeaveOutForm, SchemeForm
from activities.schemes import asked_for, begin_scheme, by_part, from_template
from communities.places import works_in_several
from records.acting import act_once
from records.lifecycle import Refused
from records.policy import visible_or_404
from records.trail import log_act

SCHEMES_ON_A_PAGE = 20
State = SchemeAction.State


def scheme_list(request):
    actions = Prefetch("actions", SchemeAction.objects.with_activity())
    rows = Scheme.objects.visible_to(request.user).select_related("community").prefetch_related(actions)
    page = Paginator(rows, SCHEMES_ON_A_PAGE).get_page(request.GET.get("page"))
    lines = [(scheme, progress(scheme.actions.all())) for scheme in page]
    context = {
        "page": page,
        "lines": lines,
        "several": works_in_several(request.user, Scheme),
        "may_add": request.user.has_perm("activities.add_scheme"),
    }
    return render(request, "activities/schemes.html", context)


def progress(actions):
    """How many are held of those not left out, how many are overdue, and the next that wants its day."""
    states = [(action, action.state) for action in actions]
    return {
        "held": sum(state == State.HELD for _action, state in states),
        "total": sum(state != State.LEFT_OUT for _action, state in states),
        "overdue": sum(state == State.OVERDUE for _action, state in states),
        "next": next((action for action, state in states if state == State.PLANNED), None),
    }


def scheme(request, pk):
    shown = visible_or_404(Scheme.objects.select_related("community", "home"), request.user, pk=pk)
    actions = list(shown.actions.with_activity())
    context = {
        "scheme": shown,
        "parts": by_part(actions),
        "progress": progress(actions),
        "may_change": Scheme.objects.visible_to(request.user, "change").filter(pk=pk).exists(),
        "may_plan": request.user.has_perm("activities.add_activity"),
    }
    return render(request, "activities/scheme.html", context)


def scheme_new(request):
    """The form, then the actions of the year with their days, then the scheme with those left in."""
    initial = {"first_day": timezone.localdate()}
    form = BeginForm(request.POST or None, by=request.user, initial=initial)
    if request.method != "POST" or not form.is_valid() or "again" in request.POST:
        return render(request, "activities/scheme_new.html", {"form": form})
    begun, actions = _laid_out(form)

    def again():
        return render(request, "activities/scheme_days.html", {"form": form, "scheme": begun, "actions": actions})

    if "looked" in request.POST:
        return act_once(request, lambda _data: _begun(request, begun, actions), form=form, again=again)
    return again()


def _begun(request, scheme, actions):
    """The scheme with the ticked actions; refused when one of them is not, or no longer, an action of the year."""
    chosen = set(request.POST.getlist("actions"))
    rows = {f"{action.due_on} {action.title}": action for action in actions}
    if not chosen <= rows.keys():
        raise Refused(_("The days have changed meanwhile. Look at them again."))
    begin_scheme(scheme, [action for key, action in rows.items() if key in chosen], by=request.user)
    return scheme


def _laid_out(form):
    asked = form.cleaned_data
    if asked["template"]:
        begun = from_template(asked["template"], asked["first_day"], form.community_id)
        actions = asked_for(asked["template"], asked["first_day"], form.community_id)
    else:
        begun, actions = form.own_scheme, []
    begun.title = asked["title"] or begun.title
    begun.home, begun.venue = asked["home"], asked["venue"]
    return begun, actions


def scheme_change(request, pk):
    changed = visible_or_404(Scheme.objects.all(), request.user, "change", pk=pk)
    form = SchemeForm(request.POST or None, instance=changed, by=request.user)
    if request.method == "POST" and form.is_valid():
        return _saved(request, form, changed)
    return render(request, "activities/scheme_change.html", {"form": form, "scheme": changed})


def _saved(request, form, row):
    with transaction.atomic():
        form.save()
        log_act(request.user, "changed", row, fields=[n for n in form.changed_data if n != "seen_version"])
    return redirect(row)


def action_new(request, pk):
    parent = visible_or_404(Scheme.objects.all(), request.user, "change", pk=pk)
    blank = SchemeAction(scheme=parent, community_id=parent.community_id)
    form = ActionForm(request.POST or None, instance=blank)
    context = {"form": form, "scheme": parent}

    def add(_facts):
        with transaction.atomic():
            log_act(request.user, "added", form.save(), scheme=parent)

    def page():
        return render(request, "activities/scheme_action.html", context)

    if request.method != "POST":
        return page()
    return act_once(request, add, to=parent, said=_("The action is added."), form=form, again=page)


def _changing(request, pk):
    rows = SchemeAction.objects.select_related("scheme", "activity")
    return visible_or_404(rows, request.user, "change", pk=pk)


def action(request, pk):
    """Change an action, name the activity that stands for it, or leave it out."""
    changed = _changing(request, pk)
    form = ActionForm(request.POST or None, instance=changed)
    if request.method == "POST" and form.is_valid():
        return _saved(request, form, changed)
    return _action_page(request, changed, form=form)


def _action_page(request, changed, **forms):
    context = {
        "scheme": changed.scheme,
        "action": changed,
        "form": ActionForm(instance=changed),
        "choose_form": ActivityOfActionForm(action=changed, by=request.user),
        "leave_out_form": LeaveOutForm(),
        "may_plan": request.user.has_perm("activities.add_activity"),
        **forms,
    }
    return render(request, "activities/scheme_action.html", context)


def action_choose(request, pk):
    changed = _changing(request, pk)
    if request.method != "POST":
        return redirect("activities:action", pk)
    form = ActivityOfActionForm(request.POST, action=changed, by=request.user)
    return act_once(
        request,
        lambda facts: changed.schedule(facts["activity"], by=request.user),
        to=changed.scheme,
        said=_("The activity stands for this action."),
        form=form,
        again=lambda: _action_page(request, changed, choose_form=form),
    )


def action_leave_out(request, pk):
    changed = _changing(request, pk)
    if request.method != "POST":
        return redirect("activities:action", pk)
    form = LeaveOutForm(request.POST)
    return act_once(
        request,
        lambda facts: changed.leave_out(reason=facts["reason"], by=request.user),
        to=changed.scheme,
        said=_("The action is left out."),
        form=form,
        again=lambda: _action_page(request, changed, leave_out_form=form),
    )


@require_POST
def action_take_back(request, pk):
    changed = _changing(request, pk)
    return act_once(
        request,
        lambda _facts: changed.take_back(by=request.user),
        to=changed.scheme,
        said=_("Taken back: the action wants its activity again."),
    )
