"""Logging a contact: one act that writes what happened and settles the duties it fulfils."""

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from children.models import Child, Concern, Consent
from records.lifecycle import Refused
from records.trail import log_act
from records.wording import listed
from volunteers import questions
from volunteers.kinds import MEANT_FOR, DutyKind, Met, Proof
from volunteers.models import Contact, ContactDuty, Duty, Pairing
from volunteers.models.deputy import refuse_days_of_another, refuse_letter_for_another
from volunteers.models.duty import NO_EXCUSE
from volunteers.seen import given_name

DAYS_BACK = 180

DOES_NOT_FIT = {
    DutyKind.TALK: gettext_lazy(
        "A heart-to-heart talk is with the child itself. Tick the child, or take the tick off the talk."
    ),
    DutyKind.GUARDIAN: gettext_lazy(
        "A talk with the guardian needs the guardian. Tick the guardian, or take the tick off."
    ),
    DutyKind.TEACHER: gettext_lazy(
        "A contact with the class teacher needs the teacher. Tick the teacher, or take the tick off."
    ),
}


@transaction.atomic
def log(
    volunteer,
    *,
    pairings,
    kinds,
    made_on=None,
    met=(),
    note="",
    answers=None,
    place="",
    minutes=None,
    photo=None,
    proven=False,
    by,
):
    """Write down a contact with the children of `pairings` (several for brothers and sisters).

    Whether the helper may is asked again here, under the locks that ending a pairing and recording a check take too:
    a form may have been open for an hour. Each of `kinds` settles the oldest open duty of its kind in each pairing,
    unless nobody was reached, or the duty needs a photo and none came: then the entry is kept and the duty stays open.
    `proven`: the office has seen what the duty needs, as with a letter it handed over.
    """
    made_on = made_on or timezone.localdate()
    kinds, met, answers = in_order(DutyKind, kinds), in_order(Met, met), questions.cleaned(answers)
    refuse_misfits(kinds, met)
    helper, held = hold(volunteer, pairings, with_photo=photo is not None)
    refuse_too_long_ago(made_on)
    refuse_wrong_day(made_on, helper, held)
    refuse_letter_for_another(helper, held, kinds)
    if photo is not None:
        refuse_without_photo_consent(held, kinds)
    contact = Contact.objects.create(
        volunteer=helper,
        community_id=held[0].community_id,
        made_on=made_on,
        kinds=kinds,
        met=met,
        note=note,
        answers=answers,
        follow_up=questions.FOLLOW_UP in answers,
        place=place,
        minutes=minutes,
        photo=photo,
        created_by=by,
    )
    lines = lines_for(contact, [(pairing, kind) for pairing in held for kind in kinds or [""]])
    duties = duties_of(held) if kinds else []
    changed = settle(contact, lines, duties, proven=proven)
    ContactDuty.objects.bulk_create(lines)
    Pairing.recount_all([pairing for pairing in held if pairing.pk in changed], duties)
    log_act(by, "logged a contact", contact, pairings=[p.pk for p in held])
    return contact


@transaction.atomic
def raise_concerns(pairings, *, what="", by):
    """Open a concern for each child of `pairings`; nothing else is required, and nothing can hold it up."""
    children = {pairing.child_id: pairing.child for pairing in pairings}
    return [Concern.raise_for(child, what=what, by=by) for child in children.values()]


def excuse(duty, *, reason, note="", by):
    duty.forgive(reason=reason, note=note, by=by)


@transaction.atomic
def answer(contact, text, *, by):
    """The helper's answer to what the office asked; asked again under lock whether the helper still may."""
    hold(contact.volunteer, Pairing.objects.filter(contact_lines__contact=contact).distinct())
    contact.take_answer(answer=text, by=by)


def is_scan(kinds):
    """Whether the picture of such a contact is one of a letter, which shows nobody."""
    return list(kinds) == [DutyKind.LETTER]


# Parts of logging that correcting needs too ---------------------------------------------------------------------------


def in_order(choices, values):
    return [value for value in choices.values if value in set(values)]


def misfit(kinds, met):
    """The first kind that does not fit who was met; nobody reached is a try of any kind, nothing said fits all."""
    if not met or Met.NOBODY in met:
        return None
    return next((kind for kind in kinds if kind in MEANT_FOR and MEANT_FOR[DutyKind(kind)] not in met), None)


def refuse_misfits(kinds, met):
    if Met.NOBODY in met and len(met) > 1:
        raise Refused(_("Either nobody was reached, or say who was."))
    if kind := misfit(kinds, met):
        raise Refused(DOES_NOT_FIT[kind])


