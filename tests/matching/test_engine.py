"""The engine against slow ways to the same answer: every bar, every weight, every way to pair."""

import datetime as dt
import random

import networkx as nx
from hypothesis import given, settings

from tests.matching.worlds import (
    DAY,
    PLACES,
    best_by_trying_everything,
    is_allowed,
    pairs_one_by_one,
    problems,
    worth_of,
)
from volunteers.matching.bars import KIND_RULES
from volunteers.matching.cards import ChildCard, HelperCard
from volunteers.matching.engine import Problem, cost_of, possible, propose, why_left


def again(problem, **changes):
    fields = ["children", "helpers", "rule", "day", "keep_together", "apart", "locks", "before"]
    return Problem(**{**{name: getattr(problem, name) for name in fields}, **changes})


@given(problem=problems(most_children=8, most_helpers=8))
def test_the_quick_way_gives_what_each_bar_and_weight_gives(problem):
    assert possible(problem) == pairs_one_by_one(problem)


@settings(max_examples=200, deadline=None)
@given(problem=problems())
def test_the_best_of_all_ways_and_no_bar_broken(problem):
    points = pairs_one_by_one(problem)
    best = propose(problem)
    assert is_allowed(problem, points, best.pairs)
    assert best.worth == worth_of(problem, points, best.pairs) == best_by_trying_everything(problem, points)
    assert best.is_proven


@given(problem=problems(most_children=12, most_helpers=8))
def test_the_same_again_in_any_order(problem):
    first = propose(problem)
    turned = again(problem, children=problem.children[::-1], helpers=problem.helpers[::-1])
    assert propose(turned) == first
    assert propose(again(problem, before=first.pairs)).pairs == first.pairs


@given(problem=problems(most_children=12, most_helpers=8, together=False))
def test_no_child_is_left_whom_a_swap_would_serve(problem):
    """From a child left over, along pairs that may be, no path of swaps leads to a free place."""
    points, best = possible(problem), propose(problem)
    taken = {key: [c for c, h in best.pairs.items() if h == key] for key in problem.helper}
    for child in points.keys() - best.pairs.keys():
        waiting, seen = [child], {child}
        while waiting:
            for helper in points[waiting.pop()]:
                assert len(taken[helper]) == problem.helper[helper].places
                waiting += [c for c in taken[helper] if c not in seen]
                seen |= set(taken[helper])


@given(problem=problems(most_children=8, most_helpers=6))
def test_every_child_left_over_has_a_reason(problem):
    points, best = possible(problem), propose(problem)
    for child in points.keys() - best.pairs.keys():
        why, what = why_left(problem, points, child)
        assert (why == "bars") == (not points[child])
        if why == "bars":
            assert sum(count for _bar, count in what) == len(problem.helpers)


@settings(max_examples=50, deadline=None)
@given(problem=problems(most_children=6, most_helpers=4))
def test_a_change_costs_what_the_best_with_it_is_worth_less(problem):
    points, best = possible(problem), propose(problem)
    for child, row in points.items():
        for helper in row:
            lost, without, changed = cost_of(problem, points, best, child=child, helper=helper)
            assert changed.pairs.get(child) == helper
            assert tuple(map(sum, zip(changed.worth, lost, strict=True))) == best.worth
            assert set(without) == best.pairs.keys() - changed.pairs.keys()
            if problem.keep_together is False:
                assert lost >= (0, 0, 0)


def a_town(seed, children, helpers):
    chance = random.Random(seed)

    def some(values):
        return frozenset(chance.sample(values, chance.randint(0, 2)))

    topics, places = ["study", "psychology", "law", "safety"], PLACES
    kids = [
        ChildCard(
            key,
            chance.choice(places),
            chance.choice("MF"),
            dt.date(chance.randint(2011, 2020), 5, 5),
            is_priority=chance.random() < 0.2,
            topics=some(topics),
            hobbies=some(["music", "dance", "reading"]),
        )
        for key in range(1, children + 1)
    ]
    grown = [
        HelperCard(
            key,
            chance.choice(places),
            chance.choice("MFF"),
            dt.date(chance.randint(1960, 2008), 1, 1),
            chance.choice([1, 1, 2, 3]),
            comes_far=chance.random() < 0.3,
            topics=some(topics),
            hobbies=some(["music", "dance", "reading"]),
        )
        for key in range(1001, 1001 + helpers)
    ]
    return Problem(kids, grown, KIND_RULES["tutor"], DAY)


def by_an_independent_solver(problem, points):
    """The same aims as a flow of least cost, solved by network simplex."""
    graph, number = nx.DiGraph(), len(problem.children) + 1
    for card in problem.children:
        graph.add_edge("from", card.key, capacity=1, weight=0)
        for helper, worth in points[card.key].items():
            aims = worth + 1000 * number * (1 + number * card.is_priority)
            graph.add_edge(card.key, helper, capacity=1, weight=-aims)
    for card in problem.helpers:
        graph.add_edge(card.key, "to", capacity=card.places, weight=0)
    graph.add_edge("to", "from", capacity=len(problem.children), weight=0)
    flow = nx.min_cost_flow(graph)
    return {c.key: h for c in problem.children for h, used in flow[c.key].items() if used}


def test_large_towns_equal_an_independent_solver():
    for seed in range(4):
        problem = a_town(seed, children=120 + 30 * seed, helpers=50)
        points, best = possible(problem), propose(problem)
        theirs = by_an_independent_solver(problem, points)
        assert best.worth == worth_of(problem, points, theirs)
        assert 0 < len(best.pairs) < len(problem.children)
