"""A street's report is the sum of its communities' accepted figures: whole equals parts at every level."""

import datetime as dt
from io import BytesIO
from uuid import uuid4

import pytest
import python_calamine
from hypothesis import given
from hypothesis import strategies as st

from records import measures
from records.lifecycle import Refused
from records.scoping import Scope
from reports import drawing, layout
from reports.checking import faults
from reports.models import Amendment, QuarterlyReport, StreetAmendment, StreetReport, base
from reports.models import amendment as amendment_module
from reports.published import Published, Shown, key_of
from tests.reports.conftest import Q3, SHORT

pytestmark = pytest.mark.django_db
BOTH = ["children_on_register", "newly_registered"]
AUGUST, BORN = dt.date(2026, 8, 1), dt.date(2018, 1, 1)


@pytest.fixture
def two(make_child, community, sister_community, far_community):
    """Three children here, two next door, seven in another street."""
    for place, number in ((community, 3), (sister_community, 2), (far_community, 7)):
        for _n in range(number):
            make_child(place, registered_on=AUGUST, birth_date=BORN)


@pytest.fixture
def street_report(two, handed_in, street, supervisor):
    found = StreetReport.open_for(street, Q3, by=supervisor)
    found.done = "督导各社区"
    found.save()
    return found


@pytest.fixture
def neighbour(make_user, sister_community):
    return make_user("community_worker", sister_community, "neighbour")


def value(report, key="children_on_register"):
    return report.in_force().value(key)


def test_it_adds_up_what_was_accepted_and_names_who_is_missing(
    street_report, handed_in, community, sister_community, director, neighbour, supervisor
):
    assert (value(street_report), street_report.not_there()) == (None, [community, sister_community])
    handed_in(community, director, supervisor)
    handed_in(sister_community, neighbour)
    assert (value(street_report), street_report.not_there()) == (3, [sister_community])
    street_report.submit(by=supervisor)
    kept = StreetReport.objects.get()
    assert (value(kept), kept.missing, list(kept.counted)) == (3, [sister_community.pk], [community.pk])


def test_frozen_it_moves_neither_with_rows_nor_with_a_late_report(
    street_report, handed_in, community, sister_community, director, neighbour, supervisor, federation, make_child,
    signed_in,
):  # fmt: skip
    handed_in(community, director, supervisor)
    street_report.submit(by=supervisor)
    make_child(community, registered_on=AUGUST, birth_date=BORN)
    late = handed_in(sister_community, neighbour, supervisor)
    kept = StreetReport.objects.get()
    assert (value(kept), kept.not_there(), kept.came_late()) == (3, [sister_community], [sister_community])
    assert late.period.label == kept.period.label  # it counts for its own quarter
    with pytest.raises(Refused, match="Only an accepted report"):
        StreetAmendment.of(kept, keys=["children_on_register"], reason="迟报", by=supervisor)
    kept.accept(by=federation)
    amendment = StreetAmendment.of(kept, keys=[], reason="体育场社区迟报", by=supervisor)
    assert value(kept) == 3
    with pytest.raises(Refused, match="cannot decide"):
        amendment.accept(by=supervisor)
    amendment.accept(by=federation)
    line = kept.in_force().line("children_on_register")
    assert (line.value, line.was, kept.table().value("children_on_register")) == (5, 3, 3)
    assert (kept.came_late(), kept.not_there()) == ([], [])
    page = signed_in(supervisor).get(kept.get_absolute_url()).content.decode()
    assert "Communities that are not in the sum" not in page
    answer = signed_in(supervisor).get(f"/reports/streets/{kept.pk}/workbook/")
    sheet = python_calamine.load_workbook(BytesIO(answer.content)).get_sheet_by_name("Communities").to_python()
    assert sheet[-1][0] == "The numbers by community stand as submitted, without amendments."
    paper = signed_in(supervisor).get(f"/papers/street_report/{kept.pk}/").content.decode()
    assert "The numbers by community stand as submitted, without amendments." in paper


