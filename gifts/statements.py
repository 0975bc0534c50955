"""What became of gifts: figures and purposes for whoever gave. It never says which child."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from gifts.models import Entry, GiftLine, HandOut

To, Kind = HandOut.To, Entry.Kind
NONE = Decimal(0)


@dataclass(frozen=True)
class Line:
    """One thing: what came in is what went to each, plus what was written off, plus what is still there."""

    thing: GiftLine
    to_children: Decimal
    to_families: Decimal
    to_home: Decimal
    written_off: Decimal

    @property
    def left(self):
        return self.thing.remaining


@dataclass(frozen=True)
class Statement:
    lines: list[Line]
    children: int
    families: int
    value: Decimal

    @property
    def is_empty(self):
        return not self.lines


def statement_of(gifts):
    """Of these gifts, a queryset in the person's scope; what was noted by mistake is left out."""
    things = GiftLine.objects.filter(gift__in=gifts.standing().order_by().values("pk")).select_related("gift")
    went = _where_it_went(things)
    lines = [_line(thing, went) for thing in things.order_by("gift__received_on", "pk")]
    given = (
        HandOut.objects.standing()
        .filter(entry__line__in=things.order_by().values("pk"))
        .aggregate(
            children=Count("child", distinct=True, filter=Q(to=To.CHILD)),
            families=Count("child__household", distinct=True, filter=Q(to=To.FAMILY)),
        )
    )
    value = sum((line.thing.value for line in lines if line.thing.value is not None), NONE)
    return Statement(lines, given["children"], given["families"], value)


def _where_it_went(things):
    """{(key of a thing, kind of entry, to whom): quantity}; what came back counts against where it had gone."""
    rows = (
        Entry.objects.filter(line__in=things.order_by().values("pk"))
        .annotate(to=Coalesce("hand_out__to", "corrects__hand_out__to"))
        .order_by()
        .values_list("line", "kind", "to")
        .annotate(Sum("quantity"))
    )
    return {(line, kind, to): quantity for line, kind, to, quantity in rows}


def _line(thing, went):
    def given(to):
        return -sum(went.get((thing.pk, kind, to), NONE) for kind in (Kind.OUT, Kind.BACK))

    lost = -sum(went.get((thing.pk, kind, None), NONE) for kind in (Kind.OFF, Kind.FOUND))
    return Line(thing, given(To.CHILD), given(To.FAMILY), given(To.HOME), lost)
