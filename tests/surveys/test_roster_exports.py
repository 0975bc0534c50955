"""The roster as a workbook: read back without a difference; text only; and only what the person may see."""

import datetime as dt
import io
import re
import zipfile

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from children.imports import confirm, read_roster
from children.models import Child, Household
from children.roster.parse import Roster as Workbook
from records import exports
from records.workbooks import Column, Sheet, write
from surveys.difference import changes
from surveys.layout import LAYOUT_1, LAYOUTS, NEWEST
from surveys.lines import counted_children, draw
from surveys.models import Roster
from tests.children.factories import a_child, an_adult, away, id_number, left_behind_child, migrant_child
from tests.surveys.roster_factories import a_round

pytestmark = pytest.mark.django_db
EVERY_BOX = [Column(box.words, lambda line, f=box.field: line.get(f), box.width) for box in LAYOUTS[NEWEST]]


def workbook(lines, columns=EVERY_BOX):
    lines = list(lines)
    sheet = Sheet(
        title="花名册", subtitle="填报单位：恩和路社区", count=len(lines), rows=lines, columns=columns, numbered="序号"
    )
    target, written = write(sheet)
    assert written == len(lines)
    return io.BytesIO(target.read())


def lines_of(community):
    today = timezone.localdate()
    return list(draw(counted_children(community.pk, today), today))


@pytest.fixture
def families(community):
    """Children of every kind that a form tells apart."""
    today = timezone.localdate()
    born = dt.date(today.year - 9, 3, 5)
    full = left_behind_child(
        community, name="买买提·艾力", former_name="小艾", birth_date=born, id_number=id_number(born), ethnicity="05",
        registered_address="内蒙古集宁区恩和路1号", school="示范小学", grade="G3", is_boarding=True, health="残疾",
        disability_type="physical", disability_level=2, guardianship_quality="fair",
        class_teacher="李老师", class_teacher_phone="16100009999",
    )  # fmt: skip
    full.household.address, full.household.is_low_income = "恩和路 3 号楼", True
    full.household.has_temporary_aid, full.household.other_aid = True, "住房救助"
    full.household.income_source, full.household.note = "务工、种养殖", "奶奶问过医疗救助；医疗救助"
    full.household.save()
    for kinship in full.kinships.all():
        kinship.adult.phone = f"1610000000{kinship.pk % 10}"
        kinship.adult.save()
    left_behind_child(community, name="只有月份", birth_precision="month", birth_date=dt.date(today.year - 8, 4, 1))
    one = a_child(community, name="一方不能", grade="OUT")
    an_adult(one, "father", name="陈国", away_since=today - dt.timedelta(days=300))
    an_adult(one, "mother", name="李芳", unable_since=today - dt.timedelta(days=500))
    an_adult(one, "uncle_aunt", name="陈叔", cares=True)
    migrant = migrant_child(community, name="安晓", reported_as="migrant")
    migrant.registered_county = ""
    migrant.came_on = None
    migrant.save()
    return community


CHILD, FAMILY, CARE, AID = "儿童个人基本情况", "家庭情况", "监护情况", "救助帮扶情况"
CARER = "受委托监护人情况"
HEADERS_OF_THE_FORM = [
    *[("乡镇(街道)",), ("村(社区)",)],
    *[(CHILD, "姓名"), (CHILD, "性别"), (CHILD, "民族"), (CHILD, "出生日期"), (CHILD, "公民身份号码")],
    *[(CHILD, "是否登记户口"), (CHILD, "户籍所在地"), (CHILD, "现居住地"), (CHILD, "身体情况")],
    *[(CHILD, "残疾类别及等级"), (CHILD, "患病类型"), (CHILD, "是否学校寄宿"), (CHILD, "就学情况")],
    *[(FAMILY, "父亲", "姓名"), (FAMILY, "父亲", "当前务工地点"), (FAMILY, "父亲", "联系电话")],
    *[(FAMILY, "母亲", "姓名"), (FAMILY, "母亲", "当前务工地点"), (FAMILY, "母亲", "联系电话")],
    *[(CARE, "父母双方同时外出"), (CARE, "父母一方外出、另一方无监护能力"), (CARE, "父母外出有无委托其他监护人")],
    *[(CARE, CARER, "委托监护人姓名"), (CARE, CARER, "与被监护人关系"), (CARE, CARER, "受委托监护人电话")],
    *[(CARE, CARER, "公民身份号码"), (CARE, "监护类型")],
    ("家庭经济来源",),
    *[(AID, "享受低保"), (AID, "临时救助"), (AID, "医疗救助"), (AID, "其他救助")],
]
OURS = ["儿童类别", "就读学校", "曾用名", "班主任", "班主任电话"]
OURS += ["父亲身份证号", "父亲外出时间", "母亲身份证号", "母亲外出时间"]


