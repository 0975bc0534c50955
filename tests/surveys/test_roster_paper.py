"""The roster on paper: the head, the boxes and the foot of the national form, in Chinese whoever prints it."""

import datetime as dt
from dataclasses import replace

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from children.models import Child, Household
from communities.roles import ROLES
from records.privacy import CARE, SECRET
from records.trail import TrailEntry
from surveys.layout import HeaderCell, header_rows
from surveys.models import Roster
from tests.children.factories import a_child, an_adult, id_number, left_behind_child
from tests.children.pages import soup
from tests.conftest import freshly_signed_in
from tests.surveys.roster_factories import a_round, handed_in

pytestmark = pytest.mark.django_db
BORN = dt.date(timezone.localdate().year - 9, 3, 5)

TOP = [
    *[("序号", 1, 3), ("乡镇(街道)", 1, 3), ("村(社区)", 1, 3), ("儿童个人基本情况", 13, 1), ("家庭情况", 6, 1)],
    *[("监护情况", 8, 1), ("家庭经济来源", 1, 3), ("救助帮扶情况", 4, 1)],
]
MIDDLE = [
    *[("姓名", 1, 2), ("性别", 1, 2), ("民族", 1, 2), ("出生日期", 1, 2), ("公民身份号码", 1, 2)],
    *[("是否登记户口", 1, 2), ("户籍所在地", 1, 2), ("现居住地", 1, 2), ("身体情况", 1, 2)],
    *[("残疾类别及等级", 1, 2), ("患病类型", 1, 2), ("是否学校寄宿", 1, 2), ("就学情况", 1, 2)],
    *[("父亲", 3, 1), ("母亲", 3, 1)],
    *[("父母双方同时外出", 1, 2), ("父母一方外出、另一方无监护能力", 1, 2), ("父母外出有无委托其他监护人", 1, 2)],
    *[("受委托监护人情况", 4, 1), ("监护类型", 1, 2)],
    *[("享受低保", 1, 2), ("临时救助", 1, 2), ("医疗救助", 1, 2), ("其他救助", 1, 2)],
]
BOTTOM = [
    *[("姓名", 1, 1), ("当前务工地点", 1, 1), ("联系电话", 1, 1)] * 2,
    *[("委托监护人姓名", 1, 1), ("与被监护人关系", 1, 1), ("受委托监护人电话", 1, 1), ("公民身份号码", 1, 1)],
]


@pytest.fixture
def survey_round(street, supervisor):
    return a_round(street, supervisor)


@pytest.fixture
def desk(signed_in, director):
    return freshly_signed_in(signed_in(director))


def printed(client, roster, **asked):
    answer = client.get(reverse("paper", args=["roster", roster.pk]), asked)
    assert answer.status_code == 200
    return soup(answer).find("main")


def header(sheet):
    """[[(words, columns, rows)]] as the header stands on the sheet."""
    return [
        [(cell.text, int(cell.get("colspan", 1)), int(cell.get("rowspan", 1))) for cell in row.find_all("th")]
        for row in sheet.find("thead").find_all("tr")
    ]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_head_and_foot_are_those_of_the_national_form_in_either_language(
    language, desk, survey_round, community, director
):
    desk.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    left_behind_child(community)
    sheet = printed(desk, Roster.open_for(community, survey_round, by=director))
    assert header(sheet) == [TOP, MIDDLE, BOTTOM]
    day = timezone.localdate()
    assert [part.text for part in sheet.select(".paper-meta > span")] == [
        "填报单位：新体路街道 恩和路社区（盖章）",
        f"填报时间：{day.year}年{day.month}月{day.day}日",
    ]
    assert [line.text for line in sheet.select(".signatures > div")] == [
        "单位负责人（签名）：",
        "复核人（签名）：",
        "填表人（签名）：",
    ]
    assert sheet.find("article")["lang"] == "zh"
    assert sheet.find(class_="paper-subtitle").text == "2026年春季摸底 · 草稿 · 1 名儿童"


def test_a_column_that_may_not_be_seen_leaves_its_group_narrower(monkeypatch, desk, survey_round, community, director):
    role = ROLES["community_worker"]
    seen = replace(role, sees=role.sees - {SECRET, CARE})
    monkeypatch.setitem(ROLES, "community_worker", seen)
    top, middle, bottom = header(printed(desk, Roster.open_for(community, survey_round, by=director)))
    assert [(words, across) for words, across, _down in top if across > 1] == [
        ("儿童个人基本情况", 12),
        ("家庭情况", 6),
        ("监护情况", 6),
        ("救助帮扶情况", 4),
    ]
    assert ("受委托监护人情况", 3, 1) in middle
    assert {"公民身份号码", "监护类型"}.isdisjoint(words for words, *_size in [*middle, *bottom])


