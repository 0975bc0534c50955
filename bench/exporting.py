"""The register of a district written as a workbook, held against a generic export library over the same children.

Ours goes through the product's own export, as its worker does. The peer is given the same columns and rows; it is asked
for fewer of them where a row's cost does not grow.
"""

import datetime as dt

from django.db.models import Prefetch
from django.http import HttpRequest
from django.urls import resolve, reverse
from import_export import fields, resources

from bench import population
from bench.memory import risen
from children.models import Child, Kinship
from records import exports
from records.workbooks import write


def ours(world):
    """How many rows were written."""
    request = HttpRequest()
    request.method, request.user, request.resolver_match = "GET", world.officer, resolve(reverse("records:exports"))
    file, written = write(exports.get("register").sheet(request, ""))
    file.close()
    return written


def peers(world):
    """The same by the library, as its own pages do it: the whole list, then the whole workbook."""
    family = Kinship.objects.select_related("adult").prefetch_related("adult__aways")
    children = Child.objects.visible_to(world.officer).select_related("household", "community")
    data = resource_of(world)().export(children.prefetch_related(Prefetch("kinships", family)))
    data.export("xlsx")
    return len(data)


def resource_of(world):
    """A library's resource with our columns, each asked of the child as ours are."""
    request = HttpRequest()
    request.method, request.user, request.resolver_match = "GET", world.officer, resolve(reverse("records:exports"))
    columns = exports.get("register").sheet(request, "").columns
    own = {
        f"column_{place}": fields.Field(column_name=" · ".join(column.words), readonly=True)
        for place, column in enumerate(columns)
    }

    def said(value):
        return lambda self, child: str(value(child) or "")

    own |= {f"dehydrate_column_{place}": said(column.value) for place, column in enumerate(columns)}
    own["Meta"] = type("Meta", (), {"model": Child, "fields": tuple(own)[: len(columns)]})
    return type("ChildResource", (resources.ModelResource,), own)


def measure(who, rows):
    """Seconds for `rows`, and by how many MB the process rose for them."""
    world = population.fill(rows)
    Child.objects.filter(pk=world.child.pk).update(left_on=dt.date(2026, 4, 1), left_reason="moved_out")
    write_one = {"ours": ours, "peer": peers}[who]
    figures, written = risen(lambda: write_one(world))
    assert written >= rows, (who, written, rows)
    return {**figures, "rows": written}
