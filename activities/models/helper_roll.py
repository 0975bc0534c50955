"""Which helpers were at a session without leading it: by the roll, and counted as their hours."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from activities.models.helping import HelperPlace
from communities.owned import CommunityRecord
from records.lifecycle import Refused
from records.privacy import BASIC
from records.scoping import ScopedQuerySet
from records.trail import log_act
from volunteers.models import Volunteer


class HelperAttendanceQuerySet(ScopedQuerySet):
    def marked(self):
        """Without rows whose mark was taken back."""
        return self.exclude(mark=HelperAttendance.Mark.UNMARKED)

    def present(self):
        return self.filter(mark=HelperAttendance.Mark.PRESENT)


class HelperAttendance(CommunityRecord):
    """Whether one helper was at one session to help."""

    class Mark(models.TextChoices):
        UNMARKED = "unmarked", _("not marked")
        PRESENT = "present", _("present")
        ABSENT = "absent", _("absent")

    session = models.ForeignKey(
        "activities.Session", on_delete=models.PROTECT, related_name="helper_attendances", verbose_name=_("session")
    )
    volunteer = models.ForeignKey(
        Volunteer, on_delete=models.PROTECT, related_name="helper_attendances", verbose_name=_("helper")
    )
    mark = models.CharField(_("mark"), max_length=8, choices=Mark)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("marked by")
    )
    marked_at = models.DateTimeField(_("marked at"))

    personal = {"mark": BASIC}
    not_personal = ["id", "community", "district", "session", "volunteer", "marked_by", "marked_at"]

    objects = HelperAttendanceQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["session", "pk"]
        verbose_name = _("attendance of a helper")
        verbose_name_plural = _("attendances of helpers")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["session", "volunteer"],
                name="one_mark_per_helper_and_session",
                violation_error_message=_("This helper is already marked."),
            ),
            models.CheckConstraint(
                condition=Q(mark__in=["unmarked", "present", "absent"]),
                name="mark_of_a_helper_is_a_known_one",
                violation_error_message=_("Choose present or absent."),
            ),
        ]

    def __str__(self):
        return f"{self.session_id}/{self.volunteer_id}"


class HelperRoll:
    """The part of a session that notes its helpers. Locked are the helper, then the activity, then the session."""

    def helpers_on_roll(self):
        """Who comes to the activity to help, and any who were marked before they came no more; never who leads it."""
        coming = HelperPlace.objects.coming().filter(activity=self.activity_id).values("volunteer")
        marked = self.helper_attendances.marked().values("volunteer")
        rows = Volunteer.objects.filter(Q(pk__in=coming) | Q(pk__in=marked)).exclude(pk=self.activity.helper_id)
        return rows.defer("phone", "id_number").order_by("name", "pk")

    def other_helpers(self):
        """Helpers of the community who could have helped that day and are not on the roll."""
        rows = Volunteer.objects.filter(community=self.community_id).in_service_on(self.day).cleared_on(self.day)
        rows = rows.exclude(pk__in=self.helpers_on_roll().order_by().values("pk")).exclude(pk=self.activity.helper_id)
        return rows.defer("phone", "id_number").order_by("name", "pk")

    @transaction.atomic
    def mark_helper(self, helper, mark, *, by):
        """Say that `helper` was present or absent, or take the mark back; the same again changes nothing."""
        if mark not in HelperAttendance.Mark.values:
            raise Refused(_now("Choose present or absent."))
        helper = helper.locked()
        self.must_be_held()
        if helper.user_id and helper.user_id == by.pk:
            raise Refused(_now("Nobody notes their own hours: ask a colleague."))
        if helper.pk == self.activity.helper_id:
            raise Refused(_now("%(name)s leads this activity.") % {"name": helper.name})
        found = self.helper_attendances.filter(volunteer=helper).first()
        stands = found.mark if found else HelperAttendance.Mark.UNMARKED
        if stands == mark:
            return found
        if stands == HelperAttendance.Mark.UNMARKED:
            self._refuse_who_was_not_to_help(helper)
        found = found or HelperAttendance(session_id=self.pk, volunteer=helper, community_id=self.community_id)
        found.mark, found.marked_by, found.marked_at = mark, by, timezone.now()
        found.save()
        log_act(by, f"marked {mark}", found, helper=helper, session=self.pk)
        self.begin_activity(by)
        return found

    def _refuse_who_was_not_to_help(self, helper):
        """Who has a place is noted as it was; of all others, whoever was cleared on the day."""
        if helper.community_id != self.community_id:
            raise Refused(_now("Helper and activity belong to different communities."))
        if self.helpers_on_roll().filter(pk=helper.pk).exists():
            return
        if not (helper.is_in_service_on(self.day) and helper.is_cleared_on(self.day)):
            raise Refused(
                _now("What we ask of helpers was not met by %(name)s on that day: no hours count.")
                % {"name": helper.name}
            )
