"""The acts of counselling: a case opened, a session noted, another counsellor admitted."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from children.models import Child
from children.referring import counsellors_for
from counselling.models import Admission, Case
from records.lifecycle import Refused
from records.trail import log_act
from records.versions import stored_for_update


def _held(case, by):
    """The case, locked, where this counsellor may write in it today."""
    stored = stored_for_update(case)
    if not Case.objects.open_to(by).filter(pk=stored.pk).exists():
        raise Refused(_("The child is no longer referred to you. You can read your notes, but write nothing new."))
    return stored


def _held_open(case, by):
    stored = _held(case, by)
    if not stored.is_open:
        raise Refused(_("This case is closed. Open it again first."))
    return stored


@transaction.atomic
def open_case(child, words, *, by):
    """Open a case for a child referred to the counsellor; `words` is a `CaseWords` not yet saved."""
    stored = stored_for_update(child)
    if not child.referrals.current().filter(counsellor=by).exists():
        raise Refused(_("This child is not referred to you."))
    if stored.counselling_cases.filter(counsellor=by, status=Case.Status.OPEN).exists():
        raise Refused(_("There is already an open case for this child."))
    case = Case.objects.create(child=stored, community_id=stored.community_id, counsellor=by)
    words.case, words.community_id = case, case.community_id
    words.save()
    log_act(by, "opened a case", case)
    return case


@transaction.atomic
def correct_case(words, *, by):
    case = _held(words.case, by)
    words.save()
    log_act(by, "corrected the notes on a case", case)


@transaction.atomic
def note_session(case, session, words, *, by):
    """Keep a new session, numbered within its case."""
    stored = _held_open(case, by)
    _refuse_a_day_that_cannot_be(session)
    last = stored.sessions.order_by("-number").values_list("number", flat=True).first()
    session.case, session.community_id, session.number = stored, stored.community_id, (last or 0) + 1
    session.save()
    words.session, words.community_id = session, session.community_id
    words.save(force_insert=True)
    log_act(by, "noted a counselling session", session, case=stored)
    return session


@transaction.atomic
def correct_session(session, words, *, by):
    stored = _held_open(session.case, by)
    _refuse_a_day_that_cannot_be(session)
    session.save()
    words.save()
    log_act(by, "corrected a counselling session", session, case=stored)


def _refuse_a_day_that_cannot_be(session):
    if session.held_on > timezone.localdate():
        raise Refused(_("The day of the session lies in the future."))
    if session.next_on and session.next_on < session.held_on:
        raise Refused(_("The next session cannot lie before this one."))


def close(case, *, by):
    """Also after the referral has ended: nothing is written in the case by it."""
    with transaction.atomic():
        stored = stored_for_update(case)
        if not Case.objects.kept_by(by).filter(pk=stored.pk).exists():
            raise Refused(_("Only the counsellor who keeps the case closes it."))
        stored.close(by=by)


def reopen(case, *, by):
    with transaction.atomic():
        stored_for_update(Child.objects.get(pk=case.child_id))
        held = _held(case, by)
        if Case.objects.filter(child=held.child_id, counsellor=by, status=Case.Status.OPEN).exists():
            raise Refused(_("There is already an open case for this child."))
        held.reopen(by=by)


def may_be_admitted(case):
    """Other counsellors posted over the child's community."""
    return counsellors_for(case.child).exclude(pk=case.counsellor_id)


@transaction.atomic
def admit(case, counsellor, *, until=None, by):
    stored = _held(case, by)
    today = timezone.localdate()
    if not may_be_admitted(stored).filter(pk=counsellor.pk).exists():
        raise Refused(_("Only another counsellor of this place can be admitted."))
    if until is not None and until < today:
        raise Refused(_("An admission cannot end before it starts."))
    if stored.admissions.in_force().filter(counsellor=counsellor).exists():
        raise Refused(_("This counsellor is already admitted to the case."))
    stored.admissions.filter(counsellor=counsellor, revoked_at=None).update(revoked_at=timezone.now())
    admission = Admission.objects.create(
        case=stored, community_id=stored.community_id, counsellor=counsellor, starts_on=today, ends_on=until
    )
    log_act(by, "admitted to a case", stored, counsellor=counsellor, admission=admission)
    return admission


@transaction.atomic
def revoke(admission, *, by):
    """Taken back at once, whatever has become of the referral."""
    stored = stored_for_update(admission)
    if stored.revoked_at is not None:
        raise Refused(_("This admission has already been taken back."))
    Admission.objects.filter(pk=stored.pk).update(revoked_at=timezone.now())
    log_act(by, "took back an admission", stored.case, counsellor=stored.counsellor_id, admission=stored)
