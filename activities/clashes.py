"""What stands in the way: at the same time in a venue, for who leads, helps and is enrolled; a Home that is closed."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from activities.models import Activity, Enrolment, HelperPlace, Session
from activities.models.venue import at_venue_of
from homes.open_days import opening_of
from records.scoping import Scope
from records.wording import listed, said_of
from volunteers.models import HomeDuty


@dataclass(frozen=True)
class Clash:
    words: str
    takes_venue: bool = False  # nobody can go past this one
    is_closed: bool = False  # the Home is, at that hour


def clashes(activity, days, *, starts_at, ends_at, by, venue="", home=None, session=None) -> dict[Any, list[Clash]]:
    """By day, what else stands at these hours; `session` is the one that is being moved."""
    wanted = Session(community_id=activity.community_id, home=home, venue=venue)
    at_once = Q(day__in=days, starts_at__lt=ends_at, ends_at__gt=starts_at)
    enrolled = Enrolment.objects.open().filter(activity=activity.pk) if activity.pk else Enrolment.objects.none()
    theirs = Enrolment.objects.open().filter(child__in=enrolled.values("child"))
    concerned = at_venue_of(wanted)
    if activity.leader_id:
        concerned |= Q(activity__leader=activity.leader_id)
    people = _helpers_of(activity)
    if people:
        concerned |= Q(activity__in=_with_any_of(people))
    if activity.pk:
        concerned |= Q(activity__in=theirs.values("activity"))
    others = Session.objects.not_cancelled().filter(at_once).filter(concerned).select_related("activity", "home")
    others = others.exclude(pk=session.pk if session else None).order_by("starts_at", "pk")
    found = {day: _home_closed(home, opening, starts_at, ends_at) for day, opening in _openings(home, days)}
    rows = list(others)
    names = _names(theirs, rows, activity)
    tasks = _tasks(people, rows, activity)
    in_sight = Scope.of(*by.codes_for(Session))
    for other in rows:
        found[other.day] += _of(activity, other, wanted, names.get(other.activity_id, []), in_sight)
        found[other.day] += [Clash(words % _facts(other, name)) for words, name in tasks.get(other.activity_id, [])]
    for duty in _home_duties(people, days, starts_at, ends_at):
        found[duty.day].append(Clash(_("%(name)s is on duty at the Home.") % {"name": duty.volunteer.name}))
    return found


def _of(activity, other, wanted, names, in_sight):
    facts = _facts(other)
    if wanted.shares_venue_with(other):
        facts["venue"] = other.venue_name
        yield Clash(_("%(venue)s is taken: %(activity)s, %(hours)s.") % facts, takes_venue=True)
    if _same(activity.leader_id, other.activity.leader_id):
        facts["name"] = activity.leader.name or activity.leader.username
        if other.community_id not in in_sight:
            yield Clash(_("%(name)s leads something elsewhere, %(hours)s.") % facts)
        else:
            yield Clash(_("%(name)s also leads: %(activity)s, %(hours)s.") % facts)
    if names and other.activity_id != activity.pk:
        facts["names"] = listed(names)
        yield Clash(_("Enrolled in both: %(names)s (%(activity)s, %(hours)s).") % facts)


def _openings(home, days):
    """(day, the `Opening` of the Home on it); None where it is held elsewhere."""
    if home is None or not days:
        return [(day, None) for day in days]
    openings = opening_of(home, min(days), max(days))
    return [(day, openings[day]) for day in days]


def _home_closed(home, opening, starts_at, ends_at):
    """Said, and left to the person: a Home may be opened for an activity."""
    if opening is None or opening.is_unset or opening.holds(starts_at, ends_at):
        return []
    if opening.hours is None:
        return [Clash(said_of(home.name, opening.why), is_closed=True)]
    hours = "–".join(f"{time:%H:%M}" for time in opening.hours)
    return [Clash(_("%(home)s is open %(hours)s on this day.") % {"home": home.name, "hours": hours}, is_closed=True)]


def _facts(other, name=""):
    hours = f"{other.starts_at:%H:%M}–{other.ends_at:%H:%M}"
    return {"activity": other.activity.title, "hours": hours, "name": name}


def _helpers_of(activity):
    """{key: name} of the helper who leads and of those who come to help."""
    people = {activity.helper_id: activity.helper.name} if activity.helper_id else {}
    if activity.pk:
        people |= dict(activity.helper_places.coming().values_list("volunteer", "volunteer__name"))
    return people


def _with_any_of(helpers):
    """Activities that one of these helpers leads or comes to."""
    coming = HelperPlace.objects.coming().filter(volunteer__in=helpers)
    return Activity.objects.filter(Q(helper__in=helpers) | Q(pk__in=coming.values("activity")))


def _tasks(people, sessions, activity):
    """{the other activity: [(words, name)]} of what `people` lead and help at."""
    leads, helps = _("%(name)s also leads: %(activity)s, %(hours)s."), _("%(name)s helps at: %(activity)s, %(hours)s.")
    tasks: dict[int, list[tuple]] = {}
    for other in {session.activity_id: session.activity for session in sessions}.values():
        if other.helper_id in people and (other.pk != activity.pk or other.helper_id == activity.helper_id):
            tasks.setdefault(other.pk, []).append((leads, people[other.helper_id]))
    keys = {session.activity_id for session in sessions} - {activity.pk}
    if people and keys:
        places = HelperPlace.objects.coming().filter(volunteer__in=people, activity__in=keys).order_by("pk")
        for key, helper in places.values_list("activity", "volunteer"):
            tasks.setdefault(key, []).append((helps, people[helper]))
    return tasks


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


def _home_duties(people, days, starts_at, ends_at):
    if not people:
        return []
    rows = HomeDuty.objects.standing().filter(volunteer__in=people, day__in=days)
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


def busy_helper(activity, helper, *, since):
    """The first session of another activity that `helper` leads or helps at while one of `activity` is held, from
    `since` on; or None."""
    others = Session.objects.not_cancelled().filter(activity__in=_with_any_of([helper.pk]), day__gte=since)
    by_day: dict[Any, list[Session]] = {}
    for other in (
        others.exclude(activity=activity).select_related("activity", "home").order_by("day", "starts_at", "pk")
    ):
        by_day.setdefault(other.day, []).append(other)
    for own in activity.sessions.not_cancelled().filter(day__in=by_day).order_by("day", "starts_at", "pk"):
        for other in by_day[own.day]:
            if own.starts_at < other.ends_at and own.ends_at > other.starts_at:
                return other
    return None
