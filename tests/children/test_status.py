import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from children import groups, status
from children.models import Child
from children.status import Definition, Facts, Parent, Stay
from records.measures import Period
from tests.children.factories import a_child

DAY = dt.date(2026, 9, 10)
BORN = dt.date(2016, 5, 1)
LONG, SHORT = dt.date(2025, 9, 1), dt.date(2026, 8, 20)


def facts(*parents, **details):
    return Facts(**{"birth_date": BORN, "registered_on": LONG, "district": "150902", "parents": parents, **details})


def gone(relation, since=LONG, **details):
    return Parent(relation, (Stay(since, since or SHORT, **details),))


def home(relation, unable_since=None):
    return Parent(relation, (), unable_since)


CIVIL, SCHOOL, WOMEN = Definition


@pytest.mark.parametrize(
    ("parents", "expected"),
    [
        ((gone("father"), gone("mother")), (True, 2, True)),
        ((gone("father"), home("mother")), (False, 1, True)),
        ((gone("father"), home("mother", LONG)), (True, 1, True)),
        ((gone("father"), home("mother", DAY + dt.timedelta(1))), (False, 1, True)),
        ((gone("father"),), (False, 1, True)),
        ((gone("father", SHORT), gone("mother")), (False, 1, True)),
        ((gone("father", None), gone("mother")), (True, 2, True)),
        ((gone("father", is_other_county=False), gone("mother")), (False, 2, True)),
        ((gone("father", until=DAY), gone("mother")), (False, 1, True)),
        ((gone("father", until=DAY + dt.timedelta(1)), gone("mother")), (True, 2, True)),
        ((home("father", LONG), home("mother", LONG)), (False, 0, False)),
        ((), (False, 0, False)),
    ],
)
def test_three_definitions_read_the_same_facts(parents, expected):
    one = facts(*parents)
    found = status.left_behind(one, DAY), status.school_register_code(one, DAY), status.left_behind(one, DAY, WOMEN)
    assert found == expected
    assert status.left_behind(one, DAY, SCHOOL) == (expected[1] > 0)


def test_who_goes_on_to_another_place_is_away_in_a_row():
    first, second = dt.date(2026, 2, 1), dt.date(2026, 7, 1)
    one = Stay(first, first, second)
    moved = facts(Parent("father", (one, Stay(second, second))), gone("mother"))
    assert status.left_behind(moved, dt.date(2026, 8, 1))
    assert not status.left_behind(moved, dt.date(2026, 7, 31))
    day_between = Stay(second + dt.timedelta(1), second)
    assert not status.left_behind(facts(Parent("father", (one, day_between)), gone("mother")), DAY)
    near_first = Stay(first, first, second, is_other_county=False)
    nearer = facts(Parent("father", (near_first, Stay(second, second))), gone("mother"))
    assert not status.left_behind(nearer, DAY), "across the county border only since July"
    assert status.school_register_code(nearer, dt.date(2026, 7, 2)) == 2, "the school asks for no border"


def test_who_is_able_again_counts_as_able_from_that_day():
    ill = Parent("mother", (), LONG, DAY)
    assert not status.left_behind(facts(gone("father"), ill), DAY)
    assert status.left_behind(facts(gone("father"), ill), DAY - dt.timedelta(1))


def test_earlier_spells_on_the_register_stay_true():
    one = facts(gaps=((dt.date(2026, 1, 10), dt.date(2026, 3, 1)),))
    days = [dt.date(2026, 1, 9), dt.date(2026, 1, 10), dt.date(2026, 2, 28), dt.date(2026, 3, 1)]
    assert [status.on_register(one, day) for day in days] == [True, False, False, True]


def test_the_count_ends_on_the_sixteenth_birthday_and_the_federations_on_the_eighteenth():
    away_both = gone("father"), gone("mother")
    sixteen, eighteen = dt.date(2010, 9, 10), dt.date(2008, 9, 10)
    day = dt.timedelta(1)
    assert not status.left_behind(facts(*away_both, birth_date=sixteen), DAY)
    assert status.left_behind(facts(*away_both, birth_date=sixteen + day), DAY)
    assert status.left_behind(facts(*away_both, birth_date=eighteen + day), DAY, WOMEN)
    assert not status.left_behind(facts(*away_both, birth_date=eighteen), DAY, WOMEN)
    long_ago = dt.date(2020, 1, 1)
    leap = facts(gone("father", long_ago), gone("mother", long_ago), birth_date=dt.date(2008, 2, 29))
    assert status.left_behind(leap, dt.date(2024, 2, 28))
    assert not status.left_behind(leap, dt.date(2024, 2, 29))


def test_a_migrant_child_came_across_a_county_border_half_a_year_ago():
    moved = {"registered_county": "140202", "came_on": LONG}
    assert status.migrant(facts(home("mother"), **moved), DAY)
    assert not status.migrant(facts(home("mother"), **{**moved, "registered_county": "150902"}), DAY)
    assert not status.migrant(facts(home("mother"), **{**moved, "came_on": SHORT}), DAY)
    assert not status.migrant(facts(registered_county="140202"), DAY)
    assert status.migrant(facts(reported_as="migrant"), DAY)
    assert not status.migrant(facts(gone("father"), gone("mother"), **moved), DAY), "left behind, not both"


@given(st.dates(dt.date(1990, 1, 1), dt.date(2040, 1, 1)), st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1)))
def test_born_after_agrees_with_the_age_in_years(birth_date, day):
    for years in (6, 14, 16, 18):
        if birth_date <= day:
            assert (birth_date > status.born_after(day, years)) == (status.age_on(birth_date, day) < years)


def test_every_child_is_in_one_part_of_every_division(community):
    today = DAY
    for index, grade in enumerate(["PRE", "K1", "G1", "G9", "G10", "OUT", "NIS", "", "X"]):
        a_child(community, grade=grade, birth_date=dt.date(2007 + 2 * index, 9, 11), registered_on=dt.date(2026, 9, 1)
                if 2007 + 2 * index < 2026 else today)  # fmt: skip
    for name, division in groups.OF_REGISTER.items():
        parts = Child.objects.annotate(part=division.expression(Period.day(today))).values_list("part", flat=True)
        assert len(parts) == 9
        assert set(parts) <= set(division.groups), name
    bands = Child.objects.annotate(part=groups.age_band(today)).order_by("birth_date").values_list("part", flat=True)
    assert list(bands) == ["18_up", "16_17", "14_15", "6_13", "6_13", "6_13", "6_13", "0_5", "0_5"]
