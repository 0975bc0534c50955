"""Parents and child keep in touch: an entry each time somebody learns of it, and who has been silent for too long."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from guardianship.models import FamilyContact
from records.lifecycle import Refused
from records.trail import log_act

SILENT_DAYS = 14


def note_contact(child, *, made_on, who, how, minutes=None, by):
    if made_on > timezone.localdate():
        raise Refused(_("The day of the contact lies in the future."))
    if made_on < child.birth_date:
        raise Refused(_("The day of the contact lies before the child's birth."))
    with transaction.atomic():
        contact = FamilyContact.objects.create(
            child=child,
            community_id=child.community_id,
            made_on=made_on,
            who=who,
            how=how,
            minutes=minutes,
            noted_by=by,
        )
        log_act(by, "noted a family contact", contact, child=child)
        return contact


def strike_contact(contact, *, because, by):
    """The entry is wrong: it stays to be read with the reason, and counts no longer."""
    with transaction.atomic():
        contact.strike(because=because, by=by)
        log_act(by, "struck out a family contact", contact, child=contact.child_id)


def silent(day):
    """The last day that is too long ago for a weekly promise: whoever was in touch after it is not silent."""
    return day - dt.timedelta(days=SILENT_DAYS)
