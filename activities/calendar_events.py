"""What stands in a person's calendar feed: days, hours, places, and nobody's name."""

import datetime as dt

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Event

from activities.models import Session
from activities.portal import concerned
from records.scoping import COMMUNITY_DIGITS, Scope
from volunteers.portal_home import next_duties
from volunteers.standing import in_good_standing

DAYS_BACK, DAYS_AHEAD = dt.timedelta(days=31), dt.timedelta(days=400)
EVENTS_AT_MOST = 1000


def events_of(user, host):
    """The events for this person's calendar; None for whom neither a posting nor good standing as a helper holds."""
    helper, codes = in_good_standing(user), user.codes_for(Session)
    if helper is None and not codes:
        return None
    sessions = {row.pk: row for row in _sessions_of_staff(user, codes)} if codes else {}
    if helper is None:
        return [_of_session(row, host) for row in sessions.values()]
    sessions |= {row.pk: row for row in _sessions_of_helper(helper)}
    last = timezone.localdate() + DAYS_AHEAD
    duties = next_duties(helper).filter(day__lte=last)[:EVENTS_AT_MOST]
    return [
        *(_of_session(row, host) for row in sessions.values()),
        *(_of_duty(duty, host) for duty in duties),
    ]


def _sessions_of_staff(user, codes):
    """All of the communities a person works in; of streets and districts, only what the person leads."""
    today = timezone.localdate()
    rows = Session.objects.visible_to(user).filter(day__range=(today - DAYS_BACK, today + DAYS_AHEAD))
    own = Scope.of(*(code for code in codes if len(code) >= COMMUNITY_DIGITS))
    return _in_order(rows.filter(Q(activity__leader=user) | own.q(Session)))


def _sessions_of_helper(helper):
    """The days before a helper of what they lead or come to."""
    today = timezone.localdate()
    return _in_order(Session.objects.filter(activity__in=concerned(helper), day__range=(today, today + DAYS_AHEAD)))


def _in_order(rows):
    return rows.select_related("activity", "home").order_by("day", "starts_at", "pk")[:EVENTS_AT_MOST]


def _of_session(session, host):
    activity = session.activity
    event = _event(f"session-{session.pk}@{host}", session, is_off=session.is_cancelled)
    event.add("summary", activity.title)
    event.add("location", session.venue_name)
    event.add("description", f"{activity.get_kind_display()} · {activity.get_audience_display()}")
    event.add("sequence", session.version)
    return event


def _of_duty(duty, host):
    """Why a duty is called off may tell of people, and stays in the portal."""
    slot = duty.slot
    event = _event(f"duty-{duty.pk}@{host}", slot, is_off=not slot.is_on)
    event.add("summary", _("Duty at the Children's Home"))
    event.add("location", f"{slot.home.name}, {slot.home.address}")
    event.add("sequence", 0 if slot.is_on else 1)
    return event


def _event(uid, row, *, is_off):
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", timezone.now())
    event.add("dtstart", _moment(row.day, row.starts_at))
    event.add("dtend", _moment(row.day, row.ends_at))
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    return event


def _moment(day, time):
    return dt.datetime.combine(day, time, tzinfo=timezone.get_default_timezone()).astimezone(dt.UTC)
