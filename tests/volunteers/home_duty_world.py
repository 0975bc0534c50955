"""Duty at a Home on one Wednesday of November 2026, for the tests of the roster and of the day."""

import datetime as dt
from zoneinfo import ZoneInfo

from tests.children.pages import soup
from volunteers.models import HomeDay, Team

MONDAY = dt.date(2026, 11, 23)
T = dt.time


def at(day, hour, minute=0):
    return dt.datetime.combine(day, T(hour, minute), tzinfo=ZoneInfo("Asia/Shanghai"))


def a_team(community, director, *helpers, **details):
    team = Team.objects.create(community=community, **{"name": "春风队", **details})
    for helper in helpers:
        team.take_in(helper, by=director)
    return team


def manned(slot):
    return HomeDay.objects.with_manned().get(pk=slot.pk).manned


def token(answer):
    """A fresh token of a form on the page."""
    return {"once_token": soup(answer).find("main").find("input", {"name": "once_token"})["value"]}
