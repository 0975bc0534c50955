"""Gifts of the story: invented givers, what they brought, and where it went."""

from decimal import Decimal

from config.demo.days import days
from config.demo.places import PLACES
from gifts.models import Gift, GiftLine, Giver
from gifts.receiving import add_giver, receive

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
        for facts in GIFTS:
            _bring(place, givers, facts, worker, today)


def _bring(place, givers, facts, worker, today):
    number, ago, purpose, things = facts
    gift = Gift(
        community_id=place.code,
        giver=None if number is None else givers[number],
        received_on=today - days(ago),
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
