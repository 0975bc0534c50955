"""What is counted about helpers, pairings and the five ones, each in one sentence for everyone who reads a number."""

import datetime as dt

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from children.models import Child
from records.measures import AS_TODAY, BASE, FIGURE, GAP, IN_PERIOD, Breakdown, measure
from volunteers import contact_measures, home_measures, work_measures  # noqa: F401 - they register their measures
from volunteers.kinds import DutyKind
from volunteers.models import (
    Certificate,
    ChildLetter,
    CloseOut,
    Contact,
    Duty,
    HelperApplication,
    Pairing,
    Pause,
    Volunteer,
)
from volunteers.models.renewal import not_reviewed

REVIEW_WITHIN = dt.timedelta(days=21)  # of a term's first day
URGENT, USUAL = 1, 2


def _list(model, query=""):
    return lambda: reverse(f"admin:volunteers_{model}_changelist") + query


@measure(
    _("Active helpers"),
    definition=_("Helpers in service at the end of the period with at least one pairing in force on that day."),
    kind=FIGURE,
    version=2,
    earlier={1: _("Helpers with at least one pairing in force at the end of the period.")},
    page=_list("volunteer"),
)
def helpers_active(scope, period):
    return Volunteer.objects.within(scope).in_service_on(period.end).paired_on(period.end)


@measure(
    _("Helpers in service"),
    definition=_("Helpers who had joined and not left at the end of the period."),
    kind=BASE,
    page=_list("volunteer"),
)
def helpers_in_service(scope, period):
    return Volunteer.objects.within(scope).in_service_on(period.end)


@measure(
    _("Helpers with a valid record check"),
    definition=_("Helpers in service at the end of the period whose latest record check was clear and still ran."),
    page=_list("volunteer"),
)
def helpers_with_valid_check(scope, period):
    return helpers_in_service(scope, period).cleared_on(period.end)


@measure(
    _("Helpers without a lasting record check"),
    definition=_(
        "Helpers in service at the end of the period whose latest record check is missing, not clear, has ended, "
        "or ends within 30 days."
    ),
    kind=GAP,
    urgency=URGENT,
    act=_("Renew the checks"),
    page=_list("volunteer", "?service=here&check=unlasting"),
)
def helpers_check_ending(scope, period):
    return helpers_in_service(scope, period).without_lasting_check(period.end)


@measure(
    _("Helpers with something to renew"),
    definition=_(
        "Helpers in service at the end of the period of whom, beside the record check, something asked is missing, has "
        "ended or soon ends: interview, pledge, training or references."
    ),
    kind=GAP,
    urgency=USUAL,
    act=_("See what is missing"),
    page=_list("volunteer", "?check=renew"),
    needs="volunteers.change_volunteer",
    when=AS_TODAY,
)
def helpers_to_renew(scope, period):
    return Volunteer.objects.within(scope).in_service_on(period.end).filter(remind_on__lte=period.end)


@measure(
    _("Helpers who lost access while accompanying a child"),
    definition=_(
        "Helpers with a pairing in force at the end of the period, or standing in for another on that day, who are not "
        "cleared on it: something asked has ended. They see no child's data since that midnight; the pairing waits for "
        "them."
    ),
    kind=GAP,
    urgency=URGENT,
    act=_("Renew or hand over"),
    page=_list("volunteer", "?check=lapsed"),
    needs="volunteers.change_volunteer",
    belongs_to="volunteers",
)
def helpers_lapsed(scope, period):
    helpers = Volunteer.objects.within(scope).in_service_on(period.end).uncleared_on(period.end)
    return helpers.accompanying_on(period.end)


@measure(
    _("Applications to help"),
    definition=_("People who offered to help by the end of the period and await an interview or a decision."),
    kind=GAP,
    urgency=USUAL,
    act=_("Talk with them"),
    page=_list("helperapplication", "?state=open"),
    needs="volunteers.change_helperapplication",
    belongs_to="volunteers",
    when=AS_TODAY,
)
def applications_to_help(scope, period):
    return HelperApplication.objects.within(scope).waiting().filter(received_at__date__lte=period.end)


