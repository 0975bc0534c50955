"""One child of a proposal: who else could come and what that costs; kept, excluded, asked."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from children.concern_step import TypedSoFar
from children.models import Child
from records.lifecycle import Refused, refusals_shown
from records.policy import visible_or_404
from records.text import CleanCharField, clean_key
from records.trail import log_read
from volunteers.matching import proposing, words
from volunteers.matching.weighing import Weighing
from volunteers.models import MatchLine, MatchRun, MatchVeto, Pairing, Volunteer
from volunteers.models.pairing import refuse_unless_child_is_heard


class HearForm(forms.Form):
    helper = forms.IntegerField(widget=forms.HiddenInput)  # whom they were asked about
    guardian_said = forms.ChoiceField(label=_("Guardian"), choices=MatchLine.Said.choices, required=False)
    guardian_name = CleanCharField(label=_("Guardian's name"), max_length=60, required=False)
    child_said = forms.ChoiceField(
        label=_("The child's opinion"), choices=[("", _("not asked yet")), *Pairing.Opinion.choices], required=False
    )
    child_words = CleanCharField(label=_("In the child's words"), max_length=300, required=False)

    def __init__(self, *args, child, **kwargs):
        super().__init__(*args, **kwargs)
        self.child = child

    def clean(self):
        said, words = self.cleaned_data.get("child_said"), self.cleaned_data.get("child_words", "")
        if said and "child_words" in self.cleaned_data:
            try:
                refuse_unless_child_is_heard(self.child, said, words)
            except Refused as refusal:
                self.add_error("child_words", refusal.message)
        if self.cleaned_data.get("guardian_said") and not self.cleaned_data.get("guardian_name"):
            self.add_error("guardian_name", _("Give the name of the guardian who was asked."))
        return self.cleaned_data


class ExcludeForm(forms.Form):
    asked_by = forms.ChoiceField(label=_("Asked for by"), choices=MatchVeto.Asked.choices, initial="office")


def find_line(request, pk, action="change"):
    rows = MatchLine.objects.select_related("run__division", "child__community", "volunteer", "pairing", "heard_by")
    rows = rows.filter(run__in=MatchRun.objects.visible_to(request.user, action))
    return visible_or_404(rows, request.user, action, pk=pk)


def find_helper(request, line):
    """The helper named in the form, in the proposal's division."""
    rows = Volunteer.objects.filter(community__pk__startswith=line.run.division_id)
    return visible_or_404(rows, request.user, pk=clean_key(request.POST.get("helper")))


@require_safe
def line(request, pk):
    found = find_line(request, pk)
    log_read(request.user, found.child, page="matching:line")
    return _line_page(request, found)


def _heard_so_far(request, found):
    return TypedSoFar(request, f"children.child.{found.child_id}.matching.{found.pk}", [found.child])


def _line_page(request, found, **bound):
    may_ask = found.volunteer is not None and found.run.is_open and not found.is_over
    typed = _heard_so_far(request, found) if may_ask else None
    context = {
        "line": found,
        "run": found.run,
        "why": words.why(found),
        "typed": typed,
        "hear_form": _hear_form(found, typed) if typed else None,
        "exclude_form": ExcludeForm(),
        "could_part": found.run.is_open and found.run.keep_together and not found.may_part and _has_siblings(found),
        **bound,
    }
    if found.run.is_open and not found.is_over:
        context |= _costs(request, found, context["could_part"])
    return render(request, "matching/line.html", context)


def _hear_form(found, typed):
    """What was typed last holds for the helper who is suggested now, whom the form names."""
    said = {name: getattr(found, name) for name in HearForm.base_fields if name != "helper"}
    form = typed.shown_in(HearForm(initial=said, child=found.child))
    form.initial["helper"] = found.volunteer_id
    return form


def _has_siblings(found):
    others = MatchLine.objects.filter(run=found.run, is_over=False, child__household=found.child.household_id)
    return others.exclude(pk=found.pk).exists()


