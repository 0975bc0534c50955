import datetime as dt

import pytest
from django.db.models import F
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.models import Attendance, Enrolment, Session
from children import transfer
from records.lifecycle import Refused
from records.trail import TrailEntry
from tests.activities.factories import days_ago, make_activity, today
from tests.children.factories import offered


@pytest.fixture
def club(director, community):
    return make_activity(community, director, first_day=days_ago(14), times=4)


@pytest.fixture
def session(club):
    return club.sessions.get(day=today())


def marks(session):
    return sorted(session.attendances.values_list("child", "mark"))


def test_a_mark_is_saved_once_however_often_it_is_sent(club, session, director, community, make_child):
    child = make_child(community)
    club.enrol(child, by=director)
    for _again in range(3):
        session.mark(child, "present", by=director)
    assert marks(session) == [(child.pk, "present")]
    assert TrailEntry.objects.filter(verb="marked present").count() == 1
    club.refresh_from_db()
    assert club.status == "under_way"


def test_a_mark_can_be_changed_and_taken_back(club, session, director, community, make_child):
    child = make_child(community)
    club.enrol(child, by=director)
    session.mark(child, "absent", by=director)
    session.mark(child, "excused", by=director)
    assert marks(session) == [(child.pk, "excused")]
    session.mark(child, "unmarked", by=director)
    assert list(session.attendances.marked()) == []
    assert list(Session.objects.with_marks()) == []
    session.mark(child, "present", by=director)
    assert marks(session) == [(child.pk, "present")]


def test_taking_back_what_was_never_marked_makes_no_row(club, session, director, community, make_child):
    child = make_child(community)
    club.enrol(child, by=director)
    assert session.mark(child, "unmarked", by=director) is None
    assert Attendance.objects.count() == 0


def test_a_child_not_on_the_roll_is_refused(session, director, community, far_community, make_child):
    for child in (make_child(community), make_child(far_community)):
        with pytest.raises(Refused, match="not on the roll"):
            session.mark(child, "present", by=director)


@pytest.mark.parametrize("mark", ["", "late", "PRESENT", "present\x00"])
def test_an_unknown_mark_is_refused(session, director, community, make_child, mark):
    with pytest.raises(Refused, match="Choose"):
        session.mark(make_child(community), mark, by=director)


def test_no_roll_is_called_before_the_day_or_when_cancelled(club, director, community, make_child):
    child = make_child(community)
    club.enrol(child, by=director)
    coming = club.sessions.last()
    with pytest.raises(Refused, match="not come yet"):
        coming.mark(child, "present", by=director)
    coming.cancel(reason="x", by=director)
    with pytest.raises(Refused, match="is cancelled"):
        coming.mark_all_present(by=director)


def test_everyone_else_is_present_and_marks_made_stay(club, session, director, community, make_child):
    first, second, third = (make_child(community) for _n in range(3))
    for child in (first, second, third):
        club.enrol(child, by=director)
    session.mark(first, "excused", by=director)
    session.mark(second, "absent", by=director)
    session.mark(second, "unmarked", by=director)
    assert session.mark_all_present(by=director) == 2
    assert marks(session) == [(first.pk, "excused"), (second.pk, "present"), (third.pk, "present")]
    assert session.mark_all_present(by=director) == 0


def test_a_late_joiner_is_enrolled_as_of_that_day(club, director, community, make_child):
    child = make_child(community)
    earlier = club.sessions.get(day=days_ago(7))
    club.enrol(child, by=director)
    earlier.join_late(child, by=director)
    earlier.join_late(child, by=director)
    assert list(club.enrolments.values_list("child", "joined_on")) == [(child.pk, days_ago(7))]
    assert marks(earlier) == [(child.pk, "present")]


def test_who_got_a_place_later_is_found_for_a_day_before(club, director, community, make_child, signed_in):
    """The sheet of last week is entered once the child, who came as a guest, has a place."""
    child = make_child(community)
    club.enrol(child, by=director)
    earlier = club.sessions.order_by("day").first()
    desk, roll = signed_in(director), reverse("activities:roll", args=[earlier.pk])
    assert child.name in desk.get(roll, {"q": child.name}).content.decode().partition('class="rows"')[2]
    desk.post(reverse("activities:late", args=[earlier.pk]), {"child": child.pk})
    assert list(earlier.attendances.values_list("child", "mark")) == [(child.pk, "present")]
    found = desk.get(roll, {"q": child.name}).content.decode()
    assert "No other child of this community fits." in found


def test_a_late_joiner_is_entered_from_the_sheet_of_an_activity_that_is_over(director, community, make_child):
    club = make_activity(community, director, first_day=days_ago(14), times=2)
    session = club.sessions.order_by("day").first()
    session.join_late(make_child(community), by=director)
    club.refresh_from_db()
    club.finish(by=director)
    late = make_child(community)
    session.join_late(late, by=director)
    assert session.attendances.present().count() == 2
    with pytest.raises(Refused, match="over or cancelled"):
        club.enrol(make_child(community), by=director)


