"""A helper accompanies a child of this community: where the file leaves it, the pairing ends."""

from children.leaving import ends_with_the_file
from volunteers.models import Pairing


@ends_with_the_file
def end_pairings(child, *, by, moving_to=None):
    for pairing in child.pairings.exclude(status=Pairing.Status.ENDED).order_by("pk"):
        pairing.end(reason=Pairing.EndReason.CHILD_MOVED, by=by)
