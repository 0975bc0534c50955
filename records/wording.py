"""Words put together as the reader's language does it."""

from django.utils.translation import pgettext


def comma():
    """What stands between the things of a list."""
    return pgettext("between the things of a list", ", ")


def semicolon():
    """What stands between the entries of a list that are longer than a few words, or hold lists themselves."""
    return pgettext("between the entries of a list", "; ")


def colon():
    """What stands between a name and what is said of it."""
    return pgettext("between a name and what is said of it", ": ")


def said_of(name, words):
    return f"{name}{colon()}{words}"


def listed(things):
    """The things of a list one after another, in words."""
    return comma().join(map(str, things))


def enumerated(entries):
    """As `listed`, of longer entries."""
    return semicolon().join(map(str, entries))
