"""What an inspection is worth: a pure function of the requirements and what was found.

An item met earns its weight, one partly met half of it, anything else nothing; an item that does not apply is left
out of both sides. The score is what was earned of what applied, out of 100. A barred item that is not met keeps
"excellent" away, however high the score.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum
from fractions import Fraction

EXCELLENT_FROM, QUALIFIED_FROM = 90, 70


class Grade(StrEnum):
    EXCELLENT = "excellent"
    QUALIFIED = "qualified"
    RECTIFY = "rectify"


class Outcome(StrEnum):
    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not_met"
    UNANSWERED = "unanswered"
    LEFT_OUT = "left_out"


EARNS = {
    Outcome.MET: Fraction(1),
    Outcome.PARTLY: Fraction(1, 2),
    Outcome.NOT_MET: Fraction(0),
    Outcome.UNANSWERED: Fraction(0),
}


@dataclass(frozen=True)
class Rule:
    """What an item asks."""

    code: str
    section: str
    kind: str  # bool, number, choice, photo, computed
    weight: int
    threshold: Decimal | None = None
    exactly: bool = False
    choices: int = 0
    is_bar: bool = False


@dataclass(frozen=True)
class Found:
    """What was found for an item; nothing at all is an item nobody answered."""

    yes: bool | None = None
    number: Decimal | None = None
    choice: int | None = None  # 0 is the best
    photos: int = 0
    left_out: bool = False


@dataclass(frozen=True)
class Line:
    code: str
    section: str
    outcome: Outcome
    earned: Fraction
    weight: int

    @property
    def is_gap(self):
        return self.outcome not in (Outcome.MET, Outcome.LEFT_OUT)


@dataclass(frozen=True)
class Verdict:
    lines: tuple[Line, ...]
    score: Decimal
    grade: Grade
    bars: tuple[str, ...]  # codes of barred items that are not met

    def as_data(self):
        """The verdict as plain data, to be kept."""
        return {
            "items": [
                {
                    "code": line.code,
                    "section": line.section,
                    "outcome": str(line.outcome),
                    "halves": int(2 * line.earned),
                    "weight": line.weight,
                }
                for line in self.lines
            ],
            "bars": list(self.bars),
        }

    @classmethod
    def from_data(cls, data, *, score, grade):
        """The verdict that was kept: what was decided then, whatever the rules are now."""
        lines = [
            Line(i["code"], i["section"], Outcome(i["outcome"]), Fraction(i["halves"], 2), i["weight"])
            for i in data["items"]
        ]
        return cls(tuple(lines), score, Grade(grade), tuple(data["bars"]))

    def of_section(self, section):
        """(earned, weight that applied) of one section."""
        counted = [line for line in self.lines if line.section == section and line.outcome != Outcome.LEFT_OUT]
        return sum((line.earned for line in counted), Fraction(0)), sum(line.weight for line in counted)


def outcome(rule: Rule, found: Found) -> Outcome:
    if found.left_out:
        return Outcome.LEFT_OUT
    match rule.kind:
        case "bool":
            return _outcome(found.yes, lambda yes: yes)
        case "choice":
            return _chosen(rule, found.choice)
        case "photo":
            return _outcome(found.photos or None, lambda photos: photos >= rule.threshold)
        case "number" | "computed":
            return _outcome(found.number, lambda n: n == rule.threshold if rule.exactly else n >= rule.threshold)
    raise ValueError(f"There is no kind {rule.kind}.")


def _outcome(value, met):
    if value is None:
        return Outcome.UNANSWERED
    return Outcome.MET if met(value) else Outcome.NOT_MET


def _chosen(rule, choice):
    """The best choice is met, the last is not, those between are partly met."""
    if choice is None:
        return Outcome.UNANSWERED
    if choice == 0:
        return Outcome.MET
    return Outcome.PARTLY if choice < rule.choices - 1 else Outcome.NOT_MET


def judge(pairs: Iterable[tuple[Rule, Found]]) -> Verdict:
    lines, bars = [], []
    for rule, found in pairs:
        result = outcome(rule, found)
        earned = Fraction(0) if result == Outcome.LEFT_OUT else EARNS[result] * rule.weight
        lines.append(Line(rule.code, rule.section, result, earned, rule.weight))
        if rule.is_bar and lines[-1].is_gap:
            bars.append(rule.code)
    score = _score(lines)
    return Verdict(tuple(lines), score, _grade(score, bars), tuple(bars))


def _score(lines):
    applied = sum(line.weight for line in lines if line.outcome != Outcome.LEFT_OUT)
    if not applied:
        return Decimal("0.0")
    exact = 100 * sum((line.earned for line in lines), Fraction(0)) / applied
    # Rounded down, so that a score shown as 90.0 is never less than 90.
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.1"), ROUND_FLOOR)


def _grade(score, bars):
    if score >= EXCELLENT_FROM and not bars:
        return Grade.EXCELLENT
    return Grade.QUALIFIED if score >= QUALIFIED_FROM else Grade.RECTIFY
