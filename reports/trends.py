"""A figure over quarters as a small drawing: bars placed here, drawn by the template, told again by the table beside.

A bar has its number above it, and a hidden number a dot on the ground line, so that nothing is told by colour.
"""

from dataclasses import dataclass

from records.measures import Measure
from reports.published import Shown

WIDTH, HEIGHT = 480, 200
TOP, BOTTOM, SIDE = 30, 30, 8


@dataclass(frozen=True)
class Bar:
    quarter: str  # "2026Q3"
    label: str
    shown: Shown | None
    x: float
    middle: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Trend:
    measure: Measure
    bars: list[Bar]
    width: int = WIDTH
    height: int = HEIGHT
    ground: int = HEIGHT - BOTTOM

    @classmethod
    def of(cls, measure, quarters):
        """`quarters`: [(written, label, Shown or None)], oldest first; bars begin at nought."""
        most = max((one.value for _w, _l, one in quarters if one and one.value), default=0)
        step = (WIDTH - 2 * SIDE) / max(len(quarters), 1)
        room = HEIGHT - TOP - BOTTOM
        bars = []
        for number, (written, label, shown) in enumerate(quarters):
            tall = round(room * shown.value / most, 1) if shown and shown.value else 0
            x = SIDE + number * step
            bars.append(
                Bar(written, label, shown, round(x + step * 0.18, 1), round(x + step / 2, 1),
                    round(HEIGHT - BOTTOM - tall, 1), round(step * 0.64, 1), tall)
            )  # fmt: skip
        return cls(measure, bars)

    @property
    def has_numbers(self):
        return any(bar.shown for bar in self.bars)
