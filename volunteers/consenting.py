"""Without consent to photos, pictures in helpers' entries about the child are gone too."""

from children.consenting import when_withdrawn
from children.models import Consent
from records.attachments import drop_pictures
from volunteers.kinds import DutyKind
from volunteers.models import Contact


@when_withdrawn(Consent.Purpose.PHOTO)
def drop_pictures_of_contacts(child, *, by):
    entries = Contact.objects.filter(lines__pairing__child=child).exclude(photo=None)
    drop_pictures(entries.exclude(kinds=[DutyKind.LETTER]), "photo")  # a scan of a letter shows nobody
