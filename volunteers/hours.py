"""How long a helper helped. Contacts count here; apps above add what they know in a module `hours.py`:

@counts_hours
def led(volunteer):
    yield day, minutes
"""

from collections.abc import Callable
from dataclasses import dataclass

from communities.models import Term
from records.discovery import import_from_apps
from volunteers.models import Contact

_sources: list[Callable] = []


def counts_hours(function):
    """Register the decorated function `(volunteer)`: the day and the minutes of each activity the helper led."""
    _sources.append(function)
    return function


@dataclass
class Worked:
    contacts: int = 0
    sessions: int = 0
    minutes: int = 0

    def add(self, *, contacts=0, sessions=0, minutes=0):
        self.contacts += contacts
        self.sessions += sessions
        self.minutes += minutes

    @property
    def hours(self):
        """Whole and half hours, rounded down."""
        return self.minutes // 30 / 2


def _lines(volunteer):
    """(day, what to add to a sum) of everything a helper did."""
    import_from_apps("hours", beside=["volunteers"])
    for day, minutes in Contact.objects.filter(volunteer=volunteer).values_list("made_on", "minutes"):
        yield day, {"contacts": 1, "minutes": minutes or 0}
    for source in _sources:
        for day, minutes in source(volunteer):
            yield day, {"sessions": 1, "minutes": minutes}


def between(volunteer, first, last):
    worked = Worked()
    for day, more in _lines(volunteer):
        if first <= day <= last:
            worked.add(**more)
    return worked


def by_term(volunteer):
    """(all together, [(term, what was done in it)]), the newest first; what lies between terms is in the sum alone."""
    terms = list(Term.objects.of(volunteer.community_id).order_by("-starts_on"))
    in_all, each = Worked(), {term: Worked() for term in terms}
    for day, more in _lines(volunteer):
        in_all.add(**more)
        for term in terms:
            if term.starts_on <= day <= term.ends_on:
                each[term].add(**more)
    return in_all, [(term, worked) for term, worked in each.items() if worked.contacts or worked.sessions]
