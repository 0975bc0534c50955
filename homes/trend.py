"""Scores over time as a small drawing: points placed here, drawn by the template, told again by the table beside it."""

from dataclasses import dataclass

from homes.scoring import EXCELLENT_FROM, QUALIFIED_FROM

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 44, 24, 28, 34


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    score: object
    day: object
    kind: str


@dataclass(frozen=True)
class Trend:
    points: list[Point]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT

    @classmethod
    def of(cls, checks):
        """The trend of submitted checks (newest first); None where there are fewer than two."""
        if len(checks) < 2:
            return None
        checks = checks[::-1]
        first = checks[0].submitted_on
        days = max((checks[-1].submitted_on - first).days, 1)
        room = WIDTH - LEFT - RIGHT
        return cls(
            [
                Point(
                    round(LEFT + 12 + (room - 24) * (check.submitted_on - first).days / days, 1),
                    _height_of(float(check.score)),
                    check.score,
                    check.submitted_on,
                    check.kind,
                )
                for check in checks
            ]
        )

    @property
    def path(self):
        return " ".join(f"{point.x},{point.y}" for point in self.points)

    @property
    def right(self):
        return WIDTH - RIGHT

    @property
    def bottom(self):
        return HEIGHT - BOTTOM

    @property
    def lines(self):
        """(score, height) of the lines behind the points."""
        return [(score, _height_of(score)) for score in (0, QUALIFIED_FROM, EXCELLENT_FROM, 100)]

    @property
    def ends(self):
        """The points whose day is written below: the first and the last."""
        return [self.points[0], self.points[-1]]


def _height_of(score):
    return round(TOP + (HEIGHT - TOP - BOTTOM) * (100 - score) / 100, 1)
