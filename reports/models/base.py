"""What a community's report and a street's report share: a quarter, texts, and the way from draft to acceptance."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records.lifecycle import Lifecycle, Refused
from records.measures import Period
from records.scoping import ScopedQuerySet
from records.trail import log_act
from records.versions import Versioned, stored_for_update
from records.wording import enumerated, listed
from reports import checking, comparing
from reports.models.rule import ReportRule
from reports.quarters import before, year_before


def account():
    """Who did it; empty until somebody does."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )


class ReportQuerySet(ScopedQuerySet):
    def of(self, period):
        return self.filter(year=period.start.year, quarter=period.number)

    def accepted(self):
        return self.filter(status=Report.Status.ACCEPTED)

    def sent(self):
        """Handed in: with the level above, or accepted by it."""
        return self.filter(status__in=[Report.Status.SUBMITTED, Report.Status.ACCEPTED])


class Report(Versioned, Lifecycle):
    """Figures and texts of one quarter. Live while open, frozen when submitted, drawn anew when submitted again.

    `explanations` is {measure: why it jumped}. `figure_remarks` is {measure: {"text", "value"}}: what was to be mended
    when the report was returned last, and the number that stood there.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", gettext_lazy("draft")
        SUBMITTED = "submitted", gettext_lazy("submitted")
        RETURNED = "returned", gettext_lazy("returned")
        ACCEPTED = "accepted", gettext_lazy("accepted")

    TRANSITIONS = {
        Status.DRAFT: {Status.SUBMITTED},
        Status.SUBMITTED: {Status.RETURNED, Status.ACCEPTED},
        Status.RETURNED: {Status.SUBMITTED},
        Status.ACCEPTED: set(),
    }
    OPEN = (Status.DRAFT, Status.RETURNED)

    year = models.PositiveSmallIntegerField(gettext_lazy("year"), editable=False)
    quarter = models.PositiveSmallIntegerField(gettext_lazy("quarter"), editable=False)
    due_on = models.DateField(gettext_lazy("due"), editable=False)  # by the rule that held when it was begun
    status = models.CharField(
        gettext_lazy("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False
    )
    done = models.TextField(gettext_lazy("What was done"), blank=True, max_length=4000)
    problems = models.TextField(gettext_lazy("Problems"), blank=True, max_length=4000)
    plan = models.TextField(gettext_lazy("Plan for the next quarter"), blank=True, max_length=4000)
    explanations = models.JSONField(gettext_lazy("explanations"), default=dict, blank=True, editable=False)
    handed_in_on = models.DateField(gettext_lazy("first handed in on"), null=True, editable=False)
    submitted_at = models.DateTimeField(gettext_lazy("submitted"), null=True, editable=False)
    submitted_by = account()
    decided_at = models.DateTimeField(gettext_lazy("decided"), null=True, editable=False)
    decided_by = account()
    remark = models.TextField(gettext_lazy("Remark"), blank=True, max_length=2000)
    figure_remarks = models.JSONField(gettext_lazy("remarks on figures"), default=dict, blank=True, editable=False)

    FIELDS = [
        *["version", "year", "quarter", "due_on", "status", "done", "problems", "plan", "explanations"],
        *["handed_in_on", "submitted_at", "submitted_by", "decided_at", "decided_by", "remark", "figure_remarks"],
    ]

    objects = ReportQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(quarter__gte=1, quarter__lte=4, year__gte=2000, year__lte=2200),
                name="%(class)s_is_of_one_of_four_quarters",
                violation_error_message=gettext_lazy("There are four quarters."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("submitted_by")),
                name="who_submits_a_%(class)s_does_not_decide_on_it",
                violation_error_message=gettext_lazy("Who submitted a report cannot decide on it."),
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(submitted_at__isnull=False, handed_in_on__isnull=False),
                name="a_%(class)s_that_is_no_draft_was_submitted",
                violation_error_message=gettext_lazy("A report that is no draft has been submitted."),
            ),
        ]

    # What the two kinds say of themselves ---------------------------------------------------------------------------

    @property
    def place(self):
        """The division that reports."""
        raise NotImplementedError

    @classmethod
    def for_place(cls, code):
        """The reports of the division with this code."""
        raise NotImplementedError

    def draw(self):
        """The table as the rows stand now (`reports.drawing.Table`)."""
        raise NotImplementedError

    def frozen(self):
        """The table as it was submitted last."""
        raise NotImplementedError

    def freeze(self, table):
        """Keep the numbers of the table that was drawn last."""
        raise NotImplementedError

    # What stands in it ----------------------------------------------------------------------------------------------

    @property
    def period(self):
        return Period.quarter(self.year, self.quarter)

    @property
    def is_open(self):
        return self.status in self.OPEN

    @property
    def is_late(self):
        """Whether it came after its due day, or has not come by now. What is returned is not late again."""
        return (self.handed_in_on or timezone.localdate()) > self.due_on

    def rule(self):
        return ReportRule.at(self.place.pk, self.period)

    def table(self):
        """The report's figures: live ones while open, else as they were submitted."""
        return self.draw() if self.is_open else self.frozen()

    def in_force(self):
        """The figures with what accepted amendments changed; each changed line says what stood there before."""
        table = self.table()
        for amendment in self.amendments.accepted().order_by("number"):
            table = table.amended(amendment.figures)
        return table

    def earlier(self, period):
        """The place's report for an earlier quarter, if it was handed in."""
        return type(self).for_place(self.place.pk).of(period).sent().first()

    def last(self):
        return self.earlier(before(self.period))

    def compared(self, table, last, year_ago):
        """{measure's key: `comparing.Change`} against the reports of the last quarter and of the one a year ago."""
        return comparing.compare(table, last and last.in_force(), year_ago and year_ago.in_force(), self.rule())

    def changes(self, table=None):
        return self.compared(table or self.table(), self.last(), self.earlier(year_before(self.period)))

    # Verbs ----------------------------------------------------------------------------------------------------------

    @transaction.atomic
    def submit(self, *, by):
        """Freeze the figures and hand the report to the level above."""
        stored = stored_for_update(self)
        if self.period.end >= timezone.localdate():
            raise Refused(_("This quarter is not over yet."))
        if not stored.done.strip():
            raise Refused(_("Say what was done before you submit."))
        table = self.draw()
        if not table.lines():
            raise Refused(_("No community's report is accepted yet: there is nothing to add up."))
        if faults := checking.faults(table):
            raise Refused(_("The figures do not add up: %(faults)s") % {"faults": enumerated(faults)})
        unsaid = [
            str(change.measure.label)
            for key, change in self.changes(table).items()
            if change.is_jump and not stored.explanations.get(key, "").strip()
        ]
        if unsaid:
            raise Refused(_("Say why these figures jumped: %(names)s") % {"names": listed(unsaid)})
        self._become(
            self.Status.SUBMITTED,
            by=by,
            verb="submitted",
            handed_in_on=stored.handed_in_on or timezone.localdate(),
            submitted_at=timezone.now(),
            submitted_by=by,
            decided_at=None,
            decided_by=None,
            remark="",
        )
        self.freeze(table)

    def give_back(self, *, remark="", on_figures=None, seen=None, by):
        """Return the report, saying what to mend: on the whole, or on figures ({measure: text})."""
        on_figures = {key: text.strip() for key, text in (on_figures or {}).items() if text.strip()}
        if not remark.strip() and not on_figures:
            raise Refused(_("Say what should be mended, beside a figure or for the whole."))
        table = self.frozen() if on_figures else None
        kept = {key: {"text": text, "value": table.value(key)} for key, text in on_figures.items()}
        self._decide(self.Status.RETURNED, "returned", remark, by, seen, figure_remarks=kept)

    def accept(self, *, remark="", seen=None, by):
        self._decide(self.Status.ACCEPTED, "accepted", remark, by, seen)

    @transaction.atomic
    def _decide(self, status, verb, remark, by, seen, **more):
        stored = stored_for_update(self)  # the report in hand may be older than what was submitted since
        if by.pk == stored.submitted_by_id:
            raise Refused(_("Who submitted a report cannot decide on it."))
        if seen is not None and seen != stored.version:
            raise Refused(_("The report has changed since you opened it. Look at it again."))
        self._become(status, by=by, verb=verb, decided_at=timezone.now(), decided_by=by, remark=remark, **more)

    @classmethod
    def begin(cls, period, *, by, **place):
        """The report of a place for `period`, begun if there is none yet; a quarter opens on its first day."""
        if period.start > timezone.localdate():
            raise Refused(_("This quarter has not begun."))
        with transaction.atomic():
            report, made = cls.objects.get_or_create(
                year=period.start.year, quarter=period.number, **place, defaults={"due_on": cls.due_day(period, place)}
            )
            if made:
                log_act(by, "began", report)
        return report

    @classmethod
    def due_day(cls, period, place):
        (division,) = place.values()
        return ReportRule.at(division.pk, period).due_on(period, division.level)