def test_the_form_has_its_boxes_in_its_order():
    """34 of them, and the 35th with the line's number; what the register holds beside stands after them."""
    assert [box.words for box in LAYOUT_1] == [*HEADERS_OF_THE_FORM, *((word,) for word in OURS)]


def test_the_header_of_the_workbook_has_the_three_levels_of_the_form(community):
    left_behind_child(community)
    read = CalamineWorkbook.from_filelike(workbook(lines_of(community))).get_sheet_by_index(0)
    top, middle, bottom = (list(row) for row in read.to_python()[2:5])
    assert top == [
        *["序号", "乡镇(街道)", "村(社区)", CHILD, *[""] * 12, FAMILY, *[""] * 5, CARE, *[""] * 7],
        *["家庭经济来源", AID, *[""] * 3, *OURS],
    ]
    assert middle == [
        *[""] * 3,
        *["姓名", "性别", "民族", "出生日期", "公民身份号码", "是否登记户口", "户籍所在地", "现居住地", "身体情况"],
        *["残疾类别及等级", "患病类型", "是否学校寄宿", "就学情况", "父亲", "", "", "母亲", "", ""],
        *[
            "父母双方同时外出",
            "父母一方外出、另一方无监护能力",
            "父母外出有无委托其他监护人",
            CARER,
            "",
            "",
            "",
            "监护类型",
        ],
        *["", "享受低保", "临时救助", "医疗救助", "其他救助", *[""] * len(OURS)],
    ]
    assert bottom == [
        *[""] * 16,
        *["姓名", "当前务工地点", "联系电话"] * 2,
        *[""] * 3,
        *["委托监护人姓名", "与被监护人关系", "受委托监护人电话", "公民身份号码"],
        *[""] * (6 + len(OURS)),
    ]
    assert sorted((first, last) for first, last in read.merged_cell_ranges) == [
        *[((0, 0), (0, 43)), ((1, 0), (1, 43))],  # title and unit
        *[((2, 3), (2, 15)), ((2, 16), (2, 21)), ((2, 22), (2, 29)), ((2, 31), (2, 34))],
        *[((3, 16), (3, 18)), ((3, 19), (3, 21)), ((3, 25), (3, 28))],  # father, mother, entrusted caregiver
    ]


def test_what_we_write_is_read_back_without_a_difference(families, sister_community, director):
    """The importer takes our own workbook into an empty community, whose roster is then the same."""
    ours = lines_of(families)
    assert len(ours) == 4
    content = workbook(ours)
    rows = [r for r in Workbook(content, as_of=timezone.localdate()).read() if r.disposition != "ignored"]
    assert [(r.disposition, r.reasons, [w for w in r.warnings if w not in ("ID_MISSING", "PHONE_MISSING_ALL",
            "BIRTH_DAY_MISSING")]) for r in rows] == [("accepted", [], [])] * 4  # fmt: skip
    content.seek(0)
    here = [line.texts[:] for line in ours]
    for texts in here:
        texts[1] = sister_community.name
    content = workbook([type(line)(line.child_id, texts, line.layout) for line, texts in zip(ours, here, strict=True)])
    batch = read_roster(content, division=sister_community, as_of=timezone.localdate(), name="r.xlsx", by=director)
    confirm(batch, by=director)
    assert Child.objects.filter(community=sister_community).count() == 4
    assert [line.texts for line in lines_of(sister_community)] == here
    read_back = Household.objects.get(community=sister_community, is_low_income=True)
    aid = (read_back.has_temporary_aid, read_back.has_medical_aid, read_back.other_aid, read_back.note)
    assert aid == (True, False, "住房救助", "")


