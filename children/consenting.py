"""What a guardian agreed to: given, withdrawn at once everywhere, and the photo that needs it.

Higher apps say in a module `consenting.py` what a withdrawal takes from them:

    @when_withdrawn(Consent.Purpose.PHOTO)
    def drop_pictures(child, *, by):
        …
"""

from collections.abc import Callable

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from children.models import Child, Consent
from records.attachments import delete_attachments, drop_pictures, store_image
from records.discovery import import_from_apps
from records.lifecycle import Refused
from records.trail import log_act
from records.versions import stored_for_update

_takings: list[tuple[str, Callable]] = []


def when_withdrawn(purpose):
    """Register the decorated function `(child, *, by)` to run in the transaction that withdraws such a consent."""

    def register(function):
        _takings.append((purpose, function))
        return function

    return register


def give_consent(child, purpose, *, given_by, on, scan=None, by):
    """Note a consent; `scan` is an uploaded picture of the signed sheet, if there is one."""
    with transaction.atomic():
        stored_for_update(child)
        if purpose not in Consent.Purpose.values:
            raise Refused(_("Choose what the consent is for."))
        if on > timezone.localdate():
            raise Refused(_("The day of the consent lies in the future."))
        if child.consents.in_force().filter(purpose=purpose).exists():
            raise Refused(_("This consent is already on file."))
        consent = Consent.objects.create(
            child=child,
            community_id=child.community_id,
            purpose=purpose,
            given_by=given_by,
            given_on=on,
            scan=store_image(scan, by) if scan else None,
        )
        log_act(by, "noted a consent", child, purpose=purpose, consent=consent)
        return consent


def withdraw_consent(consent, *, by):
    """Take effect everywhere at once. Whoever no longer agrees to the file agrees to nothing that is done with it."""
    import_from_apps("consenting", beside=["children"])
    with transaction.atomic():
        child = stored_for_update(consent.child)
        if not Consent.objects.in_force().filter(pk=consent.pk).exists():
            raise Refused(_("This consent is no longer in force."))
        withdrawn = child.consents.in_force()
        if consent.purpose != Consent.Purpose.PROCESSING:
            withdrawn = withdrawn.filter(pk=consent.pk)
        purposes = list(withdrawn.order_by("pk").values_list("pk", "purpose"))
        withdrawn.update(withdrawn_on=timezone.localdate())
        for key, purpose in purposes:
            log_act(by, "withdrew a consent", child, purpose=purpose, consent=key)
            for taken, take in _takings:
                if taken == purpose:
                    take(child, by=by)


def withdraw_all(child, *, by):
    """Nothing is agreed to any more: what each consent allowed ends, pictures elsewhere included."""
    for consent in child.consents.in_force().order_by("pk"):
        if Consent.objects.in_force().filter(pk=consent.pk).exists():  # one may have ended with another
            withdraw_consent(consent, by=by)


@when_withdrawn(Consent.Purpose.PHOTO)
def _drop_own_pictures(child, *, by):
    files = Child.objects.filter(Q(pk=child.pk) | Q(merged_into=child))
    drop_pictures(files.exclude(photo=None), "photo")
    drop_pictures(child.growth_notes.exclude(picture=None), "picture")


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


def without_consent(children, purpose):
    """Of `children`, a queryset, those for whom no consent to `purpose` is in force."""
    return children.exclude(pk__in=Consent.objects.in_force().filter(purpose=purpose).values("child"))


def agreed_to_photos(child):
    return child.consents.in_force().filter(purpose=Consent.Purpose.PHOTO).exists()


def drop_picture(owner, field):
    """Row and file go: a picture nobody agrees to is not kept."""
    picture = getattr(owner, f"{field}_id")
    setattr(owner, field, None)
    owner.save(update_fields=[field])
    delete_attachments([picture])