@measure(
    _("Children with a helper"),
    definition=_("Children on the register at the end of the period whom a helper accompanied on that day."),
    kind=FIGURE,
    page=_list("pairing", "?status__exact=active"),
)
def children_paired(scope, period):
    paired = Pairing.objects.in_force_on(period.end).values("child")
    return Child.objects.within(scope).on_register(period.end).filter(pk__in=paired)


@measure(
    _("Left-behind children without a helper"),
    definition=_(
        "Children on the register at the end of the period who count as left behind (civil affairs) and whom no helper "
        "accompanied on that day."
    ),
    kind=GAP,
    urgency=USUAL,
    act=_("Propose a pairing"),
    page=lambda: reverse("admin:volunteers_pairing_add"),
    belongs_to="volunteers",
)
def left_behind_without_helper(scope, period):
    paired = Pairing.objects.in_force_on(period.end).values("child")
    children = Child.objects.within(scope).on_register(period.end).left_behind_on(period.end)
    return children.exclude(pk__in=paired)


@measure(
    _("Pairings that should go on again"),
    definition=_(
        "Pairings paused at the end of the period whose planned day to go on has come, or that rest because something "
        "asked of the helper had ended, although nothing is missing any more."
    ),
    version=2,
    earlier={1: _("Pairings paused at the end of the period whose planned day to go on has come.")},
    kind=GAP,
    urgency=USUAL,
    act=_("Let them go on"),
    page=_list("pairing", "?status__exact=paused"),
    needs="volunteers.change_pairing",
)
def pairings_to_resume(scope, period):
    due = Pause.objects.within(scope).open_on(period.end).over_by(period.end)
    return Pairing.objects.within(scope).filter(pk__in=due.values("pairing"))


@measure(
    _("Pairings to close out"),
    definition=_(
        "Pairings that had ended by the end of the period and whose close-out is open: promises, farewell letter, "
        "hand-over, and what helper, child and guardian say, each done or left out with a reason."
    ),
    kind=GAP,
    urgency=USUAL,
    act=_("Close them out"),
    page=_list("pairing", "?closing=open"),
    needs="volunteers.change_closeout",
    when=AS_TODAY,
)
def pairings_to_close_out(scope, period):
    still_open = CloseOut.objects.within(scope).still_open()
    return Pairing.objects.within(scope).filter(close_out__in=still_open, ends_on__lte=period.end)


@measure(
    _("Pairings not reviewed this term"),
    definition=_(
        "Pairings in force that began before the term in which the period ends, and that nobody has reviewed although "
        "the term began three weeks ago. They go on all the same."
    ),
    kind=GAP,
    urgency=USUAL,
    act=_("Review them"),
    page=lambda: reverse("pairings:renewals"),
    needs="volunteers.add_renewal",
)
def pairings_not_reviewed(scope, period):
    return not_reviewed(Pairing.objects.within(scope), period.end, REVIEW_WITHIN)


@measure(
    _("Pairings in force"),
    definition=_("Pairings that had begun and not ended at the end of the period."),
    kind=FIGURE,
    page=_list("pairing", "?status__exact=active"),
)
def pairings_active(scope, period):
    return Pairing.objects.within(scope).in_force_on(period.end)


BY_DUTY = Breakdown(_("by kind"), dict(DutyKind.choices), lambda period: F("kind"))


@measure(
    _("Five ones owed"),
    definition=_(
        "Duties of the term in which the period ends, of pairings begun by then, without those excused by then."
    ),
    kind=BASE,
    version=2,
    earlier={1: _("Duties of the term in which the period ends, without those excused by then.")},
    breakdowns={"kind": BY_DUTY},
    page=_list("duty"),
)
def duties_due_base(scope, period):
    to_begin = Pairing.objects.within(scope).filter(Q(starts_on=None) | Q(starts_on__gt=period.end))
    return Duty.objects.within(scope).in_term_on(period.end).owed_by(period.end).exclude(pairing__in=to_begin)


@measure(
    _("Five ones done"),
    definition=_(
        "Duties of the term in which the period ends, of pairings begun by then, that were fulfilled by then."
    ),
    kind=FIGURE,
    version=2,
    earlier={1: _("Duties of the term in which the period ends that were fulfilled by then.")},
    breakdowns={"kind": BY_DUTY},
    page=_list("duty", "?state=done"),
)
def duties_done(scope, period):
    return duties_due_base(scope, period).done_by(period.end)


