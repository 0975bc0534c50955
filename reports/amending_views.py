"""Corrections of accepted reports: proposed by who wrote them, decided by the level above."""

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from records.acting import act_once
from records.policy import visible_or_404
from reports import pages
from reports.forms import AmendForm, AmendmentDecisionForm
from reports.models import Amendment, QuarterlyReport, StreetAmendment, StreetReport
from reports.models.amendment import differing
from reports.street_views import STREET, read_context
from reports.views import COMMUNITY


def amend(request, pk):
    return _amend(request, COMMUNITY, visible_or_404(QuarterlyReport.objects, request.user, "add", pk=pk), Amendment)


def amend_street(request, pk):
    found = visible_or_404(StreetReport.objects, request.user, "add", pk=pk)
    return _amend(request, STREET, found, StreetAmendment)


def _amend(request, kind, found, model):
    """The lines that would be drawn differently now, to choose from, and the reason."""
    if found.status != found.Status.ACCEPTED:
        raise Http404
    stands = found.in_force()
    drawn = differing(stands, found.draw())
    late = found.came_late() if kind is STREET else []
    ticked = list(drawn) if late else []
    form = AmendForm(request.POST or None, lines=drawn.values(), initial={"keys": ticked})

    def draw():
        chosen = form["keys"].value() or []
        lines = [(stands.line(key), line, key in chosen) for key, line in drawn.items()]
        context = {"report": found, "form": form, "lines": lines, "late": late, "kind": kind}
        return render(request, "reports/amend.html", context, status=422 if form.is_bound else 200)

    if request.method != "POST":
        return draw()
    return act_once(
        request,
        lambda said: model.of(found, keys=said["keys"], reason=said["reason"], by=request.user),
        to=found.get_absolute_url(),
        said=_("Proposed. It stands in the report once the level above has accepted it."),
        form=form,
        again=draw,
    )


@require_POST
def decide(request, pk):
    return _decide(request, pk, Amendment, COMMUNITY)


@require_POST
def decide_street(request, pk):
    return _decide(request, pk, StreetAmendment, STREET)


def _decide(request, pk, model, kind):
    found = visible_or_404(model.objects.select_related("report"), request.user, "decide", pk=pk)
    form = AmendmentDecisionForm(request.POST)
    accepts = request.POST.get("decision") == "accept"

    def act(said):
        if accepts:
            found.accept(remark=said["remark"], by=request.user)
        else:
            found.refuse(remark=said["remark"], by=request.user)

    def draw():
        report = found.report
        shown = {"amendment_form": form, "amendment": found}
        if pages.sees_figures(request.user, report):
            drawn = pages.context(kind, request, report)
            return render(request, kind.template, drawn | shown, status=422)
        return render(request, "reports/street_read.html", read_context(request, report) | shown, status=422)

    said = _("The amendment is in force.") if accepts else _("The amendment is refused.")
    return act_once(request, act, to=found.get_absolute_url(), said=said, form=form, again=draw)
