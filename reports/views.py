"""The communities' reports of a quarter, and one of them."""

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from records.policy import visible_or_404
from reports import lists, pages
from reports.export import report_workbook
from reports.forms import ReportTextsForm, StreetTextsForm
from reports.models import QuarterlyReport, StreetReport

COMMUNITY = pages.Kind(
    QuarterlyReport,
    ReportTextsForm,
    "community",
    "",
    "reports/report.html",
    submitted=_("Submitted to the street office. The figures are frozen."),
    accepted=_("Accepted. The federation can now read its figures."),
    returned=_("Returned to the community."),
)


STREET = pages.Kind(
    StreetReport,
    StreetTextsForm,
    "street",
    "street",
    "reports/street.html",
    submitted=_("Submitted to the district. The figures are frozen."),
    accepted=_("Accepted."),
    returned=_("Returned to the street office."),
)


@require_GET
def quarters(request):
    """One quarter: each community's report and its state, with those that have not reported named."""
    asked = lists.quarter_asked_for(request)
    rows = lists.rows_of(COMMUNITY, request.user, asked["period"])
    context = asked | {
        "rows": rows,
        "today": timezone.localdate(),
        "sent": sum(row["report"] is not None and not row["report"].is_open for row in rows),
        "streets": lists.rows_of(STREET, request.user, asked["period"]),
    }
    return render(request, "reports/quarters.html", context)


@require_POST
def open_report(request):
    return lists.begin(COMMUNITY, request, back="reports:list")


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
