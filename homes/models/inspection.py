from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from communities.places import may_at
from homes.models.home import Home
from homes.scoring import Verdict
from records.lifecycle import Lifecycle
from records.scoping import ScopedQuerySet


class InspectionQuerySet(ScopedQuerySet):
    def submitted(self):
        return self.filter(status="submitted")

    def drafts(self):
        return self.filter(status="draft")


class Inspection(Lifecycle, CommunityRecord):
    """One Home held against one edition of the standard, by its own people or by those above them."""

    class Kind(models.TextChoices):
        SELF_CHECK = "self_check", _("self-check")
        INSPECTION = "inspection", _("inspection")

    class Status(models.TextChoices):
        DRAFT = "draft", _("under way")
        SUBMITTED = "submitted", _("submitted")

    class Grade(models.TextChoices):
        EXCELLENT = "excellent", _("excellent")
        QUALIFIED = "qualified", _("qualified")
        RECTIFY = "rectify", _("to be put right")

    TRANSITIONS = {Status.DRAFT: {Status.SUBMITTED}, Status.SUBMITTED: set()}
    # The right on a Home that lets somebody fill in a check of each kind: nobody inspects their own Home.
    ACTS = {Kind.SELF_CHECK: "selfcheck", Kind.INSPECTION: "inspect"}

    home = models.ForeignKey("homes.Home", on_delete=models.PROTECT, related_name="inspections", verbose_name=_("Home"))
    standard = models.ForeignKey(
        "homes.Standard", on_delete=models.PROTECT, related_name="inspections", verbose_name=_("standard")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    begun_on = models.DateField(_("begun on"))
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("begun by")
    )
    measured_on = models.DateField(_("measured on"))
    submitted_on = models.DateField(_("submitted on"), null=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("submitted by")
    )
    score = models.DecimalField(_("score"), max_digits=4, decimal_places=1, null=True)
    grade = models.CharField(_("grade"), max_length=10, choices=Grade, blank=True)
    explanation = models.JSONField(_("explanation"), default=dict)

    personal: dict[str, str] = {}
    not_personal = [
        "id", "community", "district", "home", "standard", "kind", "status", "begun_on", "begun_by", "measured_on",
        "submitted_on", "submitted_at", "submitted_by", "score", "grade", "explanation",
    ]  # fmt: skip

    objects = InspectionQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-begun_on", "-pk"]
        verbose_name = _("check of a Home")
        verbose_name_plural = _("checks of Homes")
        indexes = [
            models.Index(fields=["home", "-submitted_on", "-id"], condition=Q(status="submitted"), name="last_check"),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["home", "kind"],
                condition=Q(status="draft"),
                name="one_check_of_a_kind_under_way_per_home",
                violation_error_message=_("A check of this kind is under way: go on with that one."),
            ),
            models.CheckConstraint(
                condition=Q(status="draft", submitted_at=None, submitted_on=None, score=None, grade="")
                | Q(
                    status="submitted",
                    submitted_at__isnull=False,
                    submitted_on__isnull=False,
                    submitted_by__isnull=False,
                    score__gte=0,
                    score__lte=100,
                    grade__in=["excellent", "qualified", "rectify"],
                ),
                name="submitted_check_is_scored_and_signed",
                violation_error_message=_("A submitted check has a score, a grade and a name."),
            ),
        ]

    def __str__(self):
        return f"{self.home_id}/{self.kind}/{self.begun_on}"

    def get_absolute_url(self):
        return reverse("homes:inspection", args=[self.pk])

    @property
    def is_draft(self):
        return self.status == self.Status.DRAFT

    def submit(self, verdict, *, by):
        """Close the check with its verdict (`homes.scoring`); the answers can no longer change."""
        self._become(
            self.Status.SUBMITTED,
            by=by,
            verb="submitted",
            submitted_on=timezone.localdate(),
            submitted_at=timezone.now(),
            submitted_by=by,
            score=verdict.score,
            grade=str(verdict.grade),
            explanation=verdict.as_data(),
        )

    @property
    def is_newest(self):
        """Whether no later check of its kind was submitted in this Home: its gaps are those of today."""
        later = self.home.inspections.submitted().filter(kind=self.kind).order_by("-submitted_on", "-pk")
        return later.values_list("pk", flat=True).first() == self.pk

    @property
    def verdict(self):
        """What was decided when this was submitted."""
        return Verdict.from_data(self.explanation, score=self.score, grade=self.grade)

    def may_be_filled_in_by(self, user):
        """Whether `user`, who may see this check, is one of those who make checks of this kind."""
        if not self.is_draft:
            return False
        return may_at(user, self.ACTS[self.Kind(self.kind)], Home, self.home.community_id)
