"""Gifts of the story: invented givers, what they brought, and where it went."""

from decimal import Decimal

from children.caring import note_wish
from children.consenting import give_consent
from children.models import Child, Consent
from config.demo.days import days
from config.demo.places import PLACES
from gifts import giving, wishing
from gifts.models import Drive, Gift, GiftLine, Giver
from gifts.receiving import add_giver, receive
from homes.models import Home

COUNTER = "钱淑芬（示例）"
# (kind, name, whom to talk to)
GIVERS = [
    ("firm", "晨光文具店（示例）", "店主（示例）"),
    ("organisation", "蓝天志愿者协会（示例）", "秘书长（示例）"),
    ("person", "热心居民甲（示例）", ""),
]
# (giver or None, days ago, purpose, [(kind, what, quantity, unit, price, days until it expires)])
GIFTS = [
    (
        0,
        60,
        "开学前给孩子们添置学习用品",
        [("goods", "书包", 20, "个", 60, None), ("goods", "作业本", 200, "本", None, None)],
    ),
    (1, 30, "冬季送温暖", [("goods", "棉衣", 12, "件", 120, None), ("food", "大米", 50, "千克", 6, 200)]),
    (2, 21, "给困难家庭的孩子", [("money", "", 800, "", None, None)]),
    (None, 14, "给孩子们尝尝", [("food", "饼干", 30, "盒", None, -2)]),
]


def give(people, invented, today):
    for place in PLACES[:3]:
        worker = people[place.worker]
        givers = [
            add_giver(
                Giver(
                    community_id=place.code, kind=kind, name=name, contact_name=contact, phone=invented.phone()
                ),
                by=worker,
            )
            for kind, name, contact in GIVERS
        ]  # fmt: skip
        drive = Drive.objects.create(
            community_id=place.code,
            title="冬季爱心募捐",
            purpose="为困难家庭的孩子解决基本学习和生活费用",
            starts_on=today - days(35),
            ends_on=today + days(10),
            target=5000,
        )
        gifts = [_bring(place, givers, facts, worker, today, drive) for facts in GIFTS]
        _hand_out(place, gifts, worker, today)
        _wish(place, givers, worker, today)


def _bring(place, givers, facts, worker, today, drive):
    number, ago, purpose, things = facts
    day = today - days(ago)
    gift = Gift(
        community_id=place.code,
        giver=None if number is None else givers[number],
        drive=drive if drive.is_going_on(day) else None,
        received_on=day,
        purpose=purpose,
        handler=worker.name,
        counter=COUNTER,
    )
    lines = [
        GiftLine(
            kind=kind,
            what=what,
            quantity=Decimal(quantity),
            unit=unit,
            unit_price=price,
            expires_on=None if left is None else today + days(left),
        )
        for kind, what, quantity, unit, price, left in things
    ]
    return receive(gift, lines, by=worker)


def _hand_out(place, gifts, by, today):
    """Bags and coats to children, rice and money to families, exercise books to the Home."""
    (bags, books), (coats, rice), (cash,), _biscuits = [list(gift.lines.order_by("pk")) for gift in gifts]
    children = list(Child.objects.filter(community=place.code).on_register(today).order_by("pk")[:9])
    signed = [(child, "监护人（示例）") for child in children]
    given = [
        (bags, signed[:6], "child", 1, 55),
        (coats, signed[3:8], "child", 1, 20),
        (rice, signed[:2], "family", 10, 20),
        (cash, signed[8:], "family", 300, 12),
    ]
    for line, whom, to, quantity, ago in given:
        details = {"to": to, "quantity": Decimal(quantity), "on": today - days(ago)}
        made = giving.hand_out_to_children(line, whom, by=by, **details)
    giving.take_back(made[0], why="记错了金额，重新登记", by=by)
    if home := Home.objects.filter(community=place.code, closed_on=None).first():
        details = {"quantity": Decimal(40), "on": today - days(50), "signed_by": COUNTER}
        giving.hand_out_to_home(books, home, by=by, **details)
    there = GiftLine.objects.get(pk=books.pk).remaining
    counted = {"counted": there - 2, "seen": there, "why": "受潮损坏", "handler": by.name, "counter": COUNTER}
    giving.put_right(books, by=by, **counted)


WISHES = ["想要一个书包", "想要一盒彩色铅笔", "想要一本童话书", "想要一个篮球", "想学画画"]


def _wish(place, givers, by, today):
    """A wish fulfilled, one taken, one shown, one to be read, and one without a card yet."""
    children = list(Child.objects.filter(community=place.code).on_register(today).order_by("pk")[: len(WISHES)])
    cards = []
    for child, text in zip(children, WISHES, strict=True):
        wish = note_wish(child, text=text, by=by)
        if text == WISHES[-1]:
            continue
        if not child.consents.in_force().filter(purpose=Consent.Purpose.PUBLICITY).exists():
            give_consent(child, Consent.Purpose.PUBLICITY, given_by="监护人", on=today - days(30), by=by)
        cards.append(wishing.write_card(wish, text, by=by))
    for card in cards[:3]:
        wishing.show(card, seen=card.text, by=by)
    for card in cards[:2]:
        wishing.take(card, givers[2], by=by)
    gift = Gift(community_id=place.code, giver=givers[2], received_on=today, purpose="实现微心愿")
    gift.handler, gift.counter = by.name, COUNTER
    receive(gift, [GiftLine(kind="goods", what="书包", quantity=Decimal(1), unit="个", unit_price=80)], by=by)
    signed = [(children[0], "监护人（示例）")]
    details = {"to": "child", "quantity": Decimal(1), "on": today, "by": by}
    made = giving.hand_out_to_children(gift.lines.get(), signed, **details)
    wishing.fulfil(cards[0], made[0], by=by)
