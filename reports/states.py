"""Whose report of a quarter has come, and asking for those that have not."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from communities.models import Division
from communities.places import may_at, places_to_add
from records.acting import act_once
from records.policy import NotVisible
from records.text import clean_code
from reports import quarters as q
from reports.choices import Choices, quarters_offered
from reports.models import ReportReminder
from reports.published import chosen_district
from reports.standing import NOT_BEGUN, STATES, by_community
from reports.tables import Head, Table, asked_for, workbook

OPEN = ("", "missing", *STATES)


@require_GET
def states(request):
    """Every community of the district with the state of its report; those that are missing can be reminded."""
    district, districts = chosen_district(request.user, request.GET.get("district", ""))
    if district is None:
        return render(request, "reports/district.html", {"districts": []})
    choices = Choices.read(request.GET, district, quarters_at_most=1)
    (period,) = choices.periods
    lines = [_line(*found) for found in by_community(request.user, district, period)]
    show = request.GET.get("show", "")
    if show in OPEN and show:
        lines = [line for line in lines if line["state"] == show or (show == "missing" and line["is_missing"])]
    table = _table(lines)
    if asked_for(request, [table]):
        return workbook(table, district, period.label, by=request.user)
    for line in lines:
        line["may_remind"] = line["is_missing"] and may_at(request.user, "add", ReportReminder, line["place"].pk)
    context = {
        "district": district,
        "districts": districts,
        "period": period,
        "choices": choices,
        "address": choices.written(),
        "quarters": [(q.written(p), p.label) for p in quarters_offered()],
        "lines": lines,
        "show": show if show in OPEN else "",
        "shows": [("", _("all")), ("missing", _("not handed in")), *STATES.items()],
    }
    return render(request, "reports/states.html", context)


def _line(place, report, reminded):
    state = report.status if report else NOT_BEGUN
    return {
        "place": place,
        "state": state,
        "words": STATES[state],
        "tone": {"accepted": "done", "submitted": "info"}.get(state, "todo"),
        "is_missing": state not in ("accepted", "submitted"),
        "is_late": bool(report) and report.is_late,
        "submitted": report.submitted_at.date() if report and report.submitted_at else None,
        "reminded": reminded,
    }


def _status(line):
    return _("%(status)s, late") % {"status": line["words"]} if line["is_late"] else str(line["words"])


def _table(lines):
    heads = [_("Community"), _("Street or town"), _("Status"), _("Submitted"), _("Last reminded")]
    rows = [
        [str(line["place"]), str(line["place"].parent), _status(line), line["submitted"], line["reminded"]]
        for line in lines
    ]
    return Table("states", _("Reports of the quarter"), [Head(words, is_number=False) for words in heads], rows)


@require_POST
def remind(request):
    """Ask one community for its report of a quarter that is over."""
    period = q.read_recent(request.POST.get("quarter"))
    code = clean_code(request.POST.get("community", ""))
    community = places_to_add(request.user, ReportReminder).filter(pk=code).first()
    if period is None or community is None:
        raise NotVisible(Division, None)
    back = f"{reverse('reports:district_states')}?district={community.district_code}&quarter={q.written(period)}"
    return act_once(
        request,
        lambda _data: ReportReminder.send(community, period, by=request.user),
        to=f"{back}&show=missing",
        said=_("The community is reminded: it stands on its first page."),
    )
