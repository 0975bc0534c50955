"""Each measure against a plain recount, with rows beside that must not count."""

import datetime as dt

import pytest
from django.utils import timezone

from children import status
from children.consenting import give_consent
from children.models import Child, Concern
from records import measures
from records.measures import Period
from records.scoping import Scope
from tests.children.factories import a_child, an_adult, id_number, left_behind_child, migrant_child

KEYS = [
    *["children_on_register", "counted_children", "left_behind_children", "migrant_children", "newly_registered"],
    *["left_register", "priority_children", "files_complete", "incomplete_files", "uncertain_identity"],
    *["without_caregiver", "turning_16", "open_concerns", "not_moved_up"],
]


def years_ago(years, *, days=0):
    return status.born_after(timezone.localdate(), years) + dt.timedelta(days=days)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def many(community, far_community, director, today):
    """One of each kind here, the same again elsewhere."""
    found = {}
    for place in (far_community, community):
        found = {
            "left_behind": left_behind_child(place, name="甲"),
            "migrant": migrant_child(place, name="乙", guardianship_quality="poor"),
            "sixteen": left_behind_child(place, name="丙", birth_date=years_ago(16)),
            "soon": a_child(place, name="丁", birth_date=years_ago(16, days=30), birth_precision="month"),
            "later": a_child(place, name="戊", birth_date=years_ago(16, days=31)),
            "new": a_child(place, name="己", registered_on=today),
            "gone": left_behind_child(place, name="庚", left_on=today, left_reason="moved_out"),
            "mistake": a_child(place, name="辛", registered_on=today, left_on=today, left_reason="mistake"),
            "tomorrow": a_child(place, name="壬", registered_on=today + dt.timedelta(1)),
            "whole": a_child(
                place,
                name="癸",
                birth_date=dt.date(2016, 5, 1),
                id_number=id_number(dt.date(2016, 5, 1)),
                grade="G4",
                school="万春小学",
                guardianship_quality="good",
                school_since=status.months_before(today, 0),
                **{"ethnicity": "01", "class_teacher": "刘老师", "health": "健康", "is_immunised": True},
                **{"needs_asked_on": today, "hobbies": ["reading"], "registered_address": "恩和路 1 号"},
            ),
            "waiting": a_child(place, name="子", grade="G3", guardianship_quality="fair", is_household_registered=True),
        }
        an_adult(found["waiting"], "mother", cares=True)
        an_adult(found["whole"], "mother", cares=True, phone="16100000001")
        found["whole"].household.address = "恩和路 1 号"
        found["whole"].household.save()
        give_consent(found["whole"], "processing", given_by="李红", on=today, by=director)
        Concern.raise_for(found["new"], by=director)
        Concern.raise_for(found["migrant"], by=director).report(told="110", by=director)
    return found


EXPECTED = {
    "children_on_register": {"left_behind", "migrant", "sixteen", "soon", "later", "new", "whole", "waiting"},
    "counted_children": {"left_behind", "migrant"},
    "left_behind_children": {"left_behind"},
    "migrant_children": {"migrant"},
    "newly_registered": {"new"},
    "left_register": {"gone"},
    "priority_children": {"migrant", "soon", "later", "new"},
    "not_moved_up": {"waiting"},
    "files_complete": {"whole"},
    "incomplete_files": {"left_behind", "migrant", "sixteen", "soon", "later", "new", "waiting"},
    "uncertain_identity": {"left_behind", "migrant", "sixteen", "soon", "later", "new", "waiting"},
    "without_caregiver": {"soon", "later", "new"},
    "turning_16": {"soon"},
}


@pytest.mark.parametrize("key", EXPECTED)
def test_a_measure_counts_what_its_definition_says(many, community, today, key):
    here = Scope.of(community.pk)
    found = set(measures.get(key).rows(here, Period.day(today)))
    assert {name for name, child in many.items() if child in found} == EXPECTED[key]
    assert len(found) == len(EXPECTED[key]), "rows of another community"
    assert measures.get(key).count(here, Period.day(today)) == len(EXPECTED[key])


def test_open_concerns_are_counted_for_the_day_asked(many, community, today):
    rows = measures.get("open_concerns").rows(Scope.of(community.pk), Period.day(today))
    assert [c.child for c in rows] == [many["new"]]
    yesterday = Period.day(today - dt.timedelta(1))
    assert not measures.get("open_concerns").rows(Scope.of(community.pk), yesterday)


@pytest.mark.parametrize("key", KEYS)
def test_all_communities_are_counted_in_one_query(many, district, today, key, django_assert_num_queries):
    one = measures.get(key)
    with django_assert_num_queries(1):
        counts = one.per_community(Scope.of(district.pk), Period.day(today))
    assert sum(counts.values()) == one.count(Scope.of(district.pk), Period.day(today))


@pytest.mark.parametrize(
    "key", ["children_on_register", "counted_children", "left_behind_children", "migrant_children"]
)
def test_the_parts_of_a_division_add_up(many, district, today, key, django_assert_num_queries):
    one, everywhere, day = measures.get(key), Scope.of(district.pk), Period.day(today)
    assert [name for name in one.breakdowns if name != "kind"] == ["sex", "age", "schooling", "care", "quality"]
    for name, division in one.breakdowns.items():
        with django_assert_num_queries(1):
            parts = one.parts_per_community(name, everywhere, day)
        assert sum(parts.values()) == one.count(everywhere, day), name
        assert {part for _code, part in parts} <= set(division.groups), name


def test_only_those_who_may_see_a_child_see_the_rows_behind_a_number(
    many, community, today, director, federation, stranger
):
    everywhere, day = Scope.of("150902"), Period.day(today)
    one = measures.get("left_behind_children")
    assert list(one.rows_for(director, everywhere, day)) == [many["left_behind"]]
    assert not one.rows_for(federation, everywhere, day)
    assert set(one.rows_for(stranger, everywhere, day)) == set(Child.objects.visible_to(stranger).filter(name="甲"))
