"""The rules of one row."""

import datetime

import pytest

from children.roster.cells import ethnicity_of, guardian_of, income_of, name_of, relation_of, yes_or_no
from children.roster.dates import read_date
from children.roster.grades import grade_of, school_and_grade_of
from children.roster.parse import Roster
from tests.roster.workbooks import build, resident_id

SURVEY_DAY = datetime.date(2026, 9, 10)
HEADER = [
    "姓名",
    "性别",
    "出生年月",
    "身份证号",
    "父亲姓名",
    "监护人电话",
    "留守(√)",
    "流动(√)",
    "母亲姓名",
    "监护人身份证号",
    "备注",
]
GOOD = dict(
    zip(HEADER, ["王一", "男", "2015.3.16", resident_id(), "王大", "16100001111", "√", "", "李二", "", ""], strict=True)
)


def verdicts(*changes):
    return Roster(
        build(("甲", [HEADER, *(list((GOOD | change).values()) for change in changes)])), as_of=SURVEY_DAY
    ).read()[1:]


def verdict(**change):
    return verdicts(change)[0]


NO_ID = {"身份证号": ""}


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        ({"姓名": "　"}, ["NAME_MISSING"]),
        ({"姓名": "无", "身份证号": "1"}, ["NAME_MISSING"]),
        ({"身份证号": 1.50902201503169e17}, ["ID_PRECISION_LOST"]),
        ({"身份证号": "3.6E+17"}, ["ID_PRECISION_LOST"]),
        ({"身份证号": "15090220150316997?"}, ["ID_FORMAT"]),
        ({"身份证号": "1509022015031699"}, ["ID_LENGTH"]),
        ({"身份证号": resident_id(region="990902")}, ["ID_REGION_INVALID"]),
        ({"身份证号": resident_id(birth="20150231")}, ["ID_BIRTH_INVALID"]),
        ({"身份证号": resident_id()[:17] + "5"}, ["ID_CHECKSUM"]),
        ({"身份证号": resident_id(birth="20270101")}, ["BIRTH_FUTURE"]),
        ({"身份证号": resident_id(birth="20080910")}, ["AGE_OVER_18"]),
        (NO_ID | {"出生年月": ""}, ["BIRTH_MISSING"]),
        (NO_ID | {"出生年月": "2014年2月30日"}, ["BIRTH_INVALID"]),
        (NO_ID | {"性别": "不详"}, ["GENDER_MISSING"]),
        (NO_ID | {"出生年月": "2026.10"}, ["BIRTH_FUTURE"]),
    ],
)
def test_rejected(change, reasons):
    row = verdict(**change)
    assert (row.disposition, row.reasons, row.warnings) == ("rejected", reasons, [])


@pytest.mark.parametrize(
    ("change", "warnings"),
    [
        ({}, []),
        (NO_ID, ["ID_MISSING"]),
        ({"身份证号": "未上户"}, ["ID_MISSING"]),
        (NO_ID | {"出生年月": "2015年3月"}, ["BIRTH_DAY_MISSING", "ID_MISSING"]),
        (NO_ID | {"出生年月": 2012.1}, ["BIRTH_AMBIGUOUS", "BIRTH_DAY_MISSING", "ID_MISSING"]),
        ({"出生年月": 2015.03}, []),
        ({"出生年月": "2015.3.17"}, ["BIRTH_MISMATCH"]),
        ({"出生年月": "春天"}, ["BIRTH_UNPARSED"]),
        ({"性别": "女"}, ["GENDER_MISMATCH"]),
        ({"身份证号": resident_id(birth="20121005"), "出生年月": 2012.1}, []),
        ({"身份证号": resident_id(birth="20120105"), "出生年月": 2012.1}, []),
        ({"身份证号": resident_id(birth="20080911"), "出生年月": ""}, ["AGE_16_17"]),
        ({"流动(√)": "✓"}, ["CATEGORY_AMBIGUOUS"]),
        ({"留守(√)": ""}, ["CATEGORY_MISSING"]),
        ({"监护人电话": "1610000111"}, ["PHONE_INVALID:guardian_phone"]),
        ({"监护人电话": "无"}, ["PHONE_MISSING_ALL"]),
        ({"监护人身份证号": "150902560316997"}, ["GUARDIAN_ID_INVALID"]),
        ({"监护人身份证号": resident_id(birth="19560316")}, []),
    ],
)
def test_accepted_with_warnings(change, warnings):
    row = verdict(**change)
    assert (row.disposition, row.warnings) == ("accepted", warnings)


