"""From values to points, point by point. Pure: no rows, no clock.

A measured criterion gives its weight in full once the value reaches the target, else the part of it that was reached,
rounded down to a tenth. A criterion that is not measured gives no points: the committee judges it.
"""

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Line:
    """One criterion as it stands for one nominee; `points` is None for what the committee judges."""

    label: str
    weight: int
    measured: str = ""
    target: Decimal | None = None
    value: Decimal | None = None

    @property
    def points(self):
        return points(self.weight, self.value, self.target) if self.measured else None

    def as_data(self):
        shown = {"label": self.label, "weight": self.weight, "measured": self.measured}
        return {**shown, "target": _text(self.target), "value": _text(self.value)}

    @classmethod
    def from_data(cls, data):
        numbers = {name: None if data[name] is None else Decimal(data[name]) for name in ("target", "value")}
        return cls(data["label"], data["weight"], data["measured"], **numbers)


def points(weight, value, target):
    """Points in tenths for `value` where `target` gives them all; `target` > 0, values below nought count as nought."""
    reached = min(max(Decimal(value), Decimal(0)), Decimal(target))
    return (weight * reached / Decimal(target)).quantize(TENTH, ROUND_DOWN)


def score(lines):
    """(points of what is measured, the most that is measured)"""
    measured = [line for line in lines if line.measured]
    return sum((line.points for line in measured), Decimal(0)), sum(line.weight for line in measured)


def _text(number):
    return None if number is None else str(number)
