"""Without consent to photos, pictures of the child's sessions are withheld at once; that of a good example is gone."""

from django.db.models import Exists, OuterRef, Q

from activities.models import Attendance, Enrolment, PhotoTag, PublicityItem, Session, SessionPhoto
from children.consenting import when_withdrawn
from children.models import Consent
from records.attachments import drop_pictures


@when_withdrawn(Consent.Purpose.PHOTO)
def withhold_pictures_of_sessions(child, *, by):
    sessions = _where_it_may_have_been(child).order_by().values("pk")
    named = PhotoTag.objects.filter(child=child).values("photo")
    SessionPhoto.withhold(SessionPhoto.objects.filter(Q(session__in=sessions) | Q(pk__in=named)), by=by)


@when_withdrawn(Consent.Purpose.PHOTO)
def drop_pictures_of_examples(child, *, by):
    """What was told in words stays agreed to."""
    drop_pictures(PublicityItem.objects.filter(example_of=child).exclude(picture=None), "picture")


def _where_it_may_have_been(child):
    """Sessions it came to, and those on whose roll it stood with no word that it stayed away."""
    marks = Attendance.objects.marked().filter(child=child)
    place = Enrolment.objects.on_day(OuterRef("day")).filter(activity=OuterRef("activity"), child=child)
    unmarked = Exists(place) & ~Q(pk__in=marks.values("session"))
    return Session.objects.filter(Q(pk__in=marks.filter(mark=Attendance.Mark.PRESENT).values("session")) | unmarked)
