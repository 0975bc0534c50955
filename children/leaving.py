"""What ends when a child's file is closed or goes to another community. Higher apps add theirs, unheard of here.

In an app's `leaving.py`:

    @ends_with_the_file
    def end_pairings(child, *, by, moving_to=None):
        ...

Each runs inside the transaction of the act, with the child's row locked; `moving_to` is the community a transfer goes
to, None where the file is closed. What it ends keeps its history.
"""

from collections.abc import Callable

from records.discovery import import_from_apps

_endings: list[Callable] = []


def ends_with_the_file(function):
    """Register the decorated function `(child, *, by, moving_to=None)` to run when a file leaves its community."""
    _endings.append(function)
    return function


def end_what_is_local(child, *, by, moving_to=None):
    import_from_apps("leaving", beside=["children"])
    for end in _endings:
        end(child, by=by, moving_to=moving_to)
