"""The federation must not find a count of 1 to 4, neither on the page nor by adding and subtracting."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from reports.suppression import SMALL, hidden


def found_by_algebra(values, sums, gone):
    """Every hidden key whose value follows from the published ones: exact elimination over the sums."""
    unknown = sorted(gone, key=str)
    column = {key: i for i, key in enumerate(unknown)}
    rows = []
    for total, parts in sums:
        row = [Fraction(0)] * len(unknown)
        for key, sign in [(total, -1), *((part, 1) for part in parts)]:
            if key in column:
                row[column[key]] += sign
        if any(row):
            rows.append(row)
    pivots = []
    for c in range(len(unknown)):
        pivot = next((r for r in range(len(pivots), len(rows)) if rows[r][c]), None)
        if pivot is None:
            continue
        rows[len(pivots)], rows[pivot] = rows[pivot], rows[len(pivots)]
        base = rows[len(pivots)] = [x / rows[len(pivots)][c] for x in rows[len(pivots)]]
        for r in range(len(rows)):
            if r != len(pivots) and rows[r][c]:
                rows[r] = [a - rows[r][c] * b for a, b in zip(rows[r], base, strict=True)]
        pivots.append(c)
    return {unknown[c] for row, c in zip(rows, pivots, strict=False) if sum(bool(x) for x in row) == 1}


@st.composite
def districts(draw):
    """A district of streets of communities, with two breakdowns of the district's total."""
    values, sums, streets = {}, [], []
    for s in range(draw(st.integers(1, 4))):
        members = [f"{s}-{c}" for c in range(draw(st.integers(1, 4)))]
        for key in members:
            values[key] = draw(st.integers(0, 12))
        values[f"street {s}"] = sum(values[key] for key in members)
        sums.append((f"street {s}", members))
        streets.append(f"street {s}")
    values["district"] = sum(values[key] for key in streets)
    sums.append(("district", streets))
    for name in ("sex", "age"):
        left, parts = values["district"], []
        for part in range(draw(st.integers(1, 3))):
            n = draw(st.integers(0, left))
            values[f"{name} {part}"], left = n, left - n
            parts.append(f"{name} {part}")
        values[f"{name} rest"] = left
        sums.append(("district", [*parts, f"{name} rest"]))
    return values, sums


@given(districts())
def test_no_small_count_is_shown_or_follows_from_what_is_shown(case):
    values, sums = case
    gone = hidden(values, sums)
    assert {key for key, n in values.items() if n in SMALL} <= gone
    assert not {key for key in found_by_algebra(values, sums, gone) if values[key] in SMALL}


def test_a_single_small_part_takes_a_second_one_with_it():
    assert hidden({"total": 30, "a": 3, "b": 12, "c": 15}, [("total", ["a", "b", "c"])]) == {"a", "b"}


def test_two_ones_are_not_left_to_be_guessed_from_their_sum_of_two():
    assert hidden({"total": 22, "a": 1, "b": 1, "c": 20}, [("total", ["a", "b", "c"])]) == {"a", "b", "c"}


def test_where_all_parts_are_small_the_total_goes_too():
    assert hidden({"total": 5, "a": 2, "b": 3}, [("total", ["a", "b"])]) == {"a", "b", "total"}


def test_large_counts_and_zeros_stay():
    assert hidden({"total": 25, "a": 25, "b": 0}, [("total", ["a", "b"])]) == set()
