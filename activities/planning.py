"""Laying out an activity's sessions: one day, or again and again by a rule, without the closed days."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from activities.clashes import clashes
from activities.models import Session
from activities.recurrence import recurrence
from activities.year import calendar_of
from communities.models import ClosedDay
from records.lifecycle import Refused
from records.trail import log_act
from records.versions import stored_for_update


def days_of(rule, code):
    """`recurrence` by the terms and closed days of the district of `code`."""
    calendar = calendar_of(code)
    return recurrence(rule, list(calendar.terms.values()), calendar.closed, calendar.worked)


@dataclass(frozen=True)
class LaidOut:
    """The days of a plan before it is saved, each with what stands in its way."""

    rows: list
    passed_over: list

    @property
    def days(self):
        return [row["day"] for row in self.rows]


def lay_out(activity, rule, *, by):
    days, passed_over = days_of(rule, activity.community_id)
    hours = {"starts_at": rule.starts_at, "ends_at": rule.ends_at}
    found = clashes(activity, days, **hours, home=activity.home, venue=activity.venue, by=by)
    names = ClosedDay.objects.filter(district_id=activity.community_id[:6], day__in=[*days, *passed_over])
    closed = {row.day: row for row in names if not row.is_worked}
    rows = [
        {
            "day": day,
            "clashes": found[day],
            "is_taken": any(clash.takes_venue for clash in found[day]),
            "closed": closed[day].name if day in closed else "",
        }
        for day in days
    ]
    return LaidOut(rows, [(day, closed[day].name if day in closed else "") for day in passed_over])


@transaction.atomic
def plan_activity(activity, rule, *, by, days=None):
    """Save a new activity with its sessions, or nothing when one of them clashes; `days` are those wanted of the
    rule's."""
    days = days_of(rule, activity.community_id)[0] if days is None else sorted(days)
    if not days:
        raise Refused(_("Choose one day at least."))
    activity.starts_on, activity.ends_on = days[0], days[-1]
    if activity.helper_id is None and activity.leader_id is None:
        activity.leader = by
    activity.save()
    for day in days:
        _new_session(activity, day, rule.starts_at, rule.ends_at, activity.home, activity.venue)
    log_act(by, "planned", activity)
    return activity


@transaction.atomic
def add_session(activity, *, day, starts_at, ends_at, venue="", home=None, by):
    """One more session of an activity that goes on."""
    activity = stored_for_update(activity)
    if not activity.is_open:
        raise Refused(_("This activity is over or cancelled."))
    session = _new_session(activity, day, starts_at, ends_at, home, venue)
    activity.fit_period()
    log_act(by, "added", session, activity=activity)
    return session


def _new_session(activity, day, starts_at, ends_at, home, venue):
    session = Session(
        activity=activity,
        community_id=activity.community_id,
        day=day,
        starts_at=starts_at,
        ends_at=ends_at,
        home=home,
        venue=venue,
    )
    session.hold_venue()
    return session
