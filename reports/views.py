"""The communities' reports of a quarter, and one of them."""

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from communities.models import Division
from records.lifecycle import refusals_shown
from records.policy import NotVisible, visible_or_404
from records.scoping import Scope
from records.text import clean_code
from reports import pages
from reports import quarters as q
from reports.export import report_workbook
from reports.forms import ReportTextsForm
from reports.models import QuarterlyReport, ReportRule, StreetReport

COMMUNITY = pages.Kind(
    QuarterlyReport,
    ReportTextsForm,
    "",
    "reports/report.html",
    submitted=_("Submitted to the street office. The figures are frozen."),
    accepted=_("Accepted. The federation can now read its figures."),
    returned=_("Returned to the community."),
)


@require_GET
def quarters(request):
    """One quarter: each community's report and its state, with those that have not reported named."""
    period = q.read(request.GET.get("quarter")) or q.last_ended()
    scope = Scope.of(*request.user.codes_for(QuarterlyReport))
    reports = {r.community_id: r for r in QuarterlyReport.objects.visible_to(request.user).of(period)}
    communities = Division.objects.within(scope).filter(level="community").select_related("parent")
    rules = {code: ReportRule.at(code, period) for code in sorted({place.pk[:6] for place in communities})}
    own = Scope.of(*request.user.codes_for(QuarterlyReport, "add"))
    is_recent = q.read_recent(q.written(period)) is not None
    rows = [
        {
            "place": place,
            "report": reports.get(place.pk),
            "due_on": rules[place.pk[:6]].due_on(period, "community"),
            "may_begin": is_recent and place.pk in own,
        }
        for place in communities
    ]
    context = {
        "period": period,
        "written": q.written(period),
        "choices": [(q.written(p), p.label) for p in q.recent()],
        "rows": rows,
        "today": timezone.localdate(),
        "sent": sum(row["report"] is not None and not row["report"].is_open for row in rows),
        "streets": street_rows(request.user, period),
    }
    return render(request, "reports/quarters.html", context)


def street_rows(user, period):
    """[{street, its report or None, when it is due, whether `user` may begin it}] of the streets in reach."""
    scope = Scope.of(*user.codes_for(StreetReport))
    if not scope.codes:
        return []
    own = Scope.of(*user.codes_for(StreetReport, "add"))
    is_recent = q.read_recent(q.written(period)) is not None
    reports = {r.street_id: r for r in StreetReport.objects.visible_to(user).of(period)}
    streets = list(Division.objects.within(scope).filter(level="street"))
    rules = {code: ReportRule.at(code, period) for code in sorted({place.pk[:6] for place in streets})}
    return [
        {
            "place": place,
            "report": reports.get(place.pk),
            "due_on": rules[place.pk[:6]].due_on(period, "street"),
            "may_begin": is_recent and place.pk in own,
        }
        for place in streets
    ]


@require_POST
def open_report(request):
    period = q.read_recent(request.POST.get("quarter"))
    scope = Scope.of(*request.user.codes_for(QuarterlyReport, "add"))
    asked = clean_code(request.POST.get("community", ""))
    community = Division.objects.within(scope).filter(level="community", pk=asked).first()
    if period is None or community is None:
        raise NotVisible(Division, None)
    with refusals_shown(request):
        return redirect(QuarterlyReport.open_for(community, period, by=request.user))
    return redirect("reports:list")


def _found(request, pk, action="view"):
    return visible_or_404(QuarterlyReport.objects.select_related("community__parent"), request.user, action, pk=pk)


def report(request, pk):
    return pages.page(COMMUNITY, request, _found(request, pk))


@require_POST
def submit(request, pk):
    return pages.submit(COMMUNITY, request, _found(request, pk, "add"))


@require_POST
def decide(request, pk):
    return pages.decide(COMMUNITY, request, _found(request, pk, "decide"))


@require_GET
def workbook(request, pk):
    return report_workbook(_found(request, pk), by=request.user)
