"""What makes one pairing better than another: points for each thing found, all weights in this one place."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Weight:
    """What the child needs and the helper offers, as sets: each in both is worth `points`, `most` of them count."""

    key: str
    meaning: Any
    points: int
    needed: Callable
    offered: Callable
    most: int = 1

    def found(self, child, helper):
        return self.needed(child) & self.offered(helper)


@dataclass(frozen=True)
class Link:
    """What holds between one child and one helper, or does not."""

    key: str
    meaning: Any
    points: int
    holds: Callable
    most = 1

    def found(self, child, helper):
        return {self.key} if self.holds(child, helper) else set()


def lives_in(address, building):
    """Whether the building stands in the address, and is not the end of a longer number."""
    at = address.find(building) if building else -1
    return at == 0 or (at > 0 and not address[at - 1].isdigit())


STUDY, NOTHING = frozenset(["study"]), frozenset[str]()
SHARED = [
    Weight("languages", _("speaks a language of the child's home"), 15, lambda c: c.languages, lambda h: h.languages),
    Weight("topics", _("helps with what the child needs"), 12, lambda c: c.topics, lambda h: h.topics, most=3),
    Weight("times", _("is free when the child is"), 6, lambda c: c.free_at, lambda h: h.free_at),
    Weight(
        "subjects",
        _("teaches a school subject, and the child needs help with study"),
        4,
        lambda c: c.topics & STUDY,
        lambda h: STUDY if h.teaches else NOTHING,
    ),
    Weight("hobbies", _("shares a hobby"), 3, lambda c: c.hobbies, lambda h: h.hobbies, most=3),
]
LINKS = [
    Link("known", _("accompanies or accompanied this child"), 25, lambda c, h: h.key in c.known),
    Link("siblings", _("accompanies a brother or sister"), 20, lambda c, h: h.key in c.with_siblings),
    Link("building", _("lives in the same building"), 12, lambda c, h: lives_in(h.address, c.building)),
    Link("community", _("lives in the same community"), 8, lambda c, h: c.community == h.community),
]
WEIGHTS: list[Weight | Link] = [*LINKS, *SHARED]
POINTS = {weight.key: weight.points for weight in WEIGHTS}
AT_MOST = sum(weight.points * weight.most for weight in WEIGHTS) + 1


def points_of(child, helper):
    """One point for every pairing that may be, and what the weights give."""
    total = 1
    for weight in WEIGHTS:
        if found := weight.found(child, helper):
            total += weight.points * min(len(found), weight.most)
    return total


def reasons_of(child, helper):
    """[(weight, points, what was found)], best first, for one pairing."""
    lines = [(w, w.found(child, helper)) for w in WEIGHTS]
    reasons = [(w, w.points * min(len(found), w.most), sorted(map(str, found))) for w, found in lines if found]
    return sorted(reasons, key=lambda reason: -reason[1])
