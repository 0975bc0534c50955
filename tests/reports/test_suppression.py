"""The federation must not find a count of 1 to 4, neither on the page nor by adding and subtracting."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.suppression import SMALL, hidden
from tests.reports.attacker import Attacker


def found_out(values, sums, gone):
    """What an attacker finds who is shown all but `gone`, and knows that zeros are shown."""
    attacker = Attacker()
    for key in gone:
        attacker.unknown(key, least=1)
    for total, parts in sums:
        factors = {key: 1 for key in parts if key in gone} | ({total: -1} if total in gone else {})
        if factors:
            shown = sum(values[key] for key in parts if key not in gone)
            attacker.equal(factors, (0 if total in gone else values[total]) - shown)
    return attacker.found_out({key: values[key] for key in gone})


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
def test_no_hidden_count_can_be_worked_out(case):
    values, sums = case
    gone = hidden(values, sums)
    assert {key for key, n in values.items() if n in SMALL} <= gone
    assert not {key for key in gone if values[key] == 0}
    assert found_out(values, sums, gone) == {}


@given(districts(), st.randoms(use_true_random=False))
def test_the_order_in_which_numbers_come_changes_nothing(case, chance: random.Random):
    values, sums = case
    names = list(values)
    chance.shuffle(names)
    shuffled = [(total, chance.sample(parts, len(parts))) for total, parts in chance.sample(sums, len(sums))]
    assert hidden({name: values[name] for name in names}, shuffled) == hidden(values, sums)


@pytest.mark.parametrize(
    ("values", "sums", "gone", "secret"),
    [
        ({"t": 30, "a": 3, "b": 12, "c": 15}, [("t", ["a", "b", "c"])], {"a"}, "a"),
        ({"t": 22, "a": 1, "b": 1, "c": 20}, [("t", ["a", "b", "c"])], {"a", "b"}, "a"),
        # Ten ones add up to ten: each can only be a one.
        ({"t": 10, **dict.fromkeys("abcdefghij", 1)}, [("t", [*"abcdefghij"])], set("abcdefghij"), "j"),
        # The street hides its total, and its other community shows it.
        ({"d": 40, "s": 9, "r": 31, "a": 2, "b": 7}, [("d", ["s", "r"]), ("s", ["a", "b"])], {"a", "s"}, "a"),
    ],
)
def test_the_attacker_finds_what_a_weaker_rule_leaves(values, sums, gone, secret):
    assert secret in found_out(values, sums, gone)
    assert found_out(values, sums, hidden(values, sums)) == {}


def test_a_single_small_part_takes_a_second_one_with_it():
    assert hidden({"total": 30, "a": 3, "b": 12, "c": 15}, [("total", ["a", "b", "c"])]) == {"a", "b"}


def test_two_ones_are_not_left_to_be_guessed_from_their_sum_of_two():
    assert hidden({"total": 22, "a": 1, "b": 1, "c": 20}, [("total", ["a", "b", "c"])]) == {"a", "b", "c"}


def test_where_all_parts_are_small_the_total_goes_too():
    assert hidden({"total": 5, "a": 2, "b": 3}, [("total", ["a", "b"])]) == {"a", "b", "total"}


def test_large_counts_and_zeros_stay():
    assert hidden({"total": 25, "a": 25, "b": 0}, [("total", ["a", "b"])]) == set()
