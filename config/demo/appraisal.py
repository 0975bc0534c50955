"""Supervision visits with what they require, and the year's appraisal at each of its steps."""

from django.utils.translation import override

from activities.models import Activity
from appraisal.jobs import make_year_book
from appraisal.kinds import Kind
from appraisal.models import Ballot, Call, Demand, DemandAnswer, Nomination, NominationEvidence, Visit, YearBook
from children.models import Child
from config.demo.days import days
from config.demo.places import DONGMINJIAN, ENHE, LONGWAN, STADIUM
from homes.models import Home
from volunteers.models import Volunteer

POINTS = ["roster", "files", "letters", "pairing", "five_ones", "helpers", "home", "reports", "concerns"]
FOUND = {
    "files": ("partly", "少数档案缺监护人联系方式，正在补齐。"),
    "letters": ("partly", "有两份责任书到期未续签。"),
    "home": ("not_met", "灭火器已过检验期，应急药箱药品不全。"),
    "five_ones": ("met", "“五个一”记录及时、具体，可在交流会上介绍。"),
}


def supervise(divisions, people, story_days):
    """A visit with requirements in every state, one of the district, and one that is planned."""
    today, supervisor, director = story_days.today, people["supervisor"], people["director"]
    street, enhe = divisions[ENHE.code[:9]], divisions[ENHE.code]
    visit = _visited(street, enhe, today - days(42), FOUND, by=supervisor)
    met = _required(visit, "更换灭火器，补齐应急药箱", "home", today - days(20), by=supervisor)
    met.answer(text="已更换灭火器两具，药箱按清单补齐。", by=director)
    met.close(seen=met.answers.get().pk, by=supervisor)
    waiting = _required(visit, "补齐档案中监护人的联系方式", "files", today + days(6), by=supervisor)
    waiting.answer(text="已电话核实并补录，剩一户外出未回。", by=director)
    DemandAnswer.objects.filter(demand=waiting).update(written_at=visit.held_at + days(30))
    _required(visit, "续签到期的监护责任书", "letters", today - days(4), by=supervisor)
    facts = {"visitors": "李国华、街道社会事务办", "points": POINTS[:6]}
    Visit.plan(street, [divisions[STADIUM.code]], day=today + days(8), **facts, by=supervisor)
    far = _visited(divisions["150902"], divisions[LONGWAN.code], today - days(25), {}, by=people["federation"])
    _required(far, "把留守儿童小组的做法整理成经验材料", "examples", today + days(20), by=people["federation"])


def _visited(office, community, day, found, *, by):
    facts = {"visitors": by.name, "points": POINTS, "focus": "节假日安全提醒是否到户"}
    visit = Visit.plan(office, [community], day=day, **facts, by=by)[0]
    findings = {key: found.get(key, ("met", "")) for key in POINTS}
    opinions = "工作扎实，台账清楚；儿童之家的安全设施要抓紧补齐。"
    visit.hold(findings=findings, summary="查阅档案和台账，走访两户家庭，查看儿童之家。", opinions=opinions, by=by)
    return visit


def _required(visit, what, point, due, *, by):
    """Put down on the day of the visit."""
    made = Demand.make(visit, what=what, point=point, due_on=max(due, visit.day + days(60)), by=by)
    Demand.objects.filter(pk=made.pk).update(due_on=due, asked_on=visit.day)
    made.refresh_from_db()
    return made


