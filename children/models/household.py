from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.privacy import BASIC, CONTACT
from records.secrets import SecretField
from records.versions import Versioned


class Household(Versioned, CommunityRecord):
    """Who lives or belongs together: brothers and sisters share one, and their parents' data is kept once."""

    address = SecretField(_("present address"), blank=True)
    grid = models.CharField(_("building or grid"), max_length=40, blank=True)
    is_low_income = models.BooleanField(_("receives the low-income allowance"), default=False)
    has_temporary_aid = models.BooleanField(_("receives temporary aid"), default=False)
    has_medical_aid = models.BooleanField(_("receives medical aid"), default=False)
    other_aid = models.CharField(_("other aid"), max_length=200, blank=True)
    income_source = models.CharField(_("main income"), max_length=100, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    personal = {
        "address": CONTACT,
        "grid": CONTACT,
        "is_low_income": BASIC,
        "has_temporary_aid": BASIC,
        "has_medical_aid": BASIC,
        "other_aid": BASIC,
        "income_source": BASIC,
        "note": BASIC,
    }
    not_personal = ["id", "community", "district", "created_at", "version"]

    class Meta(CommunityRecord.Meta):
        ordering = ["pk"]
        verbose_name = _("household")
        verbose_name_plural = _("households")

    def __str__(self):
        return _("Household %(number)s") % {"number": self.pk}

    def get_absolute_url(self):
        return reverse("children:household", args=[self.pk])


class FileNumber(models.Model):
    """The last file number given out in a community, so that numbers neither repeat nor leave gaps under a race."""

    community = models.OneToOneField(
        "communities.Division", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    last = models.PositiveIntegerField(default=0)

    def __str__(self):
        return f"{self.community_id}: {self.last}"

    @classmethod
    def take(cls, community_id, how_many=1):
        """The next `how_many` file numbers of a community, e.g. ["150902001001-0001"]; call inside a transaction."""
        with transaction.atomic():
            cls.objects.bulk_create([cls(community_id=community_id)], ignore_conflicts=True)
            row = cls.objects.select_for_update().get(pk=community_id)
            first = row.last + 1
            row.last += how_many
            row.save(update_fields=["last"])
        return [f"{community_id}-{number:04}" for number in range(first, first + how_many)]
