"""The demo's days, all told from today: school terms, closed days, and the quarters that were reported."""

import datetime as dt
from dataclasses import dataclass

import holidays

from communities.models import ClosedDay, Term
from records.measures import Period
from reports.quarters import before

WORKED = "调休上班"


def days(number):
    return dt.timedelta(days=number)


@dataclass(frozen=True)
class Days:
    today: dt.date

    @property
    def last(self):
        """The quarter that ended last."""
        return before(Period.quarter_of(self.today))

    @property
    def before_last(self):
        return before(self.last)

    @property
    def check(self):
        """When the Homes were checked: towards the end of the last quarter."""
        return self.last.end - days(12)

    @property
    def newest_school_year(self):
        """In August the coming one: its calendar is out."""
        return self.today.year if self.today.month >= 8 else self.today.year - 1

    @property
    def grade_year(self):
        return self.today.year if self.today.month >= 9 else self.today.year - 1


def make_terms(district, story_days):
    for year in (story_days.newest_school_year - 1, story_days.newest_school_year):
        spans = {
            Term.Kind.AUTUMN: (dt.date(year, 9, 1), dt.date(year + 1, 1, 31)),
            Term.Kind.SPRING: (dt.date(year + 1, 2, 1), dt.date(year + 1, 7, 31)),
        }
        for kind, (starts, ends) in spans.items():
            Term.objects.get_or_create(
                district=district, school_year=year, kind=kind, defaults={"starts_on": starts, "ends_on": ends}
            )


def make_closed_days(district, story_days):
    """Public holidays, and the weekend days worked instead, of this year and the ones beside it."""
    years = range(story_days.today.year - 1, story_days.today.year + 2)
    calendar = holidays.country_holidays("CN", years=years, language="zh_CN")
    rows = [ClosedDay(district=district, day=day, name=name) for day, name in calendar.items()]
    worked = [day for day in calendar.weekend_workdays if day.year in years and day not in calendar]
    rows += [ClosedDay(district=district, day=day, name=WORKED, is_worked=True) for day in worked]
    ClosedDay.objects.bulk_create(rows, ignore_conflicts=True)
