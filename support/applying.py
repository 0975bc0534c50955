"""What the community does with an application: prepares it, has the school heard, submits it, takes it back."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from children.masking import names_told_in
from records.attachments import delete_attachments, store_image
from records.lifecycle import Refused
from records.trail import log_act
from records.versions import stored_for_update
from records.wording import enumerated, listed, said_of
from support.eligibility import facts_of, gaps, is_ruled_out, judge, yuan
from support.models import Application
from support.repeating import granted

Status = Application.Status


def findings_for(child, kind, rules):
    day = timezone.localdate()
    facts = facts_of([child], kind, day)[child.pk]
    return judge(facts, rules, day)


@transaction.atomic
def prepare(child, kind, *, by):
    """A draft under today's rules; refused where a rule is not met."""
    stored_for_update(child)
    day, rules = timezone.localdate(), kind.rules
    if kind.district_id != child.district:
        raise Refused(_("This kind of support is offered by another district."))
    if not rules.is_open_on(day):
        raise Refused(_("Applications for this kind of support are not open now."))
    if child.applications.running().filter(kind=kind).exists():
        raise Refused(_("An application of this kind is already under way for this child."))
    if granted(kind, day).filter(child=child).exists():
        raise Refused(_already_granted(kind))
    findings = findings_for(child, kind, rules)
    if is_ruled_out(findings):
        unmet = enumerated(said_of(f.label, f.words) for f in findings if f.state == "not_met")
        raise Refused(_("The child does not meet the rules: %(rules)s") % {"rules": unmet})
    application = Application.objects.create(
        child=child,
        community_id=child.community_id,
        kind=kind,
        rules=rules.as_json(),
        amount=rules.amount,
        prepared_by=by,
    )
    log_act(by, "prepared an application", application, child=child)
    return application


def _already_granted(kind):
    words = _("This support is given %(per)s, and this child was granted it already.")
    return words % {"per": kind.get_per_display()}


@transaction.atomic
def fill_in(application, changed, *, by):
    """Save what the form holds, while it is with the community."""
    stored = stored_for_update(application)
    if not stored.is_with_the_community:
        raise Refused(_("An application that was submitted is not changed. The street office can return it."))
    if changed:
        application.save(update_fields=changed)
        log_act(by, "filled in the application", application, fields=changed)


def lacks(application):
    """What must be put right before the application can be submitted, in words."""
    rules, found = application.made_under, []
    if granted(application.kind, timezone.localdate()).filter(child=application.child_id).exists():
        found.append(_already_granted(application.kind))
    findings = findings_for(application.child, application.kind, rules)
    found += [said_of(f.label, f.words) for f in findings if f.state == "not_met"]
    found += [str(f.words) for f in gaps(findings)]
    if not application.reason.strip() or not application.reason_group:
        found.append(_("Write the reason and choose it in one word."))
    elif names_told_in(application.reason, application.child):
        found.append(_("The reason names the child, the family or the school. Write it without names."))
    if application.amount > rules.amount:
        found.append(_("At most %(amount)s yuan can be applied for.") % {"amount": yuan(rules.amount)})
    missing = [paper for paper in rules.papers if paper not in application.papers_seen]
    if missing:
        found.append(_("Papers not seen yet: %(papers)s") % {"papers": listed(missing)})
    return found


@transaction.atomic
def submit(application, *, by):
    stored_for_update(application.child)
    if missing := lacks(stored_for_update(application)):
        raise Refused(missing[0])
    application.note_submitted(by=by)


@transaction.atomic
def note_school(application, *, teacher, on, opinion, scan=None, by):
    """Note what the school said; until the street office has checked, a later word takes its place."""
    stored = stored_for_update(application)
    if not (stored.is_with_the_community or stored.status == Status.SUBMITTED):
        raise Refused(_("The application was checked; the school's opinion stands."))
    if on > timezone.localdate():
        raise Refused(_("The day of the school's opinion lies in the future."))
    if names_told_in(opinion, stored.child):
        raise Refused(_("The opinion names the child, the family or the school. Write it without names."))
    before = stored.school_scan_id
    application.school_teacher, application.school_reviewed_on, application.school_opinion = teacher, on, opinion
    fields = ["school_teacher", "school_reviewed_on", "school_opinion"]
    if scan:
        application.school_scan = store_image(scan, by)
        fields.append("school_scan")
    application.save(update_fields=fields)
    if scan and before:
        delete_attachments([before])
    log_act(by, "noted the opinion of the school", application, fields=fields)


@transaction.atomic
def withdraw(application, *, why, by):
    if not why.strip():
        raise Refused(_("Say why the application is withdrawn."))
    application.note_withdrawn(why=why, by=by)
    application.sheets.current().update(replaced_at=timezone.now())
