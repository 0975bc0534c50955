"""Where the adults of a child were over the years: stays away, and between them the time at home."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

WIDTH, TOP, HEIGHT = 1000, 34, 44  # of the drawing, above its lines, of each line
YEARS_AT_LEAST = 2


@dataclass(frozen=True)
class Stretch:
    """A stay, or with `stay` None a time at home. Without `end` it goes on; without `start` nobody knows since when."""

    start: Any
    end: Any
    stay: Any = None


@dataclass(frozen=True)
class Line:
    """One adult's stretches, the newest first, and bars for a drawing `WIDTH` wide."""

    kin: Any
    stretches: list
    bars: list
    y: int

    @property
    def adult(self):
        return self.kin.adult

    @property
    def stay_now(self):
        newest = self.stretches[0].stay
        return newest if newest and newest.until is None else None


def stretches_of(stays, today):
    """Stays as they followed each other, the newest first, with what lies between as at home."""
    found, free_since = [], None
    for stay in sorted(stays, key=lambda stay: (stay.begins, stay.pk)):
        if free_since and free_since < stay.begins:
            found.append(Stretch(free_since, stay.begins))
        found.append(Stretch(stay.since, stay.until, stay))
        free_since = stay.until
    if not found:
        return [Stretch(None, None)]
    if free_since and free_since <= today:
        found.append(Stretch(free_since, None))
    return found[::-1]


def lines_of(kinships, today):
    """(lines, years): a line for each adult who was ever away and for both parents, and the marks of the years."""
    shown = [kin for kin in kinships if kin.relation in ("father", "mother") or kin.adult.aways.all()]
    shown.sort(key=lambda kin: {"father": 0, "mother": 1}.get(kin.relation, 2))
    begins = [stay.begins for kin in shown for stay in kin.adult.aways.all()]
    first = dt.date(min([*(day.year for day in begins), today.year - YEARS_AT_LEAST + 1]), 1, 1)
    scale = _Scale(first, today)
    lines = [
        Line(kin, stretches_of(stays, today), _bars(stays, scale), TOP + HEIGHT * row)
        for row, kin in enumerate(shown)
        for stays in [list(kin.adult.aways.all())]
    ]
    return lines, [(scale.at(dt.date(year, 1, 1)), year) for year in range(first.year, today.year + 1)]


def drawing_height(lines):
    return TOP + HEIGHT * len(lines)


@dataclass(frozen=True)
class _Scale:
    first: dt.date
    last: dt.date

    def at(self, day):
        day = min(max(day, self.first), self.last)
        return round(WIDTH * (day - self.first).days / max((self.last - self.first).days, 1))


def _bars(stays, scale):
    """(x, width) of each stay."""
    spans = [(scale.at(stay.begins), scale.at(stay.until or scale.last)) for stay in stays]
    return [(start, max(end - start, 2)) for start, end in spans]