def _costs(request, found, could_part):
    """Who else could come, and what each act on this page would cost."""
    weighing = Weighing(found)
    choices, acts = weighing.choices(), {}
    if found.volunteer_id:
        acts["excluding"] = weighing.of_excluding()
    if found.is_locked:
        acts["letting_go"] = weighing.of_letting_go()
    if could_part:
        acts["parting"] = weighing.of_parting()
    helpers = Volunteer.objects.visible_to(request.user).defer("phone", "id_number", "address")
    helpers = helpers.in_bulk({key for key, *_rest in choices} | {then for *_rest, then in acts.values() if then})
    without = [keys for *_rest, keys in choices] + [keys for _lost, keys, _then in acts.values()]
    names = Child.objects.visible_to(request.user).filter(pk__in={key for keys in without for key in keys})
    names = dict(names.values_list("pk", "name"))

    def said(lost, keys, then=None):
        is_other = then in helpers and then != found.volunteer_id
        left = [names[key] for key in keys if key in names]
        return {"cost": words.cost(lost), "without": left, "then": helpers[then].name if is_other else ""}

    return {
        "choices": [(helpers[key], worth, said(lost, keys)) for key, worth, lost, keys in choices if key in helpers],
        "costs": {act: said(*cost) for act, cost in acts.items()},
    }


@require_POST
def keep(request, pk):
    found = find_line(request, pk)
    helper = find_helper(request, found)
    with refusals_shown(request):
        proposing.keep(found, helper, by=request.user)
        messages.success(request, gettext("Kept. The rest was worked out anew around it."))
    return redirect("matching:line", pk)


@require_POST
def let_go(request, pk):
    found = find_line(request, pk)
    with refusals_shown(request):
        proposing.let_go(found, by=request.user)
    return redirect("matching:line", pk)


@require_POST
def exclude(request, pk):
    found = find_line(request, pk)
    helper, form = find_helper(request, found), ExcludeForm(request.POST)
    if form.is_valid():
        with refusals_shown(request):
            in_force = proposing.exclude(found, helper, by=request.user, **form.cleaned_data)
            messages.success(request, gettext("Excluded, here and in later proposals, until it is allowed again."))
            _tell_of(request, helper, in_force)
    return redirect("matching:line", pk)


def _tell_of(request, helper, in_force):
    """An exclusion ends nothing by itself."""
    for pairing in in_force:
        if pairing.volunteer_id == helper.pk:
            words = gettext("%(helper)s accompanies this child as %(kind)s. If that is not to go on either, end it.")
            words %= {"helper": helper.name, "kind": pairing.get_kind_display()}
        else:
            words = gettext("%(deputy)s stands in for %(helper)s with this child. End that if it is not to be either.")
            words %= {"deputy": helper.name, "helper": pairing.volunteer.name}
        messages.warning(request, words)


@require_POST
def let_part(request, pk):
    found = find_line(request, pk)
    with refusals_shown(request):
        proposing.let_part(found, by=request.user)
    return redirect("matching:line", pk)


@require_POST
def hear(request, pk):
    found = find_line(request, pk)
    typed = _heard_so_far(request, found)
    if answer := typed.concern(page=reverse("matching:line", args=[pk])):
        return answer
    form = HearForm(request.POST, child=found.child)
    if not form.is_valid():
        return _line_page(request, found, hear_form=form)
    with refusals_shown(request):
        in_force = proposing.hear(found, by=request.user, **form.cleaned_data)
        typed.drop()
        messages.success(request, gettext("Saved."))
        _tell_of(request, found.volunteer, in_force)
    return redirect("matching:line", pk)


@require_POST
def allow(request, pk):
    veto = visible_or_404(MatchVeto.objects.select_related("child", "volunteer"), request.user, "change", pk=pk)
    run = visible_or_404(MatchRun.objects, request.user, "change", pk=clean_key(request.POST.get("run")))
    with refusals_shown(request):
        proposing.allow_again(veto, run=run, by=request.user)
    return redirect(reverse("matching:run", args=[run.pk]) + "?show=excluded")
