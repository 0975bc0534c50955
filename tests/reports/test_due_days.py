"""When reports fall due, for somebody whose posts lie in two districts: each by its own rule."""

import datetime as dt

import pytest

from communities.models import Posting
from records.scoping import Scope
from reports import deadlines, panels
from reports.models import ReportRule
from tests.reports.reported import ELSEWHERE, A, divisions

pytestmark = pytest.mark.django_db
FIRST, LAST = dt.date(2026, 10, 6), dt.date(2026, 12, 31)


@pytest.fixture
def two_posts(october, make_user):
    here, there = divisions(A, ELSEWHERE)
    user = make_user("community_worker", here)
    Posting.objects.create(user=user, division=there, role="community_worker", starts_on=dt.date(2020, 1, 1))
    ReportRule.objects.create(
        district=there.parent.parent, starts_on=dt.date(2026, 7, 1), community_days=30, street_days=40
    )
    return user


def test_each_district_has_a_line_of_its_own(two_posts):
    lines = list(deadlines.community_reports(two_posts, FIRST, LAST))
    assert [(line.day, line.note) for line in lines] == [
        (dt.date(2026, 10, 10), "1 not handed in"),
        (dt.date(2026, 10, 30), "1 not handed in"),
    ]
    early = list(deadlines.community_reports(two_posts, FIRST, dt.date(2026, 10, 20)))
    assert [line.day for line in early] == [dt.date(2026, 10, 10)]


@pytest.mark.parametrize(("codes", "days"), [([A], [10]), ([A, ELSEWHERE], [10, 30]), ([A, A[:9] + "002"], [10])])
def test_the_days_ahead_follow_the_rule_of_each_district(two_posts, codes, days):
    ahead = panels.reports_due(two_posts, Scope.of(*codes), FIRST, dt.date(2026, 10, 30))
    due = [one.day.day for one in ahead if "due" in one.words]
    assert due == days
