"""What a guardian agreed to: given, withdrawn at once everywhere, and the photo that needs it."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from children.models import Child, Consent
from records.attachments import store_image
from records.lifecycle import Refused
from records.trail import log_act
from records.versions import stored_for_update


def give_consent(child, purpose, *, given_by, on, by):
    with transaction.atomic():
        stored_for_update(child)
        if purpose not in Consent.Purpose.values:
            raise Refused(_("Choose what the consent is for."))
        if on > timezone.localdate():
            raise Refused(_("The day of the consent lies in the future."))
        if child.consents.in_force().filter(purpose=purpose).exists():
            raise Refused(_("This consent is already on file."))
        consent = Consent.objects.create(
            child=child, community_id=child.community_id, purpose=purpose, given_by=given_by, given_on=on
        )
        log_act(by, "noted a consent", child, purpose=purpose, consent=consent)
        return consent


def withdraw_consent(consent, *, by):
    """Take effect everywhere at once: without consent for photos, the picture itself is gone too."""
    with transaction.atomic():
        child = stored_for_update(consent.child)
        if not Consent.objects.in_force().filter(pk=consent.pk).update(withdrawn_on=timezone.localdate()):
            raise Refused(_("This consent is no longer in force."))
        log_act(by, "withdrew a consent", child, purpose=consent.purpose, consent=consent)
        if consent.purpose == Consent.Purpose.PHOTO:
            for file in Child.objects.filter(Q(pk=child.pk) | Q(merged_into=child)).exclude(photo=None).order_by("pk"):
                _drop_photo(file)


def set_photo(child, uploaded, *, by):
    """Keep a new picture of the child; refused without the guardian's consent."""
    with transaction.atomic():
        stored = stored_for_update(child)
        if not child.consents.in_force().filter(purpose=Consent.Purpose.PHOTO).exists():
            raise Refused(_("There is no consent for photos. Note the guardian's consent first."))
        picture = store_image(uploaded, by)
        if stored.photo_id:
            _drop_photo(stored)
        stored.photo = picture
        stored.save(update_fields=["photo"])
        log_act(by, "set the photo", stored, fields=["photo"])
    child.photo = picture


def remove_photo(child, *, by):
    with transaction.atomic():
        stored = stored_for_update(child)
        if stored.photo_id:
            _drop_photo(stored)
            log_act(by, "removed the photo", stored, fields=["photo"])


def _drop_photo(child):
    """Row and file go: a picture nobody agrees to is not kept. A file left by a crash is swept."""
    picture, child.photo = child.photo, None
    child.save(update_fields=["photo"])
    name, storage = picture.file.name, picture.file.storage
    picture.delete()
    transaction.on_commit(lambda: storage.delete(name))
