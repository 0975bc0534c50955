"""The poster of one activity: its days, and nobody's name."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.models import Activity
from records.trail import TrailEntry
from tests.activities.factories import days_ago, make_activity, today
from tests.homes.factories import make_home
from tests.volunteers.factories import a_helper

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def club(director, community, make_child):
    helper = a_helper(community, director, name="王志愿")
    made = make_activity(
        community, director, title="合唱", topic="红歌", venue="活动室", first_day=days_ago(1), times=4, helper=helper
    )
    made.enrol(make_child(community, name="欧阳娜娜"), by=director)
    Activity.objects.update(purpose="给欧阳娜娜", materials="欧阳娜娜的歌本", capacity=12)
    return made


def sheet(client, activity):
    return BeautifulSoup(client.get(f"/papers/activity_poster/{activity.pk}/").content, "html.parser").find("article")


def test_it_shows_the_days_ahead_and_names_nobody(club, director, signed_in):
    gone = club.sessions.filter(day__gt=today()).first()
    gone.cancel(reason="下雨", by=director)
    text = sheet(signed_in(director), club).get_text(" ", strip=True)
    for words in ("合唱", "红歌", "活动室", "09:00–10:00", "12", "Taking part costs nothing"):
        assert words in text
    ahead = [
        f"{day:%Y-%m-%d}"
        for day in club.sessions.not_cancelled().filter(day__gte=today()).values_list("day", flat=True)
    ]
    assert [day for day in ahead if day not in text] == []
    assert [day for day in (f"{days_ago(1)}", f"{gone.day}") if day in text] == []
    assert [name for name in ("欧阳娜娜", "王志愿", director.name) if name in text] == []
    assert TrailEntry.objects.filter(verb="printed activity_poster", actor=director).exists()


def test_its_code_leads_to_the_page_of_an_open_home_and_to_nothing_else(club, director, signed_in, community):
    client = signed_in(director)
    assert sheet(client, club).select(".qr") == []
    home = make_home(community)
    assert len(sheet(client, club).select(".qr svg")) == 1
    type(home).objects.update(closed_on=days_ago(1))
    assert sheet(client, club).select(".qr") == []


def test_what_is_cancelled_invites_nobody(club, director, signed_in):
    Activity.objects.get(pk=club.pk).cancel(reason="下雨", by=director)
    answer = signed_in(director).get(f"/papers/activity_poster/{club.pk}/")
    assert answer.status_code == 403
    assert "there is nothing to invite to" in answer.content.decode()


def test_a_poster_of_elsewhere_is_not_found(club, signed_in, stranger, federation):
    for user in (stranger, federation):
        assert signed_in(user).get(f"/papers/activity_poster/{club.pk}/").status_code == 404


def test_a_long_course_says_until_when(director, community, signed_in):
    course = make_activity(community, director, title="作业辅导", first_day=today(), times=20)
    text = sheet(signed_in(director), course).get_text(" ", strip=True)
    course.refresh_from_db()
    assert f"and more days, until {course.ends_on}" in text


def test_many_posters_ask_no_more(director, community, signed_in):
    client, counts = signed_in(director), set()
    for total in (1, 3):
        while Activity.objects.count() < total:
            make_activity(community, director, first_day=today(), times=3)
        keys = ",".join(str(key) for key in Activity.objects.values_list("pk", flat=True))
        client.get(f"/papers/activity_poster/?keys={keys}")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/papers/activity_poster/?keys={keys}").status_code == 200
        counts.add(len(captured) - total)  # one line on the trail for each
    assert len(counts) == 1
