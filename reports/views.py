from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from communities.models import Division
from records import measures
from records.drafts import Draft
from records.lifecycle import refusals_shown
from records.measures import Period
from records.policy import NotVisible, visible_or_404
from records.scoping import Scope
from records.text import clean_code
from records.trail import log_act
from reports import layout
from reports import quarters as q
from reports.export import report_workbook
from reports.forms import DecisionForm, ReportTextsForm
from reports.models import QuarterlyReport

DECIDE = "reports.decide_quarterlyreport"


@require_GET
def quarters(request):
    """One quarter: each community's report and its state, with those that have not reported named."""
    period = q.read(request.GET.get("quarter")) or q.last_ended()
    scope = Scope.of(*request.user.codes_for(QuarterlyReport))
    reports = {r.community_id: r for r in QuarterlyReport.objects.visible_to(request.user).of(period)}
    communities = Division.objects.within(scope).filter(level="community").select_related("parent")
    rows = [(community, reports.get(community.pk)) for community in communities]
    context = {
        "period": period,
        "written": q.written(period),
        "choices": [(q.written(p), p.label) for p in q.recent()],
        "rows": rows,
        "sent": sum(report is not None and not report.is_open for _community, report in rows),
        "may_open": period.start <= timezone.localdate(),
        "own": request.user.codes_for(QuarterlyReport, "add"),
    }
    return render(request, "reports/quarters.html", context)


@require_POST
def open_report(request):
    period = q.read(request.POST.get("quarter"))
    scope = Scope.of(*request.user.codes_for(QuarterlyReport, "add"))
    asked = clean_code(request.POST.get("community", ""))
    community = Division.objects.within(scope).filter(level="community", pk=asked).first()
    if period is None or community is None:
        raise NotVisible(Division, None)
    with refusals_shown(request):
        return redirect(QuarterlyReport.open_for(community, period, by=request.user))
    return redirect("reports:list")


def report(request, pk):
    """The report with its figures; while it is open, the texts can be written by who may."""
    found = visible_or_404(QuarterlyReport.objects.select_related("community"), request.user, pk=pk)
    may_write = found.is_open and _may(request.user, "add", found)
    if request.method == "POST" and not may_write:
        raise PermissionDenied
    form = _texts_form(request, found) if may_write else None
    if request.method == "POST" and form.is_valid():
        _save_texts(request, form)
        messages.success(request, _("Saved."))
        return redirect(found)
    return render(request, "reports/report.html", _report_context(request, found, form))


def _draft_key(found):
    return f"report-{found.pk}"


def _texts_form(request, found):
    """What was sent; else what a draft kept; else what is stored."""
    if request.method == "POST":
        return ReportTextsForm(request.POST, instance=found)
    draft = Draft.find(request.user, _draft_key(found)) or {}
    return ReportTextsForm(
        instance=found, initial={name: draft[name] for name in ReportTextsForm.Meta.fields if name in draft}
    )


def _report_context(request, found, form=None, decision=None):
    table = found.table()
    last = QuarterlyReport.objects.filter(community=found.community_id).of(q.before(found.period)).sent().first()
    before = last.table() if last else None
    sections = [
        (title, [(line, before.value(line.measure.key) if before else None) for line in lines])
        for title, lines in table.sections
    ]
    return {
        "report": found,
        "sections": sections,
        "faults": table.faults() if found.is_open else [],
        "last": last,
        "form": form,
        "draft_url": reverse("records:draft", args=[_draft_key(found)]),
        "may_submit": found.is_open and found.period.end < timezone.localdate() and _may(request.user, "add", found),
        "decision": decision or DecisionForm(),
        "may_decide": found.status == QuarterlyReport.Status.SUBMITTED and _may(request.user, "decide", found),
        "written": q.written(found.period),
    }


def _save_texts(request, form):
    report = form.save()
    if changed := [name for name in form.changed_data if name != "seen_version"]:
        log_act(request.user, "changed", report, fields=changed)
    Draft.drop(request.user, _draft_key(report))


def _may(user, action, found):
    return found.community_id in Scope.of(*user.codes_for(QuarterlyReport, action))


@require_POST
def submit(request, pk):
    """Save the texts as typed, then freeze and submit."""
    found = visible_or_404(QuarterlyReport.objects, request.user, "add", pk=pk)
    if found.is_open and "done" in request.POST:
        form = ReportTextsForm(request.POST, instance=found)
        if not form.is_valid():
            return render(request, "reports/report.html", _report_context(request, found, form), status=422)
        _save_texts(request, form)
    with refusals_shown(request):
        found.submit(by=request.user)
        messages.success(request, _("Submitted to the street office. The figures are frozen."))
    return redirect(found)


@require_POST
def decide(request, pk):
    found = visible_or_404(QuarterlyReport.objects, request.user, "decide", pk=pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return render(request, "reports/report.html", _report_context(request, found, None, form), status=422)
    remark = form.cleaned_data["remark"]
    with refusals_shown(request):
        if request.POST.get("decision") == "accept":
            found.accept(remark=remark, by=request.user)
            messages.success(request, _("Accepted. The federation can now read its figures."))
        else:
            found.give_back(remark=remark, by=request.user)
            messages.success(request, _("Returned to the community."))
    return redirect(found)


@require_GET
def workbook(request, pk):
    found = visible_or_404(QuarterlyReport.objects.select_related("community"), request.user, pk=pk)
    return report_workbook(found, by=request.user)


@require_GET
def measures_list(request):
    """What we count: every measure with its definition, for everyone."""
    inside = {m.key for _title, ms in layout.sections() for m in ms}
    others = [m for m in measures.all_measures() if m.key not in inside]
    return render(
        request, "reports/measures.html", {"sections": [*layout.sections(), (_("Workdesk and Homes"), others)]}
    )


@require_GET
def measure(request, key):
    """One number explained: its definition for all, its count by community and its rows for those who may see rows."""
    try:
        found = measures.get(key)
    except KeyError:
        raise Http404 from None
    period = q.read(request.GET.get("quarter")) or Period.quarter_of(timezone.localdate())
    scope = Scope.of(*request.user.codes_for(found.model))
    context = {"measure": found, "period": period, "written": q.written(period), "may_see_rows": bool(scope.codes)}
    context["choices"] = [(q.written(p), p.label) for p in q.recent()]
    if scope.codes:
        counts = found.per_community(scope, period)
        names = Division.objects.in_bulk(counts)
        context["counts"] = sorted(((names.get(code), n) for code, n in counts.items()), key=lambda pair: -pair[1])
        context["total"] = sum(counts.values())
        rows = found.rows_for(request.user, scope, period).order_by("pk")
        context["page"] = Paginator(rows, 50).get_page(request.GET.get("page"))
    return render(request, "reports/measure.html", context)
