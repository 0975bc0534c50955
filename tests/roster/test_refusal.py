"""Files that are refused whole, in words, before a parser sees them; and sheets that only claim to be huge."""

import datetime
import io
import re
import time
import zipfile

import pytest

from children.roster import refusal
from children.roster.parse import Roster
from tests.roster.workbooks import build, resident_id

SURVEY_DAY = datetime.date(2026, 9, 10)
TABLE = [["姓名", "身份证号", "备注"], ["王一", resident_id(), "好"]]


def read(content):
    return Roster(io.BytesIO(content), as_of=SURVEY_DAY).read()


def changed(edit=lambda name, data: data, *, extra=(), sheets=(("甲", TABLE),)):
    """A good workbook with its parts changed."""
    source = zipfile.ZipFile(build(*sheets))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name in source.namelist():
            package.writestr(name, edit(name, source.read(name)))
        for name, data in extra:
            package.writestr(name, data)
    return target.getvalue()


def sheet_edit(pattern, replacement):
    return lambda name, data: re.sub(pattern, replacement, data, count=1) if name.endswith("sheet1.xml") else data


OLE = refusal.OLE + b"\x00" * 512
REFUSED = {
    "empty": (b"", "EMPTY"),
    "picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "NOT_A_SPREADSHEET"),
    "page": (b"<html><table></table></html>", "NOT_A_SPREADSHEET"),
    "half": (changed()[:400], "DAMAGED"),
    "other zip": (
        changed(lambda name, data: data).replace(b"xl/workbook.xml", b"xl/workbook.xmo"),
        "NOT_A_SPREADSHEET",
    ),
    "macros": (changed(extra=[("xl/vbaProject.bin", b"x")]), "MACROS"),
    "locked": (OLE + "EncryptedPackage".encode("utf-16-le"), "LOCKED"),
    "half an old one": (OLE + "Workbook".encode("utf-16-le"), "DAMAGED"),
    "slip": (changed(extra=[("../../etc/cron.d/x", b"x")]), "UNSAFE_NAMES"),
    "absolute": (changed(extra=[("/etc/x", b"x")]), "UNSAFE_NAMES"),
    "bomb": (changed(extra=[("xl/media/a.xml", b"0" * 60_000_000)]), "TOO_LARGE_UNPACKED"),
    "many": (changed(extra=[(f"x/{n}", b"") for n in range(1200)]), "TOO_MANY_PARTS"),
    "entities": (changed(sheet_edit(rb"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet')), "DAMAGED"),
    "far cell": (
        changed(sheet_edit(rb"</sheetData>", b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>')),
        "TOO_MANY_CELLS",
    ),
    "wide cell": (changed(sheet_edit(rb"</row>", b'<c r="XFD1"><v>1</v></c></row>')), "TOO_MANY_CELLS"),
    "not xml": (changed(lambda name, data: b"\xff" if name.endswith("workbook.xml") else data), "DAMAGED"),
    "broken sheet": (changed(sheet_edit(rb"</sheetData>.*", b"<row><<<")), "DAMAGED"),
    "neither encoding": (b"\xff\xfe\xff,\x81\n", "ENCODING"),
}


FAR_ROW = b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>'
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
FAR = {  # cells that only a close look finds; the reader would ask for more memory than there is
    "in an element of another name": (
        rb"</sheetData>",
        b'<a-b:row r="1048576"><a-b:c r="A1048576"><a-b:v>1</a-b:v></a-b:c></a-b:row></sheetData>',
    ),
    "in a near row": (rb"</row>", b'<c r="A1048576"><v>1</v></c></row>'),
    "in small letters": (rb"</row>", b'<c r="xfd1"><v>1</v></c></row>'),
    "spaced": (rb"</row>", b'<c r = "XFD1"><v>1</v></c></row>'),
    "behind a bracket": (rb"</row>", b'<c x=">" r="XFD1"><v>1</v></c></row>'),
    "behind a row inside a quotation": (rb"</row>", b'<c x="<row " r="XFD1"><v>1</v></c></row>'),
    "behind text": (rb"</row>", b'<c r="XFD1">1<v>1</v></c></row>'),
    "behind a comment": (rb"</row>", b'<c r="XFD1"><!-- 1 --><v>1</v></c></row>'),
    "below empty rows": (rb"</sheetData>", b"<row/>" * 600_000 + b"<row><c><v>1</v></c></row></sheetData>"),
    "after empty cells": (rb"</row>", b"<c/>" * 500 + b"<c><v>1</v></c></row>"),
    "after an empty cell far off": (rb"</row>", b'<c r="XFC1"/><c><v>1</v></c></row>'),
    "first": (rb"<sheetData>", b'<sheetData><row r="99999"><c r="OA99999"><v>1</v></c></row>'),
    "beyond all columns": (rb"</row>", b'<c r="AAAAAAAAAAAA1"><v>1</v></c></row>'),
    "beyond all rows": (rb"</row>", b'</row><row r="99999999999999999999999"><c><v>1</v></c></row>'),
}


@pytest.mark.parametrize("case", FAR)
def test_a_far_cell_is_found_however_it_is_written(case):
    with pytest.raises(refusal.RosterRefused) as refused:
        read(changed(sheet_edit(*FAR[case])))
    assert refused.value.code in ("TOO_MANY_CELLS", "DAMAGED")


def test_a_sheet_is_looked_over_wherever_it_lies():
    def elsewhere(name, data):
        return data.replace(b"worksheets/sheet1.xml", b"worksheets/_rels/a.bin") if name.endswith(".rels") else data

    sheet = b'<worksheet xmlns="%s"><sheetData><row r="1"><c r="A1"><v>1</v></c></row>%s</worksheet>' % (MAIN, FAR_ROW)
    with pytest.raises(refusal.RosterRefused, match="TOO_MANY_CELLS"):
        read(changed(elsewhere, extra=[("xl/worksheets/_rels/a.bin", sheet)]))


def test_a_formula_is_found_in_a_cell_that_does_not_say_where_it_stands():
    edit = sheet_edit(rb'<c r="C2"[^>]*>.*?</c>', b'<c t="str"><f>"a"</f><v>a</v></c>')
    assert [row.reasons for row in read(changed(edit))] == [["header"], ["FORMULA"]]


@pytest.mark.parametrize("case", REFUSED)
def test_refused_in_words(case):
    content, code = REFUSED[case]
    with pytest.raises(refusal.RosterRefused) as refused:
        read(content)
    assert refused.value.code == code
    assert refused.value.message.endswith(".")


def test_too_large(monkeypatch):
    monkeypatch.setattr(refusal, "MAX_SIZE", 100)
    with pytest.raises(refusal.RosterRefused, match="TOO_LARGE"):
        read(changed())


def test_a_part_that_unpacks_to_more_than_its_entry_says():
    content = bytearray(changed(extra=[("xl/media/z.xml", b"0" * 3_000_000)]))
    entry = content.rfind(b"xl/media/z.xml") - 46
    content[entry + 24 : entry + 28] = (1000).to_bytes(4, "little")
    with pytest.raises(refusal.RosterRefused):
        read(bytes(content))


@pytest.mark.parametrize("claim", [b"A1:XFD1048576", b"A1", b"Z9:Z9"])
def test_a_wrong_dimension_costs_no_time_and_loses_no_row(claim):
    started = time.perf_counter()
    rows = read(changed(sheet_edit(rb'<dimension ref="[^"]*"', b'<dimension ref="' + claim + b'"')))
    assert [row.disposition for row in rows] == ["ignored", "accepted"]
    assert time.perf_counter() - started < 2


def test_styled_empty_cells_far_away_are_not_rows():
    rows = read(changed(sheet_edit(rb"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>')))
    assert len(rows) == 2


def test_formulas_are_refused_in_a_childs_row_only():
    def write(sheet, _book):
        sheet.write_row(0, 0, ["序号", "姓名", "身份证号", "年龄", "备注"])
        sheet.write_row(1, 1, ["王一", resident_id()])
        sheet.write_formula(1, 4, '="a"&"b"', None, "ab")
        sheet.write_row(2, 1, ["王二", resident_id("20160101", 998)])
        sheet.write_formula(2, 0, "=ROW()-1", None, 2)
        sheet.write_formula(2, 3, "=2026-2016", None, 10)
        sheet.write_formula(3, 1, "=B2", None, "王一")
        sheet.write(4, 0, "合计")
        sheet.write_formula(4, 1, "=COUNTA(B2:B4)", None, 3)

    rows = read(build(("甲", write)).getvalue())
    assert [(row.disposition, row.reasons) for row in rows[1:4]] == [
        ("rejected", ["FORMULA"]),
        ("accepted", []),
        ("rejected", ["FORMULA"]),
    ]
    assert rows[4].reasons == ["subtotal"]


def test_text_that_begins_like_a_formula_stays_text():
    rows = read(changed(sheets=(("甲", [TABLE[0], ["王一", resident_id(), "=1+1"]]),)))
    assert rows[1].values["remark"] == "=1+1"
