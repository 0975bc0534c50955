"""What others do with an application: the street office checks, the public is told, the federation decides."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from children.masking import masked_name, names_told_in
from children.models import Consent
from children.status import age_on
from records.lifecycle import Refused
from records.trail import log_act
from records.versions import stored_for_update
from support.eligibility import hardships_of
from support.models import Application, Objection, Sheet

Status = Application.Status


def _held(application, seen):
    """The application as it stands, locked for who judges it. `seen`: the version that was read, where one was."""
    stored = stored_for_update(application)
    if seen is not None and seen != stored.version:
        raise Refused(_("This application was changed meanwhile. Read it again."))
    return stored


@transaction.atomic
def check(application, *, seen=None, by):
    """The street office finds the application in order; from here on the sheet is what others see."""
    stored = _held(application, seen)
    if stored.submitted_by_id == by.pk:
        raise Refused(_("Who submitted an application cannot check it: another person must."))
    if stored.status == Status.SUBMITTED and stored.made_under.needs_school_review and not stored.school_reviewed_on:
        raise Refused(_("The opinion of the school is not noted yet."))
    if names_told_in(f"{stored.reason} {stored.school_opinion}", stored.child):
        raise Refused(_("Reason or opinion name the child, the family or the school. Return the application."))
    application.note_checked(by=by)
    _freeze(stored)


def _freeze(application):
    child, day = application.child, timezone.localdate()
    asked = application.made_under.hardships  # what nobody noted as a hardship is told only where the rules ask for it
    return Sheet.objects.create(
        application=application,
        community_id=application.community_id,
        masked_name=masked_name(child.name),
        age=age_on(child.birth_date, day),
        sex=child.sex,
        hardships=sorted(hardships_of([child.pk], day, stated=asked)[child.pk]),
        reason=application.reason,
        school_opinion=application.school_opinion,
        amount=application.amount,
    )


@transaction.atomic
def give_back(application, *, remark, seen=None, by):
    """Return the application to the community; a public notice ends with it."""
    if _held(application, seen).submitted_by_id == by.pk:
        raise Refused(_("Who submitted an application cannot return it: another person must."))
    if not remark.strip():
        raise Refused(_("Say what the community should mend."))
    application.note_returned(remark=remark, by=by)
    application.sheets.current().update(replaced_at=timezone.now())


@transaction.atomic
def post_notice(application, *, by):
    """The public notice begins today; refused without the guardian's consent to publicity."""
    child = stored_for_update(application.child)
    stored = stored_for_update(application)
    if not stored.made_under.notice_days:
        raise Refused(_("This kind of support has no public notice."))
    if not child.consents.in_force().filter(purpose=Consent.Purpose.PUBLICITY).exists():
        raise Refused(_("There is no consent for publicity. Note the guardian's consent first."))
    application.note_on_notice(first=timezone.localdate(), by=by)


def take_down(application, *, by):
    application.note_taken_down(by=by)


@transaction.atomic
def object_to(application, *, text, by):
    stored = stored_for_update(application)
    if stored.status != Status.ON_NOTICE:
        raise Refused(_("This application is not on public notice."))
    objection = Objection.objects.create(application=stored, community_id=stored.community_id, text=text, noted_by=by)
    log_act(by, "noted an objection", stored, objection=objection)
    return objection


@transaction.atomic
def settle(objection, *, answer, by):
    stored = Objection.objects.select_for_update(of=("self",)).get(pk=objection.pk)
    if stored.answered_on:
        raise Refused(_("This objection is settled."))
    if not answer.strip():
        raise Refused(_("Write what was found."))
    stored.answer, stored.answered_on, stored.answered_by = answer, timezone.localdate(), by
    stored.save(update_fields=["answer", "answered_on", "answered_by"])
    log_act(by, "settled an objection", stored.application, objection=stored)


@transaction.atomic
def decide(sheet, *, is_approved, reason, granted=None, by):
    """The federation approves or declines what the sheet says; it never needs the file."""
    application = stored_for_update(sheet.application)
    if not Sheet.objects.current().filter(pk=sheet.pk).exists():
        raise Refused(_("This sheet is no longer valid: the application went back to the community."))
    if by.pk in (application.submitted_by_id, application.checked_by_id):
        raise Refused(_("Who submitted or checked an application cannot decide it."))
    if words := bar_to_decision(application):
        raise Refused(words)
    if not reason.strip():
        raise Refused(_("Write the reason of the decision."))
    if not is_approved:
        application.note_decided(Status.DECLINED, verb="declined an application", decision_reason=reason, by=by)
        return
    granted = sheet.amount if granted is None else granted
    if granted <= 0:
        raise Refused(_("Nothing can be granted by approving: enter an amount above nought, or decline."))
    if granted > sheet.amount:
        raise Refused(_("Grant at most what was applied for: %(amount)s yuan.") % {"amount": sheet.amount})
    stamps = {"decision_reason": reason, "granted": granted}
    application.note_decided(Status.APPROVED, verb="approved an application", by=by, **stamps)


def bar_to_decision(application):
    """Why it cannot be decided yet, in words; "" where nothing stands in the way."""
    if application.status not in (Status.CHECKED, Status.ON_NOTICE):
        return ""  # the table of moves answers
    if application.made_under.notice_days and application.status == Status.CHECKED:
        return _("The public notice has not been posted yet.")
    if application.status == Status.ON_NOTICE and not application.notice_has_run:
        return _("The public notice still stands until %(day)s.") % {"day": application.notice_until}
    if application.objections.filter(answered_on=None).exists():
        return _("An objection to the public notice is not settled yet.")
    return ""
