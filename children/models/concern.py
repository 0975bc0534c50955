from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.lifecycle import Lifecycle
from records.privacy import CARE
from records.secrets import SecretField
from records.trail import log_act


class Concern(Lifecycle, CommunityRecord):
    """Suspected harm, reported at once (Minors Protection Law, art. 11). Only the child is required to raise it."""

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        REPORTED = "reported", _("reported")
        CLOSED = "closed", _("closed")

    TRANSITIONS = {
        Status.OPEN: {Status.REPORTED},
        Status.REPORTED: {Status.CLOSED},
        Status.CLOSED: set(),
    }

    child = models.ForeignKey(
        "children.Child", on_delete=models.PROTECT, related_name="concerns", verbose_name=_("child")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN, editable=False)
    what = SecretField(_("what was seen or heard"), blank=True)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("raised by"),
        editable=False,
    )
    raised_at = models.DateTimeField(_("raised"), default=timezone.now, editable=False)
    told = models.CharField(_("reported to"), max_length=100, blank=True)
    reference = models.CharField(_("reference number"), max_length=60, blank=True)
    reported_at = models.DateTimeField(_("reported"), null=True, blank=True, editable=False)
    outcome = SecretField(_("outcome"), blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)

    personal = {"what": CARE, "told": CARE, "reference": CARE, "outcome": CARE}
    not_personal = [
        *["id", "child", "community", "district", "status", "raised_by", "raised_at", "reported_at", "closed_at"]
    ]

    class Meta(CommunityRecord.Meta):
        ordering = ["-raised_at"]
        verbose_name = _("concern")
        verbose_name_plural = _("concerns")

    def __str__(self):
        return _("Concern %(number)s") % {"number": self.pk}

    @classmethod
    def raise_for(cls, child, *, what="", by):
        """Open a concern about `child`; never refused, whatever is missing."""
        concern = cls.objects.create(child=child, community_id=child.community_id, what=what, raised_by=by)
        log_act(by, "raised a concern", concern)
        return concern

    def report(self, *, told, reference="", by):
        """Note to whom the concern was reported, and under which number."""
        self._become(
            self.Status.REPORTED, by=by, verb="reported", told=told, reference=reference, reported_at=timezone.now()
        )

    def close(self, *, outcome, by):
        self._become(self.Status.CLOSED, by=by, verb="closed", outcome=outcome, closed_at=timezone.now())
