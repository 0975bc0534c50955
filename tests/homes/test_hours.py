"""How long a Home is open in a week: reckoned from its opening hours, never typed."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homes import checking
from homes.models import Home, OpenTime, StandardItem
from homes.models.opening import Season, set_hours
from records import measures
from records.measures import Period
from records.scoping import Scope
from tests.children.pages import soup, words
from tests.homes.evaluations import fresh
from tests.homes.factories import make_home, standard_in_force, submitted_check, today

pytestmark = pytest.mark.django_db
T = dt.time
WEEKDAYS = dict.fromkeys(range(5), (T(16), T(18, 30)))  # 12.5 hours
MORNINGS = dict.fromkeys(range(6), (T(9), T(11, 40)))  # 16 hours


@pytest.fixture
def home(community, director):
    home = make_home(community)
    set_hours(home, WEEKDAYS, by=director)
    set_hours(home, MORNINGS, season=Season.HOLIDAY, by=director)
    return home


def hours(home):
    found = Home.objects.with_hours().with_holiday_hours().get(pk=home.pk)
    return found.hours, found.holiday_hours


def count(key, home):
    return measures.get(key).count(Scope.of(home.community_id), Period.day(today()))


def test_the_hours_of_a_week_are_those_of_its_days(home, far_community, director):
    assert hours(home) == (Decimal("12.5"), Decimal(16))
    assert (count("home_hours", home), count("home_hours_in_holidays", home)) == (12, 16)
    assert count("homes_open_enough", home) == 0
    set_hours(home, {**WEEKDAYS, 5: (T(9), T(12, 30))}, by=director)
    assert (hours(home)[0], count("home_hours", home), count("homes_open_enough", home)) == (16, 16, 1)
    set_hours(home, {}, by=director)
    assert (hours(home)[0], count("home_hours", home), count("homes_open_enough", home)) == (0, 0, 0)
    assert hours(make_home(far_community)) == (0, 0)


moments = st.integers(0, 24 * 60 - 1)
weeks = st.dictionaries(st.integers(0, 6), st.tuples(moments, moments).map(sorted).filter(lambda t: t[0] < t[1]))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(week=weeks)
def test_minutes_add_up_exactly(home, week):
    times = {day: tuple(T(*divmod(moment, 60)) for moment in pair) for day, pair in week.items()}
    minutes = sum(closes - opens for opens, closes in week.values())
    OpenTime.objects.filter(home=home).delete()
    OpenTime.objects.bulk_create(
        OpenTime(home=home, community_id=home.community_id, district=home.district, weekday=day,
                 opens_at=opens, closes_at=closes)
        for day, (opens, closes) in times.items()
    )  # fmt: skip
    found = Home.objects.with_hours().get(pk=home.pk).hours
    assert round(found * 60) == minutes
    assert measures.get("home_hours").count(Scope.of(home.community_id), Period.day(today())) == minutes // 60


def test_the_standard_takes_them_as_of_the_day_and_may_be_disputed(home, district, director, signed_in):
    standard_in_force(district)
    check = checking.begin(home, "self_check", by=director)
    answer = check.answers.get(item__code="O10")
    assert (answer.item.kind, answer.measured, answer.number, answer.denominator) == ("computed", True, 12, None)
    set_hours(home, {**WEEKDAYS, 5: (T(9), T(13))}, by=director)
    checking.measure_again(check, by=director)
    assert fresh(answer).number == 16
    page = soup(signed_in(director).get(reverse("homes:section", args=[check.pk, "operation"])))
    row = next(one for one in page.select(".requirement") if "Open hours each week" in one.text)
    assert not row.select("input[name=O10-number]") and row.select("input[name=O10-disputed]")
    assert reverse("reports:measure", args=["home_hours"]) in [link["href"] for link in row.select("a")]


def test_the_rows_behind_the_figure_are_the_days(home, far_community, director, federation, signed_in):
    make_home(far_community, weekly_hours=18, name="龙湾儿童之家")
    page = reverse("reports:measure", args=["home_hours"])
    shown = soup(signed_in(director).get(page)).select("ul.rows li")
    assert [row.text.strip() for row in shown] == [
        f"儿童之家 · in term · {day} 16:00–18:30" for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
    ]
    assert {row.a["href"] for row in shown} == {home.get_absolute_url()}
    assert "龙湾儿童之家" in words(signed_in(federation).get(page))


def test_a_closed_home_counts_no_hours(home, supervisor):
    home.close(by=supervisor, on=today())
    assert (count("home_hours", home), count("home_hours_in_holidays", home)) == (0, 0)


def test_past_checks_keep_what_was_typed_in_them(home, district, director, supervisor, administrator):
    """An edition in which people still typed the hours."""
    standard = standard_in_force(district, since=today() - dt.timedelta(days=400))
    draft = standard.new_draft(by=administrator)
    draft.items.filter(code="O10").update(kind="number", measure="")
    draft.approve(by=supervisor)
    past = submitted_check(home, supervisor)
    typed = past.answers.get(item__code="O10")
    assert (typed.measured, typed.number) == (False, 16)
    kept = fresh(past).explanation
    newer = draft.new_draft(by=administrator)
    newer.items.filter(code="O10").update(kind=StandardItem.Kind.COMPUTED, measure="home_hours")
    newer.in_force_from = today() + dt.timedelta(days=1)
    newer.save()
    newer.approve(by=supervisor)
    set_hours(home, {}, by=director)
    assert (fresh(typed).measured, fresh(typed).number, fresh(past).explanation) == (False, 16, kept)


def test_the_home_and_the_list_say_them(home, director, signed_in):
    page = soup(signed_in(director).get(home.get_absolute_url()))
    facts = {row.dt.text: row.dd.text for row in page.select("dl.facts div")}
    assert (facts["Hours a week in term"], facts["Hours a week in the school holidays"]) == ("12.5", "16")
    row = soup(signed_in(director).get(reverse("homes:list"))).select_one("main tbody tr")
    assert "12.5" in [cell.text for cell in row.select("td.num")]
