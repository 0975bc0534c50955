"""The best proposal for all children and helpers at once. First as many priority children as can be, then as many
children as can be, then the most points; among equals, what was proposed before. No database, no clock, no chance."""

from collections import Counter
from dataclasses import dataclass, field

from volunteers.matching.bars import first_bar
from volunteers.matching.quick import Possible
from volunteers.matching.scores import AT_MOST
from volunteers.matching.together import best_block

PATIENCE, LEAST_LOOKS = 100_000, 2  # pairs looked at again to keep families together


@dataclass
class Problem:
    """`locks` and `before` are {child: helper}; `apart` are households whose children need not stay together."""

    children: list
    helpers: list
    rule: object
    day: object
    keep_together: bool = True
    apart: frozenset = frozenset()
    locks: dict = field(default_factory=dict)
    before: dict = field(default_factory=dict)

    def __post_init__(self):
        self.children = sorted(self.children, key=lambda card: card.key)
        self.helpers = sorted(self.helpers, key=lambda card: card.key)
        self.child = {card.key: card for card in self.children}
        self.helper = {card.key: card for card in self.helpers}


@dataclass
class Proposal:
    pairs: dict
    points: dict  # {child: points}
    priority: int
    is_proven: bool

    @property
    def worth(self):
        """What is compared, in this order: priority children, children, points."""
        return self.priority, len(self.pairs), sum(self.points.values())


def possible(problem):
    """{child: {helper: points}} for every pair that no bar forbids."""
    rows = Possible(problem.helpers, problem.rule, problem.day)
    return {child.key: rows.row(child) for child in problem.children}


def propose(problem, points=None):
    """The best proposal; `points` as `possible` gives them, when they are known already."""
    points = possible(problem) if points is None else points
    places = {helper.key: helper.places for helper in problem.helpers}
    families = families_together(problem)
    gains = _gains(problem, points)
    pairs, is_proven = _locked(problem, points, places, families), True
    gains = {child: row for child, row in gains.items() if child not in pairs}
    families = [family for family in families if not pairs.keys() & set(family)]
    for helper in pairs.values():
        places[helper] -= 1
    looks = max(LEAST_LOOKS, PATIENCE // (1 + sum(map(len, gains.values()))))
    for block in _blocks(gains, families):
        rows = {child: {h: g for h, g in gains[child].items() if places[h] > 0} for child in sorted(block)}
        inside = [family for family in families if family[0] in block]
        some, proven = best_block(rows, places, inside, looks)
        pairs |= some
        is_proven &= proven
    pairs = dict(sorted(pairs.items()))
    priority = sum(problem.child[child].is_priority for child in pairs)
    return Proposal(pairs, {child: points[child][helper] for child, helper in pairs.items()}, priority, is_proven)


def families_together(problem):
    """The children of one household, where they are to stay together."""
    if not problem.keep_together:
        return []
    homes: dict = {}
    for child in problem.children:
        if child.household and child.household not in problem.apart:
            homes.setdefault(child.household, []).append(child.key)
    return [tuple(family) for family in homes.values() if len(family) > 1]


def _gains(problem, points):
    """Points with the greater aims above them: each step outweighs all that lie below, of all children together."""
    one_point = len(problem.children) + 1
    one_child = one_point * one_point * AT_MOST
    one_priority = one_child * one_point
    first = {card.key: one_child + (one_priority if card.is_priority else 0) for card in problem.children}
    before = problem.before
    return {
        child: {h: first[child] + one_point * worth + (before.get(child) == h) for h, worth in row.items()}
        for child, row in points.items()
    }


def _locked(problem, points, places, families):
    """What was locked, as far as bars and places allow; a family that stays together comes along."""
    family_of = {child: family for family in families for child in family}
    pairs: dict = {}
    taken: Counter = Counter()
    for child, helper in sorted(problem.locks.items()):
        if child in pairs or helper not in points.get(child, {}) or taken[helper] >= places[helper]:
            continue
        family = [one for one in family_of.get(child, (child,)) if one not in pairs]
        whole = all(helper in points[one] and problem.locks.get(one, helper) == helper for one in family)
        if not whole or taken[helper] + len(family) > places[helper]:
            family = [child]
        pairs |= dict.fromkeys(family, helper)
        taken[helper] += len(family)
    return pairs


def _blocks(gains, families):
    """Sets of children who compete for the same helpers, or belong together; no block touches another."""
    leader: dict = {}

    def top(one):
        while leader.setdefault(one, one) != one:
            leader[one] = leader[leader[one]]
            one = leader[one]
        return one

    for child, row in gains.items():
        for helper in row:
            leader[top(("helper", helper))] = top(child)
    for first, *others in families:
        for child in others:
            leader[top(child)] = top(first)
    blocks: dict = {}
    for child in gains:
        blocks.setdefault(top(child), set()).add(child)
    return sorted(blocks.values(), key=min)


def why_left(problem, points, child):
    """Why a child is left over: ("taken", helpers who could come), ("family", size) or ("bars", [(bar, helpers)])."""
    if able := points[child]:
        family = next((f for f in families_together(problem) if child in f), ())
        whole = [h for h in able if all(h in points[one] for one in family) and problem.helper[h].places >= len(family)]
        return ("taken", len(able)) if not family or whole else ("family", len(family))
    card = problem.child[child]
    bars = Counter(first_bar(card, helper, problem.rule, problem.day).key for helper in problem.helpers)
    return "bars", bars.most_common()


def cost_of(problem, points, best, *, child, helper):
    """(worth lost, children who would go without instead, the changed proposal) when the two are paired."""
    return cost_against(best, propose(changed(problem, locks={**problem.locks, child: helper}), points))


def cost_against(best, other):
    """(worth lost, children who would go without instead, the other proposal)."""
    lost = tuple(before - after for before, after in zip(best.worth, other.worth, strict=True))
    return lost, sorted(best.pairs.keys() - other.pairs.keys()), other


def changed(problem, **changes):
    fields = ["children", "helpers", "rule", "day", "keep_together", "apart", "locks", "before"]
    return Problem(**{**{name: getattr(problem, name) for name in fields}, **changes})
