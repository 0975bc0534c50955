from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left, Length
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from records.scoping import ScopedQuerySet

models.CharField.register_lookup(Length)


class Division(models.Model):
    """A district, a street office or town, or a community. The national code, cut to its digits, is the key."""

    class Level(models.TextChoices):
        DISTRICT = "district", _("district")
        STREET = "street", _("street office or town")
        COMMUNITY = "community", _("community")

    DIGITS = {Level.DISTRICT: 6, Level.STREET: 9, Level.COMMUNITY: 12}

    code = models.CharField(_("code"), primary_key=True, max_length=12)
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    level = models.CharField(_("level"), max_length=10, choices=Level)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("part of"),
    )

    community_path = "code"
    district_path = None
    personal: dict[str, str] = {}
    not_personal = ["code", "name", "name_en", "level", "parent"]

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("division")
        verbose_name_plural = _("divisions")
        constraints = [
            models.CheckConstraint(
                condition=Q(level="district", code__length=6, parent=None)
                | Q(level="street", code__length=9, parent__isnull=False)
                | Q(level="community", code__length=12, parent__isnull=False),
                name="division_code_has_its_levels_digits",
                violation_error_message=_("A district has 6 digits, a street or town 9, a community 12."),
            ),
            models.CheckConstraint(
                condition=Q(parent=None)
                | Q(level="street", parent_id=Left(F("code"), 6))
                | Q(level="community", parent_id=Left(F("code"), 9)),
                name="division_code_begins_with_its_parents",
                violation_error_message=_("A division's code begins with the code of the division above it."),
            ),
        ]

    def __str__(self):
        return self.name_en if self.name_en and not (get_language() or "").startswith("zh") else self.name

    def clean(self):
        super().clean()
        if not (self.code.isascii() and self.code.isdigit()):
            raise ValidationError({"code": _("A district has 6 digits, a street or town 9, a community 12.")})
        above = {self.Level.STREET: self.code[:6], self.Level.COMMUNITY: self.code[:9]}.get(self.level)
        if self.parent_id is not None and self.parent_id != above:
            raise ValidationError({"code": _("A division's code begins with the code of the division above it.")})

    def community_code(self):
        """As of a `Record`: a division stands under its own code."""
        return self.code

    @property
    def district_code(self):
        return self.code[:6]
