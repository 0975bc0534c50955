"""On which day which hours hold: of term and holiday, but for public holidays and closures."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from communities.models import ClosedDay, Term
from homes.models import Closure
from homes.models.opening import Season, hours_of, set_hours
from homes.open_days import opening_of, season_on
from tests.children.pages import filled
from tests.homes.factories import make_home

pytestmark = pytest.mark.django_db
T = dt.time
AFTERNOON, MORNING = (T(16), T(18, 30)), (T(9), T(11, 30))
MONDAY = dt.date(2027, 2, 1)
TERMS = [(dt.date(2026, 9, 1), dt.date(2027, 1, 24)), (dt.date(2027, 2, 22), dt.date(2027, 7, 20))]
days = st.dates(dt.date(2026, 1, 1), dt.date(2028, 1, 1))


@pytest.fixture
def home(community, director, district):
    home = make_home(community)
    set_hours(home, dict.fromkeys(range(5), AFTERNOON), by=director)
    for kind, (first, last) in zip(("autumn", "spring"), TERMS, strict=True):
        Term.objects.create(district=district, school_year=2026, kind=kind, starts_on=first, ends_on=last)
    return home


def hours_on(home, day):
    return opening_of(home, day)[day].hours


def test_without_a_second_set_the_hours_of_the_term_hold_all_year(home):
    assert hours_on(home, MONDAY) == hours_on(home, MONDAY + dt.timedelta(days=28)) == AFTERNOON


def test_each_set_holds_in_its_part_of_the_year(home, director):
    set_hours(home, dict.fromkeys(range(6), MORNING), season=Season.HOLIDAY, by=director)
    assert hours_on(home, MONDAY) == MORNING  # in the winter holidays
    assert hours_on(home, dt.date(2027, 2, 6)) == MORNING  # a Saturday of theirs
    assert hours_on(home, dt.date(2027, 2, 22)) == AFTERNOON  # the first day of term
    assert hours_on(home, dt.date(2027, 1, 24)) is None  # a Sunday in term
    assert hours_on(home, dt.date(2027, 8, 2)) == AFTERNOON  # nobody has entered what comes after
    assert (hours_of(home), hours_of(home, Season.HOLIDAY)) == (
        dict.fromkeys(range(5), AFTERNOON),
        dict.fromkeys(range(6), MORNING),
    )


@given(day=days)
def test_a_day_of_a_term_is_in_term_and_only_days_between_terms_are_holidays(day):
    is_in_term = any(first <= day <= last for first, last in TERMS)
    is_between = TERMS[0][1] < day < TERMS[1][0]
    assert season_on(day, TERMS) == (Season.HOLIDAY if is_between else Season.TERM)
    assert not (is_in_term and is_between)
    assert season_on(day, []) == Season.TERM


def test_public_holidays_and_closures_are_closed_and_say_why(home, district, community, director):
    day, next_day = dt.date(2026, 9, 2), dt.date(2026, 9, 3)
    ClosedDay.objects.create(district=district, day=day, name="抗战胜利纪念日")
    facts = {"home": home, "community": community, "noted_by": director, "reason": "weather"}
    Closure.objects.create(first_day=next_day, last_day=next_day, **facts)
    found = opening_of(home, day, next_day + dt.timedelta(days=1))
    assert [one.hours for one in found.values()] == [None, None, AFTERNOON]
    assert found[day].why == "抗战胜利纪念日"
    assert found[next_day].why.endswith("bad weather")


def test_where_nobody_has_set_hours_it_is_said(far_community):
    opening = opening_of(make_home(far_community), MONDAY)[MONDAY]
    assert (opening.hours, opening.is_unset) == (None, True)


def test_a_year_costs_as_many_queries_as_a_day(home, director):
    set_hours(home, {0: MORNING}, season=Season.HOLIDAY, by=director)

    def cost(days):
        with CaptureQueriesContext(connection) as asked:
            assert len(opening_of(home, MONDAY, MONDAY + dt.timedelta(days=days - 1))) == days
        return len(asked)

    assert cost(1) == cost(365) <= 5


def test_the_page_sets_one_set_and_leaves_the_other(home, director, signed_in):
    client, url = signed_in(director), reverse("homes:opening", args=[home.pk]) + "?season=holiday"
    page = client.get(url)
    answer = client.post(url, filled(page, **{"day0-opens_at": "09:00", "day0-closes_at": "11:30"}), follow=True)
    assert "The opening hours are set." in answer.content.decode()
    assert hours_of(home, Season.HOLIDAY) == {0: MORNING}
    assert hours_of(home) == dict.fromkeys(range(5), AFTERNOON)
    assert client.get(reverse("homes:opening", args=[home.pk]), {"season": "x"}).status_code == 200
    notice = client.get(reverse("homes:notice", args=[home.community_id])).content.decode()
    assert "in the school holidays" in notice and "09:00–11:30" in notice and "16:00–18:30" in notice
