"""The gap board: communities and what is missing in each, as a picture that is read at a glance.

One query for each gap, whatever the number of communities and rows. A cell's weight goes by the worst community of
its gap: three quarters of that number and more weigh most.
"""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from communities.models import Division
from records import measures
from records.measures import GAP, Period
from records.scoping import Scope
from reports.models import QuarterlyReport

WEIGHTS = 4
GLYPHS = ["", "▁", "▃", "▅", "▇"]  # by weight, for paper without colour


@dataclass(frozen=True)
class Cell:
    place: Division
    count: int
    weight: int  # 0 for nothing, 1 to 4 beside the worst community of the gap
    url: str

    @property
    def glyph(self):
        return GLYPHS[self.weight]


@dataclass(frozen=True)
class Line:
    """One gap: a cell for each community, and the sum of them."""

    measure: Any
    cells: list[Cell]
    total: int

    @property
    def is_urgent(self):
        return self.measure.urgency <= 1


@dataclass(frozen=True)
class Board:
    """`groups`: [(words, [Line])] with something in them; `closed`: the gaps that no community has."""

    places: list[Division]
    groups: list
    closed: list
    totals: list[int]

    def lines(self):
        return [line for _title, lines in self.groups for line in lines]


def places_of(user):
    """The communities whose work `user` answers for."""
    scope = Scope.of(*user.codes_for(QuarterlyReport))
    return list(Division.objects.within(scope).filter(level="community").order_by("code")) if scope.codes else []


def shown_to(user):
    """Gaps of communities; a guarded one only to those who may see its rows, and nobody's own affairs."""
    for gap in measures.all_measures(GAP):
        if not gap.own and not _above_communities(gap) and (not gap.guarded or user.codes_for(gap.model)):
            yield gap


def board(user, places):
    """The board of these communities, which `user` must be allowed to see, as things stand today."""
    today, codes = Period.day(timezone.localdate()), [place.pk for place in places]
    scope = Scope.of(*codes)
    groups: dict[str, list] = {}
    closed, totals = [], [0] * len(places)
    for gap in shown_to(user):
        rows_of = Scope.of(*user.codes_for(gap.model))
        counts = gap.per_community(scope, today)
        if gap.guarded:
            counts = {code: n for code, n in counts.items() if code in rows_of}
        worst = max((counts.get(code, 0) for code in codes), default=0)
        if not worst:
            closed.append(gap)
            continue
        cells = [_cell(gap, place, counts.get(place.pk, 0), worst, place.pk in rows_of) for place in places]
        for n, cell in enumerate(cells):
            totals[n] += cell.count
        app = gap.rows.__module__.partition(".")[0]
        groups.setdefault(app, []).append(Line(gap, cells, sum(cell.count for cell in cells)))
    ordered = [(_words(app), sorted(lines, key=lambda line: line.measure.urgency)) for app, lines in groups.items()]
    return Board(places, ordered, closed, totals)


def _cell(gap, place, count, worst, sees_rows):
    weight = -(-count * WEIGHTS // worst)  # rounded up: whatever is there weighs something
    address = reverse("reports:measure", args=[gap.key])
    return Cell(place, count, weight, f"{address}?community={place.pk}" if sees_rows else address)


def _above_communities(gap):
    """Whether its rows stand under streets or districts, or tell of what these owe: no gap of a community."""
    asked = [gap.model]
    if gap.needs:
        app, right = gap.needs.split(".")
        asked.append(apps.get_model(app, right.partition("_")[2]))
    return any(model.community_path.endswith(("street_id", "district_id")) for model in asked)


def _words(app):
    return apps.get_app_config(app).verbose_name