def test_a_header_of_one_row_and_equal_neighbours():
    assert header_rows([("甲",), ("甲",)]) == [[HeaderCell("甲"), HeaderCell("甲")]]
    assert header_rows([("甲", "乙"), ("甲",), ("甲", "丙")]) == [
        [HeaderCell("甲"), HeaderCell("甲", down=2), HeaderCell("甲")],
        [HeaderCell("乙"), HeaderCell("丙")],
    ]


def rows(sheet):
    return [[cell.text for cell in row.find_all("td")] for row in sheet.find("tbody").find_all("tr")]


@pytest.fixture
def two(community):
    """A left-behind child with every box filled and a migrant child with next to none."""
    year_ago = timezone.localdate() - dt.timedelta(days=365)
    full = left_behind_child(
        community, name="阿丽", birth_date=BORN, id_number=id_number(BORN), ethnicity="05", school="示范小学",
        registered_address="内蒙古集宁区恩和路1号", grade="G3", is_boarding=True, health="残疾",
        disability_type="physical", disability_level=2, illness="哮喘", guardianship_quality="fair",
        class_teacher="李老师", class_teacher_phone="16100009999",
    )  # fmt: skip
    Household.objects.filter(pk=full.household_id).update(
        address="恩和路3号楼", income_source="务工", is_low_income=True, has_medical_aid=True, other_aid="住房救助"
    )
    for kinship, phone, place in zip(
        full.kinships.order_by("pk"), ("16100000001", "16100000002", "16100000003"), ("深圳", "义乌", ""), strict=True
    ):
        kinship.adult.phone = phone
        kinship.adult.aways.update(place=place)
        kinship.adult.save()
    carer = full.kinships.get(is_caregiver=True).adult
    carer.id_number = id_number(dt.date(1955, 1, 2))
    carer.save()
    bare = a_child(
        community, name="卓玛", birth_date=dt.date(BORN.year + 2, 4, 1), registered_county="140202", came_on=year_ago
    )
    an_adult(bare, "mother", name="安红", cares=True)
    return full, bare


def lines_of(two):
    (full, bare), place = two, ["新体路街道", "恩和路社区"]
    return [
        [
            *["1", *place, "阿丽", "女", "维吾尔族", BORN.isoformat(), full.id_number, "是", "内蒙古集宁区恩和路1号"],
            *["恩和路3号楼", "残疾", "肢体残疾二级", "哮喘", "是", "三年级"],
            *["陈建国", "深圳", "16100000001", "李红", "义乌", "16100000002"],
            *["是", "否", "是", "王秀英", "祖母", "16100000003", id_number(dt.date(1955, 1, 2)), "一般"],
            *["务工", "是", "否", "是", "住房救助"],
        ],
        [
            *["2", *place, "卓玛", "女", "", bare.birth_date.isoformat(), "", "是", "", "", "", "", "", "否", ""],
            *["", "", "", "安红", "在家", ""],
            *["否", "否", "否", "安红", "母亲", "", "", ""],
            *["", "否", "否", "否", ""],
        ],
    ]


def test_each_line_has_what_the_register_says_in_the_boxes_of_the_form(desk, survey_round, community, two, director):
    sheet = printed(desk, Roster.open_for(community, survey_round, by=director))
    assert rows(sheet) == lines_of(two)
    for left_out in ("示范小学", "李老师", "16100009999"):
        assert left_out not in sheet.text


def test_what_was_handed_in_is_printed_as_it_was_whatever_becomes_of_the_files(
    desk, survey_round, community, two, director, supervisor
):
    roster = handed_in(community, survey_round, by=director)
    Child.objects.filter(pk=two[0].pk).update(name="改了名", grade="G4", illness="")
    Household.objects.filter(pk=two[0].household_id).update(address="别处", is_low_income=False)
    left_behind_child(community, name="后来登记")
    sheet = printed(desk, roster)
    assert rows(sheet) == lines_of(two)
    assert sheet.find(class_="paper-subtitle").text == "2026年春季摸底 · 第 1 版 · 等待街道审核 · 2 名儿童"
    Roster.objects.get().accept(by=supervisor)
    sheet = printed(desk, roster)
    assert rows(sheet) == lines_of(two)
    assert sheet.find(class_="paper-subtitle").text == "2026年春季摸底 · 第 1 版 · 街道已审核 · 2 名儿童"


def test_the_password_is_asked_for_before_numbers_are_printed(signed_in, survey_round, community, two, director):
    roster = Roster.open_for(community, survey_round, by=director)
    address = reverse("paper", args=["roster", roster.pk])
    answer = signed_in(director).get(address)
    assert answer.status_code == 302 and "/reauthenticate/" in answer.url
    assert not TrailEntry.objects.about(roster).filter(verb="printed roster").exists()
    printed(freshly_signed_in(signed_in(director)), roster)
    assert TrailEntry.objects.about(roster).filter(verb="printed roster", actor=director).count() == 1
