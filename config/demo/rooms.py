"""The four Children's Homes, the standard they are held against, and the checks of the last quarter."""

import datetime as dt
import io
from dataclasses import dataclass
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from config.demo.days import days
from homes import checking
from homes.models import Home, Inspection, Repair, StandardItem, Standing
from homes.models.opening import set_hours
from homes.standard_2026 import load_standard
from premises.models import DutyHolder
from records.trail import log_act

Kind = StandardItem.Kind
OPENING_TIMES = "法定节假日闭馆；临时调整以门口通知为准。"
TASKS = [("补齐缺少的设备并登记。", "书架一个"), ("排出计划，每月落实一次。", "")]
PAPER, BLUE, ORANGE = "#f4ecdd", "#2b6a94", "#d9722b"


def approve_standard(district, *, by, story_days):
    standard = load_standard(district)
    standard.in_force_from = dt.date(story_days.check.year - 1, 1, 1)
    standard.approve(by=by)


@dataclass
class Room:
    place: object
    community: object
    worker: object
    days: object
    invented: object

    def open(self):
        self.home = Home.objects.create(
            community=self.community,
            name=f"{self.place.short}社区儿童之家",
            address=f"{self.place.short}社区综合服务楼一层",
            area=Decimal(self.place.area),
            opening_times=OPENING_TIMES,
            opened_on=self.days.today - days(900),
        )
        log_act(self.worker, "opened", self.home)
        set_hours(self.home, self.place.hours, by=self.worker)

    def give_in_charge(self):
        facts = {"name": self.worker.name, "phone": self.invented.phone(), "since": self.days.today - days(400)}
        DutyHolder.name_for(self.home, position="manager", **facts, by=self.worker)

    def check(self, people):
        if self.place.was_inspected:
            self._check("inspection", self.days.check - days(365), people[self.place.officer])
        for number, (kind, username) in enumerate(self.place.checks):
            self._check(kind, self.days.check + days(5 * number), people[username])

    def put_right(self, people):
        """Two gaps become tasks: one is reported as done and waits to be looked at, one is overdue."""
        worker = people[self.place.worker]
        gaps = self.home.inspections.submitted().latest("pk").answers.filter(item__code__in=self.place.failing)
        for gap, (what, need) in zip(gaps.select_related("item", "inspection").order_by("pk"), TASKS, strict=False):
            due = self.days.today + days(20)
            Repair.plan(gap, what=what, owner=worker.name, due_on=due, need=need, by=worker)
        waiting, *others = self.home.repairs.order_by("pk")
        waiting.report(text="已办好，请查看。", by=worker)
        for late in others:
            begun = self.days.today - days(40)
            Repair.objects.filter(pk=late.pk).update(planned_on=begun, due_on=begun + days(30))

    def _check(self, kind, day, by):
        check = checking.begin(self.home, kind, by=by, day=day)
        for section in StandardItem.Section.values:
            answers = [a for a in checking.open_section(check, section) if not a.measured]
            for answer in answers:
                self._fill_in(answer)
            checking.keep(check, answers, by=by)
            if self.place.has_pictures and kind == Inspection.Kind.INSPECTION:
                for answer in [a for a in answers if a.item.kind == Kind.PHOTO]:
                    checking.add_photo(answer, drawn_room(answer.item.position), by=by)
        checking.submit(check, by=by)
        signed = timezone.make_aware(dt.datetime.combine(day, dt.time(16, 20)))
        Inspection.objects.filter(pk=check.pk).update(submitted_on=day, submitted_at=signed)
        Standing.renew(self.home)

    def _fill_in(self, answer):
        item, is_met = answer.item, answer.item.code not in self.place.failing
        match item.kind:
            case Kind.BOOL:
                answer.yes = is_met
            case Kind.CHOICE:
                answer.choice = 0 if is_met else 1
            case Kind.NUMBER if item.code == "H01":
                answer.number = self.home.area
            case Kind.NUMBER | Kind.COMPUTED:
                answer.number = item.threshold if is_met else (item.threshold / 2).quantize(Decimal("0.1"))
        if not is_met:
            answer.comment = "尚未达到要求，下季度改进。"


def drawn_room(number):
    """A drawn room: a wall, a window, a shelf. Nobody is in it."""
    image = Image.new("RGB", (480, 360), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 270, 480, 360), fill="#c9b18c")
    draw.rectangle((40 + 4 * number, 50, 200 + 4 * number, 180), fill="#d7e8f2", outline=BLUE, width=8)
    draw.rectangle((280, 110, 430, 280), fill="#ffffff", outline=BLUE, width=6)
    for shelf in range(3):
        for book in range(7):
            left = 292 + 19 * book
            draw.rectangle((left, 122 + 52 * shelf, left + 13, 160 + 52 * shelf), fill=ORANGE if book % 3 else BLUE)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=70)
    return SimpleUploadedFile("room.jpg", file.getvalue(), "image/jpeg")
