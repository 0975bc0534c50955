"""Laying out an activity's sessions: one day, or the same weekday again and again without the closed days."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from activities.models import Session
from communities.models import ClosedDay
from records.lifecycle import Refused
from records.trail import log_act
from records.versions import stored_for_update

WEEK = dt.timedelta(days=7)
SESSIONS_AT_MOST = 60


@dataclass(frozen=True)
class Rule:
    """`times` sessions, weekly from `first_day` on, at the same hours."""

    first_day: dt.date
    starts_at: dt.time
    ends_at: dt.time
    times: int = 1


def weekly_days(first_day, times, closed=frozenset()):
    """`times` days a week apart. A closed day is skipped and made up for at the end; the first day, chosen by
    a person, stays."""
    days, day = [first_day], first_day
    while len(days) < min(times, SESSIONS_AT_MOST):
        day += WEEK
        if day not in closed:
            days.append(day)
    return days


@transaction.atomic
def plan_activity(activity, rule, *, by):
    """Save a new activity with its sessions, or nothing when one of them clashes."""
    days = weekly_days(rule.first_day, rule.times, ClosedDay.holidays(activity.community_id, rule.first_day))
    activity.starts_on, activity.ends_on = days[0], days[-1]
    if activity.helper_id is None and activity.leader_id is None:
        activity.leader = by
    activity.save()
    for day in days:
        _new_session(activity, day, rule.starts_at, rule.ends_at, activity.venue)
    log_act(by, "planned", activity)
    return activity


@transaction.atomic
def add_session(activity, *, day, starts_at, ends_at, venue, by):
    """One more session of an activity that goes on."""
    activity = stored_for_update(activity)
    if not activity.is_open:
        raise Refused(_("This activity is over or cancelled."))
    session = _new_session(activity, day, starts_at, ends_at, venue)
    activity.fit_period()
    log_act(by, "added", session, activity=activity)
    return session


def _new_session(activity, day, starts_at, ends_at, venue):
    session = Session(
        activity=activity,
        community_id=activity.community_id,
        day=day,
        starts_at=starts_at,
        ends_at=ends_at,
        venue=venue,
    )
    session.hold_venue()
    return session
