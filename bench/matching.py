"""The best proposal for 50,000 children and 20,000 helpers in 500 communities, beside a greedy one over the same pairs.

Run alone: python -m bench.matching [communities]
"""

import datetime as dt
import random
import sys
import time

import django
from django.conf import settings

CHILDREN, HELPERS = 100, 40  # of one community
DAY = dt.date(2026, 11, 25)
TOPICS = ["study", "psychology", "law", "safety", "self_protection"]
HOBBIES = ["music", "dance", "painting", "reading", "sport", "computer"]
PARTS = [f"{day}{part}" for day in range(1, 8) for part in ("am", "pm", "eve")]


def some(chance, values, most):
    return frozenset(chance.sample(values, chance.randint(0, most)))


def town(communities):
    from volunteers.matching.cards import ChildCard, HelperCard

    chance, children, helpers = random.Random(1), [], []
    for number in range(communities):
        code = f"150902{number:06}"
        for _each in range(CHILDREN):
            card = ChildCard(
                len(children) + 1, code, chance.choice("MF"), dt.date(chance.randint(2011, 2021), 5, 5),
                is_priority=chance.random() < 0.1, topics=some(chance, TOPICS, 3), hobbies=some(chance, HOBBIES, 3),
                free_at=some(chance, PARTS, 5),
            )  # fmt: skip
            children.append(card)
        for _each in range(HELPERS):
            card = HelperCard(
                len(helpers) + 1, code, chance.choice("MFFF"), dt.date(chance.randint(1960, 2004), 1, 1),
                chance.choice([1, 1, 1, 2, 3]), comes_far=False, topics=some(chance, TOPICS, 3),
                hobbies=some(chance, HOBBIES, 3), free_at=some(chance, PARTS, 5),
            )  # fmt: skip
            helpers.append(card)
    return children, helpers


def greedy(problem, points):
    """The best pair that is still free, again and again; priority children first, as people do it on paper."""
    places = {helper.key: helper.places for helper in problem.helpers}
    order = [
        (not problem.child[child].is_priority, -worth, child, helper)
        for child, row in points.items()
        for helper, worth in row.items()
    ]
    pairs: dict = {}
    for _later, _worth, child, helper in sorted(order):
        if child not in pairs and places[helper]:
            pairs[child] = helper
            places[helper] -= 1
    return pairs


def main():
    settings.configure()
    django.setup()
    from volunteers.matching.bars import KIND_RULES
    from volunteers.matching.engine import Problem, possible, propose

    communities = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    children, helpers = town(communities)
    problem = Problem(children, helpers, KIND_RULES["tutor"], DAY)
    begun = time.process_time()
    points = possible(problem)
    scored = time.process_time()
    best = propose(problem, points)
    solved = time.process_time()
    pairs = greedy(problem, points)
    ended = time.process_time()
    theirs = sum(points[child][helper] for child, helper in pairs.items())
    share = theirs / sum(best.points.values())
    print(f"{len(children):,} children, {len(helpers):,} helpers, {sum(map(len, points.values())):,} possible pairs")
    print(f"  bars and points   {scored - begun:6.2f} s")
    print(
        f"  the optimum       {solved - scored:6.2f} s   {len(best.pairs):,} children served, proven {best.is_proven}"
    )
    print(f"  greedy            {ended - solved:6.2f} s   {len(pairs):,} children served, {share:.1%} of the points")


if __name__ == "__main__":
    main()