def appraise(divisions, people, story_days):
    """One call is decided and published, one is voted on, one takes nominations."""
    today, federation = story_days.today, people["federation"]
    committee = [people["supervisor"], people["officer.qiaodong"], federation]
    district = divisions["150902"]
    _decided_calls(divisions, people, committee, today)
    call = _call(district, Kind.INDIVIDUAL, "年度先进个人评选", today, committee, by=federation)
    words = "坚持每周走访，耐心辅导功课，孩子变得开朗，家里老人十分信任。"
    own = Volunteer.objects.get(user=people["volunteer"])
    first = Nomination.propose(
        call, divisions[ENHE.code], helper=own, title="用心陪伴的爱心妈妈", words=words, by=people["director"]
    )
    first.agree(by=people["volunteer"])
    cleared = Volunteer.objects.filter(left_on=None, cleared_until__gte=today)
    far = cleared.filter(community=LONGWAN.code).order_by("pk").first()
    Nomination.propose(
        call, divisions[LONGWAN.code], helper=far, title="退休教师办起周末课堂", words=words, by=people[LONGWAN.worker]
    )
    _is_over(call, today - days(3))
    for member in committee[:2]:
        _vote(Nomination.objects.get(pk=first.pk), member)
    street, supervisor = divisions[ENHE.code[:9]], people["supervisor"]
    committee = [supervisor, people["director"], people[STADIUM.worker]]
    until = today + days(12)
    open_call = _call(street, Kind.HOME, "示范儿童之家推荐", today, committee, by=supervisor, until=until)
    home = Home.objects.get(community=STADIUM.code)
    facts = {"home": home, "title": home.name, "words": "天天开放，志愿者轮流值班。"}
    Nomination.propose(open_call, divisions[STADIUM.code], **facts, by=people[STADIUM.worker])


def _decided_calls(divisions, people, committee, today):
    federation, district = people["federation"], divisions["150902"]
    case = _call(district, Kind.CASE, "创新案例评选", today, committee, by=federation)
    example = _call(district, Kind.EXAMPLE, "好榜样评选", today, committee, by=federation)
    activity = Activity.objects.filter(community=DONGMINJIAN.code).order_by("pk").first()
    words = "放学后到父母下班前有人看护，孩子写完作业再参加兴趣小组，家长十分放心。"
    found = Nomination.propose(
        case, divisions[DONGMINJIAN.code], title="四点半课堂", words=words, by=people[DONGMINJIAN.worker]
    )
    if activity:
        NominationEvidence.link(found, row=activity, note="每周开展的活动", by=people[DONGMINJIAN.worker])
    nominations = [found]
    words = "父母在外务工，放学后照顾弟弟，坚持读书，还教小伙伴做手工。"
    for place in (ENHE, LONGWAN):
        agreed = Child.objects.filter(community=place.code, left_on=None, consents__purpose="publicity")
        if child := agreed.filter(consents__withdrawn_on=None).order_by("pk").first():
            community = divisions[place.code]
            facts = {"child": child, "title": "自强好少年", "words": words, "by": people[place.worker]}
            nominations.append(Nomination.propose(example, community, **facts))
    for call in (case, example):
        _is_over(call, today - days(30))
    for nomination in nominations:
        for member in committee:
            _vote(nomination, member)
        fresh = Nomination.objects.get(pk=nomination.pk)
        fresh.decide(is_awarded=True, reason="事迹真实，值得推广。", seen=fresh.version, by=federation)
        Nomination.objects.get(pk=nomination.pk).publish(by=federation)
    for call in (case, example):
        Call.objects.get(pk=call.pk).close(by=federation)


def make_year_books(divisions, people, story_days):
    """Of this year: a community, its street, the district."""
    for code, person in ((ENHE.code, "director"), (ENHE.code[:9], "supervisor"), ("150902", "federation")):
        book = YearBook.begin(divisions[code], story_days.today.year, by=people[person])
        make_year_book(book.pk, by=people[person], progress=lambda done, of: None)


def _call(division, kind, title, today, committee, *, by, until=None):
    who = "从事关爱工作一年以上，群众认可；由社区推荐。"
    facts = {"kind": kind, "title": title, "year": today.year, "who": who, "places": 5}
    with override("zh-hans"):  # the usual criteria stand in the words of who drafts
        call = Call.draft(division, **facts, nominate_until=until or today, by=by)
    for member in committee:
        call.seat(member, by=by)
    call.open(by=by)
    Call.objects.filter(pk=call.pk).update(opened_on=today - days(50))
    return Call.objects.get(pk=call.pk)


def _is_over(call, day):
    Call.objects.filter(pk=call.pk).update(nominate_until=day)


def _vote(nomination, member):
    ballot = Ballot.objects.get(nomination=nomination, member=member)
    ballot.declare(conflict="none", by=member)
    ballot.cast(choice="for", by=member)
