"""What a guardian may ask of a file: a copy, who sees it, a correction, its erasure."""

import json
import tempfile
import zipfile

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from children import erasing
from children.concern_step import TypedSoFar
from children.forms import AnswerForm, CorrectionForm, ErasureForm
from children.guardian_copy import copy_of, pictures_of
from children.models import Correction, Erasure
from children.views import find_child
from communities.places import may_at
from records import once
from records.attachments import bytes_of
from records.lifecycle import Refused, refusals_shown
from records.policy import visible_or_404
from records.step_up import ask_again
from records.trail import log_act, log_read


def _rights(child):
    return reverse("children:file", args=[child.pk]) + "?tab=history"


@require_safe
def copy(request, pk):
    """All data of the child as one file, but for what staff never read; the printed summary is the readable one.

    data.json holds every column of every row, and beside it lie the pictures, each named after its row.
    """
    child = find_child(request, pk, "reveal")
    ask_again(request)
    copied = copy_of(child, confidential=False)
    log_act(request.user, "copied for the guardian", child)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    with zipfile.ZipFile(file, "w") as whole:
        whole.writestr("data.json", json.dumps(copied, ensure_ascii=False, indent=2))
        for name, kept in pictures_of(child):
            if (content := bytes_of(kept)) is not None:
                whole.writestr(name, content)  # as it is: pictures do not get smaller
    file.seek(0)
    response = FileResponse(file, as_attachment=True, filename=f"{child.number}.zip")
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def ask_correction(request, pk):
    child = find_child(request, pk, "change")
    typed = TypedSoFar(request, f"children.child.{child.pk}.correction", [child])
    if answer := typed.concern():
        return answer
    form = typed.shown_in(CorrectionForm(request.POST or None, initial={"asked_on": timezone.localdate()}))
    if request.method == "POST":
        with once.claim(request) as claim:
            if claim.repeated and not claim.missing:
                return redirect(claim.result_url)
            if not claim.missing and form.is_valid():
                correction = Correction.objects.create(
                    child=child, community_id=child.community_id, noted_by=request.user, **form.cleaned_data
                )
                log_act(request.user, "asked for a correction", child, correction=correction)
                typed.drop()
                messages.success(request, _("The request is noted. Put it right, then say what was done."))
                claim.result_url = reverse("children:correction", args=[correction.pk])
                return redirect(claim.result_url)
    else:
        log_read(request.user, child, page="children:ask_correction")
    page = {"child": child, "form": form, "typed": typed, "back_url": _rights(child)}
    return render(request, "children/ask_correction.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def correction(request, pk):
    action = "change" if request.method == "POST" else "view"
    found = visible_or_404(
        Correction.objects.select_related("child", "noted_by", "settled_by"), request.user, action, pk=pk
    )
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_shown(request):
            found.settle(is_done="done" in request.POST, answer=form.cleaned_data["answer"], by=request.user)
            messages.success(request, _("Saved."))
            return redirect(_rights(found.child))
    if request.method != "POST":
        log_read(request.user, found.child, page="children:correction")
    return render(
        request,
        "children/correction.html",
        {
            "correction": found,
            "child": found.child,
            "form": form,
            "may_settle": found.status == "asked" and may_at(request.user, "change", Correction, found.community_id),
            "back_url": _rights(found.child),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def ask_erasure(request, pk):
    child = find_child(request, pk, "change")
    typed = TypedSoFar(request, f"children.child.{child.pk}.erasure", [child])
    if answer := typed.concern():
        return answer
    form = typed.shown_in(ErasureForm(request.POST or None))
    if request.method == "POST" and form.is_valid():
        with once.claim(request) as claim:
            if claim.repeated and not claim.missing:
                return redirect(claim.result_url)
            if not claim.missing:
                try:
                    asked = erasing.ask(child, by=request.user, **form.cleaned_data)
                except Refused as refusal:
                    form.add_error(None, refusal.message)
                else:
                    typed.drop()
                    messages.success(request, _("Asked. Another person decides."))
                    claim.result_url = reverse("children:erasure", args=[asked.pk])
                    return redirect(claim.result_url)
    elif request.method != "POST":
        log_read(request.user, child, page="children:ask_erasure")
    page = {"child": child, "form": form, "typed": typed, "back_url": _rights(child)}
    return render(request, "children/ask_erasure.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def erasure(request, pk):
    found = visible_or_404(Erasure.objects.select_related("child", "asked_by", "decided_by"), request.user, pk=pk)
    may_decide = found.status == "asked" and found in Erasure.objects.visible_to(request.user, "decide")
    form = AnswerForm(request.POST if "decline" in request.POST else None)
    form.fields["answer"].label = _("Why not")
    if request.method == "POST":
        if answer := _decided(request, found, form, may_decide):
            return answer
    else:
        log_read(request.user, found.child, page="children:erasure")
    return render(
        request,
        "children/erasure.html",
        {
            "erasure": found,
            "child": found.child,
            "form": form,
            "may_decide": may_decide and found.asked_by_id != request.user.pk,
            "may_withdraw": found.status == "asked" and found.asked_by_id == request.user.pk,
            "back_url": _rights(found.child),
        },
    )


def _decided(request, found, form, may_decide):
    """What a button of the page did; None when the page is shown again."""
    with refusals_shown(request):
        if "withdraw" in request.POST and found.asked_by_id == request.user.pk:
            found.withdraw(by=request.user)
            messages.success(request, _("Withdrawn. The file stays as it is."))
        elif "decline" in request.POST and may_decide and form.is_valid():
            if found.asked_by_id == request.user.pk:
                raise Refused(_("Who asks for an erasure does not decide it: another person must."))
            found.decline(answer=form.cleaned_data["answer"], by=request.user)
            messages.success(request, _("Declined. The file stays as it is."))
        elif "erase" in request.POST and may_decide:
            ask_again(request)
            erasing.erase(found, by=request.user)
            messages.success(request, _("The file is erased."))
        else:
            return None
        return redirect("children:erasure", pk=found.pk)
    return None
