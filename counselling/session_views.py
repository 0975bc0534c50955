"""A session noted or corrected on one page; what is typed is kept as a draft, and a concern is one step away."""

from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from children.concern_step import CONCERN, set_aside_for_a_concern
from counselling import caring
from counselling.forms import FactsForm, WordsForm
from counselling.models import Case, CounsellingSession, SessionWords
from counselling.views import find_words
from records import once
from records.drafts import Draft, as_sent
from records.lifecycle import Refused
from records.policy import visible_or_404
from records.trail import log_read


@require_http_methods(["GET", "HEAD", "POST"])
def new_session(request, pk):
    found = find_words(request, pk).case
    return _session_page(request, found, CounsellingSession(case=found), SessionWords(), "new")


@require_http_methods(["GET", "HEAD", "POST"])
def session(request, pk):
    rows = SessionWords.objects.select_related("session__case__child", "session__case__counsellor")
    notes = visible_or_404(rows, request.user, pk=pk)
    return _session_page(request, notes.session.case, notes.session, notes, str(notes.pk))


def _session_page(request, case, held, notes, name):
    key = f"counselling.{case.child_id}.{case.pk}.{name}"
    step = reverse("counselling:concern", args=[case.pk])
    if not (case.is_open and Case.objects.open_to(request.user).filter(pk=case.pk).exists()):
        if CONCERN in request.POST:
            return set_aside_for_a_concern(request, key, case.child, step=step)
        messages.info(request, _("Nothing can be written in this case now. You can read it."))
        return redirect(case)
    draft = Draft.find(request.user, key) if request.method != "POST" else None
    typed = as_sent(draft) if draft else request.POST or None
    facts = FactsForm(typed, instance=held, prefix="facts")
    words = WordsForm(typed, instance=notes, prefix="words")
    if request.method == "POST":
        if "afresh" in request.POST:
            Draft.drop(request.user, key)
            return redirect(request.path)
        with once.claim(request) as claim:
            if claim.repeated and not claim.missing:
                return redirect(claim.result_url)
            if not claim.missing and (answer := _kept(request, case, facts, words, key)):
                claim.result_url = answer
                return redirect(answer)
        if CONCERN in request.POST:
            return set_aside_for_a_concern(request, key, case.child, step=step)
    else:
        log_read(request.user, case, page="counselling:session")
    page = {"case": case, "facts": facts, "words": words, "is_draft": bool(draft), "is_new": held.pk is None}
    page["draft_url"] = reverse("records:draft", args=[key])
    return render(request, "counselling/session_form.html", page)


def _kept(request, case, facts, words, key):
    """Where to go once the session is kept; None when the form comes back with what is wrong."""
    is_new = facts.instance._state.adding
    with transaction.atomic():
        if not (facts.is_valid() & words.is_valid()):
            return None
        held, notes = facts.save(commit=False), words.save(commit=False)
        try:
            with transaction.atomic():
                if is_new:
                    caring.note_session(case, held, notes, by=request.user)
                else:
                    caring.correct_session(held, notes, by=request.user)
        except Refused as refusal:
            facts.add_error(None, refusal.message)
            return None
        Draft.drop(request.user, key)
    messages.success(request, _("The session is kept. Only you and those you admit can read it."))
    back = case.get_absolute_url()
    if CONCERN in request.POST or (notes.is_acute and "risk" in words.changed_data):
        return f"{reverse('counselling:concern', args=[case.pk])}?{urlencode({'next': back})}"
    return back
