"""The figures of a year by quarter: frozen where the street office accepted the report, else as rows stand now.

A district's book holds accepted figures alone, with small numbers and what would reveal them hidden by the same means
and in the same way as the district's overview, so that the two cannot be played against each other.
"""

from collections.abc import Callable

from django.utils import timezone

from communities.models import Division
from records import measures
from records.measures import Period
from records.scoping import Scope
from reports import layout
from reports import quarters as q
from reports.models import QuarterlyReport
from reports.published import Published

FROZEN, LIVE, MIXED, NONE = "frozen", "live", "mixed", "none"


def periods(year):
    """The quarters of the year before and of the year, as far as they have begun."""
    every = [Period.quarter(y, number) for y in (year - 1, year) for number in (1, 2, 3, 4)]
    return [period for period in every if period.start <= timezone.localdate()]


def measure_keys():
    return [found.key for _title, members in layout.sections() for found in members]


def joined(communities, frozen, live):
    """{community: number}: the frozen figure where there is one, else the live one, else nought.

    `frozen`: {community: number or None for a measure that was not drawn then}; `live`: {community: number}.
    """
    return {
        code: frozen[code] if frozen.get(code) is not None else 0 if code in frozen else live.get(code, 0)
        for code in communities
    }


def draw(division, year, *, by, progress: Callable):
    """{"quarters": [written], "states": {written: [state, counted, communities]}, "rows": {measure: {code: [number]}}}.

    Codes are the division and, for a street or district, the divisions right below it; None stands for a hidden number
    and for a quarter without any.
    """
    spans = periods(year)
    is_district = division.level == Division.Level.DISTRICT
    published = Published(by, division) if is_district else None
    states: dict[str, list] = {}
    rows: dict[str, dict] = {key: {} for key in measure_keys()}
    for number, period in enumerate(spans):
        told = lambda done, of, number=number: progress(number * of + done, len(spans) * of)  # noqa: E731
        if is_district:
            state, numbers = _of_district(division, period, published)
            told(1, 1)
        else:
            state, numbers = _of_rows(division, period, year, told)
        states[q.written(period)] = state
        for key, by_code in numbers.items():
            for code, value in by_code.items():
                rows[key].setdefault(code, [None] * len(spans))[number] = value
    return {"quarters": [q.written(period) for period in spans], "states": states, "rows": rows}


def _of_rows(division, period, year, progress):
    """Of a community or street. A year that is over and was not reported is not drawn from rows of today."""
    scope = Scope.of(division.pk)
    communities = list(
        Division.objects.within(scope).filter(level="community").order_by("code").values_list("code", flat=True)
    )
    reports = QuarterlyReport.objects.within(scope).of(period).accepted()
    reported = set(reports.values_list("community", flat=True))
    is_drawn = period.start.year == year
    if not is_drawn and not reported:
        return [NONE, 0, len(communities)], {}
    frozen = {code: table.figures() for code, table in reports.tables_in_force().items()}
    numbers = {}
    every = measure_keys()
    for done, key in enumerate(every, 1):
        left = [code for code in communities if code not in reported] if is_drawn else []
        live = measures.get(key).per_community(Scope.of(*left), period) if left else {}
        kept = {code: frozen[code][key]["value"] if key in frozen[code] else None for code in reported}
        counted = joined(communities if is_drawn else sorted(reported), kept, live)
        numbers[key] = {division.pk: sum(counted.values())}
        if division.level == Division.Level.STREET:
            numbers[key] |= counted
        progress(done, len(every))
    all_in = len(reported) == len(communities)
    state = FROZEN if all_in else MIXED if reported else LIVE
    return [state, len(reported), len(communities)], numbers


def _of_district(division, period, published):
    figures = published.of_quarter(period)
    places = Division.objects.within(Scope.of(division.pk))
    streets = [place.pk for place in places if place.level == Division.Level.STREET]
    communities = [place.pk for place in places if place.level == Division.Level.COMMUNITY]
    counted = {code for _quarter, code in published.reported([period], "community")} & set(communities)
    if not counted:
        return [NONE, 0, len(communities)], {}
    numbers = {}
    for key in measure_keys():
        codes = [code for code in (division.pk, *streets) if (key, code) in figures]
        numbers[key] = {code: figures[key, code].value for code in codes}
    return [FROZEN if len(counted) == len(communities) else MIXED, len(counted), len(communities)], numbers
