from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.scoping import ScopedQuerySet
from records.versions import Versioned


class Drive(Versioned, CommunityRecord):
    """A community asks for gifts for a purpose, from one day to another."""

    title = models.CharField(_("title of the drive"), max_length=80)
    purpose = models.CharField(
        _("what it is for"),
        max_length=200,
        help_text=_("For example: what children need to study and to live. Name no child."),
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    target = models.DecimalField(
        _("target in yuan"),
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Money and the value of goods together. May stay empty."),
    )

    personal: dict[str, str] = {}
    not_personal = ["id", "community", "district", "version", "title", "purpose", "starts_on", "ends_on", "target"]

    objects = ScopedQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-starts_on", "-pk"]
        verbose_name = _("donation drive")
        verbose_name_plural = _("donation drives")
        indexes = [models.Index(fields=["district", "-starts_on"], name="drives_by_day")]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="a_drive_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=Q(target=None) | Q(target__gt=0),
                name="a_drive_has_a_target_above_nought",
                violation_error_message=_("The target is above nought, or empty."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("gifts:drive", args=[self.pk])

    def is_going_on(self, day):
        return self.starts_on <= day <= self.ends_on
