"""When reports are due, which change of a figure must be explained, and that the explanation is kept."""

import datetime as dt
from fractions import Fraction
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from records.lifecycle import Refused
from records.measures import Period
from records.trail import TrailEntry
from reports.models import QuarterlyReport, ReportRule, StreetReport
from tests.reports.conftest import Q2, Q3

pytestmark = pytest.mark.django_db
NUMBERS = st.integers(0, 10**6)


@given(NUMBERS, NUMBERS, st.integers(1, 1000), st.integers(1, 10000))
def test_a_jump_is_a_change_of_so_many_percent_and_so_much(now, then, percent, number):
    rule = ReportRule(jump_percent=percent, jump_number=number)
    change = abs(now - then)
    enough = not then or Fraction(change, then) >= Fraction(percent, 100)
    assert rule.is_jump(now, then) == (change >= number and enough)
    assert rule.is_jump(now, now) is False


@pytest.mark.parametrize(
    ("now", "then", "jumps"),
    [(13, 10, False), (15, 10, True), (5, 0, True), (4, 0, False), (70, 100, True), (71, 100, False)],
)
def test_the_default_asks_for_thirty_percent_and_five(now, then, jumps):
    assert ReportRule().is_jump(now, then) is jumps


def test_the_default_gives_communities_ten_days_and_streets_twenty(october, community, street, director, supervisor):
    assert QuarterlyReport.open_for(community, Q3, by=director).due_on == dt.date(2026, 10, 10)
    assert StreetReport.open_for(street, Q3, by=supervisor).due_on == dt.date(2026, 10, 20)


def test_a_new_rule_rewrites_no_quarter_that_is_past_and_no_report_that_was_begun(
    october, community, sister_community, district, director, federation
):
    begun = QuarterlyReport.open_for(community, Period.quarter(2026, 4), by=director)
    rule = ReportRule(district=district, starts_on=dt.date(2026, 10, 1), community_days=15, street_days=25)
    rule.set(by=federation)
    assert QuarterlyReport.objects.get(pk=begun.pk).due_on == dt.date(2027, 1, 10)
    assert QuarterlyReport.open_for(sister_community, Q3, by=director).due_on == dt.date(2026, 10, 10)
    assert QuarterlyReport.open_for(sister_community, Period.quarter(2026, 4), by=director).due_on == dt.date(
        2027, 1, 15
    )
    with pytest.raises(Refused, match="runs now"):
        ReportRule(district=district, starts_on=dt.date(2026, 7, 1)).set(by=federation)


@pytest.mark.parametrize(
    "wrong", [{"starts_on": dt.date(2026, 11, 1)}, {"community_days": 30}, {"jump_percent": 0}, {"jump_number": 0}]
)
def test_a_rule_that_cannot_be_is_refused_by_the_database(wrong, district):
    facts = {"starts_on": dt.date(2026, 10, 1), **wrong}
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportRule.objects.create(district=district, **facts)


def test_another_districts_rule_is_not_ours(district):
    from communities.models import Division

    other = Division.objects.create(code="150903", name="别区", level="district")
    ReportRule.objects.create(district=other, starts_on=dt.date(2020, 1, 1), community_days=1, street_days=1)
    assert ReportRule.at("150902001001", Q3).community_days == 10


