"""A helper accompanies a child of this community: where the file leaves it, the pairing ends."""

from children.leaving import ends_with_the_file
from volunteers.models import Pairing


def _open_pairings(children, moving_to=None):
    return Pairing.objects.exclude(status=Pairing.Status.ENDED).filter(child__in=children)


@ends_with_the_file(rows=_open_pairings)
def end_pairings(child, *, by, moving_to=None):
    for pairing in _open_pairings([child]).order_by("pk"):
        pairing.end(reason=Pairing.EndReason.CHILD_MOVED, by=by)
