"""A quarter from drawing to the federation's page: director, supervisor and federation, in Chinese on a phone and in
English at a desk. The steps of one telling follow each other."""

from types import SimpleNamespace

import pytest
from django.utils import translation

from records.measures import Period
from reports import quarters
from reports.models import QuarterlyReport, StreetReport

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

ENHE, STADIUM, STREET = "150902001001", "150902001002", "150902001"
WHY = "集中登记，已与台账核对"


@pytest.fixture(scope="module", params=[("zh-hans", 390), ("en", 1280)], ids=["chinese-phone", "english-desk"])
def telling(request):
    return request.param


@pytest.fixture(scope="module")
def so_far(told):
    return SimpleNamespace(period=quarters.last_ended())


@pytest.fixture
def person(somebody, telling):
    people = []

    def sign_in(username):
        people.append(somebody(username, *telling))
        return people[-1]

    yield sign_in
    for one in people:
        assert (one.faults, one.asked_elsewhere) == ([], [])


def write(somebody, **texts):
    """The texts, and a reason beside every figure that jumped."""
    for name, text in texts.items():
        somebody.page.fill(f"textarea[name={name}]", text)
    for field in somebody.page.locator("textarea[name^=why_]").all():
        field.fill(WHY)


def test_the_director_draws_explains_and_submits(person, so_far):
    director = person("director")
    director.by_menu("Quarterly reports")
    director.press("Begin the report")
    with translation.override(director.language):
        assert director.heading() == Period.quarter(so_far.period.start.year, so_far.period.number).label
    director.reads("The plan of last quarter")
    write(director, done="组织活动，走访家庭", plan="补齐档案")
    director.press("Save and submit")
    director.reads("Submitted to the street office. The figures are frozen.")
    so_far.report = QuarterlyReport.objects.of(so_far.period).get(community=ENHE)
    assert so_far.report.status == "submitted"
    assert set(so_far.report.explanations.values()) <= {WHY}


def test_the_supervisor_returns_it_with_a_remark_beside_a_figure(person, so_far):
    supervisor = person("supervisor")
    supervisor.open(so_far.report.get_absolute_url())
    line = supervisor.page.locator("main tr", has=supervisor.page.locator("a[href*='/study_meetings/']"))
    line.locator("summary", has_text=supervisor.say("Remark")).click()
    supervisor.page.fill("input[name=on_study_meetings]", "会议次数请核对")
    supervisor.press("Return")
    supervisor.reads("Returned to the community.")
    supervisor.reads("What should be mended")
    so_far.report.refresh_from_db()
    assert so_far.report.status == "returned"


def test_the_director_reads_the_remark_and_submits_again(person, so_far):
    director = person("director")
    director.open("/admin/")
    director.reads("Reports to write or mend")
    director.open(so_far.report.get_absolute_url())
    assert "会议次数请核对" in director.main()
    write(director, problems="会议记录已核对")
    director.press("Save and submit")
    so_far.report.refresh_from_db()
    assert so_far.report.status == "submitted"


def test_the_supervisor_accepts_and_hands_in_the_streets_report(person, so_far):
    supervisor = person("supervisor")
    supervisor.open(so_far.report.get_absolute_url())
    supervisor.press("Accept")
    supervisor.reads("Accepted. The federation can now read its figures.")
    supervisor.by_menu("Street reports")
    supervisor.press("Begin the report")
    supervisor.reads("Communities that are not in the sum")  # the other one is not decided on
    write(supervisor, done="督导各社区", problems="迟报", plan="提醒")
    supervisor.press("Save and submit")
    supervisor.reads("Submitted to the district. The figures are frozen.")
    so_far.street = StreetReport.objects.of(so_far.period).get(street=STREET)
    assert (list(so_far.street.counted), so_far.street.missing) == ([ENHE], [STADIUM])
    ours = so_far.report.in_force().value("children_on_register")
    assert so_far.street.in_force().value("children_on_register") == ours


def test_the_federation_accepts_the_streets_report_and_reads_the_district(person, so_far):
    federation = person("federation")
    federation.by_menu("Street reports")
    federation.open(so_far.street.get_absolute_url())
    assert "督导各社区" in federation.main()
    federation.press("Accept")
    federation.reads("Accepted.")
    so_far.street.refresh_from_db()
    assert so_far.street.status == "accepted"
    federation.open(f"/reports/district/?quarter={quarters.written(so_far.period)}")
    federation.reads("Reports of the quarter")
    with translation.override(federation.language):
        assert Period.quarter(so_far.period.start.year, so_far.period.number).label in federation.main()
    accepted = QuarterlyReport.objects.of(so_far.period).accepted()
    meetings = sum(report.in_force().value("study_meetings") for report in accepted)
    line = federation.page.locator("main tr", has=federation.page.locator("a[href*='study_meetings']")).first
    assert line.locator(".num").first.inner_text().strip() == str(meetings)


def test_a_late_community_comes_into_the_sum_by_an_amendment(person, so_far):
    supervisor = person("supervisor")
    late = QuarterlyReport.objects.of(so_far.period).get(community=STADIUM)
    supervisor.open(late.get_absolute_url())
    supervisor.press("Accept")
    supervisor.open(so_far.street.get_absolute_url())
    supervisor.reads("Accepted since")
    supervisor.follow("Propose an amendment")
    supervisor.page.fill("textarea[name=reason]", "体育场社区迟报")
    supervisor.press("Propose")
    federation = person("federation")
    federation.open(so_far.street.get_absolute_url())
    federation.press("Accept")
    federation.reads("The amendment is in force.")
    line = so_far.street.in_force().line("children_on_register")
    both = [report.in_force().value("children_on_register") for report in (so_far.report, late)]
    assert (line.value, line.was) == (sum(both), both[0])


def test_the_gap_board_opens_a_list(person, so_far):
    supervisor = person("supervisor")
    supervisor.by_menu("Gap board")
    cell = supervisor.page.locator(".gap-board td.gap a").first
    number = int(cell.evaluate("a => a.childNodes[1].textContent"))
    with supervisor.page.expect_navigation():
        cell.click()
    assert str(number) in supervisor.main()
