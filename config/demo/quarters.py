"""The two quarters that were reported: by communities, by their streets, and what was corrected afterwards."""

import datetime as dt

from django.utils import timezone

from config.demo.days import days
from config.demo.places import ENHE, LONGWAN, PLACES, STADIUM
from records.lifecycle import Refused
from records.measures import Period
from reports.models import Amendment, Figure, QuarterlyReport, ReportRule, StreetAmendment, StreetReport
from reports.models.amendment import differing

DONE = "完成入户走访和信息更新，组织爱心乐园、家长学校和法治安全课，结对志愿者按要求开展“五个一”。"
PROBLEMS = "部分家庭父母联系电话变动频繁；隔代监护人对孩子学习辅导有困难。"
PLAN = "补齐缺失的档案信息，增加周末活动，继续招募能辅导作业的志愿者。"
WHY = "本季度集中开展入户走访和登记，数据随之变化，已与台账核对。"
STREET_DONE = "督导各社区完成季度报告，抽查儿童档案和儿童之家，组织儿童主任业务培训一次。"
STREET_PROBLEMS = "个别社区报送不及时，儿童之家周末开放时间不足。"
STREET_PLAN = "对迟报社区逐一提醒，帮助社区招募周末值班的志愿者。"
CORRECTED = "核对台账时发现漏统计，已补录原始记录，申请更正。"
TRIED = ("files_complete", "carers_reached", "children_with_cards", "contacts_visit", "contacts_talk")


def report(period, place, community, people):
    """The quarter before last is accepted everywhere; of the last one, one is still to begin and one to decide on."""
    is_last = period.end == people["days"].last.end
    if is_last and place == ENHE:
        return
    worker, officer = people[place.worker], people[place.officer]
    found = QuarterlyReport.open_for(community, period, by=worker)
    found.done, found.problems, found.plan = DONE, PROBLEMS, PLAN
    _explain(found)
    found.submit(by=worker)
    if not (is_last and place == STADIUM):
        found.accept(remark="数据完整，同意上报。", by=officer)
    _date_back(found, PLACES.index(place))
    Figure.objects.filter(report=found).update(drawn_at=found.submitted_at)


def of_streets(divisions, people):
    """The streets' reports: accepted for the quarter before last; for the last one the second street's is handed in."""
    story_days = people["days"]
    streets = {place.code[:9]: people[place.officer] for place in PLACES}
    for number, (code, officer) in enumerate(streets.items()):
        for period in (story_days.before_last, story_days.last):
            if period.end == story_days.last.end and code == ENHE.code[:9]:
                continue
            found = StreetReport.open_for(divisions[code], period, by=officer)
            found.done, found.problems, found.plan = STREET_DONE, STREET_PROBLEMS, STREET_PLAN
            _explain(found)
            found.submit(by=officer)
            if period.end == story_days.before_last.end:
                found.accept(remark="同意。", by=people["federation"])
            _date_back(found, 8 + number)


def correct(divisions, people):
    """Corrections of the quarter before last, decided and not, up to a street's; the rule for the quarters to come."""
    ReportRule(
        district=divisions[ENHE.code[:6]],
        starts_on=Period.quarter_of(people["days"].today).start,
        community_days=10,
        street_days=20,
    ).set(by=people["federation"])
    period = people["days"].before_last
    for place in (ENHE, STADIUM, LONGWAN):
        found = QuarterlyReport.objects.of(period).get(community=place.code)
        made = _propose(found, people[place.worker])
        if made and place != STADIUM:
            made.accept(remark="同意更正。", by=people[place.officer])
    found = StreetReport.objects.of(period).get(street=LONGWAN.code[:9])
    if differ := differing(found.in_force(), found.draw()):
        StreetAmendment.of(found, keys=set(differ), reason=CORRECTED, by=people[LONGWAN.officer])


def _propose(found, worker):
    """The first figure that can be corrected by itself; None where every figure would be drawn as it stands."""
    differ = differing(found.in_force(), found.draw())
    for key in sorted(differ, key=lambda key: (key not in TRIED, key)):
        try:
            return Amendment.of(found, keys=[key], reason=CORRECTED, by=worker)
        except Refused:
            continue
    return None


def _explain(found):
    found.explanations = {key: WHY for key, change in found.changes().items() if change.is_jump}
    found.save(update_fields=["done", "problems", "plan", "explanations"])


def _date_back(found, number):
    """Submitting and deciding stamp the time of the act; the story's time is some days after the quarter's end."""
    submitted = _at(found.period.end + days(3 + number), 15)
    found.submitted_at = submitted
    stamps = {"submitted_at": submitted, "handed_in_on": timezone.localdate(submitted)}
    if found.decided_at:
        stamps["decided_at"] = max(_at(found.period.end + days(6 + number), 10), submitted)
    type(found).objects.filter(pk=found.pk).update(**stamps)


def _at(day, hour):
    return min(timezone.make_aware(dt.datetime.combine(day, dt.time(hour))), timezone.now())
