"""Suspected harm: raised at once, reported, followed up. Nothing on these pages stands before the telephone."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from children.forms import ConcernForm, OutcomeForm, ReportedForm
from children.models import Child, Concern
from records import once
from records.lifecycle import refusals_shown
from records.policy import visible_or_404
from records.trail import log_read

WHOM_TO_CALL = [
    ("110", gettext_lazy("Police: a child is in danger now, or a crime")),
    ("120", gettext_lazy("Ambulance: a child is hurt or ill")),
    ("12345", gettext_lazy("Child protection hotline of the civil affairs office")),
    ("12338", gettext_lazy("Women's federation: violence in the family")),
    ("12355", gettext_lazy("Youth service: a child needs somebody to talk to")),
]


@require_http_methods(["GET", "HEAD", "POST"])
def raise_concern(request, pk):
    """Whoever may see the child may raise it; an empty form is enough."""
    child = visible_or_404(Child.objects, request.user, pk=pk)
    form = ConcernForm(request.POST or None)
    page = {"child": child, "form": form, "calls": WHOM_TO_CALL}
    if request.method == "POST":
        with once.claim(request) as claim:
            if claim.repeated and not claim.missing:
                return redirect(claim.result_url)
            valid = form.is_valid()
            if not claim.missing and valid:
                concern = Concern.raise_for(child, what=form.cleaned_data["what"], by=request.user)
                answer = _after(request, child, concern)
                claim.result_url = answer.url
                return answer
    if request.method != "POST":
        log_read(request.user, child, page="children:raise_concern")
    return render(request, "children/raise_concern.html", page)


def _after(request, child, concern):
    messages.success(request, _("The concern is on file. If nobody has called yet: call now."))
    if Concern.objects.visible_to(request.user).filter(pk=concern.pk).exists():
        return redirect("children:concern", pk=concern.pk)
    return redirect("children:file", pk=child.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def concern(request, pk):
    found = visible_or_404(Concern.objects.select_related("child", "raised_by"), request.user, pk=pk)
    reported = ReportedForm(request.POST if "report" in request.POST else None)
    outcome = OutcomeForm(request.POST if "close" in request.POST else None)
    if request.method == "POST":
        if not Concern.objects.visible_to(request.user, "change").filter(pk=pk).exists():
            raise Http404
        with refusals_shown(request):
            if "report" in request.POST and reported.is_valid():
                found.report(**reported.cleaned_data, by=request.user)
                return redirect("children:concern", pk=pk)
            if "close" in request.POST and outcome.is_valid():
                found.close(**outcome.cleaned_data, by=request.user)
                return redirect("children:concern", pk=pk)
    log_read(request.user, found, page="children:concern")
    page = {"concern": found, "reported": reported, "outcome": outcome, "calls": WHOM_TO_CALL}
    return render(
        request, "children/concern.html", {**page, "may_change": request.user.has_perm("children.change_concern")}
    )
