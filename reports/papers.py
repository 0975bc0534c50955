from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from records.lifecycle import Refused
from records.papers import paper
from reports import gaps
from reports.pages import sees_figures
from reports.sheets import sheets

COLUMNS = 7


@paper("quarterly_report", model="reports.QuarterlyReport", title=_("Quarterly report"))
def quarterly_report(reports, user):
    """The report on A4 in the official layout: figures, parts and texts, as it stands or as it was frozen."""
    return {"sheets": [_sheet(report) for report in reports]}


@paper("street_report", model="reports.StreetReport", title=_("Street report"))
def street_report(reports, user):
    """The street's report on A4, with a table of its communities; only for whoever reads every figure."""
    if not all(sees_figures(user, report) for report in reports):
        raise Refused(_now("This paper shows every figure of the communities. Your role reads what is published."))
    drawn = [_sheet(report) for report in reports]
    return {"sheets": [sheet | _communities(sheet["report"], sheet["drawn"]) for sheet in drawn]}


def _sheet(report):
    drawn = sheets(report)
    lines = [line for _title, lines in drawn.numbered for _number, line, _change in lines]
    whys = [(line.measure.label, why) for line in lines if (why := report.explanations.get(line.measure.key))]
    return {"report": report, "drawn": drawn, "whys": whys, "amendments": list(report.amendments.accepted())}


def _communities(report, drawn):
    """`by_community`: tables of so many communities as a sheet is wide, [([community], [(line, [number])])]."""
    counted = report.by_community()
    lines = [line for _title, lines in drawn.numbered for _number, line, _change in lines]
    places = [place for place in report.communities() if place.pk in counted]
    tables = []
    for first in range(0, len(places), COLUMNS):
        some = places[first : first + COLUMNS]
        tables.append((some, [(line, [counted[p.pk].get(line.measure.key, 0) for p in some]) for line in lines]))
    return {"by_community": tables, "missing": report.not_there()}


@paper("gap_board", model="communities.Division", title=_("Gap board"))
def gap_board(rows, user):
    """Communities and their gaps on one sheet, of those chosen whose work the person answers for."""
    keys = {row.pk for row in rows}
    if not (places := [place for place in gaps.places_of(user) if place.pk in keys]):
        raise Http404
    return {"board": gaps.board(user, places), "back_url": reverse("reports:gaps")}
