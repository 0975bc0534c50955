"""A workbook read in parts is what the library makes of the whole, and takes no more memory for more rows."""

import csv
import datetime
import io
import subprocess
import sys
import zipfile

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from children.roster import sheet_parts
from children.roster.refusal import RosterRefused, open_package
from children.roster.sheet_parts import WholeBook, open_book
from children.roster.sheet_xml import scan_package
from children.roster.sheets import open_sheets
from tests.roster.workbooks import build

MAIN = (
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATION = f'<Relationship Id="rId1" Target="{{}}" Type="{TYPE}/{{}}"/>'
STRINGS = [
    "<t>zero</t>",
    "<r><t>one</t></r><r><t> more</t></r><rPh sb='0' eb='1'><t>yi</t></rPh>",
    "",
    "<t>three</t>",
]


def packaged(rows, *, strings=STRINGS, tail="", sheet=None, target="worksheets/sheet1.xml", names=(), sst=None):
    """A workbook of one sheet, its XML made by hand. `names`: members under another name."""
    if sst is None:
        sst = f"<sst {MAIN}>{''.join(f'<si>{text}</si>' for text in strings)}</sst>"
    members = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": RELATIONS.format(RELATION.format("xl/workbook.xml", "officeDocument")),
        "xl/_rels/workbook.xml.rels": RELATIONS.format(RELATION.format(target, "worksheet")),
        "xl/workbook.xml": f'<workbook {MAIN}><sheets><sheet name="甲" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/sharedStrings.xml": sst,
        "xl/worksheets/sheet1.xml": sheet or f"<worksheet {MAIN}><sheetData>{rows}</sheetData>{tail}</worksheet>",
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name, data in members.items():
            if data:
                package.writestr(dict(names).get(name, name), data)
    return target.getvalue()


def plain_titles(content):
    with open_package(io.BytesIO(content)) as package:
        return {title for title, scan in scan_package(package).items() if scan.plain}


def both_ways(content, piece_size):
    """[(rows, merged cells) of each sheet], in parts and as a whole."""
    parts = open_book(io.BytesIO(content), plain_titles(content), piece_size)
    whole = WholeBook(io.BytesIO(content))
    return [
        [(list(rows()), merged) for rows, merged in (book.read(n) for n in range(len(whole.sheets_metadata)))]
        for book in (parts, whole)
    ]


@pytest.fixture
def never_whole(monkeypatch):
    def refuse(_file):
        raise AssertionError("read as a whole")

    monkeypatch.setattr(sheet_parts, "WholeBook", refuse)


DAYS = st.dates(datetime.date(1910, 1, 1), datetime.date(2199, 12, 31))
VALUES = st.one_of(
    st.sampled_from(["王小明", "男", "汉族", " 无 ", "<b>&\"'", "a\nb", "_x0041_", "row", "t='s'>", "同上"]),
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff\"'"), max_size=9
    ),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(0, 10**9),
    st.booleans(),
    DAYS,
    DAYS.map(lambda day: datetime.datetime.combine(day, datetime.time(8, 30))),
    st.builds(datetime.time, st.integers(0, 23), st.integers(0, 59)),
)
SHEETS = st.lists(
    st.tuples(
        st.dictionaries(st.tuples(st.integers(0, 30), st.integers(0, 6)), VALUES, max_size=60),
        st.sets(st.integers(0, 15), max_size=4),  # where merged cells begin
        st.integers(0, 12),  # empty rows above
        st.integers(0, 3),  # empty columns before
    ),
    min_size=1,
    max_size=3,
)


def written(sheets, *, inline, old_dates):
    target = io.BytesIO()
    options = {"constant_memory": inline, "date_1904": old_dates, "strings_to_formulas": False}
    book = xlsxwriter.Workbook(target, options)
    formats = [
        book.add_format({"num_format": code}) for code in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm", "hh:mm", "0.0", "@")
    ]
    for cells, merges, down, right in sheets:
        sheet = book.add_worksheet()
        for (row, column), value in sorted(cells.items()):
            place = (row + down, column + right)
            if isinstance(value, datetime.datetime | datetime.date | datetime.time):
                kind = 1 if isinstance(value, datetime.datetime) else 2 if isinstance(value, datetime.time) else 0
                sheet.write_datetime(*place, value, formats[kind])
            elif isinstance(value, str):
                sheet.write_string(*place, value, formats[4] if len(value) % 2 else None)
            elif row % 5 == 3 and not isinstance(value, bool):
                sheet.write_formula(*place, "=1+1", formats[3], value)
            else:
                sheet.write(*place, value)
        if not inline:
            for top in merges:
                sheet.merge_range(top * 3 + 50, 1, top * 3 + 51, 2, "合")
    book.close()
    return target.getvalue()


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sheets=SHEETS, inline=st.booleans(), old_dates=st.booleans(), piece_size=st.sampled_from([40, 150, 400, 1500]))
def test_in_parts_of_a_few_rows_it_is_what_the_library_reads(sheets, inline, old_dates, piece_size, never_whole):
    content = written(sheets, inline=inline, old_dates=old_dates)
    in_parts, whole = both_ways(content, piece_size)
    assert in_parts == whole
    assert [[list(map(type, cells)) for cells in rows] for rows, _merged in in_parts] == [
        [list(map(type, cells)) for cells in rows] for rows, _merged in whole
    ]


