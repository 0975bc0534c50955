import datetime as dt

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from activities.models.asking import AskedFor, AskedForQuerySet
from activities.models.attendance import Attendance
from communities.owned import CommunityRecord
from records.lifecycle import Refused
from records.privacy import FAMILY
from records.trail import log_act
from records.versions import stored_for_update


class EnrolmentQuerySet(AskedForQuerySet):
    def open(self):
        return self.filter(left_on=None)

    def on_day(self, day):
        """Who took part on `day`; the day of leaving is the first without the child."""
        return self.filter(Q(joined_on__lte=day), Q(left_on=None) | Q(left_on__gt=day))


class Enrolment(AskedFor, CommunityRecord):
    """A child's place in an activity, from one day to another."""

    activity = models.ForeignKey(
        "activities.Activity", on_delete=models.PROTECT, related_name="enrolments", verbose_name=_("activity")
    )
    child = models.ForeignKey(
        "children.Child", on_delete=models.PROTECT, related_name="enrolments", verbose_name=_("child")
    )
    joined_on = models.DateField(_("joined on"))
    left_on = models.DateField(_("left on"), null=True, blank=True)

    personal = {"asked_by": FAMILY}
    not_personal = ["id", "community", "district", "activity", "child", "joined_on", "left_on"]

    objects = EnrolmentQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["joined_on", "pk"]
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["activity", "child"],
                condition=Q(left_on=None),
                name="one_open_enrolment_per_child_and_activity",
                violation_error_message=_("This child is already enrolled."),
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")),
                name="enrolment_ends_after_it_begins",
                violation_error_message=_("A child cannot leave before joining."),
            ),
        ]

    def __str__(self):
        return f"{self.activity_id}/{self.child_id}"

    @transaction.atomic
    def leave(self, *, by):
        """Give the place back from today on, to who waits for it. What was attended stays: marked today, the child
        leaves tomorrow. The places that those who waited have now."""
        stored_for_update(self.activity)
        stored = stored_for_update(self)
        if stored.left_on is not None:
            raise Refused(_now("This child has already left the activity."))
        marks = Attendance.objects.marked().filter(child=self.child_id, session__activity=self.activity_id)
        attended = marks.aggregate(last=models.Max("session__day"))["last"]
        today = timezone.localdate()
        self.left_on = max(today, self.joined_on, attended + dt.timedelta(days=1) if attended else today)
        self.save(update_fields=["left_on"])
        log_act(by, "left", self, fields=["left_on"], child=self.child_id, activity=self.activity_id)
        return self.activity.move_up(by=by)
