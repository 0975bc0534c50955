from django.db import models
from django.utils.translation import gettext_lazy as _

from records.scoping import Record, ScopedQuerySet


class HelpLineQuerySet(ScopedQuerySet):
    def for_community(self, code):
        """Numbers in use that a district or street office keeps for this community, the nearest first."""
        above = [code[:digits] for digits in (6, 9)]
        return self.filter(division__in=above, is_current=True).order_by("-division", "name", "pk")


class HelpLine(Record):
    """A number of a district or street to call when a child is in danger, beside the national ones."""

    division = models.ForeignKey(
        "communities.Division",
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"level__in": ["district", "street"]},
        verbose_name=_("district or street"),
    )
    name = models.CharField(_("name"), max_length=60)
    phone = models.CharField(_("phone"), max_length=20)
    hours = models.CharField(_("when and for what"), max_length=100, blank=True)
    is_current = models.BooleanField(_("in use"), default=True)

    community_path = "division_id"
    personal: dict[str, str] = {}
    not_personal = ["id", "division", "name", "phone", "hours", "is_current"]

    objects = HelpLineQuerySet.as_manager()

    class Meta:
        ordering = ["division", "name"]
        verbose_name = _("local number to call")
        verbose_name_plural = _("local numbers to call")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(phone__regex=r"^[0-9+-]{3,20}$"),
                name="help_line_has_a_number_to_dial",
                violation_error_message=_("Write the number with digits and hyphens only."),
            ),
            models.UniqueConstraint(
                fields=["division", "phone"],
                name="help_line_stands_once_per_division",
                violation_error_message=_("This number is already on the list."),
            ),
        ]

    def __str__(self):
        return f"{self.name} {self.phone}"
