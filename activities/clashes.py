"""What stands at the same time: in a venue, and for who leads, who helps and who is enrolled."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from activities.models import Activity, Enrolment, Session
from records.scoping import Scope
from volunteers.models import HomeDuty


@dataclass(frozen=True)
class Clash:
    words: str
    takes_venue: bool = False  # nobody can go past this one


def clashes(activity, days, *, starts_at, ends_at, venue, by, session=None) -> dict[Any, list[Clash]]:
    """By day, what else stands at these hours; `session` is the one that is being moved."""
    at_once = Q(day__in=days, starts_at__lt=ends_at, ends_at__gt=starts_at)
    enrolled = Enrolment.objects.open().filter(activity=activity.pk) if activity.pk else Enrolment.objects.none()
    theirs = Enrolment.objects.open().filter(child__in=enrolled.values("child"))
    concerned = Q(community=activity.community_id, venue__iexact=venue)
    if activity.leader_id:
        concerned |= Q(activity__leader=activity.leader_id)
    if activity.helper_id:
        concerned |= Q(activity__helper=activity.helper_id)
    if activity.pk:
        concerned |= Q(activity__in=theirs.values("activity"))
    others = Session.objects.not_cancelled().filter(at_once).filter(concerned).select_related("activity")
    others = others.exclude(pk=session.pk if session else None).order_by("starts_at", "pk")
    found = {day: [] for day in days}
    rows = list(others)
    names = _names(theirs, rows, activity)
    in_sight = Scope.of(*by.codes_for(Session))
    for other in rows:
        found[other.day] += _of(activity, other, venue, names.get(other.activity_id, []), in_sight)
    for duty in _home_duties(activity, days, starts_at, ends_at):
        found[duty.day].append(Clash(_("%(name)s is on duty at the Home.") % {"name": duty.volunteer.name}))
    return found


def _of(activity, other, venue, names, in_sight):
    facts = {"activity": other.activity.title, "hours": f"{other.starts_at:%H:%M}–{other.ends_at:%H:%M}"}
    if other.community_id == activity.community_id and other.venue.lower() == venue.lower():
        facts["venue"] = other.venue
        yield Clash(_("%(venue)s is taken: %(activity)s, %(hours)s.") % facts, takes_venue=True)
    if _same(activity.leader_id, other.activity.leader_id):
        facts["name"] = activity.leader.name or activity.leader.username
        if other.community_id not in in_sight:
            yield Clash(_("%(name)s leads something elsewhere, %(hours)s.") % facts)
        else:
            yield Clash(_("%(name)s also leads: %(activity)s, %(hours)s.") % facts)
    if _same(activity.helper_id, other.activity.helper_id):
        facts["name"] = activity.helper.name
        yield Clash(_("%(name)s also leads: %(activity)s, %(hours)s.") % facts)
    if names and other.activity_id != activity.pk:
        facts["names"] = ", ".join(names)
        yield Clash(_("Enrolled in both: %(names)s (%(activity)s, %(hours)s).") % facts)


def _same(one, other):
    return one is not None and one == other


def _names(theirs, sessions, activity):
    """Children enrolled in `activity` by the other activity in which they have a place, in one query."""
    names: dict[int, list[str]] = {}
    keys = {session.activity_id for session in sessions} - {activity.pk}
    if activity.pk and keys:
        rows = theirs.filter(activity__in=keys).order_by("child__name_pinyin", "pk")
        for key, name in rows.values_list("activity", "child__name"):
            names.setdefault(key, []).append(name)
    return names


def _home_duties(activity, days, starts_at, ends_at):
    if activity.helper_id is None:
        return []
    rows = HomeDuty.objects.standing().filter(volunteer=activity.helper_id, day__in=days)
    rows = rows.filter(slot__starts_at__lt=ends_at, slot__ends_at__gt=starts_at)
    return rows.select_related("volunteer").order_by("day", "pk")


def busy_children(activity, children, *, since):
    """Which of `children` has something else at a time of `activity` from `since` on: by child, the other's title."""
    own = list(activity.sessions.not_cancelled().filter(day__gte=since))
    overlapping = Q(pk__in=())
    for one in own:
        overlapping |= Q(day=one.day, starts_at__lt=one.ends_at, ends_at__gt=one.starts_at)
    sessions = Session.objects.not_cancelled().filter(overlapping).exclude(activity=activity)
    others = Activity.objects.filter(pk__in=sessions.values("activity"))
    places = Enrolment.objects.open().filter(child__in=children, activity__in=others).order_by("pk")
    return dict(places.values_list("child", "activity__title"))
