from decimal import ROUND_FLOOR, Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from homes.models.inspection import Inspection
from homes.models.item import StandardItem
from homes.scoring import QUALIFIED_FROM

SECTIONS, Kind = StandardItem.Section.values, Inspection.Kind


class Standing(CommunityRecord):
    """How a Home stood in a year: by its last inspection of that year, else by its last self-check.

    What comparisons sort by and show, kept by whoever submits a check, so that no answer is read for a page.
    """

    home = models.ForeignKey("homes.Home", models.PROTECT, related_name="standings", verbose_name=_("Home"))
    year = models.PositiveSmallIntegerField(_("year"))
    inspection = models.OneToOneField(Inspection, models.PROTECT, related_name="standing", verbose_name=_("check"))
    is_inspected = models.BooleanField(_("inspected"))
    on = models.DateField(_("day"))
    score = models.DecimalField(_("score"), max_digits=4, decimal_places=1)
    grade = models.CharField(_("grade"), max_length=10, choices=Inspection.Grade)
    hardware = models.DecimalField(_("Facilities"), max_digits=4, decimal_places=1, null=True)
    software = models.DecimalField(_("Management"), max_digits=4, decimal_places=1, null=True)
    operation = models.DecimalField(_("Operation"), max_digits=4, decimal_places=1, null=True)
    bars = models.CharField(_("barred items not met"), max_length=300, blank=True)
    bar_count = models.PositiveSmallIntegerField(_("barred items not met"), default=0)
    low_count = models.PositiveSmallIntegerField(_("low sections"), default=0)
    is_latest = models.BooleanField(_("latest"), default=False)

    personal: dict[str, str] = {}
    not_personal = [
        "id", "community", "district", "home", "year", "inspection", "is_inspected", "on", "score", "grade", "hardware",
        "software", "operation", "bars", "bar_count", "low_count", "is_latest",
    ]  # fmt: skip

    class Meta(CommunityRecord.Meta):
        ordering = ["home_id", "-year"]
        verbose_name = _("standing of a Home")
        verbose_name_plural = _("standings of Homes")
        indexes = [models.Index(fields=["district", "year"], name="standings_of_a_district")]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["home", "year"],
                name="one_standing_per_home_and_year",
                violation_error_message=_("This Home has its standing of that year."),
            ),
            models.UniqueConstraint(
                fields=["home"],
                condition=Q(is_latest=True),
                name="one_latest_standing_per_home",
                violation_error_message=_("This Home has its latest standing."),
            ),
        ]

    def __str__(self):
        return f"{self.home_id}/{self.year}"

    @classmethod
    def renew(cls, home):
        """Write the standings of a Home anew from its submitted checks; call it in the transaction of the act."""
        type(home).objects.select_for_update(of=("self",), no_key=True).get(pk=home.pk)
        counting = {}  # year: the check that counts
        checks = home.inspections.submitted().order_by("submitted_on", "pk")
        for check in checks.values("pk", "kind", "submitted_on"):
            before = counting.get(check["submitted_on"].year)
            if check["kind"] == Kind.INSPECTION or before is None or before["kind"] == Kind.SELF_CHECK:
                counting[check["submitted_on"].year] = check
        found = Inspection.objects.in_bulk([check["pk"] for check in counting.values()])
        latest = max(counting, default=None)
        cls.objects.filter(home=home).delete()  # nothing but a sum of what stays
        cls.objects.bulk_create(
            cls._of(home, found[check["pk"]], is_latest=year == latest) for year, check in counting.items()
        )

    @classmethod
    def _of(cls, home, check, *, is_latest):
        verdict = check.verdict
        shares = {section: _percent(*verdict.of_section(section)) for section in SECTIONS}
        return cls(
            community_id=home.community_id,
            district=home.district,
            home=home,
            year=check.submitted_on.year,
            inspection=check,
            is_inspected=check.kind == Kind.INSPECTION,
            on=check.submitted_on,
            score=check.score,
            grade=check.grade,
            bars=" ".join(verdict.bars),
            bar_count=len(verdict.bars),
            low_count=sum(share is not None and share < QUALIFIED_FROM for share in shares.values()),
            is_latest=is_latest,
            **shares,
        )


def _percent(earned, weight):
    """What was earned of what applied, out of 100, rounded down; None where nothing applied."""
    if not weight:
        return None
    exact = 100 * earned / weight
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.1"), ROUND_FLOOR)
