"""What the federation reads: published figures of accepted reports, never a row (`reports.publishing`)."""

import datetime as dt

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from communities.models import Division
from records import measures
from records.panels import days_for, panels_for
from records.policy import NotVisible
from records.scoping import Scope
from reports import layout
from reports import quarters as q
from reports.choices import Choices, figures_offered, quarters_offered
from reports.models import SavedView
from reports.published import Published, Shown, chosen_district, inside, key_of
from reports.standing import STATES, standing
from reports.tables import Head, Link, Table, asked_for, workbook
from reports.trends import Trend

QUARTERS_DRAWN = 8
DAYS_AHEAD = 60


@require_GET
def overview(request):
    """A quarter of one district, street or community: its figures, how they went, and how far the reports have come."""
    district, districts = chosen_district(request.user, request.GET.get("district", ""))
    if district is None:
        return render(request, "reports/district.html", {"districts": []})
    choices = Choices.read(request.GET, district, quarters_at_most=1)
    (period,) = choices.periods
    streets = list(inside(district, Division.Level.STREET))
    place = _place(district, streets, choices.place)
    drawn = _drawn(period)
    figures = Published(request.user, district).over_time(place.pk, [*drawn, q.year_before(period)])
    trends = _trends(choices.figures, _from_first_told(drawn, figures), figures)
    trends = [(trend, _trend_table(trend)) for trend in trends]
    sections = [table for table in _sections(period, figures, choices) if table.rows]
    far = far_table = None
    panels = []
    if place == district:
        far = standing(request.user, district, period)
        far_table = _standing_table(far, streets)
        panels = _panel_tables(request.user, district, streets)
    tables = [*sections, *(table for _trend, table in trends), *([far_table] if far else []), *panels]
    if (table := asked_for(request, tables)) is not None:
        return workbook(table, district, f"{place} · {period.label}", by=request.user)
    today = timezone.localdate()
    context = {
        "district": district,
        "districts": districts,
        "place": place,
        "streets": streets,
        "period": period,
        "choices": choices,
        "address": choices.written(),
        "quarters": [(q.written(p), p.label) for p in quarters_offered()],
        "figures": figures_offered(),
        "sections": sections,
        "trends": trends,
        "far": far,
        "far_table": far_table,
        "panels": panels,
        "ahead": days_for(request.user, Scope.of(district.pk), today, today + dt.timedelta(days=DAYS_AHEAD)),
        "page": SavedView.Page.OVERVIEW,
    }
    return render(request, "reports/district.html", context)


def _place(district, streets, code):
    """The district, or one of its streets or communities."""
    if not code:
        return district
    found = next((street for street in streets if street.pk == code), None)
    found = found or inside(district, Division.Level.COMMUNITY).filter(pk=code).first()
    if found is None:
        raise NotVisible(Division, code)
    return found


def _drawn(period):
    """The quarters of the pictures, oldest first, up to the one chosen."""
    found = [period]
    while len(found) < QUARTERS_DRAWN:
        found.append(q.before(found[-1]))
    return found[::-1]


def _from_first_told(drawn, figures):
    """Without the quarters before any figure was published."""
    told = {quarter for _measure, quarter in figures}
    first = next((n for n, period in enumerate(drawn) if key_of(period) in told), len(drawn) - 1)
    return drawn[first:]


def _trends(keys, drawn, figures):
    trends = [
        Trend.of(
            measures.get(key),
            [(q.written(period), period.label, figures.get((key, key_of(period)))) for period in drawn],
        )
        for key in keys
    ]
    return [trend for trend in trends if trend.has_numbers]


def _trend_table(trend):
    heads = [Head(_("Quarter"), is_number=False), Head(_("Number")), Head(_("Communities counted"))]
    rows = [[bar.label, bar.shown, _counted(bar.shown)] for bar in reversed(trend.bars)]
    return Table(f"trend-{trend.measure.key}", trend.measure.label, heads, rows)


