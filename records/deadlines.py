"""What falls due in the next days, for one person: apps offer theirs in a module `deadlines.py`:

@falls_due
def repairs(user, first, last):
    yield Deadline(day, words, url)

Each asks a fixed number of queries, whatever the number of rows, and shows only what the person may see.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from records.discovery import import_from_apps

MOST_OF_A_KIND = 10

_sources: list[Callable] = []


@dataclass(frozen=True)
class Deadline:
    """A day by which the person does something: what, and where it is done."""

    day: dt.date
    words: Any
    url: str
    note: Any = ""


def falls_due(function):
    """Register the decorated function `(user, first, last) -> Deadlines`; what is open and past its day counts, too."""
    _sources.append(function)
    return function


def until(user, first, last):
    """The person's deadlines up to `last`, the earliest first; `first` is today."""
    import_from_apps("deadlines", beside=["records"])
    found = [deadline for source in _sources for deadline in source(user, first, last)]
    return sorted(found, key=lambda deadline: (deadline.day, str(deadline.words)))
