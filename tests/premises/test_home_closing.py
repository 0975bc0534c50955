"""A Home closes when nobody waits for it; what the file shows of it."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from premises.models import Booking, HomeDayLog, Loan
from records.lifecycle import Refused
from tests.children.factories import a_child
from tests.children.pages import words
from tests.premises.factories import WEDNESDAY, T, a_piece

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
TOMORROW = WEDNESDAY + dt.timedelta(days=1)


def test_a_home_closes_when_no_call_no_book_and_no_day_is_open(home, community, director):
    child = a_child(community)
    log = HomeDayLog.begin(home, by=director)
    call = Booking.book(a_piece(home, director, kind="computer"), child, day=TOMORROW, starts_at=T(16), by=director)
    loan = Loan.lend(a_piece(home, director), child, due_on=TOMORROW, by=director)

    def close():
        home.close(by=director, on=timezone.localdate())

    for said, settle in (
        ("Calls to parents", lambda: call.give_back(by=director)),
        ("Books are still lent out", lambda: loan.come_back(by=director)),
        ("A day of visits is not closed", lambda: log.end(guests=0, by=director)),
    ):
        with pytest.raises(Refused, match=said):
            close()
        settle()
    close()
    assert not home.is_open
    with pytest.raises(Refused, match="This Home is closed"):
        Loan.lend(loan.asset, child, due_on=TOMORROW, by=director)


def test_the_file_shows_visits_calls_and_books(home, community, director, signed_in):
    child, client = a_child(community), signed_in(director)
    address = reverse("children:file", args=[child.pk]) + "?tab=activities"
    assert "小王子" not in words(client.get(address))
    HomeDayLog.begin(home, by=director).tap(child, came=True, by=director)
    Loan.lend(a_piece(home, director), child, due_on=TOMORROW, by=director)
    assert "小王子" in words(client.get(address))


def test_digits_of_other_scripts_find_nothing(home, director, signed_in):
    a_piece(home, director)
    for text in ("①-1", "²-5", "1-①", "9" * 30 + "-1"):
        assert signed_in(director).get(reverse("premises:assets"), {"q": text}).status_code == 200
