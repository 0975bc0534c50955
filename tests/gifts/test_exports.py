"""The ledger as a workbook holds exactly the entries on screen, and no child."""

import io

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from gifts import giving
from gifts.lists import LedgerFilter
from records import exports
from records.workbooks import write
from tests.children.factories import left_behind_child
from tests.children.pages import words
from tests.gifts.factories import a_gift, a_giver, a_thing, days_ago, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def child(community, director, far_community, stranger):
    child = left_behind_child(community)
    line = a_gift(community, director, a_thing("=1+1", 10), giver=a_giver(community)).lines.get()
    giving.hand_out_to_children(line, [(child, "王秀英")], to="child", quantity=2, on=today(), by=director)
    a_gift(far_community, stranger, a_thing("别处的"))
    return child


def lines(rf, user, params=""):
    request = rf.get("/")
    request.user = user
    target, _written = write(exports.get("gift_ledger").sheet(request, params))
    return CalamineWorkbook.from_filelike(io.BytesIO(target.read())).get_sheet_by_index(0).to_python()


def test_the_workbook_holds_what_is_on_screen(rf, director, child, signed_in):
    found = lines(rf, director)
    text = str(found)
    assert "=1+1" in text and "晨光文具店" in text and "-2" in text
    assert child.name not in text and "王秀英" not in text and "别处的" not in text
    only = lines(rf, director, "kind=out")
    assert len(found) - len(only) == 1
    assert len(lines(rf, director, f"end={days_ago(30)}")) == len(found) - 2
    page = signed_in(director).get(reverse("gifts:ledger"), {"kind": "out", "start": "0000-00-99", "end": "x"})
    assert f"{reverse('records:export', args=['gift_ledger'])}?kind=out" in page.content.decode()
    assert "came in" not in " ".join(words(page).split("Quantity")[-1:])


def test_what_is_no_day_narrows_nothing(director, child):
    assert LedgerFilter({"kind": "x", "start": "9999-99-99"}).rows(director).count() == 2


def test_it_goes_through_the_gate(signed_in, director, stranger, federation, child):
    page = signed_in(director).get(reverse("records:export", args=["gift_ledger"]))
    assert page.status_code == 200 and "Ledger of gifts" in page.content.decode()
    assert signed_in(federation).get(reverse("records:export", args=["gift_ledger"])).status_code == 404
