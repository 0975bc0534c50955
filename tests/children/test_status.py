import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from children import groups, status
from children.models import Child
from children.status import Definition, Facts, Parent, Stay
from records.measures import Period
from tests.children.factories import a_child, an_adult, away

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


near = st.sampled_from([DAY + dt.timedelta(days=d) for d in (-400, -184, -183, -182, -93, -92, -91, -1, 0, 1, 40)])
births = st.sampled_from([dt.date(y, 9, d) for y in (2008, 2010, 2012, 2019) for d in (9, 10, 11)])


@st.composite
def stays(draw):
    since = draw(st.none() | near)
    until = draw(st.none() | near)
    if since and until and until < since:
        until = None
    return Stay(since, draw(near), until, draw(st.booleans()))


def one_open_stay(found):
    return sum(s.until is None for s in found) <= 1


parents = st.builds(
    Parent, st.just(""), st.lists(stays(), max_size=2).filter(one_open_stay).map(tuple), st.none() | near
)
families = st.builds(
    lambda father, mother, **rest: Facts(
        **rest,
        district="150902",
        parents=tuple(Parent(r, p.stays, p.unable_since) for r, p in (("father", father), ("mother", mother)) if p),
    ),
    st.none() | parents,
    st.none() | parents,
    birth_date=births,
    registered_on=near.filter(lambda d: d > dt.date(2020, 1, 1)),
    left_on=st.none(),
    registered_county=st.sampled_from(["", "150902", "140202"]),
    came_on=st.none() | near,
    reported_as=st.sampled_from(["", "migrant", "left_behind"]),
)


def stored(one, community):
    child = a_child(
        community,
        birth_date=one.birth_date,
        registered_on=one.registered_on,
        registered_county=one.registered_county,
        came_on=one.came_on,
        reported_as=one.reported_as,
    )
    for parent in one.parents:
        adult = an_adult(child, parent.relation, unable_since=parent.unable_since)
        for stay in parent.stays:
            away(
                adult, stay.since, reported_on=stay.reported_on, until=stay.until, is_other_county=stay.is_other_county
            )
    return child.pk


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(families, min_size=1, max_size=6), near)
def test_the_database_counts_as_the_plain_function_does(community, families, day):
    with transaction.atomic():
        kept = {stored(one, community): one for one in families}
        rows = Child.objects.filter(pk__in=kept)
        for definition in Definition:
            expected = {pk for pk, one in kept.items() if status.left_behind(one, day, definition)}
            assert set(rows.left_behind_on(day, definition).values_list("pk", flat=True)) == expected, definition
        assert set(rows.migrant_on(day).values_list("pk", flat=True)) == {
            pk for pk, one in kept.items() if status.migrant(one, day)
        }
        assert set(rows.counted_on(day).values_list("pk", flat=True)) == {
            pk for pk, one in kept.items() if status.counted(one, day)
        }
        read = {child.pk: Facts.of(child) for child in rows.prefetch_related("kinships__adult__aways")}
        for pk, one in kept.items():
            assert status.counted(read[pk], day) == status.counted(one, day)
        transaction.set_rollback(True)


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