@measure(
    _("Five ones overdue"),
    definition=_(
        "Duties of pairings in force at the end of the period whose last day had passed, "
        "neither done nor excused by then."
    ),
    kind=GAP,
    urgency=URGENT,
    act=_("Remind the helpers"),
    page=lambda: reverse("five_ones:board"),
    belongs_to="volunteers",
)
def duties_overdue(scope, period):
    in_force = Pairing.objects.in_force_on(period.end).values("pk")
    return Duty.objects.within(scope).overdue_on(period.end).filter(pairing__in=in_force)


@measure(
    _("Contacts with children"),
    definition=_(
        "Entries by helpers about contacts made in the period, of any kind. A try that reached nobody does not count."
    ),
    kind=FIGURE,
    version=2,
    earlier={1: _("Entries by helpers about contacts made in the period, of any kind.")},
    when=IN_PERIOD,
    page=_list("contact"),
)
def contacts_made(scope, period):
    return Contact.objects.within(scope).made_in(period).reached()


CONTACT_WORDS = {
    DutyKind.VISIT: (
        _("Visits at home"),
        _("Contacts made in the period that were a visit at the child's home. A try that reached nobody is none."),
        _("Contacts made in the period that were a visit at the child's home."),
    ),
    DutyKind.TALK: (
        _("Heart-to-heart talks"),
        _("Contacts made in the period that were a heart-to-heart talk. A try that reached nobody is none."),
        _("Contacts made in the period that were a heart-to-heart talk."),
    ),
    DutyKind.TEACHER: (
        _("Contacts with class teachers"),
        _("Contacts made in the period with the class teacher. A try that reached nobody is none."),
        _("Contacts made in the period with the class teacher."),
    ),
    DutyKind.GUARDIAN: (
        _("Talks with guardians"),
        _("Contacts made in the period that were a talk with the guardian. A try that reached nobody is none."),
        _("Contacts made in the period that were a talk with the guardian."),
    ),
    DutyKind.LETTER: (
        _("Letters to children"),
        _("Contacts made in the period that were a letter to the child. A try that reached nobody is none."),
        _("Contacts made in the period that were a letter to the child."),
    ),
}


def _contacts_of(kind):
    def rows(scope, period):
        return Contact.objects.within(scope).made_in(period).reached().of_kind(kind)

    return rows


for _kind, (_label, _definition, _at_first) in CONTACT_WORDS.items():
    measure(
        _label,
        definition=_definition,
        version=2,
        earlier={1: _at_first},
        key=f"contacts_{_kind}",
        kind=FIGURE,
        when=IN_PERIOD,
        page=_list("contact", f"?kind={_kind}"),
    )(_contacts_of(_kind))


@measure(
    _("Letters to read"),
    definition=_("Letters between helpers and children that nobody of the office has read yet."),
    kind=GAP,
    urgency=USUAL,
    needs="volunteers.change_childletter",
    act=_("Read the letters"),
    page=lambda: reverse("letters:letters"),
    when=AS_TODAY,
)
def letters_to_read(scope, period):
    return ChildLetter.objects.within(scope).waiting().filter(written_at__date__lte=period.end)


@measure(
    _("Letters to hand over"),
    definition=_("Helpers' letters that the office has read and passed, and that the child does not have yet."),
    kind=GAP,
    urgency=USUAL,
    needs="volunteers.change_childletter",
    act=_("Hand them over"),
    page=lambda: reverse("letters:letters") + "?show=deliver",
    when=AS_TODAY,
)
def letters_to_hand_over(scope, period):
    return ChildLetter.objects.within(scope).to_deliver().filter(written_at__date__lte=period.end)


@measure(
    _("Certificates of service asked for"),
    definition=_("Certificates of service that helpers asked for and that are neither issued nor declined."),
    kind=GAP,
    urgency=USUAL,
    needs="volunteers.change_certificate",
    act=_("Issue the certificates"),
    page=lambda: reverse("letters:certificates"),
    when=AS_TODAY,
)
def certificates_asked_for(scope, period):
    return Certificate.objects.within(scope).asked().filter(asked_on__lte=period.end)
