"""A Home is left out of a year with a reason, before its verdict is decided: nothing waits, nothing is judged."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from homes.models import Evaluation, Ruling
from records.lifecycle import Refused
from records.trail import TrailEntry
from tests.children.pages import soup, words
from tests.homes.evaluations import POOR, act_url, at, days, decided, drafted, fresh, heard, inspected
from tests.homes.test_evaluation_gaps import waiting
from tests.homes.test_repairs import posted

pytestmark = pytest.mark.django_db
Status = Evaluation.Status


def left_out(evaluation, by, reason="rebuilding", words=""):
    now = fresh(evaluation)
    now.leave_out(reason=reason, words=words, seen=now.version, by=by)
    return fresh(evaluation)


def back(evaluation, by):
    now = fresh(evaluation)
    now.take_back(seen=now.version, by=by)
    return fresh(evaluation)


def test_the_federation_leaves_a_home_out_and_everybody_reads_why(
    evaluation, federation, supervisor, director, stranger, signed_in
):
    page, url = evaluation.get_absolute_url(), act_url(evaluation, "leave_out")
    evaluation.plan_visit(visit_on=days(3), inspector=supervisor, seen=evaluation.version, by=federation)
    client = signed_in(federation)
    wrong = posted(client, page, url, reason="other", words="")
    assert "Say why the Home is left out." in words(wrong)
    posted(client, page, url, reason="rebuilding", words="屋顶漏水")
    now = fresh(evaluation)
    assert (now.status, now.left_out_for, now.left_out_words, now.left_out_on) == (
        Status.LEFT_OUT, "rebuilding", "屋顶漏水", days(0),
    )  # fmt: skip
    assert (now.visit_on, now.inspector) == (None, None)
    why = "closed for rebuilding (屋顶漏水)"
    for who in (federation, supervisor, director):
        assert why in words(signed_in(who).get(page)), who
        assert why in words(signed_in(who).get(evaluation.year.get_absolute_url())), who
        assert why in words(signed_in(who).get(evaluation.home.get_absolute_url())), who
    assert signed_in(stranger).get(page).status_code == 404
    year = soup(client.get(evaluation.year.get_absolute_url()))
    counts = {stat.select_one(".stat-label").text: stat.select_one(".stat-value").text for stat in year.select(".stat")}
    assert (counts["Left out"], counts["To be inspected"]) == ("1", "1")
    listed = soup(client.get(evaluation.year.get_absolute_url(), {"status": "left_out"}))
    assert [link.text for link in listed.select("tbody td:first-child a")] == ["恩和路儿童之家"]
    assert TrailEntry.objects.about(evaluation).exclude(verb="read").first().verb == "left a Home out"


def test_only_the_federation_leaves_out_and_takes_back(
    evaluation, federation, supervisor, director, stranger, signed_in
):
    for who in (supervisor, director, stranger):
        for act in ("leave_out", "take_back"):
            assert signed_in(who).post(act_url(evaluation, act), {"reason": "late"}).status_code == 404
    left_out(evaluation, federation)
    page = evaluation.get_absolute_url()
    assert not soup(signed_in(supervisor).get(page)).select("main form[method=post]")
    posted(signed_in(federation), page, act_url(evaluation, "take_back"))
    now = fresh(evaluation)
    assert (now.status, now.left_out_for, now.left_out_words, now.left_out_on) == (Status.OPEN, "", "", None)
    assert TrailEntry.objects.about(evaluation).exclude(verb="read").first().verb == "took a Home back into the year"


def test_nothing_waits_for_a_home_that_is_left_out(evaluation, community, federation):
    assert waiting(community, 100) != set()
    left_out(evaluation, federation)
    assert waiting(community, 100) == set()
    assert evaluation.year.take_in(by=federation) == 0
    back(evaluation, federation)
    assert "evaluation_visits_to_plan" in waiting(community, 0)


@pytest.mark.parametrize("step", ["open", "inspected", "drafted", "heard", "commented"])
def test_at_each_step_before_the_decision_nothing_goes_on_until_it_is_taken_back(
    step, evaluation, community, federation, supervisor, director
):
    ruling = None
    match step:
        case "inspected":
            inspected(evaluation.home, supervisor, POOR)
        case "drafted":
            ruling = drafted(evaluation, supervisor, but=POOR)
        case "heard":
            ruling = heard(evaluation, supervisor, but=POOR)
        case "commented":
            ruling = heard(evaluation, supervisor, director, but=POOR)
    before, gaps = fresh(evaluation), waiting(community)
    now = left_out(evaluation, federation)
    assert (now.status, now.due_on, waiting(community, 50)) == (Status.LEFT_OUT, None, set())
    facts = {"seen": now.version, "by": federation}
    acts = [
        lambda: now.plan_visit(visit_on=days(3), inspector=supervisor, **facts),
        lambda: now.leave_out(reason="late", **facts),
        lambda: now.note_reward(reward="锦旗", rewarded_on=days(0), **facts),
        lambda: Ruling.draft(now, inspection=1, proposed="qualified", **facts),
    ]
    if ruling:
        acts += [
            lambda: ruling.open_hearing(**facts),
            lambda: ruling.state(statement="好", **facts),
            lambda: ruling.decide(decided="rectify", rectify_by=days(9), **facts),
        ]
    for act in acts:
        with pytest.raises(Refused, match="left out of this year"):
            act()
    again = back(evaluation, federation)
    assert (again.status, again.due_on, waiting(community)) == (before.status, before.due_on, gaps)


def test_who_was_not_heard_yet_has_all_days_again(evaluation, federation, supervisor, director):
    ruling = heard(evaluation, supervisor)
    left_out(evaluation, federation)
    with at(6):
        now = back(evaluation, federation)
        assert (now.due_on, fresh(ruling).heard_until) == (days(7), days(7))
        with pytest.raises(Refused, match="may still comment"):
            ruling.decide(decided="qualified", seen=now.version, by=federation)


def test_a_verdict_that_is_decided_stands(evaluation, federation, supervisor, director, signed_in):
    decided(evaluation, supervisor, director, federation, but=POOR)
    for again in (False, True):
        if again:  # on the second look, too: the first verdict is decided
            drafted(evaluation, supervisor)
        now = fresh(evaluation)
        with pytest.raises(Refused, match="is decided, and stands"):
            now.leave_out(reason="late", seen=now.version, by=federation)
        page = soup(signed_in(federation).get(evaluation.get_absolute_url()))
        assert not page.select(f'form[action="{act_url(evaluation, "leave_out")}"]')
    with pytest.raises(Refused, match="is not left out"):
        now.take_back(seen=now.version, by=federation)


def test_nobody_leaves_out_what_they_have_not_seen(evaluation, federation, supervisor):
    seen = evaluation.version
    drafted(evaluation, supervisor)
    with pytest.raises(Refused, match="meanwhile"):
        evaluation.leave_out(reason="late", seen=seen, by=federation)
    now = left_out(evaluation, federation)
    with pytest.raises(Refused, match="meanwhile"):
        now.take_back(seen=now.version - 1, by=federation)


def test_the_database_asks_for_a_reason_too(evaluation, federation):
    rows = Evaluation.objects.filter(pk=evaluation.pk)
    for facts in (
        {"status": "left_out"},
        {"status": "left_out", "left_out_on": days(0)},
        {"status": "left_out", "left_out_on": days(0), "left_out_for": "other"},
        {"left_out_for": "late"},
    ):
        with pytest.raises(IntegrityError, match="a_home_is_left_out_for_a_reason"), transaction.atomic():
            rows.update(**facts)
    left_out(evaluation, federation)
    with pytest.raises(IntegrityError, match="evaluation_says_how_far_it_is"), transaction.atomic():
        rows.update(result="excellent")


def test_what_was_drafted_is_not_shown_while_it_is_left_out(evaluation, federation, supervisor, director, signed_in):
    heard(evaluation, supervisor, director, but=["H13"])
    page = evaluation.get_absolute_url()
    assert "Outdoor play space" in words(signed_in(director).get(page))
    left_out(evaluation, federation)
    for who in (director, federation):
        assert "Outdoor play space" not in words(signed_in(who).get(page))
    back(evaluation, federation)
    assert "Outdoor play space" in words(signed_in(director).get(page))


def test_a_step_that_waited_leaves_the_first_page(evaluation, federation, supervisor, director, signed_in):
    heard(evaluation, supervisor)
    desk, line = reverse("admin:index"), "Evaluation: draft verdicts to comment on"
    assert line in words(signed_in(director).get(desk))
    left_out(evaluation, federation)
    assert line not in words(signed_in(director).get(desk))
