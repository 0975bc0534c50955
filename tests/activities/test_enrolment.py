import datetime as dt

import pytest

from activities.models import Activity, Enrolment
from children.consenting import give_consent, withdraw_consent
from children.models import Child
from records.lifecycle import Refused
from records.trail import TrailEntry
from tests.activities.factories import days_ago, make_activity, today


@pytest.fixture
def club(director, community):
    return make_activity(community, director, kind="club", art="music", capacity=2, first_day=days_ago(14), times=4)


def test_a_child_gets_one_place(club, director, community, make_child):
    child = make_child(community)
    place = club.enrol(child, by=director)
    assert club.enrol(child, by=director) == place
    assert list(Enrolment.objects.values_list("child", "joined_on", "left_on", "community")) == [
        (child.pk, today(), None, community.pk)
    ]
    assert TrailEntry.objects.about(place).filter(verb="enrolled").count() == 1


def test_a_full_activity_refuses_in_words_until_somebody_leaves(club, director, community, make_child):
    first, second, third = (make_child(community) for _n in range(3))
    place = club.enrol(first, by=director)
    club.enrol(second, by=director)
    with pytest.raises(Refused, match="All 2 places are taken"):
        club.enrol(third, by=director)
    place.leave(by=director)
    assert club.enrol(third, by=director).child == third


def test_children_of_other_communities_are_refused(club, director, far_community, sister_community, make_child):
    for elsewhere in (far_community, sister_community):
        with pytest.raises(Refused, match="this community"):
            club.enrol(make_child(elsewhere), by=director)


def test_a_child_off_the_register_is_refused(club, director, community, make_child):
    gone = make_child(community, left_on=today(), left_reason="moved_out")
    with pytest.raises(Refused, match="register"):
        club.enrol(gone, by=director)


def test_a_closed_file_gets_no_place_for_a_day_before_it_was_closed(club, director, community, make_child):
    child = make_child(community)
    as_it_was = Child.objects.get(pk=child.pk)
    Child.objects.filter(pk=child.pk).update(left_on=today(), left_reason="moved_out")
    session = club.sessions.get(day=days_ago(7))
    for ask in (
        lambda: club.enrol(as_it_was, by=director, on=session.day),
        lambda: club.enrol_several([as_it_was], by=director),
        lambda: club.wait_for_place(as_it_was, by=director),
        lambda: session.join_late(as_it_was, by=director),
    ):
        with pytest.raises(Refused, match="register"):
            ask()
    assert not Enrolment.objects.exists()


def test_nobody_is_enrolled_in_what_is_for_adults(director, community, make_child):
    school = make_activity(community, director, kind="parent_school", audience="carers")
    with pytest.raises(Refused, match="for others"):
        school.enrol(make_child(community), by=director)


def test_a_cancelled_activity_takes_no_child(club, director, community, make_child):
    club.cancel(reason="x", by=director)
    with pytest.raises(Refused, match="over or cancelled"):
        club.enrol(make_child(community), by=director)


def test_nobody_joins_on_a_day_to_come(club, director, community, make_child):
    with pytest.raises(Refused, match="to come"):
        club.enrol(make_child(community), by=director, on=today() + dt.timedelta(days=1))


def test_leaving_takes_the_child_off_todays_roll(club, director, community, make_child):
    child = make_child(community)
    club.enrol(child, by=director, on=days_ago(20)).leave(by=director)
    session = club.sessions.get(day=today())
    assert list(session.roll()) == []
    assert list(club.sessions.get(day=days_ago(7)).roll()) == [child]


def test_leaving_after_todays_session_keeps_the_mark_and_the_roll(club, director, community, make_child):
    child = make_child(community)
    session = club.sessions.get(day=today())
    session.join_late(child, by=director)
    place = club.enrolments.get()
    place.leave(by=director)
    assert place.left_on == today() + dt.timedelta(days=1)
    assert list(session.roll()) == [child]
    assert session.attendances.present().count() == 1


def test_one_leaves_once(club, director, community, make_child):
    place = club.enrol(make_child(community), by=director)
    place.leave(by=director)
    with pytest.raises(Refused, match="already left"):
        place.leave(by=director)


def test_a_child_may_come_back(club, director, community, make_child):
    child = make_child(community)
    club.enrol(child, by=director).leave(by=director)
    club.enrol(child, by=director)
    assert Enrolment.objects.filter(child=child).count() == 2
    session = type(club.sessions.first()).objects.with_roll_figures().get(day=today())
    assert (session.on_roll, list(session.roll())) == (1, [child])


def test_who_has_not_agreed_to_photos_is_named_where_places_are_given(club, director, community, make_child, signed_in):
    asked, agreed = make_child(community, name="陈小雨"), make_child(community, name="王大力")
    taken_back = make_child(community, name="李小明")
    for child in (agreed, taken_back):
        consent = give_consent(child, "photo", given_by="王秀英", on=today(), by=director)
    withdraw_consent(consent, by=director)
    give_consent(asked, "publicity", given_by="王秀英", on=today(), by=director)
    desk, to_ask = signed_in(director), {asked.pk: True, agreed.pk: False, taken_back.pk: True}
    page = desk.get(f"/activities/{club.pk}/enrol/").content.decode()
    assert {pk: f"/children/{pk}/?tab=care#consents" in page for pk in to_ask} == to_ask
    assert "agreed to photos" not in desk.get(club.get_absolute_url()).content.decode()
    Activity.objects.filter(pk=club.pk).update(capacity=3)
    club.refresh_from_db()
    for child in (asked, agreed, taken_back):
        club.enrol(child, by=director)
    page = desk.get(club.get_absolute_url()).content.decode()
    assert {pk: f"/children/{pk}/?tab=care#consents" in page for pk in to_ask} == to_ask
