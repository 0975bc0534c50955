"""Words put together as the reader's language does it."""

from django.utils.translation import pgettext


def comma():
    """What stands between the things of a list."""
    return pgettext("between the things of a list", ", ")


def listed(things):
    """The things of a list one after another, in words."""
    return comma().join(map(str, things))
