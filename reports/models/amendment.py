"""A dated correction of an accepted report. What was accepted stays as it stood; both are shown."""

from django.db import models, transaction
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.owned import CommunityRecord
from records.lifecycle import Lifecycle, Refused
from records.scoping import Record, ScopedQuerySet
from records.trail import log_act
from records.versions import stored_for_update
from records.wording import enumerated
from reports import checking, drawing
from reports.models.base import Report, account


class AmendmentQuerySet(ScopedQuerySet):
    def accepted(self):
        return self.filter(status=BaseAmendment.Status.ACCEPTED)

    def waiting(self):
        return self.filter(status=BaseAmendment.Status.PROPOSED)


class BaseAmendment(Lifecycle):
    """Some lines of a report drawn anew, with the reason; in force once somebody of the level above accepted it.

    `figures` is {measure: {"value", "version", "parts"}} as they should stand, `before` the same as they stood.
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", gettext_lazy("proposed")
        ACCEPTED = "accepted", gettext_lazy("accepted")
        REFUSED = "refused", gettext_lazy("refused")

    TRANSITIONS = {
        Status.PROPOSED: {Status.ACCEPTED, Status.REFUSED},
        Status.ACCEPTED: set(),
        Status.REFUSED: set(),
    }

    number = models.PositiveSmallIntegerField(gettext_lazy("number"), editable=False)
    status = models.CharField(
        gettext_lazy("status"), max_length=10, choices=Status, default=Status.PROPOSED, editable=False
    )
    reason = models.TextField(gettext_lazy("reason"), max_length=1000)
    before = models.JSONField(gettext_lazy("figures before"), editable=False)
    figures = models.JSONField(gettext_lazy("figures after"), editable=False)
    proposed_at = models.DateTimeField(gettext_lazy("proposed"), default=timezone.now, editable=False)
    proposed_by = account()
    decided_at = models.DateTimeField(gettext_lazy("decided"), null=True, editable=False)
    decided_by = account()
    remark = models.TextField(gettext_lazy("Remark"), blank=True, max_length=1000)

    FIELDS = [
        *["id", "report", "number", "status", "reason", "before", "figures", "proposed_at", "proposed_by"],
        *["decided_at", "decided_by", "remark"],
    ]

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["report", "number"],
                name="%(class)ss_of_a_report_are_numbered",
                violation_error_message=gettext_lazy("There is already an amendment with this number."),
            ),
            models.UniqueConstraint(
                fields=["report"],
                condition=Q(status="proposed"),
                name="one_%(class)s_of_a_report_at_a_time",
                violation_error_message=gettext_lazy("An amendment of this report already waits for a decision."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="who_proposes_a_%(class)s_does_not_decide_on_it",
                violation_error_message=gettext_lazy("Who proposed an amendment cannot decide on it."),
            ),
        ]

    def __str__(self):
        return f"{self.report_id}/{self.number}"

    def get_absolute_url(self):
        return self.report.get_absolute_url()

    @property
    def lines(self):
        """[(line as it stood, or None; line as it should stand)]"""
        stood, should = (drawing.Table.of(figures) for figures in (self.before, self.figures))
        return [(stood.line(line.measure.key), line) for line in should.lines()]

    @classmethod
    @transaction.atomic
    def of(cls, report, *, keys, reason, by, **more):
        """Propose that the lines `keys` stand as they are drawn now. They must still add up with all others."""
        stored = stored_for_update(report)
        if stored.status != Report.Status.ACCEPTED:
            raise Refused(_("Only an accepted report is amended. This one can still be changed itself."))
        if not reason.strip():
            raise Refused(_("Say why the report must be corrected."))
        if report.amendments.waiting().exists():
            raise Refused(_("An amendment of this report already waits for a decision."))
        stands, now = report.in_force(), report.draw()
        if late := cls.late_in(report):
            keys, more["counted"] = {line.measure.key for line in stands.lines()}, sorted(late)
        drawn = {key: line for key, line in differing(stands, now).items() if key in keys}
        if not drawn:
            raise Refused(_("Choose the figures that should be corrected."))
        figures = {key: line.as_figure() for key, line in drawn.items()}
        if faults := checking.faults(stands.amended(figures)):
            raise Refused(_("The figures do not add up: %(faults)s") % {"faults": enumerated(faults)})
        last = report.amendments.aggregate(last=Max("number"))["last"] or 0
        before = {line.measure.key: line.as_figure() for line in stands.lines() if line.measure.key in figures}
        made = cls.objects.create(
            report=report, number=last + 1, reason=reason, before=before, figures=figures, proposed_by=by, **more
        )
        log_act(by, "proposed an amendment", made, figures=sorted(figures))
        return made

    @classmethod
    def late_in(cls, report):
        """Codes of the communities that came late into what `report` has just drawn. Their figures go in together or
        not at all: with them every line is drawn anew."""
        return set()

    def accept(self, *, remark="", by):
        self._decide(self.Status.ACCEPTED, "accepted", remark, by)

    def refuse(self, *, remark, by):
        if not remark.strip():
            raise Refused(_("Say why the amendment is refused."))
        self._decide(self.Status.REFUSED, "refused", remark, by)

    def _decide(self, status, verb, remark, by):
        if by.pk == self.proposed_by_id:
            raise Refused(_("Who proposed an amendment cannot decide on it."))
        self._become(status, by=by, verb=verb, decided_at=timezone.now(), decided_by=by, remark=remark)


def differing(table, drawn):
    """{measure: line as drawn now} of those lines of `table` that would be drawn differently."""
    return {
        line.measure.key: line
        for line in drawn.lines()
        if (stands := table.line(line.measure.key)) is not None and _numbers(stands) != _numbers(line)
    }


def _numbers(line):
    """What is compared: a part that nobody falls into is no part."""
    return line.value, {name: {p: n for p, n in parts.items() if n} for name, parts in line.parts.items()}


class Amendment(BaseAmendment, CommunityRecord):
    """A community's correction of a report that the street office had accepted."""

    report = models.ForeignKey(
        "reports.QuarterlyReport", on_delete=models.PROTECT, related_name="amendments", editable=False
    )

    personal: dict[str, str] = {}
    not_personal = ["community", "district", *BaseAmendment.FIELDS]

    class Meta(CommunityRecord.Meta):
        ordering = ["report", "number"]
        verbose_name = gettext_lazy("amendment")
        verbose_name_plural = gettext_lazy("amendments")
        constraints = [*CommunityRecord.Meta.constraints, *BaseAmendment.Meta.constraints]

    @classmethod
    def of(cls, report, *, keys, reason, by):
        return super().of(report, keys=keys, reason=reason, by=by, community_id=report.community_id)


class StreetAmendment(BaseAmendment, Record):
    """A street office's correction of a report that the district had accepted; `counted`: whom it adds to the sum."""

    community_path = "report__street_id"

    report = models.ForeignKey(
        "reports.StreetReport", on_delete=models.PROTECT, related_name="amendments", editable=False
    )
    counted = models.JSONField(gettext_lazy("communities counted"), default=list, editable=False)

    personal: dict[str, str] = {}
    not_personal = ["counted", *BaseAmendment.FIELDS]

    class Meta:
        ordering = ["report", "number"]
        verbose_name = gettext_lazy("amendment of a street report")
        verbose_name_plural = gettext_lazy("amendments of street reports")
        constraints = [*BaseAmendment.Meta.constraints]

    @classmethod
    def late_in(cls, report):
        return report.late_among(report.drawn)
