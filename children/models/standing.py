from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from children.models.adult import _of_visible_children
from children.models.child import Child
from communities.owned import CommunityRecord
from records.privacy import CARE, FAMILY


def _by(words):
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=words
    )


class EarlierLeaving(CommunityRecord):
    """A time a child was off the register and came back. The leaving in force stands on the child itself."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="earlier_leavings", verbose_name=_("child"))
    left_on = models.DateField(_("left the register on"))
    left_reason = models.CharField(_("why"), max_length=20, choices=Child.LeftReason)
    returned_on = models.DateField(_("returned on"))

    personal: dict[str, str] = {}
    not_personal = ["id", "child", "community", "district", "left_on", "left_reason", "returned_on"]

    class Meta(CommunityRecord.Meta):
        ordering = ["left_on", "pk"]
        verbose_name = _("earlier leaving of the register")
        verbose_name_plural = _("earlier leavings of the register")
        indexes = [models.Index(fields=["child", "left_on"], name="earlier_leaving_of_a_child")]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(returned_on__gte=F("left_on")),
                name="who_returns_to_the_register_left_it_before",
                violation_error_message=_("The return lies before the leaving."),
            ),
        ]

    def __str__(self):
        return f"{self.child_id}/{self.left_on}"

    @classmethod
    def own_to(cls, user):
        return _of_visible_children(user, "child")


class StatusReview(CommunityRecord):
    """Somebody looked whether a child still belongs on the register after the facts changed, and kept the file open."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="status_reviews", verbose_name=_("child"))
    reviewed_at = models.DateTimeField(_("reviewed"), default=timezone.now)
    reviewed_by = _by(_("by"))
    note = models.CharField(_("why the file stays open"), max_length=200)

    personal = {"note": FAMILY}
    not_personal = ["id", "child", "community", "district", "reviewed_at", "reviewed_by"]

    class Meta(CommunityRecord.Meta):
        ordering = ["-reviewed_at", "-pk"]
        verbose_name = _("review of the status")
        verbose_name_plural = _("reviews of the status")
        indexes = [models.Index(fields=["child", "reviewed_at"], name="status_review_of_a_child")]

    def __str__(self):
        return f"{self.child_id}/{self.pk}"

    @classmethod
    def own_to(cls, user):
        return _of_visible_children(user, "child")


class QualityRating(CommunityRecord):
    """How well a child was guarded in somebody's judgement on a day, and why. The newest stands on the child too."""

    class Reason(models.TextChoices):
        ASSURED = "assured", _("life, schooling and health assured")
        CONTACT = "contact", _("parents in regular contact")
        BASICS_ONLY = "basics_only", _("only the basics assured")
        RISK = "risk", _("risk of behaviour or emotional trouble")
        OLD_OR_ILL = "old_or_ill", _("the caregiver is old or ill")
        TROUBLE = "trouble", _("trouble already there")
        UNABLE = "unable", _("the caregiver is unable")
        NOBODY = "nobody", _("nobody in charge")

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="ratings", verbose_name=_("child"))
    quality = models.CharField(_("guardianship quality"), max_length=4, choices=Child.Quality)
    reasons = ArrayField(
        models.CharField(max_length=12, choices=Reason), verbose_name=_("why"), default=list, blank=True
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    rated_on = models.DateField(_("rated on"))
    rated_by = _by(_("rated by"))

    personal = dict.fromkeys(["quality", "reasons", "note", "rated_on"], CARE)
    not_personal = ["id", "child", "community", "district", "rated_by"]

    class Meta(CommunityRecord.Meta):
        ordering = ["-rated_on", "-pk"]
        verbose_name = _("rating of the guardianship")
        verbose_name_plural = _("ratings of the guardianship")
        indexes = [models.Index(fields=["child", "-rated_on"], name="rating_of_a_child")]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(quality="poor") | ~Q(reasons__contains=["nobody"]),
                name="nobody_in_charge_is_always_poor",
                violation_error_message=_("Where nobody is in charge the guardianship is always poor."),
            ),
        ]

    def __str__(self):
        return f"{self.child_id}/{self.rated_on}"

    @classmethod
    def own_to(cls, user):
        return _of_visible_children(user, "child")
