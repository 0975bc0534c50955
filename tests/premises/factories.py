"""A Home with its pieces, on one Wednesday afternoon of November 2026."""

import datetime as dt

from django.utils import timezone

from homes.models.opening import set_hours
from premises import registering
from premises.models import AssetRequest
from tests.homes.factories import make_home
from tests.volunteers.home_duty_world import at

T = dt.time
WEDNESDAY = dt.date(2026, 11, 25)
NOON = at(WEDNESDAY, 12)
HOURS = {day: (T(16), T(18, 30)) for day in range(5)}


def open_home(community, by, hours=HOURS, **details):
    home = make_home(community, **details)
    set_hours(home, hours, by=by)
    return home


def pieces(home, by, *, number=1, kind="book", name="小王子", on=None, **details):
    on = on or timezone.localdate()
    return registering.check_in_earlier(home, pieces=number, kind=kind, name=name, on=on, by=by, **details)


def a_piece(home, by, **details):
    return pieces(home, by, **details)[0]


def asked_for(home, by, **details):
    facts = {"kind": "furniture", "name": "书桌", "quantity": 4, "unit_price": None, "reason": "孩子多了", **details}
    return AssetRequest.ask(home, by=by, **facts)


def statuses(home):
    """{number: status} of the register."""
    return dict(home.assets.order_by("number").values_list("number", "status"))
