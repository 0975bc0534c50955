"""The days of a community's year: told from school terms, holidays, weekends and Spring Festival. Pure but for
`calendar_of`, which reads a district's terms and closed days."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

import holidays

from communities.models import ClosedDay, Term

DAY = dt.timedelta(days=1)
WEEK = dt.timedelta(days=7)
SATURDAY = 5
LOOK_ON_AT_MOST = 60
AUTUMN, SPRING = Term.Kind.AUTUMN, Term.Kind.SPRING
USUAL = {AUTUMN: ((0, 9, 1), (1, 1, 31)), SPRING: ((1, 2, 1), (1, 7, 31))}  # where the district has entered none


@lru_cache(maxsize=64)
def spring_festival(year):
    return min(holidays.country_holidays("CN", years=year, language="zh_CN").get_named("春节", lookup="exact"))


@dataclass(frozen=True)
class Calendar:
    """Terms as `(school year, kind): (first day, last day)`, closed days, and weekend days that are worked."""

    terms: dict
    closed: frozenset = frozenset()
    worked: frozenset = frozenset()

    def term(self, school_year, kind):
        usual = [dt.date(school_year + years, month, day) for years, month, day in USUAL[kind]]
        return self.terms.get((school_year, kind), tuple(usual))

    def is_weekend(self, day):
        return day.weekday() >= SATURDAY and day not in self.worked

    def open_day(self, day, *, weekend=False):
        """`day`, or the next one that is not closed, and lies at a weekend if it must."""
        for later in (day + n * DAY for n in range(LOOK_ON_AT_MOST)):
            if later not in self.closed and (self.is_weekend(later) or not weekend):
                return later
        return day


def calendar_of(code):
    district = code[:6]
    terms = {(t.school_year, t.kind): (t.starts_on, t.ends_on) for t in Term.objects.of(district)}
    days = list(ClosedDay.objects.filter(district_id=district).values_list("day", "is_worked"))
    closed = frozenset(day for day, is_worked in days if not is_worked)
    return Calendar(terms, closed, frozenset(day for day, is_worked in days if is_worked))


@dataclass(frozen=True)
class InTerm:
    """In the `week`th week of a term."""

    kind: str
    week: int
    weekend: bool = False

    def day(self, calendar, school_year):
        return calendar.term(school_year, self.kind)[0] + (self.week - 1) * WEEK


@dataclass(frozen=True)
class InSummer:
    """In the `week`th week after the spring term."""

    week: int
    weekend: bool = False

    def day(self, calendar, school_year):
        return calendar.term(school_year, SPRING)[1] + DAY + (self.week - 1) * WEEK


@dataclass(frozen=True)
class InWinter:
    """In the winter holidays; where the terms on file leave none, two weeks before Spring Festival."""

    weekend: bool = False

    def day(self, calendar, school_year):
        last, first = calendar.term(school_year, AUTUMN)[1], calendar.term(school_year, SPRING)[0]
        return last + DAY if first - last > WEEK else spring_festival(school_year + 1) - 2 * WEEK


@dataclass(frozen=True)
class BeforeSpringFestival:
    days: int
    weekend: bool = False

    def day(self, calendar, school_year):
        return spring_festival(school_year + 1) - self.days * DAY


@dataclass(frozen=True)
class OnDay:
    month: int
    number: int
    weekend: bool = False

    def day(self, calendar, school_year):
        return dt.date(school_year + 1, self.month, self.number)


def first_time(when, calendar, since):
    """The first such day on or after `since`."""
    years = range(since.year - 2, since.year + 2)
    days = sorted(calendar.open_day(when.day(calendar, year), weekend=when.weekend) for year in years)
    return next((day for day in days if day >= since), days[-1])
