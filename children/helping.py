"""What is done for a child today, in short words for one box of a list. Higher apps tell theirs, unheard of here.

In an app's `helping.py`:

    @tells_help(order=20)
    def pairings(children, user):
        yield child_key, _("paired …")     # of many children at once, and of what `user` may see
"""

from collections import defaultdict
from collections.abc import Callable

from children.models import Child
from records.discovery import import_from_apps

_tellers: list[tuple[int, Callable]] = []


def tells_help(*, order):
    """Register the decorated function `(children keys, user)`, which yields (child key, words)."""

    def register(function):
        _tellers.append((order, function))
        return function

    return register


def help_of(children, user):
    """{child key: [words]} in the language in force; as many queries however many children."""
    import_from_apps("helping", beside=["children"])
    keys = [child.pk for child in children]
    told: dict = defaultdict(list)
    for _order, teller in sorted(_tellers, key=lambda pair: pair[0]):
        for key, words in teller(keys, user):
            told[key].append(words)
    return told


AIDS = ("is_low_income", "has_temporary_aid", "has_medical_aid")


@tells_help(order=10)
def aid_of_the_household(children, user):
    rows = Child.objects.visible_to(user).filter(pk__in=children).select_related("household")
    for child in rows.only("community", "household__other_aid", *(f"household__{name}" for name in AIDS)):
        home = child.household
        for name in AIDS:
            if getattr(home, name):
                yield child.pk, str(home._meta.get_field(name).verbose_name)
        if home.other_aid:
            yield child.pk, home.other_aid
