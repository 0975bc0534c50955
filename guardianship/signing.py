"""A letter's life: prepared from the file, filled in, signed by all parties, renewed, cancelled."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from children.models import Child
from children.models.adult import PARENTS
from children.status import Facts, age_on
from guardianship.lapsing import changes, standing_of, with_facts
from guardianship.models import Letter, Signature
from guardianship.models.letter import PASSED
from records.attachments import store_image
from records.lifecycle import Refused
from records.trail import log_act
from records.versions import stored_for_update
from records.wording import listed

OWN_WORDS_FROM = 8
SCHOOL_YEAR_ENDS = (8, 31)
SHORTEST_DAYS = 90
SAME_FOR_SIBLINGS = ["starts_on", "ends_on", *PASSED, "committee_told_on", "committee_told", "promises_contact"]


def usual_term(first):
    """From `first` to the end of the school year; to the next one's where this one is nearly over."""
    last = dt.date(first.year, *SCHOOL_YEAR_ENDS)
    while last < first + dt.timedelta(days=SHORTEST_DAYS):
        last = last.replace(year=last.year + 1)
    return first, last


def _family(child):
    kinships = list(child.kinships.select_related("adult"))
    parents = {kin.relation: kin.adult for kin in kinships if kin.relation in PARENTS}
    carer = next((kin.adult for kin in kinships if kin.is_caregiver), None)
    return parents, carer


def prepare(child, *, by, starts_on=None):
    """A letter to be filled in, with what the file knows: parents, caregiver, and a term of one school year."""
    with transaction.atomic():
        stored = stored_for_update(child)
        if stored.left_on:
            raise Refused(_("This child already left the register."))
        parents, carer = _family(stored)
        if not parents:
            raise Refused(_("Neither father nor mother is on file. Enter the parents in the household first."))
        if carer is None:
            raise Refused(_("Nobody is on file as looking after the child. Enter the caregiver first."))
        if carer in parents.values():
            raise Refused(_("A parent looks after the child: nothing is entrusted, and no letter is needed."))
        if child.letters.filter(status=Letter.Status.DRAFT).exists():
            raise Refused(_("A letter for this child is already being prepared."))
        first, last = usual_term(starts_on or timezone.localdate())
        letter = Letter.objects.create(
            child=stored,
            community_id=stored.community_id,
            caregiver=carer,
            starts_on=first,
            ends_on=last,
            prepared_by=by,
            **parents,
        )
        log_act(by, "prepared a letter", letter, child=stored)
        return letter


def siblings_of(child):
    """Brothers and sisters on the register whom the same parents entrust to the same caregiver."""
    parents, carer = _family(child)
    others = Child.objects.filter(household=child.household_id, left_on=None).exclude(pk=child.pk)
    same = []
    for other in others.prefetch_related("kinships__adult").order_by("birth_date", "pk"):
        kinships = other.kinships.all()
        theirs = {kin.relation: kin.adult for kin in kinships if kin.relation in PARENTS}
        if carer and theirs == parents and any(kin.is_caregiver and kin.adult_id == carer.pk for kin in kinships):
            same.append(other)
    return same


def prepare_for_family(child, *, by):
    """The child's letter, and one for each brother or sister in the same care who has none; the child's comes back."""
    with transaction.atomic():
        letter = prepare(child, by=by)
        siblings = siblings_of(child)
        theirs = Letter.objects.filter(child__in=[sibling.pk for sibling in siblings])
        have = [theirs.in_force_on(timezone.localdate()), theirs.filter(status=Letter.Status.DRAFT)]
        has_one = {key for rows in have for key in rows.values_list("child", flat=True)}
        for sibling in siblings:
            if sibling.pk not in has_one:
                prepare(sibling, by=by)
        return letter


def drafts_of_siblings(letter):
    """Letters being prepared for brothers and sisters who are entrusted to the same person."""
    drafts = Letter.objects.filter(status=Letter.Status.DRAFT, caregiver=letter.caregiver_id)
    drafts = drafts.filter(child__household=letter.child.household_id).exclude(pk=letter.pk)
    return drafts.select_related("child").order_by("child__birth_date", "pk")


def fill_in(letter, changed, *, for_siblings=False, by):
    """Keep what a form put into an unsigned letter; with `for_siblings` what is the same for all goes to theirs too."""
    with transaction.atomic():
        drafts = _locked_drafts([letter, *(drafts_of_siblings(letter) if for_siblings else [])])
        if drafts.pop(letter.pk, None) is None:
            raise Refused(_("A signed letter is not changed. Prepare a new one."))
        letter.save()
        log_act(by, "filled in the letter", letter, fields=changed)
        for draft in drafts.values():
            for name in SAME_FOR_SIBLINGS:
                setattr(draft, name, getattr(letter, name))
            draft.save(update_fields=SAME_FOR_SIBLINGS)
            log_act(by, "filled in the letter", draft, fields=SAME_FOR_SIBLINGS)


def _locked_drafts(letters):
    """{key: row} of those that are still unsigned, locked in the order of their keys."""
    rows = Letter.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=[one.pk for one in letters])
    return {one.pk: one for one in rows.order_by("pk") if one.is_draft}


def bars(letter):
    """In the words of the law, why this person may not be entrusted with the child."""
    found = []
    if letter.harmed_minor:
        found.append(_("Whoever has abused, abandoned or otherwise harmed a minor may not be entrusted (art. 22)."))
    if letter.has_habit:
        found.append(_("Whoever takes drugs, drinks heavily or gambles may not be entrusted (art. 22)."))
    if letter.neglected_duty:
        found.append(_("Whoever has long neglected such duties may not be entrusted (art. 22)."))
    if letter.is_capable is False:
        found.append(_("Only an adult able to look after the child may be entrusted (art. 22)."))
    if letter.is_never_alone is False:
        found.append(
            _("A child under 8 is never left alone, and a child under 16 never lives alone (art. 21). Change the care.")
        )
    return found


