from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.lifecycle import Lifecycle
from records.privacy import BASIC
from records.scoping import Record
from records.versions import Versioned
from volunteers.kinds import HelperKind
from volunteers.models.pairing import Pairing


def _by(words):
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=words,
    )  # fmt: skip


class MatchRun(Lifecycle, Versioned, Record):
    """A proposal of who should be with whom, for one community or one street and one way of helping.

    Each time it is worked out it has another version: who accepts says which one was seen."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        ACCEPTED = "accepted", _("accepted")
        DISCARDED = "discarded", _("discarded")

    TRANSITIONS = {
        Status.DRAFT: {Status.ACCEPTED, Status.DISCARDED},
        Status.ACCEPTED: set(),
        Status.DISCARDED: set(),
    }

    community_path = "division_id"

    division = models.ForeignKey(
        "communities.Division", on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("division")
    )
    kind = models.CharField(_("as"), max_length=20, choices=HelperKind)
    keep_together = models.BooleanField(_("brothers and sisters stay with one helper"), default=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    points = models.PositiveIntegerField(_("points"), default=0, editable=False)
    is_proven = models.BooleanField(_("proven to be the best"), default=True, editable=False)
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    made_by = _by(_("by"))
    settled_at = models.DateTimeField(_("accepted or discarded"), null=True, editable=False)
    settled_by = _by(_("by"))

    personal: dict[str, str] = {}
    not_personal = [
        *["id", "division", "kind", "keep_together", "status", "points", "is_proven", "made_at", "made_by"],
        *["settled_at", "settled_by", "version"],
    ]

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("matching proposal")
        verbose_name_plural = _("matching proposals")
        indexes = [models.Index(fields=["division", "-made_at", "-id"], name="match_run_of_a_division")]
        constraints = [
            models.UniqueConstraint(
                fields=["division", "kind"],
                condition=Q(status="draft"),
                name="one_open_proposal_of_a_kind_per_division",
                violation_error_message=_("There is already an open proposal of this kind here."),
            ),
            models.CheckConstraint(
                condition=Q(status="draft", settled_at=None) | (~Q(status="draft") & Q(settled_at__isnull=False)),
                name="a_proposal_that_is_not_open_has_its_time",
                violation_error_message=_("Give the day."),
            ),
        ]

    def __str__(self):
        return gettext("Matching proposal %(number)s") % {"number": self.pk}

    def get_absolute_url(self):
        return reverse("matching:run", args=[self.pk])

    @property
    def is_open(self):
        return self.status == self.Status.DRAFT


class MatchLine(CommunityRecord):
    """One child in a proposal: the suggested helper and why, or why nobody; and what guardian and child say to it."""

    class Said(models.TextChoices):
        NOT_ASKED = "", _("not asked yet")
        YES = "yes", _("agrees")
        NO = "no", _("does not wish it")

    run = models.ForeignKey(MatchRun, on_delete=models.PROTECT, related_name="lines", verbose_name=_("proposal"))
    child = models.ForeignKey(
        "children.Child", on_delete=models.PROTECT, related_name="match_lines", verbose_name=_("child")
    )
    volunteer = models.ForeignKey(
        "volunteers.Volunteer",
        on_delete=models.PROTECT,
        null=True,
        related_name="match_lines",
        verbose_name=_("helper"),
    )
    points = models.PositiveSmallIntegerField(_("points"), default=0)
    # "topics:12:study,law" for a helper suggested, "taken:3" or "sex:4" for a child left over.
    reasons = ArrayField(models.CharField(max_length=200), verbose_name=_("reasons"), default=list)
    is_priority = models.BooleanField(_("priority child"), default=False)
    is_locked = models.BooleanField(_("kept"), default=False)
    may_part = models.BooleanField(_("may be apart from brothers and sisters"), default=False)
    is_over = models.BooleanField(_("no longer in the proposal"), default=False)
    guardian_said = models.CharField(_("guardian"), max_length=3, choices=Said, blank=True, default="")
    guardian_name = models.CharField(_("guardian's name"), max_length=60, blank=True)
    child_said = models.CharField(
        _("the child's opinion"), max_length=10, choices=Pairing.Opinion, blank=True, default=""
    )
    child_words = models.CharField(_("in the child's words"), max_length=300, blank=True)
    heard_on = models.DateField(_("asked on"), null=True, blank=True)
    heard_by = _by(_("asked by"))
    pairing = models.OneToOneField(
        "volunteers.Pairing", on_delete=models.PROTECT, null=True, related_name="match_line", verbose_name=_("pairing")
    )
    refusal = models.CharField(_("why it could not be proposed"), max_length=200, blank=True)

    personal = {
        **dict.fromkeys(["reasons", "points", "is_priority", "guardian_said", "guardian_name"], BASIC),
        **dict.fromkeys(["child_said", "child_words", "heard_on", "refusal"], BASIC),
    }
    not_personal = [
        *["id", "run", "child", "volunteer", "community", "district", "is_locked", "may_part", "is_over"],
        *["heard_by", "pairing"],
    ]
    bookkeeping = ["volunteer", "is_locked", "is_over", "may_part"]

    class Meta(CommunityRecord.Meta):
        ordering = ["-is_priority", "child__name_pinyin", "pk"]
        verbose_name = _("line of a proposal")
        verbose_name_plural = _("lines of a proposal")
        indexes = [models.Index(fields=["run", "child"], name="match_line_of_a_run")]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["run", "child"],
                condition=Q(is_over=False),
                name="a_child_stands_in_a_proposal_once",
                violation_error_message=_("This child already stands in this proposal."),
            ),
        ]

    def __str__(self):
        return f"{self.run_id}/{self.pk}"

    @property
    def is_heard(self):
        """Whether guardian and child were both asked and neither said no."""
        return self.guardian_said == self.Said.YES and self.child_said not in ("", Pairing.Opinion.AGAINST)


class MatchVeto(CommunityRecord):
    """A helper and a child who are not to be paired, whoever asked for it; holds until it is lifted."""

    class Asked(models.TextChoices):
        CHILD = "child", _("the child")
        FAMILY = "family", _("the family")
        HELPER = "helper", _("the helper")
        OFFICE = "office", _("the community")

    child = models.ForeignKey(
        "children.Child", on_delete=models.PROTECT, related_name="match_vetoes", verbose_name=_("child")
    )
    volunteer = models.ForeignKey(
        "volunteers.Volunteer", on_delete=models.PROTECT, related_name="match_vetoes", verbose_name=_("helper")
    )
    asked_by = models.CharField(_("asked for by"), max_length=10, choices=Asked, default=Asked.OFFICE)
    set_at = models.DateTimeField(_("set"), default=timezone.now)
    set_by = _by(_("by"))
    lifted_at = models.DateTimeField(_("lifted"), null=True, editable=False)
    lifted_by = _by(_("by"))

    personal = {"asked_by": BASIC}
    not_personal = [
        *["id", "child", "volunteer", "community", "district", "set_at", "set_by", "lifted_at", "lifted_by"]
    ]
    bookkeeping = ["volunteer"]

    class Meta(CommunityRecord.Meta):
        ordering = ["-set_at", "-pk"]
        verbose_name = _("excluded pairing")
        verbose_name_plural = _("excluded pairings")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["child", "volunteer"],
                condition=Q(lifted_at=None),
                name="a_pairing_is_excluded_once",
                violation_error_message=_("This pairing is already excluded."),
            ),
        ]

    def __str__(self):
        return f"{self.child_id}/{self.volunteer_id}"
