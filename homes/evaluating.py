"""The yearly evaluation of the Homes: its plan, each Home's way through it, verdict, hearing, decision, reward."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.places import may_at
from homes.evaluation_forms import (
    DatesForm,
    LeaveOutForm,
    OpenForm,
    RewardForm,
    StatementForm,
    StepFilter,
    VerdictForm,
    VisitForm,
    may_open,
    verdict_words,
)
from homes.evaluation_reading import answers_of, reasons_of
from homes.evaluation_steps import steps_of
from homes.models import Evaluation, EvaluationYear, Home, Ruling
from homes.models.evaluation import TO_LOOK_AT
from homes.planned import streets_of
from homes.sections import sections_of
from records.acting import act_once
from records.policy import NotVisible, visible_or_404
from records.text import clean_key
from records.trail import log_act

PER_PAGE = 25
Status = Evaluation.Status
TO_DRAFT = (*TO_LOOK_AT, Status.DRAFT)


@require_http_methods(["GET", "HEAD", "POST"])
def years(request):
    """The evaluations of this district, the newest first; the federation opens one."""
    districts = may_open(request.user)
    form = OpenForm(request.POST or None, districts=districts) if districts else None

    def again():
        rows = EvaluationYear.objects.visible_to(request.user).select_related("district")
        return render(request, "homes/evaluation_years.html", {"rows": rows, "form": form})

    if request.method != "POST":
        return again()
    if form is None:
        raise Http404
    return act_once(
        request,
        lambda data: EvaluationYear.open(by=request.user, **data),
        said=_("The evaluation is open. Plan the visits now."),
        form=form,
        again=again,
    )


@require_safe
def year(request, pk):
    """One year's plan and how far each Home in reach is."""
    found = visible_or_404(EvaluationYear.objects.select_related("district"), request.user, pk=pk)
    rows = Evaluation.objects.visible_to(request.user).filter(year=found)
    form = StepFilter(request.GET, streets=streets_of(request.user))
    shown = form.filtered(rows).with_facts().select_related("home", "community__parent", "inspector", "year")
    shown = shown.order_by("community_id", "pk")
    counts = dict(rows.order_by().values_list("status").annotate(Count("pk")))
    planned, street = form.of_street(rows).planned().order_by().count(), form.chosen_street
    context = {
        "year": found,
        "form": form,
        "page": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
        "counts": [(status, words, counts.get(status, 0)) for status, words in Status.choices],
        "may_change": EvaluationYear.objects.visible_to(request.user, "change").filter(pk=pk).exists(),
        "today": timezone.localdate(),
        "planned": planned,
        "street": street.pk if street else "",
        "export_query": urlencode({"year": pk} | ({"street": street.pk} if street else {})),
        # A longer list needs a second person, whom the federation has not: a street is chosen first.
        "is_short": planned <= settings.EXPORT_ROWS_ALONE,
    }
    return render(request, "homes/evaluation_year.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def dates(request, pk):
    """Change the days by which the steps of a year are due."""
    found = visible_or_404(EvaluationYear.objects, request.user, "change", pk=pk)
    form = DatesForm(request.POST or None, instance=found)

    def again():
        return render(request, "homes/evaluation_dates.html", {"year": found, "form": form})

    def act(_data):
        form.save()
        log_act(request.user, "changed", found, fields=form.changed_data)

    if request.method != "POST":
        return again()
    return act_once(request, act, to=found, said=_("The days are changed."), form=form, again=again)


@require_POST
def take_in(request, pk):
    """Homes that opened since become part of the year."""
    found = visible_or_404(EvaluationYear.objects, request.user, "change", pk=pk)
    return act_once(request, lambda _data: found.take_in(by=request.user), to=found, said=_("Every open Home is in."))


def _found(request, pk):
    rows = Evaluation.objects.select_related("home__community__parent", "year", "inspector", "inspection")
    return visible_or_404(rows, request.user, pk=pk)


def _found_by_inspector(request, pk):
    """An evaluation of a Home that this person inspects; else as if there were none."""
    found = _found(request, pk)
    if not may_at(request.user, "inspect", Home, found.community_id):
        raise NotVisible(Evaluation, pk)
    return found


def _found_for(request, pk, act):
    found = _found(request, pk)
    if not found.lets(request.user, act):
        raise NotVisible(Evaluation, pk)
    return found


@require_safe
def evaluation(request, pk):
    """One Home's way through the year, its verdicts, and what this person may do next."""
    return _page(request, _found(request, pk))


def _page(request, found, **sent):
    """`sent`: forms that come back with what was typed, by name."""
    user, inspects = request.user, may_at(request.user, "inspect", Home, found.community_id)
    rulings = found.rulings.select_related("inspection__standard", "drafted_by", "stated_by", "decided_by")
    rulings = rulings if inspects else rulings.told()
    told = [] if found.is_left_out else list(rulings.order_by("-number"))  # what is drafted waits for it to come back
    undecided = told[0] if told and told[0].decided_at is None else None
    inspection, answers = found.inspection_due(), answers_of(told)
    fresh = Ruling.upon(found, inspection) if inspects and inspection and found.status in TO_DRAFT else None
    context = {
        "evaluation": found,
        "home": found.home,
        "verdicts": [_as_read(ruling, answers, user) for ruling in told],
        "steps": steps_of(found, inspection),
        "forms": _forms(found, undecided, fresh, user) | sent,
        "undecided": undecided,
        "beside": sections_of(request, found),
        "fresh": fresh,
        "may_hear": inspects and found.status == Status.DRAFT,
        "waits_for_others": _waits_for_others(found, undecided, user),
        "may_take_back": found.is_left_out and found.home.is_open and found.lets(user, "change"),
    }
    return render(request, "homes/evaluation.html", context)


def _as_read(ruling, answers, user):
    """A verdict with its reasons, item by item, as this person may read them."""
    reading = reasons_of(ruling, answers, user)
    words = {name: verdict_words(getattr(ruling, name), again=ruling.is_again) for name in WORDED}
    return {"ruling": ruling, "reading": reading, "words": words}


WORDED = ("computed", "proposed", "decided")


def _forms(found, undecided, fresh, user):
    """The forms of what this person may do now, by name."""
    forms: dict[str, Any] = {}
    if not found.home.is_open:
        return forms
    if found.status in TO_LOOK_AT and found.lets(user, "change"):
        forms["visit"] = VisitForm(evaluation=found)
    if fresh:
        forms["draft"] = _draft_form(fresh, undecided)
    if found.status == Status.HEARING and undecided:
        is_over = undecided.heard_until < timezone.localdate()
        if found.lets(user, "state") and undecided.stated_at is None and not is_over:
            forms["statement"] = StatementForm()
        if found.lets(user, "decide") and undecided.is_ready and undecided.may_be_decided_by(user):
            forms["decision"] = _decision_form(undecided)
    if found.may_be_rewarded and found.lets(user, "change"):
        forms["reward"] = RewardForm()
    if found.may_be_left_out and found.lets(user, "change"):
        forms["leave_out"] = LeaveOutForm()
    return forms


def _waits_for_others(found, undecided, user):
    """Whether this person could decide, had they not inspected or drafted."""
    is_waiting = found.status == Status.HEARING and undecided is not None
    return is_waiting and found.lets(user, "decide") and not undecided.may_be_decided_by(user)


def _draft_form(fresh, kept=None, data=None):
    shown = {"verdict": kept.proposed, "rectify_by": kept.rectify_by, "reason": kept.proposed_reason} if kept else {}
    return VerdictForm(data, ruling=fresh, other=fresh.computed, prefix="draft", **shown)


def _decision_form(ruling, data=None):
    return VerdictForm(data, ruling=ruling, other=ruling.proposed, rectify_by=ruling.rectify_by, prefix="decision")


@require_POST
def plan(request, pk):
    found = _found_for(request, pk, "change")
    form = VisitForm(request.POST, evaluation=found)
    return act_once(
        request,
        lambda data: found.plan_visit(**data, seen=clean_key(request.POST.get("seen")), by=request.user),
        to=found,
        said=_("The visit is planned. Street office and community see it."),
        form=form,
        again=lambda: _page(request, _found(request, pk), visit=form),
    )


@require_POST
def draft(request, pk):
    found = _found_by_inspector(request, pk)
    inspection = found.inspection_due()
    if inspection is None or found.status not in TO_DRAFT:  # refused in words
        nothing = lambda _data: Ruling.draft(found, inspection=None, proposed="", **_signed(request))  # noqa: E731
        return act_once(request, nothing, to=found)
    form = _draft_form(Ruling.upon(found, inspection), data=request.POST)

    def act(data):
        facts = {"proposed": data["verdict"], "reason": data["reason"], "rectify_by": data["rectify_by"]}
        Ruling.draft(found, inspection=clean_key(request.POST.get("inspection")), **facts, **_signed(request))

    said = _("The verdict is drafted. Read it through, then let the community be heard.")
    again = lambda: _page(request, _found(request, pk), draft=form)  # noqa: E731
    return act_once(request, act, to=found, said=said, form=form, again=again)


def _signed(request):
    """What the person saw (a version) and who it is."""
    return {"seen": clean_key(request.POST.get("seen")), "by": request.user}


def _newest(found):
    """The verdict that an act is about; one that is decided refuses it in words. Else as if there were no such page."""
    ruling = found.rulings.order_by("-number").first()
    if ruling is None:
        raise Http404
    return ruling


@require_POST
def hear(request, pk):
    found = _found_by_inspector(request, pk)
    days = found.year.hearing_days
    said = ngettext(
        "The community reads the draft now and has %(days)s day to comment.",
        "The community reads the draft now and has %(days)s days to comment.",
        days,
    ) % {"days": days}
    ruling = _newest(found)
    return act_once(request, lambda _data: ruling.open_hearing(**_signed(request)), to=found, said=said)


@require_POST
def state(request, pk):
    found = _found_for(request, pk, "state")
    ruling, form = _newest(found), StatementForm(request.POST)
    return act_once(
        request,
        lambda data: ruling.state(statement=data["statement"], **_signed(request)),
        to=found,
        said=_("Your words stand beside the verdict."),
        form=form,
        again=lambda: _page(request, _found(request, pk), statement=form),
    )


@require_POST
def decide(request, pk):
    found = _found_for(request, pk, "decide")
    ruling = _newest(found)
    form = _decision_form(ruling, data=request.POST)

    def act(data):
        facts = {"decided": data["verdict"], "reason": data["reason"], "rectify_by": data["rectify_by"]}
        ruling.decide(**facts, **_signed(request))

    again = lambda: _page(request, _found(request, pk), decision=form)  # noqa: E731
    return act_once(request, act, to=found, said=_("Decided. Print the decision."), form=form, again=again)


@require_POST
def reward(request, pk):
    found, form = _found_for(request, pk, "change"), RewardForm(request.POST)
    return act_once(
        request,
        lambda data: found.note_reward(**data, **_signed(request)),
        to=found,
        said=_("The reward is noted."),
        form=form,
        again=lambda: _page(request, _found(request, pk), reward=form),
    )


@require_POST
def leave_out(request, pk):
    found, form = _found_for(request, pk, "change"), LeaveOutForm(request.POST)
    return act_once(
        request,
        lambda data: found.leave_out(**data, **_signed(request)),
        to=found,
        said=_("The Home is left out of this year. Street office and community read why."),
        form=form,
        again=lambda: _page(request, _found(request, pk), leave_out=form),
    )


@require_POST
def take_back(request, pk):
    found = _found_for(request, pk, "change")
    said = _("The Home is part of this year again.")
    return act_once(request, lambda _data: found.take_back(**_signed(request)), to=found, said=said)