def test_notes_and_words_about_parents_go_to_the_remark():
    row = verdict(**{"姓名": "王 一（双胞胎大）", "备注": "单亲", "母亲姓名": "改嫁", "父亲姓名": "已故"})
    assert row.values["remark"] == "单亲；双胞胎大；父亲已故；改嫁"
    assert row.values["child_name"] == "王一" and not {"father_name", "mother_name"} & row.values.keys()


def test_same_id_with_another_name_warns_the_first():
    first, second = verdicts({}, {"姓名": "王二"})
    assert (first.disposition, first.warnings) == ("accepted", ["ID_CONFLICT_NAME"])
    assert (second.disposition, second.reasons) == ("rejected", ["ID_CONFLICT_NAME"])


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        (({}, {}), ("id", "merge")),
        (({}, NO_ID), ("name_birth_contact", "merge")),
        ((NO_ID, {}), ("name_birth_contact", "merge_enrich")),
        (({}, NO_ID | {"监护人电话": ""}), ("name_birth_contact", "merge")),
        (({}, NO_ID | {"父亲姓名": "王老大"}), ("name_birth_contact", "merge")),
        (({}, NO_ID | {"父亲姓名": "王老大", "监护人电话": "16100009999"}), ("", "")),
        (({}, {"身份证号": resident_id(sequence=999), "性别": ""}), ("", "")),
        (({}, NO_ID | {"姓名": "王二"}), ("", "")),
        (({}, NO_ID | {"出生年月": "2015.3.17"}), ("", "")),
    ],
)
def test_duplicates_and_what_only_looks_like_them(changes, match):
    first, second = verdicts(*changes)
    assert first.disposition == "accepted"
    assert (second.match_type, second.action) == match
    assert second.duplicate_of == ("甲!2" if match[0] else "")


def test_an_id_that_came_later_is_known_from_then_on():
    rows = verdicts(NO_ID, {}, {"父亲姓名": "", "监护人电话": ""})
    assert [row.match_type for row in rows] == ["", "name_birth_contact", "id"]


@pytest.mark.parametrize(
    ("written", "grade"),
    [
        ("三(2)班", "G3"),
        ("3年级", "G3"),
        ("初一", "G7"),
        ("初中二年级", "G8"),
        ("七（2）班", "G7"),
        ("高一3班", "G10"),
        ("高中三年级", "G12"),
        ("幼儿园大班", "K3"),
        ("小班1班", "K1"),
        ("未入园", "PRE"),
        ("辍学", "OUT"),
        ("三 年级", "G3"),
        ("小学", ""),
    ],
)
def test_grades(written, grade):
    assert grade_of(written) == (grade, False)


@pytest.mark.parametrize(
    ("written", "school", "grade"),
    [
        ("万春小学三年级2班", "万春小学", "G3"),
        ("第九小学二(2)班", "第九小学", "G2"),
        ("第十中学初中二年级", "第十中学", "G8"),
        ("第九小学小学五年级", "第九小学", "G5"),
        ("小太阳幼儿园大班", "小太阳幼儿园", "K3"),
        ("春晖学校", "春晖学校", ""),
        ("未入园", "", "PRE"),
    ],
)
def test_school_and_grade(written, school, grade):
    assert school_and_grade_of(written) == (school, grade)


def test_words_of_cells():
    assert [ethnicity_of(word)[0] for word in ("汉", "01-汉族", 1.0, "蒙古", "穿青人", "少数")] == [
        "01",
        "01",
        "01",
        "02",
        "97",
        "",
    ]
    assert [relation_of(word)[0] for word in ("爷爷", "姥姥", "祖孙", "母女", "三姑", "大伯", "路人")] == [
        "grandfather_p",
        "grandmother_m",
        "grandparent",
        "mother",
        "uncle_aunt",
        "uncle_aunt",
        "",
    ]
    assert guardian_of("奶奶 王桂兰") == guardian_of("王桂兰(奶奶)") == ("王桂兰", "grandmother_p")
    assert name_of("买买提．艾力") == ("买买提·艾力", "")
    assert [name_of(name)[0] for name in ("<b>", "O'Neil", "㐂𠮷")] == ["<b>", "O'Neil", "㐂𠮷"]
    assert income_of("打工收入、种养殖业") == "wages;farming"
    assert [yes_or_no(word, "boarding", tick_column=False) for word in ("住校", "走读", "√", 1.0, "", "—")] == [
        "Y",
        "N",
        "Y",
        "Y",
        "",
        "",
    ]
    assert yes_or_no("", "is_migrant", tick_column=True) == "N"


@pytest.mark.parametrize(
    "text",
    ["20150316", "2015.3.16", "15.3.16", "２０１５．３．１６", 42079.0, "42079", 20150316.0, "二〇一五年三月十六日"],
)
def test_dates(text):
    assert read_date(text, SURVEY_DAY) == ["2015-03-16"]
