"""Tables of many shapes: the header is found by rule, and every row is what it is."""

import datetime
import io

import pytest

from children.roster.community import Communities, Community
from children.roster.header import Layout
from children.roster.parse import Roster
from tests.roster.workbooks import build, merge_row, national, national_child, resident_id

SURVEY_DAY = datetime.date(2026, 9, 10)
HEADER = ["序号", "姓名", "性别", "出生日期", "身份证号", "父亲姓名", "联系电话", "备注"]


def roster(*sheets, hidden=(), **options):
    reading = Roster(build(*sheets, hidden=hidden), as_of=SURVEY_DAY, **options)
    return reading, reading.read()


def kinds(rows):
    return [row.reasons[0] if row.disposition == "ignored" else row.disposition for row in rows]


def child(name, sequence=997, birth="20150316", **changes):
    row = {
        "seq": 1.0,
        "name": name,
        "sex": "",
        "birth": "",
        "id": resident_id(birth, sequence),
        "father": "",
        "phone": "16100001111",
        "remark": "",
    }
    return list((row | changes).values())


def test_national_form_with_three_levels_and_a_line_of_column_numbers():
    reading, rows = roster(
        (
            "恩和路社区",
            national(
                [national_child(), national_child("张三", 2, id="", village="同上", dibao="", both="否", one="否")]
            ),
        ),
        (
            "汇总",
            lambda sheet, _book: (
                sheet.write_row(0, 0, ["社区", "人数", "合计"]),
                sheet.write_formula(1, 1, "=SUM(A1:A9)"),
            ),
        ),
        ("选项", [["男"], ["女"]]),
        hidden=("选项",),
    )
    assert kinds(rows)[:9] == [
        "title",
        "note",
        "header",
        "header",
        "header",
        "column_numbers",
        "accepted",
        "accepted",
        "note",
    ]
    assert len(reading.sheets[0].layouts[0].index_of) == 35
    assert reading.sheets[0].unknown_headers == []
    assert [sheet.ignored for sheet in reading.sheets] == ["", "no_header", "hidden"]
    first, second = (row.values for row in rows[6:8])
    assert first["category"] == "left_behind" and first["guardian_relation"] == "grandmother_p"
    assert (first["low_income"], second["low_income"], second["temporary_aid"]) == ("Y", "N", "N")
    assert second["village"] == "恩和路社区" and rows[7].warnings == ["CATEGORY_MISSING", "ID_MISSING"]


def test_pages_repeat_title_and_header_and_end_with_subtotals():
    page = [["新城社区儿童花名册"], HEADER]
    _reading, rows = roster(
        (
            "新城社区",
            [
                *page,
                child("王一"),
                ["", "本页小计", "1人"],
                *page,
                child("王二", 998),
                ["总计", "2人"],
                [],
                ["注：√为是"],
                ["填表人：李四", "", "审核人："],
            ],
        )
    )
    assert kinds(rows) == [
        "title",
        "header",
        "accepted",
        "subtotal",
        "title",
        "header",
        "accepted",
        "subtotal",
        "blank",
        "note",
        "note",
    ]


def test_a_second_table_with_other_columns_on_the_same_sheet():
    _reading, rows = roster(
        (
            "一",
            [
                HEADER,
                child("王一"),
                ["姓名", "身份证号码", "学校及年级"],
                ["王二", resident_id("20160101", 998), "万春小学三年级2班"],
            ],
        )
    )
    assert kinds(rows) == ["header", "accepted", "header", "accepted"]
    assert (rows[3].values["school"], rows[3].values["grade"]) == ("万春小学", "G3")


def test_several_sheets_each_with_its_own_header():
    english = [["Name", "Sex", "Date of birth", "Father name"], ["Li Ming", "M", "2015-03-16", "李大"]]
    _reading, rows = roster(("甲", [HEADER, child("王一")]), ("乙", english))
    assert [row.values["child_name"] for row in rows if row.disposition == "accepted"] == ["王一", "LiMing"]
    assert rows[3].values["gender"] == "M"


def test_parents_in_merged_cells_belong_to_every_row_they_cover():
    def write(sheet, _book):
        merge_row(sheet, 0, [("儿童情况", 2), ("父亲情况", 2), ("备注", 1)])
        sheet.write_row(1, 0, ["姓名", "身份证号", "姓名", "电话"])
        sheet.write_row(2, 0, ["王一", resident_id("20150316", 997)])
        sheet.write_row(3, 0, ["王二", resident_id("20150316", 999)])
        sheet.merge_range(2, 2, 3, 2, "王大")
        sheet.merge_range(2, 3, 3, 3, "16100001111")
        sheet.write_row(4, 0, ["王三", resident_id("20140316", 999)])

    _reading, rows = roster(("甲", write))
    assert [row.values.get("father_phone") for row in rows[2:]] == ["16100001111", "16100001111", None]
    assert kinds(rows)[2:] == ["accepted"] * 3  # twins are two children


