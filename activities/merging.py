"""Two files of one child can both have a place in an activity: one place is given back."""

from activities.models import Enrolment
from children.merging import makes_room


@makes_room
def give_one_of_two_places_back(kept, gone, *, by):
    taken = Enrolment.objects.open().filter(child=kept).values("activity")
    for enrolment in Enrolment.objects.open().filter(child=gone, activity__in=taken).order_by("pk"):
        enrolment.leave(by=by)
