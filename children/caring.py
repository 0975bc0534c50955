"""Needs, wishes, hardships and growth notes of one child: each act whole or not at all, and on the trail."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from children.consenting import agreed_to_photos, drop_picture
from children.models import GrowthNote, Hardship, Need, Wish
from records.attachments import store_image
from records.lifecycle import Refused
from records.trail import log_act
from records.versions import stored_for_update


def note_need(child, topic, *, note="", by):
    with transaction.atomic():
        stored = stored_for_update(child)
        if child.needs.filter(topic=topic, met_on=None).exists():
            raise Refused(_("This need is already on file."))
        today = timezone.localdate()
        need = Need.objects.create(child=stored, topic=topic, note=note, noted_on=today)
        _asked(stored, today)
        log_act(by, "noted a need", child, need=need)
        return need


def meet_need(need, *, by):
    with transaction.atomic():
        child, today = stored_for_update(need.child), timezone.localdate()
        if not Need.objects.filter(pk=need.pk, met_on=None).update(met_on=today):
            raise Refused(_("This need has already been met."))
        _asked(child, today)
        log_act(by, "met a need", child, need=need)


def asked_about_needs(child, *, by):
    """Somebody asked, and no help is needed beyond what is on file."""
    with transaction.atomic():
        stored = stored_for_update(child)
        _asked(stored, timezone.localdate())
        log_act(by, "asked about needs", child, fields=["needs_asked_on"])


def _asked(child, day):
    child.needs_asked_on = day
    child.save(update_fields=["needs_asked_on"])


def note_wish(child, text, *, by):
    with transaction.atomic():
        stored = stored_for_update(child)
        wish = Wish.objects.create(child=stored, text=text, noted_on=timezone.localdate())
        log_act(by, "noted a wish", child, wish=wish)
        return wish


def note_hardship(child, kind, *, since=None, note="", by):
    with transaction.atomic():
        stored = stored_for_update(child)
        if since and since > timezone.localdate():
            raise Refused(_("The hardship cannot begin in the future."))
        if child.hardships.filter(kind=kind, until=None).exists():
            raise Refused(_("This hardship is already on file."))
        hardship = Hardship.objects.create(child=stored, kind=kind, since=since, note=note)
        log_act(by, "noted a hardship", child, hardship=hardship)
        return hardship


def end_hardship(hardship, *, on, by):
    with transaction.atomic():
        child = stored_for_update(hardship.child)
        if on > timezone.localdate():
            raise Refused(_("The hardship cannot end in the future."))
        if hardship.since and on < hardship.since:
            raise Refused(_("A hardship cannot end before it began."))
        if not Hardship.objects.filter(pk=hardship.pk, until=None).update(until=on):
            raise Refused(_("This hardship has already ended."))
        log_act(by, "ended a hardship", child, hardship=hardship)


def strike(row, *, because, by):
    """A need, wish or hardship noted by mistake: it stays to be read with the reason, and counts no longer."""
    name = row._meta.model_name
    with transaction.atomic():
        child = stored_for_update(row.child)
        row.strike(because=because, by=by)
        if isinstance(row, Need) and child.needs_asked_on == row.noted_on:  # nobody else is known to have asked since
            _asked(child, child.needs.aggregate(last=Max("noted_on"))["last"])
        log_act(by, f"struck out a {name}", child, **{name: row})


def write_note(note, *, picture=None, without_picture=False, by):
    """Save a new or changed growth note; a picture only with the guardian's consent to photos."""
    with transaction.atomic():
        child, is_new = stored_for_update(note.child), note.pk is None
        if note.day > timezone.localdate():
            raise Refused(_("The day lies in the future."))
        if picture and not agreed_to_photos(child):
            raise Refused(_("There is no consent for photos. Note the guardian's consent first."))
        if is_new:
            note.written_by = by
        elif stored_for_update(note).struck_on:
            raise Refused(_("This has already been taken back."))
        old = GrowthNote.objects.filter(pk=note.pk).first() if picture or without_picture else None
        if old and old.picture_id:
            drop_picture(old, "picture")
            note.picture = None
        if picture:
            note.picture = store_image(picture, by)
        note.save()
        log_act(by, "wrote a growth note" if is_new else "changed a growth note", child, note=note)


def strike_note(note, *, by):
    """Written by mistake: it no longer shows, and its picture is gone."""
    with transaction.atomic():
        child, stored = stored_for_update(note.child), stored_for_update(note)
        if stored.struck_on:
            raise Refused(_("This has already been taken back."))
        if stored.picture_id:
            drop_picture(stored, "picture")
        stored.struck_on = timezone.localdate()
        stored.save(update_fields=["struck_on"])
        log_act(by, "took back a growth note", child, note=note)
