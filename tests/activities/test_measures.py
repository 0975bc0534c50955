"""Each number against a plain recount over rows of which some must not count."""

import datetime as dt

import pytest

from activities.models import Attendance, HelperAttendance, SchemeAction, Session
from activities.schemes import asked_for, begin_scheme, from_template
from records import measures
from records.measures import Period
from records.scoping import Scope
from tests.activities.factories import days_ago, make_activity, today

KINDS = ["law", "safety", "club", "parent_school", "tutoring"]


@pytest.fixture
def period():
    return Period(days_ago(30), today())


@pytest.fixture
def year(director, stranger, community, far_community, make_child):
    """Sessions before, in and after the period, cancelled ones, ones without roll or record, here and elsewhere."""
    children = {place: [make_child(place) for _n in range(4)] for place in (community, far_community)}
    for place, by in ((community, director), (far_community, stranger)):
        for n, kind in enumerate(KINDS):
            activity = make_activity(
                place,
                by,
                kind=kind,
                art="dance" if kind == "club" else "",
                audience="carers" if kind == "parent_school" else "children",
                first_day=days_ago(42),
                times=8,
                hours=(8 + n, 9 + n),
            )
            sessions = list(activity.sessions.all())
            sessions[2].cancel(reason="下雨", by=by)
            if activity.takes_children:
                for which, child in enumerate(children[place][: n + 1]):
                    activity.enrol(child, by=by, on=days_ago(50))
                    sessions[0].mark(child, "present", by=by)
                    sessions[3].mark(child, ["present", "absent", "excused"][which % 3], by=by)
                    sessions[4].mark(child, "present", by=by)
                sessions[5].mark(children[place][0], "present", by=by)
                sessions[5].mark(children[place][0], "unmarked", by=by)
            for session in sessions[:1] + sessions[3:6]:
                session.write_record("做了什么", others_present=n % 2, by=by)
        _a_scheme(place, by)


def _a_scheme(place, by):
    """Of what it asks for, one is planned, one is planned and cancelled, one is left out."""
    since = days_ago(300)
    asked = asked_for("big_hands", since, place.pk)
    actions = list(begin_scheme(from_template("big_hands", since, place.pk), asked, by=by).actions.all())
    for action in actions[:2]:
        action.schedule(make_activity(place, by), by=by)
    actions[1].activity.cancel(reason="下雨", by=by)
    actions[2].leave_out(reason="不需要", by=by)


def recount(period, community):
    held = [
        s
        for s in Session.objects.select_related("activity")
        if s.community_id == community.pk
        and s.cancelled_at is None
        and period.start <= s.day <= min(period.end, today())
    ]
    past = [  # a gap is what stands open on the last day, whenever the period began
        s
        for s in Session.objects.select_related("activity")
        if s.community_id == community.pk and s.cancelled_at is None and days_ago(120) <= s.day <= today()
    ]
    marked = {m.session_id for m in Attendance.objects.all() if m.mark != "unmarked"}
    marks = [m for m in Attendance.objects.all() if m.session_id in {s.pk for s in held}]
    present = [m for m in marks if m.mark == "present"]
    with_helpers = {m.session_id for m in HelperAttendance.objects.all() if m.mark == "present"}
    with_roll = {m.session_id for m in marks if m.mark != "unmarked"}
    return {
        "sessions_held": len(held),
        "sessions_recorded": sum(
            bool(s.record) and (s.pk in with_roll or s.pk in with_helpers or s.others_present > 0) for s in held
        ),
        "children_reached": len({m.child_id for m in present}),
        "attendances": len(present),
        "parent_school_sessions": sum(s.activity.kind == "parent_school" for s in held),
        "law_or_safety_classes": sum(s.activity.kind in ("law", "safety") for s in held),
        "club_sessions": sum(s.activity.kind == "club" for s in held),
        "sessions_without_roll_call": sum(
            s.activity.audience in ("children", "families") and s.pk not in marked for s in past
        ),
        "sessions_without_record": sum(not s.record and s.day < today() for s in past),
        "scheme_actions_overdue": sum(
            a.state == SchemeAction.State.OVERDUE for a in SchemeAction.objects.filter(community=community)
        ),
    }


NAMES = [
    *["sessions_held", "sessions_recorded", "children_reached", "attendances", "parent_school_sessions"],
    *["law_or_safety_classes", "club_sessions", "sessions_without_roll_call", "sessions_without_record"],
    "scheme_actions_overdue",
]


def test_each_number_is_what_a_plain_recount_gives(year, period, community, far_community, district):
    here, there = recount(period, community), recount(period, far_community)
    assert sorted(here) == sorted(NAMES)
    for name in NAMES:
        found = measures.get(name)
        assert here[name] > 0
        assert found.count(Scope.of(community.pk), period) == here[name], name
        both = {community.pk: here[name], far_community.pk: there[name]}
        assert found.per_community(Scope.of(district.pk), period) == both, name


def test_parts_by_kind_add_up_to_the_sessions_held(year, period, community):
    parts = measures.get("sessions_held").parts_per_community("kind", Scope.of(community.pk), period)
    assert {kind for _code, kind in parts} == set(KINDS)
    assert sum(parts.values()) == recount(period, community)["sessions_held"]


def test_nothing_of_the_future_is_held(director, community):
    make_activity(community, director, first_day=today() + dt.timedelta(days=1))
    ahead = Period(today(), today() + dt.timedelta(days=90))
    assert measures.get("sessions_held").count(Scope.of(community.pk), ahead) == 0


def test_the_page_to_act_on_shows_as_many_as_the_gap_counts(year, director, community, signed_in):
    page = signed_in(director).get("/activities/todo/")
    now = Period.day(today())
    for name, shown in (("sessions_without_roll_call", "roll"), ("sessions_without_record", "record")):
        rows = list(page.context[shown])
        assert len(rows) == measures.get(name).count(Scope.of(community.pk), now) > 0
        assert {row.community_id for row in rows} == {community.pk}


def test_nothing_counts_in_an_empty_scope(year, period):
    assert [name for name in NAMES if measures.get(name).count(Scope(()), period)] == []


def test_rows_are_shown_only_to_those_who_may_see_them(year, period, district, director, federation, stranger):
    for name in NAMES:
        found = measures.get(name)
        rows = found.rows_for(director, Scope.of(district.pk), period)
        assert rows.count() > 0
        assert {row.community_id for row in rows} == {director.current_postings[0].division_id}
        assert found.rows_for(federation, Scope.of(district.pk), period).count() == 0


def test_every_measure_is_listed_with_its_definition():
    ours = [m for m in measures.all_measures() if m.rows.__module__ == "activities.measures"]
    assert sorted(m.key for m in ours) == sorted(NAMES)
    assert all(str(m.definition) and str(m.label) for m in ours)
