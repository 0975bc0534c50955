"""What higher apps add to the page of a level above: a small table by street, and days ahead. Figures, never a person.

An app declares them in its `panels.py`; the page reads them without knowing the app.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from records.discovery import import_from_apps


@dataclass(frozen=True)
class Panel:
    """`rows`: [(division's code, a number or text for each of `columns`)]."""

    name: str
    title: Any
    columns: list
    rows: list[tuple]
    url: str = ""


@dataclass(frozen=True)
class DayAhead:
    day: dt.date
    words: Any
    url: str = ""


_panels: list[Callable] = []
_days: list[Callable] = []


def panel(function):
    """Register `(user, scope) -> Panel or None`: what this person may see of it inside `scope`."""
    _panels.append(function)
    return function


def days_ahead(function):
    """Register `(user, scope, since, until) -> [DayAhead]`."""
    _days.append(function)
    return function


def panels_for(user, scope):
    _load()
    return [found for function in _panels if (found := function(user, scope))]


def days_for(user, scope, since, until):
    """The days from `since` to `until`, in their order."""
    _load()
    found = [day for function in _days for day in function(user, scope, since, until)]
    return sorted(found, key=lambda one: (one.day, str(one.words)))


def _load():
    import_from_apps("panels", beside=["records"])
