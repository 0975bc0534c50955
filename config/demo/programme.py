"""Activities of a community: held in both quarters reported, running now, and to come."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import override

from activities.models import (
    Activity,
    Attendance,
    CarerAttendance,
    ChildrenGroup,
    HandoutSheet,
    HelperAttendance,
    MaterialLine,
)
from activities.planning import plan_activity
from activities.recurrence import Rule
from activities.schemes import asked_for, begin_scheme, from_template
from children.models import Adult, Child
from config.demo import album, publicity
from config.demo.days import days
from records.trail import log_act

Kind, Audience, Art, Theme = Activity.Kind, Activity.Audience, Activity.Art, Activity.Theme
How, State = CarerAttendance.How, MaterialLine.State
HALL, YARD = "社区会议室", "居民小广场"
PAPER = "画纸 30 张"
HANDED_OUT = (
    "每天和孩子说说话，哪怕十分钟。\n约好固定的通话时间，说到做到。\n"
    "多问“今天有什么开心的事”，少问“考了几分”。\n遇到困难，请联系社区儿童主任。"
)
SATURDAY, SUNDAY, WEDNESDAY, FRIDAY = 5, 6, 2, 4
RECORDS = {
    Kind.CLUB: ("按计划开展活动，孩子们分组练习，最后展示作品并互相点评。", "每人完成一件作品。下次提前准备材料。"),
    Kind.PARENT_SCHOOL: (
        "围绕“陪伴与习惯”交流，发放家庭教育手册，解答临时监护人的问题。",
        "到场家长都约定了固定的通话时间。",
    ),
    Kind.SAFETY: ("讲解用电用火、防溺水和交通安全，并演练火灾逃生。", "孩子们都能说出三个求助电话。"),
    Kind.LAW: ("结合案例讲解未成年人保护法，孩子和家长一起做了知识问答。", "多数题目答对，网络安全一题下次再讲。"),
    Kind.TUTORING: ("大学生志愿者一对一辅导作业，重点讲解数学应用题。", "当天作业全部完成。"),
}


@dataclass
class Programme:
    place: object
    community: object
    worker: object
    days: object
    invented: object
    helpers: list
    home: object

    def hold(self):
        before_last, last, today = self.days.before_last, self.days.last, self.days.today
        self._club(Art.PAINTING, "爱心乐园书画班", _on(SATURDAY, before_last.start + days(9)), 3, "09:30", over=True)
        self._once(Kind.SAFETY, "安全自护课堂", "用电用火与防溺水", _on(WEDNESDAY, before_last.start + days(30)))
        self._school("家长学校：好习惯从家庭开始", Theme.HABITS, _on(FRIDAY, before_last.start + days(50)))
        self._club(
            Art.TABLE_TENNIS,
            "爱心乐园乒乓球班",
            _on(SATURDAY, last.start + days(8)),
            6 if self.place.has_pictures else 4,
            "14:30",
            over=True,
        )
        self._once(Kind.LAW, "法治小课堂", "未成年人的权利", _on(WEDNESDAY, last.start + days(40)), HALL)
        self._school("家长学校：爱与陪伴", Theme.CARE, _on(FRIDAY, self.days.check - days(6)))
        self._club(Art.MUSIC, "爱心乐园合唱班", _on(SUNDAY, today - days(24)), 8, "10:00")
        publicity.post(self.community, today=today, by=self.worker)
        self._to_come(today)
        self._draw_up_scheme()
        self._neighbours(today)

    def _neighbours(self, today):
        """The building or grid with most children has a group that met twice."""
        here = Child.objects.filter(community=self.community, left_on=None, registered_on__lte=today - days(30))
        here = here.exclude(household__grid="")
        grids = here.values("household__grid").annotate(children=Count("pk")).order_by("-children", "household__grid")
        if not (grid := next(iter(grids.values_list("household__grid", flat=True)), None)):
            return
        group = ChildrenGroup.objects.create(
            community=self.community, name=f"{grid}小伙伴", grid=grid, place="楼下活动角", helper=self.helpers[0]
        )
        log_act(self.worker, "founded", group)
        children = list(here.filter(household__grid=grid).order_by("pk"))
        members = children[: max(1, len(children) - 1)]
        group.take_in(members, by=self.worker)
        group.be_led_by(group.places.order_by("pk").first(), by=self.worker)
        group.places.update(joined_on=today - days(30))
        ChildrenGroup.objects.filter(pk=group.pk).update(founded_on=today - days(30))
        for back, what, came in (
            (21, "一起打扫楼道，约定放学结伴回家", members),
            (7, "互相检查作业，做游戏", members[:2]),
        ):
            group.note_meeting(day=today - days(back), what=what, came=came, others=1, by=self.worker)

    def _draw_up_scheme(self):
        """The year's scheme: what was held stands for its actions, one is left out, the rest waits."""
        code, first_day = self.community.pk, self.days.before_last.start
        with override("zh-hans"):
            scheme = from_template("blue_sky", first_day, code)
            begin_scheme(scheme, asked_for("blue_sky", first_day, code), by=self.worker)
        for activity in Activity.objects.filter(community=code).exclude(status="cancelled").order_by("starts_on", "pk"):
            action = scheme.actions.filter(kind=activity.kind, activity=None).first()
            if action is not None and action.due_on >= activity.starts_on - days(60):
                action.schedule(activity, by=self.worker)
        if left := scheme.actions.filter(kind=Kind.HEALTH, activity=None).first():
            left.leave_out(reason="与卫生服务站体检合并进行", by=self.worker)

    def _to_come(self, today):
        self._once(Kind.LAW, "寒暑假法治安全课", "网络安全与预防欺凌", _on(WEDNESDAY, today + days(8)), HALL)
        self._school("家长学校：品德从小抓", Theme.MORAL, _on(FRIDAY, today + days(15)))
        self._full_with_a_waiting_list(today)
        needs = {"materials": "作业本 10 本\n铅笔 20 支\n小白板", "helpers_needed": 2}
        tutoring = self._activity(Kind.TUTORING, "爱心课堂作业辅导", topic="语文、数学", capacity=10, **needs)
        self._plan(tutoring, _on(WEDNESDAY, today + days(2)), 6, "16:30", "18:00")
        self._enrol(tutoring, 4, today)
        tutoring.take_helper(self.helpers[0], by=self.worker)
        later = tutoring.sessions.order_by("day")[1]
        hours = {"starts_at": later.starts_at, "ends_at": later.ends_at, "home": later.home}
        later.move(day=later.day + days(1), **hours, by=self.worker)
        outing = self._activity(Kind.FAMILY_DAY, "亲子游园会", topic="家庭团圆", venue=YARD, audience=Audience.FAMILIES)
        self._plan(outing, _on(SUNDAY, today + days(20)), 1, "14:00", "17:00")
        if self.place.worker == "director":
            outing.cancel(reason="当日场地维修，改期举行", by=self.worker)

    def _full_with_a_waiting_list(self, today):
        """Two places, and two children who wait for one."""
        facts = {"art": Art.LIFE_SKILLS, "capacity": 2, "topic": "包饺子、缝纽扣"}
        small = self._activity(Kind.CLUB, "爱心乐园生活技能小组", venue=HALL, **facts)
        self._plan(small, _on(SATURDAY, today + days(4)), 4, "10:00", "11:00")
        schooled = Child.objects.filter(community=self.community, registered_on__lte=today, left_on=None)
        for child in schooled.exclude(grade__in=["PRE", "K1"]).order_by("-pk")[:4]:
            carer = child.kinships.filter(is_caregiver=True).first()
            small.wait_for_place(child, by=self.worker, asked_by=carer.adult if carer else None)

    def _activity(self, kind, title, *, venue="", **facts):
        """At the Home, where no other venue is named."""
        held_at = {"venue": venue} if venue else {"home": self.home}
        leads = {"helper": self.helpers[8]} if kind in (Kind.CLUB, Kind.TUTORING) else {"leader": self.worker}
        return Activity(community=self.community, kind=kind, title=title, **held_at, **leads, **facts)

    def _plan(self, activity, first_day, times, starts, ends):
        rule = Rule(first_day, dt.time.fromisoformat(starts), dt.time.fromisoformat(ends), times)
        return plan_activity(activity, rule, by=self.worker)

    def _enrol(self, activity, how_many, on):
        """Those whose hobby it is come first."""
        schooled = Child.objects.filter(community=self.community, registered_on__lte=on, left_on=None)
        schooled = list(schooled.exclude(grade__in=["PRE", "K1"]).order_by("pk"))
        fitting = [child for child in schooled if activity.art in child.hobbies]
        others = [child for child in schooled if child not in fitting]
        for child in [*fitting, *self.invented.chance.sample(others, len(others))][:how_many]:
            activity.enrol(child, by=self.worker, on=min(on, self.days.today))

    def _club(self, art, title, first_day, times, starts, over=False):
        materials = f"{PAPER}\n颜料\n毛笔" if art == Art.PAINTING else ""
        activity = self._activity(Kind.CLUB, title, art=art, capacity=16, materials=materials)
        ends = (dt.datetime.fromisoformat(f"2000-01-01T{starts}") + dt.timedelta(minutes=90)).time()
        self._plan(activity, first_day, times, starts, ends.isoformat())
        self._enrol(activity, self.invented.chance.randint(5, 7), first_day)
        self._hold_sessions(activity)
        if art == Art.PAINTING:
            album.fill(activity.sessions.order_by("day").first(), by=self.worker)
            last = activity.sessions.select_related("activity").order_by("-day").first()
            last.note_materials({PAPER: (State.LEFT, "12 张"), "颜料": (State.USED, "")}, by=self.worker)
            for helper in last.other_helpers()[:2]:
                last.mark_helper(helper, HelperAttendance.Mark.PRESENT, by=self.worker)
        if over:
            activity.finish(by=self.worker)

    def _once(self, kind, title, topic, day, venue=""):
        activity = self._activity(kind, title, topic=topic, venue=venue)
        self._plan(activity, day, 1, "15:30", "16:30")
        self._enrol(activity, 5, day)
        self._hold_sessions(activity)

    def _school(self, title, theme, day):
        activity = self._activity(Kind.PARENT_SCHOOL, title, theme=theme, venue=HALL, audience=Audience.CARERS)
        self._plan(activity, day, 1, "19:00", "20:30")
        facts = {"title": title.partition("：")[2], "text": HANDED_OUT}
        HandoutSheet(activity=activity, community=self.community, **facts).keep(by=self.worker)
        self._hold_sessions(activity)

    def _hold_sessions(self, activity):
        """Roll and record of the days that have come; the director still owes those of the last one."""
        past = list(activity.sessions.filter(day__lt=self.days.today).order_by("day"))
        for session in past:
            owed = session == past[-1] and activity.art == Art.MUSIC and self.place.worker == "director"
            if activity.takes_children and not owed:
                self._call_roll(session)
            if activity.takes_carers:
                self._note_carers(session)
            if not owed:
                guests = self.invented.chance.randint(2, 6)
                text, result = RECORDS[activity.kind]
                session.write_record(text, result=result, others_present=guests, by=self.worker)
        if past and activity.sessions.filter(day__gte=self.days.today).count() == 0:
            activity.refresh_from_db()
            if activity.status == Activity.Status.PLANNED:
                activity.begin(by=self.worker)
            if activity.kind != Kind.CLUB:
                activity.finish(by=self.worker)

    def _note_carers(self, session):
        """Those who look after a child came, two families of three, and some parents from afar."""
        children = Child.objects.filter(community=self.community, registered_on__lte=session.day, left_on=None)
        adults = Adult.objects.filter(kinships__child__in=children).distinct().order_by("pk")
        here = list(adults.filter(kinships__is_caregiver=True))
        for number, adult in enumerate(here):
            if (number + session.day.month) % 3:
                session.note_carer(adult, How.ROOM, by=self.worker)
        for adult in adults.exclude(pk__in=[one.pk for one in here])[::9]:
            session.note_carer(adult, How.REMOTE, by=self.worker)

    def _call_roll(self, session):
        for child in list(session.roll()):
            roll = self.invented.chance.random()
            if roll < 0.1:
                session.mark(child, Attendance.Mark.EXCUSED if roll < 0.04 else Attendance.Mark.ABSENT, by=self.worker)
        session.mark_all_present(by=self.worker)


def _on(weekday, day):
    """The first such weekday on `day` or after it."""
    return day + days((weekday - day.weekday()) % 7)
