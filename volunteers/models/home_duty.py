import datetime as dt

from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.lifecycle import Lifecycle, Refused
from records.privacy import BASIC
from records.scoping import ScopedQuerySet
from records.versions import stored_for_update
from volunteers.models.home_shift import HomeDay, has_passed, takes_place
from volunteers.models.team import Team
from volunteers.models.volunteer import Volunteer

EARLY = dt.timedelta(minutes=60)  # so long before the shift a helper may say that they are there


class HomeDutyQuerySet(ScopedQuerySet):
    def standing(self):
        """Duties that a helper is to do, or did."""
        return self.filter(status__in=["on", "came"])

    def holding(self):
        """Duties that leave no other place at the time: those standing, and those on which a helper was missed."""
        return self.filter(status__in=["on", "came", "absent"])

    def taking_place(self):
        return self.filter(takes_place("slot__"))

    def without_end(self):
        """Checked in and never out: nobody knows how long the helper was there, so no hours count."""
        return self.filter(status="came", went_at=None)

    def served(self):
        """Duties with both times on file."""
        return self.filter(status="came").exclude(went_at=None)


class HomeDuty(Lifecycle, CommunityRecord):
    """A helper on duty at a Home on one day: put there, or gone and counted by the clock."""

    class Status(models.TextChoices):
        ON = "on", _("on duty")
        CANNOT = "cannot", _("cannot come")
        OFF = "off", _("taken off")
        CAME = "came", _("was there")
        ABSENT = "absent", _("did not come")

    TRANSITIONS = {
        Status.ON: {Status.CANNOT, Status.OFF, Status.CAME, Status.ABSENT},
        Status.CANNOT: set(),
        Status.OFF: set(),
        Status.CAME: {Status.CAME, Status.ABSENT},
        Status.ABSENT: {Status.CAME},
    }

    slot = models.ForeignKey(HomeDay, on_delete=models.PROTECT, related_name="duties", verbose_name=_("duty day"))
    volunteer = models.ForeignKey(
        Volunteer, on_delete=models.PROTECT, related_name="home_duties", verbose_name=_("helper")
    )
    day = models.DateField(_("day"), editable=False)  # the slot's, kept here for a helper's list and hours
    team = models.ForeignKey(
        Team,
        on_delete=models.PROTECT,
        null=True,
        related_name="home_duties",
        verbose_name=_("put on with the team"),
    )
    stands_in_for = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="stand_in", verbose_name=_("takes over from")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ON, editable=False)
    came_at = models.TimeField(_("came at"), null=True, editable=False)
    went_at = models.TimeField(_("went at"), null=True, editable=False)
    reason = models.CharField(_("reason in words"), max_length=200, blank=True, editable=False)

    personal = {"status": BASIC, "came_at": BASIC, "went_at": BASIC, "reason": BASIC}
    not_personal = ["id", "slot", "volunteer", "day", "team", "stands_in_for", "community", "district"]

    objects = HomeDutyQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["day", "slot_id", "pk"]
        verbose_name = _("duty at the Home")
        verbose_name_plural = _("duties at the Home")
        indexes = [
            models.Index(fields=["volunteer", "day"], name="home_duties_of_a_helper"),
            models.Index(fields=["team", "day"], name="home_duties_of_a_team"),
            models.Index(
                fields=["community", "day"],
                condition=Q(status="came", went_at=None),
                name="home_duties_without_end",
            ),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["slot", "volunteer"],
                condition=Q(status__in=["on", "came", "absent"]),
                name="a_helper_is_on_duty_once_at_a_time",
                violation_error_message=_("This helper is on duty at that time already."),
            ),
            models.CheckConstraint(
                condition=Q(status="came", came_at__isnull=False) | (~Q(status="came") & Q(came_at=None, went_at=None)),
                name="who_was_on_duty_came_at_a_time",
                violation_error_message=_("Say when the helper came."),
            ),
            models.CheckConstraint(
                condition=Q(went_at=None) | Q(went_at__gt=F("came_at")),
                name="who_was_on_duty_went_after_coming",
                violation_error_message=_("The helper went after coming."),
            ),
        ]

    def __str__(self):
        return gettext("Duty at the Home %(number)s") % {"number": self.pk}

    def get_absolute_url(self):
        return reverse("home_duty:day", args=[self.slot_id])

    @property
    def lacks_clearance(self):
        """Whether the helper falls off: what is asked of them does not reach the day."""
        helper = self.volunteer
        return self.status == self.Status.ON and not (
            helper.is_cleared_on(self.day) and helper.is_in_service_on(self.day)
        )

    @property
    def may_check_in(self):
        """From an hour before the shift to its end, on the day itself."""
        if self.status != self.Status.ON or not self.slot.is_on or self.lacks_clearance:
            return False
        return has_passed(self.day, self.slot.starts_at, early=EARLY) and not self.slot.has_ended

    @property
    def may_check_out(self):
        """From the shift's first minute on, once the helper has come, and on the same day."""
        now = timezone.localtime()
        is_here = self.status == self.Status.CAME and self.went_at is None and self.day == now.date()
        return is_here and now.time() > self.came_at

    def _hold(self):
        """Locks the helper, then the day, and reads both and this duty again: what is decided on is so now."""
        self.volunteer = self.volunteer.locked()
        self.slot = stored_for_update(self.slot)
        self.refresh_from_db(fields=["status", "came_at", "went_at"])

    @transaction.atomic
    def say_cannot(self, *, reason="", by):
        """The helper cannot come; the place is free again."""
        self._hold()
        self.slot.refuse_when_ended()
        self._become(self.Status.CANNOT, by=by, verb="cannot come on duty", reason=reason)

    @transaction.atomic
    def take_off(self, *, by):
        self._hold()
        self.slot.refuse_when_ended()
        self._become(self.Status.OFF, by=by, verb="took off the roster")

    @transaction.atomic
    def fall_off(self, day):
        """Who is not cleared on `day`, or has left by then, comes off the roster. Whether they did."""
        self._hold()
        stays = self.volunteer.is_cleared_on(day) and self.volunteer.is_in_service_on(day)
        if stays or self.status != self.Status.ON:
            return False
        self._become(self.Status.OFF, by=None, verb="took off the roster")
        return True

    @transaction.atomic
    def check_in(self, *, by):
        """The helper says that they are there: by the clock, not before the shift begins."""
        self._hold()
        self.slot.refuse_when_off()
        if not self.may_check_in:
            raise Refused(gettext("You can say that you are there from an hour before your duty until it ends."))
        now = timezone.localtime().time().replace(second=0, microsecond=0)
        self._become(self.Status.CAME, by=by, verb="came on duty", came_at=max(now, self.slot.starts_at), went_at=None)

    @transaction.atomic
    def check_out(self, *, by):
        """The helper goes: by the clock, at the latest when the shift ends."""
        self._hold()
        if not self.may_check_out:
            raise Refused(gettext("Your duty has not begun yet, or its end is on file."))
        now = timezone.localtime().time().replace(second=0, microsecond=0)
        went_at = min(now, self.slot.ends_at)
        if went_at <= self.came_at:
            raise Refused(gettext("Not even a minute has passed."))
        self._become(self.Status.CAME, by=by, verb="went from duty", went_at=went_at)

    @transaction.atomic
    def tick(self, *, came_at, went_at, by):
        """Staff note that the helper was there, and from when to when."""
        self._hold()
        self._refuse_before_the_day(by)
        if went_at <= came_at:
            raise Refused(gettext("The helper went after coming."))
        if not has_passed(self.day, went_at):
            raise Refused(gettext("This time has not come yet."))
        self._become(self.Status.CAME, by=by, verb="noted a duty done", came_at=came_at, went_at=went_at)

    @transaction.atomic
    def was_absent(self, *, by):
        self._hold()
        self._refuse_before_the_day(by)
        if not self.slot.has_begun:
            raise Refused(gettext("This duty has not begun yet."))
        self._become(self.Status.ABSENT, by=by, verb="noted an absence", came_at=None, went_at=None)

    def _refuse_before_the_day(self, by):
        if self.volunteer.user_id == by.pk:
            raise Refused(gettext("Nobody notes their own hours: ask a colleague."))
        if self.day > timezone.localdate():
            raise Refused(gettext("This day has not come yet."))
        self.slot.refuse_when_off()
