"""Figures over the quarters as small drawings: bars placed here, drawn by the template, told again by a table."""

from dataclasses import dataclass
from typing import Any

from appraisal.year_figures import NONE
from records import measures

WIDTH, HEIGHT, TOP, BOTTOM, GAP = 520, 170, 26, 24, 10
SHOWN = ["children_on_register", "children_paired", "contacts_visit", "sessions_held", "attendances", "helpers_active"]


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    label: str
    value: int | None  # None: hidden, or there is none

    @property
    def middle(self):
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True)
class Trend:
    label: Any
    bars: list[Bar]
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def ground(self):
        return HEIGHT - BOTTOM


def bars(labels, values):
    """Bars for `values`, the largest as high as the drawing; None has no height."""
    room = (WIDTH - GAP) / max(len(values), 1)
    most = max([value for value in values if value] or [1])
    high = HEIGHT - TOP - BOTTOM
    found = []
    for number, (label, value) in enumerate(zip(labels, values, strict=True)):
        tall = round(high * (value or 0) / most, 1)
        x = round(GAP + number * room, 1)
        found.append(Bar(x, round(HEIGHT - BOTTOM - tall, 1), round(room - GAP, 1), tall, label, value))
    return found


def trends_of(figures, code):
    """A drawing for each measure shown that has two numbers or more."""
    first = next((n for n, written in enumerate(figures["quarters"]) if figures["states"][written][0] != NONE), 0)
    labels = figures["quarters"][first:]
    found = []
    for key in SHOWN:
        values = figures["rows"].get(key, {}).get(code, [])[first:]
        if len([value for value in values if value is not None]) > 1:
            found.append(Trend(measures.get(key).label, bars(labels, values)))
    return found
