import datetime as dt
import uuid
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from activities.models import CalendarFeed, Session
from records.trail import TrailEntry
from tests.activities.factories import make_activity, today
from tests.records.threads import at_once
from volunteers.models import Volunteer

DAY = dt.timedelta(days=1)


def make_address(client):
    answer = client.post("/activities/feed/", {"once_token": uuid.uuid4()})
    return BeautifulSoup(answer.content, "html.parser").select_one(".notice .code").get_text().split("testserver")[1]


def events(address, client=None):
    answer = (client or Client()).get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


@pytest.fixture
def address(director, signed_in):
    return make_address(signed_in(director))


def test_a_calendar_app_reads_title_venue_and_hours(address, director, community):
    title = "合唱; 一, 二\\三 " + "长" * 60
    session = make_activity(community, director, title=title, venue="活动室", hours=(9, 10)).sessions.get()
    event = events(address)[0]
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == (title, "活动室")
    assert event.decoded("DTSTART") == dt.datetime.combine(today(), dt.time(9), ZoneInfo("Asia/Shanghai"))
    assert all(len(line) <= 75 for line in Client().get(address).content.split(b"\r\n"))
    before = event["SEQUENCE"]
    session.move(day=today() + DAY, starts_at=dt.time(9), ends_at=dt.time(10), venue="操场", by=director)
    moved = events(address)[0]
    assert (moved["UID"], str(moved["LOCATION"])) == (event["UID"], "操场")
    assert moved["SEQUENCE"] > before
    session.cancel(reason="下雨", by=director)
    assert events(address)[0]["STATUS"] == "CANCELLED"


def test_it_names_nobody(address, director, community, make_child):
    helper = Volunteer.objects.create(community=community, name="王志愿", sex="M", kinds=["tutor"])
    activity = make_activity(community, director, helper=helper, first_day=today() - DAY)
    activity.enrol(make_child(community, name="欧阳娜娜"), by=director)
    Session.objects.get().write_record("欧阳娜娜 来了", by=director)
    body = Client().get(address).content.decode()
    assert "防溺水安全课" in body
    assert [name for name in ("欧阳娜娜", "王志愿", director.name) if name in body] == []


def test_it_gives_what_the_person_may_see(address, director, community, far_community, stranger):
    make_activity(far_community, stranger, title="别处的")
    make_activity(community, director, title="这里的")
    assert [str(event["SUMMARY"]) for event in events(address)] == ["这里的"]


def test_a_street_gets_what_it_leads_itself(supervisor, signed_in, director, community):
    make_activity(community, director, title="社区的")
    make_activity(community, director, title="街道的", leader=supervisor)
    assert [str(event["SUMMARY"]) for event in events(make_address(signed_in(supervisor)))] == ["街道的"]


def test_it_ends_with_the_posting_and_with_the_account(address, director):
    director.postings.update(starts_on=today() - 9 * DAY, ends_on=today() - DAY)
    assert Client().get(address).status_code == 404
    director.postings.update(ends_on=None)
    assert Client().get(address).status_code == 200
    type(director).objects.filter(pk=director.pk).update(is_active=False)
    assert Client().get(address).status_code == 404


def test_a_new_address_ends_the_one_before(address, director, signed_in):
    client = signed_in(director)
    second = make_address(client)
    assert Client().get(address).status_code == 404
    assert events(second) == []
    assert client.post("/activities/feed/end/").status_code == 302
    assert Client().get(second).status_code == 404
    verbs = TrailEntry.objects.filter(actor=director).values_list("verb", flat=True)
    assert list(verbs).count("made a calendar address") == 2
    assert list(verbs).count("ended a calendar address") == 2


def test_the_secret_is_stored_nowhere_and_shown_once(address, director, signed_in):
    secret = address.partition("?key=")[2]
    feed = CalendarFeed.objects.get()
    assert secret not in [feed.secret_hash, str(feed)]
    page = signed_in(director).get("/activities/feed/").content.decode()
    assert secret not in page
    assert "A new one ends it" in page
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM records_trailentry t WHERE t::text LIKE %s", [f"%{secret}%"])
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("query", ["", "?key=", "?key=x", "?key=" + "x" * 3000, "?key=会", "?key=x&key=y", "?key=%00"])
def test_what_is_no_secret_finds_nothing(db, query):
    assert Client().get(f"/activities/feed/calendar.ics{query}").status_code in (400, 404)


def test_it_is_throttled(address, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "calendar_feed": "2/m/ip"}
    assert [Client().get(address).status_code for _n in range(3)] == [200, 200, 429]


def test_it_asks_no_more_with_many_sessions(address, director, community):
    counts = []
    for total in (1, 3, 30):
        while Session.objects.count() < total:
            make_activity(community, director, venue=f"v{Session.objects.count()}")
        with CaptureQueriesContext(connection) as captured:
            assert len(events(address)) == total
        counts.append(len(captured))
    assert len(set(counts)) == 1


def test_the_database_holds_one_address_a_person(director):
    CalendarFeed.objects.renew(director)
    with pytest.raises(IntegrityError, match="one_calendar_address_per_person"), transaction.atomic():
        CalendarFeed.objects.create(user=director, secret_hash="x")


@pytest.mark.django_db(transaction=True)
def test_two_made_at_once_leave_one(director):
    at_once(*[lambda: CalendarFeed.objects.renew(director)] * 3)
    assert CalendarFeed.objects.filter(ended_at=None).count() == 1


def test_the_page_of_the_address_says_who_is_signed_in(address, director, community, signed_in):
    page = signed_in(director).get("/activities/feed/").content.decode()
    assert f'<span class="standing">Child director · {community}</span>' in page
