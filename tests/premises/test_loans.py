"""Books: one copy to one child, due on a day; the book's history never says who had it."""

import datetime as dt

import pytest

from premises.measures import books_overdue
from premises.models import Loan
from records.lifecycle import Refused
from records.measures import Period
from records.scoping import Scope
from tests.children.factories import a_child
from tests.gifts.factories import days_ago, today
from tests.premises.factories import a_piece, pieces, statuses

pytestmark = pytest.mark.django_db


def soon(days=14):
    return today() + dt.timedelta(days=days)


def test_out_and_back(home, community, director):
    book, child = a_piece(home, director), a_child(community)
    loan = Loan.lend(book, child, due_on=soon(), by=director)
    assert statuses(home) == {1: "lent"}
    with pytest.raises(Refused, match="out already"):
        Loan.lend(book, a_child(community), due_on=soon(), by=director)
    book.refresh_from_db()
    with pytest.raises(Refused, match="on the list of loans"):
        book.turn("in_use", by=director)
    loan.come_back(by=director)
    assert (loan.status, loan.ended_on, statuses(home)) == ("back", today(), {1: "in_use"})
    Loan.lend(book, a_child(community), due_on=soon(), by=director)


def test_back_damaged_or_not_at_all(home, community, director):
    one, two = pieces(home, director, number=2)
    Loan.lend(one, a_child(community), due_on=soon(), by=director).come_back(is_broken=True, by=director)
    Loan.lend(two, a_child(community), due_on=soon(), by=director).lose(by=director)
    assert statuses(home) == {1: "broken", 2: "missing"}


def test_the_history_of_a_book_names_no_child(home, community, director):
    book, child = a_piece(home, director), a_child(community, name="欧阳小禾")
    loan = Loan.lend(book, child, due_on=soon(), by=director)
    loan.lose(by=director)
    told = " ".join(f"{note} {note.words} {note.get_kind_display()}" for note in book.notes.all())
    assert "欧阳小禾" not in told and child.number not in told
    assert list(book.notes.order_by("pk").values_list("kind", flat=True)) == ["checked_in", "lent", "missing"]


@pytest.mark.parametrize("days", [-1, 91])
def test_due_within_three_months(home, community, director, days):
    with pytest.raises(Refused, match="three months"):
        Loan.lend(a_piece(home, director), a_child(community), due_on=soon(days), by=director)


def test_only_books_and_only_five(home, community, far_community, director):
    with pytest.raises(Refused, match="Only books"):
        Loan.lend(a_piece(home, director, kind="sport"), a_child(community), due_on=soon(), by=director)
    with pytest.raises(Refused, match="another community"):
        Loan.lend(a_piece(home, director), a_child(far_community), due_on=soon(), by=director)
    child = a_child(community)
    for book in pieces(home, director, number=5):
        Loan.lend(book, child, due_on=soon(), by=director)
    with pytest.raises(Refused, match="5 books already"):
        Loan.lend(a_piece(home, director), child, due_on=soon(), by=director)


def test_overdue_is_a_gap_until_it_is_back(home, far_home, community, far_community, director, stranger):
    loan = Loan.lend(a_piece(home, director), a_child(community), due_on=soon(), by=director)
    far = Loan.lend(a_piece(far_home, stranger), a_child(far_community), due_on=soon(), by=stranger)
    Loan.objects.filter(pk__in=[loan.pk, far.pk]).update(out_on=days_ago(20), due_on=days_ago(1))
    gap = lambda day: set(books_overdue(Scope.of(community.pk), Period.day(day)))  # noqa: E731
    assert (gap(days_ago(1)), gap(today())) == (set(), {loan})
    loan.refresh_from_db()
    loan.come_back(by=director)
    assert gap(today()) == set()
