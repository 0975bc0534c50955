"""Givers and gifts for the tests."""

import datetime as dt
from decimal import Decimal

from django.utils import timezone

from gifts.models import Gift, GiftLine, Giver
from gifts.receiving import receive


def today():
    return timezone.localdate()


def days_ago(number):
    return today() - dt.timedelta(days=number)


def a_giver(community, name="晨光文具店", **details):
    return Giver.objects.create(community=community, name=name, **{"kind": "firm", **details})


def a_thing(what="书包", quantity=10, **details):
    facts = {"kind": "goods", "unit": "个", "unit_price": Decimal(60), **details}
    return GiftLine(what=what, quantity=Decimal(quantity), **facts)


def money(quantity):
    return GiftLine(kind="money", quantity=Decimal(quantity))


def food(what="大米", quantity=10, left=30, **details):
    expires_on = today() + dt.timedelta(days=left)
    return a_thing(what, quantity, kind="food", unit="千克", unit_price=None, expires_on=expires_on, **details)


def a_gift(community, by, *things, giver=None, **details):
    facts = {
        "received_on": days_ago(3),
        "purpose": "给孩子们添置学习用品",
        "handler": "王敏",
        "counter": "钱淑芬",
        **details,
    }
    gift = Gift(community=community, giver=giver, **facts)
    return receive(gift, list(things) or [a_thing()], by=by)
