"""What Homes add up to, counted by hand beside."""

import datetime as dt
from decimal import Decimal

import pytest

from records import measures
from records.measures import Period
from records.scoping import Scope
from tests.communities.factories import held_meeting
from tests.homes.factories import make_home, standard_in_force, submitted_check, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def homes(district, community, sister_community, far_community, supervisor, director, make_user, far_street):
    """One good Home inspected today, one poor one self-checked long ago, a closed one elsewhere."""
    standard_in_force(district)
    good = make_home(community, name="good", weekly_hours=Decimal(16))
    submitted_check(good, supervisor, but={"H13"})
    poor = make_home(sister_community, name="poor", weekly_hours=Decimal("15.9"))
    but = {f"H{n:02}" for n in range(1, 18)}
    submitted_check(poor, director, kind="self_check", on=today() - dt.timedelta(days=366), but=but)
    make_home(far_community, name="closed", closed_on=today())
    return good, poor


def counted(key, code="150902", day=None):
    rows = measures.get(key).rows(Scope.of(code), Period.day(day or today()))
    return sorted(str(row) for row in rows)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("homes_open", ["good", "poor"]),
        ("homes_inspected", ["good"]),
        ("homes_excellent", []),
        ("homes_qualified", ["good"]),
        ("homes_to_rectify", ["poor"]),
        ("homes_open_enough", ["good"]),
        ("homes_without_self_check", ["good", "poor"]),
        ("communities_without_home", ["龙湾社区"]),
    ],
)
def test_rows_of_each_measure(homes, key, expected):
    assert counted(key) == expected


def test_scope_cuts_the_rows(homes, sister_community):
    assert counted("homes_open", sister_community.pk) == ["poor"]
    assert counted("homes_open", "150903") == []
    per_community = measures.get("homes_open").per_community(Scope.of("150902"), Period.day(today()))
    assert per_community == {homes[0].community_id: 1, sister_community.pk: 1}


def test_a_grade_counts_from_its_day(homes):
    assert counted("homes_qualified", day=today() - dt.timedelta(days=1)) == []
    assert counted("homes_to_rectify", day=today() - dt.timedelta(days=1)) == ["poor"]
    assert counted("homes_inspected", day=today() - dt.timedelta(days=1)) == []


def test_a_self_check_counts_for_a_year(homes):
    assert counted("homes_without_self_check", day=today() - dt.timedelta(days=1)) == ["closed", "good"]
    assert counted("homes_without_self_check", day=today()) == ["good", "poor"]


def test_meetings_by_kind_in_the_period(community, far_community):
    for kind, place, days in (
        ("study", community, 0),
        ("special", community, 0),
        ("special", far_community, 3),
        ("exchange", community, 4),
    ):
        held_meeting(place, kind=kind, day=today() - dt.timedelta(days=days))
    period = Period(today() - dt.timedelta(days=3), today())
    scope = Scope.of("150902")
    keys = ("study_meetings", "special_meetings", "exchange_meetings")
    assert [measures.get(key).count(scope, period) for key in keys] == [1, 2, 0]
