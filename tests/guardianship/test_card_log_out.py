"""The log of cards issued on paper and as a workbook: the lines on screen, after the password, on the trail."""

import io

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from records import exports
from records.trail import TrailEntry
from records.workbooks import write
from tests.children.pages import soup, words
from tests.conftest import freshly_signed_in
from tests.records.exported import table

pytestmark = pytest.mark.django_db
LOG = "guardianship:card_log"
HEADS = ["issued on", "time of day", "child", "file number", "building or grid", "card", "edition", "status"]
HEADS += ["issued by", "handed over on", "handed over to", "community"]


def test_the_workbook_holds_the_lines_on_screen(cards, director, rf):
    headers, found = table(director, rf, "card_log")
    assert headers == HEADS
    today = timezone.localdate().isoformat()
    assert [(line[0], line[2], *line[4:8], line[8], *line[9:]) for line in found] == [
        (today, "换新", "第4网格", "Family phone card", "2", "Up to date", "director", "", "", "恩和路社区"),
        (
            today,
            "换新",
            "第4网格",
            "Family phone card",
            "1",
            "Replaced by a newer one",
            "director",
            "",
            "",
            "恩和路社区",
        ),
        (today, "过时", "第3网格", "Parent contact card", "1", "Out of date", "director", "", "", "恩和路社区"),
        (today, "已领", "第2网格", "Parent contact card", "1", "Up to date", "director", today, "王秀英", "恩和路社区"),
        (today, "等待", "第1网格", "Family phone card", "1", "Up to date", "director", "", "", "恩和路社区"),
    ]
    assert [line[2] for line in table(director, rf, "card_log", "show=stale")[1]] == ["过时"]
    assert [line[2] for line in table(director, rf, "card_log", "show=kept&kind=phone")[1]] == ["换新", "等待"]


def test_taking_the_log_out_asks_what_for_and_is_on_the_trail(cards, director, signed_in):
    browser = freshly_signed_in(signed_in(director))
    page = browser.get(reverse(LOG) + "?show=kept&after=x")
    gate = reverse("records:export", args=["card_log"]) + "?show=kept"
    assert soup(page).find("a", href=gate)
    token = soup(browser.get(gate)).find("input", {"name": "once_token"})["value"]
    answer = browser.post(gate, {"reason": "check", "purpose": "核对发卡", "once_token": token})
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    assert "等待" in str(book.get_sheet_by_index(0).to_python())
    entry = TrailEntry.objects.get(verb="exported")
    assert entry.keys == {"list": "card_log", "purpose": "check", "rows": 3} and "等待" not in str(entry.keys)


def test_the_log_is_printed_as_narrowed_after_the_password(cards, director, signed_in):
    browser = signed_in(director)
    link = browser.get(reverse(LOG) + "?kind=contact").context["print_url"]
    assert browser.get(link).url.startswith("/reauthenticate/")
    text = words(freshly_signed_in(browser).get(link))
    assert "过时" in text and "已领" in text and "王秀英" in text and "Out of date" in text
    assert "等待" not in text and "换新" not in text and "别处" not in text
    assert TrailEntry.objects.filter(verb="printed card_log").count() == 1


def test_the_log_of_another_community_or_too_long_a_one_is_not_printed(
    cards, director, signed_in, far_community, settings
):
    browser = freshly_signed_in(signed_in(director))
    paper = reverse("papers", args=["card_log"])
    assert browser.get(paper, {"keys": far_community.pk}).status_code == 404
    settings.EXPORT_ROWS_ALONE = 4
    answer = browser.get(paper, {"keys": cards["given"].community_id})
    assert answer.status_code == 403 and "More than 4 lines" in words(answer)
    assert not TrailEntry.objects.filter(verb="printed card_log").exists()


def test_the_stated_number_is_that_of_the_lines(cards, director, rf):
    request = rf.get("/")
    request.user = director
    for params in ("", "show=stale", "show=replaced"):
        sheet = exports.get("card_log").sheet(request, params)
        assert sheet.count == write(sheet)[1]
