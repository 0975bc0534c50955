"""What ends when a child's file is closed or goes to another community. Higher apps add theirs, unheard of here.

In an app's `leaving.py`:

    @ends_with_the_file(rows=_open_pairings)
    def end_pairings(child, *, by, moving_to=None):
        ...

Each runs inside the transaction of the act, with the child's row locked; `moving_to` is the community a transfer goes
to, None where the file is closed. What it ends keeps its history. `rows(children, moving_to)` are those it would end,
for people who ask beforehand.
"""

from collections.abc import Callable
from importlib import import_module

from records.discovery import import_from_apps

_endings: list[tuple[Callable, Callable | None]] = []


def ends_with_the_file(function=None, *, rows=None):
    """Register the decorated function `(child, *, by, moving_to=None)` to run when a file leaves its community."""
    if function is None:
        return lambda decorated: ends_with_the_file(decorated, rows=rows)
    _endings.append((function, rows))
    return function


def _all():
    import_from_apps("leaving")
    import_module("children.own_endings")
    return _endings


def end_what_is_local(child, *, by, moving_to=None):
    for end, _rows in _all():
        end(child, by=by, moving_to=moving_to)


def what_ends(children, *, moving_to=None):
    """The rows that would end, a queryset of each kind."""
    return [rows(children, moving_to) for _end, rows in _all() if rows]
