from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.owned import STAYS, CommunityRecord


class WeekDigest(CommunityRecord):
    """What a community's helping came to in the week before a Monday, and what that Monday's week asks for.

    Keys and counts alone: whoever reads it sees the names they may see on that day. Written by `volunteers.weekly`.
    """

    on_transfer = STAYS

    monday = models.DateField(_("week from"))
    counts = models.JSONField(_("counts"), default=dict)  # {what: how many}
    lines = models.JSONField(_("lines"), default=dict)  # {what: the first keys}
    made_at = models.DateTimeField(_("made"), auto_now_add=True)

    personal: dict[str, str] = {}
    not_personal = ["id", "community", "district", "monday", "counts", "lines", "made_at"]

    class Meta(CommunityRecord.Meta):
        ordering = ["-monday", "community"]
        verbose_name = _("week of the five ones")
        verbose_name_plural = _("weeks of the five ones")
        indexes = [models.Index(fields=["district", "-monday", "community"], name="weeks_of_a_district")]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["community", "monday"],
                name="one_digest_per_community_and_week",
                violation_error_message=_("This week is written already."),
            ),
            models.CheckConstraint(
                condition=Q(monday__week_day=2),
                name="digest_begins_on_a_monday",
                violation_error_message=_("A week begins on a Monday."),
            ),
        ]

    def __str__(self):
        return f"{self.community_id}/{self.monday}"

    @property
    def letters(self):
        return self.counts.get("to_read", 0) + self.counts.get("to_hand_over", 0)


class DigestReading(models.Model):
    """A member of staff has opened the page of a week; until then the start page points to it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("account")
    )
    monday = models.DateField(_("week from"))

    personal: dict[str, str] = {}
    not_personal = ["id", "user", "monday"]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "monday"],
                name="a_week_is_read_once_by_a_person",
                violation_error_message=_("This week is read already."),
            ),
        ]

    def __str__(self):
        return f"{self.user_id}/{self.monday}"
