"""The days on which something is held again and again. Pure, so that a test can hold it against a plain calendar."""

import datetime as dt
import itertools
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

DAY = dt.timedelta(days=1)
WEEK = dt.timedelta(days=7)
SESSIONS_AT_MOST = 60
LOOK_AHEAD = dt.timedelta(days=730)
LONGEST_HOLIDAYS = dt.timedelta(days=70)  # so far beyond the terms on file a day is still known to be free of school
SATURDAY = 5


class Every(models.TextChoices):
    DAY = "day", _("every day")
    WEEK = "week", _("every week")
    FORTNIGHT = "fortnight", _("every two weeks")
    MONTH = "month", _("every month, on the same weekday of the month")


class Only(models.TextChoices):
    HOLIDAYS = "holidays", _("only in school holidays")
    WEEKENDS = "weekends", _("only at weekends")
    FREE = "free", _("only in school holidays and at weekends")


@dataclass(frozen=True)
class Rule:
    """`times` sessions from `first_day` on, at the same hours."""

    first_day: dt.date
    starts_at: dt.time
    ends_at: dt.time
    times: int = 1
    every: str = Every.WEEK
    only: str = ""


def recurrence(rule, terms, closed_days, worked_days):
    """The days of `rule`, and those it passed over on the way: `(days, passed_over)`.

    What does not fit is made up for at the end. A single day is a person's choice and stays as it is. `terms` are
    pairs of first and last day; a weekend day that is worked is no weekend.
    """
    if rule.times <= 1:
        return [rule.first_day], []
    days: list[dt.date] = []
    passed_over: list[dt.date] = []
    for day in itertools.takewhile(lambda day: day - rule.first_day <= LOOK_AHEAD, _steps(rule)):
        if len(days) >= min(rule.times, SESSIONS_AT_MOST):
            break
        fits = day not in closed_days and _is_free_enough(rule.only, day, terms, worked_days)
        (days if fits else passed_over).append(day)
    return days, [day for day in passed_over if days and day < days[-1]]


def _steps(rule):
    if rule.every == Every.MONTH:
        yield from _same_weekday_of_each_month(rule.first_day)
    step = {Every.DAY: DAY, Every.FORTNIGHT: 2 * WEEK}.get(rule.every, WEEK)
    yield from (rule.first_day + n * step for n in itertools.count())


def _same_weekday_of_each_month(first_day):
    """The second Tuesday of each month, say; a fifth one stands for the last."""
    nth = _nth(first_day)
    for months in itertools.count():
        year, month = divmod(first_day.year * 12 + first_day.month - 1 + months, 12)
        begin = dt.date(year, month + 1, 1)
        first_such = begin + DAY * ((first_day.weekday() - begin.weekday()) % 7)
        day = first_such + WEEK * (nth - 1)
        yield day if day.month == begin.month else day - WEEK


def _nth(day):
    return (day.day + 6) // 7


def _is_free_enough(only, day, terms, worked_days):
    is_weekend = day.weekday() >= SATURDAY and day not in worked_days
    if only == Only.WEEKENDS:
        return is_weekend
    if only == Only.HOLIDAYS:
        return is_in_holidays(day, terms)
    if only == Only.FREE:
        return is_weekend or is_in_holidays(day, terms)
    return True


def is_in_holidays(day, terms):
    """Outside every term, and near enough to one for the terms to be known."""
    if any(first <= day <= last for first, last in terms):
        return False
    return any(first - LONGEST_HOLIDAYS <= day <= last + LONGEST_HOLIDAYS for first, last in terms)
