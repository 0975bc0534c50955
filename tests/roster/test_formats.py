"""One roster in every kind of file: the same verdict on every row, and the same refusals."""

import csv
import datetime
import io
import zipfile
from pathlib import Path

import pytest

from children.roster.parse import Roster
from children.roster.refusal import ODS, OLE, RosterRefused
from children.roster.report import write_verdicts
from tests.roster.workbooks import build, resident_id

DATA = Path(__file__).parent / "data"
SURVEY_DAY = datetime.date(2026, 9, 10)
HEADER = ["姓名", "性别", "出生年月", "身份证号码", "父亲姓名", "监护人", "监护人电话", "备注"]
TABLE = [
    ["恩和路社区花名册", "", "", "", "", "", "", ""],
    HEADER,
    ["王小明", "男", "2015.3.16", resident_id(), "王大", "王桂兰", "16100003333", "双胞胎"],
    ["陈小雨", "女", "2016年4月", "", "陈建国", "同上", "同上", "=1+1"],
    ["㐂𠮷·买买提", "男", "2016-04-20", resident_id("20160420", 997), "", "", "", ""],
    ["王错", "男", "", "15090220150316", "王二", "", "", ""],
    ["王小明", "男", "", resident_id(), "王大", "王桂兰", "16100003333", ""],
    ["合计", "5人", "", "", "", "", "", ""],
]
CELL = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
CONTENT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
<table:table table:name="甲">{}</table:table></office:spreadsheet></office:body></office:document-content>"""


MANIFEST = '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'


def ods(table=TABLE, *, rows="", content=CONTENT, extra=()):
    for cells in table:
        rows += f"<table:table-row>{''.join(map(CELL.format, cells))}</table:table-row>"
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", ODS)
        package.writestr("content.xml", content.replace("{}", rows))
        for name, data in {"META-INF/manifest.xml": MANIFEST, **dict(extra)}.items():
            package.writestr(name, data)
    return target.getvalue()


def csv_text(delimiter=","):
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter).writerows(TABLE)
    return target.getvalue()


FORMATS = {
    "xlsx": build(("甲", TABLE)).getvalue(),
    "ods": ods(),
    "xls": (DATA / "four_formats.xls").read_bytes(),
    "utf-8": csv_text().encode(),
    "utf-8 with its mark": csv_text("\t").encode("utf-8-sig"),
    "gb18030": csv_text(";").encode("gb18030"),
}


def read(content):
    return Roster(io.BytesIO(content), as_of=SURVEY_DAY).read()


@pytest.mark.parametrize("form", FORMATS)
def test_one_roster_has_the_same_verdicts_in_every_form(form):
    got = [(row.row, row.disposition, row.reasons, row.warnings, row.values) for row in read(FORMATS[form])]
    want = [(row.row, row.disposition, row.reasons, row.warnings, row.values) for row in read(FORMATS["xlsx"])]
    assert [line[1] for line in got] == ["ignored"] * 2 + ["accepted"] * 3 + ["rejected", "duplicate", "ignored"]
    assert got == want
    assert (got[3][4]["guardian_phone"], got[3][4]["remark"]) == ("16100003333", "=1+1")


def test_gbk_alone_is_read_as_well():
    table = "姓名,性别,出生年月\n王一,男,2015.3.16\n"
    assert [row.disposition for row in read(table.encode("gbk"))] == ["ignored", "accepted"]


@pytest.mark.parametrize("form", ["xls", "ods"])
def test_the_known_roster_is_its_key_in_older_and_other_programs(form):
    target = io.StringIO()
    rows = read((DATA / f"A_community_60.{form}").read_bytes())
    write_verdicts(target, rows, file_name="A_community_60.xlsx")
    with (DATA / "A_community_60_key.csv").open(encoding="utf-8-sig", newline="") as key:
        assert list(csv.reader(io.StringIO(target.getvalue()))) == list(csv.reader(key))


FORMULA = '<table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"/>'


def test_a_formula_comes_back_and_merged_cells_belong_to_each_row():
    merged = '<table:table-cell table:number-rows-spanned="2" office:value-type="string"><text:p>王大</text:p>'
    header = "".join(map(CELL.format, ["姓名", "身份证号码", "父亲姓名", "学校"]))
    first = f"{CELL.format('王一')}{CELL.format(resident_id())}{merged}</table:table-cell>{CELL.format('一小')}"
    second = f"{CELL.format('王二')}{CELL.format(resident_id('20160420', 998))}<table:covered-table-cell/>{FORMULA}"
    rows = "".join(f"<table:table-row>{cells}</table:table-row>" for cells in (header, first, second))
    got = read(ods([], rows=rows))
    assert [(row.disposition, row.reasons) for row in got[1:]] == [("accepted", []), ("rejected", ["FORMULA"])]
    assert got[1].values["father_name"] == "王大" and got[2].cells[2] == "王大"


def test_an_xls_with_a_formula_and_merged_cells():
    rows = read((DATA / "formula_and_merge.xls").read_bytes())
    assert [(row.disposition, row.reasons) for row in rows[1:]] == [("accepted", []), ("rejected", ["FORMULA"])]
    assert rows[1].values["father_name"] == "王大" and rows[2].cells[2] == "王大"


FAR = '<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="{}"{}'
FULL = ' office:value-type="string"><text:p>王</text:p></table:table-cell></table:table-row>'
XLS = FORMATS["xls"]
BOOK = XLS.index(b"\x09\x08\x10\x00\x00\x06\x05\x00")
REFUSED = {
    "a cell in a million rows": (ods(rows=FAR.replace("{}", "300", 1).replace("{}", FULL)), "TOO_MANY_CELLS"),
    "more cells than fit into memory at once": (
        ods(rows=FAR.replace("1048576", "9000").replace("{}", "112", 1).replace("{}", FULL)),
        "TOO_MANY_CELLS_AT_ONCE",
    ),
    "two sheets of one title": (
        ods(content=CONTENT.replace("</table:table>", '</table:table><table:table table:name="甲"></table:table>')),
        "DAMAGED",
    ),
    "entities": (ods(content=CONTENT.replace("<office:doc", '<!DOCTYPE x [<!ENTITY a "b">]><office:doc')), "DAMAGED"),
    "half a document": (ods(content=CONTENT[:200]), "DAMAGED"),
    "ods with macros": (ods(extra=[("Basic/Standard/Module1.xml", b"x")]), "MACROS"),
    "ods with a password": (ods(extra=[("META-INF/manifest.xml", b"<x><manifest:encryption-data/></x>")]), "LOCKED"),
    "ods to explode": (ods(extra=[("Pictures/a.xml", b"0" * 60_000_000)]), "TOO_LARGE_UNPACKED"),
    "half an xls": (XLS[:700], "DAMAGED"),
    "an xls with a password": (XLS[: BOOK + 20] + b"\x2f\x00" + XLS[BOOK + 22 :], "LOCKED"),
    "an xls of 1995": (XLS.replace("Workbook".encode("utf-16-le"), "Book\0\0\0\0".encode("utf-16-le")), None),
    "a letter": (XLS.replace("Workbook".encode("utf-16-le"), "WordDocu".encode("utf-16-le")), "NOT_A_SPREADSHEET"),
    "an xls with macros": (XLS + "_VBA_PROJECT".encode("utf-16-le"), "MACROS"),
    "a chain without an end": (OLE + XLS[8:512] + b"\x00" * 4096, "DAMAGED"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_in_words_before_it_is_read(case):
    content, code = REFUSED[case]
    with pytest.raises(RosterRefused) as refused:
        read(content)
    assert code is None or refused.value.code == code


def test_empty_rows_that_are_repeated_a_million_times_are_no_rows():
    empty = FAR.replace("{}", "16384", 1).replace("{}", "/></table:table-row>")
    tail = CONTENT.replace("</table:table>", f"{empty}</table:table>")
    assert [row.row for row in read(ods(content=tail)) if row.disposition != "ignored"] == [3, 4, 5, 6, 7]
