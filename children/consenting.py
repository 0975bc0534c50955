"""What a guardian agreed to: given, withdrawn at once everywhere, and the photo that needs it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from children.models import Consent
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
            _drop_every_picture(child)


def set_photo(child, uploaded, *, by):
    """Keep a new picture of the child; refused without the guardian's consent."""
    with transaction.atomic():
        stored = stored_for_update(child)
        if not agreed_to_photos(child):
            raise Refused(_("There is no consent for photos. Note the guardian's consent first."))
        picture = store_image(uploaded, by)
        if stored.photo_id:
            drop_picture(stored, "photo")
        stored.photo = picture
        stored.save(update_fields=["photo"])
        log_act(by, "set the photo", stored, fields=["photo"])
    child.photo = picture


def remove_photo(child, *, by):
    with transaction.atomic():
        stored = stored_for_update(child)
        if stored.photo_id:
            drop_picture(stored, "photo")
            log_act(by, "removed the photo", stored, fields=["photo"])


def agreed_to_photos(child):
    return child.consents.in_force().filter(purpose=Consent.Purpose.PHOTO).exists()


def _drop_every_picture(child):
    if child.photo_id:
        drop_picture(child, "photo")
    for note in child.growth_notes.exclude(picture=None).select_for_update(of=("self",)).select_related("picture"):
        drop_picture(note, "picture")


def drop_picture(owner, field):
    """Row and file go: a picture nobody agrees to is not kept. A file left by a crash is swept."""
    picture = getattr(owner, field)
    setattr(owner, field, None)
    owner.save(update_fields=[field])
    name, storage = picture.file.name, picture.file.storage
    picture.delete()
    transaction.on_commit(lambda: storage.delete(name))
