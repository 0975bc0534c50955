"""The leading groups and their meetings."""

import datetime as dt

from django.utils import timezone

from communities.models import Decision, LeadingGroupMember, Meeting, OfficeDuty
from config.demo.days import days
from records.trail import log_act

Position, Duty = LeadingGroupMember.Position, LeadingGroupMember.Duty
GROUP = [
    (Position.HEAD, ""),
    (Position.DEPUTY, Duty.HOME),
    (Position.MEMBER, Duty.SCHOOLING),
    (Position.MEMBER, Duty.HEALTH),
    (Position.MEMBER, Duty.LAW),
    (Position.MEMBER, Duty.VOLUNTEERS),
]


def set_up_group(community, worker, invented, story_days):
    members = []
    for number, (position, duty) in enumerate(GROUP):
        member = LeadingGroupMember.objects.create(
            community=community,
            name=invented.adult_name("FM"[number % 2]),
            position=position,
            duties=[duty] if duty else [],
            phone=invented.phone(),
            since=story_days.today - days(700),
            account=worker if duty == Duty.HOME else None,
        )
        log_act(worker, "added", member)
        members.append(member)
    OfficeDuty.keep(community, {day: members[day] for day in range(1, 6)}, by=worker)
    home = LeadingGroupMember.objects.create(
        community=community,
        group=LeadingGroupMember.Group.HOME,
        name=invented.adult_name("M"),
        position=Position.HEAD,
        duties=[Duty.HOME],
        phone=invented.phone(),
        since=story_days.today - days(500),
    )
    log_act(worker, "added", home)
    before_last, last = story_days.before_last, story_days.last
    for kind, on, title, promises in (
        (Meeting.Kind.STUDY, before_last.start + days(18), "研究留守儿童暑寒假安全和照料", []),
        (Meeting.Kind.EXCHANGE, before_last.start + days(64), "关爱工作经验交流会", []),
        (
            Meeting.Kind.STUDY,
            last.start + days(21),
            "研究结对帮扶进展",
            [("联系学校，安排课后辅导", 2, "已与学校商定每周两次辅导。")],
        ),
        (
            Meeting.Kind.SPECIAL,
            last.start + days(45),
            "关爱工作专题会议",
            [("核对预防接种情况", 3, ""), ("检查儿童之家消防设施", 1, "")],
        ),
    ):
        joint = kind == Meeting.Kind.EXCHANGE
        meeting = Meeting.objects.create(
            community=community,
            group=Meeting.Group.BOTH if joint else Meeting.Group.CARING,
            kind=kind,
            day=on,
            title=title,
            venue="社区会议室",
            points="逐户分析重点儿童情况",
        )
        log_act(worker, "planned", meeting)
        meeting.hold(
            came=[*invented.chance.sample(members, 4), *([home] if joint else [])],
            guests=invented.chance.randint(2, 8),
            minutes="听取儿童主任汇报，逐户分析重点儿童情况。",
            by=worker,
        )
        _date_the_meeting_back(meeting)
        for what, owner, outcome in promises:
            decision = meeting.decide(what=what, owner=members[owner], due_on=on + days(30), by=worker)
            if outcome:
                decision.finish(outcome=outcome, by=worker)
                Decision.objects.filter(pk=decision.pk).update(settled_on=on + days(20))
    coming = Meeting.objects.create(
        community=community,
        kind=Meeting.Kind.STUDY,
        day=story_days.today + days(6),
        title="研究本季度关爱工作",
        venue="社区会议室",
        points="假期安全提醒\n儿童之家开放时间",
    )
    log_act(worker, "planned", coming)


def set_up_street(street, officer, invented, story_days):
    """The street office's own leading group, its special meeting of the last quarter and the next one."""
    members = [
        LeadingGroupMember.objects.create(
            community=street,
            name=invented.adult_name("MF"[number % 2]),
            position=position,
            duties=[duty] if duty else [],
            phone=invented.phone(),
            since=story_days.today - days(700),
            account=officer if duty == Duty.LAW else None,
        )
        for number, (position, duty) in enumerate(GROUP[:5])
    ]
    for member in members:
        log_act(officer, "added", member)
    OfficeDuty.keep(street, {day: members[day - 1] for day in range(1, 6)}, by=officer)
    facts = {"community": street, "kind": Meeting.Kind.SPECIAL, "venue": "街道三楼会议室"}
    held = Meeting.objects.create(
        day=story_days.last.start + days(50), title="全街道关爱工作专题会议", points="通报各社区情况", **facts
    )
    log_act(officer, "planned", held)
    held.hold(came=members[:4], guests=5, minutes="各社区汇报，提出下一步要求。", by=officer)
    _date_the_meeting_back(held)
    held.decide(what="督促各社区补齐档案", owner=members[4], due_on=story_days.today + days(20), by=officer)
    coming = Meeting.objects.create(day=story_days.today + days(12), title="研究寒假安全和照料", **facts)
    log_act(officer, "planned", coming)


def _date_the_meeting_back(meeting):
    """Written up on the evening of its day, when less was open than today."""
    figures = {key: [number - number // 4, version] for key, (number, version) in meeting.figures.items()}
    Meeting.objects.filter(pk=meeting.pk).update(held_at=_at(meeting.day, 18), figures=figures)


def _at(day, hour):
    return min(timezone.make_aware(dt.datetime.combine(day, dt.time(hour))), timezone.now())
