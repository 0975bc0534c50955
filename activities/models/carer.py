"""Which parents and caregivers came to a session: in the room, or from afar by phone or video."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.lifecycle import Refused
from records.privacy import FAMILY
from records.scoping import ScopedQuerySet
from records.trail import log_act


class CarerAttendanceQuerySet(ScopedQuerySet):
    def present(self):
        return self.exclude(how=CarerAttendance.How.UNMARKED)


class CarerAttendance(CommunityRecord):
    """One adult of a family at one session: together they are the family's record of training."""

    class How(models.TextChoices):
        UNMARKED = "unmarked", _("not noted")
        ROOM = "room", _("in the room")
        REMOTE = "remote", _("from afar")

    session = models.ForeignKey(
        "activities.Session", on_delete=models.PROTECT, related_name="carer_attendances", verbose_name=_("session")
    )
    adult = models.ForeignKey(
        "children.Adult", on_delete=models.PROTECT, related_name="carer_attendances", verbose_name=_("adult")
    )
    how = models.CharField(_("how they took part"), max_length=8, choices=How)
    # A family that parts takes a copy of an adult along, and of this row: who came is counted by lines.
    line = models.PositiveSmallIntegerField(_("line of the list"), editable=False)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("noted by")
    )
    noted_at = models.DateTimeField(_("noted"))

    erased = {"how": F("how")}  # who came stays counted; the adult it leads to has no name any more
    personal = {"how": FAMILY}
    not_personal = ["id", "community", "district", "session", "adult", "line", "noted_by", "noted_at"]
    bookkeeping = ["line"]

    objects = CarerAttendanceQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["session", "line", "pk"]
        verbose_name = _("attendance of a parent or caregiver")
        verbose_name_plural = _("attendances of parents and caregivers")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["session", "adult"],
                name="one_line_per_adult_and_session",
                violation_error_message=_("This adult is already noted."),
            ),
            models.CheckConstraint(
                condition=Q(how__in=["unmarked", "room", "remote"]),
                name="how_an_adult_took_part_is_known",
                violation_error_message=_("Choose in the room or from afar."),
            ),
        ]

    def __str__(self):
        return f"{self.session_id}/{self.adult_id}"


class CarerRoll:
    """The part of a session that notes parents and caregivers."""

    @transaction.atomic
    def note_carer(self, adult, how, *, by):
        """Say how an adult took part, or take it back; the same again changes nothing."""
        if how not in CarerAttendance.How.values:
            raise Refused(_now("Choose in the room or from afar."))
        self.must_be_held()
        if not self.activity.takes_carers:
            raise Refused(_now("This activity is not for parents and caregivers."))
        if adult.community_id != self.community_id:
            raise Refused(_now("Only families of this community can be noted."))
        found = self.carer_attendances.filter(adult=adult).first()
        if (found.how if found else CarerAttendance.How.UNMARKED) == how:
            return found
        found = found or CarerAttendance(
            session_id=self.pk, adult=adult, community_id=self.community_id, line=self._next_line()
        )
        found.how, found.noted_by, found.noted_at = how, by, timezone.now()
        found.save()
        is_taken_back = how == CarerAttendance.How.UNMARKED
        verb = "took back who came of a family" if is_taken_back else "noted who came of a family"
        log_act(by, verb, found, fields=["how"], adult=adult, session=self.pk)
        self.begin_activity(by)
        return found

    def _next_line(self):
        return (self.carer_attendances.aggregate(last=models.Max("line"))["last"] or 0) + 1
