"""Roll call: who was there. Each mark is saved at once and may be sent again, so a bad line loses nothing."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models.attendance import Attendance
from activities.models.enrolment import Enrolment
from children.models import Child
from records.lifecycle import Refused
from records.trail import log_act
from records.versions import stored_for_update


class RollCall:
    """The part of a session that calls its roll."""

    def roll(self):
        """The children enrolled on the day, in the register's order, and any who were marked before they were not.

        Whose file has gone to another community or is erased is still counted, and no longer named.
        """
        enrolled = Enrolment.objects.on_day(self.day).filter(activity=self.activity_id)
        marked = self.attendances.marked()
        here = Child.objects.filter(community=self.community_id).exclude(left_reason=Child.LeftReason.ERASED)
        return here.filter(Q(pk__in=enrolled.values("child")) | Q(pk__in=marked.values("child"))).order_by(
            "name_pinyin", "pk"
        )

    @transaction.atomic
    def mark(self, child, mark, *, by):
        """Say that `child` was present, absent or excused, or take the mark back; the same again changes nothing."""
        if mark not in Attendance.Mark.values:
            raise Refused(_("Choose present, absent or excused."))
        self.must_be_held()
        found = self.attendances.filter(child=child).first()
        stands = found.mark if found else Attendance.Mark.UNMARKED
        if stands == mark:
            return found
        if not self.roll().filter(pk=child.pk).exists():
            raise Refused(_("This child is not on the roll."))
        found = found or Attendance(session_id=self.pk, child=child, community_id=self.community_id)
        found.mark, found.marked_by, found.marked_at = mark, by, timezone.now()
        found.save()
        log_act(by, f"marked {mark}", found, child=child, session=self.pk)
        self.begin_activity(by)
        return found

    @transaction.atomic
    def mark_all_present(self, *, by):
        """Everyone on the roll without a mark was present; marks already made stay. Returns how many were marked."""
        self.must_be_held()
        marked = self.attendances.marked()
        missing = list(self.roll().exclude(pk__in=marked.values("child")))
        now = timezone.now()
        Attendance.objects.bulk_create(
            [
                Attendance(
                    session_id=self.pk,
                    child=child,
                    community_id=self.community_id,
                    district=self.district,
                    mark=Attendance.Mark.PRESENT,
                    marked_by=by,
                    marked_at=now,
                )
                for child in missing
            ],
            update_conflicts=True,  # a child whose mark was taken back has a row
            unique_fields=["session", "child"],
            update_fields=["mark", "marked_by", "marked_at"],
        )
        if missing:
            log_act(by, "marked everyone present", self, children=[child.pk for child in missing])
            self.begin_activity(by)
        return len(missing)

    @transaction.atomic
    def join_late(self, child, *, by):
        """A child who came without being enrolled: enrolled as of the session's day, and present."""
        child = stored_for_update(child)
        self.must_be_held()
        place = self.activity.enrol(child, by=by, on=self.day, came=True)
        if place.joined_on > self.day:
            place.joined_on = self.day
            place.save(update_fields=["joined_on"])
            log_act(by, "joined earlier", place, fields=["joined_on"], session=self.pk)
        return self.mark(child, Attendance.Mark.PRESENT, by=by)

    def must_be_held(self):
        """Two phones at the same roll stand in line here; a session that is not held is refused."""
        stored = self.locked()
        if stored.cancelled_at is not None:
            raise Refused(_("This session is cancelled."))
        if stored.day > timezone.localdate():
            raise Refused(_("This session has not come yet."))

    def begin_activity(self, by):
        if self.activity.status == self.activity.Status.PLANNED:
            self.activity.begin(by=by)
