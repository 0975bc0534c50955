"""The gap board: communities by gaps, read at a glance; each cell opens the list, or says what is counted."""

from io import BytesIO

import pytest
import python_calamine
from django.urls import reverse

from records import measures
from records.measures import GAP
from records.trail import TrailEntry
from reports import gaps
from tests.children.factories import left_behind_child

pytestmark = pytest.mark.django_db


@pytest.fixture
def board(community, sister_community, far_community, supervisor):
    """Four children here and one next door without a letter; a hundred elsewhere would weigh most."""
    for place, number in ((community, 4), (sister_community, 1), (far_community, 6)):
        for _n in range(number):
            left_behind_child(place)
    return gaps.board(supervisor, gaps.places_of(supervisor))


def line(board, key):
    return next(line for line in board.lines() if line.measure.key == key)


def test_a_line_holds_each_community_and_no_other(board, community, sister_community):
    one = line(board, "without_valid_letter")
    assert [(cell.place, cell.count, cell.weight) for cell in one.cells] == [
        (community, 4, 4),
        (sister_community, 1, 1),
    ]
    assert one.total == 5
    assert board.places == [community, sister_community]


def test_every_number_is_its_measures(board, community, supervisor):
    from django.utils import timezone

    from records.measures import Period
    from records.scoping import Scope

    today = Period.day(timezone.localdate())
    for one in board.lines():
        assert one.cells[0].count == one.measure.count(Scope.of(community.pk), today), one.measure.key


@pytest.mark.parametrize(
    ("count", "worst", "weight"), [(0, 9, 0), (1, 100, 1), (25, 100, 1), (26, 100, 2), (76, 100, 4)]
)
def test_whatever_is_there_weighs_something(count, worst, weight, community):
    cell = gaps._cell(measures.get("without_valid_letter"), community, count, worst, True)
    assert (cell.weight, cell.glyph) == (weight, ["", "▁", "▃", "▅", "▇"][weight])


def test_gaps_that_nobody_has_are_named_and_take_no_line(board):
    closed = {gap.key for gap in board.closed}
    assert "repairs_overdue" in closed
    assert closed.isdisjoint(one.measure.key for one in board.lines())
    assert "street_reports_not_begun" not in closed  # what a street owes is no gap of its communities
    assert "promised_in_meetings" not in closed  # what single persons owe is no gap of a community


def test_a_cell_opens_the_list_or_without_the_right_the_definition(board, community, supervisor, monkeypatch):
    one = line(board, "without_valid_letter")
    assert one.cells[0].url == reverse("reports:measure", args=["without_valid_letter"]) + f"?community={community.pk}"
    codes_for = supervisor.codes_for
    monkeypatch.setattr(
        type(supervisor),
        "codes_for",
        lambda self, model, action="view": () if model.__name__ == "Child" else codes_for(model, action),
    )
    blind = gaps.board(supervisor, board.places)
    assert line(blind, "without_valid_letter").cells[0].url == reverse("reports:measure", args=["without_valid_letter"])


def test_the_list_behind_a_cell_is_that_communitys(board, supervisor, community, signed_in):
    from children.models import Child

    url = line(board, "without_valid_letter").cells[1].url
    page = signed_in(supervisor).get(url).content.decode()
    ours, sisters = Child.objects.filter(community=community), Child.objects.exclude(community=community)
    assert not [child.number for child in ours if child.number in page]
    assert sum(child.number in page for child in sisters) == 1


def test_concerns_are_counted_for_those_alone_who_may_see_them(board, community, supervisor, director, monkeypatch):
    from children.models import Child, Concern

    Concern.raise_for(Child.objects.filter(community=community).first(), by=director)
    assert line(gaps.board(supervisor, board.places), "open_concerns").total == 1
    codes_for = supervisor.codes_for
    monkeypatch.setattr(
        type(supervisor),
        "codes_for",
        lambda self, model, action="view": () if model is Concern else codes_for(model, action),
    )
    blind = gaps.board(supervisor, board.places)
    assert not [gap for gap in [*blind.closed, *(one.measure for one in blind.lines())] if gap.key == "open_concerns"]


@pytest.mark.parametrize("children", [1, 3])
def test_a_board_asks_one_query_a_gap_whatever_stands_in_it(
    children, community, sister_community, supervisor, django_assert_max_num_queries
):
    for place in (community, sister_community):
        for _n in range(children):
            left_behind_child(place)
    places = gaps.places_of(supervisor)
    supervisor.codes_for(type(places[0]))
    with django_assert_max_num_queries(len(measures.all_measures(GAP))):
        gaps.board(supervisor, places)


class TestPages:
    def test_the_picture_says_each_number_in_words_and_weight(self, board, supervisor, signed_in):
        page = signed_in(supervisor).get("/reports/gaps/").content.decode()
        assert 'data-weight="4"' in page and "恩和路社区" in page
        assert "龙湾社区" not in page
        assert "Children without a valid guardianship letter · 恩和路社区" in page

    def test_a_director_sees_one_column(self, board, director, signed_in):
        page = signed_in(director).get("/reports/gaps/").content.decode()
        assert "恩和路社区" in page and "体育场社区" not in page

    def test_others_have_no_board(self, board, federation, counsellor, signed_in):
        for who in (federation, counsellor):
            assert signed_in(who).get("/reports/gaps/").status_code == 404
            assert signed_in(who).get("/reports/gaps/workbook/").status_code == 404
            assert signed_in(who).get(f"/papers/gap_board/?keys={board.places[0].pk}").status_code == 404

    def test_the_workbook_is_the_board(self, board, supervisor, signed_in):
        answer = signed_in(supervisor).get("/reports/gaps/workbook/")
        sheet = python_calamine.load_workbook(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
        assert sheet[0] == ["Gap", "恩和路社区", "体育场社区", "In all"]
        assert ["Children without a valid guardianship letter", 4, 1, 5] in sheet
        assert len(sheet) == 1 + len(board.lines())
        (exported,) = TrailEntry.objects.filter(verb="exported the gap board")
        assert (exported.object_key, exported.actor) == (board.places[0].pk[:9], supervisor)

    def test_the_paper_is_the_board_of_the_communities_asked_for(
        self, board, supervisor, director, signed_in, community
    ):
        places = ",".join(place.pk for place in board.places)
        page = signed_in(supervisor).get(f"/papers/gap_board/?keys={places}").content.decode()
        assert "▇ 4" in page and "▁ 1" in page
        ours = signed_in(director).get(f"/papers/gap_board/?keys={places}").content.decode()
        assert "体育场社区" not in ours
