"""What the federation may read: decided once, kept as rows, and read by every page, export and view alike."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from records.scoping import COMMUNITY_DIGITS, DISTRICT_DIGITS, Record, ScopedQuerySet


def in_quarters(periods):
    """The filter that keeps rows with a year and a quarter in these quarters."""
    chosen = Q(pk__in=())
    for period in periods:
        chosen |= Q(year=period.start.year, quarter=period.number)
    return chosen


class PublishedQuerySet(ScopedQuerySet):
    def of(self, *periods):
        return self.filter(in_quarters(periods))


class OfAQuarter(Record):
    district = models.ForeignKey(
        "communities.Division",
        on_delete=models.PROTECT,
        limit_choices_to={"level": "district"},
        related_name="+",
        editable=False,
        verbose_name=_("district"),
    )
    year = models.PositiveSmallIntegerField(_("year"), editable=False)
    quarter = models.PositiveSmallIntegerField(_("quarter"), editable=False)

    community_path = "district_id"

    objects = PublishedQuerySet.as_manager()

    class Meta:
        abstract = True


class PublishedQuarter(OfAQuarter):
    """A district's quarter and what its published figures were decided from (`reports.publishing`)."""

    mark = models.CharField(_("decided from"), max_length=80, blank=True, editable=False)

    personal: dict[str, str] = {}
    not_personal = ["id", "district", "year", "quarter", "mark"]

    class Meta:
        ordering = ["district", "-year", "-quarter"]
        verbose_name = _("published quarter")
        verbose_name_plural = _("published quarters")
        constraints = [
            models.UniqueConstraint(
                fields=["district", "year", "quarter"],
                name="one_publication_per_district_and_quarter",
                violation_error_message=_("This quarter is published already."),
            )
        ]

    def __str__(self):
        return f"{self.district_id}/{self.year}Q{self.quarter}"


class PublishedFigure(OfAQuarter):
    """One number of a division as the federation reads it.

    `code` is a district, street or community. `breakdown` and `part` are empty but for the parts of a district's
    number. `value` is None where the number is hidden; of a total it counts `communities` of them.
    """

    measure = models.CharField(_("measure"), max_length=60, editable=False)
    code = models.CharField(_("code"), max_length=COMMUNITY_DIGITS, editable=False)
    breakdown = models.CharField(_("divided by"), max_length=30, blank=True, editable=False)
    part = models.CharField(_("part"), max_length=40, blank=True, editable=False)
    value = models.PositiveIntegerField(_("value"), null=True, editable=False)
    communities = models.PositiveSmallIntegerField(_("communities counted"), editable=False)

    personal: dict[str, str] = {}
    not_personal = [
        *["id", "district", "year", "quarter", "measure", "code", "breakdown", "part", "value", "communities"],
    ]

    class Meta:
        ordering = ["pk"]
        verbose_name = _("published figure")
        verbose_name_plural = _("published figures")
        indexes = [
            # Of one measure every division, as comparisons read them.
            models.Index(fields=["district", "measure", "year", "quarter", "code"], name="published_of_a_measure"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "code", "breakdown", "year", "quarter", "measure", "part"],
                name="one_published_figure_per_division_and_part",
                violation_error_message=_("This figure is published already."),
            ),
            models.CheckConstraint(
                condition=Q(code__startswith=models.F("district")),
                name="published_figure_lies_in_its_district",
                violation_error_message=_("The division must lie in the district."),
            ),
            models.CheckConstraint(
                condition=Q(breakdown="", part="") | Q(code__length=DISTRICT_DIGITS),
                name="only_a_districts_figures_have_published_parts",
                violation_error_message=_("Only a district's figures are divided."),
            ),
        ]

    def __str__(self):
        return f"{self.code}/{self.year}Q{self.quarter}/{self.measure}/{self.breakdown}/{self.part}"
