"""Scores over time as a small drawing: points placed here, drawn by the template, told again by the list below it."""

from dataclasses import dataclass

from homes.scoring import EXCELLENT_FROM, QUALIFIED_FROM

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM, INSET = 44, 12, 28, 34, 32
HIGHEST_FLOOR = 50
NAMED_AT_MOST = 6


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    score: object
    day: object
    kind: str
    is_named: bool  # whether its score stands beside it: all of a few, else the first and the last


@dataclass(frozen=True)
class Trend:
    points: list[Point]
    lowest: int  # the score on the ground line
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
        room = WIDTH - LEFT - RIGHT - 2 * INSET
        lowest = min(HIGHEST_FLOOR, int(min(check.score for check in checks)) // 10 * 10)
        return cls(
            [
                Point(
                    round(LEFT + INSET + room * (check.submitted_on - first).days / days, 1),
                    _height_of(float(check.score), lowest),
                    check.score,
                    check.submitted_on,
                    check.kind,
                    len(checks) <= NAMED_AT_MOST or number in (1, len(checks)),
                )
                for number, check in enumerate(checks, 1)
            ],
            lowest,
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
        return [(score, _height_of(score, self.lowest)) for score in (self.lowest, QUALIFIED_FROM, EXCELLENT_FROM)]

    @property
    def ends(self):
        """The points whose day is written below: the first and the last."""
        return [self.points[0], self.points[-1]]


class YearlyTrend(Trend):
    """The mean score of each year; `day` of a point is its year."""

    @classmethod
    def of(cls, means):
        """The trend of (year, mean score), the oldest first; None where there are fewer than two."""
        if len(means) < 2:
            return None
        first, last = means[0][0], means[-1][0]
        room = WIDTH - LEFT - RIGHT - 2 * INSET
        lowest = min(HIGHEST_FLOOR, int(min(mean for _year, mean in means)) // 10 * 10)
        points = [
            Point(
                round(LEFT + INSET + room * (year - first) / (last - first), 1),
                _height_of(float(mean), lowest),
                mean,
                year,
                "inspection",
                True,
            )
            for year, mean in means
        ]
        return cls(points, lowest)


def _height_of(score, lowest):
    return round(TOP + (HEIGHT - TOP - BOTTOM) * (100 - score) / (100 - lowest), 1)
