import calendar as month_tables
import datetime as dt

from django.utils import timezone


def month_of(text):
    """First and last day of the month asked for, "2026-11"; of this month when that is no month near us."""
    first = _first_of(text, timezone.localdate())
    return first, first.replace(day=month_tables.monthrange(first.year, first.month)[1])


def _first_of(text, today):
    try:
        asked = dt.datetime.strptime(text or "", "%Y-%m").date()  # noqa: DTZ007
    except ValueError:
        return today.replace(day=1)
    return asked if abs(asked.year - today.year) <= 20 else today.replace(day=1)
