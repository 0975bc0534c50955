"""In the four Homes: equipment and books, calls and visits, who runs them, how the first of them was built."""

from decimal import Decimal

from django.db.models import F
from django.utils.translation import override

from children.models import Child
from communities.models import LeadingGroupMember
from config.demo.days import days
from config.demo.places import MORNING, PLACES
from config.demo.rooms import drawn_room
from gifts.models import Drive, Giver
from homes.models import Home, RoomPicture, Season
from homes.models.opening import set_hours
from homes.open_days import opening_of
from premises import registering
from premises.building_forms import usual_milestones
from premises.closing import close
from premises.models import (
    Asset,
    AssetCount,
    AssetNote,
    AssetRequest,
    Booking,
    BuildingPlan,
    ChildVisit,
    DutyHolder,
    HomeDayLog,
    HomeWish,
    Loan,
)
from premises.models.booking import slots_within
from volunteers.models import Volunteer

COUNTER = "钱淑芬（示例）"
# (kind, what, pieces, where it stands, price)
THERE = [
    ("furniture", "书桌", 6, "学习区", 180),
    ("furniture", "书架", 2, "阅读角", 320),
    ("computer", "台式电脑", 1, "亲情连线角", 2800),
    ("telephone", "亲情电话", 1, "亲情连线角", 120),
    ("book", "小王子", 2, "阅读角", 25),
    ("book", "安徒生童话", 2, "阅读角", 32),
    ("book", "十万个为什么", 3, "阅读角", 40),
    ("sport", "乒乓球拍（副）", 2, "活动区", 60),
    ("emergency", "急救箱", 1, "门口柜子", 90),
]
BUDGET = [("粉刷与照明", "6000", "5680.50"), ("书桌书架", "4000", "4120.00"), ("电脑与电话", "3000", "2920.00")]


def keep(people, story_days):
    for place in PLACES:
        worker, officer = people[place.worker], people[place.officer]
        home = Home.objects.get(community=place.code)
        register = _Register(home, worker, officer, story_days.today)
        register.fill()
        _children_come(home, worker, story_days.today)
        _run(home, worker, story_days.today)
        _built(home, worker, story_days.today)
        _wish(worker, home)


class _Register:
    """What stands in the Home, what is asked for, what was counted."""

    def __init__(self, home, worker, officer, today):
        self.home, self.worker, self.officer, self.today = home, worker, officer, today

    def fill(self):
        since = self.today - days(500)
        for kind, name, pieces, place, price in THERE:
            facts = {"kind": kind, "name": name, "place": place, "unit_price": price, "on": since}
            registering.check_in_earlier(self.home, pieces=pieces, by=self.worker, **facts)
        for entry in registering.given_to(self.home)[:1]:
            facts = {"kind": "other", "place": "储物柜", "on": self.today - days(20)}
            registering.check_in_gift(self.home, entry, pieces=min(3, entry.pieces), by=self.worker, **facts)
        self._ask()
        self._count()
        self._wear()

    def _ask(self):
        asked = [
            self._asked("furniture", "折叠椅", 4, 75, "活动时椅子不够"),
            self._asked("sport", "羽毛球拍（副）", 2, 90, "孩子们想打羽毛球"),
            self._asked("computer", "平板电脑", 2, 1500, "视频通话"),
        ]
        asked[0].approve(remark="同意", by=self.officer)
        asked[2].refuse(remark="已有一台电脑，先用好", by=self.officer)
        registering.check_in_purchase(asked[0], pieces=3, place="活动区", unit_price=72, on=self.today, by=self.worker)

    def _asked(self, kind, name, quantity, price, reason):
        facts = {"kind": kind, "name": name, "quantity": quantity, "unit_price": price, "reason": reason}
        return AssetRequest.ask(self.home, by=self.worker, **facts)

    def _count(self):
        lost = self.home.assets.filter(name="十万个为什么").latest("number")
        facts = {"counted_on": self.today - days(30), "handler": self.worker.name, "counter": COUNTER}
        seen = registering.newest_line(self.home)
        missing = {lost.pk: "借出时没有登记，正在找"}
        registering.count(self.home, missing=missing, found={}, seen=seen, by=self.worker, **facts)
        AssetNote.objects.filter(asset__home=self.home).update(noted_at=F("noted_at") - days(30))
        AssetCount.objects.filter(home=self.home).update(noted_at=F("noted_at") - days(30))

    def _wear(self):
        bats = list(self.home.assets.filter(name="乒乓球拍（副）").order_by("number"))
        for bat in bats:
            bat.turn(Asset.Status.BROKEN, words="胶皮脱落", by=self.worker)
        bats[0].ask_to_scrap(reason="修不好了", by=self.worker)


