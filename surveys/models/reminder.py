from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.owned import CommunityRecord
from records.lifecycle import Refused
from records.scoping import ScopedQuerySet
from records.trail import log_act
from surveys.models.edition import RosterEdition
from surveys.models.roster import Roster


class ReminderQuerySet(ScopedQuerySet):
    def unanswered(self):
        """Those after which the community has not handed its roster in: a roster returned since had answered them."""
        same = {f"roster__{name}": models.OuterRef(name) for name in ("community", "round")}
        since = RosterEdition.objects.filter(**same, submitted_at__gte=models.OuterRef("at"))
        return self.exclude(models.Exists(since))


class Reminder(CommunityRecord):
    """The street office asked a community for its roster."""

    round = models.ForeignKey(
        "surveys.SurveyRound",
        on_delete=models.PROTECT,
        related_name="reminders",
        editable=False,
        verbose_name=gettext_lazy("survey round"),
    )
    day = models.DateField(gettext_lazy("day"), editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=gettext_lazy("reminded by"),
    )
    at = models.DateTimeField(gettext_lazy("time"), default=timezone.now, editable=False)

    personal: dict[str, str] = {}
    not_personal = ["id", "community", "district", "round", "day", "by", "at"]

    objects = ReminderQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-at", "-pk"]
        verbose_name = gettext_lazy("reminder")
        verbose_name_plural = gettext_lazy("reminders")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["round", "community", "day"],
                name="one_reminder_per_community_and_day",
                violation_error_message=gettext_lazy("This community was reminded today."),
            ),
        ]

    def __str__(self):
        return f"{self.community_id}/{self.round_id}/{self.day}"

    @classmethod
    def send(cls, community, survey_round, *, by):
        """Remind a community that has not handed in. Once a day is enough."""
        if not community.pk.startswith(survey_round.division_id) or survey_round.opens_on > timezone.localdate():
            raise Refused(_("This round does not ask this community."))
        if Roster.objects.filter(community=community, round=survey_round).handed_in().exists():
            raise Refused(_("This community has handed its roster in."))
        with transaction.atomic():
            reminder, made = cls.objects.get_or_create(
                round=survey_round, community=community, day=timezone.localdate(), defaults={"by": by}
            )
            if not made:
                raise Refused(_("This community was reminded today."))
            log_act(by, "reminded", reminder, round=survey_round)
        return reminder
