"""The booked calls and the book loans of a Home as spreadsheets; a long register needs a second person."""

import datetime as dt

import pytest
from django.http import Http404
from django.urls import reverse

from premises.models import Booking, Loan
from records.exports import ExportRequest
from records.trail import TrailEntry
from tests.children.factories import a_child
from tests.children.pages import filled, soup, words
from tests.conftest import freshly_signed_in
from tests.premises.factories import WEDNESDAY, T, a_piece, pieces
from tests.records.exported import table

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
TOMORROW = WEDNESDAY + dt.timedelta(days=1)


@pytest.fixture
def calls(home, far_home, community, far_community, director, stranger):
    computer = a_piece(home, director, kind="computer", name="电脑")
    kept = Booking.book(computer, a_child(community, name="欧阳小禾"), day=TOMORROW, starts_at=T(16), by=director)
    off = Booking.book(computer, a_child(community, name="王小明"), day=TOMORROW, starts_at=T(17), by=director)
    off.call_off(by=director)
    off.note_told(by=director)
    later = Booking.book(
        computer, a_child(community, name="李小红"), day=dt.date(2026, 12, 1), starts_at=T(16), by=director
    )
    there = a_piece(far_home, stranger, kind="computer", name="平板")
    Booking.book(there, a_child(far_community, name="赵小北"), day=TOMORROW, starts_at=T(16), by=stranger)
    return kept, off, later


def test_the_calls_of_the_month_on_screen(home, calls, director, rf):
    heads, rows = table(director, rf, "home_calls", f"home={home.pk}&day={WEDNESDAY}")
    assert heads == [
        "day",
        "from",
        "until",
        "what it is",
        "number in the register",
        "child",
        "status",
        "family told on",
    ]
    code = f"{home.pk}-0001"
    assert rows == [
        ["2026-11-26", "16:00", "16:30", "电脑", code, "欧阳小禾", "booked", ""],
        ["2026-11-26", "17:00", "17:30", "电脑", code, "王小明", "called off by the Home", "2026-11-25"],
    ]
    december = table(director, rf, "home_calls", f"home={home.pk}&day=2026-12-31")[1]
    assert [row[5] for row in december] == ["李小红"]
    assert table(director, rf, "home_calls", f"home={home.pk}&day=x")[1] == rows  # no day of ours: this month


@pytest.fixture
def loans(home, far_home, community, far_community, director, stranger):
    first, second, third = pieces(home, director, number=3)
    due = WEDNESDAY + dt.timedelta(days=14)
    late = Loan.lend(first, a_child(community, name="欧阳小禾"), due_on=due, by=director)
    Loan.objects.filter(pk=late.pk).update(
        out_on=WEDNESDAY - dt.timedelta(days=20), due_on=WEDNESDAY - dt.timedelta(days=6)
    )
    Loan.lend(second, a_child(community, name="王小明"), due_on=due, by=director)
    Loan.lend(third, a_child(community, name="李小红"), due_on=due, by=director).come_back(by=director)
    Loan.lend(a_piece(far_home, stranger), a_child(far_community, name="赵小北"), due_on=due, by=stranger)


def test_the_loans_on_screen(home, loans, director, rf):
    heads, rows = table(director, rf, "home_loans", f"home={home.pk}&show=out")
    assert heads == ["title of the book", "number in the register", "child", "lent on", "due on", "back on", "status"]
    code = f"{home.pk}-000"
    assert rows == [
        ["小王子", f"{code}1", "欧阳小禾", "2026-11-05", "2026-11-19", "", "overdue"],
        ["小王子", f"{code}2", "王小明", "2026-11-25", "2026-12-09", "", "out"],
    ]
    over = table(director, rf, "home_loans", f"home={home.pk}&show=over")[1]
    assert over == [["小王子", f"{code}3", "李小红", "2026-11-25", "2026-12-09", "2026-11-25", "back"]]


