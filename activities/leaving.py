"""A child whose file leaves the community gives its places in activities and its group back, and waits for none."""

from activities.models import Enrolment, GroupPlace, Waiting
from children.leaving import ends_with_the_file


def _open_places(children, moving_to=None):
    return Enrolment.objects.open().filter(child__in=children)


@ends_with_the_file(rows=_open_places)
def end_enrolments(child, *, by, moving_to=None):
    for enrolment in _open_places([child]).select_related("activity").order_by("pk"):
        enrolment.leave(by=by)


def _places_in_groups(children, moving_to=None):
    return GroupPlace.objects.current().filter(child__in=children)


@ends_with_the_file(rows=_places_in_groups)
def leave_the_group(child, *, by, moving_to=None):
    for place in _places_in_groups([child]).select_related("group"):
        place.leave(by=by)


def _open_waitings(children, moving_to=None):
    return Waiting.objects.open().filter(child__in=children)


@ends_with_the_file(rows=_open_waitings)
def end_waitings(child, *, by, moving_to=None):
    for waits in _open_waitings([child]).select_related("activity"):
        waits.take_off(by=by)
