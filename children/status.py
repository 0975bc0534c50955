"""What a child counts as on a day, derived from facts and never stored.

Three definitions of "left behind" are in use. They share their facts: who is away, since when, whether across a county
border, whether the other parent can act as guardian. `children.status_in_sql` says the same of whole tables; a property
test holds the two together.
"""

import calendar
import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

COUNTED_UNDER = 16
MINOR_UNDER = 18
AWAY_MONTHS = 6
SCHOOL_MONTHS = 3
MOVED_MONTHS = 6
PARENTS = ("father", "mother")


class Definition(StrEnum):
    CIVIL_AFFAIRS = "civil_affairs"
    SCHOOL_REGISTER = "school_register"
    FEDERATION = "federation"


class Spell:
    """The days of a stay away for work. Without `since` it counts as long from the day it was reported."""

    @property
    def begins(self):
        return self.since or self.reported_on

    def covers(self, day):
        return self.begins <= day and (self.until is None or self.until > day)


@dataclass(frozen=True)
class Stay(Spell):
    since: dt.date | None
    reported_on: dt.date
    until: dt.date | None = None
    is_other_county: bool = True


@dataclass(frozen=True)
class Parent:
    relation: str
    stays: tuple[Stay, ...] = ()
    unable_since: dt.date | None = None
    unable_until: dt.date | None = None

    def stay_on(self, day):
        return next((s for s in self.stays if s.covers(day)), None)

    def is_away(self, day, months=0, *, other_county=False):
        """Whether away on `day`, and for `months` in a row by then."""
        stay = self.stay_on(day)
        if stay is None or (other_county and not stay.is_other_county):
            return False
        gone = gone_since(stay, self.stays, other_county=other_county)
        return gone is None or gone <= months_before(day, months)

    def is_unable(self, day):
        if self.unable_since is None or self.unable_since > day:
            return False
        return self.unable_until is None or self.unable_until > day


def gone_since(stay, stays, *, other_county=False):
    """The first day of the row of stays that leads up to this one, each begun the day the one before ended.

    None where the row begins with a stay of which only the report is known.
    """
    rest = [s for s in stays if s is not stay and (s.is_other_county or not other_county)]
    while before := next((s for s in rest if s.until == stay.begins and s.begins < s.until), None):
        rest.remove(before)
        stay = before
    return stay.since


@dataclass(frozen=True)
class Facts:
    """All that a status depends on. `district` is where the file is kept; the child may be registered elsewhere.

    `gaps` are the times the child was off the register before: (left on, returned on).
    """

    birth_date: dt.date
    registered_on: dt.date
    district: str
    left_on: dt.date | None = None
    registered_county: str = ""
    came_on: dt.date | None = None
    reported_as: str = ""
    parents: tuple[Parent, ...] = ()
    gaps: tuple[tuple[dt.date, dt.date], ...] = ()

    @classmethod
    def of(cls, child, *, past=True):
        """The facts of a stored child; reads `kinships`, their adults and stays, prefetched or not.

        Without `past` they hold for today and later only: the register's list need not look for earlier leavings.
        """
        parents = [
            Parent(
                kinship.relation,
                tuple(Stay(a.since, a.reported_on, a.until, a.is_other_county) for a in kinship.adult.aways.all()),
                kinship.adult.unable_since,
                kinship.adult.unable_until,
            )
            for kinship in child.kinships.all()
            if kinship.relation in PARENTS
        ]
        return cls(
            child.birth_date,
            child.registered_on,
            child.district,
            child.left_on,
            child.registered_county,
            child.came_on,
            child.reported_as,
            tuple(parents),
            tuple((gap.left_on, gap.returned_on) for gap in child.earlier_leavings.all()) if past else (),
        )

    def parent(self, relation):
        return next((p for p in self.parents if p.relation == relation), None)


def months_before(day, months):
    """The same day so many months earlier, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_after(day, months):
    """The first day whose `months_before` is not earlier than `day`: where the month is too short, the next first."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return dt.date(year, month + 1, day.day)
    except ValueError:
        return dt.date(year, month + 1, calendar.monthrange(year, month + 1)[1]) + dt.timedelta(days=1)


def born_after(day, years):
    """Whoever is born after this day is under `years` on `day`."""
    return months_before(day, 12 * years)


def age_on(birth_date, day):
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def left_behind(facts, day, definition=Definition.CIVIL_AFFAIRS):
    """Whether the child counts as left behind on `day`."""
    if definition == Definition.SCHOOL_REGISTER:
        return school_register_code(facts, day) > 0
    if definition == Definition.FEDERATION:
        return facts.birth_date > born_after(day, MINOR_UNDER) and any(p.is_away(day) for p in facts.parents)
    return facts.birth_date > born_after(day, COUNTED_UNDER) and _nobody_to_guard(facts, day)


def _nobody_to_guard(facts, day):
    """Both parents away for long, or one away and the other unable."""
    for away, other in (PARENTS, PARENTS[::-1]):
        gone, left = facts.parent(away), facts.parent(other)
        if gone is None or left is None or not gone.is_away(day, AWAY_MONTHS, other_county=True):
            continue
        if left.is_away(day, AWAY_MONTHS, other_county=True) or left.is_unable(day):
            return True
    return False


def school_register_code(facts, day):
    """0 neither parent away, 1 one, 2 both, as the school register writes it."""
    return sum(1 for p in facts.parents if p.is_away(day, SCHOOL_MONTHS))


def migrant(facts, day):
    """Whether the child counts as migrant: moved here from another county, with somebody who can act as guardian."""
    if facts.birth_date <= born_after(day, COUNTED_UNDER) or _nobody_to_guard(facts, day):
        return False
    if facts.registered_county:
        if facts.registered_county == facts.district:
            return False
    elif facts.reported_as != "migrant":
        return False
    if facts.came_on is not None:
        return facts.came_on <= months_before(day, MOVED_MONTHS)
    return facts.reported_as == "migrant" and facts.registered_on <= day


def on_register(facts, day):
    if facts.registered_on > day or (facts.left_on is not None and facts.left_on <= day):
        return False
    return not any(left <= day < returned for left, returned in facts.gaps)


def counted(facts, day):
    """Whether the child stands in the count: on the register, and left behind (civil affairs) or migrant."""
    return on_register(facts, day) and (left_behind(facts, day) or migrant(facts, day))


def turning_points(facts):
    """Every day on which something a status depends on can change, in order."""
    points = {facts.registered_on, facts.left_on, *(day for gap in facts.gaps for day in gap)}
    points |= {months_after(facts.birth_date, 12 * years) for years in (COUNTED_UNDER, MINOR_UNDER)}
    if facts.came_on:
        points.add(months_after(facts.came_on, MOVED_MONTHS))
    for parent in facts.parents:
        points |= {parent.unable_since, parent.unable_until}
        for stay in parent.stays:
            points |= {stay.begins, stay.until}
            if stay.since:
                points |= {months_after(stay.since, months) for months in (SCHOOL_MONTHS, AWAY_MONTHS)}
    return sorted(points - {None})
