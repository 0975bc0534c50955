"""Logging a contact: one act that writes what happened and settles the duties it fulfils."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from children.models import Concern, Consent
from records.lifecycle import Refused
from records.trail import log_act
from volunteers.kinds import DutyKind
from volunteers.models import Contact, ContactDuty, Duty, Pairing
from volunteers.models.deputy import refuse_days_of_another
from volunteers.models.duty import NO_EXCUSE

DAYS_BACK = 180


@transaction.atomic
def log(volunteer, *, pairings, kinds, made_on=None, note="", place="", minutes=None, photo=None, by):
    """Write down a contact with the children of `pairings` (several for brothers and sisters).

    Whether the helper may is asked again here, under the locks that ending a pairing and recording a check take too:
    a form may have been open for an hour. Each of `kinds` settles the oldest open duty of its kind in each pairing.
    """
    made_on = made_on or timezone.localdate()
    kinds = [kind for kind in DutyKind.values if kind in set(kinds)]
    helper, held = _held(volunteer, pairings)
    _refuse_wrong_day(made_on, held)
    refuse_days_of_another(helper, held, made_on)
    if photo is not None:
        _refuse_without_photo_consent(held)
    contact = Contact.objects.create(
        volunteer=helper,
        community_id=held[0].community_id,
        made_on=made_on,
        kinds=kinds,
        note=note,
        place=place,
        minutes=minutes,
        photo=photo,
        created_by=by,
    )
    _settle(contact, held, kinds)
    log_act(by, "logged a contact", contact, pairings=[p.pk for p in held])
    return contact


@transaction.atomic
def raise_concerns(pairings, *, what="", by):
    """Open a concern for each child of `pairings`; nothing else is required, and nothing can hold it up."""
    children = {pairing.child_id: pairing.child for pairing in pairings}
    return [Concern.raise_for(child, what=what, by=by) for child in children.values()]


def excuse(duty, *, reason, note="", by):
    duty.forgive(reason=reason, note=note, by=by)


def children_without_photo_consent(pairings):
    """The pairings whose child has no photo consent in force."""
    agreed = Consent.objects.in_force().filter(purpose=Consent.Purpose.PHOTO, child__in=[p.child_id for p in pairings])
    with_consent = set(agreed.values_list("child_id", flat=True))
    return [p for p in pairings if p.child_id not in with_consent]


def _held(volunteer, pairings):
    keys = {p.pk for p in pairings}
    if not keys:
        raise Refused(_("Choose at least one child."))
    helper = volunteer.locked()
    today = timezone.localdate()
    if not helper.is_in_service_on(today) or not helper.is_cleared_on(today):
        raise Refused(_("Something asked of you is missing or has ended, so nothing can be written."))
    rows = Pairing.objects.open_to(helper).filter(pk__in=keys)
    held = list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))
    if len(held) != len(keys):
        raise Refused(_("You no longer accompany one of these children. Please look again at your list."))
    if len({p.community_id for p in held}) > 1:
        raise Refused(_("These children live in different communities. Please write one entry for each community."))
    return helper, held


def _refuse_wrong_day(made_on, held):
    today = timezone.localdate()
    if made_on > today:
        raise Refused(_("A contact cannot lie in the future."))
    if made_on < today - dt.timedelta(days=DAYS_BACK):
        raise Refused(_("This is more than %(days)s days ago. Please tell the community office.") % {"days": DAYS_BACK})
    if any(made_on < p.starts_on for p in held):
        raise Refused(_("On that day you did not yet accompany this child."))


def _refuse_without_photo_consent(held):
    if children_without_photo_consent(held):
        raise Refused(_("There is no consent to photos of this child. Please send the entry without the photo."))


def _settle(contact, held, kinds):
    duties = list(
        Duty.objects.filter(pairing__in=held, term__starts_on__lte=contact.made_on, term__ends_on__gte=contact.made_on)
        .to_fulfil()
        .filter(opens_on__lte=contact.made_on, kind__in=kinds)
        .select_for_update(of=("self",), no_key=True)
        .order_by("number", "pk")
    )
    lines, done = [], []
    for pairing in held:
        for kind in kinds or [""]:
            duty = next((d for d in duties if d.pairing_id == pairing.pk and d.kind == kind), None)
            if duty is not None:
                duties.remove(duty)
                done.append(duty)
            line = ContactDuty(contact=contact, pairing=pairing, kind=kind, duty=duty, made_on=contact.made_on)
            line.community_id, line.district = pairing.community_id, pairing.district
            lines.append(line)
    ContactDuty.objects.bulk_create(lines)
    Duty.objects.filter(pk__in=[d.pk for d in done]).update(done_on=contact.made_on, **NO_EXCUSE)
    for pairing in held:
        if any(d.pairing_id == pairing.pk for d in done):
            pairing.recount_duties()
