"""Calls to the parents: half hours within the opening hours, one child each."""

import datetime as dt

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from premises.models import Booking
from premises.models.booking import end_of, slots_within
from records.lifecycle import Refused
from tests.children.factories import a_child
from tests.premises.factories import NOON, WEDNESDAY, T, a_piece
from tests.volunteers.home_duty_world import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
TOMORROW = WEDNESDAY + dt.timedelta(days=1)


@pytest.fixture
def computer(home, director):
    return a_piece(home, director, kind="computer", name="电脑")


FOUR = T(16)


def book(thing, child, by, day=TOMORROW, at=FOUR):
    return Booking.book(thing, child, day=day, starts_at=at, by=by)


times = st.times().map(lambda time: time.replace(second=0, microsecond=0))


@given(st.tuples(times, times).map(sorted).filter(lambda pair: pair[0] < pair[1]))
def test_slots_lie_within_the_hours_and_never_overlap(hours):
    slots = slots_within(hours)
    assert all(hours[0] <= at and (end_of(at) <= hours[1] or end_of(at) == T.max) for at in slots)
    assert all(at.minute in (0, 30) for at in slots)
    assert all(end_of(one) <= other for one, other in zip(slots, slots[1:], strict=False))


def test_the_half_hours_of_an_afternoon():
    assert slots_within((T(16), T(18, 30))) == [T(16), T(16, 30), T(17), T(17, 30), T(18)]
    assert slots_within((T(16, 10), T(17, 20))) == [T(16, 30)]
    assert slots_within(None) == slots_within((T(16), T(16, 20))) == []


def test_one_thing_one_time_one_child(home, computer, community, director):
    telephone = a_piece(home, director, kind="telephone", name="电话")
    one, other = a_child(community), a_child(community)
    book(computer, one, director)
    with pytest.raises(Refused, match="taken already"):
        book(computer, other, director)
    with pytest.raises(Refused, match="another booking at that time"):
        book(telephone, one, director)
    book(telephone, other, director)
    book(computer, other, director, at=T(16, 30))
    assert Booking.objects.holding().count() == 3


@pytest.mark.parametrize(
    ("day", "at", "words"),
    [
        (TOMORROW, T(15, 30), "outside the opening hours"),
        (TOMORROW, T(18, 30), "outside the opening hours"),
        (TOMORROW, T(16, 15), "outside the opening hours"),
        (dt.date(2026, 11, 28), T(16), "closed on this day of the week"),
        (dt.date(2026, 11, 24), T(16), "from today on"),
        (dt.date(2026, 12, 24), T(16), "four weeks"),
    ],
)
def test_outside_the_hours_nothing_is_booked(computer, community, director, day, at, words):
    with pytest.raises(Refused, match=words):
        book(computer, a_child(community), director, day=day, at=at)
    assert not Booking.objects.exists()


def test_a_half_hour_that_is_over_is_not_booked(computer, community, director):
    with time_machine.travel(at(WEDNESDAY, 16, 30), tick=False), pytest.raises(Refused, match="is over"):
        book(computer, a_child(community), director, day=WEDNESDAY)


def test_what_is_broken_is_not_booked_and_what_breaks_calls_its_bookings_off(computer, community, director):
    child = a_child(community)
    booking = book(computer, child, director)
    computer.turn("broken", by=director)
    booking.refresh_from_db()
    assert (booking.status, list(Booking.objects.to_tell(WEDNESDAY))) == ("off", [booking])
    with pytest.raises(Refused, match="not in use"):
        book(computer, child, director, at=T(17))
    booking.note_told(by=director)
    assert not Booking.objects.to_tell(WEDNESDAY).exists()
    with pytest.raises(Refused, match="knows already"):
        booking.note_told(by=director)


def test_a_book_is_not_booked_and_no_child_of_elsewhere(home, computer, far_community, community, director):
    with pytest.raises(Refused, match="Only computers and telephones"):
        book(a_piece(home, director), a_child(community), director)
    with pytest.raises(Refused, match="another community"):
        book(computer, a_child(far_community), director)
    with pytest.raises(Refused, match="file is closed"):
        book(computer, a_child(community, left_on=WEDNESDAY, left_reason="other"), director)


def test_given_back_it_is_free_again(computer, community, director):
    booking = book(computer, a_child(community), director)
    booking.give_back(by=director)
    again = book(computer, a_child(community), director)
    booking.refresh_from_db()
    assert [booking.status, again.status] == ["given_back", "booked"]


def test_whether_it_took_place_is_noted_once_it_has_begun(computer, community, director):
    booking = book(computer, a_child(community), director, day=WEDNESDAY)
    with pytest.raises(Refused, match="not begun"):
        booking.note("kept", by=director)
    with time_machine.travel(NOON + dt.timedelta(hours=4), tick=False):
        booking.note("missed", by=director)
        booking.note("kept", by=director)
    booking.refresh_from_db()
    assert booking.status == "kept"
