"""An adult on file twice can be noted twice at one session of the parent school."""

from activities.models import CarerAttendance
from children.joining import makes_room_for_adult


@makes_room_for_adult
def keep_one_of_two_lines(kept, gone, *, by):
    """The adult took part where one of the two lines says so."""
    facts = {}
    mine = {line.session_id: line for line in CarerAttendance.objects.filter(adult=kept)}
    for other in CarerAttendance.objects.filter(adult=gone, session__in=mine).order_by("pk"):
        own = mine[other.session_id]
        facts[f"session_{other.session_id}"] = [own.how, other.how]
        if own.how == CarerAttendance.How.UNMARKED:
            own.how, own.noted_by, own.noted_at = other.how, other.noted_by, other.noted_at
            own.save(update_fields=["how", "noted_by", "noted_at"])
        other.delete()
    return facts
