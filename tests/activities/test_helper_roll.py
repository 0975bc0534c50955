"""Helpers who were at a session without leading it: noted by the roll, and their hours counted once."""

import datetime as dt
import uuid

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.models import HelperAttendance, Session
from records.lifecycle import Refused
from records.trail import TrailEntry
from tests.activities.factories import days_ago, extra_session, make_activity, today
from tests.homes.factories import make_home
from tests.records.threads import at_once
from tests.volunteers.factories import a_helper, a_paired_child, a_term
from volunteers import contacts, home_roster, hours
from volunteers.models import HomeDay, HomeShift, Volunteer

DAY = dt.timedelta(days=1)


@pytest.fixture
def helper(community, director):
    return a_helper(community, director)


@pytest.fixture
def outing(community, director):
    return make_activity(community, director, title="春游", first_day=days_ago(1), hours=(9, 11), helpers_needed=3)


@pytest.fixture
def session(outing):
    return outing.sessions.get()


@pytest.fixture
def comes(outing, director):
    """comes(helper): with a place at the activity, whose only day is over."""

    def give(helper):
        return outing.helper_places.create(community_id=outing.community_id, volunteer=helper)

    return give


def worked(helper):
    done = hours.between(helper, today() - 30 * DAY, today())
    return done.sessions, done.shifts, done.minutes


def fresh(session):
    return Session.objects.select_related("activity").get(pk=session.pk)


def words(answer):
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


def send(client, address, **form):
    return client.post(address, {"once_token": uuid.uuid4(), **form}, follow=True)


def test_who_was_present_has_the_hours_of_the_session(session, helper, comes, director):
    comes(helper)
    assert worked(helper) == (0, 0, 0)
    session.mark_helper(helper, "present", by=director)
    assert worked(helper) == (1, 0, 120)
    session.mark_helper(helper, "absent", by=director)
    assert worked(helper) == (0, 0, 0)
    session.mark_helper(helper, "unmarked", by=director)
    assert worked(helper) == (0, 0, 0)
    verbs = list(TrailEntry.objects.filter(model_label="activities.helperattendance").values_list("verb", flat=True))
    assert verbs == ["marked unmarked", "marked absent", "marked present"]


def test_an_hour_beside_a_duty_at_the_home_counts_once(session, helper, comes, director, community):
    """9 to 11 at the activity, 10 to 12 on duty, and 90 minutes of a contact at the Home: 180 minutes."""
    comes(helper)
    session.mark_helper(helper, "present", by=director)
    home, day = make_home(community), session.day
    HomeShift.plan(home, weekday=day.weekday(), starts_at=dt.time(10), ends_at=dt.time(12), needed=1, by=director)
    shift = HomeShift.objects.get()
    facts = {"home": home, "community": community, "starts_at": shift.starts_at, "ends_at": shift.ends_at}
    slot = HomeDay.objects.create(shift=shift, day=day, needed=1, **facts)
    duty = home_roster._put(home_roster._duty(slot, helper), director)
    duty.tick(came_at=dt.time(10), went_at=dt.time(12), by=director)
    assert worked(helper) == (1, 1, 180)
    a_term()
    child = a_paired_child(community, helper, director)
    contacts.log(
        helper,
        pairings=list(child.pairings.all()),
        kinds=["talk"],
        made_on=day,
        minutes=90,
        place="childrens_home",
        by=director,
    )
    assert worked(helper) == (1, 1, 180)


def test_who_led_and_is_marked_counts_once(outing, session, helper, comes, director):
    comes(helper)
    session.mark_helper(helper, "present", by=director)
    type(outing).objects.filter(pk=outing.pk).update(leader=None, helper=helper)
    fresh(session).write_record("去了植物园", others_present=12, by=director)
    assert worked(helper) == (1, 0, 120)


def test_a_session_for_helpers_is_recorded_once_their_roll_is_called(community, director, helper, comes):
    """Without a child, a parent or a guest: its leader has the hours too."""
    leader = a_helper(community, director, name="带队")
    meeting = make_activity(
        community, director, title="交流会", kind="exchange", audience="helpers", first_day=days_ago(1), hours=(9, 11)
    )
    type(meeting).objects.filter(pk=meeting.pk).update(leader=None, helper=leader)
    held = fresh(meeting.sessions.get())
    held.write_record("交流了经验", by=director)
    assert (worked(leader), Session.objects.recorded().exists()) == ((0, 0, 0), False)
    held.mark_helper(helper, "absent", by=director)
    assert (worked(leader), Session.objects.recorded().exists()) == ((0, 0, 0), False)
    held.mark_helper(helper, "present", by=director)
    assert (worked(leader), worked(helper)) == ((1, 0, 120), (1, 0, 120))
    assert Session.objects.recorded().get() == held


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spans=st.lists(st.tuples(st.integers(0, 22), st.integers(1, 6)), min_size=1, max_size=5))
def test_the_minutes_are_those_of_a_plain_clock(spans, community, director, helper):
    """Helped and led sessions of one day against a clock of 24 hours with one mark for each."""
    with transaction.atomic():
        here = make_activity(community, director, title="a", venue="w", first_day=days_ago(3), helpers_needed=9)
        led = make_activity(community, director, title="b", venue="z", first_day=days_ago(3), helper=helper)
        Session.objects.update(day=days_ago(9))
        clock = set()
        for n, (start, long) in enumerate(spans):
            end = min(23, start + long)
            of = led if n % 2 else here
            one = extra_session(of, director, day=days_ago(2), hours=(start, end), venue=f"v{n}")
            one.activity = of
            if n % 2:
                one.write_record("做了", others_present=1, by=director)
            else:
                one.mark_helper(helper, "present", by=director)
            clock |= set(range(start, end))
        assert worked(helper) == (len(spans), 0, 60 * len(clock))
        transaction.set_rollback(True)


