"""Headers that nobody knows: a person says what they mean, and the next roster is read by it."""

import datetime as dt
import io

import pytest
from python_calamine import CalamineWorkbook

from children import imports
from children.merging import merge
from children.models import Child, ColumnMeaning, ImportBatch, ImportPart
from records.file_parts import opened
from records.trail import TrailEntry
from tests.children.factories import a_child
from tests.children.pages import soup, words
from tests.conftest import freshly_signed_in
from tests.imports.factories import SURVEY_DAY, confirm, read, row, seen, somebody, upload, workbook
from tests.roster.workbooks import build, resident_id

pytestmark = pytest.mark.django_db
STRANGE = [
    ["娃名", "男女", "生于", "羊"],
    ["王一", "男", "2015.3.16", "7"],
    ["王二", "女", "2016.3.16", "15090220150316"],
]
SAID = {"甲/0": "child_name", "甲/1": "gender", "甲/2": "birth_date", "甲/3": "-"}


def strange():
    target = build(("甲", STRANGE))
    target.name = "a.xlsx"
    return target


def test_an_unknown_header_leads_to_the_columns_and_is_remembered(director, signed_in, community):
    client = signed_in(director)
    answer = upload(client, strange())
    batch = ImportBatch.objects.get()
    assert answer.url == f"{batch.get_absolute_url()}columns/"
    page = client.get(answer.url)
    assert "The column with the children's names was not found" in words(page)
    assert client.post(answer.url, SAID).url == batch.get_absolute_url()
    batch.refresh_from_db()
    assert batch.counts["accepted"] == 2 and batch.rows.count() == 3
    page = client.get(answer.url)
    assert "remembered" in words(page) and "15090220150316" not in page.content.decode()
    assert upload(client, strange()).url == ImportBatch.objects.latest("pk").get_absolute_url()
    assert ImportBatch.objects.latest("pk").counts["accepted"] == 2
    confirm(client, batch)
    assert Child.objects.count() == 2 and not batch.parts.exists()
    assert client.get(answer.url).url == batch.get_absolute_url()


def test_a_meaning_is_undone(director, signed_in, community):
    client = signed_in(director)
    url = upload(client, strange()).url
    client.post(url, SAID)
    meaning = ColumnMeaning.objects.get(words="娃名")
    forget, sent = f"/children/import/columns/{meaning.pk}/forget/", {"roster": ImportBatch.objects.get().pk}
    client.post(forget, sent)
    assert "accepted" not in ImportBatch.objects.get().counts
    assert set(ColumnMeaning.of(community.pk)) == {"生于", "羊"}
    assert client.post(forget, sent).url == url, "a second click leads back to the columns"
    assert client.get(url).status_code == 200
    assert TrailEntry.objects.about(meaning).filter(verb="undid what a header means").count() == 1


def test_meanings_stay_in_their_division(director, signed_in, community, far_community, stranger):
    ColumnMeaning.remember(far_community, {"娃名": "child_name"}, by=None)
    theirs = ColumnMeaning.objects.get()
    client = signed_in(director)
    url = upload(client, strange()).url
    assert url.endswith("/columns/")
    assert client.post(f"/children/import/columns/{theirs.pk}/forget/", {"roster": 1}).status_code == 404
    for nonsense in ({"甲/0": "no_such"}, {"甲/0": "seq"}, {"x": "child_name"}, {}):
        assert client.post(url, nonsense).status_code == 302
    assert ColumnMeaning.objects.count() == 1


def test_the_file_waits_encrypted_and_is_gone_once_decided(community):
    batch = read(community, row())
    stored = ImportPart.objects.extra(select={"raw": "content"}).values_list("raw", flat=True).get()
    assert b"PK\x03\x04" not in bytes(stored) and opened(batch.parts).read(4) == b"PK\x03\x04"
    imports.discard(batch, by=None)
    assert not ImportPart.objects.exists()


