"""Without consent to photos, pictures that name the child or are of its sessions are withheld at once."""

from django.db.models import Exists, OuterRef, Q

from activities.models import Attendance, Enrolment, PhotoTag, Session, SessionPhoto
from children.consenting import when_withdrawn
from children.models import Consent


@when_withdrawn(Consent.Purpose.PHOTO)
def withhold_pictures_of_sessions(child, *, by):
    sessions = _where_it_may_have_been(child).order_by().values("pk")
    named = PhotoTag.objects.filter(child=child).values("photo")
    SessionPhoto.withhold(SessionPhoto.objects.filter(Q(session__in=sessions) | Q(pk__in=named)), by=by)


def _where_it_may_have_been(child):
    """Sessions it came to, and those on whose roll it stood with no word that it stayed away."""
    marks = Attendance.objects.marked().filter(child=child)
    place = Enrolment.objects.on_day(OuterRef("day")).filter(activity=OuterRef("activity"), child=child)
    unmarked = Exists(place) & ~Q(pk__in=marks.values("session"))
    return Session.objects.filter(Q(pk__in=marks.filter(mark=Attendance.Mark.PRESENT).values("session")) | unmarked)