def _counted(shown):
    return None if shown is None or shown.is_hidden else shown.communities


def _sections(period, figures, choices):
    """A table for each section of the report: this quarter, the last one, a year ago."""
    heads = [Head(_("What is counted"), is_number=False), Head(period.label)]
    heads += [Head(_("Last quarter")), Head(_("A year ago")), Head(_("Communities counted"))]
    then = [key_of(period), key_of(q.before(period)), key_of(q.year_before(period))]
    tables = []
    for number, (title, members) in enumerate(layout.sections(), 1):
        rows = []
        for measure in members:
            now, *earlier = (figures.get((measure.key, quarter)) for quarter in then)
            if now is not None:
                rows.append([Link(measure.label, _address_of(measure, choices)), now, *earlier, _counted(now)])
        tables.append(Table(f"section-{number}", title, heads, rows))
    return tables


def _address_of(measure, choices):
    quarter = choices.quarters[0]
    return f"{reverse('reports:district_measure', args=[measure.key])}?district={choices.district}&quarter={quarter}"


def _standing_table(far, streets):
    names = {street.pk: street for street in streets}
    heads = [Head(_("Street or town"), is_number=False), *(Head(words) for words in STATES.values())]
    rows = [
        [str(names.get(code, code)), *(states.get(state, 0) for state in STATES)]
        for code, states in far.streets.items()
    ]
    return Table("reports", _("Reports of the quarter"), heads, rows)


def _panel_tables(user, district, streets):
    names = {street.pk: street for street in streets}
    return [
        Table(
            panel.name,
            panel.title,
            [Head(_("Street or town"), is_number=False), *map(Head, panel.columns)],
            [[str(names.get(code, code)), *cells] for code, *cells in panel.rows],
            url=panel.url,
        )
        for panel in panels_for(user, Scope.of(district.pk))
    ]


@require_GET
def one_measure(request, key):
    """One measure by street and community, and by its parts for the district."""
    try:
        found = measures.get(key)
    except KeyError:
        raise Http404 from None
    district, districts = chosen_district(request.user, request.GET.get("district", ""))
    if district is None:
        return render(request, "reports/district.html", {"districts": []})
    choices = Choices.read(request.GET, district, quarters_at_most=1)
    (period,) = choices.periods
    places, parts = Published(request.user, district).of_measure(key, period)
    tables = [_places_table(district, places), *_parts_tables(found, parts, places.get(district.pk))] if places else []
    if (table := asked_for(request, tables)) is not None:
        return workbook(table, district, f"{found.label} · {period.label}", by=request.user)
    context = {
        "measure": found,
        "district": district,
        "districts": districts,
        "period": period,
        "choices": choices,
        "address": choices.written(figure=[key]),
        "quarters": [(q.written(p), p.label) for p in quarters_offered()],
        "tables": tables,
    }
    return render(request, "reports/district_measure.html", context)


def _places_table(district, places):
    heads = [Head(_("Division"), is_number=False), Head(_("Level"), is_number=False)]
    heads += [Head(_("Number")), Head(_("Communities counted"))]
    rows = [
        [str(place), place.get_level_display(), places[place.pk], _counted(places[place.pk])]
        for place in inside(district, *Division.Level)
        if place.pk in places
    ]
    return Table("places", _("By street and community"), heads, rows)


def _parts_tables(measure, parts, whole):
    """A table for each way the district's number is divided; a part that nobody falls into is 0."""
    tables = []
    for name, breakdown in measure.breakdowns.items():
        if whole is None or not any(published == name for published, _part in parts):
            continue
        heads = [Head(breakdown.label, is_number=False), Head(_("Number"))]
        none = Shown(0, whole.communities)
        rows = [[str(words), parts.get((name, part), none)] for part, words in breakdown.groups.items()]
        tables.append(Table(f"parts-{name}", breakdown.label, heads, rows))
    return tables
