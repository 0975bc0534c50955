import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from activities.models import Activity, Session
from activities.planning import days_of, plan_activity
from activities.recurrence import Rule
from communities.models import ClosedDay
from records.lifecycle import Refused
from records.trail import TrailEntry
from tests.activities.factories import days_ago, extra_session, make_activity, today


def test_closed_days_are_skipped_and_worked_weekends_are_not(director, community, district):
    first = days_ago(28)
    ClosedDay.objects.create(district=district, day=first + dt.timedelta(days=7), name="国庆节")
    ClosedDay.objects.create(district=district, day=first + dt.timedelta(days=14), name="调休", is_worked=True)
    activity = make_activity(community, director, first_day=first, times=3)
    assert list(activity.sessions.values_list("day", flat=True)) == [
        first,
        first + dt.timedelta(days=14),
        first + dt.timedelta(days=21),
    ]
    assert (activity.starts_on, activity.ends_on) == (first, first + dt.timedelta(days=21))


def test_planning_is_whole_or_not_at_all(director, community):
    make_activity(community, director, first_day=today() + dt.timedelta(days=7), venue="图书室")
    with pytest.raises(Refused, match="图书室"):
        make_activity(community, director, times=3, venue="图书室")
    assert Activity.objects.count() == 1
    assert Session.objects.count() == 1


def test_the_planner_leads_when_nobody_is_named(director, community):
    activity = make_activity(community, director)
    assert activity.leader == director
    assert activity.led_by == director.name
    assert TrailEntry.objects.about(activity).filter(verb="planned", actor=director).exists()


@pytest.mark.parametrize(("hours", "clashes"), [((8, 9), False), ((10, 11), False), ((9, 10), True), ((8, 11), True)])
def test_a_venue_holds_one_session_at_a_time(director, community, hours, clashes):
    make_activity(community, director, venue="Room A", hours=(9, 10))
    if clashes:
        with pytest.raises(Refused, match="Room A"):
            make_activity(community, director, venue="room a", hours=hours)
    else:
        make_activity(community, director, venue="room a", hours=hours)


def test_the_same_venue_name_elsewhere_is_another_place(director, stranger, community, far_community):
    make_activity(community, director, venue="图书室")
    make_activity(far_community, stranger, venue="图书室")
    assert Session.objects.count() == 2


def test_the_database_itself_refuses_a_double_booking(director, community):
    session = make_activity(community, director, venue="图书室").sessions.get()
    session.pk, session._state.adding = None, True
    with pytest.raises(IntegrityError, match="one_session_at_a_time_in_a_venue"), transaction.atomic():
        session.save()


def test_a_cancelled_session_frees_the_venue(director, community):
    make_activity(community, director, venue="图书室").sessions.get().cancel(reason="下雨", by=director)
    make_activity(community, director, venue="图书室")
    assert Session.objects.not_cancelled().count() == 1


def test_moving_one_session_leaves_the_others(director, community):
    activity = make_activity(community, director, first_day=today() + dt.timedelta(days=7), times=3)
    first, second, third = activity.sessions.all()
    later = third.day + dt.timedelta(days=2)
    first.move(day=later, starts_at=dt.time(15), ends_at=dt.time(16), venue="操场", by=director)
    assert list(activity.sessions.values_list("day", flat=True)) == [second.day, third.day, later]
    activity.refresh_from_db()
    assert (activity.starts_on, activity.ends_on) == (second.day, later)


def test_a_session_cannot_be_moved_onto_another(director, community):
    activity = make_activity(community, director, times=2)
    first, second = activity.sessions.all()
    with pytest.raises(Refused, match="is taken"):
        first.move(day=second.day, starts_at=dt.time(9, 30), ends_at=dt.time(11), venue=second.venue, by=director)
    first.refresh_from_db()
    assert first.day == today()


def test_a_session_must_end_after_it_begins(director, community):
    with pytest.raises(Refused, match="end after"):
        make_activity(community, director, hours=(10, 10))


def test_a_session_with_a_roll_is_neither_moved_nor_cancelled(director, community, make_child):
    activity = make_activity(community, director)
    session = activity.sessions.get()
    session.join_late(make_child(community), by=director)
    with pytest.raises(Refused, match="cannot be cancelled"):
        session.cancel(reason="下雨", by=director)
    with pytest.raises(Refused, match="cannot be moved"):
        session.move(day=today(), starts_at=dt.time(1), ends_at=dt.time(2), venue="x", by=director)


def test_cancelling_an_activity_keeps_what_was_held(director, community, make_child):
    activity = make_activity(community, director, first_day=days_ago(7), times=3)
    held, *coming = activity.sessions.all()
    held.join_late(make_child(community), by=director)
    activity.refresh_from_db()
    activity.cancel(reason="场地维修", by=director)
    assert list(activity.sessions.not_cancelled()) == [held]
    activity.refresh_from_db()
    assert (activity.status, activity.cancel_reason, activity.ends_on) == ("cancelled", "场地维修", held.day)
    with pytest.raises(Refused):
        extra_session(activity, director)


def test_an_activity_is_not_finished_before_its_last_session(director, community, make_child):
    activity = make_activity(community, director, times=2)
    activity.sessions.first().join_late(make_child(community), by=director)
    activity.refresh_from_db()
    assert activity.status == "under_way"
    with pytest.raises(Refused, match="sessions to come"):
        activity.finish(by=director)
    activity.sessions.last().cancel(reason="放假", by=director)
    activity.finish(by=director)
    assert activity.status == "finished"


def test_a_finished_activity_stays_finished(director, community):
    activity = make_activity(community, director, first_day=days_ago(3))
    activity.begin(by=director)
    activity.finish(by=director)
    with pytest.raises(Refused):
        activity.cancel(reason="x", by=director)


def test_no_session_of_a_finished_activity_moves_ahead(director, community):
    activity = make_activity(community, director, first_day=days_ago(3))
    activity.begin(by=director)
    activity.finish(by=director)
    session = activity.sessions.get()
    hours = {"starts_at": dt.time(9), "ends_at": dt.time(10), "venue": "操场"}
    with pytest.raises(Refused, match="over or cancelled"):
        session.move(day=today() + dt.timedelta(days=1), **hours, by=director)
    session.move(day=days_ago(2), **hours, by=director)


def test_the_kept_span_is_what_a_recount_gives(director, community):
    activity = make_activity(community, director, first_day=days_ago(20), times=5)
    extra_session(activity, director, day=today() + dt.timedelta(days=40))
    list(activity.sessions.all())[0].cancel(reason="x", by=director)
    activity.refresh_from_db()
    days = [s.day for s in activity.sessions.all() if not s.is_cancelled]
    assert (activity.starts_on, activity.ends_on) == (min(days), max(days))


def test_a_rule_is_bounded(community):
    assert len(days_of(Rule(dt.date(2026, 1, 1), dt.time(1), dt.time(2), 10_000), community.pk)[0]) == 60


def test_plan_takes_one_leader(director, community):
    activity = Activity(community=community, title="x", kind="other", venue="v")
    plan_activity(activity, Rule(today(), dt.time(1), dt.time(2)), by=director)
    assert activity.helper is None