def lacks(letter):
    """What must still be filled in before the parties can sign."""
    missing = []
    if any(getattr(letter, name) is None for name in PASSED):
        missing.append(_("Answer every question about the caregiver."))
    if age_on(letter.child.birth_date, letter.starts_on) >= OWN_WORDS_FROM:
        if not letter.opinion:
            missing.append(_("Write down what the child says, in the child's own words."))
    elif not letter.opinion_how:
        missing.append(_("Say how the child was asked or observed."))
    if letter.opinion_on is None:
        missing.append(_("Enter the day on which the child was heard."))
    if not letter.promises_contact:
        missing.append(_("The parents must promise to be in contact at least once a week (art. 23)."))
    if letter.committee_told_on is None:
        missing.append(_("The committee must be told in writing (art. 23)."))
    if letter.child.school and letter.school_told_on is None:
        missing.append(_("The school must be told in writing (art. 23)."))
    return missing


def sign(letter, *, days, pictures, witness, by):
    """All parties have signed: `days` and `pictures` by party. The letter signed before holds until this one begins."""
    with transaction.atomic():
        child = stored_for_update(letter.child)
        stored = with_facts(Letter.objects.select_for_update(of=("self",), no_key=True)).get(pk=letter.pk)
        _refuse_unfinished(stored, child)
        parties = [*stored.parents, Signature.Party.CAREGIVER]
        _refuse_wrong_days(parties, days, pictures, child)
        today = timezone.localdate()
        away = _who_is_away(stored)
        _refuse_what_would_not_hold(stored, away, today)
        first_day = max(today, stored.starts_on)
        for before in Letter.objects.filter(child=child).not_over_on(first_day):
            before.note_renewed(on=first_day if before.starts_on < first_day else today, by=by)  # else it never begins
        stored.note_signed(on=max(days[p] for p in parties), witness=witness, by=by, **away)
        for party in parties:
            picture = store_image(pictures[party], by) if pictures.get(party) else None
            Signature.objects.create(
                letter=stored,
                community_id=stored.community_id,
                party=party,
                signed_on=days[party],
                picture=picture,
            )
    letter.refresh_from_db()


def cancel(letter, *, by):
    """Where the letter has not begun yet, the one that it was to replace goes on as if there had been no other."""
    with transaction.atomic():
        child = stored_for_update(letter.child)
        letter.cancel(by=by)
        if letter.signed_on and letter.starts_on > timezone.localdate():
            replaced = child.letters.filter(status=Letter.Status.RENEWED, ended_on=letter.starts_on)
            if before := replaced.order_by("starts_on", "pk").last():
                before.note_going_on(by=by)


def _refuse_unfinished(letter, child):
    if not letter.is_draft:
        raise Refused(_("This letter is not waiting for signatures any more."))
    if child.left_on:
        raise Refused(_("This child already left the register."))
    if barred := bars(letter):
        raise Refused(" ".join(barred))
    if missing := lacks(letter):
        raise Refused(" ".join(missing))
    if not letter.child.kinships.filter(adult=letter.caregiver_id, is_caregiver=True).exists():
        raise Refused(
            _("%(name)s is not on file as the one who looks after the child. Change the file or the letter first.")
            % {"name": letter.caregiver.name}
        )
    if letter.ends_on < timezone.localdate():
        raise Refused(_("The term of this letter is over. Correct the last day first."))


def _refuse_what_would_not_hold(letter, away, day):
    """What lapses on the day of its signing entrusts the child to nobody."""
    for name, was_away in away.items():
        setattr(letter, name, was_away)
    if why := listed(changes(letter, day)):
        words = _("This letter would not hold: %(why)s. Correct the file, or cancel this letter and prepare a new one.")
        raise Refused(words % {"why": why})


def _refuse_wrong_days(parties, days, pictures, child):
    if any(days.get(party) is None for party in parties):
        raise Refused(_("Every party signs: enter the day of each signature."))
    if max(days[party] for party in parties) > timezone.localdate():
        raise Refused(_("A signature lies in the future."))
    if min(days[party] for party in parties) < child.birth_date:
        raise Refused(_("A signature lies before the child's birth."))
    if not any(pictures.get(party) for party in parties):
        raise Refused(_("Add a scan or photo of at least one signature, or of the whole signed letter."))


def _who_is_away(letter):
    today = timezone.localdate()
    facts = Facts.of(letter.child, past=False)
    return {
        f"{relation}_was_away": (parent := facts.parent(relation)) is not None and parent.is_away(today)
        for relation in PARENTS
    }


def renewal_for(letter, *, by):
    """A new letter after `letter`, from today's facts; the old one holds until the new one is signed."""
    today = timezone.localdate()
    standing = standing_of(letter, today)
    after = letter.ends_on + dt.timedelta(days=1) if standing.is_valid else today
    return prepare(letter.child, by=by, starts_on=max(after, today))


def renew(letters, *, by):
    """New letters after the given ones; those refused come back with why: (made, [(letter, words)])."""
    made, refused = [], []
    for letter in letters:
        try:
            with transaction.atomic():
                made.append(renewal_for(letter, by=by))
        except Refused as refusal:
            refused.append((letter, refusal.message))
        except IntegrityError:
            refused.append((letter, _("A letter for this child is already being prepared.")))
    return made, refused
