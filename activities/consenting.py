"""Without consent to photos, pictures of sessions at which the child was present are withheld at once."""

from activities.models import Attendance, SessionPhoto
from children.consenting import when_withdrawn
from children.models import Consent


@when_withdrawn(Consent.Purpose.PHOTO)
def withhold_pictures_of_sessions(child, *, by):
    attended = Attendance.objects.present().filter(child=child).values("session")
    SessionPhoto.withhold(SessionPhoto.objects.filter(session__in=attended), by=by)