def _children_come(home, worker, today):
    """Visits of the last two weeks, books out (one overdue), calls of today and to come, a closure ahead."""
    children = list(Child.objects.filter(community=home.community_id).on_register(today).order_by("pk")[:10])
    for ago in range(14, 0, -1):
        day = today - days(ago)
        if day.weekday() > 4:
            continue
        log = HomeDayLog.objects.create(home=home, community_id=home.community_id, day=day, began_by=worker)
        came = [child for number, child in enumerate(children) if (number + ago) % 3]
        ChildVisit.objects.bulk_create(
            ChildVisit(log=log, child=child, community_id=home.community_id, district=home.district, noted_by=worker)
            for child in came
        )
        log.end(guests=ago % 3, by=worker)
    books = list(home.assets.filter(kind="book", status="in_use").order_by("number")[:3])
    loans = [
        Loan.lend(book, child, due_on=today + days(10), by=worker) for book, child in zip(books, children, strict=False)
    ]
    if loans:
        loans[0].come_back(by=worker)
    if len(loans) > 1:
        begun = today - days(20)
        Loan.objects.filter(pk=loans[1].pk).update(out_on=begun, due_on=begun + days(14))
    _calls(home, children, worker, today)


def _calls(home, children, worker, today):
    computer = home.assets.get(kind="computer", status="in_use")
    ahead = [today + days(number) for number in range(1, 15)]
    weekdays = [day for day in ahead if day.weekday() < 5]
    closed, made = weekdays[-1], []
    for number, child in enumerate(children[:4]):
        day = closed if number == 3 else weekdays[number]
        slots = slots_within(opening_of(home, day)[day].hours)
        if slots:
            made.append(Booking.book(computer, child, day=day, starts_at=slots[number % len(slots)], by=worker))
    if made:
        kept = today - days(7)
        Booking.objects.filter(pk=made[0].pk).update(day=kept, status=Booking.Status.KEPT)
    close(home, first_day=closed, last_day=closed, reason="repair", by=worker)


def _run(home, worker, today):
    set_hours(home, dict.fromkeys(range(6), MORNING), season=Season.HOLIDAY, by=worker)
    manager = home.holders.get(position="manager")
    manager.note_training(what="protection", done_on=today - days(200), valid_until=today + days(165), by=worker)
    helper = Volunteer.objects.filter(community=home.community_id, left_on=None).order_by("pk").first()
    if helper is not None:
        DutyHolder.name_for(home, position="duty", helper=helper, since=today - days(90), by=worker)
    other = DutyHolder.name_for(home, position="duty", name="马静（示例）", since=today - days(60), by=worker)
    other.note_training(what="first_aid", done_on=today - days(400), valid_until=today - days(35), by=worker)
    RoomPicture.add(home, kind="photo", picture=drawn_room(3), caption="阅读角", nobody_shown=True, by=worker)


def _built(home, worker, today):
    """The plan by which the Home was built, as it stands in the files."""
    begun = home.opened_on - days(210)
    drive = Drive.objects.filter(community=home.community_id).order_by("pk").first()
    facts = {"name": home.name, "place": home.address, "drive": drive, "begun_on": begun, "begun_by": worker}
    plan = BuildingPlan.objects.create(community_id=home.community_id, **facts)
    with override("zh-hans"):
        usual = usual_milestones(begun)
    for what, due in usual:
        milestone = plan.add_milestone(what=what, due_on=due, by=worker)
        milestone.reach(on=due, by=worker)
    for what, planned, spent in BUDGET:
        line = plan.add_line(what=what, planned=Decimal(planned), by=worker)
        line.spend(amount=Decimal(spent), on=home.opened_on - days(30), by=worker)
    BuildingPlan.objects.filter(pk=plan.pk).update(
        status=BuildingPlan.Status.OPENED, ended_on=home.opened_on, home=home
    )
    if not LeadingGroupMember.objects.filter(community=home.community_id, group="home").exists():
        LeadingGroupMember.objects.create(
            community_id=home.community_id, name="赵书记（示例）", position="head", group="home", since=begun
        )


def _wish(worker, home):
    """What a repair needs: shown in the first Home, taken by a giver in the others."""
    repair = home.repairs.unsettled().exclude(need="").order_by("pk").first()
    if repair is None:
        return
    wish = HomeWish.show(repair, repair.need, by=worker)
    giver = Giver.objects.filter(community=home.community_id).order_by("pk").first()
    if giver is not None and home.community_id != PLACES[0].code:
        wish.take(giver, by=worker)
