"""A correction after acceptance is dated, has a reason, is accepted above, and stands beside what was accepted."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from records.lifecycle import Refused
from reports.models import Amendment, Figure
from tests.reports.conftest import Q3

pytestmark = pytest.mark.django_db
AUGUST, BORN = dt.date(2026, 8, 1), dt.date(2018, 1, 1)
BOTH = ["children_on_register", "newly_registered"]


@pytest.fixture
def accepted(handed_in, make_child, community, director, supervisor):
    """Accepted with one child; a second one was registered late, for the same quarter."""
    make_child(community, registered_on=AUGUST, birth_date=BORN)
    found = handed_in(community, director, supervisor)
    make_child(community, registered_on=AUGUST, birth_date=BORN)
    return found


def frozen(report):
    return list(report.figures.order_by("pk").values_list("pk", "measure", "breakdown", "part", "value", "drawn_at"))


def test_what_was_accepted_stays_and_both_are_shown(accepted, director, supervisor, signed_in):
    before = frozen(accepted)
    amendment = Amendment.of(accepted, keys=BOTH, reason="漏登一户", by=director)
    assert accepted.in_force().value("children_on_register") == 1
    amendment.accept(remark="同意", by=supervisor)
    line = accepted.in_force().line("children_on_register")
    assert (line.value, line.was, accepted.table().value("children_on_register")) == (2, 1, 1)
    assert sum(line.parts["sex"].values()) == 2
    assert frozen(accepted) == before
    page = signed_in(director).get(accepted.get_absolute_url()).content.decode()
    assert (
        "accepted as 1" in page
        and "漏登一户" in page
        and "6 October 2026" in page.replace("Oct. 6, 2026", "6 October 2026")
    )
    paper = signed_in(director).get(f"/papers/quarterly_report/{accepted.pk}/").content.decode()
    assert "漏登一户" in paper and "accepted as 1" in paper


def test_lines_not_chosen_stay(accepted, director, supervisor):
    Amendment.of(accepted, keys=["newly_registered"], reason="x", by=director).accept(by=supervisor)
    assert accepted.in_force().value("newly_registered") == 2
    assert accepted.in_force().value("children_on_register") == 1


def test_what_would_not_add_up_is_refused(accepted, community, director):
    from tests.children.factories import left_behind_child

    left_behind_child(community, registered_on=AUGUST, birth_date=BORN)
    with pytest.raises(Refused, match="do not add up"):
        Amendment.of(accepted, keys=["left_behind_children"], reason="x", by=director)
    chosen = ["left_behind_children", "counted_children"]
    assert Amendment.of(accepted, keys=chosen, reason="x", by=director).figures["counted_children"]["value"] == 1


def test_refusals(accepted, handed_in, sister_community, make_user, director, supervisor):
    neighbour = make_user("community_worker", sister_community)
    with pytest.raises(Refused, match="Say why"):
        Amendment.of(accepted, keys=BOTH, reason=" ", by=director)
    with pytest.raises(Refused, match="Choose the figures"):
        Amendment.of(accepted, keys=["study_meetings"], reason="x", by=director)
    with pytest.raises(Refused, match="Only an accepted report"):
        Amendment.of(handed_in(sister_community, neighbour), keys=BOTH, reason="x", by=neighbour)
    first = Amendment.of(accepted, keys=BOTH, reason="x", by=director)
    with pytest.raises(Refused, match="already waits"):
        Amendment.of(accepted, keys=BOTH, reason="y", by=director)
    with pytest.raises(Refused, match="cannot decide"):
        first.accept(by=director)
    with pytest.raises(IntegrityError, match="who_proposes"), transaction.atomic():
        Amendment.objects.update(decided_by=director)
    with pytest.raises(Refused, match="why the amendment is refused"):
        first.refuse(remark="", by=supervisor)
    first.refuse(remark="无依据", by=supervisor)
    with pytest.raises(Refused):
        first.accept(by=supervisor)
    assert accepted.in_force().value("children_on_register") == 1
    second = Amendment.of(accepted, keys=BOTH, reason="有依据了", by=director)
    assert second.number == 2


def test_the_next_quarter_compares_with_what_is_in_force(accepted, director, supervisor, october, community):
    from records.measures import Period
    from reports.models import QuarterlyReport

    Amendment.of(accepted, keys=BOTH, reason="x", by=director).accept(by=supervisor)
    change = QuarterlyReport.open_for(community, Period.quarter(2026, 4), by=director).changes()["children_on_register"]
    assert change.last == 2


class TestPages:
    def test_proposed_on_one_page_and_decided_on_another(self, accepted, director, supervisor, signed_in):
        worker, office = signed_in(director), signed_in(supervisor)
        page = worker.get(f"/reports/{accepted.pk}/amend/").content.decode()
        assert 'value="children_on_register"' in page and 'value="study_meetings"' not in page
        empty = worker.post(f"/reports/{accepted.pk}/amend/", {"keys": BOTH, "reason": "", "once_token": str(uuid4())})
        assert empty.status_code == 422
        assert empty.content.decode().count(" checked") == 2
        said = {"keys": BOTH, "reason": "漏登一户", "once_token": str(uuid4())}
        for _twice in range(2):
            assert worker.post(f"/reports/{accepted.pk}/amend/", said).status_code == 302
        amendment = Amendment.objects.get()
        assert f"/reports/amendments/{amendment.pk}/decide/" in office.get(accepted.get_absolute_url()).content.decode()
        refuse = {"decision": "refuse", "remark": "", "once_token": str(uuid4())}
        assert (
            "why the amendment is refused"
            in office.post(f"/reports/amendments/{amendment.pk}/decide/", refuse).content.decode()
        )
        yes = {"decision": "accept", "once_token": str(uuid4())}
        assert office.post(f"/reports/amendments/{amendment.pk}/decide/", yes).status_code == 302
        amendment.refresh_from_db()
        assert amendment.status == "accepted"

    def test_who_may_not(self, accepted, director, supervisor, stranger, federation, signed_in):
        amendment = Amendment.of(accepted, keys=BOTH, reason="x", by=director)
        for who in (supervisor, stranger, federation):
            assert signed_in(who).get(f"/reports/{accepted.pk}/amend/").status_code == 404
        for who in (director, stranger, federation):
            assert signed_in(who).post(f"/reports/amendments/{amendment.pk}/decide/").status_code == 404
        assert Amendment.objects.get().status == "proposed"


def test_the_figures_of_an_accepted_report_are_those_of_its_submission(accepted, make_child, community):
    before = frozen(accepted)
    for _n in range(5):
        make_child(community, registered_on=AUGUST, birth_date=BORN)
    assert frozen(accepted) == before
    assert accepted.period == Q3
    assert Figure.objects.filter(report=accepted, breakdown="").count() == 8
