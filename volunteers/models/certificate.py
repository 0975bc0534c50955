from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.codes import LENGTH, in_groups, new_number
from records.lifecycle import Lifecycle, Refused
from records.privacy import BASIC
from records.scoping import ScopedQuerySet
from records.trail import log_act
from volunteers.models.volunteer import Volunteer


class CertificateQuerySet(ScopedQuerySet):
    def asked(self):
        return self.filter(status=Certificate.Status.ASKED)


class Certificate(Lifecycle, CommunityRecord):
    """What a helper did, certified on request and free of charge: figures as they stood on the day of issue."""

    class Status(models.TextChoices):
        ASKED = "asked", _("waits for the office")
        ISSUED = "issued", _("valid")
        DECLINED = "declined", _("not issued")
        REVOKED = "revoked", _("revoked")

    TRANSITIONS = {
        Status.ASKED: {Status.ISSUED, Status.DECLINED},
        Status.ISSUED: {Status.REVOKED},
        Status.DECLINED: set(),
        Status.REVOKED: set(),
    }

    volunteer = models.ForeignKey(
        Volunteer, on_delete=models.PROTECT, related_name="certificates", verbose_name=_("helper")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ASKED, editable=False)
    from_day = models.DateField(_("from"))
    until_day = models.DateField(_("until"))
    number = models.CharField(_("certificate number"), max_length=LENGTH, blank=True, editable=False)
    name = models.CharField(_("name on the certificate"), max_length=60, blank=True, editable=False)
    minutes = models.PositiveIntegerField(_("minutes of service"), default=0, editable=False)
    contacts = models.PositiveIntegerField(_("contacts with children"), default=0, editable=False)
    sessions = models.PositiveIntegerField(_("activities led or helped at"), default=0, editable=False)
    shifts = models.PositiveIntegerField(_("duties at the Children's Home"), default=0, editable=False)
    asked_on = models.DateField(_("asked for on"), default=timezone.localdate, editable=False)
    issued_on = models.DateField(_("issued on"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("decided by"),
    )
    reason = models.CharField(_("reason in words"), max_length=200, blank=True, editable=False)
    revoked_on = models.DateField(_("revoked on"), null=True, editable=False)

    personal = {"name": BASIC, "reason": BASIC}
    not_personal = [
        *["id", "community", "district", "volunteer", "status", "from_day", "until_day", "number", "minutes"],
        *["contacts", "sessions", "shifts", "asked_on", "issued_on", "decided_by", "revoked_on"],
    ]

    objects = CertificateQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-asked_on", "-pk"]
        verbose_name = _("certificate of service")
        verbose_name_plural = _("certificates of service")
        indexes = [
            models.Index(fields=["district", "status", "-asked_on", "-id"], name="certificates_by_status"),
            models.Index(fields=["volunteer", "-asked_on", "-id"], name="certificates_of_a_helper"),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["number"],
                condition=Q(number__gt=""),
                name="certificate_number_is_given_once",
                violation_error_message=_("This number is taken."),
            ),
            models.UniqueConstraint(
                fields=["volunteer"],
                condition=Q(status="asked"),
                name="one_certificate_asked_for_at_a_time",
                violation_error_message=_("A certificate is already asked for."),
            ),
            models.CheckConstraint(
                condition=Q(until_day__gte=F("from_day")),
                name="certificate_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["issued", "revoked"], number__gt="", issued_on__isnull=False)
                | Q(status__in=["asked", "declined"], number="", issued_on=None),
                name="issued_certificate_has_number_and_day",
                violation_error_message=_("A certificate is issued with a number and a day."),
            ),
            models.CheckConstraint(
                condition=Q(status="revoked", revoked_on__isnull=False) | (~Q(status="revoked") & Q(revoked_on=None)),
                name="revoked_certificate_says_when",
                violation_error_message=_("Say when it was revoked."),
            ),
        ]

    def __str__(self):
        return gettext("Certificate %(number)s") % {"number": self.pk}

    def get_absolute_url(self):
        return reverse("letters:certificate", args=[self.pk])

    @property
    def shown_number(self):
        return in_groups(self.number)

    @property
    def hours(self):
        """Whole and half hours, rounded down: a certificate never says too much."""
        return self.minutes // 30 / 2

    @property
    def check_url(self):
        return reverse("certificate", args=[self.number])

    @classmethod
    @transaction.atomic
    def ask(cls, volunteer, *, from_day, until_day, by):
        """Ask for a certificate of what was done from a day to a day."""
        helper = volunteer.locked()
        if until_day > timezone.localdate():
            raise Refused(gettext("A certificate tells of days that are over. Choose today or earlier."))
        if until_day < from_day:
            raise Refused(gettext("The last day lies before the first."))
        if helper.certificates.asked().exists():
            raise Refused(gettext("A certificate is already asked for."))
        asked = cls.objects.create(
            volunteer=helper, from_day=from_day, until_day=until_day, community_id=helper.community_id
        )
        log_act(by, "asked for a certificate", asked, volunteer=helper)
        return asked

    @transaction.atomic
    def issue(self, *, by):
        """Give it its number, with the figures that are on file today."""
        from volunteers import hours

        if self.volunteer.user_id == by.pk:
            raise Refused(gettext("Nobody certifies their own service: ask a colleague."))
        worked = hours.between(self.volunteer, self.from_day, self.until_day)
        if not worked.is_something:
            raise Refused(gettext("Nothing is on file for these days, so there is nothing to certify."))
        self._become(
            self.Status.ISSUED,
            by=by,
            verb="issued a certificate",
            number=new_number(),
            name=self.volunteer.name,
            minutes=worked.minutes,
            contacts=worked.contacts,
            sessions=worked.sessions,
            shifts=worked.shifts,
            issued_on=timezone.localdate(),
            decided_by=by,
        )

    @transaction.atomic
    def decline(self, *, reason, by):
        self._refuse_without(reason)
        self._become(self.Status.DECLINED, by=by, verb="declined a certificate", reason=reason, decided_by=by)

    @transaction.atomic
    def revoke(self, *, reason, by):
        """From now on the public page says that it is revoked."""
        self._refuse_without(reason)
        today = timezone.localdate()
        self._become(self.Status.REVOKED, by=by, verb="revoked a certificate", reason=reason, revoked_on=today)

    @staticmethod
    def _refuse_without(reason):
        if not reason:
            raise Refused(gettext("Say in a few words why."))
