import datetime as dt
from io import BytesIO
from uuid import uuid4

import pytest
import python_calamine
import time_machine
from django.db import IntegrityError, transaction

from records.lifecycle import Refused
from records.measures import Period
from records.trail import TrailEntry
from reports.checking import faults
from reports.forms import ReportTextsForm
from reports.models import Figure, QuarterlyReport, StreetReport
from reports.quarters import before, read, written

pytestmark = pytest.mark.django_db

Q3 = Period.quarter(2026, 3)


@pytest.fixture(autouse=True)
def october():
    with time_machine.travel(dt.datetime(2026, 10, 6, 9, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def child(make_child, community, far_community):
    """One girl here, one boy in a community the report must not count."""
    make_child(far_community, sex="M", registered_on=dt.date(2026, 8, 1))
    return make_child(community, registered_on=dt.date(2026, 8, 1))


@pytest.fixture
def report(child, community, director):
    found = QuarterlyReport.open_for(community, Q3, by=director)
    found.done = "走访、活动正常开展。"
    found.save()
    return found


def test_figures_are_live_until_submitted_and_frozen_then(report, make_child, community, director):
    assert report.table().value("children_on_register") == 1
    make_child(community, registered_on=dt.date(2026, 9, 1))
    assert report.table().value("children_on_register") == 2
    report.submit(by=director)
    make_child(community, registered_on=dt.date(2026, 9, 2))
    table = QuarterlyReport.objects.get().table()
    assert table.value("children_on_register") == 2
    sex = dict(next(line for line in table.lines() if line.measure.key == "children_on_register").parts["sex"])
    assert sex == {"F": 2}


def test_what_is_counted_stands_in_the_period(report, make_child, community):
    make_child(community, registered_on=dt.date(2026, 10, 1))
    table = report.table()
    assert table.value("children_on_register") == 1
    assert table.value("newly_registered") == 1


def test_every_line_of_the_table_is_a_measure_and_adds_up(report):
    table = report.table()
    assert len(table.lines()) > 20
    assert faults(table) == []


def test_a_table_that_does_not_add_up_is_named_and_refused(report, director, monkeypatch):
    from records import measures

    breakdown = measures.get("children_on_register").breakdowns["sex"]
    monkeypatch.setitem(breakdown.groups, "F", breakdown.groups["F"])
    groups = dict(breakdown.groups)
    groups.pop("F")
    monkeypatch.setitem(
        measures.get("children_on_register").breakdowns,
        "sex",
        type(breakdown)(breakdown.label, groups, breakdown.expression),
    )
    with pytest.raises(Refused, match="1 in all, 0"):
        report.submit(by=director)
    report.refresh_from_db()
    assert report.status == "draft"
    assert not Figure.objects.exists()


def test_the_way_of_a_report(report, director, supervisor):
    report.submit(by=director)
    with pytest.raises(Refused):
        report.submit(by=director)
    with pytest.raises(Refused):
        report.give_back(remark=" ", by=supervisor)
    report.give_back(remark="请补充活动情况", by=supervisor)
    report.submit(by=director)
    report.accept(by=supervisor)
    with pytest.raises(Refused):
        report.give_back(remark="x", by=supervisor)
    verbs = list(TrailEntry.objects.about(report).order_by("id").values_list("verb", "actor__username"))
    assert verbs == [
        ("began", "director"),
        ("submitted", "director"),
        ("returned", "supervisor"),
        ("submitted", "director"),
        ("accepted", "supervisor"),
    ]


def test_nobody_decides_on_what_they_submitted(report, director):
    report.submit(by=director)
    with pytest.raises(Refused):
        report.accept(by=director)
    with pytest.raises(IntegrityError, match="who_submits"), transaction.atomic():
        QuarterlyReport.objects.update(decided_by=director)


def test_a_quarter_that_runs_cannot_be_submitted_nor_one_to_come_begun(community, director):
    running = QuarterlyReport.open_for(community, Period.quarter(2026, 4), by=director)
    running.done = "x"
    with pytest.raises(Refused):
        running.submit(by=director)
    with pytest.raises(Refused):
        QuarterlyReport.open_for(community, Period.quarter(2027, 1), by=director)


def test_without_words_it_is_not_submitted(community, director, child):
    empty = QuarterlyReport.open_for(community, Q3, by=director)
    with pytest.raises(Refused):
        empty.submit(by=director)


def test_late_counts_by_the_day_it_came_for_its_own_quarter(report, director):
    with time_machine.travel(dt.datetime(2026, 10, 11, 9, tzinfo=dt.UTC), tick=False):
        report.submit(by=director)
    assert report.is_late
    assert report.due_on == dt.date(2026, 10, 10)
    assert list(QuarterlyReport.objects.of(Q3)) == [report]


def test_beginning_twice_makes_one_report(community, director):
    assert QuarterlyReport.open_for(community, Q3, by=director) == QuarterlyReport.open_for(community, Q3, by=director)


def test_quarters_are_read_and_written():
    assert written(read("2026Q3")) == "2026Q3"
    assert before(Period.quarter(2026, 1)).start == dt.date(2025, 10, 1)
    assert Period.quarter(2026, 4).end == dt.date(2026, 12, 31)
    for junk in ("", "2026Q5", "2026Q3\n", "0000Q1", None, "２０２６Q3"):
        assert read(junk) is None


class TestPages:
    def test_the_director_writes_and_submits_and_the_supervisor_accepts(
        self, community, child, director, supervisor, signed_in
    ):
        worker, street = signed_in(director), signed_in(supervisor)
        worker.post("/reports/open/", {"quarter": "2026Q3", "community": community.pk})
        report = QuarterlyReport.objects.get()
        texts = {"done": "组织活动十次", "problems": "", "plan": "继续走访", "seen_version": report.version}
        answer = worker.post(f"/reports/{report.pk}/submit/", texts)
        assert answer.status_code == 302
        report.refresh_from_db()
        assert (report.status, report.done) == ("submitted", "组织活动十次")
        said = {"decision": "accept", "seen": report.version, "once_token": str(uuid4())}
        assert street.post(f"/reports/{report.pk}/decide/", said).status_code == 302
        report.refresh_from_db()
        assert report.status == "accepted"

    def test_a_report_elsewhere_is_not_there(self, report, stranger, federation, signed_in):
        missing = signed_in(stranger).get("/reports/999999/")
        theirs = signed_in(stranger).get(f"/reports/{report.pk}/")
        assert (theirs.status_code, theirs.content) == (404, missing.content)
        assert signed_in(federation).get(f"/reports/{report.pk}/").status_code == 404
        assert signed_in(stranger).post(f"/reports/{report.pk}/submit/", {"done": "x"}).status_code == 404
        data = {"quarter": "2026Q3", "community": report.community_id}
        assert signed_in(stranger).post("/reports/open/", data).status_code == 404

    def test_a_supervisor_does_not_write_in_a_report(self, report, supervisor, signed_in):
        assert signed_in(supervisor).post(f"/reports/{report.pk}/", {"done": "x"}).status_code == 403
        assert signed_in(supervisor).post(f"/reports/{report.pk}/submit/", {"done": "x"}).status_code == 404

    def test_who_saves_late_does_not_bring_back_a_draft(self, report, director, supervisor):
        """Loaded while a draft, saved after somebody submitted and the street returned it: the status stays theirs."""
        loaded = QuarterlyReport.objects.get()
        report.submit(by=director)
        texts = {"done": loaded.done, "problems": "", "plan": "", "seen_version": loaded.version}
        assert not ReportTextsForm(texts, instance=loaded).is_valid()
        loaded = QuarterlyReport.objects.get()
        loaded.status = "draft"
        report.give_back(remark="补充", by=supervisor)
        form = ReportTextsForm(texts, instance=loaded)
        assert form.is_valid()
        form.save()
        assert QuarterlyReport.objects.get().status == "returned"

    def test_a_draft_of_the_texts_comes_back_until_it_is_saved(self, report, director, signed_in):
        client = signed_in(director)
        client.post(f"/drafts/report-{report.pk}/", {"done": "还没有保存的话", "plan": "想到一半"})
        assert "还没有保存的话" in client.get(report.get_absolute_url()).content.decode()
        client.post(report.get_absolute_url(), {"done": "保存了", "seen_version": report.version})
        page = client.get(report.get_absolute_url()).content.decode()
        assert "保存了" in page
        assert "还没有保存的话" not in page
        assert TrailEntry.objects.about(report).first().fields == ["done"]

    def test_a_refused_submission_keeps_what_was_typed(self, community, director, signed_in, child):
        running = QuarterlyReport.open_for(community, Period.quarter(2026, 4), by=director)
        page = signed_in(director).post(
            f"/reports/{running.pk}/submit/", {"done": "已经写好的话", "seen_version": running.version}, follow=True
        )
        assert "已经写好的话" in page.content.decode()

    @pytest.mark.parametrize("count", [1, 3, 30])
    def test_the_list_costs_the_same_for_one_and_thirty(
        self, count, street, supervisor, signed_in, director, django_assert_max_num_queries
    ):
        from communities.models import Division

        for n in range(count):
            code = f"{street.pk}{500 + n}"
            here = Division.objects.create(code=code, name=code, level="community", parent=street)
            QuarterlyReport.open_for(here, Q3, by=director)
        client = signed_in(supervisor)
        with django_assert_max_num_queries(14):
            client.get("/reports/?quarter=2026Q3")

    def test_the_workbook_has_the_figures_and_sums_that_work(self, report, director, signed_in):
        answer = signed_in(director).get(f"/reports/{report.pk}/workbook/")
        sheet = python_calamine.load_workbook(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
        number = next(row[2] for row in sheet if str(row[1]) == "Children on the register")
        assert number == 1

    def test_the_print_shows_the_texts_escaped(self, report, director, signed_in):
        report.done = "<b>好</b>"
        report.save()
        page = signed_in(director).get(f"/papers/quarterly_report/{report.pk}/").content.decode()
        assert "&lt;b&gt;好&lt;/b&gt;" in page


@pytest.mark.parametrize("written", ["2020Q1", "2023Q2", "2027Q1"])
def test_a_report_of_a_quarter_long_before_or_to_come_is_not_begun(
    short_table, written, community, street, director, supervisor, signed_in
):
    """Thirteen quarters are offered, the running one among them."""
    worker, office = signed_in(director), signed_in(supervisor)
    sent = {"quarter": written, "community": community.pk, "street": street.pk}
    assert worker.post("/reports/open/", sent).status_code == 404
    assert office.post("/reports/streets/open/", sent).status_code == 404
    assert "/reports/open/" not in worker.get(f"/reports/?quarter={written}").content.decode()
    assert not QuarterlyReport.objects.exists() and not StreetReport.objects.exists()
    oldest = sent | {"quarter": "2023Q4"}
    assert worker.post("/reports/open/", oldest).status_code == 302
    assert office.post("/reports/streets/open/", oldest).status_code == 302
    assert QuarterlyReport.objects.count() == StreetReport.objects.count() == 1
