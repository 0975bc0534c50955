"""Who came to the Home on a day: one tap for each child, guests as a number."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from homes.models import Home
from homes.open_days import opening_of
from records.lifecycle import Refused
from records.privacy import BASIC
from records.scoping import ScopedQuerySet
from records.trail import log_act
from records.versions import stored_for_update

GUESTS_AT_MOST = 999


class HomeDayLog(CommunityRecord):
    """One day on which the Home was open and the visits were noted. It names no child.

    `came` is written when the day is closed, so that the Home's figures stay when a child's file goes elsewhere.
    """

    home = models.ForeignKey(Home, models.PROTECT, related_name="day_logs", verbose_name=_("Home"))
    day = models.DateField(_("day"))
    began_at = models.DateTimeField(_("opened at"), default=timezone.now)
    began_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("opened by")
    )
    guests = models.PositiveSmallIntegerField(_("children not on file here"), default=0)
    came = models.PositiveIntegerField(_("children on file who came"), null=True, editable=False)
    ended_at = models.DateTimeField(_("closed at"), null=True, editable=False)

    personal: dict[str, str] = {}
    not_personal = [
        *["id", "community", "district", "home", "day", "began_at", "began_by", "guests", "came", "ended_at"]
    ]

    class Meta(CommunityRecord.Meta):
        ordering = ["-day", "-pk"]
        verbose_name = _("day at the Home")
        verbose_name_plural = _("days at the Home")
        indexes = [
            models.Index(fields=["district", "day"], name="days_at_homes_of_a_district"),
            models.Index(fields=["community", "day"], condition=Q(ended_at=None), name="days_at_homes_not_closed"),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["home", "day"],
                name="a_home_has_one_log_a_day",
                violation_error_message=_("The visits of this day are being noted already."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, came=None) | Q(ended_at__isnull=False, came__isnull=False),
                name="a_day_that_is_closed_says_how_many_came",
                violation_error_message=_("A day that is closed says how many came."),
            ),
        ]

    def __str__(self):
        return f"{self.home_id}/{self.day}"

    @property
    def is_open(self):
        return self.ended_at is None

    @classmethod
    @transaction.atomic
    def begin(cls, home, *, by):
        """Open today's log; where a colleague did so already, that one."""
        held, today = stored_for_update(home), timezone.localdate()
        if there := cls.objects.filter(home=held, day=today).first():
            return there
        opening = opening_of(held, today)[today]
        if opening.hours is None and not opening.is_unset:
            raise Refused(opening.why)
        made = cls.objects.create(home=held, community_id=held.community_id, day=today, began_by=by)
        log_act(by, "opened the day at the Home", made, home=held)
        return made

    @transaction.atomic
    def tap(self, child, *, came, by):
        """The child came, or it was tapped by mistake. Twice the same changes nothing."""
        held = stored_for_update(self)
        file = stored_for_update(child)
        if not held.is_open:
            raise Refused(gettext("This day is closed."))
        if file.community_id != held.community_id:
            raise Refused(gettext("This child is on file in another community."))
        if file.left_on is not None and file.left_on <= held.day:
            raise Refused(gettext("This file is closed."))
        visit = held.visits.filter(child=file).first()
        if visit is None and came:
            visit = held.visits.create(child=file, community_id=held.community_id, noted_by=by)
            log_act(by, "noted a visit to the Home", visit, child=file)
        elif visit is not None and visit.came != came:
            visit.came, visit.noted_by, visit.noted_at = came, by, timezone.now()
            visit.save(update_fields=["came", "noted_by", "noted_at"])
            log_act(by, "noted a visit to the Home" if came else "took a visit to the Home back", visit, child=file)
        return visit

    @transaction.atomic
    def end(self, *, guests, by):
        """Close the day: how many came is kept from now on."""
        held = stored_for_update(self)
        if not held.is_open:
            raise Refused(gettext("This day is closed."))
        if not 0 <= guests <= GUESTS_AT_MOST:
            raise Refused(gettext("Give the number of other children: 0 to %(most)s.") % {"most": GUESTS_AT_MOST})
        held.guests, held.came, held.ended_at = guests, held.visits.came().count(), timezone.now()
        held.save(update_fields=["guests", "came", "ended_at"])
        log_act(by, "closed the day at the Home", held, fields=["guests", "came"])
        return held


class VisitQuerySet(ScopedQuerySet):
    def came(self):
        """Without those taken back, and without those left with a file merged into another."""
        return self.filter(came=True, child__merged_into=None)


class ChildVisit(CommunityRecord):
    """One child at the Home on one day."""

    log = models.ForeignKey(HomeDayLog, models.PROTECT, related_name="visits", verbose_name=_("day at the Home"))
    child = models.ForeignKey("children.Child", models.PROTECT, related_name="home_visits", verbose_name=_("child"))
    came = models.BooleanField(pgettext_lazy("a child", "was there"), default=True)
    noted_at = models.DateTimeField(_("noted"), default=timezone.now)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("noted by"))

    erased = {"came": F("came")}  # who came stays counted; the file it leads to tells nothing any more
    personal = {"came": BASIC}
    not_personal = ["id", "community", "district", "log", "child", "noted_at", "noted_by"]

    objects = VisitQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["log_id", "pk"]
        verbose_name = _("visit to the Home")
        verbose_name_plural = _("visits to the Home")
        indexes = [models.Index(fields=["child", "-log"], name="home_visits_of_a_child")]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["log", "child"],
                name="a_child_comes_once_a_day",
                violation_error_message=_("This visit is noted already."),
            ),
        ]

    def __str__(self):
        return f"{self.log_id}/{self.pk}"
