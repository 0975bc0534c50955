"""A child's file is closed, goes elsewhere, is merged or erased: what becomes of its visits, calls and books."""

import datetime as dt

import pytest

from children import erasing, transfer
from children.guardian_copy import copy_of
from children.merging import merge
from children.models import Likeness
from premises.models import Booking, ChildVisit, HomeDayLog, Loan
from tests.children.factories import a_child, left_behind_child, offered
from tests.premises.factories import WEDNESDAY, T, a_piece, pieces, statuses

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
TOMORROW = WEDNESDAY + dt.timedelta(days=1)


def world(home, child, by):
    """A visit today, a call tomorrow, a book at home."""
    computer, book = a_piece(home, by, kind="computer"), a_piece(home, by)
    HomeDayLog.begin(home, by=by).tap(child, came=True, by=by)
    Booking.book(computer, child, day=TOMORROW, starts_at=T(16), by=by)
    return Loan.lend(book, child, due_on=TOMORROW, by=by)


def test_the_file_goes_to_another_community(home, far_community, community, director, stranger):
    child = left_behind_child(community)
    loan = world(home, child, director)
    log = HomeDayLog.objects.get()
    log.end(guests=2, by=director)
    transfer.accept(offered([child], far_community, by=director), by=stranger)
    assert Booking.objects.get().status == "given_back"
    loan.refresh_from_db()
    assert (loan.status, statuses(home)) == ("lost", {1: "in_use", 2: "missing"})
    for model in (ChildVisit, Booking, Loan):
        assert set(model.objects.values_list("community", "district")) == {(far_community.pk, "150902")}, model
    log.refresh_from_db()
    assert (log.community_id, log.came, log.guests) == (community.pk, 1, 2)  # the Home's figures stay
    assert not ChildVisit.objects.visible_to(director).exists()


def test_two_files_of_one_child_become_one(home, community, director, supervisor):
    kept, gone = left_behind_child(community), left_behind_child(community)
    log = HomeDayLog.begin(home, by=director)
    log.tap(kept, came=True, by=director), log.tap(kept, came=False, by=director)
    log.tap(gone, came=True, by=director)
    one, other = pieces(home, director, number=2, kind="computer", name="电脑")
    Booking.book(one, kept, day=TOMORROW, starts_at=T(16), by=director)
    Booking.book(other, gone, day=TOMORROW, starts_at=T(16), by=director)
    Booking.book(other, gone, day=TOMORROW, starts_at=T(17), by=director)
    likeness = Likeness.of(kept, gone)
    likeness.settle(Likeness.Status.SAME, by=supervisor)
    merge(kept, gone, by=supervisor)
    assert [visit.child for visit in ChildVisit.objects.came()] == [kept]
    assert log.end(guests=0, by=director).came == 1
    held = Booking.objects.holding().order_by("starts_at")
    assert [(one.child, one.starts_at) for one in held] == [(kept, T(16)), (kept, T(17))]


def test_an_erased_file_tells_nothing_and_the_figures_stay(home, community, director, supervisor):
    child = a_child(community)
    world(home, child, director)
    erasure = erasing.ask(child, ground="guardian", by=director)
    erasing.erase(erasure, by=supervisor)
    assert Loan.objects.get().title == ""
    assert HomeDayLog.objects.get().visits.came().count() == 1
    assert Booking.objects.get().status == "given_back"


def test_the_guardian_gets_a_copy_of_it(home, community, director):
    child = a_child(community)
    world(home, child, director)
    found = copy_of(child)
    assert found["premises.loan"][0]["title"] == "小王子"
    assert found["premises.childvisit"][0]["came"] is True
    assert found["premises.booking"][0]["day"] == str(TOMORROW)
