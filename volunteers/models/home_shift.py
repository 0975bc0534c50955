"""Duty at a Children's Home: the shifts of its week, and the same on a day of the calendar."""

import datetime as dt

from django.db import models, transaction
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from homes.models import Home, Season, Weekday
from homes.models.opening import hours_of
from records.lifecycle import Refused
from records.privacy import BASIC
from records.scoping import ScopedQuerySet
from records.trail import log_act
from records.versions import stored_for_update

HELPERS_AT_MOST = 20


def has_passed(day, time, early=dt.timedelta()):
    """Whether that time of that day has come, or comes so early."""
    now = timezone.localtime()
    return dt.datetime.combine(day, time, tzinfo=now.tzinfo) - early <= now


def _in_words(opens, closes):
    return f"{opens:%H:%M}–{closes:%H:%M}"


class HomeShift(CommunityRecord):
    """When helpers are on duty at a Home in an ordinary week, and how many are needed."""

    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="shifts", verbose_name=_("Children's Home"))
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    starts_at = models.TimeField(_("from"))
    ends_at = models.TimeField(_("until"))
    needed = models.PositiveSmallIntegerField(_("helpers needed"), default=1)
    ended_on = models.DateField(pgettext_lazy("a shift", "given up on"), null=True, editable=False)

    personal: dict[str, str] = {}
    not_personal = ["id", "home", "community", "district", "weekday", "starts_at", "ends_at", "needed", "ended_on"]

    class Meta(CommunityRecord.Meta):
        ordering = ["weekday", "starts_at", "pk"]
        verbose_name = _("shift at the Home")
        verbose_name_plural = _("shifts at the Home")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["home", "weekday", "starts_at"],
                condition=Q(ended_on=None),
                name="one_shift_of_a_home_begins_at_a_time",
                violation_error_message=_("A shift begins at this time already."),
            ),
            models.CheckConstraint(
                condition=Q(weekday__lte=6),
                name="shift_is_on_a_day_of_the_week",
                violation_error_message=_("Choose a day of the week."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="shift_ends_after_it_begins",
                violation_error_message=_("A shift ends after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(needed__gte=1, needed__lte=HELPERS_AT_MOST),
                name="shift_needs_one_to_twenty_helpers",
                violation_error_message=_("A shift needs between 1 and 20 helpers."),
            ),
        ]

    def __str__(self):
        return gettext("Shift %(number)s") % {"number": self.pk}

    @classmethod
    @transaction.atomic
    def plan(cls, home, *, weekday, starts_at, ends_at, needed, by):
        """A shift of every week from now on, within the hours in which the Home is open."""
        held = stored_for_update(home)
        if not held.is_open:
            raise Refused(gettext("This Home is closed."))
        if ends_at <= starts_at:
            raise Refused(gettext("A shift ends after it begins."))
        if held.shifts.filter(ended_on=None, weekday=weekday, starts_at=starts_at).exists():
            raise Refused(gettext("A shift begins at this time already."))
        shift = cls(home=held, weekday=weekday, starts_at=starts_at, ends_at=ends_at, needed=needed)
        if why := shift.why_outside(hours_of(held), hours_of(held, Season.HOLIDAY)):
            raise Refused(why)
        shift.community_id = held.community_id
        shift.save()
        log_act(by, "planned a shift", shift, home=held)
        return shift

    def why_outside(self, hours, in_holidays=None):
        """In words, why it lies outside the Home's opening `hours`; empty when it does not, or nobody has set any, or
        it lies within those of the school holidays."""
        if in_holidays and not self.why_outside(in_holidays):
            return ""
        day = {"day": Weekday(self.weekday).label}
        if hours and self.weekday not in hours:
            return gettext("The Home is closed on this day of the week: %(day)s.") % day
        opens, closes = hours.get(self.weekday, (self.starts_at, self.ends_at))
        if self.starts_at < opens or self.ends_at > closes:
            words = gettext("The Home is open from %(hours)s on this day: %(day)s.")
            return words % {**day, "hours": _in_words(opens, closes)}
        return ""

    @transaction.atomic
    def give_up(self, *, by):
        """No more of it from now on; days already on the roster stay."""
        held = stored_for_update(self)
        if held.ended_on is not None:
            raise Refused(gettext("This shift has been given up."))
        held.ended_on = timezone.localdate()
        held.save(update_fields=["ended_on"])
        log_act(by, "gave up a shift", held, fields=["ended_on"])


def takes_place(path=""):
    """The filter for days of the roster that take place: not called off, and not past the Home's closing for good."""
    stays_open = Q(**{f"{path}home__closed_on": None}) | Q(**{f"{path}home__closed_on__gt": F(f"{path}day")})
    return Q(**{f"{path}off_reason": ""}) & stays_open


class HomeDayQuerySet(ScopedQuerySet):
    def on(self):
        """Days on which the shift takes place."""
        return self.filter(takes_place())

    def with_manned(self):
        """Adds `manned`: how many will be there, or were. Whose checks do not reach the day does not count."""
        coming = Q(duties__status="on", duties__volunteer__cleared_until__gte=F("day"))
        coming &= Q(duties__volunteer__left_on=None) | Q(duties__volunteer__left_on__gt=F("day"))
        came = Q(duties__status="came")
        return self.annotate(manned=Count("duties", filter=coming | came))

    def short(self):
        """Days on which somebody is still needed."""
        return self.on().with_manned().filter(manned__lt=F("needed"))


class HomeDay(CommunityRecord):
    """A shift at the Home on one day: the line of the roster to which helpers are put."""

    shift = models.ForeignKey(HomeShift, on_delete=models.PROTECT, related_name="days", verbose_name=_("shift"))
    home = models.ForeignKey(
        Home, on_delete=models.PROTECT, related_name="duty_days", verbose_name=_("Children's Home")
    )
    day = models.DateField(_("day"))
    starts_at = models.TimeField(_("from"))
    ends_at = models.TimeField(_("until"))
    needed = models.PositiveSmallIntegerField(_("helpers needed"))
    off_reason = models.CharField(_("why it does not take place"), max_length=200, blank=True, editable=False)

    personal = {"off_reason": BASIC}
    not_personal = ["id", "shift", "home", "community", "district", "day", "starts_at", "ends_at", "needed"]

    objects = HomeDayQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["day", "starts_at", "pk"]
        verbose_name = _("day of the roster at the Home")
        verbose_name_plural = _("days of the roster at the Home")
        indexes = [
            models.Index(fields=["community", "day"], name="roster_days_of_a_community"),
            models.Index(fields=["home", "day", "starts_at"], name="roster_days_of_a_home"),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["shift", "day"],
                name="a_shift_stands_once_on_a_day",
                violation_error_message=_("This shift is on the roster already."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="roster_day_ends_after_it_begins",
                violation_error_message=_("A shift ends after it begins."),
            ),
        ]

    def __str__(self):
        return gettext("Duty day %(number)s") % {"number": self.pk}

    def get_absolute_url(self):
        return reverse("home_duty:day", args=[self.pk])

    @property
    def why_off(self):
        """Why it does not take place; empty when it does."""
        closed_on = self.home.closed_on
        has_closed = closed_on is not None and closed_on <= self.day
        return self.off_reason or (gettext("This Home is closed.") if has_closed else "")

    @property
    def is_on(self):
        return not self.why_off

    def refuse_when_off(self):
        if why := self.why_off:
            raise Refused(gettext("This does not take place: %(why)s") % {"why": why})

    @property
    def is_over(self):
        return self.day < timezone.localdate()

    def overlaps(self, other):
        return self.day == other.day and self.starts_at < other.ends_at and self.ends_at > other.starts_at

    @property
    def has_begun(self):
        return has_passed(self.day, self.starts_at)

    @property
    def has_ended(self):
        return has_passed(self.day, self.ends_at)

    def refuse_when_ended(self):
        if self.has_ended:
            raise Refused(gettext("This duty is over."))

    @property
    def hours(self):
        return _in_words(self.starts_at, self.ends_at)

    @transaction.atomic
    def call_off(self, *, reason, by):
        """The Home stays closed at this time; who is on the roster sees why."""
        held = stored_for_update(self)
        held.refuse_when_off()
        held.refuse_when_ended()
        if held.duties.filter(status="came").exists():
            raise Refused(gettext("Somebody was on duty here already."))
        held.off_reason = reason
        held.save(update_fields=["off_reason"])
        log_act(by, "called off a duty", held, fields=["off_reason"])