@pytest.mark.parametrize(("name", "place"), [("home_calls", 5), ("home_loans", 2)])
def test_no_child_is_named_to_who_may_not_see_it(name, place, home, calls, loans, supervisor, director, rf):
    gone = Booking.objects.get(child__name="欧阳小禾").child
    for child in (gone, Loan.objects.get(child__name="欧阳小禾").child):
        type(child).objects.filter(pk=child.pk).update(community="150902002001", district="150902")
    named = [row[place] for row in table(director, rf, name, f"home={home.pk}")[1]]
    assert named == ["", "王小明"]  # who moved away is on file elsewhere now
    assert [row[place] for row in table(supervisor, rf, name, f"home={home.pk}")[1]] == named


@pytest.mark.parametrize("name", ["home_calls", "home_loans"])
def test_out_of_reach_there_is_no_list(
    name, home, calls, loans, stranger, federation, director, far_street, rf, signed_in
):
    for who in (stranger, federation):
        with pytest.raises(Http404):
            table(who, rf, name, f"home={home.pk}")
    for params in ("", "home=x", "home=999999"):
        with pytest.raises(Http404):
            table(director, rf, name, params)
    assert signed_in(federation).get(reverse("records:export", args=[name]) + f"?home={home.pk}").status_code == 404


def test_the_buttons_lead_to_what_is_on_screen(home, calls, loans, director, supervisor, signed_in):
    for who in (director, supervisor):
        client = freshly_signed_in(signed_in(who))
        page = soup(client.get(reverse("premises:calls"), {"home": home.pk, "day": str(TOMORROW)}))
        link = reverse("records:export", args=["home_calls"]) + f"?home={home.pk}&day={TOMORROW}"
        assert [a["href"] for a in page.select("main a") if "home_calls" in a.get("href", "")] == [link]
        page = soup(client.get(reverse("premises:loans"), {"home": home.pk, "show": "over"}))
        link = reverse("records:export", args=["home_loans"]) + f"?home={home.pk}&show=over"
        assert [a["href"] for a in page.select("main a") if "home_loans" in a.get("href", "")] == [link]
    answer = client.post(link, filled(client.get(link), reason="check", purpose="核对借阅"))
    assert answer["Content-Disposition"].endswith('"loans.xlsx"')
    assert TrailEntry.objects.filter(verb="exported", actor=supervisor).count() == 1


def test_a_register_longer_than_one_may_take_alone_waits_for_a_second_person(
    home, director, make_user, community, signed_in, settings
):
    settings.EXPORT_ROWS_ALONE = 2
    client = freshly_signed_in(signed_in(director))
    page, link = reverse("premises:assets"), reverse("records:export", args=["asset_register"])

    def button():
        return soup(client.get(page)).select_one(f'main a[href^="{link}"]')["href"]

    pieces(home, director, number=2)
    assert "second person" not in words(client.get(button()))
    pieces(home, director, number=1)
    asked = client.post(button(), filled(client.get(button()), reason="check", purpose="盘点"), follow=True)
    assert "Another person can now release the list." in words(asked)
    request = ExportRequest.objects.get()
    assert (request.rows, request.status, request.asked_by) == (3, "asked", director)
    second = make_user("community_worker", community, "second")
    decide = reverse("records:export_decide", args=[request.pk])
    assert decide not in client.get(request.get_absolute_url()).content.decode()
    assert decide in signed_in(second).get(request.get_absolute_url()).content.decode()


def test_a_comparison_longer_than_that_is_not_offered_at_all(home, far_home, federation, signed_in, settings):
    """The federation has no second person: it chooses a street first."""
    page, link = reverse("evaluations:comparison"), reverse("records:export", args=["home_comparison"])
    offered = lambda **asked: bool(soup(signed_in(federation).get(page, asked)).select(f'a[href^="{link}"]'))  # noqa: E731
    assert offered()
    settings.EXPORT_ROWS_ALONE = 1
    assert (offered(), offered(street="150902001")) == (False, True)
