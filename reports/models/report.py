from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from communities.owned import CommunityRecord
from records.scoping import Scope
from reports import drawing
from reports.models.base import Report, ReportQuerySet


class QuarterlyReportQuerySet(ReportQuerySet):
    def tables_in_force(self):
        """{community code: table with what accepted amendments changed}, in three queries."""
        reports = list(self)
        figures = drawing.by_report(reports[0].figures.model.objects.filter(report__in=reports)) if reports else {}
        tables = {report.pk: drawing.Table.of(figures.get(report.pk, {})) for report in reports}
        if reports:
            amendments = reports[0].amendments.model.objects.filter(report__in=reports).accepted()
            for amendment in amendments.order_by("number"):
                tables[amendment.report_id] = tables[amendment.report_id].amended(amendment.figures)
        return {report.community_id: tables[report.pk] for report in reports}


class QuarterlyReport(Report, CommunityRecord):
    """What a community tells the street office each quarter: figures drawn from the rows, and three texts.

    Figures are live while it is a draft and frozen as `Figure` rows when it is submitted; what is returned is drawn
    again when it is submitted again.
    """

    personal: dict[str, str] = {}
    not_personal = ["id", "community", "district", *Report.FIELDS]

    objects = QuarterlyReportQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-year", "-quarter", "community_id"]
        verbose_name = gettext_lazy("quarterly report")
        verbose_name_plural = gettext_lazy("quarterly reports")
        indexes = [models.Index(fields=["district", "year", "quarter", "status"], name="report_of_a_quarter")]
        constraints = [
            *CommunityRecord.Meta.constraints,
            *Report.Meta.constraints,
            models.UniqueConstraint(
                fields=["community", "year", "quarter"],
                name="one_report_per_community_and_quarter",
                violation_error_message=gettext_lazy("This community already has a report for this quarter."),
            ),
        ]

    def __str__(self):
        return f"{self.community_id}/{self.year}Q{self.quarter}"

    def get_absolute_url(self):
        return reverse("reports:report", args=[self.pk])

    @property
    def place(self):
        return self.community

    @classmethod
    def for_place(cls, code):
        return cls.objects.filter(community=code)

    @classmethod
    def open_for(cls, community, period, *, by):
        """The community's report for `period`, begun if there is none yet; a quarter opens on its first day."""
        return cls.begin(period, by=by, community=community)

    def scope(self):
        return Scope.of(self.community_id)

    def draw(self):
        return drawing.draw(self.scope(), self.period)

    def frozen(self):
        return drawing.Table.of(drawing.by_report(self.figures.all()).get(self.pk, {}))

    def freeze(self, table):
        """Keep the table's numbers as rows of the report, in place of those of an earlier submission."""
        drawn_at = timezone.now()
        rows = [
            self.figures.model(
                report=self,
                community_id=self.community_id,
                district=self.district,
                measure=line.measure.key,
                breakdown=name,
                part=part,
                value=n,
                definition_version=line.version,
                drawn_at=drawn_at,
            )
            for line in table.lines()
            for name, part, n in _cells(line)
        ]
        self.figures.all().delete()
        self.figures.bulk_create(rows)


def _cells(line):
    """[(breakdown, part, value)]: the total first, with neither."""
    return [("", "", line.value)] + [(name, part, n) for name, parts in line.parts.items() for part, n in parts.items()]
