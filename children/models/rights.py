"""What a guardian may ask of a file: that it be corrected, and that it be erased."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.owned import CommunityRecord
from records.lifecycle import Lifecycle
from records.privacy import BASIC
from records.secrets import SecretField


def _person(words, **details):
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=words,
        editable=False,
        **details,
    )


class Correction(Lifecycle, CommunityRecord):
    """A guardian says that something in the file is wrong; it is put right, or the reason why not is given."""

    class Status(models.TextChoices):
        ASKED = "asked", _("to be decided")
        DONE = "done", _("corrected")
        DECLINED = "declined", _("not corrected")

    TRANSITIONS = {Status.ASKED: {Status.DONE, Status.DECLINED}, Status.DONE: set(), Status.DECLINED: set()}

    child = models.ForeignKey(
        "children.Child", on_delete=models.PROTECT, related_name="corrections", verbose_name=_("child")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ASKED, editable=False)
    wrong = SecretField(_("what is wrong, and what is right"), max_length=1000)
    asked_by = models.CharField(_("asked by"), max_length=60)
    asked_on = models.DateField(_("asked on"))
    noted_by = _person(_("noted by"))
    answer = SecretField(_("what was done, or why not"), blank=True, max_length=1000)
    settled_at = models.DateTimeField(_("settled"), null=True, editable=False)
    settled_by = _person(_("settled by"), null=True)

    personal = {"wrong": BASIC, "asked_by": BASIC, "answer": BASIC}
    not_personal = [
        *["id", "child", "community", "district", "status", "asked_on", "noted_by", "settled_at", "settled_by"]
    ]

    class Meta(CommunityRecord.Meta):
        ordering = ["-asked_on", "-pk"]
        verbose_name = _("request for correction")
        verbose_name_plural = _("requests for correction")
        indexes = [models.Index(fields=["community", "status"], name="correction_by_status")]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(status="asked", settled_at=None) | (~Q(status="asked") & Q(settled_at__isnull=False)),
                name="settled_correction_has_its_time",
                violation_error_message=_("A request that is settled carries the time."),
            ),
        ]

    def __str__(self):
        return f"{self.child_id}/{self.asked_on}"

    def settle(self, *, is_done, answer, by):
        new = self.Status.DONE if is_done else self.Status.DECLINED
        verb = "corrected" if is_done else "declined the correction"
        self._become(new, by=by, verb=verb, answer=answer, settled_at=timezone.now(), settled_by=by)


class Erasure(Lifecycle, CommunityRecord):
    """A file is to be erased: one person asks, another decides. What is erased cannot be brought back."""

    class Status(models.TextChoices):
        ASKED = "asked", _("waiting for a second person")
        DONE = "done", _("erased")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("request", "withdrawn")

    class Ground(models.TextChoices):
        GUARDIAN = "guardian", _("the guardian asks for it")
        OVER = "over", _("the purpose is fulfilled: the child has left the register")
        MISTAKE = "mistake", _("registered by mistake")

    TRANSITIONS = {
        Status.ASKED: {Status.DONE, Status.DECLINED, Status.WITHDRAWN},
        Status.DONE: set(),
        Status.DECLINED: set(),
        Status.WITHDRAWN: set(),
    }

    child = models.ForeignKey(
        "children.Child", on_delete=models.PROTECT, related_name="erasures", verbose_name=_("child")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ASKED, editable=False)
    ground = models.CharField(_("why"), max_length=10, choices=Ground)
    note = SecretField(_("note"), blank=True, max_length=500)
    asked_by = _person(_("asked by"))
    asked_at = models.DateTimeField(_("asked"), default=timezone.now, editable=False)
    decided_by = _person(_("decided by"), null=True)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    answer = SecretField(_("why not"), blank=True, max_length=500)

    personal = {"note": BASIC, "answer": BASIC}
    not_personal = [
        *["id", "child", "community", "district", "status", "ground"],
        *["asked_by", "asked_at", "decided_by", "decided_at"],
    ]

    class Meta(CommunityRecord.Meta):
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("erasure of a file")
        verbose_name_plural = _("erasures of files")
        indexes = [models.Index(fields=["community", "status"], name="erasure_by_status")]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["child"],
                condition=Q(status="asked"),
                name="one_erasure_asked_for_per_child",
                violation_error_message=_("It has already been asked that this file be erased."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["done", "declined"])
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by"))),
                name="who_asks_for_an_erasure_does_not_decide_it",
                violation_error_message=_("Who asks for an erasure does not decide it: another person must."),
            ),
        ]

    def __str__(self):
        return f"{self.child_id}/{self.ground}"

    def note_done(self, *, by):
        """Part of `children.erasing.erase`."""
        self._become(self.Status.DONE, by=by, verb="erased", decided_by=by, decided_at=timezone.now())

    def decline(self, *, answer, by):
        self._become(
            self.Status.DECLINED,
            by=by,
            verb="declined the erasure",
            answer=answer,
            decided_by=by,
            decided_at=timezone.now(),
        )

    def withdraw(self, *, by):
        self._become(self.Status.WITHDRAWN, by=by, verb="withdrew the erasure")
