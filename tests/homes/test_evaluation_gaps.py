"""Steps of the yearly evaluation that wait or are past their day: on the first pages of whom they concern."""

import datetime as dt

import pytest
from django.urls import reverse

from homes.models import Evaluation, Inspection
from records import measures
from records.measures import Period
from records.scoping import Scope
from tests.children.pages import words
from tests.homes.evaluations import POOR, days, decided, drafted, fresh, heard, inspected
from tests.homes.factories import submitted_check

pytestmark = pytest.mark.django_db
KEYS = [
    "evaluation_self_checks_overdue",
    "evaluation_visits_to_plan",
    "evaluation_inspections_overdue",
    "evaluation_verdicts_to_draft",
    "evaluation_drafts_to_comment_on",
    "evaluation_verdicts_to_decide",
    "evaluation_decisions_overdue",
    "rectifications_overdue",
]


def waiting(place, on=0):
    """The keys of the gaps with a row in this place on the day so many days from now."""
    day = days(on)
    return {key for key in KEYS if measures.get(key).count(Scope.of(place.pk), Period.day(day))}


def test_each_step_waits_in_its_turn(evaluation, year, community, supervisor, federation, director):
    assert waiting(community) == {"evaluation_visits_to_plan"}
    assert waiting(community, 11) == {"evaluation_visits_to_plan", "evaluation_self_checks_overdue"}
    evaluation.plan_visit(visit_on=days(5), inspector=supervisor, seen=evaluation.version, by=federation)
    assert waiting(community, 5) == set()
    assert waiting(community, 6) == {"evaluation_inspections_overdue"}
    submitted_check(evaluation.home, director, kind=Inspection.Kind.SELF_CHECK)
    assert waiting(community, 31) == {"evaluation_inspections_overdue"}
    assert waiting(community, 61) == {"evaluation_inspections_overdue", "evaluation_decisions_overdue"}
    inspected(evaluation.home, supervisor, POOR)
    assert waiting(community, 31) == {"evaluation_verdicts_to_draft"}
    ruling = drafted(evaluation, supervisor, but=POOR)
    assert waiting(community) == {"evaluation_verdicts_to_draft"}
    ruling.open_hearing(seen=fresh(evaluation).version, by=supervisor)
    assert waiting(community) == {"evaluation_drafts_to_comment_on"}
    assert waiting(community, 8) == {"evaluation_verdicts_to_decide"}
    ruling.state(statement="知道了", seen=fresh(evaluation).version, by=director)
    assert waiting(community) == {"evaluation_verdicts_to_decide"}
    ruling.decide(decided="rectify", rectify_by=days(30), seen=fresh(evaluation).version, by=federation)
    assert waiting(community) == set()
    assert waiting(community, 30) == {"evaluation_visits_to_plan"}
    assert waiting(community, 31) == {"evaluation_visits_to_plan", "rectifications_overdue"}
    decided(evaluation, supervisor, director, federation)
    assert waiting(community, 100) == set()


def test_in_a_home_that_closed_nothing_is_owed(evaluation, community, supervisor):
    evaluation.home.close(by=supervisor, on=days(0))
    assert waiting(community, 100) == set()


def test_another_street_counts_its_own(evaluation, street, far_street, far_community, supervisor, director):
    heard(evaluation, supervisor)
    assert waiting(street) == {"evaluation_drafts_to_comment_on"}
    assert waiting(far_street) == {"evaluation_visits_to_plan"}


def test_first_pages_of_whom_they_concern(
    evaluation,
    supervisor,
    federation,
    director,
    stranger,
    signed_in,
):
    heard(evaluation, supervisor)
    desk = reverse("admin:index")
    comment, decide = "Evaluation: draft verdicts to comment on", "Evaluation: verdicts to be decided"
    assert comment in words(signed_in(director).get(desk))
    assert comment not in words(signed_in(stranger).get(desk))
    assert comment not in words(signed_in(federation).get(desk))
    Evaluation.objects.filter(pk=evaluation.pk).update(due_on=days(0) - dt.timedelta(days=1))
    assert decide in words(signed_in(federation).get(desk))
    assert decide not in words(signed_in(director).get(desk))
