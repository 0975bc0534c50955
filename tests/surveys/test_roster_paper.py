"""The roster on paper: the head, the boxes and the foot of the national form, in Chinese whoever prints it."""

from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import timezone

from communities.roles import ROLES
from records.privacy import CARE, SECRET
from surveys.layout import HeaderCell, header_rows
from surveys.models import Roster
from tests.children.factories import left_behind_child
from tests.children.pages import soup
from tests.conftest import freshly_signed_in
from tests.surveys.roster_factories import a_round

pytestmark = pytest.mark.django_db

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
    desk.cookies["django_language"] = language
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
