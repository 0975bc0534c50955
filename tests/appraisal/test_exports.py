"""The year's visits with their requirements, and its commendations, as workbooks: what is on screen, and no more."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from appraisal.models import Visit
from records import exports
from records.trail import TrailEntry
from records.workbooks import write
from tests.appraisal.factories import a_demand, a_visit, days, held
from tests.children.pages import filled
from tests.conftest import freshly_signed_in

pytestmark = pytest.mark.django_db


def taken_out(rf, user, name, params=""):
    """[{column: text}] of the workbook, and how many lines the page before it tells."""
    request = rf.get("/")
    request.user = user
    sheet = exports.get(name).sheet(request, params)
    target, written = write(sheet)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(target.read())).get_sheet_by_index(0).to_python()
    head = next(number for number, row in enumerate(rows) if row[0] == "#")
    assert written == sheet.count == len(rows) - head - 1
    return [dict(zip(rows[head], row, strict=True)) for row in rows[head + 1 :]]


@pytest.fixture
def visited(street, community, sister_community, far_street, far_community, supervisor, director, make_user):
    """A visit with three requirements, one planned without any, one called off, and one in another street."""
    visit = held(a_visit(street, community, supervisor), supervisor, home="not_met")
    met, waiting, gone = (a_demand(visit, supervisor, what=what) for what in ("换灭火器", "补档案", "重复的"))
    met.answer(text="=已换两具", by=director)
    met.ask_again(seen=met.answers.get().pk, remark="还差一具", due_on=days(5), by=supervisor)
    met.answer(text="都换了", by=director)
    met.close(seen=met.answers.latest("pk").pk, by=supervisor)
    waiting.answer(text="补了一半", by=director)
    waiting.ask_again(seen=waiting.answers.get().pk, remark="还差三份", due_on=days(5), by=supervisor)
    gone.withdraw(reason="与上条重复", by=supervisor)
    a_visit(street, sister_community, supervisor, focus="安全提醒")
    a_visit(street, sister_community, supervisor).call_off(reason="改期", by=supervisor)
    far_officer = make_user("street_officer", far_street)
    a_demand(held(a_visit(far_street, far_community, far_officer), far_officer), far_officer, what="远方的要求")
    return visit


def test_each_requirement_has_its_line_and_a_visit_without_any_has_one(rf, visited, supervisor):
    lines = taken_out(rf, supervisor, "supervision_visits")
    told = {line["What is required"]: line for line in lines if line["What is required"]}
    assert set(told) == {"换灭火器", "补档案", "重复的"}
    shown = [
        "State of the requirement",
        "Settled on",
        "What the community did",
        "What is still missing",
        "Why withdrawn",
    ]
    assert [told["换灭火器"][column] for column in shown] == ["closed: met", days(0).isoformat(), "都换了", "", ""]
    assert [told["补档案"][column] for column in shown] == ["to be met", "", "补了一半", "还差三份", ""]
    assert [told["重复的"][column] for column in shown] == ["withdrawn", days(0).isoformat(), "", "", "与上条重复"]
    assert {told[what]["Day"] for what in told} == {days(0).isoformat()}
    bare = [line for line in lines if not line["What is required"]]
    assert sorted((line["Status"], line["Why called off"]) for line in bare) == [
        ("called off", "改期"),
        ("planned", ""),
    ]
    planned = next(line for line in bare if line["Status"] == "planned")
    assert planned["What is looked at"] == "Registration and roster; The Children's Home; 安全提醒"
    assert "远方的要求" not in str(lines)


def test_the_filter_of_the_page_is_that_of_the_workbook(rf, visited, supervisor, director, community, signed_in):
    assert len(taken_out(rf, supervisor, "supervision_visits", f"community={community.pk}")) == 3
    assert len(taken_out(rf, director, "supervision_visits")) == 3
    assert len(taken_out(rf, supervisor, "supervision_visits", "community=150902002001&year=x")) == 5
    last = days(0).year - 1
    assert taken_out(rf, supervisor, "supervision_visits", f"year={last}") == []
    Visit.objects.filter(pk=visited.pk).update(day=days(0).replace(year=last, day=1))
    assert len(taken_out(rf, supervisor, "supervision_visits", f"year={last}")) == 3
    page = signed_in(supervisor).get(reverse("supervision:visits"), {"year": last, "community": community.pk})
    address = reverse("records:export", args=["supervision_visits"])
    assert f"{address}?year={last}&amp;community={community.pk}" in page.content.decode()


def test_a_formula_in_an_answer_stays_text(rf, visited, supervisor, director):
    demand = a_demand(visited, supervisor, what='=HYPERLINK("x")')
    demand.answer(text="=1+1", by=director)
    told = taken_out(rf, supervisor, "supervision_visits")
    assert [line["What the community did"] for line in told if line["What is required"].startswith("=")] == ["=1+1"]


def test_commendations_go_out_with_the_names_that_the_reader_may_know(
    rf, awarded, of_child, director, federation, stranger, make_user, far_street
):
    lines = taken_out(rf, director, "commendations")
    assert {line["Commended"]: line["In one line"] for line in lines} == {"赵春梅": "热心陪伴", "陈小雨": "自强少年"}
    assert {line["Number of the certificate"] for line in lines} == {awarded.shown_number, of_child.shown_number}
    assert TrailEntry.objects.about(of_child.child).reads().filter(actor=director).count() == 1
    others = taken_out(rf, federation, "commendations")
    assert {line["Commended"] for line in others} == {"赵**", "a child"}
    assert "陈小雨" not in str(others) and "赵春梅" not in str(others)
    assert {line["Published"] for line in others} == {""}
    awarded.agree(by=director)
    awarded.publish(by=federation)
    told = {line["Commended"]: line["Published"] for line in taken_out(rf, federation, "commendations")}
    assert told == {"赵春梅": "published", "a child": ""}
    assert taken_out(rf, stranger, "commendations") == []
    assert taken_out(rf, director, "commendations", f"year={days(0).year - 1}") == []


@pytest.mark.parametrize(
    ("name", "page"), [("supervision_visits", "supervision:visits"), ("commendations", "appraisal:commendations")]
)
def test_they_go_through_the_gate_and_are_on_the_trail(name, page, visited, awarded, supervisor, signed_in):
    client, gate = freshly_signed_in(signed_in(supervisor)), reverse("records:export", args=[name])
    shown = client.get(reverse(page))
    assert gate in shown.content.decode()
    answer = client.post(gate, filled(client.get(gate), reason="report", purpose="报区妇联"))
    assert answer["Content-Type"].endswith("sheet")
    assert "no-store" in answer["Cache-Control"]
    entry = TrailEntry.objects.filter(verb="exported").get()
    assert (entry.actor, entry.keys["list"]) == (supervisor, name)


@pytest.mark.parametrize("name", ["supervision_visits", "commendations"])
def test_who_sees_no_such_rows_takes_none_out(name, visited, counsellor, administrator, signed_in):
    gate = reverse("records:export", args=[name])
    for user in (counsellor, administrator):
        assert signed_in(user).get(gate).status_code == 404


def test_many_lines_ask_the_database_no_more_than_few(rf, visited, street, community, supervisor, director):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            taken_out(rf, supervisor, "supervision_visits")
        return len(queries)

    asked()
    few = asked()
    for _n in range(2):
        visit = held(a_visit(street, community, supervisor), supervisor)
        a_demand(visit, supervisor).answer(text="已办", by=director)
    assert asked() == few
