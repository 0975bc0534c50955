from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.owned import CommunityRecord
from records.lifecycle import Refused
from records.scoping import ScopedQuerySet
from records.trail import log_act
from reports.models.report import QuarterlyReport


class ReportReminderQuerySet(ScopedQuerySet):
    def unanswered(self):
        """Those after which the community has not handed its report in."""
        same = {name: models.OuterRef(name) for name in ("community", "year", "quarter")}
        return self.exclude(models.Exists(QuarterlyReport.objects.sent().filter(**same)))


class ReportReminder(CommunityRecord):
    """A level above asked a community for its quarterly report."""

    year = models.PositiveSmallIntegerField(gettext_lazy("year"), editable=False)
    quarter = models.PositiveSmallIntegerField(gettext_lazy("quarter"), editable=False)
    day = models.DateField(gettext_lazy("day"), editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=gettext_lazy("reminded by"),
    )

    personal: dict[str, str] = {}
    not_personal = ["id", "community", "district", "year", "quarter", "day", "by"]

    objects = ReportReminderQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-day", "-pk"]
        verbose_name = gettext_lazy("reminder of a report")
        verbose_name_plural = gettext_lazy("reminders of reports")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["community", "year", "quarter", "day"],
                name="one_reminder_of_a_report_per_community_and_day",
                violation_error_message=gettext_lazy("This community was reminded today."),
            ),
        ]

    def __str__(self):
        return f"{self.community_id}/{self.year}Q{self.quarter}/{self.day}"

    @classmethod
    @transaction.atomic
    def send(cls, community, period, *, by):
        """Remind a community whose report of a quarter that is over has not come. Once a day is enough."""
        if period.end >= timezone.localdate():
            raise Refused(_("This quarter is not over yet."))
        if QuarterlyReport.objects.filter(community=community).of(period).sent().exists():
            raise Refused(_("This community has handed its report in."))
        reminder, made = cls.objects.get_or_create(
            community=community,
            year=period.start.year,
            quarter=period.number,
            day=timezone.localdate(),
            defaults={"by": by},
        )
        if not made:
            raise Refused(_("This community was reminded today."))
        log_act(by, "reminded of a report", reminder)
        return reminder
