"""A child whose file leaves the community gives its places in activities back."""

from activities.models import Enrolment
from children.leaving import ends_with_the_file


def _open_places(children, moving_to=None):
    return Enrolment.objects.open().filter(child__in=children)


@ends_with_the_file(rows=_open_places)
def end_enrolments(child, *, by, moving_to=None):
    for enrolment in _open_places([child]).select_related("activity").order_by("pk"):
        enrolment.leave(by=by)
