"""Who manages the Homes, as far as a reader may know it. A higher app keeps it; it is unheard of here.

In an app's `home_managers.py`:

    @tells_managers
    def in_office(homes, user, day):
        "{Home's key: Manager}; a Home whose people this reader may not see is absent."
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from records.discovery import import_from_apps

_told: list[Callable[[Any, Any, dt.date], dict[int, "Manager"]]] = []


@dataclass(frozen=True)
class Manager:
    """`name` is empty where nobody is in office; `phone` where there is none, or it is kept from this reader."""

    name: str = ""
    phone: str = ""


def tells_managers(function):
    """Register the decorated function `(homes, user, day) -> {Home's key: Manager}`."""
    _told.append(function)
    return function


def managers_of(homes, user, day=None):
    """{Home's key: who manages it on `day` (else today)}, in as many queries for many Homes as for one."""
    import_from_apps("home_managers", beside=["homes"])
    found: dict[int, Manager] = {}
    for function in _told:
        found |= function(homes, user, day or timezone.localdate())
    return found
