"""A Home stays closed: the door says so, duties and calls are off, families stand on a list."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from homes.models import Closure
from homes.open_days import opening_of
from premises.closing import close
from premises.measures import bookings_to_tell
from premises.models import Booking
from records.lifecycle import Refused
from records.measures import Period
from records.scoping import Scope
from tests.children.factories import a_child
from tests.premises.factories import WEDNESDAY, T, a_piece
from tests.volunteers.factories import a_helper, a_term
from tests.volunteers.home_duty_world import at
from volunteers import home_roster
from volunteers.models import HomeDay, HomeShift

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
A_DAY = dt.timedelta(days=1)
THURSDAY = WEDNESDAY + A_DAY


def shut(home, by, first=THURSDAY, last=THURSDAY, reason="repair"):
    return close(home, first_day=first, last_day=last, reason=reason, by=by)


@pytest.fixture
def slots(home, director):
    for weekday in (3, 4):
        HomeShift.plan(home, weekday=weekday, starts_at=T(16), ends_at=T(18), needed=1, by=director)
    home_roster.make_roster(home, first=WEDNESDAY, last=WEDNESDAY + 5 * A_DAY, by=director)
    return HomeDay.objects.order_by("day")


def test_duties_and_calls_of_those_days_are_off_and_no_others(home, far_home, slots, community, director, stranger):
    a_term()
    helper = a_helper(community, director)
    duty = home_roster.put_on(slots[0], helper, by=director)
    computer, child = a_piece(home, director, kind="computer"), a_child(community)
    calls = [
        Booking.book(computer, child, day=day, starts_at=T(16), by=director) for day in (THURSDAY, THURSDAY + A_DAY)
    ]
    done = shut(home, director)
    assert (done.duties, done.bookings) == (1, 1)
    assert [slot.off_reason for slot in slots.all()] == ["the room is being repaired", ""]
    assert list(Booking.objects.order_by("day").values_list("status", flat=True)) == ["off", "booked"]
    gap = bookings_to_tell(Scope.of(community.pk), Period.day(WEDNESDAY))
    assert set(gap) == {calls[0]}
    assert duty.slot_id == slots[0].pk and not slots[0].is_on
    with pytest.raises(Refused, match="the room is being repaired"):
        Booking.book(computer, child, day=THURSDAY, starts_at=T(17), by=director)
    assert opening_of(far_home, THURSDAY)[THURSDAY].hours == (T(16), T(18, 30))


def test_the_roster_leaves_closed_days_out(home, director):
    HomeShift.plan(home, weekday=3, starts_at=T(16), ends_at=T(18), needed=1, by=director)
    shut(home, director)
    assert home_roster.make_roster(home, first=WEDNESDAY, last=WEDNESDAY + 7 * A_DAY, by=director) == 0
    assert home_roster.make_roster(home, first=WEDNESDAY, last=WEDNESDAY + 8 * A_DAY, by=director) == 1


def test_what_has_begun_is_left_as_it_is(home, community, director):
    computer = a_piece(home, director, kind="computer")
    for hour in (16, 17):
        Booking.book(computer, a_child(community), day=WEDNESDAY, starts_at=T(hour), by=director)
    with time_machine.travel(at(WEDNESDAY, 16, 10), tick=False):
        done = shut(home, director, first=WEDNESDAY, last=WEDNESDAY, reason="weather")
    assert done.closure.is_sudden
    assert list(Booking.objects.order_by("starts_at").values_list("status", flat=True)) == ["booked", "off"]


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (WEDNESDAY - A_DAY, WEDNESDAY, "from today on"),
        (THURSDAY, WEDNESDAY, "before the first"),
        (THURSDAY, THURSDAY + 120 * A_DAY, "120 days"),
        (THURSDAY + A_DAY, THURSDAY + 2 * A_DAY, "closed already"),
    ],
)
def test_days_on_which_no_home_is_closed(home, director, first, last, words):
    shut(home, director, last=THURSDAY + A_DAY)
    with pytest.raises(Refused, match=words):
        shut(home, director, first=first, last=last)
    assert Closure.objects.count() == 1


def test_taken_back_before_and_in_between(home, director):
    ahead = shut(home, director).closure
    ahead.lift(by=director)
    assert opening_of(home, THURSDAY)[THURSDAY].hours == (T(16), T(18, 30))
    with pytest.raises(Refused, match="over"):
        ahead.lift(by=director)
    running = shut(home, director, last=THURSDAY + 3 * A_DAY).closure
    with time_machine.travel(at(THURSDAY + A_DAY, 9), tick=False):
        running.lift(by=director)
        running.refresh_from_db()
        assert (running.last_day, running.lifted_on) == (THURSDAY, None)
        days = opening_of(home, THURSDAY, THURSDAY + A_DAY)
        assert [days[day].hours is None for day in days] == [True, False]


def test_the_public_page_and_the_notice_say_so_and_name_nobody(home, director, signed_in, client):
    url = reverse("homes:notice", args=[home.community_id])
    assert "repaired" not in client.get(url).content.decode()
    shut(home, director)
    page = client.get(url).content.decode()
    assert "Closed on Nov. 26, 2026: the room is being repaired" in page
    assert director.name not in page
    assert "Free of charge for every child." in page
    sheet = signed_in(director).get(reverse("paper", args=["home_notice", home.pk])).content.decode()
    assert "the room is being repaired" in sheet and "Free of charge" in sheet