def test_a_communitys_amendment_reaches_the_street_only_by_an_amendment_of_its_own(
    street_report, handed_in, community, director, supervisor, federation, make_child
):
    ours = handed_in(community, director, supervisor)
    street_report.submit(by=supervisor)
    street_report.accept(by=federation)
    make_child(community, registered_on=AUGUST, birth_date=BORN)
    amended = Amendment.of(ours, keys=["children_on_register", "newly_registered"], reason="漏登一户", by=director)
    amended.accept(by=supervisor)
    assert value(StreetReport.objects.get()) == 3
    assert street_report.draw().value("children_on_register") == 4


@given(st.lists(st.lists(st.integers(0, 5000), min_size=10, max_size=10), max_size=6))
def test_sums_of_parts_equal_wholes_at_every_level(numbers):
    """Random communities: in the sum every line is the sum of theirs, every part too, and nothing fails to add up."""
    tables = []
    for row in numbers:
        parts = {"sex": {"F": row[0], "M": row[1]}}
        figures = {
            "children_on_register": {"value": row[0] + row[1], "version": 1, "parts": parts},
            "study_meetings": {"value": row[2], "version": 1, "parts": {}},
        }
        tables.append(drawing.Table.of(figures))
    total = drawing.added(tables)
    for line in total.lines():
        mine = [table.line(line.measure.key) for table in tables]
        assert line.value == sum(one.value for one in mine)
        for name, parts in line.parts.items():
            assert parts == {p: sum(one.parts[name][p] for one in mine) for p in parts}
            assert sum(parts.values()) == line.value
    assert faults(total) == []
    assert drawing.added([drawing.added(tables[:2]), drawing.added(tables[2:])]) == total
    assert drawing.Table.of(total.figures()) == total


def test_communities_counted_by_different_definitions_are_told_apart():
    one = {"children_on_register": {"value": 1, "version": 1, "parts": {}}}
    two = {"children_on_register": {"value": 2, "version": 2, "parts": {}}}
    line = drawing.added([drawing.Table.of(one), drawing.Table.of(two)]).line("children_on_register")
    assert (line.value, line.version) == (3, drawing.MIXED)


def test_a_street_with_nothing_accepted_submits_nothing(street_report, handed_in, community, director, supervisor):
    with pytest.raises(Refused, match="nothing to add up"):
        street_report.submit(by=supervisor)
    kept = StreetReport.objects.get()
    assert (kept.status, kept.figures, kept.missing) == ("draft", {}, [])
    handed_in(community, director, supervisor)
    kept.submit(by=supervisor)
    assert value(StreetReport.objects.get()) == 3


def accepted_at_the_last_moment(report, monkeypatch, accept):
    """`accept()` happens between what `report` has just read and whatever it would read next."""
    plain = StreetReport.draw

    def draw(self):
        table = plain(self)
        monkeypatch.setattr(StreetReport, "draw", plain)
        accept()
        return table

    monkeypatch.setattr(StreetReport, "draw", draw)


def test_what_is_accepted_during_the_submission_is_missing_and_not_half_in(
    street_report, handed_in, community, sister_community, director, neighbour, supervisor, monkeypatch
):
    handed_in(community, director, supervisor)
    waiting = handed_in(sister_community, neighbour)
    accepted_at_the_last_moment(street_report, monkeypatch, lambda: waiting.accept(by=supervisor))
    street_report.submit(by=supervisor)
    kept = StreetReport.objects.get()
    assert (value(kept), list(kept.counted), kept.missing) == (3, [community.pk], [sister_community.pk])
    assert kept.came_late() == [sister_community]


