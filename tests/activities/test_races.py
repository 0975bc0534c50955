"""Two people at the same moment, on real connections."""

import datetime as dt

import pytest
from django.test import Client

from activities.models import Activity, Attendance, Enrolment, Scheme, SchemeAction, Session
from activities.schemes import begin_scheme
from homes.models import Home
from records.lifecycle import Refused
from tests.activities.factories import days_ago, make_activity, today
from tests.homes.factories import make_home
from tests.records.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def outcome(act):
    def run():
        try:
            act()
        except Refused as refusal:
            return refusal.message
        return "done"

    return run


@pytest.fixture
def club(director, community):
    return make_activity(community, director, first_day=days_ago(1), capacity=1)


def fresh(activity):
    return Activity.objects.get(pk=activity.pk)


def test_the_last_place_goes_to_one(club, director, community, make_child):
    children = [make_child(community) for _n in range(4)]
    results = at_once(*[outcome(lambda c=c: fresh(club).enrol(c, by=director)) for c in children])
    assert sorted(results) == ["All 1 places are taken."] * 3 + ["done"]
    assert Enrolment.objects.count() == 1


def test_one_child_asked_for_twice_has_one_place(club, director, community, make_child):
    child = make_child(community)
    assert at_once(*[outcome(lambda: fresh(club).enrol(child, by=director))] * 3) == ["done"] * 3
    assert Enrolment.objects.count() == 1


def test_an_activity_stands_for_one_action_of_a_scheme(club, director, community):
    scheme = Scheme(community=community, title="蓝天", starts_on=today(), ends_on=today())
    asked = [SchemeAction(community=community, title=f"合唱{n}", kind="club", due_on=today()) for n in range(2)]
    begin_scheme(scheme, asked, by=director)
    results = at_once(*[outcome(lambda a=a: a.schedule(club, by=director)) for a in scheme.actions.all()])
    assert sorted(results) == ["This activity already stands for another action.", "done"]


def test_a_venue_is_booked_once(director, community):
    book = outcome(lambda: make_activity(community, director, venue="图书室", hours=(9, 11)))
    results = at_once(*[book] * 4)
    assert results.count("done") == 1
    assert Session.objects.not_cancelled().count() == Activity.objects.count() == 1


def test_moves_onto_one_venue_end_with_one_winner(director, community):
    sessions = [make_activity(community, director, venue=f"房间{n}").sessions.get() for n in range(3)]

    def move(session):
        Session.objects.get(pk=session.pk).move(
            day=today(), starts_at=dt.time(15), ends_at=dt.time(16), venue="操场", by=director
        )

    results = at_once(*[outcome(lambda s=s: move(s)) for s in sessions])
    assert results.count("done") == 1
    assert Session.objects.filter(venue="操场").count() == 1


def test_a_home_is_booked_once(director, community):
    home = make_home(community)
    book = outcome(lambda: make_activity(community, director, home=Home.objects.get(pk=home.pk), hours=(9, 11)))
    moved = make_activity(community, director, hours=(9, 11)).sessions.get()

    def move():
        hours = {"starts_at": dt.time(10), "ends_at": dt.time(12)}
        Session.objects.get(pk=moved.pk).move(day=today(), **hours, home=home, by=director)

    results = at_once(*[book] * 3, outcome(move))
    assert results.count("done") == 1
    assert Session.objects.not_cancelled().filter(home=home).count() == 1


def test_a_home_that_closes_beside_a_plan_for_it_keeps_no_session(director, community):
    home = make_home(community)
    ahead = today() + dt.timedelta(days=1)
    plan = outcome(
        lambda: make_activity(community, director, home=Home.objects.get(pk=home.pk), first_day=ahead, hours=(9, 11))
    )
    close = outcome(lambda: Home.objects.get(pk=home.pk).close(by=director, on=today()))
    planned, closed = at_once(plan, close)
    assert (planned == "done") != (closed == "done")
    home.refresh_from_db()
    assert Session.objects.filter(home=home).exists() == home.is_open


def test_two_phones_at_one_roll_make_one_mark(club, director, community, make_child):
    session = club.sessions.get()
    child = make_child(community)
    session.join_late(child, by=director)
    marks = ["absent", "present", "absent", "excused"]
    tap = [outcome(lambda m=m: Session.objects.get(pk=session.pk).mark(child, m, by=director)) for m in marks]
    assert at_once(*tap) == ["done"] * 4
    assert Attendance.objects.count() == 1


def test_everyone_present_beside_single_taps_loses_nothing(director, community, make_child):
    club = make_activity(community, director)
    session = club.sessions.get()
    children = [make_child(community) for _n in range(6)]
    for child in children:
        club.enrol(child, by=director)
    taps = [
        outcome(lambda c=c: Session.objects.get(pk=session.pk).mark(c, "absent", by=director)) for c in children[:3]
    ]
    sweep = outcome(lambda: Session.objects.get(pk=session.pk).mark_all_present(by=director))
    assert at_once(*taps, sweep) == ["done"] * 4
    assert dict(Attendance.objects.values_list("child", "mark")) == {
        child.pk: "absent" if n < 3 else "present" for n, child in enumerate(children)
    }


def test_cancelling_beside_a_roll_call_ends_without_a_deadlock(club, director, community, make_child):
    session = club.sessions.get()
    child = make_child(community)
    club.enrol(child, by=director, on=days_ago(2))
    mark = outcome(lambda: Session.objects.get(pk=session.pk).mark(child, "present", by=director))
    cancel = outcome(lambda: fresh(club).cancel(reason="x", by=director))
    results = at_once(mark, cancel)
    assert results[1] == "done"
    session.refresh_from_db()
    assert session.is_cancelled == (results[0] != "done")


def test_a_form_sent_twice_plans_one_activity(director, community, signed_in):
    client = signed_in(director)
    token = "7d9a2b9e-4f1c-4d4b-9b5e-1f0d9a6c3b21"
    form = {
        **{"title": "象棋", "kind": "other", "audience": "children", "venue": "活动室", "times": "2", "every": "week"},
        **{"first_day": today().isoformat(), "starts_at": "09:00", "ends_at": "10:00", "once_token": token},
        **{"looked": "1", "days": [str(today() + dt.timedelta(days=n)) for n in (0, 7)]},
    }

    def send():
        twin = Client()
        twin.cookies = client.cookies
        return twin.post("/activities/plan/", form).status_code

    assert at_once(send, send) == [302, 302]
    assert (Activity.objects.count(), Session.objects.count()) == (1, 2)
