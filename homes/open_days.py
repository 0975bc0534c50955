"""On which days a Home is open, and when: by the set of hours that holds, but for holidays and closures."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import ClosedDay, Term
from homes.models import Closure
from homes.models.opening import Season, all_hours, by_day

A_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Opening:
    """`hours`: (opens at, closes at), or None; then `why` says why the Home is closed. `is_unset`: nobody said when."""

    hours: tuple | None
    why: Any = ""
    is_unset: bool = False

    def holds(self, starts_at, ends_at):
        return self.hours is not None and self.hours[0] <= starts_at and ends_at <= self.hours[1]


def season_on(day, spans):
    """Which part of the year `day` lies in; `spans`: [(first day, last day)] of the district's terms.

    Before the first and after the last term that the district has entered nobody knows: the hours of the term hold.
    """
    if any(first <= day <= last for first, last in spans):
        return Season.TERM
    is_between = any(last < day for _first, last in spans) and any(first > day for first, _last in spans)
    return Season.HOLIDAY if is_between else Season.TERM


def spans_of(homes):
    """{district: [(first day, last day)] of its terms}"""
    spans: dict[str, list] = {home.district: [] for home in homes}
    terms = Term.objects.filter(district__in=spans)
    for district, first, last in terms.values_list("district", "starts_on", "ends_on"):
        spans[district].append((first, last))
    return spans


def opening_of(home, first, last=None):
    """{day: its `Opening`} from `first` to `last`, in so many queries however many days."""
    last = last or first
    days = [first + n * A_DAY for n in range((last - first).days + 1)]
    in_term, in_holidays = all_hours([home])[home.pk].values()
    spans = spans_of([home])[home.district] if in_holidays else []
    free = ClosedDay.holidays(home.community_id, first, last)
    closures = list(Closure.objects.filter(home=home).touching(first, last))

    def of(day):
        if home.closed_on is not None and home.closed_on <= day:
            return Opening(None, _("This Home is closed."))
        if closure := next((one for one in closures if one.first_day <= day <= one.last_day), None):
            return Opening(None, closure.in_words)
        if day in free:
            return Opening(None, free[day])
        hours = in_holidays if in_holidays and season_on(day, spans) == Season.HOLIDAY else in_term
        if day.weekday() in hours:
            return Opening(hours[day.weekday()])
        if not hours:
            return Opening(None, _("No opening hours are set yet."), is_unset=True)
        return Opening(None, _("The Home is closed on this day of the week."))

    return {day: of(day) for day in days}


def closures_ahead(homes):
    """{Home's key: closures that go on today or are still to come}"""
    found: dict[int, list] = {home.pk: [] for home in homes}
    for closure in Closure.objects.filter(home__in=found, last_day__gte=timezone.localdate()).standing():
        found[closure.home_id].append(closure)
    return found


def posted_of(homes):
    """{Home's key: what hangs at its door}: {"sets": [{"title", "hours", "holds"}], "closures": those ahead}; in as
    many queries for many Homes as for one."""
    hours, closures, spans, today = all_hours(homes), closures_ahead(homes), spans_of(homes), timezone.localdate()
    found = {}
    for home in homes:
        by_season = {season: by_day(times) for season, times in hours[home.pk].items() if times}
        now = season_on(today, spans[home.district]) if Season.HOLIDAY in by_season else Season.TERM
        sets = [
            {"title": season.label if Season.HOLIDAY in by_season else "", "hours": shown, "holds": season == now}
            for season, shown in by_season.items()
        ]
        found[home.pk] = {"sets": sets, "closures": closures[home.pk]}
    return found


def posted(home):
    return posted_of([home])[home.pk]
