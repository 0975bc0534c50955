"""Quarters in addresses and choices: "2026Q3"."""

import re

from django.utils import timezone

from records.measures import Period

RECENT = 13  # this quarter and three years before it
WRITTEN = re.compile(r"(20\d\d)Q([1-4])\Z")


def written(period):
    return f"{period.start.year}Q{period.number}"


def read(text):
    """The quarter written as "2026Q3"; None for anything else."""
    match = WRITTEN.match(text or "")
    return Period.quarter(int(match[1]), int(match[2])) if match else None


def read_recent(text):
    """The same, of quarters for which reports may be begun and asked for; None for those long before or to come."""
    return {written(period): period for period in recent(RECENT)}.get(text)


def before(period):
    year, number = period.start.year, period.number
    return Period.quarter(year, number - 1) if number > 1 else Period.quarter(year - 1, 4)


def year_before(period):
    return Period.quarter(period.start.year - 1, period.number)


def recent(how_many=6):
    """The quarter that is running and those before it, newest first."""
    found = [Period.quarter_of(timezone.localdate())]
    while len(found) < how_many:
        found.append(before(found[-1]))
    return found


def last_ended():
    return recent(2)[1]
