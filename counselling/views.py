"""A counsellor's own pages. Every row is found through its words, which only `own_to` reaches."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from children.concern_step import TypedSoFar
from children.concern_views import concern_step
from children.models import Child, Concern, Referral
from counselling import caring
from counselling.case_list import QUIET_DAYS, cases_of, waiting_for
from counselling.forms import AdmissionForm, CaseForm
from counselling.models import Admission, Case, CaseWords, SessionWords
from records import once
from records.lifecycle import Refused, refusals_shown
from records.policy import NotVisible, visible_or_404
from records.trail import log_read


def find_words(request, pk):
    return visible_or_404(CaseWords.objects.select_related("case__child", "case__counsellor"), request.user, pk=pk)


@require_safe
def cases(request):
    found = cases_of(request.user)
    return render(
        request,
        "counselling/cases.html",
        {
            "open": [case for case in found if case.is_own and case.is_open],
            "closed": [case for case in found if case.is_own and not case.is_open],
            "admitted": [case for case in found if not case.is_own],
            "waiting": waiting_for(request.user),
            "quiet_days": QUIET_DAYS,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def open_case(request, pk):
    child = visible_or_404(Child.objects, request.user, pk=pk)
    typed = TypedSoFar(request, f"counselling.{child.pk}.open", [child])
    if answer := typed.concern():
        return answer
    form = typed.shown_in(CaseForm(request.POST or None))
    if request.method == "POST":
        with once.claim(request) as claim:
            if claim.repeated and not claim.missing:
                return redirect(claim.result_url)
            if not claim.missing and form.is_valid() and (case := _opened(request, child, form)):
                typed.drop()
                claim.result_url = case.get_absolute_url()
                return redirect(case)
    else:
        log_read(request.user, child, page="counselling:open")
    page = {"form": form, "child": child, "case": None, "typed": typed}
    return render(request, "counselling/case_form.html", page)


def _opened(request, child, form):
    try:
        return caring.open_case(child, form.save(commit=False), by=request.user)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return None


@require_safe
def case(request, pk):
    words = find_words(request, pk)
    found, user = words.case, request.user
    is_own = found.counsellor_id == user.pk
    may_write = is_own and Case.objects.open_to(user).filter(pk=found.pk).exists()
    notes = SessionWords.objects.visible_to(user).filter(session__case=found).select_related("session")
    referral = Referral.objects.visible_to(user).filter(child=found.child_id, counsellor=found.counsellor_id).first()
    log_read(user, found, page="counselling:case")
    return render(
        request,
        "counselling/case.html",
        {
            "case": found,
            "words": words,
            "notes": notes.order_by("-session__number"),
            "referral": referral,
            "is_own": is_own,
            "may_write": may_write,
            "may_close": found.is_open and Case.objects.kept_by(user).filter(pk=found.pk).exists(),
            "sees_file": Child.objects.visible_to(user).filter(pk=found.child_id).exists(),
            "admissions": Admission.objects.visible_to(user).in_force().filter(case=found).select_related("counsellor"),
            "admission_form": AdmissionForm(counsellors=caring.may_be_admitted(found)) if may_write else None,
            "concerns": Concern.objects.visible_to(user).filter(child=found.child_id),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def words(request, pk):
    """The complaint and the aim of a case, put right by its counsellor; those admitted read them on the case."""
    found = find_words(request, pk)
    if found.case.counsellor_id != request.user.pk:
        raise NotVisible(CaseWords, pk)
    typed = TypedSoFar(request, f"counselling.{found.case.child_id}.{pk}.words", [found.case.child])
    if answer := typed.concern(step=reverse("counselling:concern", args=[pk])):
        return answer
    form = typed.shown_in(CaseForm(request.POST or None, instance=found))
    if request.method == "POST" and form.is_valid():
        with refusals_shown(request):
            caring.correct_case(form.save(commit=False), by=request.user)
            typed.drop()
            messages.success(request, _("Saved."))
            return redirect(found.case)
    if request.method != "POST":
        log_read(request.user, found.case, page="counselling:words")
    page = {"form": form, "child": found.case.child, "case": found.case, "typed": typed}
    return render(request, "counselling/case_form.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def concern(request, pk):
    """The duty to report does not end with a referral: whoever reads the notes can raise a concern about the child."""
    found = find_words(request, pk).case
    return concern_step(request, found.child, back_url=found.get_absolute_url(), back_label=str(found))


def _act(request, pk, act, said):
    found = find_words(request, pk).case
    with refusals_shown(request):
        act(found, by=request.user)
        messages.success(request, said)
    return redirect(found)


@require_POST
def close(request, pk):
    return _act(request, pk, caring.close, _("The case is closed. Your notes stay."))


@require_POST
def reopen(request, pk):
    return _act(request, pk, caring.reopen, _("The case is open again."))


@require_POST
def admit(request, pk):
    found = find_words(request, pk).case
    form = AdmissionForm(request.POST, counsellors=caring.may_be_admitted(found))
    if form.is_valid():
        with refusals_shown(request):
            caring.admit(found, form.cleaned_data["counsellor"], until=form.cleaned_data["until"], by=request.user)
            messages.success(request, _("This counsellor can now read the case."))
    else:
        messages.error(request, _("Choose a counsellor from the list and a day, or leave the day empty."))
    return redirect(found)


@require_POST
def revoke(request, pk):
    admission = visible_or_404(Admission.objects.select_related("case"), request.user, "change", pk=pk)
    with refusals_shown(request):
        caring.revoke(admission, by=request.user)
        messages.success(request, _("Taken back, at once."))
    return redirect(reverse("counselling:case", args=[admission.case_id]))
