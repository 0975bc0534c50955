"""What a person chose on a page of the district's figures, read from its address and written back into one.

Nothing that is typed is believed: figures, quarters and places that are not offered fall away, and what remains is what
a saved view keeps.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from reports import layout
from reports import quarters as q

FIGURES_AT_MOST, QUARTERS_AT_MOST = 6, 4
QUARTERS_OFFERED = 12
FIRST_FIGURES = ["children_on_register", "left_behind_children", "migrant_children", "children_paired"]
LEVELS = ("street", "community")


def figures_offered():
    """The measures of the report that are published: all but sums of others."""
    return [measure for _title, measures in layout.sections() for measure in measures if measure.key not in layout.SUMS]


def quarters_offered():
    """Quarters that are over, newest first."""
    return q.recent(QUARTERS_OFFERED + 1)[1:]


@dataclass(frozen=True)
class Choices:
    """`place`: a code below the district, or empty. `sort`: a column's number from 1, negative for the largest first; 0
    keeps the order of codes."""

    district: str
    figures: tuple[str, ...]
    quarters: tuple[str, ...]  # as in "2026Q3", newest first
    level: str = "street"
    place: str = ""
    sort: int = 0

    @classmethod
    def read(cls, asked, district, *, quarters_at_most):
        offered = [measure.key for measure in figures_offered()]
        chosen = asked.getlist("figure")
        figures = [key for key in offered if key in chosen] or [key for key in FIRST_FIGURES if key in offered]
        known = [q.written(period) for period in quarters_offered()]
        quarters = [written for written in known if written in asked.getlist("quarter")] or known[:1]
        level, place, sort = asked.get("level"), asked.get("place", ""), asked.get("sort", "")
        return cls(
            district.pk,
            tuple(figures[:FIGURES_AT_MOST]),
            tuple(quarters[:quarters_at_most]),
            level if level in LEVELS else LEVELS[0],
            place
            if place.isascii() and place.isdigit() and place.startswith(district.pk) and len(place) in (9, 12)
            else "",
            int(sort) if sort.removeprefix("-").isascii() and sort.removeprefix("-").isdigit() and len(sort) < 4 else 0,
        )

    @property
    def periods(self):
        return [q.read(written) for written in self.quarters]

    def written(self, **changed):
        """The query string of these choices; `changed` takes the place of some."""
        values = {
            "district": self.district, "figure": self.figures, "quarter": self.quarters, "level": self.level,
            "place": self.place, "sort": self.sort, **changed,
        }  # fmt: skip
        return urlencode({name: value for name, value in values.items() if value}, doseq=True)