def test_rows_are_iterated_as_often_as_wanted():
    rows, _merged = open_book(build(("甲", [["a", 1], ["b", 2]])), {"甲"}, 40).read(0)
    assert list(rows()) == list(rows()) == [["a", 1.0], ["b", 2.0]]


ROWS = "".join(
    f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}" s="7" t="s"><v>{n % 4}</v></c></row>' for n in range(1, 30)
)
IN_PARTS = {
    "shared strings": packaged(ROWS),
    "rich, phonetic and empty strings": packaged(ROWS, strings=["", *STRINGS, "<phoneticPr fontId='1'/>"]),
    "strings closed at once": packaged(ROWS, sst=f"<sst {MAIN}><si/><si><t/></si><si /><si><t>three</t></si></sst>"),
    "strings that nothing uses": packaged('<row r="1"><c r="A1"><v>1</v></c></row>'),
    "no shared strings": packaged(ROWS.replace(' t="s"', ""), sst=""),
    "no strings among the shared": packaged(ROWS.replace(' t="s"', ""), sst=f"<sst {MAIN}/>"),
    "prefixes": packaged(
        "",
        sheet=f"<x:worksheet {MAIN.replace('xmlns=', 'xmlns:x=')}><x:sheetData>"
        f"{ROWS.replace('</', '</x:').replace('<r', '<x:r').replace('<c', '<x:c').replace('<v', '<x:v')}"
        '</x:sheetData><x:mergeCells><x:mergeCell ref="A1:B2"/></x:mergeCells></x:worksheet>',
        sst=f"<s:sst {MAIN.replace('xmlns=', 'xmlns:s=')}>{'<s:si><s:t>q</s:t></s:si>' * 4}</s:sst>",
    ),
    "a shared formula of text": packaged(
        '<row r="1"><c r="A1" t="str"><f t="shared" ref="A1:A3" si="0">B1</f><v>s</v></c></row>'
        '<row r="2"><c t="s" r="A2"><f t="shared" si="0"/><v>1</v></c></row>'
        '<row r="3"><c r="A3" t="s"><f>IF(B1="x",1,2)</f><v>3</v></c></row>' + ROWS[ROWS.index('<row r="4"') :]
    ),
    "rows without a number": packaged(ROWS.replace('<row r="', '<row x="')),
    "empty rows and cells": packaged(
        f'<row r="1"/>{ROWS[ROWS.index("<row r=" + chr(34) + "2") :]}<row r="40"></row>'
        '<row r="41"><c r="D41" t="s"/><c r="E41" s="1"></c><c r="F41" t="s"><v>1</v></c></row><row r="900"/>'
    ),
    "a gap": packaged(ROWS + '<row r="500"><c r="H500"><v>1</v></c></row>'),
    "indented": packaged(ROWS.replace("<row", "\n  <row").replace("<c", "\n\t<c").replace("<v", "\n<v") + "\n"),
    "merged cells": packaged(
        ROWS, tail='<mergeCells count="2"><mergeCell ref="A1:B2"/><mergeCell ref="A5:A9"/></mergeCells>'
    ),
    "no rows": packaged("", tail='<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>'),
    "no rows at all": packaged("", sheet=f"<worksheet {MAIN}><sheetData/></worksheet>"),
    "an absolute target": packaged(ROWS, target="/xl/worksheets/sheet1.xml"),
    "other names": packaged(
        ROWS,
        names={"xl/sharedStrings.xml": "xl/SharedStrings.xml", "xl/worksheets/sheet1.xml": "xl/worksheets/Sheet1.XML"},
    ),
    "a text that looks like an element": packaged(
        ROWS + """<row r="40"><c r="A40" t="inlineStr"><is><t>c t="s"></t></is></c></row>"""
    ),
}
AS_A_WHOLE = {
    "rows from the last to the first": packaged("".join(f"{row}</row>" for row in ROWS.split("</row>")[-2::-1])),
    "a cell of another row": packaged(ROWS.replace('r="A3"', 'r="A25"')),
    "cells without a place": packaged(
        '<row><c><v>1</v></c><c/><c><v>3</v></c></row><row/><row r="7"><c><v>4</v></c></row>'
    ),
    "a comment that looks like a row": packaged(ROWS.replace('<row r="9">', '<!-- <row r="77"> --><row r="9">')),
    "a bracket inside a quotation": packaged(ROWS.replace('<row r="9">', '<row r="9" x=">">')),
    "a string cell without a string": packaged(ROWS.replace("<v>2</v>", "<v></v>")),
    "a number that is no number": packaged(ROWS.replace("<v>2</v>", "<v> 2 </v>")),
    "a text that looks like half an attribute": packaged(
        ROWS + """<row r="40"><c r="A40" t="inlineStr"><is><t>="</t></is></c></row>"""
    ),
    "a comment among the strings": packaged(ROWS, strings=["<!-- </si> --><t>zero</t>", *STRINGS]),
}


