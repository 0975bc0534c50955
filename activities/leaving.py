"""A child whose file leaves the community gives its places in activities back."""

from activities.models import Enrolment
from children.leaving import ends_with_the_file


@ends_with_the_file
def end_enrolments(child, *, by, moving_to=None):
    for enrolment in Enrolment.objects.open().filter(child=child).select_related("activity").order_by("pk"):
        enrolment.leave(by=by)
