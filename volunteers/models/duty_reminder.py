from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.lifecycle import Refused
from records.scoping import ScopedQuerySet
from records.trail import log_act
from volunteers.kinds import DutyKind


class DutyReminderQuerySet(ScopedQuerySet):
    def newest_of(self, pairings):
        """{key of the pairing: its last reminder, with the day alone}."""
        newest = self.filter(pairing__in=pairings).order_by("pairing_id", "-day").distinct("pairing_id")
        return {reminder.pairing_id: reminder for reminder in newest.only("pairing", "day")}


class DutyReminder(CommunityRecord):
    """The helper of a pairing was reminded of what is still to do."""

    pairing = models.ForeignKey(
        "volunteers.Pairing",
        on_delete=models.PROTECT,
        related_name="reminders",
        editable=False,
        verbose_name=_("pairing"),
    )
    kinds = ArrayField(models.CharField(max_length=20, choices=DutyKind), editable=False, verbose_name=_("reminded of"))
    due_on = models.DateField(_("due on"), editable=False)
    day = models.DateField(_("day"), editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("reminded by"),
    )
    at = models.DateTimeField(_("time"), default=timezone.now, editable=False)

    personal: dict[str, str] = {}
    not_personal = ["id", "pairing", "community", "district", "kinds", "due_on", "day", "by", "at"]

    objects = DutyReminderQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-at", "-pk"]
        verbose_name = _("reminder of the five ones")
        verbose_name_plural = _("reminders of the five ones")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["pairing", "day"],
                name="one_reminder_per_pairing_and_day",
                violation_error_message=_("This helper was reminded today."),
            ),
        ]

    def __str__(self):
        return gettext("Reminder %(number)s") % {"number": self.pk}

    @classmethod
    @transaction.atomic
    def send(cls, pairing, *, by):
        """Note that the helper is reminded of all that is still to do. Once a day is enough."""
        from volunteers.models.pairing import Pairing

        held = Pairing.objects.select_for_update(of=("self",), no_key=True).get(pk=pairing.pk)
        if held.status != Pairing.Status.ACTIVE or not held.missing:
            raise Refused(gettext("Nothing is still to do in this pairing."))
        today = timezone.localdate()
        if cls.objects.filter(pairing=held, day=today).exists():
            raise Refused(gettext("This helper was reminded today."))
        facts = {"kinds": held.missing, "due_on": held.next_due_on, "community_id": held.community_id}
        reminder = cls.objects.create(pairing=held, day=today, by=by, **facts)
        log_act(by, "reminded the helper", held, reminder=reminder)
        return reminder

    @property
    def kind_words(self):
        return [DutyKind(kind).label for kind in self.kinds]