def test_what_is_accepted_during_a_proposal_is_in_its_figures_or_still_late(
    street_report, handed_in, community, sister_community, director, neighbour, supervisor, federation, monkeypatch,
    make_child,
):  # fmt: skip
    ours = handed_in(community, director, supervisor)
    waiting = handed_in(sister_community, neighbour)
    street_report.submit(by=supervisor)
    street_report.accept(by=federation)
    make_child(community, registered_on=AUGUST, birth_date=BORN)
    Amendment.of(ours, keys=BOTH, reason="漏登一户", by=director).accept(by=supervisor)
    accepted_at_the_last_moment(street_report, monkeypatch, lambda: waiting.accept(by=supervisor))
    amendment = StreetAmendment.of(street_report, keys=BOTH, reason="漏登一户", by=supervisor)
    assert (amendment.counted, amendment.figures["children_on_register"]["value"]) == ([], 4)
    amendment.accept(by=federation)
    assert StreetReport.objects.get().came_late() == [sister_community]


def test_what_was_accepted_after_the_page_was_drawn_goes_into_the_proposal_whole(
    street_report, handed_in, community, sister_community, director, neighbour, supervisor, federation, monkeypatch
):
    """Who came late is read from what is drawn under the lock, not from before."""
    handed_in(community, director, supervisor)
    waiting = handed_in(sister_community, neighbour)
    street_report.submit(by=supervisor)
    street_report.accept(by=federation)
    plain = base.stored_for_update

    def locked(report):
        stored = plain(report)
        waiting.accept(by=supervisor)
        return stored

    monkeypatch.setattr(amendment_module, "stored_for_update", locked)
    amendment = StreetAmendment.of(street_report, keys=["children_on_register"], reason="迟报", by=supervisor)
    assert (amendment.counted, amendment.figures["newly_registered"]["value"]) == ([sister_community.pk], 5)


