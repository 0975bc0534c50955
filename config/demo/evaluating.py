"""The yearly evaluation of the Homes: one planned, one to be decided, one to be rectified; of last year the best,
and one that was left out."""

import datetime as dt

from django.utils import timezone

from config.demo.days import days
from config.demo.places import DONGMINJIAN, ENHE, LONGWAN, STADIUM
from homes.models import Evaluation, EvaluationYear, Home, Ruling
from homes.scoring import Grade
from homes.verdicts import verdict_of


def tell(divisions, people, story_days):
    district = divisions[people["federation"].postings.get().division_id]
    _tell_last_year(district, people, story_days)
    year = EvaluationYear.open(
        district=district,
        year=story_days.check.year,
        by=people["federation"],
        self_check_by=story_days.check + days(20),
        inspect_from=story_days.check - days(5),
        inspect_until=story_days.today + days(40),
        decide_by=story_days.today + days(70),
        hearing_days=7,
    )
    _plan(_of(year, ENHE), people, story_days.today + days(6))
    to_rectify = _hear(
        _of(year, STADIUM), people["supervisor"], people[STADIUM.worker], "房屋隐患已报街道，其余两个月内补齐。"
    )
    to_rectify.decide(
        decided=to_rectify.proposed,
        rectify_by=to_rectify.rectify_by,
        seen=_of(year, STADIUM).version,
        by=people["federation"],
    )
    _hear(_of(year, LONGWAN), people[LONGWAN.officer], people[LONGWAN.worker], "没有意见。")


def _of(year, place):
    return Evaluation.objects.get(year=year, community=place.code)


def _plan(evaluation, people, day):
    facts = {"inspector": people["supervisor"], "seen": evaluation.version, "by": people["federation"]}
    evaluation.plan_visit(visit_on=day, **facts)


def _hear(evaluation, inspector, worker, statement):
    inspection = evaluation.inspection_due()
    verdict, by = Ruling.upon(evaluation, inspection).computed, timezone.localdate() + days(45)
    facts = {"inspection": inspection.pk, "proposed": verdict, "rectify_by": by}
    ruling = Ruling.draft(evaluation, **facts, seen=evaluation.version, by=inspector)
    ruling.open_hearing(seen=Evaluation.objects.get(pk=evaluation.pk).version, by=inspector)
    ruling.state(statement=statement, seen=Evaluation.objects.get(pk=evaluation.pk).version, by=worker)
    return Ruling.objects.get(pk=ruling.pk)


def _tell_last_year(district, people, story_days):
    """Written as it was decided then: acts know no day but today, and what was decided is not dated back."""
    best = Home.objects.get(community=LONGWAN.code)
    inspection = best.inspections.filter(kind="inspection", submitted_on__year=story_days.check.year - 1).get()
    on = inspection.submitted_on
    year = EvaluationYear.objects.create(
        district=district,
        year=on.year,
        self_check_from=dt.date(on.year, 1, 1),
        self_check_by=on - days(30),
        inspect_from=on - days(20),
        inspect_until=on + days(20),
        decide_by=on + days(40),
        opened_by=people["federation"],
        opened_on=on - days(60),
    )
    Evaluation.objects.create(
        community_id=DONGMINJIAN.code,
        year=year,
        home=Home.objects.get(community=DONGMINJIAN.code),
        status=Evaluation.Status.LEFT_OUT,
        left_out_for=Evaluation.LeftOutFor.REBUILDING,
        left_out_words="屋顶漏水，九月修好",
        left_out_on=on - days(10),
    )
    verdict = verdict_of(inspection.grade, is_barred=bool(inspection.explanation["bars"]), again=False)
    evaluation = Evaluation.objects.create(
        community=best.community,
        year=year,
        home=best,
        inspection=inspection,
        status=Evaluation.Status.SETTLED,
        result=str(verdict),
        decided_on=on + days(14),
        **_reward(verdict, on + days(30)),
    )
    ruling = Ruling.upon(evaluation, inspection)
    ruling.inspectors = [inspection.begun_by_id]
    ruling.drafted_by, ruling.drafted_at, ruling.heard_until = inspection.begun_by, _evening(on), on + days(10)
    ruling.decided, ruling.decided_by, ruling.decided_at = (
        ruling.computed,
        people["federation"],
        _evening(on + days(14)),
    )
    ruling.save()


def _reward(verdict, on):
    if verdict != Grade.EXCELLENT:
        return {}
    return {"reward": "“优秀儿童之家”锦旗一面、图书一百册", "rewarded_on": on}


def _evening(day):
    return timezone.make_aware(dt.datetime.combine(day, dt.time(17)))
