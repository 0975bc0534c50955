"""Two people at once over one Home's evaluation."""

import datetime as dt

import pytest
from django.utils import timezone

from homes import visiting
from homes.models import Evaluation, EvaluationYear, Ruling
from homes.visiting import Visit
from records.lifecycle import Refused
from tests.homes.evaluations import dates, fresh, heard, inspected
from tests.homes.factories import make_home
from tests.records.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def tried(act, **facts):
    def run():
        try:
            act(**facts)
        except Refused:
            return "refused"
        return "done"

    return run


def test_two_open_one_year(district, community, federation, chair):
    make_home(community)
    facts = {"district": district, "year": timezone.localdate().year, **dates()}
    said = at_once(*(tried(EvaluationYear.open, by=who, **facts) for who in (federation, chair)))
    assert sorted(said) == ["done", "refused"]
    assert (EvaluationYear.objects.count(), Evaluation.objects.count()) == (1, 1)


def test_two_decide_one_verdict(evaluation, supervisor, director, federation, chair):
    ruling = heard(evaluation, supervisor, director)
    seen = fresh(evaluation).version
    said = at_once(
        tried(ruling.decide, decided="excellent", seen=seen, by=federation),
        tried(Ruling.objects.get(pk=ruling.pk).decide, decided="qualified", reason="x", seen=seen, by=chair),
    )
    assert sorted(said) == ["done", "refused"]
    assert fresh(evaluation).result == fresh(ruling).decided


def test_the_community_comments_while_it_is_decided(evaluation, supervisor, director, federation):
    ruling = heard(evaluation, supervisor)
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Ruling.objects.filter(pk=ruling.pk).update(heard_until=yesterday)
    Evaluation.objects.filter(pk=evaluation.pk).update(due_on=yesterday)
    seen = fresh(evaluation).version
    said = at_once(
        tried(Ruling.objects.get(pk=ruling.pk).state, statement="等一下", seen=seen, by=director),
        tried(Ruling.objects.get(pk=ruling.pk).decide, decided="excellent", seen=seen, by=federation),
    )
    assert said == ["refused", "done"]
    assert (fresh(ruling).statement, fresh(evaluation).status) == ("", "settled")


def test_two_draft_upon_one_inspection(evaluation, supervisor, chair):
    check = inspected(evaluation.home, supervisor, ["H13"])
    seen = fresh(evaluation).version
    said = at_once(
        *(
            tried(
                Ruling.draft, evaluation=fresh(evaluation), inspection=check.pk, proposed="excellent", seen=seen, by=by
            )
            for by in (supervisor, chair)
        )
    )
    assert sorted(said) == ["done", "refused"]
    assert fresh(evaluation).rulings.count() == 1


def test_two_plan_one_home_among_others(year, evaluation, supervisor, federation, chair):
    others = list(year.evaluations.exclude(pk=evaluation.pk))
    day = timezone.localdate() + dt.timedelta(days=3)

    def planning(by, inspector, order):
        visits = [Visit(one.pk, day, inspector, one.version) for one in order]
        return lambda: visiting.plan(visits, by=by)

    said = at_once(
        planning(federation, federation, [evaluation, *others]), planning(chair, chair, [*others, evaluation])
    )
    loser = max(said, key=len)
    assert sorted(map(len, said)) == [0, 2]
    assert set(loser.values()) == {"Something changed meanwhile: look at how it stands now."}
    rows = year.evaluations.values_list("inspector__username", "visit_on", "version")
    assert len(set(rows)) == 1 and rows[0][1:] == (day, 2)
    assert rows[0][0] == ("chair" if loser is said[0] else federation.username)


def test_a_home_is_left_out_while_its_verdict_is_decided(evaluation, supervisor, director, federation, chair):
    ruling = heard(evaluation, supervisor, director)
    seen = fresh(evaluation).version
    said = at_once(
        tried(ruling.decide, decided="excellent", seen=seen, by=federation),
        tried(fresh(evaluation).leave_out, reason="late", seen=seen, by=chair),
    )
    assert sorted(said) == ["done", "refused"]
    now = fresh(evaluation)
    assert (now.status, now.result, fresh(ruling).decided) in [
        ("settled", "excellent", "excellent"),
        ("left_out", "", ""),
    ]
