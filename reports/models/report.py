import datetime as dt

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.owned import CommunityRecord
from records.lifecycle import Lifecycle, Refused
from records.measures import Period
from records.scoping import Scope, ScopedQuerySet
from records.trail import log_act
from records.versions import Versioned
from reports import drawing

DAYS_TO_REPORT = 10


class QuarterlyReportQuerySet(ScopedQuerySet):
    def of(self, period):
        return self.filter(year=period.start.year, quarter=period.number)

    def accepted(self):
        return self.filter(status=QuarterlyReport.Status.ACCEPTED)

    def sent(self):
        """Handed in: with the street office, or accepted by it."""
        return self.filter(status__in=[QuarterlyReport.Status.SUBMITTED, QuarterlyReport.Status.ACCEPTED])


class QuarterlyReport(Versioned, Lifecycle, CommunityRecord):
    """What a community tells the street office each quarter: figures drawn from the rows, and three texts.

    Figures are live while it is a draft and frozen as `Figure` rows when it is submitted; what is returned is drawn
    again when it is submitted again.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", gettext_lazy("draft")
        SUBMITTED = "submitted", gettext_lazy("submitted")
        RETURNED = "returned", gettext_lazy("returned")
        ACCEPTED = "accepted", gettext_lazy("accepted by the street office")

    TRANSITIONS = {
        Status.DRAFT: {Status.SUBMITTED},
        Status.SUBMITTED: {Status.RETURNED, Status.ACCEPTED},
        Status.RETURNED: {Status.SUBMITTED},
        Status.ACCEPTED: set(),
    }
    OPEN = (Status.DRAFT, Status.RETURNED)

    year = models.PositiveSmallIntegerField(gettext_lazy("year"), editable=False)
    quarter = models.PositiveSmallIntegerField(gettext_lazy("quarter"), editable=False)
    status = models.CharField(
        gettext_lazy("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False
    )
    done = models.TextField(gettext_lazy("What was done"), blank=True, max_length=4000)
    problems = models.TextField(gettext_lazy("Problems"), blank=True, max_length=4000)
    plan = models.TextField(gettext_lazy("Plan for the next quarter"), blank=True, max_length=4000)
    submitted_at = models.DateTimeField(gettext_lazy("submitted"), null=True, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(gettext_lazy("decided"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    remark = models.TextField(gettext_lazy("Remark of the street office"), blank=True, max_length=2000)

    personal: dict[str, str] = {}
    not_personal = [
        *["id", "community", "district", "version", "year", "quarter", "status", "done", "problems", "plan"],
        *["submitted_at", "submitted_by", "decided_at", "decided_by", "remark"],
    ]

    objects = QuarterlyReportQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-year", "-quarter", "community_id"]
        verbose_name = gettext_lazy("quarterly report")
        verbose_name_plural = gettext_lazy("quarterly reports")
        indexes = [models.Index(fields=["district", "year", "quarter", "status"], name="report_of_a_quarter")]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["community", "year", "quarter"],
                name="one_report_per_community_and_quarter",
                violation_error_message=gettext_lazy("This community already has a report for this quarter."),
            ),
            models.CheckConstraint(
                condition=Q(quarter__gte=1, quarter__lte=4, year__gte=2000, year__lte=2200),
                name="report_quarter_is_one_to_four",
                violation_error_message=gettext_lazy("There are four quarters."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("submitted_by")),
                name="who_submits_a_report_does_not_decide_on_it",
                violation_error_message=gettext_lazy("Who submitted a report cannot decide on it."),
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(submitted_at__isnull=False),
                name="what_left_the_drafts_was_submitted",
                violation_error_message=gettext_lazy("A report that is no draft has been submitted."),
            ),
        ]

    def __str__(self):
        return f"{self.community_id}/{self.year}Q{self.quarter}"

    def get_absolute_url(self):
        return reverse("reports:report", args=[self.pk])

    @property
    def period(self):
        return Period.quarter(self.year, self.quarter)

    @property
    def due_on(self):
        return self.period.end + dt.timedelta(days=DAYS_TO_REPORT)

    @property
    def is_open(self):
        return self.status in self.OPEN

    @property
    def is_late(self):
        handed_in = timezone.localdate(self.submitted_at) if self.submitted_at else timezone.localdate()
        return handed_in > self.due_on

    @classmethod
    def open_for(cls, community, period, *, by):
        """The community's report for `period`, begun if there is none yet; a quarter opens on its first day."""
        if period.start > timezone.localdate():
            raise Refused(_("This quarter has not begun."))
        with transaction.atomic():
            report, made = cls.objects.get_or_create(community=community, year=period.start.year, quarter=period.number)
            if made:
                log_act(by, "began", report)
        return report

    def table(self):
        """The report's figures: frozen ones once submitted, live ones before (`reports.drawing.Table`)."""
        if self.is_open:
            return drawing.draw(Scope.of(self.community_id), self.period)
        return drawing.frozen(self.figures.all(), self.period)

    @transaction.atomic
    def submit(self, *, by):
        """Freeze the figures and hand the report to the street office."""
        if self.period.end >= timezone.localdate():
            raise Refused(_("This quarter is not over yet."))
        if not self.done.strip():
            raise Refused(_("Say what was done before you submit."))
        table = drawing.draw(Scope.of(self.community_id), self.period)
        if faults := table.faults():
            raise Refused(_("The figures do not add up: %(faults)s") % {"faults": "; ".join(map(str, faults))})
        self._become(
            self.Status.SUBMITTED,
            by=by,
            verb="submitted",
            submitted_at=timezone.now(),
            submitted_by=by,
            decided_at=None,
            decided_by=None,
            remark="",
        )
        drawing.freeze(self, table)

    def give_back(self, *, remark, by):
        """Return the report to the community, saying what to mend."""
        if not remark.strip():
            raise Refused(_("Say what the community should mend."))
        self._decide(self.Status.RETURNED, "returned", remark, by)

    def accept(self, *, remark="", by):
        self._decide(self.Status.ACCEPTED, "accepted", remark, by)

    def _decide(self, status, verb, remark, by):
        if by.pk == self.submitted_by_id:
            raise Refused(_("Who submitted a report cannot decide on it."))
        self._become(status, by=by, verb=verb, decided_at=timezone.now(), decided_by=by, remark=remark)
