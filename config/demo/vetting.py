"""What the district asks of helpers, evidence for most of it, offers to help, and teams."""

import datetime as dt

from communities.models import Division
from config.demo.days import days
from config.demo.places import PLACES
from volunteers.kinds import FREE_AT, HelperKind, Language, Subject
from volunteers.models import HelperApplication, Requirement, Team, Volunteer
from volunteers.models.requirement import Asked
from volunteers.vetting import recount_district

ASKED = {Asked.INTERVIEW: (0, "面谈愉快，有耐心"), Asked.PLEDGE: (0, ""), Asked.TRAINING: (12, "")}
OFFERS = [
    ("钱志明", "M", 1990, "15412340001", ["tutor"], "我小时候也是留守儿童，想陪孩子们写作业。"),
    ("苏小梅", "F", 1985, "15412340002", ["loving_mother"], "孩子上大学了，周末有时间。"),
    ("韩晓雨", "F", 2009, "15412340003", ["student"], "我们班想一起参加。"),
    ("冯建国", "M", 1962, "15412340004", ["acting_parent"], "退休教师。"),
]


def vet(divisions, people, story_days, invented):
    """Every helper meets what is asked, but for one in each community whose training soon ends."""
    _ask(divisions["150902"], story_days.today - days(400))
    for place in PLACES:
        community, worker = divisions[place.code], people[place.worker]
        helpers = list(Volunteer.objects.filter(community=community, left_on=None).order_by("pk"))
        for number, helper in enumerate(helpers):
            _know(helper, invented)
            for what, (months, note) in ASKED.items():
                ago = 345 if months and number == 5 else 60 + number
                helper.show(what, done_on=story_days.today - days(ago), note=note, by=worker)
        _team(community, helpers, worker)
        _offers(community, worker, story_days)
    recount_district("150902")


def _ask(district, from_day):
    lines = [
        Requirement(district=district, helper_kind=kind, what=what, valid_months=months, from_day=from_day)
        for what, (months, _note) in ASKED.items()
        for kind in HelperKind.values
    ]
    Requirement.objects.bulk_create(lines)


def _know(helper, invented):
    helper.languages = ["mandarin", *invented.some(Language.values[1:6], 1)]
    helper.subjects = invented.some(Subject.values, 2)
    helper.hobbies = invented.some(["music", "painting", "reading", "sport"], 2)
    helper.free_at = invented.some([code for code, _words in FREE_AT[12:]], 3)
    helper.reach_km = invented.chance.choice([2, 3, 5, None])
    helper.save(update_fields=["languages", "subjects", "hobbies", "free_at", "reach_km"])


def _team(community, helpers, worker):
    team = Team.objects.create(community=community, name="春风志愿服务队", purpose="周末作业辅导、节日探望")
    for helper in helpers[:5]:
        team.take_in(helper, by=worker)
    team.be_led_by(helpers[0], by=worker)


def _offers(community: Division, worker, story_days):
    is_first = community.pk == PLACES[0].code
    for number, (name, sex, year, phone, kinds, why) in enumerate(OFFERS if is_first else OFFERS[:1]):
        facts = {
            **{"name": name, "sex": sex, "birth_date": dt.date(year, 3, 8), "phone": phone, "kinds": kinds},
            **{"languages": ["mandarin"], "free_at": ["6am", "7pm"], "motivation": why},
            **({"school_class": "集宁一中高二(3)班"} if kinds == ["student"] else {}),
        }
        application = HelperApplication.receive(community=community, facts=facts)
        if number == 1:
            application.note_interview(on=story_days.today - days(1), note="热心，可先从每周一次开始", by=worker)
        if number == 3:
            application.refuse(reason="not_reached", note="三次电话未接", by=worker)
