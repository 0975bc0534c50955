"""A check's answers as one person reads them: by section, how far they are, what is missing."""

from dataclasses import dataclass
from functools import cached_property

from homes import checking
from homes.findings import Findings, measure_url
from homes.models import Answer, StandardItem
from homes.scoring import Line, Outcome


@dataclass
class Entry:
    """One requirement with what was found, in the reader's words."""

    answer: Answer
    line: Line
    found: str

    @property
    def item(self):
        return self.answer.item

    @property
    def outcome(self):
        return str(self.line.outcome)

    @property
    def earned(self):
        return float(self.line.earned)

    @property
    def measure_url(self):
        return measure_url(self.item) if self.answer.measured else ""

    @property
    def by_hand(self):
        """A figure the system should measure and cannot."""
        return self.item.kind == StandardItem.Kind.COMPUTED and not self.answer.measured


@dataclass
class Part:
    """One section of the standard."""

    key: str
    title: str
    entries: list[Entry]

    @property
    def answered(self):
        return sum(entry.answer.is_answered for entry in self.entries)

    @property
    def total(self):
        return len(self.entries)

    @property
    def so_far(self):
        return f"{self.answered}/{self.total}"

    @property
    def earned(self):
        return sum(entry.earned for entry in self.entries)

    @property
    def weight(self):
        return sum(e.item.weight for e in self.entries if e.line.outcome != Outcome.LEFT_OUT)


class Reading:
    """Built from the answers (items and photos loaded), in their order; once submitted, from the kept verdict."""

    def __init__(self, check, answers, user):
        self.verdict = checking.judge(answers) if check.is_draft else check.verdict
        lines = {line.code: line for line in self.verdict.lines}
        findings = Findings(user)
        self.entries = [Entry(answer, lines[answer.item.code], findings.words(answer)) for answer in answers]

    @cached_property
    def parts(self):
        return [
            Part(key, title, [entry for entry in self.entries if entry.item.section == key])
            for key, title in StandardItem.Section.choices
        ]

    @property
    def answered(self):
        return sum(part.answered for part in self.parts)

    @property
    def total(self):
        return len(self.entries)

    @property
    def unanswered(self):
        return [entry for entry in self.entries if not entry.answer.is_answered]

    @property
    def gaps(self):
        """What is not met or only partly, the heaviest first."""
        gaps = [entry for entry in self.entries if entry.line.is_gap]
        return sorted(gaps, key=lambda entry: entry.earned - entry.item.weight)

    @property
    def bars(self):
        return [entry for entry in self.entries if entry.item.code in self.verdict.bars]
