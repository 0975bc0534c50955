"""One nomination: its words, score and evidence; declaring, voting, deciding; and what is told of it afterwards."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from appraisal.appraisal_forms import AgreedForm, DecideForm, DeclareForm, EvidenceForm, ReasonForm, VoteForm
from appraisal.kinds import Conflict
from appraisal.lists import chosen_year, commendations_of, told_to
from appraisal.measuring import MEASURED, lines_of
from appraisal.models import Ballot, Nomination, NominationEvidence
from appraisal.naming import names_for
from appraisal.scoring import score
from communities.places import may_at
from records.acting import act_once
from records.policy import NotVisible, visible_or_404
from records.text import clean_key
from records.trail import log_read

PER_PAGE = 50
SHOWN = Nomination.objects.select_related("call__division", "community", "helper", "nominated_by", "decided_by")


@require_safe
def nomination(request, pk):
    return _page(request, visible_or_404(SHOWN, request.user, pk=pk))


def _is_nominator(user, shown):
    return may_at(user, "change", Nomination, shown.community_id)


def _may_decide(user, shown):
    return shown.call.is_run_by(user, "decide")


def _ballot_of(user, shown):
    return Ballot.objects.visible_to(user).filter(nomination=shown, member=user).first()


def _page(request, shown, **bound):
    """`bound`: a form that came back as it was typed, by name."""
    user = request.user
    named = names_for([shown], user)[shown.pk]
    if named.child:
        log_read(user, named.child)
    reads_score = shown.child_id is None or named.child is not None
    lines = lines_of([shown])[shown.pk] if reads_score else []
    evidence = list(shown.evidence.all())
    rows = NominationEvidence.rows(evidence, user)
    ballot, is_mine, decides = _ballot_of(user, shown), _is_nominator(user, shown), _may_decide(user, shown)
    cast = Ballot.objects.filter(nomination=shown).exclude(choice="").count()
    context = {
        "nomination": shown,
        "call": shown.call,
        "named": named,
        "lines": [(line, MEASURED.get(line.measured)) for line in lines],
        "total": score(lines) if lines else None,
        "reads_score": reads_score,
        "evidence": [(one, rows.get(one.pk)) for one in evidence],
        "is_mine": is_mine,
        "decides": decides,
        "ballot": ballot,
        "is_told": Nomination.objects.published().filter(pk=shown.pk).exists(),
        "members": Ballot.objects.filter(nomination=shown).count(),
        "cast": cast,
        "votes": Ballot.objects.visible_to(user).filter(nomination=shown).select_related("member")
        if shown.decided_on and ballot
        else [],
        **_forms(user, shown, ballot, is_mine, decides),
    }
    return render(request, "appraisal/nomination.html", {**context, **bound})


def _forms(user, shown, ballot, is_mine, decides):
    """The forms of what this person may do now."""
    forms = {}
    if is_mine and shown.is_waiting:
        forms["withdraw_form"] = ReasonForm()
        if shown.call.takes_nominations:
            forms["evidence_form"] = EvidenceForm(nomination=shown, by=user)
    if is_mine and shown.helper_id and not shown.helper_agreed_on:
        forms["agreed_form"] = AgreedForm()
    if shown.is_voted_on and ballot and ballot.conflict in ("", Conflict.NONE):
        bar = shown.bars(user)
        forms["declare_form"] = DeclareForm(initial={"conflict": bar or ballot.conflict})
        if ballot.conflict == Conflict.NONE:
            forms["vote_form"] = VoteForm(initial={"choice": ballot.choice})
    if decides and shown.is_voted_on and not shown.bars(user):
        forms["decide_form"] = DecideForm()
    if decides and shown.is_awarded:
        forms["revoke_form"] = ReasonForm()
    return forms


def _acted(request, shown, act, said, form=None, name="", anchor=""):
    """`act(data)` once, back to the nomination; a form that is not right comes back under `name`."""
    return act_once(
        request,
        act,
        to=f"{shown.get_absolute_url()}{anchor}",
        said=said,
        form=form,
        again=lambda: _page(request, visible_or_404(SHOWN, request.user, pk=shown.pk), **{name: form}),
    )


def _own(request, pk):
    """A nomination of this person's community; else as if there were none."""
    shown = visible_or_404(SHOWN, request.user, pk=pk)
    if not _is_nominator(request.user, shown):
        raise NotVisible(Nomination, pk)
    return shown


