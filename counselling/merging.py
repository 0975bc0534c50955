"""One open case per child and counsellor: of two, the other file's is closed. Its words stay with who was told them."""

from children.merging import makes_room
from counselling.models import Case


@makes_room
def close_one_of_two_cases(kept, gone, *, by):
    mine = Case.objects.filter(child=kept, status=Case.Status.OPEN).values("counsellor")
    for case in Case.objects.filter(child=gone, status=Case.Status.OPEN, counsellor__in=mine).order_by("pk"):
        case.close(by=by)
