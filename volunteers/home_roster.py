"""Who is on duty at a Children's Home and when: the roster made from the shifts, helpers put on it, gaps and swaps.

Homes are locked before helpers, helpers before days of the roster.
"""

import datetime as dt
from collections import defaultdict

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from homes.models.opening import Season, hours_of
from homes.open_days import opening_of
from records.lifecycle import Refused
from records.trail import log_act, log_acts
from records.versions import stored_for_update
from volunteers.models import HomeDay, HomeDuty, Volunteer

WEEK = dt.timedelta(days=7)
LONGEST = dt.timedelta(days=62)
LOOK_AHEAD = dt.timedelta(days=14)
Status = HomeDuty.Status


@transaction.atomic
def make_roster(home, *, first, last, again=False, by):
    """Put every shift from `first` to `last` on the roster, but for days closed and what stands there already.

    A shift outside the hours of its day is left out: the Home may have new ones since it was planned, and others in
    the school holidays.

    With `again`, who was on a shift the last time is put on again. How many days were added.
    """
    held = stored_for_update(home)
    if not held.is_open:
        raise Refused(gettext("This Home is closed."))
    if first < timezone.localdate() or last < first or last - first > LONGEST:
        raise Refused(gettext("Make the roster from today on, for two months at most."))
    if not held.shifts.filter(ended_on=None).exists():
        raise Refused(gettext("No shift is planned yet. Plan the shifts of a week first."))
    added = _add_days(held, first, last)
    if again:
        _put_on_again(added, first, by)
    log_act(by, "made the roster of the Home", held)
    return len(added)


def by_hours(home):
    """(shifts within the Home's opening hours of today, shifts planned before these hours and outside them)"""
    hours, in_holidays, within, outside = hours_of(home), hours_of(home, Season.HOLIDAY), [], []
    for shift in home.shifts.filter(ended_on=None):
        (outside if shift.why_outside(hours, in_holidays) else within).append(shift)
    return within, outside


