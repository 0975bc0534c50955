"""Two cases of the counsellor's and one of a colleague's, and concerns at every stage."""

import datetime as dt

from django.utils import timezone

from children.models import Child, Concern
from children.referring import refer
from communities.models import HelpLine
from config.demo.days import days
from config.demo.people import ADMINISTRATOR, COUNSELLOR, SECOND_COUNSELLOR, SUPERVISOR
from config.demo.places import PLACES
from counselling import caring
from counselling.models import CaseWords, CounsellingSession, SessionWords

# (days ago, minutes, form, course, risk, next step, days until the next)
TALKS = [
    (
        17,
        50,
        "alone",
        "说到爸妈时沉默很久，画了一家人坐在一起吃饭。夜里常醒。",
        "watch",
        "约奶奶单独谈一次睡眠。",
        None,
    ),
    (10, 40, "family", "奶奶说孩子睡前总要听妈妈的语音。孩子主动说想妈妈。", "watch", "商定每晚八点视频。", None),
    (3, 45, "alone", "睡得好些了，愿意谈学校的事，约好写一封信给爸爸。", "none", "下次一起读信。", 4),
]
LOCAL = [
    (ADMINISTRATOR.division, "集宁区未成年人保护热线(示例)", "0474-0000110", "每天 24 小时"),
    (SUPERVISOR.division, "新体路街道儿童督导员(示例)", "0474-0000120", "工作日 8:30–17:30"),
]


def tell(people, story_days):
    today = story_days.today
    for division, name, phone, hours in LOCAL:
        HelpLine.objects.create(division_id=division, name=name, phone=phone, hours=hours)
    own, second = people[COUNSELLOR.username], people[SECOND_COUNSELLOR.username]
    referred = Child.objects.filter(referrals__counsellor=own, left_on=None).distinct().order_by("pk")
    first, other = [_case(child, own, today - days(20)) for child in referred[:2]]
    for talk in TALKS:
        _talk(first, talk, today)
    _talk(other, (12, 30, "phone", "第一次电话，先认识，约好下次见面。", "", "", 2), today)
    caring.admit(first, second, until=today + days(60), by=own)
    _elsewhere(people, second, today)
    _concerns(people, own, first.child, today)


def _case(child, counsellor, day):
    words = CaseWords(complaint="夜里睡不好，上课走神，不愿和同学说话。", aim="能安稳入睡，愿意说出想念。")
    case = caring.open_case(child, words, by=counsellor)
    type(case).objects.filter(pk=case.pk).update(opened_on=day)
    return case


def _talk(case, talk, today):
    ago, minutes, form, course, risk, step, after = talk
    session = CounsellingSession(held_on=today - days(ago), minutes=minutes)
    session.next_on = today + days(after) if after else None
    notes = SessionWords(form=form, course=course, risk=risk, next_step=step)
    caring.note_session(case, session, notes, by=case.counsellor)


def _elsewhere(people, counsellor, today):
    """Another community's case, which the counsellor of the sign-in page never sees."""
    place = PLACES[2]
    child = Child.objects.filter(community=place.code, left_on=None).order_by("pk")[6]
    refer(child, counsellor, until=today + days(90), reason="转学后不愿说话。", by=people[place.worker])
    case = _case(child, counsellor, today - days(40))
    _talk(case, (38, 45, "alone", "刚转学，说新班里没有朋友。", "watch", "请班主任安排同桌。", None), today)


def _concerns(people, counsellor, child, today):
    director, supervisor = people["director"], people[SUPERVISOR.username]
    children = Child.objects.filter(community=PLACES[0].code, left_on=None).order_by("pk")
    settled = _raised(children[7], "放学后常一个人在河边玩，没有大人。", director, days(30))
    settled.report(told="辖区派出所", told_person="值班民警(示例)", reference="示例-0001", by=director)
    settled.follow_up(text="与外婆和班主任谈过，放学由姨妈接。", by=director)
    settled.close(outcome="已落实接送，河边装了护栏。", by=supervisor)
    followed = _raised(child, "孩子说叔叔喝酒后打过她，需尽快核实。", counsellor, days(9))
    followed.report(told="区民政局未保科", told_person="值班人员(示例)", reference="示例-0002", by=director)
    followed.follow_up(text="民警已上门，孩子暂住姑姑家。", next_step="与姑姑再谈一次", next_by=today, by=director)
    Concern.objects.filter(pk=followed.pk).update(reported_at=timezone.now() - days(9))
    _raised(children[9], "", director, dt.timedelta(hours=3))
    elsewhere = Child.objects.filter(community=PLACES[2].code, left_on=None).order_by("pk")[8]
    named = _raised(elsewhere, "同学说他身上有伤。", people[PLACES[2].worker], dt.timedelta(hours=30))
    named.name(people[SECOND_COUNSELLOR.username], by=people["officer.qiaodong"])


def _raised(child, what, by, ago):
    concern = Concern.raise_for(child, what=what, by=by)
    concern.raised_at = timezone.now() - ago
    concern.save(update_fields=["raised_at"])
    return concern
