"""A plain recount beside each measure.

A recount is a loop over all rows of a table, written from the words of the definition: it yields the rows that count,
wherever they are. `compare` then holds the measure to it: the rows themselves, the sum, the number of each community
and every part of every breakdown, in a community, a street and a district, in periods that are over, run, or end today.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection

from records import measures
from records.measures import Period
from records.scoping import Scope
from tests.reports.reported import ELSEWHERE, divisions
from tests.volunteers.factories import days

SEEDS = [1, 2]
EDGES = [-201, -200, -62, -61, -60, -59, -31, -30, -29, -1, 0, 1, 30, 31]


def periods():
    """One that ends today, the one before it, and one that still runs."""
    return [Period(days(-60), days(0)), Period(days(-200), days(-61)), Period(days(-30), days(30))]


def inside(day, period):
    return day is not None and period.start <= day <= period.end


def a_day(chance, earliest=-400, latest=60):
    """A day at random, every second time the first or last one of a period or the one beside it."""
    edges = [edge for edge in EDGES if earliest <= edge <= latest]
    number = chance.choice(edges) if edges and chance.random() < 0.5 else chance.randint(earliest, latest)
    return days(number)


def a_day_after(chance, day, latest=60):
    """`day` itself or one up to `latest`."""
    return a_day(chance, min((day - days(0)).days, latest), latest)


def all_communities(*near):
    """The communities given and one of another district."""
    return [*near, *divisions(ELSEWHERE)]


@dataclass(frozen=True)
class Recount:
    rows: Callable  # (period) -> the rows that count, of every community
    parts: dict[str, Callable]  # {breakdown: (row, period) -> its part}
    amount: Callable | None = None  # (row) -> what it adds, where rows are not counted


TABLE: dict[str, Recount] = {}


def recounts(key, *, amount=None, **parts):
    """Register the decorated function `(period) -> rows` as the recount of the measure `key`."""

    def register(function):
        if key in TABLE:
            raise ValueError(f"{key} is recounted twice.")
        TABLE[key] = Recount(function, parts, amount)
        return function

    return register


def compare(key, places):
    """Hold the measure `key` to its recount in the first of `places`, its street and district, and the last of them, in
    all periods; how many counted."""
    counted = 0
    for period in periods():
        rows = list(TABLE[key].rows(period))
        counted += len(rows)
        for code in (places[0].pk, places[0].pk[:9], places[0].pk[:6], places[-1].pk):
            scope = Scope.of(code)
            _compare(key, scope, period, [row for row in rows if row.community_id in scope])
    return counted


def _compare(key, scope, period, rows):
    one, told, where = measures.get(key), TABLE[key], (key, scope.codes, str(period.start), str(period.end))
    numbers = Counter()
    for row in rows:
        numbers[row.community_id] += told.amount(row) if told.amount else 1
    whole = {code: int(number) for code, number in numbers.items() if int(number)}
    found, told_of = set(one.rows(scope, period).values_list("pk", flat=True)), {row.pk for row in rows}
    assert found == told_of, f"{where}: by the measure alone {found - told_of}, by the recount {told_of - found}"
    assert {code: n for code, n in one.per_community(scope, period).items() if n} == whole, where
    assert one.count(scope, period) == sum(whole.values()), where
    assert set(told.parts) == set(one.breakdowns), f"{key}: recount the parts of every breakdown."
    together = one.all_parts(scope, period)
    for name, part in told.parts.items():
        parts = Counter((row.community_id, part(row, period)) for row in rows)
        assert {group for _code, group in parts} <= set(one.breakdowns[name].groups), where
        assert together[name] == parts, where


def compare_all(keys, places):
    """Hold each of `keys` to its recount, and see that something counted of each."""
    with connection.cursor() as cursor:  # of tables it knows nothing of, the database may try every pair of rows
        cursor.execute("ANALYZE children_child, children_kinship, children_adult, children_away, guardianship_letter")
    counted = {key: compare(key, places) for key in keys}
    idle = [key for key, number in counted.items() if not number]
    assert idle == [], f"Nothing counts of {idle}: let the population hold more."