def _office(request, pk):
    """A nomination on which this person's office decides; else as if there were none."""
    shown = visible_or_404(SHOWN, request.user, pk=pk)
    if not _may_decide(request.user, shown):
        raise NotVisible(Nomination, pk)
    return shown


def _member(request, pk):
    """(nomination, this committee member's own ballot); else as if there were none."""
    shown = visible_or_404(SHOWN, request.user, pk=pk)
    ballot = _ballot_of(request.user, shown)
    if ballot is None:
        raise NotVisible(Nomination, pk)
    return shown, ballot


@require_POST
def link(request, pk):
    shown = _own(request, pk)
    form = EvidenceForm(request.POST, nomination=shown, by=request.user)
    act = lambda data: NominationEvidence.link(shown, **data, by=request.user) and None  # noqa: E731
    return _acted(request, shown, act, _("Linked."), form, "evidence_form", "#evidence")


@require_POST
def withdraw(request, pk):
    shown, form = _own(request, pk), ReasonForm(request.POST)
    act = lambda data: shown.withdraw(**data, by=request.user)  # noqa: E731
    return _acted(request, shown, act, _("Withdrawn, with the reason."), form, "withdraw_form")


@require_POST
def agreed(request, pk):
    """The helper said so on paper; in the portal the helper says so without anybody else."""
    shown, form = _own(request, pk), AgreedForm(request.POST)
    act = lambda data: shown.agree(**data, by=request.user)  # noqa: E731
    return _acted(request, shown, act, _("Noted: the helper agrees to be named."), form, "agreed_form")


@require_POST
def not_agreed(request, pk):
    shown = _own(request, pk)
    said = _("Noted: the name is told no more, and a public notice is gone.")
    return _acted(request, shown, lambda _data: shown.take_agreement_back(by=request.user), said)


@require_POST
def declare(request, pk):
    (shown, ballot), form = _member(request, pk), DeclareForm(request.POST)
    act = lambda data: ballot.declare(**data, by=request.user)  # noqa: E731
    return _acted(request, shown, act, _("Declared."), form, "declare_form", "#vote")


@require_POST
def vote(request, pk):
    (shown, ballot), form = _member(request, pk), VoteForm(request.POST)
    act = lambda data: ballot.cast(**data, by=request.user)  # noqa: E731
    said = _("Your vote is noted. Nobody else sees it before the decision.")
    return _acted(request, shown, act, said, form, "vote_form", "#vote")


@require_POST
def decide(request, pk):
    shown, form = _office(request, pk), DecideForm(request.POST)
    seen = clean_key(request.POST.get("seen"))

    def act(data):
        is_awarded = data["outcome"] == DecideForm.AWARD
        shown.decide(is_awarded=is_awarded, reason=data["reason"], seen=seen, by=request.user)

    return _acted(request, shown, act, _("Decided."), form, "decide_form")


@require_POST
def revoke(request, pk):
    shown, form = _office(request, pk), ReasonForm(request.POST)
    act = lambda data: shown.revoke(**data, by=request.user)  # noqa: E731
    return _acted(request, shown, act, _("The award is taken back."), form, "revoke_form")


@require_POST
def publish(request, pk):
    shown = _office(request, pk)
    said = _("Published. It is gone at once when the agreement is taken back.")
    return _acted(request, shown, lambda _data: shown.publish(by=request.user), said)


@require_POST
def take_down(request, pk):
    shown = _office(request, pk)
    return _acted(request, shown, lambda _data: shown.take_down(by=request.user), _("Taken down."))


@require_safe
def commendations(request):
    """What was awarded for a year, as far as this person sees it."""
    year, years = chosen_year(request.GET)
    page = Paginator(commendations_of(request.user, year), PER_PAGE).get_page(request.GET.get("page"))
    found = list(page)
    context = {
        "page": page,
        "lines": told_to(request.user, found),
        "year": year,
        "years": years,
        "keys": ",".join(str(one.pk) for one in found),
        "districts": sorted({one.district for one in found}),
    }
    return render(request, "appraisal/commendations.html", context)