class TestJumps:
    @pytest.fixture
    def jumping(self, handed_in, community, director, supervisor, make_child):
        """One child in the second quarter, ten in the third."""
        make_child(community, registered_on=dt.date(2026, 5, 1), birth_date=dt.date(2018, 1, 1))
        handed_in(community, director, supervisor, period=Q2)
        for _n in range(9):
            make_child(community, registered_on=dt.date(2026, 8, 1), birth_date=dt.date(2018, 1, 1))
        found = QuarterlyReport.open_for(community, Q3, by=director)
        found.done = "完成"
        found.save()
        return found

    def test_a_figure_that_jumped_is_explained_before_the_report_is_submitted(self, jumping, director):
        with pytest.raises(Refused, match="Children on the register, Children newly registered"):
            jumping.submit(by=director)
        jumping.explanations = {"children_on_register": "集中登记", "newly_registered": "集中登记"}
        jumping.save()
        jumping.submit(by=director)
        assert QuarterlyReport.objects.get(pk=jumping.pk).explanations["newly_registered"] == "集中登记"

    def test_the_page_asks_for_the_words_and_keeps_them(self, jumping, director, supervisor, signed_in):
        client = signed_in(director)
        page = client.get(jumping.get_absolute_url()).content.decode()
        assert 'name="why_children_on_register"' in page
        assert 'name="why_left_register"' not in page
        said = {"done": "完成", "seen_version": jumping.version, "why_children_on_register": "入户摸底新登记九人"}
        client.post(jumping.get_absolute_url(), said)
        kept = QuarterlyReport.objects.get(pk=jumping.pk)
        assert kept.explanations == {"children_on_register": "入户摸底新登记九人"}
        said |= {"seen_version": kept.version, "why_newly_registered": "同上"}
        client.post(f"/reports/{jumping.pk}/submit/", said)
        assert QuarterlyReport.objects.get(pk=jumping.pk).status == "submitted"
        assert "入户摸底新登记九人" in signed_in(supervisor).get(jumping.get_absolute_url()).content.decode()

    def test_two_who_explain_at_once_see_each_others_words(self, jumping, director, signed_in):
        client, seen = signed_in(director), jumping.version
        client.post(jumping.get_absolute_url(), {"done": "完成", "seen_version": seen, "why_newly_registered": "甲"})
        second = {"done": "完成", "seen_version": seen, "why_newly_registered": "乙"}
        page = client.post(jumping.get_absolute_url(), second).content.decode()
        assert "Stored now: 甲" in page and "乙" in page
        assert QuarterlyReport.objects.get(pk=jumping.pk).explanations == {"newly_registered": "甲"}

    def test_what_was_counted_by_another_definition_is_not_compared(self, jumping):
        jumping.earlier(Q2).figures.update(definition_version=7)
        assert not any(change.is_jump for change in jumping.changes().values())
        assert {change.last for change in jumping.changes().values()} == {None}

    def test_a_year_ago_is_compared_as_well(self, handed_in, community, director, supervisor, make_child):
        year_ago = Period.quarter(2025, 3)
        for _n in range(10):
            made = make_child(community, registered_on=dt.date(2025, 8, 1), birth_date=dt.date(2018, 1, 1))
        handed_in(community, director, supervisor, period=year_ago)
        type(made).objects.exclude(pk=made.pk).update(left_on=dt.date(2026, 1, 5), left_reason="moved_out")
        change = QuarterlyReport.open_for(community, Q3, by=director).changes()["children_on_register"]
        assert (change.now, change.last, change.year_ago, change.since_year_ago) == (1, None, 10, -9)
        assert change.is_jump


class TestPage:
    def test_the_district_sets_its_rule(self, october, federation, district, signed_in):
        client = signed_in(federation)
        said = {"district": district.pk, "starts_on": "2026-10-01", "community_days": 12, "street_days": 22}
        said |= {"jump_percent": 40, "jump_number": 6, "once_token": str(uuid4())}
        assert client.post("/reports/rule/", said).status_code == 302
        rule = ReportRule.objects.get()
        assert (rule.district, rule.community_days, rule.jump_percent, rule.set_by) == (district, 12, 40, federation)
        wrong = said | {"street_days": 3, "starts_on": "2027-01-01", "once_token": str(uuid4())}
        page = client.post("/reports/rule/", wrong)
        assert page.status_code == 422
        assert "at least as many days" in page.content.decode()
        assert 'value="3"' in page.content.decode()

    def test_a_rule_set_again_for_the_same_quarter_takes_the_place_of_the_first(
        self, october, federation, district, signed_in
    ):
        client = signed_in(federation)
        said = {"district": district.pk, "starts_on": "2026-10-01", "community_days": 12, "street_days": 22}
        said |= {"jump_percent": 40, "jump_number": 6}
        for days in (90, 22):
            answer = client.post("/reports/rule/", said | {"street_days": days, "once_token": str(uuid4())})
            assert answer.status_code == 302
        rule = ReportRule.objects.get()
        assert (rule.community_days, rule.street_days) == (12, 22)
        first, second = TrailEntry.objects.about(rule).order_by("id")
        assert [(one.verb, one.fields) for one in (first, second)] == [
            ("set the rule", []),
            ("set the rule", ["street_days"]),
        ]

    @pytest.mark.parametrize("who", ["director", "supervisor", "administrator"])
    def test_nobody_else_does(self, who, request, signed_in, district):
        client = signed_in(request.getfixturevalue(who))
        assert client.get("/reports/rule/").status_code == 404
        assert client.post("/reports/rule/", {"district": district.pk}).status_code == 404
