"""Stays away for work: noted, corrected, ended, verified. Corrections keep what was said before."""

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from children import status
from children.models import Away, AwayRevision, ParentContact
from records.lifecycle import Refused
from records.trail import log_act
from records.versions import stored_for_update


def note_stay(stay, *, by, on=None, moved_on=False):
    """A new stay of `stay.adult`. With `moved_on` it follows upon the one that goes on, which ends the same day.

    `on`: the day the family said so, where that was not today; nobody says it before the adult has gone.
    """
    adult, said_on = stay.adult, on or timezone.localdate()
    if said_on > timezone.localdate():
        raise Refused(_("This day lies in the future."))
    said_on = max(said_on, stay.since or said_on)
    with transaction.atomic():
        stored_for_update(adult)
        going_on = adult.aways.filter(until=None).first()
        if moved_on and going_on and stay.since and going_on.begins < stay.since:
            _replace(going_on, by, until=stay.since)
        stay.community_id = adult.community_id
        stay.reported_on = said_on if stay.until is None else min(said_on, stay.until)
        stay.verified_on, stay.verified_by = said_on, by
        _said(stay, by)
        _save(stay)
        _changed(adult)
        log_act(by, "noted a stay away", stay, adult=adult)
    return stay


def correct_stay(stay, fields, *, by):
    """Save what was changed in `stay`; the entry as it stood before is kept."""
    with transaction.atomic():
        stored_for_update(stay.adult)
        if not fields:
            return
        keep_what_was_said(stored_for_update(stay))
        _said(stay, by)
        _save(stay)
        _changed(stay.adult)
        log_act(by, "corrected a stay away", stay, fields=fields, adult=stay.adult_id)


def end_stay(stay, *, on, by):
    """The adult came back on that day."""
    with transaction.atomic():
        stored_for_update(stay.adult)
        stored = stored_for_update(stay)
        if stored.until is not None:
            raise Refused(_("This stay has already ended."))
        if on > timezone.localdate():
            raise Refused(_("This day lies in the future."))
        if on < stored.begins and stored.since:
            raise Refused(_("%(name)s cannot have come back before leaving.") % {"name": stay.adult.name})
        _replace(stored, by, until=on)
        _changed(stay.adult)
        log_act(by, "ended a stay away", stay, fields=["until"], adult=stay.adult_id)


def verify_stay(stay, *, by):
    """It is still so today, somebody of the family said."""
    with transaction.atomic():
        stored = stored_for_update(stay)
        if stored.until is not None:
            raise Refused(_("This stay has already ended."))
        _verify(stored, timezone.localdate(), by)


def going_on_in(household):
    """The stays that go on of adults of a household, as far as the file knows."""
    return Away.objects.filter(adult__household=household, until=None).order_by("pk")


def verify_household(household, *, on, by):
    """The family was met on that day and said that nothing had changed. This verifies no stay that began later, and
    none that somebody verified that day or later.

    Returns what `take_back_verifying` takes: {key of a stay: [its day and person before, and by this]}.
    """
    with transaction.atomic():
        told = going_on_in(household).filter(Q(verified_on=None) | Q(verified_on__lt=on))
        told = list(told.exclude(since__gt=on).select_for_update(of=("self",), no_key=True))
        verified = {str(stay.pk): [*_verifying(stay), str(on), by.pk] for stay in told}
        for stay in told:
            _verify(stay, on, by)
    return verified


def take_back_verifying(verified, *, by):
    """What `verify_household` returned was not so: where nobody has verified a stay since, it is as it was before."""
    with transaction.atomic():
        rows = Away.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=verified)
        for stay in rows.order_by("pk"):
            day, person, *noted = verified[str(stay.pk)]
            if _verifying(stay) == noted:
                stay.verified_on, stay.verified_by_id = day and dt.date.fromisoformat(day), person
                stay.save(update_fields=["verified_on", "verified_by"])
                log_act(by, "took back the verifying of a stay away", stay, adult=stay.adult_id)


def _verifying(stay):
    """[day, key of the person] of who last verified it, as JSON keeps them."""
    return [stay.verified_on and str(stay.verified_on), stay.verified_by_id]


def _verify(stay, on, by):
    stay.verified_on, stay.verified_by = on, by
    stay.save(update_fields=["verified_on", "verified_by"])
    log_act(by, "verified a stay away", stay, adult=stay.adult_id)


def log_contact(adult, *, on, reached, means=ParentContact.Means.PHONE, note="", by):
    """Somebody tried to reach this adult."""
    if on > timezone.localdate():
        raise Refused(_("This day lies in the future."))
    with transaction.atomic():
        contact = ParentContact.objects.create(
            adult=adult,
            community_id=adult.community_id,
            tried_on=on,
            reached=reached,
            means=means,
            note=note,
            tried_by=by,
        )
        log_act(by, "tried to reach a parent", contact, adult=adult)
    return contact


def strike_contact(contact, *, because, by):
    """Noted by mistake: it stays to be read with the reason, and counts no longer."""
    with transaction.atomic():
        contact.strike(because=because, by=by)
        log_act(by, "struck out a contact with a parent", contact, adult=contact.adult_id)


def string_together(adult):
    """Keep on each stay of an adult since when they are away in a row."""
    stays = list(Away.objects.filter(adult=adult))
    as_facts = {s.pk: status.Stay(s.since, s.reported_on, s.until, s.is_other_county) for s in stays}
    for stay in stays:
        others = tuple(as_facts.values())
        gone = status.gone_since(as_facts[stay.pk], others)
        gone_far = status.gone_since(as_facts[stay.pk], others, other_county=True)
        if (gone, gone_far) != (stay.gone_since, stay.gone_far_since):
            Away.objects.filter(pk=stay.pk).update(gone_since=gone, gone_far_since=gone_far)


def _said(stay, by):
    stay.noted_by, stay.noted_at = by, timezone.now()


def keep_what_was_said(stored, of=None):
    """Keep what stands in a stay as an earlier entry about it, or about the stay `of`."""
    said = {name: getattr(stored, name) for name in AwayRevision.FACTS}
    AwayRevision.objects.create(stay=of or stored, community_id=stored.community_id, **said)


def _replace(stay, by, **facts):
    keep_what_was_said(stay)
    for name, value in facts.items():
        setattr(stay, name, value)
    _said(stay, by)
    _save(stay)


def _save(stay):
    """Save a stay that overlaps with no other of this adult, whose row is locked."""
    others = Away.objects.filter(adult=stay.adult_id).exclude(pk=stay.pk)
    for other in others.filter(Q(until=None) | Q(until__gt=stay.begins)):
        if overlap(stay, other):
            raise Refused(
                _("This overlaps with the stay %(stay)s. Correct the days of one of them.") % {"stay": in_words(other)}
            )
    stay.save()
    string_together(stay.adult_id)


def overlap(one, other):
    """Whether two stays have a day in common; one that lasts no day has none."""
    lasting = all(stay.until is None or stay.begins < stay.until for stay in (one, other))
    ends = [stay.until or dt.date.max for stay in (one, other)]
    return lasting and other.begins < ends[0] and one.begins < ends[1]


def in_words(stay):
    """“1 Jan 2025 – 3 May 2026, 广东省”"""
    days = [formats.date_format(day, "SHORT_DATE_FORMAT") if day else "…" for day in (stay.since, stay.until)]
    return ", ".join(part for part in (" – ".join(days), stay.place) if part)


def _changed(adult):
    """The stays belong to the adult's version too."""
    adult.save(update_fields=["version"])
