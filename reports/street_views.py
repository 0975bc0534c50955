"""A street's report of a quarter: for the street office all figures, for the district what is published."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from records.policy import visible_or_404
from reports import layout, lists, pages
from reports import quarters as q
from reports.export import report_workbook
from reports.models import StreetReport
from reports.published import Published, Shown, key_of
from reports.views import STREET


@require_GET
def streets(request):
    """One quarter: each street's report and its state."""
    asked = lists.quarter_asked_for(request)
    context = asked | {"streets": lists.rows_of(STREET, request.user, asked["period"])}
    return render(request, "reports/streets.html", context)


@require_POST
def open_report(request):
    return lists.begin(STREET, request, back="reports:streets")


def _found(request, pk, action="view"):
    return visible_or_404(StreetReport.objects.select_related("street"), request.user, action, pk=pk)


def street_report(request, pk):
    found = _found(request, pk)
    if not pages.sees_figures(request.user, found):
        if request.method == "POST":
            raise PermissionDenied
        return render(request, "reports/street_read.html", read_context(request, found))
    return pages.page(STREET, request, found)


def read_context(request, found, decision=None):
    """What the district reads: texts, who is missing, and no number that is not published to it."""
    published = Published(request.user, found.street.parent).over_time(found.street_id, [found.period])
    table = None if found.is_open else found.in_force()
    may_decide = found.status == found.Status.SUBMITTED and STREET.may(request.user, "decide", found)
    if may_decide and decision is None:
        decision = pages.decision_form(found, table)
    remarks = decision.remark_fields() if decision and may_decide else {}
    sections = [
        (
            title,
            [
                _row(found, line, shown_sum(published, line, found.period), remarks)
                for line in lines
                if line.measure.key not in layout.SUMS
            ],
        )
        for title, lines in (table.sections if table else [])
    ]
    return {
        "report": found,
        "sections": sections,
        "missing": found.not_there(),
        "late": found.came_late(),
        "last": found.last(),
        "decision": decision if may_decide else None,
        "amendments": pages.amendments(request.user, STREET, found),
        "written": q.written(found.period),
        "decide_url": STREET.url("decide", found),
    }


def _row(found, line, shown, remarks):
    """Words about a hidden number stay away with it: they may tell it."""
    key = line.measure.key
    return {
        "measure": line.measure,
        "shown": shown,
        "why": "" if shown.is_hidden else found.explanations.get(key, ""),
        "remark_field": remarks.get(key),
    }


def shown_sum(published, line, period):
    """The street's figure where it is what `published` ({(measure, quarter): Shown}) shows of the street; else hidden.

    A sum that differs from the published one, because a community came late, could be subtracted from it.
    """
    shown = published.get((line.measure.key, key_of(period)), Shown(None))
    return shown if shown.value == line.value else Shown(None)


@require_POST
def submit(request, pk):
    return pages.submit(STREET, request, _found(request, pk, "add"))


@require_POST
def decide(request, pk):
    found = _found(request, pk, "decide")

    def again(form):
        return render(request, "reports/street_read.html", read_context(request, found, form), status=422)

    return pages.decide(STREET, request, found, again)


@require_GET
def workbook(request, pk):
    found = _found(request, pk)
    if not pages.sees_figures(request.user, found):
        raise Http404
    return report_workbook(found, by=request.user)
