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
    def of_checks(cls, checks):
        """The trend of submitted checks (newest first); None where there are fewer than two."""
        marks = [
            (check.submitted_on.toordinal(), check.submitted_on, check.score, check.kind) for check in checks[::-1]
        ]
        return cls._of(marks)

    @classmethod
    def of_years(cls, means):
        """The trend of (year, mean score), the oldest first; None where there are fewer than two. The day of a point
        is its year."""
        return cls._of([(year, year, mean, "inspection") for year, mean in means])

    @classmethod
    def _of(cls, marks):
        """`marks`: [(place in time, day, score, kind)], the oldest first."""
        if len(marks) < 2:
            return None
        first, last = marks[0][0], marks[-1][0]
        room = WIDTH - LEFT - RIGHT - 2 * INSET
        lowest = min(HIGHEST_FLOOR, int(min(score for _at, _day, score, _kind in marks)) // 10 * 10)
        points = [
            Point(
                round(LEFT + INSET + room * (at - first) / max(last - first, 1), 1),
                _height_of(float(score), lowest),
                score,
                day,
                kind,
                len(marks) <= NAMED_AT_MOST or number in (1, len(marks)),
            )
            for number, (at, day, score, kind) in enumerate(marks, 1)
        ]
        return cls(points, lowest)

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


def _height_of(score, lowest):
    return round(TOP + (HEIGHT - TOP - BOTTOM) * (100 - score) / (100 - lowest), 1)
