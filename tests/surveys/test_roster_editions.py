"""An earlier edition of a roster is printed and taken out as it was handed in."""

import io

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from records.trail import TrailEntry
from surveys.models import Roster
from tests.children.factories import left_behind_child
from tests.children.pages import filled, soup
from tests.conftest import freshly_signed_in
from tests.surveys.roster_factories import a_round, handed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def roster(street, community, director, supervisor):
    """Edition 1 with one child, edition 2 with two, and open again."""
    child = left_behind_child(community, name="没有变化", school="示范小学")
    roster = handed_in(community, a_round(street, supervisor), by=director, days_ago=3)
    roster.give_back(remark="补", by=supervisor)
    child.school = "实验小学"
    child.save()
    left_behind_child(community, name="后来登记")
    roster.submit(by=director)
    roster.give_back(remark="再补", by=supervisor)
    left_behind_child(community, name="还未报送")
    return Roster.objects.get(pk=roster.pk)


@pytest.fixture
def desk(signed_in, director):
    return freshly_signed_in(signed_in(director))


def paper(client, roster, **asked):
    return client.get(reverse("paper", args=["roster", roster.pk]), asked)


def names_on(answer):
    page = soup(answer).find("main")
    return page.find(class_="paper-subtitle").text, [row.find_all("td")[3].text for row in page.select("tbody tr")]


def test_an_earlier_edition_is_printed(desk, roster):
    title = "2026年春季摸底"
    assert names_on(paper(desk, roster, edition="1")) == (
        f"{title} · 第 1 版 · 退回 · 1 名儿童",
        ["没有变化"],
    )
    assert names_on(paper(desk, roster, edition="2")) == (
        f"{title} · 第 2 版 · 退回 · 2 名儿童",
        ["后来登记", "没有变化"],
    )
    assert names_on(paper(desk, roster)) == (f"{title} · 退回 · 3 名儿童", ["还未报送", "后来登记", "没有变化"])


def workbook(client, roster, **asked):
    """(the file's name, [[cell]] of the list taken out)."""
    gate = reverse("records:export", args=["roster"]) + f"?roster={roster.pk}"
    gate += "".join(f"&{name}={value}" for name, value in asked.items())
    page = client.get(gate)
    answer = client.post(gate, filled(page, reason="check", purpose="核对"))
    read = CalamineWorkbook.from_filelike(io.BytesIO(answer.getvalue())).get_sheet_by_index(0).to_python()
    return page.context["sheet"], answer["Content-Disposition"], read


def test_an_earlier_edition_is_taken_out(desk, roster, community):
    day = roster.editions.get(number=1).as_of
    sheet, name, read = workbook(desk, roster, edition=1)
    assert (sheet.count, sheet.back_url) == (1, roster.editions.get(number=1).get_absolute_url())
    assert f"roster-{community.pk}-{roster.round.due_on}-1.xlsx" in name
    assert read[1][0] == f"填报单位：新体路街道 恩和路社区    填报时间：{day.isoformat()}"
    school = read[2].index("就读学校")
    assert [(row[3], row[school]) for row in read[5:]] == [("没有变化", "示范小学")]
    sheet, name, read = workbook(desk, roster)
    assert (sheet.count, sheet.back_url) == (3, roster.get_absolute_url())
    assert f"roster-{community.pk}-{roster.round.due_on}.xlsx" in name
    assert [(row[3], row[school]) for row in read[5:]] == [
        ("还未报送", ""),
        ("后来登记", ""),
        ("没有变化", "实验小学"),
    ]


@pytest.mark.parametrize("junk", ["0", "3", "99999", "9" * 30, "-1", "1.0", "１", "x", ""])
def test_what_is_no_edition_of_this_roster_gives_nothing(desk, roster, junk):
    assert paper(desk, roster, edition=junk).status_code == 404
    assert (
        desk.get(reverse("records:export", args=["roster"]), {"roster": roster.pk, "edition": junk}).status_code == 404
    )
    assert not TrailEntry.objects.filter(verb="printed roster").exists()


def test_its_page_leads_to_both(desk, roster):
    page = soup(desk.get(reverse("surveys:edition", args=[roster.pk, 1])))
    links = [link["href"] for link in page.find_all("a", class_="button")]
    assert reverse("paper", args=["roster", roster.pk]) + "?edition=1" in links
    assert reverse("records:export", args=["roster"]) + f"?roster={roster.pk}&edition=1" in links
    assert desk.get(reverse("surveys:edition", args=[roster.pk, 99999])).status_code == 404


def test_a_stranger_gets_neither(signed_in, stranger, roster):
    client = freshly_signed_in(signed_in(stranger))
    assert paper(client, roster, edition="1").status_code == 404
    address = reverse("records:export", args=["roster"])
    assert client.get(address, {"roster": roster.pk, "edition": "1"}).status_code == 404
