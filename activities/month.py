import calendar as month_tables

from django.utils import timezone

from records.days import clean_day

YEARS_AROUND = 20


def month_of(text):
    """First and last day of the month asked for, "2026-11"; of this month when that is no month near us."""
    first = clean_day(f"{text}-01", YEARS_AROUND) or timezone.localdate().replace(day=1)
    return first, first.replace(day=month_tables.monthrange(first.year, first.month)[1])