def _add_days(home, first, last):
    shifts, _outside = by_hours(home)
    opening = opening_of(home, first, last)
    there = set(HomeDay.objects.filter(home=home, day__gte=first, day__lte=last).values_list("shift", "day"))
    span = [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
    rows = [
        HomeDay(
            **{"shift": shift, "home": home, "community_id": home.community_id, "district": home.district, "day": day},
            **{"starts_at": shift.starts_at, "ends_at": shift.ends_at, "needed": shift.needed},
        )
        for day in span
        for shift in shifts
        if day.weekday() == shift.weekday and (shift.pk, day) not in there
        if opening[day].is_unset or opening[day].holds(shift.starts_at, shift.ends_at)
    ]
    return HomeDay.objects.bulk_create(rows)


def _put_on_again(days, first, by):
    """Those who did each shift on its last day before `first`, as far as they are cleared and free."""
    before = HomeDay.objects.filter(shift__in={day.shift_id for day in days}, day__lt=first).on()
    last = dict(before.order_by("shift", "-day", "-pk").distinct("shift").values_list("pk", "shift"))
    of_shift = defaultdict(list)
    for duty in HomeDuty.objects.filter(slot__in=last).standing().order_by("volunteer"):
        of_shift[last[duty.slot_id]].append(duty)
    helpers = _locked({duty.volunteer_id for duties in of_shift.values() for duty in duties})
    taken, again = _taken_by(helpers, [slot.day for slot in days]), []
    for slot in days:
        for duty in of_shift[slot.shift_id]:
            helper = helpers[duty.volunteer_id]
            if not why_not(slot, helper, taken):
                again.append(_duty(slot, helper, team_id=duty.team_id))
                taken[helper.pk, slot.day].append(again[-1])
    _put_all(again, by)


def _locked(keys):
    rows = Volunteer.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk")
    return {helper.pk: helper for helper in rows}


def _taken_by(helpers, days):
    """{(helper's key, day): the helper's duties of that day}"""
    taken = defaultdict(list)
    rows = HomeDuty.objects.holding().taking_place().filter(volunteer__in=helpers, day__in=days)
    for duty in rows.select_related("slot"):
        taken[duty.volunteer_id, duty.day].append(duty)
    return taken


def why_not(slot, helper, taken=None):
    """In words, why this helper cannot be on duty then; empty when they can. `taken`: what `_taken_by` found."""
    name = {"name": helper.name, "day": f"{slot.day:%Y-%m-%d}"}
    if helper.community_id != slot.community_id:
        return gettext("Helper and Home belong to different communities.")
    if not helper.is_in_service_on(slot.day):
        return gettext("%(name)s is not in service on %(day)s.") % name
    if not helper.is_cleared_on(slot.day):
        return gettext("What we ask of helpers is not met by %(name)s on %(day)s: renew it first.") % name
    taken = _taken_by([helper.pk], [slot.day]) if taken is None else taken
    for duty in taken[helper.pk, slot.day]:
        if duty.status == Status.ABSENT and duty.slot_id == slot.pk:
            return gettext("It is noted that %(name)s did not come on this duty. The office can correct that.") % name
        if duty.status != Status.ABSENT and duty.slot.overlaps(slot):
            return gettext("%(name)s is on duty at that time already.") % name
    return ""


def _duty(slot, helper, *, team_id=None, stands_in_for=None):
    return HomeDuty(
        **{"slot": slot, "volunteer": helper, "day": slot.day, "team_id": team_id, "stands_in_for": stands_in_for},
        **{"community_id": slot.community_id, "district": slot.district},
    )


def _put(duty, by):
    duty.save()
    log_act(by, "put on the roster", duty, helper=duty.volunteer_id, slot=duty.slot_id)
    return duty


def _put_all(duties, by, **keys):
    HomeDuty.objects.bulk_create(duties)
    log_acts(by, "put on the roster", HomeDuty, {duty.pk: duty.community_id for duty in duties}, **keys)


def _open_slot(slot):
    held = stored_for_update(slot)
    held.refuse_when_off()
    if held.is_over:
        raise Refused(gettext("This day is over."))
    return held


@transaction.atomic
def put_on(slot, helper, *, by):
    """Staff put a helper on duty."""
    helper = helper.locked()
    held = _open_slot(slot)
    if words := why_not(held, helper):
        raise Refused(words)
    return _put(_duty(held, helper, stands_in_for=_given_back(held)), by)


@transaction.atomic
def put_team_on(slot, team, *, by):
    """All members of a team who can be on duty then. (those put on, the words about those who cannot)."""
    if team.community_id != slot.community_id:
        raise Refused(gettext("Team and Home belong to different communities."))
    helpers = _locked(team.members.filter(left_on=None).values_list("volunteer", flat=True))
    held = _open_slot(slot)
    taken = _taken_by(helpers, [held.day])
    words = {helper: why_not(held, helper, taken) for helper in helpers.values()}
    put = [_duty(held, helper, team_id=team.pk) for helper, why in words.items() if not why]
    if not put:
        raise Refused(gettext("Nobody of this team can be put on duty then."))
    _put_all(put, by, slot=held, team=team)
    return put, [why for why in words.values() if why]


@transaction.atomic
def take_over(slot, helper, *, by):
    """A helper takes a free place, first that of somebody of the own team who cannot come."""
    helper = helper.locked()
    held = _open_slot(slot)
    held.refuse_when_ended()
    if words := why_not(held, helper):
        raise Refused(words)
    if not HomeDay.objects.short().filter(pk=held.pk).exists():
        raise Refused(gettext("Somebody else has taken this place. Thank you all the same."))
    teams = set(helper.memberships.filter(left_on=None).values_list("team", flat=True))
    return _put(_duty(held, helper, stands_in_for=_given_back(held, teams)), by)


def _given_back(slot, teams=frozenset()):
    """The duty of somebody who cannot come and for whom nobody stands in yet."""
    open_ones = list(slot.duties.filter(status=Status.CANNOT, stand_in=None).order_by("pk"))
    return min(open_ones, key=lambda duty: (duty.team_id not in teams, duty.pk), default=None)


def fall_off(day):
    """Every night: who is not cleared on `day`, or has left, comes off the roster; staff see the gap."""
    gone = Q(volunteer__in=Volunteer.objects.uncleared_on(day)) | Q(volunteer__left_on__lte=day)
    duties = HomeDuty.objects.filter(gone, status=Status.ON, day__gte=day).select_related("volunteer", "slot")
    return sum(duty.fall_off(day) for duty in duties.defer("volunteer__phone", "volunteer__id_number").order_by("pk"))


def free_places(helper):
    """The days to come on which somebody is needed and this helper could be."""
    today = timezone.localdate()
    slots = HomeDay.objects.filter(community=helper.community_id, day__gte=today, day__lte=today + 2 * LOOK_AHEAD)
    slots = slots.filter(day__lte=helper.cleared_until or today).short().select_related("home")
    mine = HomeDuty.objects.holding().taking_place().filter(volunteer=helper, day__gte=today)
    taken = [duty.slot for duty in mine.select_related("slot")]
    return [
        slot
        for slot in slots.order_by("day", "starts_at", "pk")
        if not slot.has_ended and not any(slot.overlaps(other) for other in taken)
    ]