def test_nobody_notes_their_own_hours_and_no_leader_is_marked(outing, session, comes, director, community):
    own = a_helper(community, director, name="主任自己")
    Volunteer.objects.filter(pk=own.pk).update(user=director)
    comes(own)
    with pytest.raises(Refused, match="their own hours"):
        session.mark_helper(own, "present", by=director)
    leader = a_helper(community, director, name="带队")
    type(outing).objects.filter(pk=outing.pk).update(leader=None, helper=leader)
    with pytest.raises(Refused, match="leads this activity"):
        fresh(session).mark_helper(leader, "present", by=director)
    assert not HelperAttendance.objects.exists()


def test_only_who_was_to_help_or_was_cleared_on_the_day_is_noted(session, director, community, far_community, stranger):
    far = a_helper(far_community, stranger, name="远方")
    with pytest.raises(Refused, match="different communities"):
        session.mark_helper(far, "present", by=director)
    unchecked = a_helper(community, director, name="没有审查", checked=False)
    with pytest.raises(Refused, match="no hours count"):
        session.mark_helper(unchecked, "present", by=director)
    with pytest.raises(Refused, match="Choose present or absent"):
        session.mark_helper(unchecked, "excused", by=director)
    session.mark_helper(a_helper(community, director, name="赵敏"), "present", by=director)
    assert HelperAttendance.objects.get().volunteer.name == "赵敏"


def test_a_session_to_come_or_cancelled_has_no_roll(outing, helper, director):
    ahead = extra_session(outing, director, day=today() + DAY)
    with pytest.raises(Refused, match="has not come"):
        fresh(ahead).mark_helper(helper, "present", by=director)
    ahead.cancel(reason="下雨", by=director)
    with pytest.raises(Refused, match="cancelled"):
        fresh(ahead).mark_helper(helper, "present", by=director)


def test_a_session_with_a_helper_on_its_roll_stays_where_it_was(session, helper, comes, director):
    comes(helper)
    session.mark_helper(helper, "present", by=director)
    with pytest.raises(Refused, match="cannot be cancelled"):
        fresh(session).cancel(reason="下雨", by=director)


def test_one_tap_for_each_on_the_page(session, helper, comes, director, signed_in, community):
    comes(helper)
    client, page = signed_in(director), f"/activities/session/{session.pk}/helpers/"
    other = a_helper(community, director, name="孙丽")
    shown = words(client.get(page))
    assert (helper.name in shown, "0 of 1" in shown, "孙丽" in shown) == (True, True, True)
    assert send(client, f"{page}mark/", helper=helper.pk, mark="present").status_code == 200
    assert "Noted as present." in words(send(client, f"{page}other/", helper=other.pk))
    assert "2 of 2" in words(client.get(page))
    swapped = client.post(f"{page}mark/", {"helper": other.pk, "mark": "absent"}, headers={"HX-Request": "true"})
    assert "1 of 2" in words(swapped)
    shown = words(client.get(session.get_absolute_url()))
    assert "Helpers who came" in shown
    assert (helper.name in shown, "孙丽" in shown) == (True, False)


def test_others_find_no_roll_of_helpers(session, helper, comes, signed_in, supervisor, stranger, federation):
    comes(helper)
    page = f"/activities/session/{session.pk}/helpers/"
    for user in (supervisor, stranger, federation):
        client = signed_in(user)
        assert client.get(page).status_code == 404
        assert send(client, f"{page}mark/", helper=helper.pk, mark="present").status_code == 404
    assert not HelperAttendance.objects.exists()


def test_a_helper_of_elsewhere_does_not_exist_for_the_page(session, director, signed_in, far_community, stranger):
    far = a_helper(far_community, stranger, name="远方")
    page = f"/activities/session/{session.pk}/helpers/"
    for key in (far.pk, "x", ""):
        assert send(signed_in(director), f"{page}mark/", helper=key, mark="present").status_code == 404
    assert "远方" not in words(signed_in(director).get(page))


def test_the_database_holds_one_mark_a_helper(session, helper, comes, director):
    comes(helper)
    session.mark_helper(helper, "present", by=director)
    with pytest.raises(IntegrityError, match="one_mark_per_helper_and_session"), transaction.atomic():
        HelperAttendance.objects.create(
            session=session, volunteer=helper, community_id=session.community_id, mark="absent",
            marked_by=director, marked_at=HelperAttendance.objects.get().marked_at,
        )  # fmt: skip


def test_the_page_and_the_hours_ask_no_more_for_many(session, comes, director, signed_in, community):
    client, counts = signed_in(director), []
    helpers = []
    for total in (1, 3, 10):
        for n in range(len(helpers), total):
            helpers.append(a_helper(community, director, name=f"帮{n}"))
            comes(helpers[-1])
            session.mark_helper(helpers[-1], "present", by=director)
        page = f"/activities/session/{session.pk}/helpers/"
        client.get(page)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page).status_code == 200
            assert len(hours.by_day([one.pk for one in helpers], days_ago(30))) == total
        counts.append(len(captured))
    assert len(set(counts)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_phones_make_one_mark(session, helper, comes, director):
    comes(helper)
    at_once(*[lambda: fresh(session).mark_helper(helper, "present", by=director)] * 4)
    assert HelperAttendance.objects.get().mark == "present"
    assert worked(helper) == (1, 0, 120)