def test_a_bare_phone_is_the_guardians_unless_it_follows_each_parent():
    _reading, rows = roster(
        (
            "甲",
            [
                ["姓名", "身份证号", "父亲姓名", "联系电话", "母亲姓名", "联系电话"],
                ["王一", resident_id(), "王大", "16100001111", "李二", "16100002222"],
            ],
        )
    )
    assert (rows[1].values["father_phone"], rows[1].values["mother_phone"]) == ("16100001111", "16100002222")
    _reading, rows = roster(("甲", [HEADER, child("王一", father="王大")]))
    assert rows[1].values["guardian_phone"] == "16100001111"


def test_unknown_headers_are_reported_and_a_mapping_can_be_given():
    table = [["姓名", "身份证号", "称号"], ["王一", resident_id(), "小王"]]
    reading, rows = roster(("甲", table))
    assert reading.sheets[0].unknown_headers == ["称号"] and "former_name" not in rows[1].values
    _reading, rows = roster(
        ("甲", table), mapping={"甲": Layout.mapped([1], {0: "child_name", 1: "id_number", 2: "former_name"})}
    )
    assert kinds(rows) == ["header", "accepted"] and rows[1].values["former_name"] == "小王"
    with pytest.raises(ValueError, match="no_such"):
        Layout.mapped([1], {0: "no_such"})


def test_only_the_number_filled_in_is_an_empty_line_of_the_form():
    _reading, rows = roster(("甲", [HEADER, child("王一"), [2.0], [3.0], ["", "张三"]]))
    assert kinds(rows) == ["header", "accepted", "blank", "blank", "rejected"]
    assert rows[4].reasons == ["BIRTH_MISSING", "GENDER_MISSING"]


def test_csv_in_utf8_and_gbk():
    text = "姓名,身份证号,性别\n王一," + resident_id() + ",女\n"
    for encoding in ("utf-8-sig", "utf-8", "gbk"):
        rows = Roster(io.BytesIO(text.encode(encoding)), as_of=SURVEY_DAY).read()
        assert rows[1].values["child_name"] == "王一" and rows[1].disposition == "accepted"


COMMUNITIES = [
    Community("150902001001", "恩和路社区居民委员会", "新体路街道"),
    Community("150902007001", "新华社区居民委员会", "新华街街道"),
    Community("150902008001", "新华社区居民委员会", "泉山街道"),
    Community("150902105211", "黄家村村民委员会", "白海子镇"),
]


@pytest.mark.parametrize(
    ("division", "given", "code"),
    [
        ("150902", {"village": "恩和路社区居委会"}, "150902001001"),
        ("150902", {"village": "恩和路"}, "150902001001"),
        ("150902", {"sheet": "恩和路社区"}, "150902001001"),
        ("150902", {"sheet": "1.恩和路社区(12人)"}, "150902001001"),
        ("150902", {"village": "新华社区"}, ""),
        ("150902", {"village": "新华社区", "town": "泉山街道办事处"}, "150902008001"),
        ("150902007", {"village": "新华社区"}, "150902007001"),
        ("150902", {"village": "新体路街道恩和路社区"}, "150902001001"),
        ("150902", {"village": "恩和路社区", "town": "桥西街道"}, ""),
        ("150902", {"village": "黄家村", "town": "白海子镇"}, "150902105211"),
        ("150902", {"village": "150902105211"}, "150902105211"),
        ("150902", {"village": "别处社区", "sheet": "恩和路社区"}, ""),
        ("150902", {"sheet": "Sheet1"}, ""),
        ("150902001001", {"village": "别处社区"}, "150902001001"),
    ],
)
def test_community_comes_from_the_division_the_column_or_the_sheet(division, given, code):
    assert Communities(division, COMMUNITIES).code_for(**given) == code


def test_a_row_of_an_unknown_community_comes_back():
    _reading, rows = roster(("别处", [HEADER, child("王一")]), communities=Communities("150902", COMMUNITIES))
    assert rows[1].reasons == ["COMMUNITY_UNKNOWN"]
