"""A person with two posts has in each place the rights of the post there, whatever the other one allows."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup

from tests.activities.factories import days_ago, make_activity, today
from tests.activities.test_feed import events, make_address
from tests.volunteers.factories import a_helper

pytestmark = pytest.mark.django_db
TO_COMPLETE = "/activities/todo/"


@pytest.fixture
def worker(make_user, far_community):
    return make_user("community_worker", far_community, "stranger")


def actions(page):
    """[(the row's words, what stands on its button)]"""
    rows = BeautifulSoup(page.content, "html.parser").select("main .row")
    found = [(row.get_text(" ", strip=True), row.select_one("a.button")) for row in rows]
    return [(text, button.get_text(" ", strip=True) if button else "") for text, button in found]


def test_what_is_left_to_do_is_done_in_the_own_community_alone(two_posts, director, community, far_community, worker):
    make_activity(community, director, title="本社区安全课", first_day=days_ago(2))
    make_activity(far_community, worker, title="龙湾安全课", first_day=days_ago(2))
    rows = actions(two_posts.get(TO_COMPLETE))
    assert {bool(button) for text, button in rows if "本社区安全课" in text} == {True}
    assert {bool(button) for text, button in rows if "龙湾安全课" in text} == {False}


def test_a_street_beside_it_takes_nothing_out_of_the_calendar_of_the_own_community(
    two_posts, director, community, far_community, worker
):
    make_activity(community, worker, title="本社区安全课", first_day=today())
    make_activity(far_community, worker, title="龙湾安全课", first_day=today())
    make_activity(far_community, director, title="亲自带的课", first_day=today())
    assert {str(event["SUMMARY"]) for event in events(make_address(two_posts))} == {"本社区安全课", "亲自带的课"}


def test_who_leads_elsewhere_without_checks_in_order_is_seen_and_changed_there(
    two_posts, director, community, far_community, worker
):
    for place, by, title in ((community, director, "本社区舞蹈班"), (far_community, worker, "龙湾舞蹈班")):
        helper = a_helper(place, by, name=f"老师{title[:2]}")
        make_activity(place, by, title=title, first_day=today() + dt.timedelta(days=3), helper=helper)
        type(helper).objects.filter(pk=helper.pk).update(cleared_until=today())
    rows = dict(actions(two_posts.get(TO_COMPLETE)))
    assert len(rows) == 2
    assert [bool(button) for text, button in rows.items() if "本社区舞蹈班" in text] == [True]
    assert [bool(button) for text, button in rows.items() if "龙湾舞蹈班" in text] == [False]
