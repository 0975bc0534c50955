"""What must be settled before a Home closes. Higher apps add theirs, unheard of here.

In an app's `home_closing.py`:

    @before_closing
    def calls_ahead(home):
        "The words that say what is still open, or None."
"""

from collections.abc import Callable

from records.discovery import import_from_apps

_asked: list[Callable] = []


def before_closing(function):
    """Register the decorated function `(home) -> words of what is still open, or None`."""
    _asked.append(function)
    return function


def still_open(home):
    """[words] of all that must be settled before the Home closes."""
    import_from_apps("home_closing")
    return [words for function in _asked if (words := function(home))]
