import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.privacy import BASIC
from records.scoping import ScopedQuerySet
from records.trail import log_act
from volunteers.models.duty import Duty
from volunteers.models.volunteer import Volunteer


class PauseQuerySet(ScopedQuerySet):
    def open_on(self, day):
        return self.filter(Q(resumed_on=None) | Q(resumed_on__gt=day), starts_on__lte=day)

    def over_by(self, day):
        """Those whose planned day has come by `day`, and those without one that still run though the helper of whom
        something had ended is cleared again."""
        ready = Volunteer.objects.ready_on(day).filter(pk=OuterRef("pairing__volunteer"))
        lacking = Q(reason=Pause.Reason.CHECK, until=None, resumed_on=None)
        return self.filter(Q(until__lte=day) | lacking & Q(Exists(ready)))


class Pause(CommunityRecord):
    """A time in which a pairing rests. The day on which it goes on is no longer part of it."""

    class Reason(models.TextChoices):
        HELPER_AWAY = "helper_away", _("helper is away")
        HELPER_ILL = "helper_ill", _("helper is ill")
        CHILD_AWAY = "child_away", _("child is away")
        FAMILY_WISH = "family_wish", _("family wished so")
        CHECK = "check", _("something asked of the helper has ended")
        OTHER = "other", _("other reason")

    pairing = models.ForeignKey(
        "volunteers.Pairing", on_delete=models.PROTECT, related_name="pauses", verbose_name=_("pairing")
    )
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    note = models.CharField(_("in words"), max_length=200, blank=True)
    starts_on = models.DateField(_("paused on"), default=timezone.localdate)
    until = models.DateField(_("goes on, as planned"), null=True)
    resumed_on = models.DateField(_("resumed on"), null=True)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("paused by")
    )

    personal = dict.fromkeys(["reason", "note"], BASIC)
    erased = {"reason": "other"}
    not_personal = [
        *["id", "pairing", "community", "district", "starts_on", "until", "resumed_on", "begun_by"],
    ]

    objects = PauseQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-starts_on", "-pk"]
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["pairing"],
                condition=Q(resumed_on=None),
                name="one_pause_of_a_pairing_at_a_time",
                violation_error_message=_("This pairing is paused already."),
            ),
            models.CheckConstraint(
                condition=Q(resumed_on=None) | Q(resumed_on__gte=F("starts_on")),
                name="pause_ends_after_it_starts",
                violation_error_message=_("A pause cannot end before it starts."),
            ),
        ]

    def __str__(self):
        return self.get_reason_display()

    @classmethod
    def begin(cls, pairing, *, reason, note, until, by):
        """Called by `Pairing.pause`, under its lock: what is not yet overdue is not owed while it rests."""
        today = timezone.localdate()
        pause = cls.objects.create(
            pairing=pairing, reason=reason, note=note, until=until, begun_by=by, community_id=pairing.community_id
        )
        pairing.duties.unsettled().filter(due_on__gte=today).update(
            excused_on=today, excuse=Duty.Excuse.PAUSED, excused_by=by
        )
        log_act(by, "began a pause", pause)
        return pause

    def close(self):
        """Called by `Pairing.resume`, under its lock: each duty has the days back that the pause took from it."""
        today = timezone.localdate()
        self.resumed_on = today
        self.save(update_fields=["resumed_on"])
        rested = Q(excuse=Duty.Excuse.PAUSED, excused_on=self.starts_on)
        opened_now = Q(done_on=None, excused_on=None, due_on__gte=self.starts_on)
        for duty in self.pairing.duties.filter(rested | opened_now).select_related("term"):
            lost = days_within(self, duty.opens_on, duty.due_on)
            due_on = max(duty.due_on, min(duty.due_on + dt.timedelta(days=lost), duty.term.ends_on))
            self._settle(duty, due_on)

    def _settle(self, duty, due_on):
        """Owed again where its day is still to come, else excused for good."""
        if due_on >= self.resumed_on:
            duty.due_on, duty.excused_on, duty.excuse, duty.excused_by = due_on, None, "", None
        else:
            duty.excused_on, duty.excuse, duty.excused_by_id = self.starts_on, Duty.Excuse.PAUSED, self.begun_by_id
        duty.save(update_fields=["due_on", "excused_on", "excuse", "excused_by"])


def days_within(pause, first, last):
    """How many days from `first` to `last` (both counted) the pause took."""
    ends = pause.resumed_on or timezone.localdate()
    return max(0, (min(ends, last + dt.timedelta(days=1)) - max(pause.starts_on, first)).days)
