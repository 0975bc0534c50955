"""A helper's own days in the calendar app: what they lead, help at and are on duty for, and nothing else."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from activities.models import CalendarFeed
from communities.models import Posting
from tests.activities.factories import make_activity, today
from tests.homes.factories import make_home
from tests.volunteers.factories import a_helper
from volunteers import home_roster
from volunteers.models import HomeDay, HomeDuty, HomeShift, RecordCheck, Volunteer

PAGE = "/portal/activities/calendar/"
DAY = dt.timedelta(days=1)


@pytest.fixture
def volunteer_user(make_user, community):
    return make_user("volunteer", community, "volunteer", name="王爱华")


@pytest.fixture
def helper(community, director, volunteer_user):
    return a_helper(community, director, user=volunteer_user)


@pytest.fixture
def portal(signed_in, helper, volunteer_user):
    return signed_in(volunteer_user)


@pytest.fixture
def address(portal):
    answer = portal.post(PAGE, {"once_token": uuid.uuid4()})
    return BeautifulSoup(answer.content, "html.parser").select_one(".notice .code").get_text().split("testserver")[1]


@pytest.fixture
def on_duty(community, director, helper):
    """The helper's duty at the Home on the day after tomorrow, with another helper."""
    home, day = make_home(community, name="春风之家", address="3 号楼"), today() + 2 * DAY
    hours = {"starts_at": dt.time(16), "ends_at": dt.time(18)}
    HomeShift.plan(home, weekday=day.weekday(), needed=2, by=director, **hours)
    home_roster.make_roster(home, first=today(), last=day, by=director)
    slot = HomeDay.objects.get()
    home_roster.put_on(slot, a_helper(community, director, name="赵敏"), by=director)
    return home_roster.put_on(slot, helper, by=director)


def events(address):
    answer = Client().get(address)
    assert answer.status_code == 200
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def titles(address):
    return sorted(str(event["SUMMARY"]) for event in events(address))


def test_it_holds_what_the_helper_leads_and_helps_at_ahead(
    address, director, community, helper, far_community, stranger
):
    lead = make_activity(community, director, title="带的", first_day=today() + DAY, times=2, helper=helper)
    make_activity(community, director, title="帮的", first_day=today(), helpers_needed=2).take_helper(
        helper, by=director
    )
    make_activity(community, director, title="以前的", first_day=today() - DAY, helper=helper)
    make_activity(community, director, title="没份的", first_day=today() + DAY, helpers_needed=2)
    make_activity(far_community, stranger, title="别处的", first_day=today() + DAY)
    assert titles(address) == ["带的", "带的", "帮的"]
    lead.sessions.first().cancel(reason="下雨", by=director)
    status = [(str(event["SUMMARY"]), str(event["STATUS"])) for event in events(address)]
    assert status == [("帮的", "CONFIRMED"), ("带的", "CANCELLED"), ("带的", "CONFIRMED")]


def test_a_place_given_back_is_gone(address, director, community, helper):
    outing = make_activity(community, director, title="春游", first_day=today() + DAY, helpers_needed=2)
    place = outing.take_helper(helper, by=director)
    assert titles(address) == ["春游"]
    place.say_cannot(by=helper.user)
    assert titles(address) == []


def test_it_holds_the_duties_at_the_home(address, on_duty, director):
    event = events(address)[0]
    found = [str(event[name]) for name in ("SUMMARY", "LOCATION", "STATUS")]
    assert found == ["儿童之家值班", "春风之家, 3 号楼", "CONFIRMED"]
    assert event.decoded("DTSTART") == dt.datetime.combine(today() + 2 * DAY, dt.time(16), ZoneInfo("Asia/Shanghai"))
    on_duty.slot.call_off(reason="赵敏病了", by=director)
    called_off = events(address)[0]
    assert (str(called_off["STATUS"]), called_off["SEQUENCE"] > event["SEQUENCE"]) == ("CANCELLED", True)
    assert "赵敏" not in Client().get(address).content.decode()
    HomeDuty.objects.filter(pk=on_duty.pk).update(status="off")
    assert events(address) == []


def test_it_names_nobody(address, on_duty, director, community, helper, make_child):
    led = make_activity(community, director, title="绘画", first_day=today(), helper=helper, helpers_needed=2)
    led.take_helper(a_helper(community, director, name="孙丽"), by=director)
    led.enrol(make_child(community, name="欧阳娜娜"), by=director)
    led.sessions.get().write_record("欧阳娜娜 来了", by=director)
    body = Client().get(address).content.decode()
    assert "绘画" in body
    assert [name for name in ("欧阳娜娜", "赵敏", "孙丽", "王爱华", director.name) if name in body] == []


def test_it_gives_nothing_once_the_checks_or_the_service_end(address, on_duty, helper):
    assert len(events(address)) == 1
    RecordCheck.objects.update(valid_until=today() - DAY)
    Volunteer.objects.get(pk=helper.pk).recount_clearance()
    assert Client().get(address).status_code == 404
    RecordCheck.objects.update(valid_until=today() + 9 * DAY)
    Volunteer.objects.get(pk=helper.pk).recount_clearance()
    assert Client().get(address).status_code == 200
    Volunteer.objects.filter(pk=helper.pk).update(left_on=today())
    assert Client().get(address).status_code == 404


def test_the_page_makes_renews_and_ends_the_address_by_forms_alone(address, portal, on_duty):
    page = BeautifulSoup(portal.get(PAGE).content, "html.parser")
    assert "A new one ends it" in page.get_text()
    assert address.partition("?key=")[2] not in page.get_text()
    forms = [form.get("action", PAGE) for form in page.select("main form[method=post]")]
    assert forms == [PAGE, f"{PAGE}end/"]
    assert portal.post(f"{PAGE}end/").status_code == 302
    assert Client().get(address).status_code == 404
    assert not CalendarFeed.objects.filter(ended_at=None).exists()
    linked = [portal.get(way).content.decode() for way in ("/portal/activities/", "/portal/home/")]
    assert all(f'href="{PAGE}"' in content for content in linked)


def test_staff_who_also_help_have_both_once(address, director, community, helper, far_community, stranger):
    Posting.objects.create(user=helper.user, division=far_community, role="community_worker", starts_on=today() - DAY)
    make_activity(community, director, title="帮的", first_day=today() + DAY, helper=helper)
    make_activity(community, director, title="没份的", first_day=today() + DAY)
    make_activity(far_community, stranger, title="那边的", first_day=today() + DAY)
    assert titles(address) == ["帮的", "那边的"]


def test_it_asks_no_more_with_many_days(address, on_duty, director, community, helper):
    counts = []
    for total in (1, 3, 10):
        while len(events(address)) < total + 1:
            n = len(events(address))
            make_activity(community, director, title=f"t{n}", venue=f"v{n}", first_day=today() + DAY, helper=helper)
        with CaptureQueriesContext(connection) as captured:
            assert len(events(address)) == total + 1
        counts.append(len(captured))
    assert len(set(counts)) == 1
