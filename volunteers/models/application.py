import datetime as dt

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records import codes
from records.lifecycle import Lifecycle, Refused
from records.privacy import BASIC
from records.scoping import ScopedQuerySet
from records.trail import log_act
from records.versions import Versioned, stored_for_update
from volunteers.models.facts import HelperFacts
from volunteers.models.requirement import Asked
from volunteers.models.volunteer import Volunteer

KEPT_DAYS = 180  # so long are applications kept that came to nothing


def new_number():
    """Eight letters to quote on the phone; they tell nothing and cannot be guessed."""
    drawn = codes.draw(8)
    return f"{drawn[:4]}-{drawn[4:]}"


class HelperApplicationQuerySet(ScopedQuerySet):
    def waiting(self):
        return self.filter(status__in=HelperApplication.OPEN)


class HelperApplication(HelperFacts, Lifecycle, Versioned, CommunityRecord):
    """Somebody offers to help: received, talked with, then accepted as a helper or refused with a reason."""

    class Status(models.TextChoices):
        RECEIVED = "received", _("received")
        INTERVIEWED = "interviewed", _("interviewed")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("application", "withdrawn")

    class Reason(models.TextChoices):
        NOT_SUITED = "not_suited", _("not suited for work with children")
        NOT_REACHED = "not_reached", _("could not be reached")
        NO_NEED = "no_need", _("no need at present")
        TWICE = "twice", _("applied twice")
        OTHER = "other", _("other reason")

    TRANSITIONS = {
        Status.RECEIVED: {Status.INTERVIEWED, Status.REFUSED, Status.WITHDRAWN},
        Status.INTERVIEWED: {Status.ACCEPTED, Status.REFUSED, Status.WITHDRAWN},
        Status.ACCEPTED: set(),
        Status.REFUSED: set(),
        Status.WITHDRAWN: set(),
    }
    OPEN = [Status.RECEIVED, Status.INTERVIEWED]

    number = models.CharField(_("application number"), max_length=9, unique=True, default=new_number, editable=False)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.RECEIVED, editable=False)
    agreed_at = models.DateTimeField(_("agreed to the use of these data"), editable=False)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    interviewed_on = models.DateField(_("interviewed on"), null=True, editable=False)
    interview_note = models.CharField(_("from the interview"), max_length=300, blank=True, editable=False)
    closed_on = models.DateField(_("decided on"), null=True, editable=False)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason, blank=True, editable=False)
    reason_note = models.CharField(_("in words"), max_length=200, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("decided by"),
    )
    helper = models.OneToOneField(
        Volunteer, on_delete=models.PROTECT, null=True, editable=False, related_name="application"
    )
    forgotten_on = models.DateField(_("data removed on"), null=True, editable=False)

    erased = {"sex": HelperFacts.Sex.MALE}
    personal = {**HelperFacts.facts_personal, **dict.fromkeys(["interview_note", "reason_note"], BASIC)}
    not_personal = [
        *HelperFacts.facts_not_personal,
        *["id", "community", "district", "number", "status", "agreed_at", "received_at", "interviewed_on", "closed_on"],
        *["reason", "decided_by", "helper", "forgotten_on", "version"],
    ]

    objects = HelperApplicationQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-received_at", "-pk"]
        verbose_name = _("application to help")
        verbose_name_plural = _("applications to help")
        indexes = [
            models.Index(fields=["district", "status", "-received_at"], name="offers_of_a_district"),
            models.Index(fields=["community", "status", "-received_at"], name="offers_of_a_community"),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            *HelperFacts.Meta.constraints,
            models.CheckConstraint(
                condition=Q(status="accepted", helper__isnull=False) | (~Q(status="accepted") & Q(helper=None)),
                name="an_accepted_application_has_its_helper",
                violation_error_message=_("An accepted application leads to a helper."),
            ),
            models.CheckConstraint(
                condition=~Q(status="refused") | ~Q(reason=""),
                name="a_refused_application_has_a_reason",
                violation_error_message=_("Say why the application is refused."),
            ),
        ]

    def __str__(self):
        return self.number

    @classmethod
    @transaction.atomic
    def receive(cls, *, community, facts, by=None):
        """Take an application in; whether the same person is known already is for staff to see, never said here."""
        application = cls.objects.create(community=community, agreed_at=timezone.now(), **facts)
        log_act(by, "applied", application)
        return application

    @transaction.atomic
    def note_interview(self, *, on, note="", by):
        if on > timezone.localdate():
            raise Refused(gettext("An interview cannot lie in the future."))
        self._become(self.Status.INTERVIEWED, by=by, verb="interviewed", interviewed_on=on, interview_note=note)

    @transaction.atomic
    def accept(self, *, by):
        """Put the person on the list of helpers, with the application and the interview as first evidence."""
        stored = stored_for_update(self)
        if stored.status != self.Status.INTERVIEWED:
            words = gettext("Note the interview first.") if stored.status == self.Status.RECEIVED else None
            raise Refused(words or gettext("This application has been decided already."))
        known = Volunteer.objects.filter(community=stored.community_id).exclude(id_number_hash=None)
        if stored.id_number and known.filter(id_number_hash=stored.id_number_hash).exists():
            raise Refused(gettext("This community already has a helper with this ID number."))
        facts = {name: getattr(stored, name) for name in CARRIED_OVER}
        helper = Volunteer.join(community=stored.community, by=by, **facts)
        helper.show(Asked.APPLICATION, done_on=timezone.localdate(stored.received_at), note=stored.number, by=by)
        helper.show(Asked.INTERVIEW, done_on=stored.interviewed_on, note=stored.interview_note, by=by)
        self._become(self.Status.ACCEPTED, by=by, verb="accepted", **_closed(by), helper=helper)
        return helper

    @transaction.atomic
    def refuse(self, *, reason, note="", by):
        self._become(self.Status.REFUSED, by=by, verb="refused", **_closed(by), reason=reason, reason_note=note)

    @transaction.atomic
    def withdraw(self, *, by):
        """The person does not wish to help any more."""
        self._become(self.Status.WITHDRAWN, by=by, verb="withdrew", **_closed(by))

    def lookalikes(self):
        """(helpers, other open applications) of this community with the same phone or ID number; for staff alone."""
        same = Q(pk__in=())
        if self.phone_hash:
            same |= Q(phone_hash=self.phone_hash)
        if self.id_number_hash:
            same |= Q(id_number_hash=self.id_number_hash)
        helpers = Volunteer.objects.filter(same, community=self.community_id).exclude(pk=self.helper_id)
        others = HelperApplication.objects.filter(same, community=self.community_id).waiting().exclude(pk=self.pk)
        return helpers, others

    @classmethod
    def long_closed(cls, day):
        """What came to nothing so long ago that its data go."""
        before = day - dt.timedelta(days=KEPT_DAYS)
        closed = cls.objects.filter(status__in=[cls.Status.REFUSED, cls.Status.WITHDRAWN], closed_on__lt=before)
        return closed.filter(forgotten_on=None)


CARRIED_OVER = [
    *["name", "sex", "birth_date", "phone", "id_number", "address", "school_class", "motivation"],
    *HelperFacts.facts_not_personal,
]


def _closed(by):
    return {"closed_on": timezone.localdate(), "decided_by": by}