@pytest.mark.parametrize("piece_size", [30, 100, 350, 100_000])
@pytest.mark.parametrize("case", IN_PARTS)
def test_cut_as_it_is_written(case, piece_size, never_whole):
    in_parts, whole = both_ways(IN_PARTS[case], piece_size)
    assert in_parts == whole
    assert whole[0][0] or case.startswith("no rows")


@pytest.mark.parametrize("piece_size", [30, 100_000])
@pytest.mark.parametrize("case", AS_A_WHOLE)
def test_what_cannot_be_cut_is_read_as_a_whole(case, piece_size):
    in_parts, whole = both_ways(AS_A_WHOLE[case], piece_size)
    assert in_parts == whole
    assert whole[0][0]


DAMAGED = {
    "a fault in one row": packaged(ROWS.replace("<v>20</v>", "<v><<</v>")),
    "a string that is not there": packaged(ROWS.replace("<v>2</v></c></row>", "<v>99</v></c></row>")),
    "a kind of cell that is none": packaged(ROWS.replace('s="7" t="s"', 't="q"')),
    "rows without an end": packaged("", sheet=f"<worksheet {MAIN}><sheetData>{ROWS}"),
    "strings without an end": packaged(ROWS, sst=f"<sst {MAIN}>{'<si><t>a</t></si>' * 4}"),
    "half a string": packaged(ROWS, sst=f"<sst {MAIN}>{'<si><t>a</t></si>' * 4}<si><t>b</sst>"),
    "a fault in a string that nothing uses": packaged(ROWS, strings=[*STRINGS, "<t>a</q></t></t><t>"]),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_a_fault_in_a_part_is_a_refusal(case, monkeypatch):
    monkeypatch.setattr(sheet_parts, "PIECE", 100)
    with pytest.raises(RosterRefused) as refused:
        open_sheets(io.BytesIO(DAMAGED[case]))
    assert refused.value.code == "DAMAGED"


RISE = """
import sys
from children.roster.sheets import open_sheets

def highest():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])

few, *more = sys.argv[1:]
open_sheets(open(few, "rb"))  # what the first reading of all takes is no matter of rows
for path in more:
    before = highest()
    [sheet] = open_sheets(open(path, "rb"))
    print(sum(1 for _line in sheet.lines()), (highest() - before) // 1024)
"""


@pytest.mark.parametrize("form", ["shared strings", "inline strings", "text"])
def test_ten_times_the_rows_take_hardly_more_memory(form, tmp_path):
    paths = []
    for rows in (2, 2000, 20_000):
        table = [[f"{row} 恩和路 {column}" if column % 2 else "汉族" for column in range(20)] for row in range(rows)]
        paths.append(tmp_path / f"{rows}")
        if form == "text":
            with paths[-1].open("w", encoding="gb18030", newline="") as target:
                csv.writer(target).writerows(table)
            continue
        with xlsxwriter.Workbook(paths[-1], {"constant_memory": form == "inline strings"}) as book:
            sheet = book.add_worksheet()
            for row, cells in enumerate(table):
                sheet.write_row(row, 0, cells)
    said = subprocess.run([sys.executable, "-c", RISE, *paths], capture_output=True, text=True, check=True).stdout
    (few, _rise_for_few), (many, megabytes) = (map(int, line.split()) for line in said.splitlines())
    assert (few, many) == (2000, 20_000)
    assert megabytes < 16, said  # as a whole it would take over 25
