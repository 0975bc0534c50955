from django.db import models
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord


class Figure(CommunityRecord):
    """One number of a submitted report, frozen with the version of the definition it was counted by.

    `breakdown` and `part` are empty for a measure's total.
    """

    report = models.ForeignKey(
        "reports.QuarterlyReport", on_delete=models.PROTECT, related_name="figures", verbose_name=_("report")
    )
    measure = models.CharField(_("measure"), max_length=60)
    breakdown = models.CharField(_("divided by"), max_length=30, blank=True)
    part = models.CharField(_("part"), max_length=40, blank=True)
    value = models.PositiveIntegerField(_("value"))
    definition_version = models.PositiveSmallIntegerField(_("version of the definition"))
    drawn_at = models.DateTimeField(_("drawn"))

    personal: dict[str, str] = {}
    not_personal = [
        *["id", "report", "community", "district", "measure", "breakdown", "part", "value"],
        *["definition_version", "drawn_at"],
    ]

    class Meta(CommunityRecord.Meta):
        ordering = ["pk"]
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["report", "measure", "breakdown", "part"],
                name="one_figure_per_report_measure_and_part",
                violation_error_message=_("This figure already stands in the report."),
            ),
        ]

    def __str__(self):
        return f"{self.report_id}/{self.measure}/{self.breakdown}/{self.part}"
