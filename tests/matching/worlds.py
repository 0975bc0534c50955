"""Small worlds of children and helpers for the engine, drawn at random, and slow ways to the same answer."""

import datetime as dt
from itertools import product

from hypothesis import strategies as st

from volunteers.matching.bars import KIND_RULES, first_bar
from volunteers.matching.cards import ChildCard, HelperCard
from volunteers.matching.engine import Problem, families_together
from volunteers.matching.scores import points_of

DAY = dt.date(2026, 11, 25)
PLACES = ["150902001001", "150902001002"]


def some(*values):
    return st.frozensets(st.sampled_from(values), max_size=2)


def children(most):
    drawn = st.builds(
        ChildCard,
        key=st.integers(1, 40),
        community=st.sampled_from(PLACES),
        sex=st.sampled_from("MF"),
        born=st.dates(dt.date(2011, 1, 1), dt.date(2021, 12, 31)),
        household=st.integers(1, 6),
        is_priority=st.booleans(),
        topics=some("study", "law", "safety"),
        languages=some("jin", "mongolian"),
        hobbies=some("music", "dance"),
        free_at=some("6am", "6pm"),
        building=st.sampled_from(["", "3号楼", "13号楼"]),
        family_marks=some("a", "b"),
        excluded=some(101, 102),
        known=some(103, 104),
        with_siblings=some(101, 103),
    )
    return st.lists(drawn, max_size=most, unique_by=lambda card: card.key)


def helpers(most):
    drawn = st.builds(
        HelperCard,
        key=st.integers(101, 140),
        community=st.sampled_from(PLACES),
        sex=st.sampled_from("MFF"),
        born=st.one_of(st.none(), st.dates(dt.date(1960, 1, 1), dt.date(2010, 12, 31)), st.just(dt.date(1980, 2, 29))),
        places=st.integers(0, 3),
        is_ready=st.sampled_from([True, True, True, False]),
        comes_far=st.booleans(),
        topics=some("study", "law", "safety"),
        teaches=st.booleans(),
        languages=some("jin", "mongolian"),
        hobbies=some("music", "dance"),
        free_at=some("6am", "6pm"),
        address=st.sampled_from(["", "恩和路3号楼2单元", "13号楼"]),
        marks=some("b", "c"),
    )
    return st.lists(drawn, max_size=most, unique_by=lambda card: card.key)


@st.composite
def problems(draw, most_children=5, most_helpers=4, together=None):
    kind = draw(st.sampled_from(sorted(KIND_RULES)))
    stay = draw(st.booleans()) if together is None else together
    return Problem(
        draw(children(most_children)), draw(helpers(most_helpers)), KIND_RULES[kind], DAY, keep_together=stay
    )


def pairs_one_by_one(problem):
    """{child: {helper: points}} by asking every bar and every weight of every pair."""
    return {
        child.key: {
            helper.key: points_of(child, helper)
            for helper in problem.helpers
            if first_bar(child, helper, problem.rule, problem.day) is None
        }
        for child in problem.children
    }


def worth_of(problem, points, pairs):
    priority = sum(problem.child[child].is_priority for child in pairs)
    return priority, len(pairs), sum(points[child][helper] for child, helper in pairs.items())


def is_allowed(problem, points, pairs):
    taken: dict = {}
    for child, helper in pairs.items():
        if helper not in points[child]:
            return False
        taken[helper] = taken.get(helper, 0) + 1
    together = families_together(problem)
    return all(problem.helper[helper].places >= number for helper, number in taken.items()) and all(
        len({pairs.get(child) for child in family}) == 1 for family in together
    )


def best_by_trying_everything(problem, points):
    """The greatest worth of all ways there are."""
    keys = list(points)
    ways = product(*([None, *points[key]] for key in keys))
    tried = ({c: h for c, h in zip(keys, way, strict=True) if h is not None} for way in ways)
    return max(worth_of(problem, points, pairs) for pairs in tried if is_allowed(problem, points, pairs))
