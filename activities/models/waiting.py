from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from activities.models.asking import AskedFor, AskedForQuerySet, refuse_who_is_no_kin
from activities.models.enrolment import Enrolment
from communities.owned import CommunityRecord
from records.lifecycle import Refused
from records.privacy import FAMILY
from records.trail import log_act
from records.versions import stored_for_update


class WaitingQuerySet(AskedForQuerySet):
    def open(self):
        """Who waits still, first come first."""
        return self.filter(ended_at=None).order_by("asked_at", "pk")

    def to_tell(self):
        """Who got and still has a place from the list, and whose family is not noted as told of it; with `got_on`."""
        rows = self.filter(got_place=True, told_at=None).annotate(got_on=TruncDate("ended_at"))
        place = Enrolment.objects.open().filter(activity=OuterRef("activity"), child=OuterRef("child"))
        return rows.filter(Exists(place.filter(joined_on__lte=OuterRef("got_on"))))


class Waiting(AskedFor, CommunityRecord):
    """A child that waits for a place in a full activity."""

    activity = models.ForeignKey(
        "activities.Activity", on_delete=models.PROTECT, related_name="waitings", verbose_name=_("activity")
    )
    child = models.ForeignKey(
        "children.Child", on_delete=models.PROTECT, related_name="waitings", verbose_name=_("child")
    )
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    ended_at = models.DateTimeField(_("waited until"), null=True, editable=False)
    got_place = models.BooleanField(_("got a place"), default=False, editable=False)
    told_at = models.DateTimeField(_("family told of the place at"), null=True, editable=False)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("told by"),
    )

    personal = {"asked_by": FAMILY}
    not_personal = [
        *["id", "community", "district", "activity", "child", "asked_at", "ended_at", "got_place"],
        *["told_at", "told_by"],
    ]

    objects = WaitingQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["asked_at", "pk"]
        verbose_name = _("child on a waiting list")
        verbose_name_plural = _("children on waiting lists")
        indexes = [
            models.Index(
                fields=["activity"], name="place_that_a_family_is_told_of", condition=Q(got_place=True, told_at=None)
            )
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["activity", "child"],
                condition=Q(ended_at=None),
                name="a_child_waits_once_for_an_activity",
                violation_error_message=_("This child is on the waiting list already."),
            ),
            models.CheckConstraint(
                condition=Q(got_place=False) | Q(ended_at__isnull=False),
                name="who_got_a_place_waits_no_more",
                violation_error_message=_("Who got a place waits no more."),
            ),
            models.CheckConstraint(
                condition=Q(told_at=None, told_by=None)
                | Q(got_place=True, told_at__isnull=False, told_by__isnull=False),
                name="a_family_is_told_of_a_place_it_got",
                violation_error_message=_("Only of a place that was given can a family be told."),
            ),
        ]

    def __str__(self):
        return f"{self.activity_id}/{self.child_id}"

    @transaction.atomic
    def take_off(self, *, by):
        """The child waits no more."""
        stored_for_update(self.activity)
        if stored_for_update(self).ended_at is not None:
            raise Refused(_now("This child waits no more."))
        self.end()
        log_act(by, "took off the waiting list", self, child=self.child_id, activity=self.activity_id)

    def note_told(self, *, by):
        """The family knows of the place; the activity is locked."""
        self.told_at, self.told_by = timezone.now(), by
        self.save(update_fields=["told_at", "told_by"])
        log_act(by, "told of a place", self, child=self.child_id, activity=self.activity_id)

    def end(self, *, got_place=False):
        self.ended_at, self.got_place = timezone.now(), got_place
        self.save(update_fields=["ended_at", "got_place"])


class WaitingList:
    """The part of an activity that hands out its places. Every act locks the child before the activity.

    Only moving up takes them the other way round, for the activity says who is next: where that meets an act under
    way, the database stops one of the two, and it is tried again from its beginning (`config.middleware`).
    """

    @transaction.atomic
    def wait_for_place(self, child, *, by, asked_by=None):
        """Put `child` on the list, or give it the place that is free; asked twice, it keeps its turn."""
        child = stored_for_update(child)
        stored = stored_for_update(self)
        stored.refuse_who_cannot_come(child)
        refuse_who_is_no_kin(child, asked_by)
        if place := stored.enrolments.open().filter(child=child).first():
            return place
        if stored.has_free_place():
            return stored.enrol(child, by=by, asked_by=asked_by)
        if waits := stored.waitings.open().filter(child=child).first():
            return waits
        waits = stored.waitings.create(community_id=stored.community_id, child=child, asked_by=asked_by)
        log_act(by, "put on the waiting list", waits, child=child, activity=self)
        return waits

    def has_free_place(self):
        return self.capacity is None or self.enrolments.open().count() < self.capacity

    @transaction.atomic
    def move_up(self, *, by):
        """Free places go to those who wait, first come first; who has left the register waits no more. The places."""
        stored, given = stored_for_update(self), []
        for waits in stored.waitings.open().select_related("child") if stored.is_open else []:
            if not stored.has_free_place():
                break
            try:
                given.append(stored.enrol(waits.child, by=by))
            except Refused:
                waits.end()
                log_act(by, "took off the waiting list", waits, child=waits.child_id, activity=self)
        return given

    def end_waiting(self):
        """The activity is over: nobody waits for it any more."""
        self.waitings.open().update(ended_at=timezone.now())
