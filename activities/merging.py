"""Two files of one child can both have a place in an activity or a group, and both a mark in a session."""

from activities.models import Attendance, Enrolment, GroupPlace, MeetingAttendance, PhotoTag, Told, Waiting
from children.merging import makes_room


@makes_room
def wait_once_and_not_beside_a_place(kept, gone, *, by):
    has_one = Enrolment.objects.open().filter(child__in=[kept, gone]).values("activity")
    waits_too = Waiting.objects.open().filter(child=kept).values("activity")
    both = Waiting.objects.open().filter(child__in=[kept, gone], activity__in=has_one)
    twice = Waiting.objects.open().filter(child=gone, activity__in=waits_too)
    for waits in twice:  # the turn of whoever has waited longer
        own = Waiting.objects.open().filter(child=kept, activity=waits.activity_id)
        own.filter(asked_at__gt=waits.asked_at).update(asked_at=waits.asked_at)
        _keep_who_asked(own, waits)
    for waits in both:
        _keep_who_asked(Enrolment.objects.open().filter(child__in=[kept, gone], activity=waits.activity_id), waits)
    for waits in (both | twice).order_by("pk"):
        waits.take_off(by=by)


def _keep_who_asked(rows, other):
    """The family of both files is one: where `rows` do not say who asked, it is who asked for the other."""
    rows.filter(asked_by=None).update(asked_by=other.asked_by_id)


@makes_room
def give_one_of_two_places_back(kept, gone, *, by):
    taken = Enrolment.objects.open().filter(child=kept).values("activity")
    for enrolment in Enrolment.objects.open().filter(child=gone, activity__in=taken).order_by("pk"):
        _keep_who_asked(Enrolment.objects.open().filter(child=kept, activity=enrolment.activity_id), enrolment)
        enrolment.leave(by=by)


@makes_room
def keep_one_place_in_a_group(kept, gone, *, by):
    here = GroupPlace.objects.current()
    if here.filter(child=kept).exists():
        for place in here.filter(child=gone).select_related("group"):
            place.leave(by=by)


@makes_room
def keep_one_of_two_lines_of_a_meeting(kept, gone, *, by):
    """The child came where one of the two files says so; the other line stays with the closed file."""
    lines = MeetingAttendance.objects.filter(child=kept)
    twice = MeetingAttendance.objects.filter(child=gone, meeting__in=lines.values("meeting"))
    lines.filter(came=False, meeting__in=twice.filter(came=True).values("meeting")).update(came=True)
    return twice


@makes_room
def keep_one_of_two_marks(kept, gone, *, by):
    """The kept file has the mark that says more, the other one stays with the closed file."""
    others = Attendance.objects.filter(child=gone, session__in=Attendance.objects.filter(child=kept).values("session"))
    mine = {mark.session_id: mark for mark in Attendance.objects.filter(child=kept)}
    for other in others.order_by("pk"):
        own = mine[other.session_id]
        if _weight(other) > _weight(own):
            for name in ("mark", "marked_by", "marked_at"):
                left, right = getattr(own, name), getattr(other, name)
                setattr(own, name, right), setattr(other, name, left)
            own.save(update_fields=["mark", "marked_by", "marked_at"])
            other.save(update_fields=["mark", "marked_by", "marked_at"])
    return others


@makes_room
def name_a_child_once_in_a_picture(kept, gone, *, by):
    return PhotoTag.objects.filter(child=gone, photo__in=PhotoTag.objects.filter(child=kept).values("photo"))


@makes_room
def tell_the_family_of_a_child_once(kept, gone, *, by):
    return Told.objects.filter(child=gone, activity__in=Told.objects.filter(child=kept).values("activity"))


_BY_WORTH = [Attendance.Mark.UNMARKED, Attendance.Mark.ABSENT, Attendance.Mark.EXCUSED, Attendance.Mark.PRESENT]


def _weight(attendance):
    return _BY_WORTH.index(attendance.mark)
