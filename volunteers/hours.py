"""How long helpers helped. Contacts and duties at the Home count here; apps above add theirs in a module `hours.py`:

@counts_hours
def took_part(helpers, first, last):
    yield helper's key, day, starts_at, ends_at

An hour counts once: what lies at the same time is one stretch of time, and a contact at the Children's Home lies
within the helper's duty there and within the activities of that day. Time is spent on a try, too, but a try that
reached nobody is no contact.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from communities.models import Term
from records.discovery import import_from_apps
from volunteers.kinds import Met
from volunteers.models import Contact, HomeDuty

_sources: list[Callable] = []


def counts_hours(function):
    """Register the decorated function `(helpers, first, last)`: each session that one of these helpers led or helped at
    then."""
    _sources.append(function)
    return function


@dataclass
class Worked:
    contacts: int = 0
    sessions: int = 0
    shifts: int = 0
    minutes: int = 0

    def add(self, other):
        self.contacts += other.contacts
        self.sessions += other.sessions
        self.shifts += other.shifts
        self.minutes += other.minutes

    @property
    def hours(self):
        """Whole and half hours, rounded down."""
        return self.minutes // 30 / 2

    @property
    def is_something(self):
        return bool(self.contacts or self.sessions or self.shifts or self.minutes)


@dataclass
class _Day:
    """What one helper did on one day."""

    contacts: int = 0
    elsewhere: int = 0  # minutes of contacts that were not at the Children's Home
    at_the_home: int = 0
    sessions: list = field(default_factory=list)  # (starts at, ends at)
    on_duty: list = field(default_factory=list)

    @property
    def worked(self):
        by_the_clock = _together(self.sessions + self.on_duty)
        minutes = self.elsewhere + max(self.at_the_home, by_the_clock)
        return Worked(self.contacts, len(self.sessions), len(self.on_duty), minutes)


def _together(stretches):
    """The minutes that stretches of one day take, counted once where they overlap."""
    total, reached = 0, 0
    for starts, ends in sorted((_minute(starts), _minute(ends)) for starts, ends in stretches):
        total += max(0, ends - max(starts, reached))
        reached = max(reached, ends)
    return total


def _minute(time: dt.time):
    return time.hour * 60 + time.minute


def _days_of(helpers, first, last):
    """{(helper's key, day): what was done} from the first day to the last, in as many queries as there are sources."""
    import_from_apps("hours", beside=["volunteers"])
    days = defaultdict(_Day)
    made = Contact.objects.filter(volunteer__in=helpers, made_on__gte=first, made_on__lte=last)
    for key, on, met, place, minutes in made.values_list("volunteer", "made_on", "met", "place", "minutes"):
        day = days[key, on]
        day.contacts += Met.NOBODY not in met
        if place == Contact.Place.CHILDRENS_HOME:
            day.at_the_home += minutes or 0
        else:
            day.elsewhere += minutes or 0
    served = HomeDuty.objects.filter(volunteer__in=helpers, day__gte=first, day__lte=last).served()
    for key, on, came, went in served.values_list("volunteer", "day", "came_at", "went_at"):
        days[key, on].on_duty.append((came, went))
    for source in _sources:
        for key, on, starts, ends in source(helpers, first, last):
            days[key, on].sessions.append((starts, ends))
    return days


def by_day(helpers, first):
    """{helper's key: [(day, what was done)]} from a day on."""
    found = defaultdict(list)
    for (key, day), done in _days_of(helpers, first, dt.date.max).items():
        found[key].append((day, done.worked))
    return found


def between(volunteer, first, last):
    worked = Worked()
    for done in _days_of([volunteer.pk], first, last).values():
        worked.add(done.worked)
    return worked


def by_term(volunteer):
    """(all together, [(term, what was done in it)]), the newest first; what lies between terms is in the sum alone."""
    terms = list(Term.objects.of(volunteer.community_id).order_by("-starts_on"))
    in_all, each = Worked(), {term: Worked() for term in terms}
    for (_key, day), done in _days_of([volunteer.pk], dt.date.min, dt.date.max).items():
        worked = done.worked
        in_all.add(worked)
        for term in terms:
            if term.starts_on <= day <= term.ends_on:
                each[term].add(worked)
    return in_all, [(term, worked) for term, worked in each.items() if worked.is_something]
