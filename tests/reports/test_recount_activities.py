"""Activities, who came to them, the parent school and publicity recounted."""

import datetime as dt
import random

import pytest
from django.utils import timezone

from activities.models import Activity, Attendance, CarerAttendance, PublicityItem, Session
from children.models import Adult, Child
from tests.children.factories import a_child, an_adult
from tests.homes.factories import make_home
from tests.reports.recounting import SEEDS, a_day, all_communities, compare_all, inside, recounts
from tests.volunteers.factories import days

pytestmark = pytest.mark.django_db
KEYS = ["sessions_held", "sessions_recorded", "children_reached", "attendances", "parent_school_sessions"]
KEYS += ["law_or_safety_classes", "club_sessions", "carers_reached", "publicity_items"]
KEYS += ["sessions_at_home", "children_at_home_sessions"]
KINDS = [*Activity.Kind.values, "parent_school", "parent_school", "parent_school", "law", "safety", "club"]


@pytest.fixture(params=SEEDS)
def places(request, community, sister_community, far_community, director):
    """Sessions of every kind, ahead, held, cancelled, recorded or bare; marks of every sort, some left with a file that
    was merged into another, and some of children whose file is closed."""
    chance = random.Random(request.param)
    places = all_communities(community, sister_community, far_community)
    for place in places:
        children = [a_child(place) for _n in range(4)]
        adults = [an_adult(child, cares=True) for child in children]
        Child.objects.filter(pk=children[1].pk).update(left_on=days(-50), left_reason="moved_out")
        merged = {"left_on": days(-1), "left_reason": "merged", "merged_into": children[0]}
        Child.objects.filter(pk=children[2].pk).update(**merged)
        home = make_home(place)
        for kind in KINDS:
            activity = _an_activity(place, kind, chance)
            for _n in range(chance.randint(1, 2)):
                _a_session(chance, activity, children, adults, home, director)
        for _n in range(8):
            made, taken_down = a_day(chance, -230, 0), chance.choice([None, days(0)])
            facts = {"title": "防溺水", "channel": "poster", "made_on": made, "taken_down_on": taken_down}
            PublicityItem.objects.create(community=place, noted_by=director, **facts)
    return places


def _an_activity(place, kind, chance):
    status = chance.choice(Activity.Status.values)
    why = {"cancel_reason": "下雨"} if status == "cancelled" else {}
    return Activity.objects.create(
        **{"community": place, "title": "活动", "kind": kind, "venue": "活动室", "status": status, **why},
        **{"audience": chance.choice(Activity.Audience.values), "starts_on": days(-400), "ends_on": days(60)},
    )


def _a_session(chance, activity, children, adults, home, by):
    """Nobody is marked and nothing written before the day has come, nor at a session that was cancelled."""
    day = a_day(chance, -230, 40)
    is_held = day <= days(0) and chance.random() < 0.8
    is_cancelled = not is_held and chance.random() < 0.7
    is_at_home = chance.random() < 0.4 and not Session.objects.filter(home=home, day=day).exists()
    now = timezone.now()
    cancelled = {"cancelled_at": now, "cancelled_by": by, "cancel_reason": "下雨", "changed_at": now}
    written = {"record": "讲了防溺水。", "recorded_at": now, "recorded_by": by}
    session = Session.objects.create(
        **{"community_id": activity.community_id, "activity": activity, "day": day},
        **{"starts_at": dt.time(9), "ends_at": dt.time(10), **(cancelled if is_cancelled else {})},
        **(written if is_held and chance.random() < 0.6 else {}),
        home=home if is_at_home else None,
        venue="" if is_at_home else f"活动室 {Session.objects.count()}",
        others_present=chance.choice([0, 0, 7]) if is_held else 0,
    )
    if is_held and chance.random() < 0.6:
        facts = {"community_id": activity.community_id, "session": session}
        for child in chance.sample(children, chance.randint(0, 4)):
            mark = chance.choice(["present", "present", *Attendance.Mark.values])
            Attendance.objects.create(child=child, mark=mark, marked_by=by, marked_at=timezone.now(), **facts)
        for line, adult in enumerate(chance.sample(adults, chance.randint(0, 2)), 1):
            how = chance.choice(CarerAttendance.How.values)
            CarerAttendance.objects.create(
                adult=adult, how=how, line=line, noted_by=by, noted_at=timezone.now(), **facts
            )


def is_held(session, period):
    return session.cancelled_at is None and inside(session.day, period) and session.day <= days(0)


@recounts("sessions_held", kind=lambda session, period: session.activity.kind)
def sessions_held(period):
    return [session for session in Session.objects.select_related("activity") if is_held(session, period)]


def of_kinds(*kinds):
    return lambda period: [session for session in sessions_held(period) if session.activity.kind in kinds]


@recounts("sessions_at_home")
def sessions_at_home(period):
    return [session for session in sessions_held(period) if session.home_id is not None]


recounts("parent_school_sessions")(of_kinds("parent_school"))
recounts("law_or_safety_classes")(of_kinds("law", "safety"))
recounts("club_sessions")(of_kinds("club"))


@recounts("sessions_recorded")
def sessions_recorded(period):
    """A mark that was taken back, or that stays behind with a merged file, is none."""
    called = {
        mark.session_id
        for mark in Attendance.objects.select_related("child")
        if mark.mark != "unmarked" and mark.child.merged_into_id is None
    }
    counted = {line.session_id for line in CarerAttendance.objects.all() if line.how != "unmarked"}
    return [
        session
        for session in sessions_held(period)
        if session.record and (session.pk in called | counted or session.others_present)
    ]


@recounts("attendances")
def attendances(period):
    return [
        mark
        for mark in Attendance.objects.select_related("child", "session")
        if mark.mark == "present" and mark.child.merged_into_id is None and is_held(mark.session, period)
    ]


@recounts("children_reached")
def children_reached(period):
    came = {mark.child_id for mark in attendances(period)}
    return [child for child in Child.objects.all() if child.pk in came]


@recounts("children_at_home_sessions")
def children_at_home_sessions(period):
    came = {mark.child_id for mark in attendances(period) if mark.session.home_id is not None}
    return [child for child in Child.objects.all() if child.pk in came]


@recounts("carers_reached")
def carers_reached(period):
    came = {
        line.adult_id
        for line in CarerAttendance.objects.select_related("session__activity")
        if line.how in ("room", "remote")
        and line.session.activity.kind == "parent_school"
        and is_held(line.session, period)
    }
    return [adult for adult in Adult.objects.all() if adult.pk in came]


@recounts("publicity_items")
def publicity_items(period):
    return [item for item in PublicityItem.objects.all() if inside(item.made_on, period)]


def test_activities_and_who_came_are_counted_as_a_plain_recount_counts_them(places):
    compare_all(KEYS, places)
