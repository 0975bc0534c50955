"""Without consent to photos, pictures that name the child or are of sessions it was at are withheld at once."""

from django.db.models import Q

from activities.models import Attendance, PhotoTag, SessionPhoto
from children.consenting import when_withdrawn
from children.models import Consent


@when_withdrawn(Consent.Purpose.PHOTO)
def withhold_pictures_of_sessions(child, *, by):
    attended = Attendance.objects.present().filter(child=child).values("session")
    named = PhotoTag.objects.filter(child=child).values("photo")
    SessionPhoto.withhold(SessionPhoto.objects.filter(Q(session__in=attended) | Q(pk__in=named)), by=by)