class TestPages:
    @pytest.fixture
    def submitted(self, street_report, handed_in, community, director, supervisor):
        handed_in(community, director, supervisor)
        street_report.submit(by=supervisor)
        return street_report

    def test_from_the_list_to_the_district_and_back(
        self, two, handed_in, community, director, supervisor, federation, street, signed_in
    ):
        handed_in(community, director, supervisor)
        office, district = signed_in(supervisor), signed_in(federation)
        office.post("/reports/streets/open/", {"quarter": "2026Q3", "street": street.pk})
        found = StreetReport.objects.get()
        said = {"done": "督导", "seen_version": found.version}
        office.post(f"/reports/streets/{found.pk}/submit/", said)
        found.refresh_from_db()
        assert found.status == "submitted"
        back = {"decision": "return", "seen": found.version, "on_study_meetings": "请核对", "once_token": str(uuid4())}
        district.post(f"/reports/streets/{found.pk}/decide/", back)
        found.refresh_from_db()
        assert (found.status, found.figure_remarks) == ("returned", {"study_meetings": {"text": "请核对", "value": 0}})
        assert "请核对" in office.get(found.get_absolute_url()).content.decode()
        office.post(f"/reports/streets/{found.pk}/submit/", {"done": "督导", "seen_version": found.version})
        found.refresh_from_db()
        yes = {"decision": "accept", "seen": found.version, "once_token": str(uuid4())}
        district.post(f"/reports/streets/{found.pk}/decide/", yes)
        assert StreetReport.objects.get().status == "accepted"

    def test_the_district_reads_no_small_number(self, submitted, federation, signed_in):
        page = signed_in(federation).get(submitted.get_absolute_url()).content.decode()
        assert "督导各社区" in page
        assert ">3<" not in page.replace(" ", "").replace("\n", "")
        published = Published(federation, submitted.street.parent).over_time(submitted.street_id, [Q3])
        assert published.get(("children_on_register", key_of(Q3)), Shown(None)).is_hidden
        assert signed_in(federation).get(f"/reports/streets/{submitted.pk}/workbook/").status_code == 404
        assert signed_in(federation).get(f"/papers/street_report/{submitted.pk}/").status_code == 403

    def test_words_about_a_hidden_number_are_hidden_with_it(self, submitted, federation, supervisor, signed_in):
        """Study meetings point at nobody and are shown; how many children is not."""
        why = {"children_on_register": "新增三人", "counted_children": "共二人", "study_meetings": "增加学习"}
        StreetReport.objects.update(explanations=why)
        page = signed_in(federation).get(submitted.get_absolute_url()).content.decode()
        assert "增加学习" in page
        assert "新增三人" not in page and "共二人" not in page
        assert "Left-behind children" in page and "Left-behind and migrant children" not in page
        assert "新增三人" in signed_in(supervisor).get(submitted.get_absolute_url()).content.decode()

    def test_whoever_gives_a_reason_is_asked_to_name_no_number(
        self, submitted, handed_in, sister_community, neighbour, federation, supervisor, signed_in
    ):
        submitted.accept(by=federation)
        handed_in(sister_community, neighbour, supervisor)
        page = signed_in(supervisor).get(f"/reports/streets/{submitted.pk}/amend/").content.decode()
        assert "Name no child and no number." in page and "two families" not in page

    def test_a_sum_that_a_late_community_has_changed_is_hidden_from_the_district(
        self, submitted, handed_in, far_community, stranger, make_user, far_street, federation, signed_in,
        sister_community, neighbour, supervisor, make_child,
    ):  # fmt: skip
        """Two numbers of one street would tell the third by subtraction."""
        from reports.street_views import shown_sum

        for _n in range(20):
            make_child(sister_community, registered_on=AUGUST, birth_date=BORN)
        handed_in(sister_community, neighbour, supervisor)
        handed_in(far_community, stranger, make_user("street_officer", far_street))
        published = Published(federation, submitted.street.parent).over_time(submitted.street_id, [Q3])
        line = StreetReport.objects.get().in_force().line("children_on_register")
        assert line.value == 3
        assert shown_sum(published, line, Q3).value is None

    def test_who_reads_what(self, submitted, director, stranger, signed_in, make_user, far_street):
        missing = signed_in(director).get("/reports/streets/999999/")
        for who in (director, stranger, make_user("street_officer", far_street)):
            assert signed_in(who).get(submitted.get_absolute_url()).status_code == 404
        assert missing.status_code == 404
        assert signed_in(director).post(f"/reports/streets/{submitted.pk}/decide/").status_code == 404

    def test_the_workbook_has_a_column_for_each_community_and_sums(
        self, street_report, handed_in, community, sister_community, director, neighbour, supervisor, signed_in
    ):
        handed_in(community, director, supervisor)
        handed_in(sister_community, neighbour, supervisor)
        answer = signed_in(supervisor).get(f"/reports/streets/{street_report.pk}/workbook/")
        book = python_calamine.load_workbook(BytesIO(answer.content))
        rows = {row[0]: row[1:] for row in book.get_sheet_by_name("Communities").to_python()}
        assert rows["What is counted"] == ["恩和路社区", "体育场社区", "In all"]
        assert rows["Children on the register"] == [3, 2, 5]

    @pytest.mark.parametrize("communities", [1, 3])
    def test_a_sum_costs_the_same_for_one_and_three_communities(
        self, communities, handed_in, street, supervisor, director, signed_in, django_assert_num_queries
    ):
        from communities.models import Division

        for n in range(communities):
            code = f"{street.pk}{700 + n}"
            place = Division.objects.create(code=code, name=code, level="community", parent=street)
            handed_in(place, director, supervisor)
        found = StreetReport.open_for(street, Q3, by=supervisor)
        with django_assert_num_queries(3):
            assert len(found.draw().lines()) == sum(len(keys) for _title, keys in SHORT)


def test_the_short_table_is_a_part_of_the_long_one():
    assert {key for _title, keys in SHORT for key in keys} <= {m.key for m in measures.all_measures()}
    assert set(layout.SUMS) <= {key for _title, keys in layout.SECTIONS for key in keys}


def test_reports_of_the_street_alone_are_summed(
    two, handed_in, far_community, stranger, street, supervisor, make_user, far_street
):
    handed_in(far_community, stranger, make_user("street_officer", far_street))
    assert StreetReport.open_for(street, Q3, by=supervisor).draw().lines() == []
    assert QuarterlyReport.objects.within(Scope.of(far_street.pk)).accepted().count() == 1