def hold(volunteer, pairings, *, with_photo=False):
    """(helper, pairings) under their locks, as long as the helper may write about all of these children today."""
    keys = {p.pk for p in pairings}
    if not keys:
        raise Refused(_("Choose at least one child."))
    if with_photo:
        lock_children(keys)
    helper = volunteer.locked()
    today = timezone.localdate()
    if not helper.is_in_service_on(today) or not helper.is_cleared_on(today):
        raise Refused(_("Something asked of you is missing or has ended, so nothing can be written."))
    held = locked(Pairing.objects.open_to(helper).filter(pk__in=keys))
    if len(held) != len(keys):
        raise Refused(_("You no longer accompany one of these children. Please look again at your list."))
    if len({p.community_id for p in held}) > 1:
        raise Refused(_("These children live in different communities. Please write one entry for each community."))
    return helper, held


def lock_children(pairings):
    """A photo and the withdrawal of the consent to photos wait for each other. Children are locked before helpers."""
    children = Child.objects.filter(pk__in=Pairing.objects.filter(pk__in=pairings).values("child"))
    list(children.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))


def with_photo_consent(pairings):
    """Each with `photo_agreed`: whether the child's guardian agrees to photos."""
    consent = Consent.objects.in_force().filter(child=OuterRef("child"), purpose=Consent.Purpose.PHOTO)
    return pairings.annotate(photo_agreed=Exists(consent))


def locked(pairings):
    rows = with_photo_consent(pairings).select_for_update(of=("self",), no_key=True)
    return list(rows.order_by("pk"))


def duties_of(pairings):
    """All duties of these pairings, locked, each with its term and whether it only rests."""
    rows = Duty.objects.filter(pairing__in=pairings).with_rest().select_related("term")
    return list(rows.select_for_update(of=("self",), no_key=True).order_by("number", "pk"))


def first_day():
    """Of what a helper may still write or set right."""
    return timezone.localdate() - dt.timedelta(days=DAYS_BACK)


def refuse_too_long_ago(made_on):
    if made_on < first_day():
        raise Refused(_("This is more than %(days)s days ago. Please tell the community office.") % {"days": DAYS_BACK})


def refuse_wrong_day(made_on, helper, held):
    if made_on > timezone.localdate():
        raise Refused(_("A contact cannot lie in the future."))
    if any(made_on < p.starts_on for p in held):
        raise Refused(_("On that day you did not yet accompany this child."))
    if any(p.status == Pairing.Status.ENDED and p.ends_on < made_on for p in held):
        raise Refused(_("On that day the pairing had ended already."))
    refuse_days_of_another(helper, held, made_on)


def without_photo_consent(pairings, naming=given_name):
    """The names of the children whose guardians have not agreed to photos."""
    return list(dict.fromkeys(naming(pairing.child.name) for pairing in pairings if not pairing.photo_agreed))


def takes_photo(kinds, pairings):
    """Whether an entry of these `kinds` may have a picture: of a letter always, else one that all agree to."""
    return is_scan(kinds) or all(pairing.photo_agreed for pairing in pairings)


def refuse_without_photo_consent(pairings, kinds):
    if not takes_photo(kinds, pairings):
        words = _("There is no consent to photos of %(names)s. Send it once more: it is then kept without the photo.")
        raise Refused(words % {"names": listed(without_photo_consent(pairings))})


def lines_for(contact, pairs):
    return [
        ContactDuty(
            contact=contact,
            pairing=pairing,
            kind=kind,
            made_on=contact.made_on,
            community_id=pairing.community_id,
            district=pairing.district,
        )
        for pairing, kind in pairs
    ]


def settle(contact, lines, duties, *, proven=False):
    """Let each of `lines` without a duty fulfil the oldest open one of its kind; the keys of pairings that changed.

    `contact.lacking` names the kinds that stay open for want of a photo, which is asked of nobody whose family does
    not agree to photos. The caller holds the locks of pairings and `duties`, and writes the lines.
    """
    contact.lacking = []
    if contact.is_only_a_try:
        return set()
    done, lacking = [], set()
    for line in lines:
        duty = None if line.duty_id else next((d for d in duties if _is_open_for(d, line)), None)
        if duty is None:
            continue
        if duty.needs_photo and not (proven or contact.photo_id or _cannot_have_photo(line)):
            lacking.add(line.kind)
            continue
        line.duty = duty
        duty.set_done(contact.made_on)
        done.append(duty)
    if contact.photo_id and done:
        refuse_unwanted_photo(lines)
    Duty.objects.filter(pk__in=[d.pk for d in done]).update(done_on=contact.made_on, **NO_EXCUSE)
    contact.lacking = in_order(DutyKind, lacking)
    return {duty.pairing_id for duty in done}


def refuse_unwanted_photo(lines):
    duties = [line.duty for line in lines if line.duty]
    if duties and all(duty.evidence == Proof.NONE for duty in duties):
        raise Refused(_("For this your district wants no photo. Please send the entry without it."))


def _is_open_for(duty, line):
    is_its = (duty.pairing_id, duty.kind) == (line.pairing_id, line.kind) and (duty.rests or not duty.is_settled)
    return is_its and max(duty.opens_on, duty.term.starts_on) <= line.made_on <= duty.term.ends_on


def _cannot_have_photo(line):
    return line.kind != DutyKind.LETTER and not line.pairing.photo_agreed