def test_the_boxes_of_aid_tell_what_the_household_receives_whatever_its_note_says(community):
    child = left_behind_child(community)
    boxes = ("low_income", "temporary_aid", "medical_aid", "other_aid")
    child.household.note = "临时救助；医疗救助"
    child.household.save()
    (before,) = lines_of(community)
    assert [before.get(name) for name in boxes] == ["否", "否", "否", ""]
    child.household.has_medical_aid, child.household.other_aid, child.household.note = True, "取暖补助；住房救助", ""
    child.household.save()
    (after,) = lines_of(community)
    assert [after.get(name) for name in boxes] == ["否", "否", "是", "取暖补助；住房救助"]
    assert [(str(c.label), c.before, c.after) for c in changes(before, after)] == [
        ("medical aid", "否", "是"),
        ("other aid", "", "取暖补助；住房救助"),
    ]


@pytest.mark.parametrize(
    "evil", ["=1+1", "+8", "-2", "@SUM(A1)", "\t=1", "{=1}", "http://x.example", '=HYPERLINK("x")']
)
def test_no_cell_is_ever_a_formula_or_a_link(community, evil):
    left_behind_child(community, name=evil, school=evil)
    content = workbook(lines_of(community))
    with zipfile.ZipFile(content) as parts:
        written = parts.read("xl/worksheets/sheet1.xml").decode()
    kinds = set(re.findall(r"<c r=[^>]*? t=.([a-zA-Z]+)", written))
    assert kinds == {"inlineStr"}
    assert "<f>" not in written and "hyperlink" not in written
    assert sum(evil.strip() in row for row in shown(content)) == 1


def shown(content):
    content.seek(0)
    return [
        [str(c).strip() for c in row]
        for row in CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()
    ]


def test_numbers_of_people_are_text_with_all_their_digits(community):
    born = dt.date(timezone.localdate().year - 9, 3, 5)
    left_behind_child(community, birth_date=born, id_number=id_number(born))
    assert any(id_number(born) in row for row in shown(workbook(lines_of(community))))


def test_nothing_is_left_on_disk(community, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    left_behind_child(community)
    workbook(lines_of(community))

    def broken():
        yield lines_of(community)[0]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write(Sheet(title="x", count=1, rows=broken(), columns=EVERY_BOX))
    assert list(tmp_path.iterdir()) == []


def test_a_local_job_is_not_read_as_being_away(community, sister_community, director):
    child = left_behind_child(community)
    helper = an_adult(child, "uncle_aunt", name="陈叔")
    away(helper, None)
    father = child.kinships.get(relation="father").adult
    father.aways.update(is_other_county=False, place="县城工地")
    assert lines_of(community) == []  # no longer left behind
    father.unable_since = timezone.localdate() - dt.timedelta(days=10)
    father.save()
    (line,) = lines_of(community)
    assert line.get("father_workplace") == "本地 县城工地"


def test_left_behind_persons_for_the_grid_system(families, street, director, supervisor, signed_in, rf):
    roster = Roster.open_for(families, a_round(street, supervisor), by=director)
    request = rf.get("/")
    request.user = director
    sheet = exports.get("left_behind_persons").sheet(request, f"roster={roster.pk}")
    assert sheet.count == 3  # the migrant child is no left-behind person
    rows = {}
    for person in sheet.rows:
        said = {column.words[0]: column.value(person) for column in sheet.columns}
        rows[said["姓名"]] = said
    full = rows["买买提·艾力"]
    born = dt.date(timezone.localdate().year - 9, 3, 5)
    assert (full["公民身份号码"], full["性别"], full["民族"]) == (id_number(born), "2", "05")
    assert full["出生日期"] == f"{born:%Y%m%d}" and len(rows["只有月份"]["出生日期"]) == 6
    assert (full["留守人员类型"], full["与留守人员关系"], full["家庭主要成员姓名"]) == ("01", "62", "王秀英")
    assert full["婚姻状况"] == full["个人年收入"] == ""
    assert [words for words, _meaning in sheet.legend] == [column.words[0] for column in sheet.columns]
