from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.lifecycle import Lifecycle
from records.privacy import BASIC, FAMILY
from records.scoping import ScopedQuerySet
from support.models.application import Application, person


class PaymentQuerySet(ScopedQuerySet):
    def standing(self):
        """Neither cancelled nor set right by a counter-entry, nor one itself."""
        return self.exclude(status=Payment.Status.CANCELLED).filter(corrects=None, corrected_by=None)

    def unpaid_on(self, day):
        return self.standing().filter(status=Payment.Status.PLANNED, planned_on__lte=day)

    def unconfirmed(self):
        return self.standing().filter(status=Payment.Status.PAID)

    def sums(self):
        """{"planned", "paid", "confirmed"}: what was to be paid and not cancelled, what was, and what arrived."""
        paid = Q(status__in=[Payment.Status.PAID, Payment.Status.CONFIRMED])
        kept = self.exclude(status=Payment.Status.CANCELLED)
        found = kept.aggregate(
            planned=Sum("amount"),
            paid=Sum("amount", filter=paid),
            confirmed=Sum("amount", filter=Q(status=Payment.Status.CONFIRMED)),
        )
        return {name: value or 0 for name, value in found.items()}


class Payment(Lifecycle, CommunityRecord):
    """One sum for one approved application: planned, paid, and received with a signature.

    What was paid is never edited: a counter-entry of the same sum takes it back, and a new payment follows.
    """

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        PAID = "paid", _("paid, receipt missing")
        CONFIRMED = "confirmed", _("received")
        CANCELLED = "cancelled", _("cancelled")

    TRANSITIONS = {
        Status.PLANNED: {Status.PAID, Status.CANCELLED},
        Status.PAID: {Status.CONFIRMED},
        Status.CONFIRMED: set(),
        Status.CANCELLED: set(),
    }

    class Method(models.TextChoices):
        BANK = "bank", _("bank transfer")
        CASH = "cash", _("cash")
        GOODS = "goods", _("in kind")

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="payments", editable=False, verbose_name=_("application")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PLANNED, editable=False)
    planned_on = models.DateField(_("planned for"))
    amount = models.DecimalField(
        _("amount in yuan"), max_digits=9, decimal_places=2, validators=[MinValueValidator(0.01)]
    )
    paid_on = models.DateField(_("paid on"), null=True, editable=False)
    method = models.CharField(_("how it was paid"), max_length=5, choices=Method, blank=True, editable=False)
    received_by = models.CharField(_("received by (guardian)"), max_length=60, blank=True, editable=False)
    received_on = models.DateField(_("signed on"), null=True, editable=False)
    receipt_number = models.CharField(_("receipt number"), max_length=40, blank=True, editable=False)
    receipt = models.OneToOneField(
        "records.Attachment",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("scan of the receipt"),
    )
    corrects = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="corrected_by",
        verbose_name=_("takes back"),
    )
    why = models.CharField(_("why it is taken back"), max_length=200, blank=True, editable=False)
    noted_by = person(_("noted by"))
    noted_at = models.DateTimeField(_("noted"), default=timezone.now, editable=False)

    attachments = ["receipt"]
    personal = {"received_by": FAMILY, "receipt": FAMILY, "receipt_number": BASIC, "why": BASIC}
    not_personal = [
        *["id", "application", "community", "district", "status", "planned_on", "amount", "paid_on", "method"],
        *["received_on", "corrects", "noted_by", "noted_at"],
    ]

    objects = PaymentQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["planned_on", "pk"]
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        indexes = [models.Index(fields=["district", "status", "planned_on"], name="payments_by_status")]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(corrects=None, amount__gt=0) | Q(corrects__isnull=False, amount__lt=0),
                name="payment_is_above_nought_unless_it_takes_one_back",
                violation_error_message=_("A payment is above nought; only a counter-entry is below."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["planned", "cancelled"], paid_on=None)
                | (~Q(status__in=["planned", "cancelled"]) & Q(paid_on__isnull=False)),
                name="paid_payment_has_its_day",
                violation_error_message=_("What was paid carries the day."),
            ),
            models.CheckConstraint(
                condition=~Q(status="confirmed") | Q(received_on__isnull=False),
                name="received_payment_has_its_day",
                violation_error_message=_("What was received carries the day of the signature."),
            ),
        ]

    def __str__(self):
        return f"{self.application_id}/{self.pk}"

    @property
    def is_counter_entry(self):
        return self.corrects_id is not None

    def note_paid(self, *, on, method, by):
        self._become(self.Status.PAID, by=by, verb="noted a payment", paid_on=on, method=method)

    def note_received(self, *, by, **stamps):
        self._become(self.Status.CONFIRMED, by=by, verb="noted a receipt", **stamps)

    def cancel(self, *, by):
        self._become(self.Status.CANCELLED, by=by, verb="cancelled a payment")
