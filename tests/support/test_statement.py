"""The statement for a giver, figure by figure: as a workbook and on paper, in both languages."""

import io
import re
from decimal import Decimal
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.urls import reverse
from python_calamine import CalamineWorkbook

from children import transfer
from records.trail import TrailEntry
from support import paying
from tests.children.factories import offered
from tests.children.pages import soup
from tests.reports.reported import ELSEWHERE, divisions
from tests.support.factories import a_girl, a_kind, approved, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind(district):
    return a_kind(district)


@pytest.fixture
def paid_for(kind, community, sister_community, director, supervisor, federation, make_user):
    """Three girls: all received, half of it paid, nothing paid yet; and a payment that was called off."""
    there = make_user("community_worker", sister_community)

    def granted(place, by, *amounts, **details):
        application = approved(a_girl(place, by, **details), kind, by, supervisor, federation)
        return [paying.plan(application, planned_on=today(), amount=Decimal(n), by=by) for n in amounts]

    (whole,) = granted(community, director, "700.50", name="陈小雨")
    half, _rest = granted(community, director, 600, 600, name="欧阳大雪")
    planned, off = granted(sister_community, there, 300, 250, name="赵小梅")
    for payment in (whole, half):
        paying.pay(payment, on=today(), method="bank", by=director)
    paying.confirm(whole, received_by="王秀英", on=today(), by=director)
    off.cancel(by=there)
    return [whole, half, planned]


LINES = [
    ["陈**", "恩和路社区", 700.5, 700.5, 700.5],
    ["欧阳**", "恩和路社区", 1200, 600, 0],
    ["赵**", "体育场社区", 300, 0, 0],
]


def workbook(client, kind, **asked):
    return client.get(reverse("support:statement_workbook"), {"giver": kind.giver, **asked})


def cells(answer):
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()


def formulas(answer):
    """{cell: formula}."""
    written = ZipFile(io.BytesIO(answer.content)).read("xl/worksheets/sheet1.xml").decode()
    return dict(re.findall(r'<c r="([A-Z]+\d+)"[^>]*><f>([^<]*)</f>', written))


def test_each_cell_of_the_workbook_and_its_sums(kind, paid_for, federation, signed_in):
    client = signed_in(federation)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    answer = workbook(client, kind)
    first = today().replace(month=1, day=1)
    read = cells(answer)
    assert read[:4] == [
        ["资助资金报告", "", "", "", ""],
        ["春蕾基金", "", "", "", ""],
        [f"{first} – {today()}", "", "", "", ""],
        ["受助儿童", 3, "", "", ""],
    ]
    assert read[5] == ["儿童（隐名）", "社区", "计划", "已发放", "已签收"]
    assert read[6:] == [*LINES, ["合计", "", 2200.5, 1300.5, 700.5]]
    assert formulas(answer) == {"C10": "SUM(C7:C9)", "D10": "SUM(D7:D9)", "E10": "SUM(E7:E9)"}
    assert answer["Content-Disposition"] == f'attachment; filename="support-{first}-{today()}.xlsx"'
    assert TrailEntry.objects.filter(verb="exported a statement", actor=federation, object_key=str(kind.pk)).exists()


def test_what_a_child_who_went_to_another_district_received_stays_in_the_statement(
    kind, paid_for, community, director, federation, supervisor, make_user, signed_in
):
    (there,) = divisions(ELSEWHERE)
    child = paid_for[0].application.child
    transfer.accept(offered([child], there, by=director), by=make_user("community_worker", there))
    read = cells(workbook(signed_in(federation), kind))
    assert read[3][1] == 3
    assert read[6:] == [*LINES[1:], ["**", "another district", *LINES[0][2:]], ["Sum", "", 2200.5, 1300.5, 700.5]]
    assert cells(workbook(signed_in(supervisor), kind))[6:] == [*LINES[1:], ["Sum", "", 1500, 600, 0]]


def test_a_workbook_without_a_line_sums_up_to_nothing(kind, paid_for, federation, signed_in):
    answer = workbook(signed_in(federation), kind, start="2020-01-01", end="2020-12-31")
    assert cells(answer)[6:] == [["Sum", "", 0, 0, 0]]
    assert formulas(answer) == {"C7": "0", "D7": "0", "E7": "0"}


def test_each_figure_on_paper(kind, paid_for, federation, signed_in):
    answer = signed_in(federation).get(reverse("papers", args=["support_statement"]), {"keys": kind.pk})
    sheet = soup(answer).find("main")
    facts = {one.dt.text: one.dd.text for one in sheet.select(".paper-facts > div")}
    first = today().replace(month=1, day=1)
    assert facts == {"Period": f"{first} – {today()}", "Kind of support": "Spring Bud", "Children helped": "3"}
    rows = [[cell.text for cell in row.find_all(["th", "td"])] for row in sheet.select("tbody tr")]
    assert rows == [
        ["陈**", "恩和路社区", "700.50", "700.50", "700.50"],
        ["欧阳**", "恩和路社区", "1,200", "600", "0"],
        ["赵**", "体育场社区", "300", "0", "0"],
        ["Sum", "2,200.50", "1,300.50", "700.50"],
    ]
