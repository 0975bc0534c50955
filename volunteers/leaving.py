"""Helpers and the care group look after a child of this community: where the file leaves it, that ends."""

from children.leaving import ends_with_the_file
from volunteers.models import GroupChild, Pairing


def _open_pairings(children, moving_to=None):
    return Pairing.objects.exclude(status=Pairing.Status.ENDED).filter(child__in=children)


@ends_with_the_file(rows=_open_pairings)
def end_pairings(child, *, by, moving_to=None):
    for pairing in _open_pairings([child]).order_by("pk"):
        pairing.end(reason=Pairing.EndReason.CHILD_MOVED, by=by)


def _places_in_groups(children, moving_to=None):
    return GroupChild.objects.current().filter(child__in=children)


@ends_with_the_file(rows=_places_in_groups)
def end_places_in_groups(child, *, by, moving_to=None):
    for line in _places_in_groups([child]).order_by("pk"):
        line.end(by=by)
