"""What shows that a parent was reached. Higher apps add theirs, unheard of here.

In an app's `reaching.py`:

    @shows_reached
    def calls(relation, after, day):
        return Call.objects.filter(adult=OuterRef("adult"), called_on__gt=after, called_on__lte=day)

The rows are those about the adult of a kinship, after one day until another; `relation` is father or mother.
"""

from collections.abc import Callable

from django.db.models import OuterRef

from children.models.away import ParentContact
from records.discovery import import_from_apps

_signs: list[Callable] = []


def shows_reached(function):
    """Register the decorated function `(relation, after, day)` that gives the rows."""
    _signs.append(function)
    return function


def signs_of(relation, after, day):
    """Querysets that refer to a kinship: the adult was reached where one of them has a row."""
    import_from_apps("reaching", beside=["children"])
    return [sign(relation, after, day) for sign in _signs]


@shows_reached
def tries_answered(relation, after, day):
    return ParentContact.objects.filter(adult=OuterRef("adult"), reached=True, tried_on__gt=after, tried_on__lte=day)