def test_the_corrected_workbook_goes_in_and_both_rosters_know(director, signed_in, community):
    client = signed_in(director)
    first = imports.confirm(read(community, row(), row(姓名="王错", 身份证号码="150902", 备注="=1+1")), by=director)
    answer = freshly_signed_in(client).get(f"{first.get_absolute_url()}to-correct.xlsx")
    content = b"".join(answer.streaming_content)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    table = [list(line) for line in sheet.to_python()]
    table[1][3] = resident_id("20160420", 998)
    upload(client, build((sheet.name, table)))
    second = ImportBatch.objects.latest("pk")
    assert second.counts["accepted"] == 1 and second.rows.get(disposition="accepted").corrects.batch == first
    assert "This file corrects rows of an earlier roster" in words(client.get(second.get_absolute_url()))
    assert "1 of 1 returned rows are good now" in words(client.get(first.get_absolute_url()))
    confirm(client, second)
    child = Child.objects.get(name="王错")
    assert (child.remark, Child.objects.count()) == ("=1+1", 2)
    sheet_name = second.rows.get(child=child).sheet
    assert came_from(client, child) == [["roster.xlsx", f"{sheet_name} · 2", "Sept. 10, 2026", "opened the file"]]
    link = soup(client.get(f"/children/{child.pk}/?tab=history")).find("a", string="roster.xlsx")
    assert link["href"] == f"{second.get_absolute_url()}?show=all&page=1"
    assert "王错" in words(client.get(link["href"]))


def came_from(client, child):
    """The cells of the table that says which row of which roster did what."""
    page = soup(client.get(f"/children/{child.pk}/?tab=history"))
    title = page.main.find(string="Where this file came from")
    rows = title.find_parent("section").select("tbody tr") if title else []
    return [[cell.get_text(" ", strip=True) for cell in row.find_all("td")] for row in rows]


def test_the_file_names_the_row_that_opened_it_and_the_one_that_filled_it(director, signed_in, community):
    client = signed_in(director)
    poor = {"就读学校": "", "年级": "", "家庭住址": ""}
    imports.confirm(read(community, somebody(1), row(**poor)), by=director)
    later = imports.read_roster(
        workbook(row(), sheet="十月"),
        division=community,
        as_of=SURVEY_DAY + dt.timedelta(30),
        name="十月.xlsx",
        by=director,
    )
    imports.confirm(later, by=director)
    child, other = Child.objects.get(name="陈小雨"), Child.objects.exclude(name="陈小雨").get()
    opened = ["名单.xlsx", "恩和路社区 · 3", "Sept. 10, 2026", "opened the file"]
    filled = ["十月.xlsx", "十月 · 2", "Oct. 10, 2026", "filled what was blank"]
    assert came_from(client, child) == [opened, filled]
    assert came_from(client, other) == [["名单.xlsx", "恩和路社区 · 2", "Sept. 10, 2026", "opened the file"]]
    merge(other, child, by=director)
    gone, kept = Child.objects.get(pk=child.pk), Child.objects.get(pk=other.pk)
    assert came_from(client, kept) == [
        ["名单.xlsx", "恩和路社区 · 2", "Sept. 10, 2026", "opened the file"],
        opened,
        filled,
    ]
    assert came_from(client, gone) == []


def test_a_file_that_no_roster_is_about_says_nothing_of_rosters(director, signed_in, community):
    assert came_from(signed_in(director), a_child(community)) == []


def test_a_roster_that_was_read_anew_is_not_taken_in_from_an_old_page(director, signed_in, community):
    client = signed_in(director)
    url = upload(client, strange()).url
    client.post(url, SAID)
    batch = ImportBatch.objects.get()
    old = seen(client, batch)
    client.post(url, {**SAID, "甲/3": "remark"})
    answer = client.post(f"{batch.get_absolute_url()}confirm/", old, follow=True)
    assert "The roster was read anew meanwhile" in soup(answer).get_text()
    assert not Child.objects.exists()
    confirm(client, batch)
    assert Child.objects.count() == 2


def test_a_header_said_by_two_at_once_is_refused_in_words(director, signed_in, community, monkeypatch):
    client = signed_in(director)
    url = upload(client, strange()).url
    ColumnMeaning.remember(community, {"娃名": "child_name"}, by=director)
    monkeypatch.setattr(ColumnMeaning, "of", classmethod(lambda _cls, _division: {}))  # not yet seen by the second
    answer = client.post(url, SAID, follow=True)
    assert "Somebody has just said what “娃名” means." in soup(answer).get_text()
    assert ColumnMeaning.objects.get().words == "娃名"
