"""Correcting a contact: what it said before is kept as a version, and the duties are counted anew."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import Term
from records.lifecycle import Refused
from records.trail import log_act
from records.versions import stored_for_update
from records.wording import listed
from volunteers import contacts, questions
from volunteers.kinds import DutyKind, Met
from volunteers.models import Contact, ContactDuty, ContactRemark, ContactVersion, Duty, Pairing
from volunteers.models.deputy import refuse_letter_for_another
from volunteers.models.duty import NO_EXCUSE

DECIDES_DUTIES = ["made_on", "kinds", "met"]
CORRECTABLE = [*DECIDES_DUTIES, "place", "minutes", "note", "answers"]


class TakesPastDutyAway(Refused):
    """The correction would open a duty of a term that is over; staff may confirm it."""


@transaction.atomic
def correct(contact, *, seen, facts, photo=None, reason="", confirmed=False, by):
    """Set `facts` (some of `CORRECTABLE`), add a photo where there is none, and keep what stood there before.

    `seen`: how many versions there were when the form was drawn. A helper corrects what is about children they
    accompany today, and as far back as they may write. What fulfilled a duty of a term that is over is taken away by
    staff alone, who have `confirmed`.
    """
    is_helper = contact.volunteer.user_id == by.pk
    pairings = Pairing.objects.filter(pk__in=ContactDuty.objects.filter(contact=contact).values("pairing"))
    if is_helper:
        _helper, held = contacts.hold(contact.volunteer, pairings, with_photo=photo is not None)
    else:
        if photo is not None:
            contacts.lock_children(pairings)
        contact.volunteer.locked()
        held = contacts.locked(pairings)
    stored = stored_for_update(contact)
    if stored.versions.count() != seen:
        raise Refused(_("Somebody corrected this entry while you had it open. Look at it, then send yours again."))
    before = {name: getattr(stored, name) for name in CORRECTABLE}
    facts = _in_form({**before, **facts})
    changed = [name for name in CORRECTABLE if facts[name] != before[name]]
    if not changed and photo is None:
        raise Refused(_("Nothing was changed."))
    if is_helper:
        contacts.refuse_too_long_ago(min(before["made_on"], facts["made_on"]))
    _refuse_what_cannot_be(stored, facts, changed, photo, held)
    if changed:
        ContactVersion.objects.create(
            contact=stored, community_id=stored.community_id, number=seen + 1, reason=reason, replaced_by=by, **before
        )
    _write(stored, facts, changed, photo, by)
    stored.lacking = []
    if photo is not None or set(DECIDES_DUTIES) & set(changed):
        lines = _count_anew(stored, held, by=by, may_open_past=confirmed and not is_helper, is_helper=is_helper)
        if photo is not None:
            contacts.refuse_unwanted_photo(lines)
    return stored


def _in_form(facts):
    return {
        **facts,
        "kinds": contacts.in_order(DutyKind, facts["kinds"]),
        "met": contacts.in_order(Met, facts["met"]),
        "answers": questions.cleaned(facts["answers"]),
    }


def _refuse_what_cannot_be(stored, facts, changed, photo, held):
    contacts.refuse_misfits(facts["kinds"], facts["met"])
    if set(DECIDES_DUTIES) & set(changed) and hasattr(stored, "letter"):
        raise Refused(
            _(
                "This entry was made when a letter was handed over: its day, what it was and who was met stay as they "
                "are."
            )
        )
    if "kinds" in changed:
        refuse_letter_for_another(stored.volunteer, held, facts["kinds"])
    if "made_on" in changed:
        contacts.refuse_wrong_day(facts["made_on"], stored.volunteer, held)
        code = stored.community_id
        if Term.objects.on(stored.made_on, code) != Term.objects.on(facts["made_on"], code):
            raise Refused(_("The day stays within its term. For another term write a new entry."))
    if photo is not None and stored.photo_id:
        raise Refused(_("There is a photo already. It stays."))
    if stored.photo_id and contacts.is_scan(stored.kinds) != contacts.is_scan(facts["kinds"]):
        raise Refused(
            _(
                "There is a picture on this entry: a letter cannot become something else, nor something else a letter "
                "alone. Please write a new entry."
            )
        )
    if photo is not None:
        contacts.refuse_without_photo_consent(held, facts["kinds"])


def _write(stored, facts, changed, photo, by):
    written = {name: facts[name] for name in changed}
    if "answers" in changed:
        asked = facts["answers"].get(questions.FOLLOW_UP)
        written["follow_up"] = asked is not None
        if asked and asked != stored.answers.get(questions.FOLLOW_UP):
            written |= _asked_anew(stored)
    if photo is not None:
        written["photo"] = photo
    if stored.status == Contact.Status.VERIFIED:
        stamps = {"verified_by": None, "verified_at": None}
        stored._become(Contact.Status.WRITTEN, by=by, verb="corrected a contact", **stamps, **written)
        return
    for name, value in written.items():
        setattr(stored, name, value)
    stored.save(update_fields=list(written))
    log_act(by, "corrected a contact", stored, fields=list(written))


def _asked_anew(stored):
    """What the helper now asks for is still to be done; what was done before stays as a note of who did it."""
    if stored.settled_note:
        facts = {"text": stored.settled_note, "noted_by": stored.settled_by, "noted_at": stored.settled_at}
        ContactRemark.objects.create(contact=stored, community_id=stored.community_id, **facts)
    return {"settled_by": None, "settled_at": None, "settled_note": ""}


# Duties ---------------------------------------------------------------------------------------------------------------


def _count_anew(contact, held, *, by, may_open_past, is_helper):
    duties = contacts.duties_of(held)
    lines = list(contact.lines.order_by("pk"))
    wanted = {(pairing.pk, kind): pairing for pairing in held for kind in contact.kinds or [""]}
    for line in lines:
        line.pairing = next(pairing for pairing in held if pairing.pk == line.pairing_id)
        line.duty = next((duty for duty in duties if duty.pk == line.duty_id), None)
    freed = [line.duty for line in lines if line.duty and not _still_fulfils(line, contact, wanted)]
    _refuse_past(freed, may_open_past, is_helper)
    kept = _free(lines, freed, contact, wanted)
    there = {(line.pairing_id, line.kind) for line in kept}
    new = contacts.lines_for(contact, [(p, kind) for (key, kind), p in wanted.items() if (key, kind) not in there])
    contacts.settle(contact, [*kept, *new], duties)
    ContactDuty.objects.bulk_update(kept, ["duty"])
    ContactDuty.objects.bulk_create(new)
    for duty in freed:
        duty.pairing = next(pairing for pairing in held if pairing.pk == duty.pairing_id)
        _let_another_fulfil(duty)
        _excuse_what_is_not_owed(duty, by)
        log_act(by, "opened a duty again", duty, contact=contact)
    Pairing.recount_all(held, duties)
    return [*kept, *new]


def _free(lines, freed, contact, wanted):
    """Take the duties in `freed` off their lines, and lines that are no longer wanted away; those that stay."""
    kept = [line for line in lines if (line.pairing_id, line.kind) in wanted]
    for line in lines:
        line.made_on = contact.made_on
        if line.duty in freed:
            line.duty.done_on, line.duty = None, None
        elif line.duty:
            line.duty.done_on = contact.made_on
    ContactDuty.objects.bulk_update(lines, ["duty", "made_on"])
    ContactDuty.objects.filter(pk__in=[line.pk for line in lines if line not in kept]).delete()
    Duty.objects.filter(pk__in=[duty.pk for duty in freed]).update(done_on=None)
    Duty.objects.filter(pk__in=[line.duty_id for line in kept if line.duty_id]).update(done_on=contact.made_on)
    return kept


def _still_fulfils(line, contact, wanted):
    is_asked_for = (line.pairing_id, line.kind) in wanted and not contact.is_only_a_try
    return is_asked_for and line.duty.opens_on <= contact.made_on


def _refuse_past(freed, may_open_past, is_helper):
    past = [duty for duty in freed if duty.term.ends_on < timezone.localdate()]
    if not past or may_open_past:
        return
    what = listed(f"{duty.get_kind_display()} ({duty.term})" for duty in past)
    if is_helper:
        raise Refused(
            _("This entry fulfilled something of a term that is over: %(what)s. Please tell the community office.")
            % {"what": what}
        )
    raise TakesPastDutyAway(
        _("This takes away what fulfilled a duty of a term that is over: %(what)s. It will stand there as not done.")
        % {"what": what}
    )


def _let_another_fulfil(duty):
    """A second entry of the kind, which settled nothing as long as the first did, now does."""
    rows = ContactDuty.objects.filter(pairing=duty.pairing_id, kind=duty.kind, duty=None)
    rows = rows.filter(made_on__gte=max(duty.opens_on, duty.term.starts_on), made_on__lte=duty.term.ends_on)
    rows = rows.exclude(contact__met__contains=[Met.NOBODY])
    if duty.needs_photo and (duty.pairing.photo_agreed or duty.kind == DutyKind.LETTER):
        rows = rows.exclude(contact__photo=None, contact__letter=None)
    if line := rows.order_by("made_on", "pk").first():
        line.duty = duty
        line.save(update_fields=["duty"])
        duty.done_on = line.made_on
        Duty.objects.filter(pk=duty.pk).update(done_on=line.made_on)


@transaction.atomic
def take_back_excuse(duty, *, by):
    """It was given by mistake, or there was time after all: the duty is owed again, or an entry made meanwhile fulfils
    it."""
    held = contacts.locked(Pairing.objects.filter(pk=duty.pairing_id))
    duties = contacts.duties_of(held)
    found = next(one for one in duties if one.pk == duty.pk)
    if not found.is_excused_by_hand:
        raise Refused(_("Nobody has excused this, or the pairing rested or ended: there is nothing to take back."))
    found.pairing = held[0]
    for name, value in NO_EXCUSE.items():
        setattr(found, name, value)
    found.save(update_fields=[*NO_EXCUSE])
    _let_another_fulfil(found)
    _excuse_what_is_not_owed(found, by)
    Pairing.recount_all(held, duties)
    log_act(by, "took an excuse back", found, fields=[*NO_EXCUSE])


def _excuse_what_is_not_owed(duty, by):
    """Open again in a pairing that rests or has ended, it is excused as if it had been open on that day."""
    pairing = duty.pairing
    if duty.done_on or pairing.status not in (Pairing.Status.PAUSED, Pairing.Status.ENDED):
        return
    if pairing.status == Pairing.Status.ENDED:
        day, reason, excused_by = pairing.ends_on, Duty.Excuse.PAIRING_ENDED, by
    else:
        pause = pairing.pauses.get(resumed_on=None)
        day, reason, excused_by = pause.starts_on, Duty.Excuse.PAUSED, pause.begun_by
    if duty.due_on >= day:
        duty.excused_on, duty.excuse, duty.excused_by = day, reason, excused_by
        duty.save(update_fields=["excused_on", "excuse", "excused_by"])
