"""A child has the Home's computer or telephone for half an hour, to call the parents."""

import datetime as dt

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from homes.open_days import opening_of
from premises.models.asset import Asset
from records.lifecycle import Lifecycle, Refused
from records.privacy import BASIC
from records.scoping import ScopedQuerySet
from records.trail import log_act
from records.versions import stored_for_update

AHEAD = dt.timedelta(days=28)


def slots_within(hours):
    """The half hours of the clock that lie wholly within (opens at, closes at): [time of beginning].

    They begin at :00 and :30 whatever the hours, so that two bookings of one thing never overlap.
    """
    if hours is None:
        return []
    opens, closes = (60 * time.hour + time.minute for time in hours)
    first = -(-opens // 30) * 30
    return [dt.time(minute // 60, minute % 60) for minute in range(first, closes - 29, 30)]


def end_of(starts_at):
    minutes = 60 * starts_at.hour + starts_at.minute + 30
    return dt.time(minutes // 60, minutes % 60) if minutes < 24 * 60 else dt.time.max


class BookingQuerySet(ScopedQuerySet):
    def holding(self):
        """Bookings that keep the half hour for the child."""
        return self.filter(status__in=["booked", "kept", "missed"])

    def ahead(self, day):
        return self.filter(status="booked", day__gte=day)

    def to_tell(self, day):
        """Called off by the Home from `day` on; the family does not know yet."""
        return self.filter(status="off", told_on=None, day__gte=day, child__left_on=None)


class Booking(Lifecycle, CommunityRecord):
    """One child, one computer or telephone, one half hour."""

    class Status(models.TextChoices):
        BOOKED = "booked", _("booked")
        KEPT = "kept", _("the call took place")
        MISSED = "missed", _("nobody came")
        GIVEN_BACK = "given_back", pgettext_lazy("booking", "given back")
        OFF = "off", _("called off by the Home")

    TRANSITIONS = {
        Status.BOOKED: {Status.KEPT, Status.MISSED, Status.GIVEN_BACK, Status.OFF},
        Status.KEPT: {Status.MISSED},
        Status.MISSED: {Status.KEPT},
        Status.GIVEN_BACK: set(),
        Status.OFF: set(),
    }

    home = models.ForeignKey("homes.Home", models.PROTECT, related_name="bookings", verbose_name=_("Home"))
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="bookings", verbose_name=_("computer or telephone"))
    child = models.ForeignKey("children.Child", models.PROTECT, related_name="bookings", verbose_name=_("child"))
    day = models.DateField(_("day"))
    starts_at = models.TimeField(_("begins at"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.BOOKED, editable=False)
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("booked by")
    )
    told_on = models.DateField(_("family told on"), null=True, editable=False)

    # What was booked stays counted; the file it leads to tells nothing any more.
    erased = {"status": F("status"), "day": F("day"), "starts_at": F("starts_at")}
    personal = {"status": BASIC, "day": BASIC, "starts_at": BASIC}
    not_personal = ["id", "community", "district", "home", "asset", "child", "booked_by", "told_on"]

    objects = BookingQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["day", "starts_at", "pk"]
        verbose_name = _("booked call")
        verbose_name_plural = _("booked calls")
        indexes = [
            models.Index(fields=["home", "day", "starts_at"], name="bookings_of_a_home"),
            models.Index(fields=["child", "-day"], name="bookings_of_a_child"),
            models.Index(
                fields=["community", "day"], condition=Q(status="off", told_on=None), name="bookings_to_be_told"
            ),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["asset", "day", "starts_at"],
                condition=Q(status__in=["booked", "kept", "missed"]),
                name="a_half_hour_is_booked_once",
                violation_error_message=_("This half hour is taken already."),
            ),
            models.UniqueConstraint(
                fields=["child", "day", "starts_at"],
                condition=Q(status__in=["booked", "kept", "missed"]),
                name="a_child_is_booked_once_at_a_time",
                violation_error_message=_("This child has another booking at that time."),
            ),
        ]

    def __str__(self):
        return f"{self.home_id}/{self.pk}"

    @property
    def ends_at(self):
        return end_of(self.starts_at)

    @property
    def has_begun(self):
        now = timezone.localtime()
        return (self.day, self.starts_at) <= (now.date(), now.time())

    @classmethod
    @transaction.atomic
    def book(cls, asset, child, *, day, starts_at, by):
        """Keep the half hour for the child: within the hours of the day, and never twice."""
        home = stored_for_update(asset.home)  # nobody closes it meanwhile
        piece = stored_for_update(asset)
        held = stored_for_update(child)
        _refuse_thing(piece)
        _refuse_child(held, piece)
        _refuse_time(home, day, starts_at)
        there = cls.objects.holding().filter(day=day, starts_at=starts_at)
        if there.filter(asset=piece).exists():
            raise Refused(gettext("This half hour is taken already."))
        if there.filter(child=held).exists():
            raise Refused(gettext("This child has another booking at that time."))
        made = cls.objects.create(
            **{"home_id": piece.home_id, "asset": piece, "child": held, "community_id": piece.community_id},
            **{"day": day, "starts_at": starts_at, "booked_by": by},
        )
        log_act(by, "booked a call", made, child=held)
        return made

    @transaction.atomic
    def note(self, status, *, by):
        """Whether the call took place, once its half hour has begun."""
        if not self.has_begun:
            raise Refused(gettext("This half hour has not begun yet."))
        verb = "noted a call" if status == self.Status.KEPT else "noted that nobody came to a call"
        self._become(status, by=by, verb=verb)

    def give_back(self, *, by):
        self._become(self.Status.GIVEN_BACK, by=by, verb="gave a booking back")

    def call_off(self, *, by):
        """The Home cannot keep it; the family is to be told."""
        self._become(self.Status.OFF, by=by, verb="called a booking off")

    @transaction.atomic
    def note_told(self, *, by):
        stored = stored_for_update(self)
        if stored.status != self.Status.OFF or stored.told_on is not None:
            raise Refused(gettext("The family knows already."))
        stored.told_on = timezone.localdate()
        stored.save(update_fields=["told_on"])
        log_act(by, "told a family that a booking is off", stored, fields=["told_on"])


def _refuse_thing(piece):
    if not piece.is_booked:
        raise Refused(gettext("Only computers and telephones are booked."))
    if piece.status != Asset.Status.IN_USE:
        raise Refused(gettext("This is not in use at the moment."))


def _refuse_child(child, piece):
    if child.community_id != piece.community_id:
        raise Refused(gettext("This child is on file in another community."))
    if child.left_on is not None or child.merged_into_id is not None:
        raise Refused(gettext("This file is closed."))


def _refuse_time(home, day, starts_at):
    today = timezone.localdate()
    if not today <= day <= today + AHEAD:
        raise Refused(gettext("Book from today on, four weeks ahead at most."))
    opening = opening_of(home, day)[day]
    if opening.hours is None:
        raise Refused(opening.why)
    if starts_at not in slots_within(opening.hours):
        raise Refused(gettext("This half hour lies outside the opening hours."))
    if day == today and end_of(starts_at) <= timezone.localtime().time():
        raise Refused(gettext("This half hour is over."))
