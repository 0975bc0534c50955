from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.owned import CommunityRecord
from records.privacy import BASIC
from records.scoping import ScopedQuerySet


class AttendanceQuerySet(ScopedQuerySet):
    def marked(self):
        """Without rows whose mark was taken back, and without those left with a file merged into another."""
        return self.exclude(mark=Attendance.Mark.UNMARKED).filter(child__merged_into=None)

    def present(self):
        return self.marked().filter(mark=Attendance.Mark.PRESENT)

    def present_in(self, period):
        """Marks “present” at sessions held in the period."""
        last = min(period.end, timezone.localdate())
        held = {"session__cancelled_at": None, "session__day__gte": period.start, "session__day__lte": last}
        return self.present().filter(**held)

    def of_child(self, child):
        """A child's marks, newest session first, ready to be shown."""
        return (
            self.marked()
            .filter(child=child)
            .select_related("session__activity", "session__home")
            .order_by("-session__day", "-session__starts_at", "-pk")
        )


class Attendance(CommunityRecord):
    """Whether one child was at one session."""

    class Mark(models.TextChoices):
        UNMARKED = "unmarked", _("not marked")
        PRESENT = "present", _("present")
        ABSENT = "absent", _("absent")
        EXCUSED = "excused", pgettext_lazy("attendance", "excused")

    session = models.ForeignKey(
        "activities.Session", on_delete=models.PROTECT, related_name="attendances", verbose_name=_("session")
    )
    child = models.ForeignKey(
        "children.Child", on_delete=models.PROTECT, related_name="attendances", verbose_name=_("child")
    )
    mark = models.CharField(_("mark"), max_length=8, choices=Mark)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("marked by")
    )
    marked_at = models.DateTimeField(_("marked at"))

    erased = {"mark": F("mark")}  # who came stays counted; the file it leads to tells nothing any more
    personal = {"mark": BASIC}
    not_personal = ["id", "community", "district", "session", "child", "marked_by", "marked_at"]

    objects = AttendanceQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["session", "pk"]
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["session", "child"],
                name="one_mark_per_child_and_session",
                violation_error_message=_("This child is already marked."),
            ),
            models.CheckConstraint(
                condition=Q(mark__in=["unmarked", "present", "absent", "excused"]),
                name="mark_is_a_known_one",
                violation_error_message=_("Choose present, absent or excused."),
            ),
        ]

    def __str__(self):
        return f"{self.session_id}/{self.child_id}"
