"""How a check of a Home goes: begun, measured, filled in by one phone or several, submitted once."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from homes import measuring, scoring
from homes.models import Answer, AnswerPhoto, Home, Inspection, Standard, Standing
from records.attachments import store_image
from records.lifecycle import Refused
from records.trail import log_act

MEASURED = ["number", "measured", "numerator", "denominator"]
FILLED_IN = ["yes", "number", "choice", "comment", "not_applicable", "disputed", "answered_by", "version"]
PHOTOS_AT_MOST = 6


@transaction.atomic
def begin(home, kind, *, by, day=None):
    """The check of `kind` under way in this Home, begun if there is none: 49 answers to give, some measured already."""
    day = day or timezone.localdate()
    home = Home.objects.select_for_update(of=("self",)).get(pk=home.pk)
    if not home.is_open:
        raise Refused(_("This Home is closed."))
    if found := home.inspections.drafts().filter(kind=kind).first():
        return found
    standard = Standard.objects.in_force(home.district, day)
    if standard is None:
        raise Refused(_("No standard is in force in this district yet: the administrator approves one first."))
    check = Inspection.objects.create(
        community_id=home.community_id,
        home=home,
        standard=standard,
        kind=kind,
        begun_on=day,
        begun_by=by,
        measured_on=day,
    )
    answers = [
        Answer(community_id=home.community_id, district=home.district, inspection=check, item=item)
        for item in standard.items.all()
    ]
    for answer in answers:
        _take_reading(answer, day)
    Answer.objects.bulk_create(answers)
    log_act(by, f"began {kind}", check)
    return check


@transaction.atomic
def measure_again(check, *, by, day=None):
    """Take the readings anew, as of today. Comments and disputes stay."""
    day = day or timezone.localdate()
    _locked_draft(check)
    answers = list(_locked_answers(check).filter(item__kind="computed"))
    for answer in answers:
        _take_reading(answer, day)
        answer.version = F("version") + 1
    Answer.objects.bulk_update(answers, [*MEASURED, "version"])
    check.measured_on = day
    check.save(update_fields=["measured_on"])
    log_act(by, "measured again", check, fields=["measured_on"])


def _take_reading(answer, day):
    reading = measuring.read(answer.item, answer.community_id, day)
    if reading is not None:
        answer.measured, answer.number = True, reading.value
        answer.numerator, answer.denominator = reading.numerator, reading.denominator
        answer.not_applicable = False


def _locked_draft(check):
    """Whoever fills in, measures or submits takes this lock first, so that nothing is written after submission."""
    stored = Inspection.objects.select_for_update(of=("self",)).get(pk=check.pk)
    if not stored.is_draft:
        raise Refused(_("This check was submitted meanwhile and can no longer be changed."))
    return stored


def _locked_answers(check):
    answers = check.answers.select_related("item").select_for_update(of=("self",))
    return answers.prefetch_related("photos").order_by("pk")


def open_section(check, section):
    """The section's answers, locked for the rest of the transaction; call it before forms are drawn from a POST."""
    _locked_draft(check)
    return sorted(_locked_answers(check).filter(item__section=section), key=lambda answer: answer.item.position)


@transaction.atomic
def keep(check, answers, *, by):
    """Keep answers that were filled in (of `open_section`)."""
    for answer in answers:
        answer.answered_by = by
        answer.version += 1
    Answer.objects.bulk_update(answers, FILLED_IN)
    if answers:
        log_act(by, "answered", check, fields=["answers"], items=[answer.item.code for answer in answers])


@transaction.atomic
def add_photo(answer, uploaded, *, by):
    """Keep a picture as evidence; raises ValidationError in words where it cannot be kept."""
    if answer.photos.filter(withdrawn_at=None).count() >= PHOTOS_AT_MOST:
        raise Refused(_("There are %(number)s photos already.") % {"number": PHOTOS_AT_MOST})
    photo = AnswerPhoto.objects.create(
        community_id=answer.community_id,
        answer=answer,
        photo=store_image(uploaded, by),
        added_by=by,
        nobody_shown=True,
    )
    log_act(by, "added", photo)
    return photo


@transaction.atomic
def withdraw_photo(photo, *, by):
    """Take a picture out of a check under way. It is kept, but counts and shows no more."""
    _locked_draft(photo.answer.inspection)
    if photo.withdrawn_at is None:
        photo.withdrawn_at = timezone.now()
        photo.save(update_fields=["withdrawn_at"])
        log_act(by, "withdrew", photo, fields=["withdrawn_at"])


def judge(answers):
    """The verdict on these answers (items and photos loaded), whether or not they are final."""
    return scoring.judge((rule_of(answer.item), found_in(answer)) for answer in answers)


def rule_of(item):
    return scoring.Rule(
        code=item.code,
        section=item.section,
        kind=item.kind,
        weight=item.weight,
        threshold=item.threshold,
        exactly=item.comparison == "eq",
        choices=item.choice_count,
        is_bar=item.is_bar,
    )


def found_in(answer):
    return scoring.Found(
        yes=answer.yes,
        number=answer.number,
        choice=answer.choice,
        photos=len(answer.photos_kept),
        left_out=answer.not_applicable or answer.has_nothing_to_measure,
    )


@transaction.atomic
def submit(check, *, by):
    """Score the check and close it: score, grade and every item's outcome are frozen with it, and the Home's standing
    follows."""
    check = _locked_draft(check)
    verdict = judge(_locked_answers(check))
    check.submit(verdict, by=by)
    Standing.renew(check.home)
    return check