def test_a_late_joiner_needs_a_place(director, community, make_child):
    club = make_activity(community, director, capacity=1)
    session = club.sessions.get()
    session.join_late(make_child(community), by=director)
    with pytest.raises(Refused, match="All 1 places"):
        session.join_late(make_child(community), by=director)
    assert session.attendances.count() == 1


def test_a_record_is_written_only_of_what_was_held(club, session, director):
    with pytest.raises(Refused, match="not come yet"):
        club.sessions.last().write_record("看了录像", by=director)
    session.write_record("看了录像", others_present=4, by=director)
    session.refresh_from_db()
    assert (session.record, session.others_present, session.recorded_by) == ("看了录像", 4, director)
    entry = TrailEntry.objects.about(session).get(verb="recorded")
    assert "看了录像" not in str(entry.__dict__)


def test_a_child_whose_mark_was_taken_back_and_who_left_is_not_on_the_roll(director, community, make_child):
    session, child = make_activity(community, director).sessions.get(), make_child(community)
    place = session.activity.enrol(child, by=director)
    session.mark(child, "present", by=director)
    session.mark(child, "unmarked", by=director)
    place.leave(by=director)
    with pytest.raises(Refused, match="not on the roll"):
        session.mark(child, "present", by=director)
    assert not session.roll().exists()


ACTS = ["enrol", "leave", "mark", "late", "all", "transfer"]
STEP = st.tuples(st.sampled_from(ACTS), st.integers(0, 3), st.integers(0, 2))
MARK = st.sampled_from(Attendance.Mark.values)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(STEP, MARK), max_size=14))
def test_totals_are_the_sum_of_their_parts_through_joins_leaves_and_transfers(
    steps, director, stranger, community, far_community, make_child
):
    """Whatever is done in whatever order, each number on a page is what counting rows by hand gives."""
    club = make_activity(community, director, first_day=days_ago(14), times=3, capacity=3, venue="房间")
    children = [make_child(community) for _n in range(4)]
    sessions = list(club.sessions.all())
    said: dict[tuple[int, int], str] = {}
    try:
        for (act, which, when), mark in steps:
            child, session = children[which], sessions[when]
            try:
                if act == "enrol":
                    club.enrol(child, by=director, on=session.day)
                elif act == "leave":
                    for place in club.enrolments.open().filter(child=child):
                        place.leave(by=director)
                elif act == "mark":
                    session.mark(child, mark, by=director)
                    said[session.pk, child.pk] = mark
                elif act == "late":
                    session.join_late(child, by=director)
                    said[session.pk, child.pk] = "present"
                elif act == "transfer":
                    child.refresh_from_db()
                    if child.community_id == community.pk:
                        transfer.accept(offered([child], far_community, by=director), by=stranger)
                else:
                    for one in session.roll():
                        if said.get((session.pk, one.pk), "unmarked") == "unmarked":
                            said[session.pk, one.pk] = "present"
                    session.mark_all_present(by=director)
            except Refused:
                continue
        assert club.enrolments.open().count() <= 3
        total = 0
        for session in Session.objects.filter(activity=club).with_roll_figures():
            roll = list(session.roll())
            heard = {key[1]: m for key, m in said.items() if key[0] == session.pk and m != "unmarked"}
            stored = dict(session.attendances.marked().values_list("child", "mark"))
            assert stored == heard
            assert session.present == sum(m == "present" for m in heard.values())
            enrolled = Enrolment.objects.on_day(session.day).filter(activity=club)
            gone = set(enrolled.exclude(child__community=community).values_list("child", flat=True))
            assert session.on_roll == len(roll) + len(gone)  # whose file went elsewhere is counted, and not named
            assert set(heard) <= {child.pk for child in roll} | gone
            total += session.present
        assert Attendance.objects.present().filter(session__activity=club).count() == total
        assert not Attendance.objects.exclude(community=F("child__community")).exists()
        assert not club.enrolments.open().exclude(child__community=community).exists()
        assert not any(p.joined_on > p.left_on for p in club.enrolments.exclude(left_on=None))
    finally:  # the examples share one transaction, and the room must be free for the next
        club.sessions.update(venue=f"房间 {club.pk}")


def test_attendance_stands_in_the_activitys_community(club, session, director, community, make_child):
    session.join_late(make_child(community), by=director)
    mark = Attendance.objects.get()
    assert mark.community_id == session.community_id == club.community_id == club.enrolments.get().community_id
    assert mark.marked_at.date() - today() <= dt.timedelta(days=1)
