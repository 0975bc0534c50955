"""Any workbook of any cells: a clean refusal or a verdict on every row, never an error, never a row lost."""

import csv
import datetime
import io

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from children.roster import cells
from children.roster.dates import age_on, read_date
from children.roster.duplicates import settle_within
from children.roster.grades import grade_of, school_and_grade_of
from children.roster.parse import Roster, SheetReading, SheetReport
from children.roster.refusal import RosterRefused
from children.roster.report import returned_workbook, write_verdicts
from children.roster.sheets import Sheet
from children.roster.vocabulary import header_words
from tests.roster.workbooks import build, resident_id

SURVEY_DAY = datetime.date(2026, 9, 10)
WORDS = sorted(header_words().known) + [
    "合计",
    "注：",
    "同上",
    "√",
    "无",
    "王小明",
    "三(2)班",
    "2012.3",
    "161 0000 1111",
    resident_id(),
    "王\u3000一（大）",
]
DATES = st.dates(datetime.date(1900, 1, 1), datetime.date(2199, 12, 31))
CELLS = st.one_of(
    st.just(""),
    st.sampled_from(WORDS),
    st.text(max_size=12),
    st.floats(),
    st.booleans(),
    DATES,
    DATES.map(lambda day: datetime.datetime.combine(day, datetime.time(8, 30))),
    st.timedeltas(),
)
HEADER = [
    "序号",
    "姓名",
    "性别",
    "出生年月",
    "身份证号码",
    "学校及年级",
    "监护人",
    "关系",
    "联系电话",
    "留守",
    "流动",
    "监护人身份证号",
    "村",
    "备注",
]


@st.composite
def tables(draw):
    width = draw(st.integers(1, 16))
    rows = draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=10))
    if draw(st.booleans()):
        rows.insert(draw(st.integers(0, len(rows))), HEADER[:width] + [""] * (width - len(HEADER)))
    corners = st.tuples(st.integers(0, 12), st.integers(0, 16))
    merges = draw(st.lists(st.tuples(corners, corners).filter(lambda m: m[0] <= m[1]), max_size=5))
    return rows, sorted(merges)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables())
def test_every_row_has_one_verdict(table):
    rows, merges = table
    roster = Roster(io.BytesIO(b"a"), as_of=SURVEY_DAY)
    sheet = Sheet("甲", True, lambda: iter([list(row) for row in rows]), merges)
    read = list(settle_within(SheetReading(roster, sheet, SheetReport("甲")).rows()))
    assert [row.row for row in read] == list(range(1, len(rows) + 1))
    for row in read:
        assert row.disposition in {"ignored", "accepted", "rejected", "duplicate"}
        assert bool(row.reasons) == (row.disposition in {"ignored", "rejected"})
        if row.disposition == "accepted":
            assert row.values["child_name"] and row.values["birth_date"] and row.values["gender"] in "MF"
        assert all(isinstance(value, str) and value for value in row.values.values())
    write_verdicts(io.StringIO(), read, file_name="甲")
    assert returned_workbook(read, language="en").startswith(b"PK")


def said_in_words(refused):
    if not refused.message.endswith("."):
        raise AssertionError(refused.code)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read_or_refused(content):
    try:
        for row in Roster(io.BytesIO(content), as_of=SURVEY_DAY):
            assert row.disposition
    except RosterRefused as refused:
        said_in_words(refused)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 8000), st.binary(min_size=1, max_size=6))
def test_a_damaged_workbook_is_read_or_refused(place, damage):
    content = bytearray(build(("甲", [HEADER, ["1", "王一", "男", "2015.3.16"]])).getvalue())
    place %= len(content)
    content[place : place + len(damage)] = damage
    try:
        assert all(row.disposition for row in Roster(io.BytesIO(bytes(content)), as_of=SURVEY_DAY))
    except RosterRefused as refused:
        said_in_words(refused)


@given(CELLS)
def test_cleaning_what_is_clean_changes_nothing(cell):
    for clean in (
        cells.text_of,
        lambda c: cells.name_of(c)[0],
        cells.gender_of,
        lambda c: grade_of(c)[0],
        lambda c: cells.ethnicity_of(c)[0],
        lambda c: cells.relation_of(c)[0],
        cells.health_of,
        cells.guardianship_of,
    ):
        once = clean(cell)
        assert clean(once) == once
    assert len(school_and_grade_of(cell)) == 2


@given(DATES)
def test_dates_are_read_back_from_every_way_to_write_them(date):
    iso = [date.isoformat()]
    for way in ("%Y-%m-%d", "%Y.%m.%d", "%Y/%m/%d 0:00", "%Y年%m月%d日", "%Y%m%d", "%Y-%m-%d 00:00:00"):
        assert read_date(date.strftime(way), SURVEY_DAY) == iso
    assert read_date(float(date.strftime("%Y%m%d")), SURVEY_DAY) == iso
    assert read_date(date, SURVEY_DAY) == iso
    assert read_date(date.strftime("%Y年%m月"), SURVEY_DAY) == [date.isoformat()[:7]]


@given(st.dates(datetime.date(2000, 1, 1), datetime.date(2026, 9, 10)))
def test_short_years_and_ages(date):
    assert read_date(f"{date.year % 100:02d}.{date.month}.{date.day}", SURVEY_DAY) == [date.isoformat()]
    assert 0 <= age_on(date, SURVEY_DAY) <= 26


def test_returned_rows_can_be_corrected_and_read_again():
    table = [
        ["儿童情况", "", "父亲情况", "", "备注"],
        ["姓名", "身份证号", "姓名", "联系电话", ""],
        ["王一", "15090220150316", "王大", "16100001111", "=A1"],
        ["王二", resident_id(), "同上", "同上", ""],
    ]
    rows = Roster(build(("恩和路社区", table)), as_of=SURVEY_DAY).read()
    assert [row.disposition for row in rows[2:]] == ["rejected", "accepted"]
    for language in ("en", "zh-hans"):
        returned = io.BytesIO(returned_workbook(rows, language=language))
        again = Roster(returned, as_of=SURVEY_DAY)
        read = again.read()
        assert [row.reasons for row in read if row.disposition == "rejected"] == [["ID_LENGTH"]]
        assert read[-1].sheet == "恩和路社区" and read[-1].cells[4] == "=A1"
        assert again.sheets[0].unknown_headers == []


def test_the_report_is_a_table_a_spreadsheet_opens():
    handle = io.StringIO()
    write_verdicts(handle, Roster(build(("甲", [HEADER])), as_of=SURVEY_DAY).read(), file_name="a.xlsx")
    assert [len(row) for row in csv.reader(io.StringIO(handle.getvalue()))] == [46, 46]
