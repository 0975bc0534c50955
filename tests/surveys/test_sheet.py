import pytest
from django.utils import timezone

from children import erasing
from children.models import Child, Household
from records.trail import TrailEntry
from tests.children.factories import a_child, an_adult, id_number
from tests.children.pages import soup
from tests.conftest import freshly_signed_in
from tests.surveys.factories import a_home, a_round

BORN = timezone.localdate().replace(day=1, month=1, year=2017)


@pytest.fixture
def survey_round(street, supervisor):
    return a_round(street, supervisor, title="入户摸底")


@pytest.fixture
def printer(signed_in, director):
    return freshly_signed_in(signed_in(director))


def sheets(client, survey_round, query=""):
    answer = client.get(f"/papers/door_to_door/{survey_round.pk}/{query}")
    assert answer.status_code == 200
    return [" ".join(sheet.get_text(" ").split()) for sheet in soup(answer).select("article.sheet")]


def test_the_sheet_shows_what_is_needed_at_the_door_and_no_more(printer, survey_round, community):
    child = a_child(
        community, a_home(community, "第一网格", "恩和路2号楼3单元401"), name="陈小雨", birth_date=BORN,
        school="示例一小", grade="G3", id_number=id_number(BORN), health="哮喘", remark="怕狗",
    )  # fmt: skip
    an_adult(child, "grandmother_p", name="王秀英", cares=True, phone="13900001234", note="脾气急")
    an_adult(child, "father", name="陈建国", away_since=BORN.replace(year=2024))
    (page,) = sheets(printer, survey_round)
    for shown in ("恩和路社区", "第一网格", "入户摸底", str(survey_round.due_on), "Page 1 of 1", "恩和路2号楼3单元401"):
        assert shown in page
    for shown in ("陈小雨", "示例一小", "grade 3", "王秀英", "••••1234", "陈建国", "away 2024-01"):
        assert shown in page
    for hidden in ("13900001234", child.id_number, "哮喘", "怕狗", "脾气急"):
        assert hidden not in page
    assert page.count("New family") == 3
    assert TrailEntry.objects.about(child).filter(verb="printed door_to_door").count() == 1
    assert TrailEntry.objects.about(survey_round).filter(verb="printed door_to_door").count() == 1


def test_who_was_erased_with_a_child_leaves_no_empty_line(printer, survey_round, community, director, supervisor):
    child = a_child(community, name="陈小雨", birth_date=BORN)
    other = a_child(community, child.household, name="陈小雪", birth_date=BORN)
    an_adult(child, "grandmother_p", name="王秀英", cares=True)
    an_adult(other, "grandmother_m", name="赵桂兰", cares=True)
    erasing.erase(erasing.ask(other, ground="guardian", by=director), by=supervisor)
    answer = printer.get(f"/papers/door_to_door/{survey_round.pk}/")
    assert "王秀英" in [head.get_text() for head in soup(answer).select("article.sheet th[scope=row]")]
    assert not [head for head in soup(answer).select("article.sheet th[scope=row]") if not head.get_text(strip=True)]
    page = printer.get(f"/surveys/rounds/{survey_round.pk}/households/")
    assert [line.get_text(" ", strip=True) for line in soup(page).select("p.row-meta")][0] == "王秀英"


def test_the_password_is_asked_for(signed_in, director, survey_round, community):
    a_child(community, name="陈小雨")
    answer = signed_in(director).get(f"/papers/door_to_door/{survey_round.pk}/")
    assert answer.status_code == 302
    assert answer.url.startswith("/reauthenticate/")
    assert not TrailEntry.objects.filter(verb="printed door_to_door").exists()


def test_a_pile_for_each_grid_in_walking_order_and_pages_numbered_in_each(printer, survey_round, community):
    for number in (10, 2, 1):
        a_child(community, a_home(community, "第二网格", f"{number}号楼"), name=f"二网{number}")
    for number in range(9):
        a_child(community, a_home(community, "第十网格", f"{number}号"), name=f"十网{number}")
    a_child(community, a_home(community, "", "孤楼"), name="无格")
    pages = sheets(printer, survey_round)
    assert [next(g for g in ("第二网格", "第十网格", "without a building or grid") if g in page) for page in pages] == [
        "第二网格", "第二网格", *["第十网格"] * 3, "without a building or grid",
    ]  # fmt: skip
    assert "Page 2 of 3" in pages[3]
    whole = " ".join(pages)
    placed = [whole.index(name) for name in ("二网1 ", "二网2 ", "二网10 ", "十网0 ", "十网8 ", "无格 ")]
    assert placed == sorted(placed)
    assert whole.count("New family") == 9


def test_only_the_grids_asked_for(printer, survey_round, community):
    for grid in ("一号楼", "二号楼", ""):
        a_child(community, a_home(community, grid), name=f"在{grid or '外'}")
    asked = " ".join(sheets(printer, survey_round, "?grid=二号楼&grid="))
    assert "在二号楼" in asked and "在外" in asked and "在一号楼" not in asked


def test_a_community_without_households_prints_blanks(printer, survey_round, community):
    (page,) = sheets(printer, survey_round)
    assert page.count("New family") == 3


def test_another_communitys_sheet_is_not_printed(printer, survey_round, community, sister_community, far_community):
    for place in (sister_community, far_community):
        a_child(place, name="外人")
    own = " ".join(sheets(printer, survey_round, f"?community={sister_community.pk}"))
    assert "外人" not in own
    assert not TrailEntry.objects.filter(model_label="children.child").exists()


def test_each_child_has_a_code_that_leads_to_the_file(printer, survey_round, community):
    home = a_home(community, "一号楼")
    for name in ("大宝", "二宝"):
        a_child(community, home, name=name)
    page = soup(printer.get(f"/papers/door_to_door/{survey_round.pk}/"))
    codes = page.select(".door-codes figure")
    assert sorted(code.figcaption.text for code in codes) == ["二宝", "大宝"]
    assert len({str(code.svg) for code in codes}) == 2
    assert (Child.objects.count(), Household.objects.count()) == (2, 1)
