from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy

from communities.models import Division
from records.scoping import Record, Scope
from reports import drawing
from reports.models.base import Report, ReportQuerySet
from reports.models.report import QuarterlyReport


class StreetReport(Report, Record):
    """What a street office tells the district each quarter: the sum of its communities' accepted figures, and texts.

    Nothing is counted anew. Submitted, it keeps the sum, whose figures went into it and who was missing; what is
    accepted later stands in the sum of its own quarter by an amendment.
    """

    community_path = "street_id"

    street = models.ForeignKey(
        "communities.Division",
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        limit_choices_to={"level": "street"},
        verbose_name=gettext_lazy("street or town"),
    )
    figures = models.JSONField(gettext_lazy("figures"), default=dict, editable=False)
    counted = models.JSONField(gettext_lazy("communities counted"), default=dict, editable=False)
    missing = models.JSONField(gettext_lazy("communities missing"), default=list, editable=False)

    personal: dict[str, str] = {}
    not_personal = ["id", "street", "figures", "counted", "missing", *Report.FIELDS]

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-quarter", "street_id"]
        verbose_name = gettext_lazy("street report")
        verbose_name_plural = gettext_lazy("street reports")
        constraints = [
            *Report.Meta.constraints,
            models.UniqueConstraint(
                fields=["street", "year", "quarter"],
                name="one_report_per_street_and_quarter",
                violation_error_message=gettext_lazy("This street office already has a report for this quarter."),
            ),
        ]

    def __str__(self):
        return f"{self.street_id}/{self.year}Q{self.quarter}"

    def get_absolute_url(self):
        return reverse("reports:street", args=[self.pk])

    def scope(self):
        return Scope.of(self.street_id)

    @property
    def place(self):
        return self.street

    @classmethod
    def for_place(cls, code):
        return cls.objects.filter(street=code)

    @classmethod
    def open_for(cls, street, period, *, by):
        """The street's report for `period`, begun if there is none yet; a quarter opens on its first day."""
        return cls.begin(period, by=by, street=street)

    def community_reports(self):
        """What the street's communities handed in for the quarter and the street office accepted."""
        return QuarterlyReport.objects.within(self.scope()).of(self.period).accepted()

    def communities(self):
        """The street's communities, in the order of their codes."""
        return list(Division.objects.filter(level="community", parent=self.street_id).order_by("code"))

    def by_community(self):
        """{community code: {measure: number}} that the sum is made of: live while open, else as it was submitted."""
        return _numbers(self.community_reports().tables_in_force()) if self.is_open else self.counted

    def not_there(self):
        """Communities whose figures are not in the sum: live while open, else as submitted and amended."""
        if not self.is_open:
            absent = set(self.missing) - self._amended()
            return [place for place in self.communities() if place.pk in absent]
        there = set(self.community_reports().values_list("community", flat=True))
        return [place for place in self.communities() if place.pk not in there]

    def came_late(self):
        """Communities missing when it was submitted whose reports were accepted since and stand in no amendment."""
        if self.is_open or not self.missing:
            return []
        accepted = self.community_reports().filter(community__in=self.missing).values_list("community", flat=True)
        late = self.late_among(accepted)
        return [place for place in self.communities() if place.pk in late]

    def late_among(self, codes):
        """Those of the codes that were missing when it was submitted and stand in no amendment."""
        return set(codes) & set(self.missing) - self._amended()

    def _amended(self):
        return {code for one in self.amendments.accepted() for code in one.counted}

    def draw(self):
        """The sum as it stands now; `drawn` keeps the tables it was made of, which nobody should read a second time."""
        self.drawn = self.community_reports().tables_in_force()
        return drawing.added(self.drawn.values())

    def frozen(self):
        return drawing.Table.of(self.figures)

    def freeze(self, table):
        self.figures = table.figures()
        self.counted = _numbers(self.drawn)
        self.missing = [place.pk for place in self.communities() if place.pk not in self.drawn]
        self.save(update_fields=["figures", "counted", "missing"])


def _numbers(tables):
    return {code: {line.measure.key: line.value for line in table.lines()} for code, table in sorted(tables.items())}
