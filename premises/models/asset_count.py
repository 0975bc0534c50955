"""The yearly count: what should be there, what was, and how two people explain the difference."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from premises.models.asset import Asset
from records.privacy import BASIC


class AssetCount(CommunityRecord):
    """One count of a Home's register. It is entered once from the signed sheet and not changed afterwards."""

    home = models.ForeignKey("homes.Home", models.PROTECT, related_name="asset_counts", verbose_name=_("Home"))
    counted_on = models.DateField(_("day of the count"))
    handler = models.CharField(_("who counted"), max_length=60)
    counter = models.CharField(_("second person who counted"), max_length=60)
    expected = models.PositiveIntegerField(_("pieces that should be there"), editable=False)
    there = models.PositiveIntegerField(_("pieces found"), editable=False)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("noted by")
    )
    noted_at = models.DateTimeField(_("noted"), default=timezone.now, editable=False)

    personal = dict.fromkeys(["handler", "counter"], BASIC)
    not_personal = ["id", "community", "district", "home", "counted_on", "expected", "there", "noted_by", "noted_at"]

    class Meta(CommunityRecord.Meta):
        ordering = ["-counted_on", "-pk"]
        verbose_name = _("count of the register")
        verbose_name_plural = _("counts of the register")
        indexes = [models.Index(fields=["home", "-counted_on"], name="counts_of_a_home")]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(handler="") & ~Q(counter="") & ~Q(handler=F("counter")),
                name="a_register_is_counted_by_two_people",
                violation_error_message=_("Two different people count."),
            ),
        ]

    def __str__(self):
        return f"{self.home_id}/{self.counted_on}"

    def get_absolute_url(self):
        return reverse("premises:asset_count", args=[self.pk])


class CountLine(CommunityRecord):
    """A piece that was not there though it should be, or was there though it was missing."""

    count = models.ForeignKey(AssetCount, models.PROTECT, related_name="lines", verbose_name=_("count"))
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="+", verbose_name=_("piece of equipment"))
    found = models.BooleanField(_("found again"))
    why = models.CharField(_("how it is explained"), max_length=200)

    personal: dict[str, str] = {}
    not_personal = ["id", "community", "district", "count", "asset", "found", "why"]

    class Meta(CommunityRecord.Meta):
        ordering = ["count_id", "asset_id"]
        verbose_name = _("difference of a count")
        verbose_name_plural = _("differences of counts")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["count", "asset"],
                name="a_piece_differs_once_in_a_count",
                violation_error_message=_("This piece stands in the count already."),
            ),
            models.CheckConstraint(
                condition=~Q(why=""),
                name="a_difference_of_a_count_is_explained",
                violation_error_message=_("Say how the difference is explained."),
            ),
        ]

    def __str__(self):
        return f"{self.count_id}/{self.asset_id}"
