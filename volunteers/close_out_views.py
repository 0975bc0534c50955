"""Staff: promises made to a child, and what a pairing leaves behind when it ends."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.places import may_at
from records.acting import act_once
from records.lifecycle import Refused
from records.policy import NotVisible, visible_or_404
from records.privacy import CARE
from records.text import clean_key
from records.trail import log_read
from volunteers.close_out_forms import HandOverWordsForm, LeaveOutForm, PromiseForm, StaffFeedbackForm, WhyForm
from volunteers.models import CloseOut, Feedback, Pairing, Promise

WITHOUT_CONTACTS = ["volunteer__phone", "volunteer__id_number"]


def find_pairing(request, pk, action="view", of=CloseOut):
    """The pairing of a page about rows of `of`, where this person may `action` them."""
    rows = Pairing.objects.select_related("child", "volunteer").defer(*WITHOUT_CONTACTS)
    found = visible_or_404(rows, request.user, pk=pk)
    if not may_at(request.user, action, of, found.community_id):
        raise NotVisible(Pairing, pk)
    return found


@require_safe
def close_out(request, pk):
    return _page(request, find_pairing(request, pk))


def _page(request, pairing, **bound):
    """`bound`: a form that came back as it was typed, by name."""
    user, is_over = request.user, pairing.status == Pairing.Status.ENDED
    log_read(user, pairing, page="pairings:close_out")
    found = CloseOut.objects.filter(pairing=pairing).select_related("written_by", "released_by").first()
    there = found.steps_there() if found else set()
    left_out = found.steps_left_out() if found else {}
    missing = set(found.missing_steps()) if found and is_over else set()
    said = {one.side: one for one in pairing.feedback.select_related("noted_by")}
    may_change = may_at(user, "change", CloseOut, pairing.community_id)
    steps = [
        {"key": step, "label": step.label, "is_there": step in there, "left_out": left_out.get(step)}
        for step in CloseOut.Step
    ]
    context = {
        "pairing": pairing,
        "close_out": found,
        "has_begun": pairing.starts_on is not None,
        "is_over": is_over,
        "steps": {str(step["key"]): {**step, "may_leave_out": may_change and step["key"] in missing} for step in steps},
        "settled": len(CloseOut.Step) - len(missing),
        "of": len(CloseOut.Step),
        "promises": pairing.promises.all(),
        "letters": pairing.letters.filter(is_farewell=True).defer("text", "remark"),
        "sides": [
            (side, CloseOut.Step(side).label, said.get(side), _side_form(side, bound)) for side in Feedback.Side.values
        ],
        "sees_care": user.sees(CARE),
        "may_change": may_change,
        "may_promise": may_change and pairing.status in Pairing.HOLDING,
        "promise_form": PromiseForm(),
        "words_form": HandOverWordsForm(initial=_words_there(found)),
        "why_form": WhyForm(),
        **bound,
    }
    return render(request, "pairings/close_out.html", context)


def _words_there(found):
    return {"works_well": found.works_well, "seen_version": found.version} if found else {}


def _side_form(side, bound):
    sent = bound.get("side_form")
    return sent if sent is not None and sent.data.get("side") == side else StaffFeedbackForm(initial={"side": side})


def _done(request, pairing, act, said, *, form=None, name=""):
    to = reverse("pairings:close_out", args=[pairing.pk])
    again = lambda: _page(request, pairing, **{name: form})  # noqa: E731
    return act_once(request, act, to=to, said=said, form=form, again=again)


@require_POST
def promise(request, pk):
    pairing, form = find_pairing(request, pk, "change"), PromiseForm(request.POST)
    act = lambda data: Promise.give(pairing, by=request.user, **data)  # noqa: E731
    return _done(request, pairing, act, _("The promise is noted."), form=form, name="promise_form")


def _find_promise(request, pk):
    return visible_or_404(Promise.objects.select_related("pairing"), request.user, "change", pk=pk)


@require_POST
def keep(request, pk):
    found = _find_promise(request, pk)
    return _done(request, found.pairing, lambda _data: found.keep(by=request.user), _("Ticked off: promise kept."))


@require_POST
def give_up(request, pk):
    found, form = _find_promise(request, pk), WhyForm(request.POST)
    act = lambda data: found.give_up(by=request.user, **data)  # noqa: E731
    pairing = find_pairing(request, found.pairing_id)
    return _done(request, pairing, act, _("Noted why it was not kept."), form=form, name="why_form")


@require_POST
def words(request, pk):
    pairing, form = find_pairing(request, pk, "change"), HandOverWordsForm(request.POST)
    act = lambda _data: form.write(pairing, by=request.user)  # noqa: E731
    return _done(request, pairing, act, _("Kept. Read it over, then pass it on."), form=form, name="words_form")


@require_POST
def pass_on(request, pk):
    pairing = find_pairing(request, pk, "change")
    said, seen = (
        _("The next helper can read it while the pairing holds."),
        clean_key(request.POST.get("seen_version")) or 0,
    )
    return _done(request, pairing, lambda _data: _close_out_of(pairing).release(seen=seen, by=request.user), said)


@require_POST
def feedback(request, pk):
    pairing, form = find_pairing(request, pk, "change"), StaffFeedbackForm(request.POST)
    act = lambda data: Feedback.note(pairing, by=request.user, **data)  # noqa: E731
    return _done(request, pairing, act, _("Thank you, it is on file."), form=form, name="side_form")


@require_POST
def leave_out(request, pk):
    pairing, form = find_pairing(request, pk, "change"), LeaveOutForm(request.POST)
    act = lambda data: _close_out_of(pairing).leave_out(by=request.user, **data)  # noqa: E731
    return _done(request, pairing, act, _("Left out, with the reason on file."), form=form, name="why_form")


def _close_out_of(pairing):
    found = CloseOut.objects.filter(pairing=pairing).first()
    if found is None:
        raise Refused(_("Nothing has been written about this pairing yet."))
    return found
