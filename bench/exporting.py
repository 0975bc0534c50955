"""The register of a district, and its accepted rosters, written as workbooks and held against a generic export library.

Ours goes through the product's own export, as its worker does. The peer is given the same columns and rows; it is asked
for fewer of them where a row's cost does not grow.
"""

import datetime as dt

from django.db.models import Prefetch
from django.http import HttpRequest
from django.urls import resolve, reverse
from django.utils import timezone
from import_export import fields, resources

from bench import population
from bench.memory import risen
from children.models import Child, Kinship
from communities.models import Division
from records import exports
from records.workbooks import write
from surveys.models import Roster, RosterLine, SurveyRound


class Register:
    def __init__(self, rows):
        self.world = population.fill(rows)
        Child.objects.filter(pk=self.world.child.pk).update(left_on=dt.date(2026, 4, 1), left_reason="moved_out")

    def sheet(self):
        return _sheet(self.world.officer, "register")

    def rows(self):
        family = Kinship.objects.select_related("adult").prefetch_related("adult__aways")
        children = Child.objects.visible_to(self.world.officer).select_related("household", "community")
        return children.prefetch_related(Prefetch("kinships", family))


class Rosters:
    """Every community has handed in its roster, and each has been accepted."""

    def __init__(self, rows):
        self.world = population.fill(rows)
        officer, today = self.world.officer, timezone.localdate()
        district = Division.objects.get(pk=self.world.child.district)
        self.round = SurveyRound.objects.create(
            division=district, title="摸底", opens_on=today, due_on=today, opened_by=officer
        )
        Child.objects.update(registered_county="110101", came_on=dt.date(2024, 9, 1))  # migrants: a roster lists them
        codes = Child.objects.order_by().values_list("community", flat=True).distinct()
        for community in Division.objects.filter(pk__in=codes):
            roster = Roster.open_for(community, self.round, by=self.world.worker)
            roster.submit(by=self.world.worker)
            roster.accept(by=officer)

    def sheet(self):
        return _sheet(self.world.officer, "street_roster", f"round={self.round.pk}")

    def rows(self):
        return [line.as_line() for line in RosterLine.objects.order_by("edition__community_id", "position")]


KINDS = {"export": Register, "roster": Rosters}


def _sheet(user, kind, params=""):
    request = HttpRequest()
    request.method, request.user, request.resolver_match = "GET", user, resolve(reverse("records:exports"))
    return exports.get(kind).sheet(request, params)


def ours(asked):
    """How many rows were written."""
    file, written = write(asked.sheet())
    file.close()
    return written


def peers(asked):
    """The same by the library, as its own pages do it: the whole list, then the whole workbook."""
    data = resource_of(asked.sheet().columns)().export(asked.rows())
    data.export("xlsx")
    return len(data)


def resource_of(columns):
    """A library's resource with our columns, each asked of the row as ours are."""
    own = {
        f"column_{place}": fields.Field(column_name=" · ".join(column.words), readonly=True)
        for place, column in enumerate(columns)
    }

    def said(value):
        return lambda self, row: str(value(row) or "")

    own |= {f"dehydrate_column_{place}": said(column.value) for place, column in enumerate(columns)}
    own["Meta"] = type("Meta", (), {"model": Child, "fields": tuple(own)[: len(columns)]})
    return type("RowResource", (resources.ModelResource,), own)


def measure(what, who, rows):
    """Seconds for `rows` of `what`, and by how many MB the process rose for them."""
    asked = KINDS[what](rows)
    write_one = {"ours": ours, "peer": peers}[who]
    figures, written = risen(lambda: write_one(asked))
    assert written >= rows, (what, who, written, rows)
    return {**figures, "rows": written}
