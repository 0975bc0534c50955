"""Meetings of children's groups: what they did, which children of the group came, and how many others."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from children.models import Child
from communities.owned import CommunityRecord
from records.lifecycle import Refused
from records.privacy import BASIC, CARE
from records.scoping import DISTRICT_DIGITS, ScopedQuerySet
from records.trail import log_act
from records.versions import Versioned, stored_for_update

CAME_AT_MOST = 200


class GroupMeetingQuerySet(ScopedQuerySet):
    def with_figures(self):
        """Each row with `present`: how many children came, by name or as a number."""
        named = MeetingAttendance.objects.came().filter(meeting=OuterRef("pk")).order_by()
        named = Subquery(named.values("meeting").annotate(n=Count("pk")).values("n"))
        return self.annotate(present=F("others_present") + Coalesce(named, 0))


class GroupMeeting(Versioned, CommunityRecord):
    """One time a children's group met."""

    group = models.ForeignKey(
        "activities.ChildrenGroup", on_delete=models.PROTECT, related_name="meetings", verbose_name=_("group")
    )
    day = models.DateField(_("day"))
    what = models.CharField(_("what they did"), max_length=300)
    # Where nobody is noted by name these are all who came.
    others_present = models.PositiveSmallIntegerField(_("others who came"), default=0)

    personal = {"what": CARE}
    not_personal = ["id", "community", "district", "version", "group", "day", "others_present"]

    objects = GroupMeetingQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-day", "-pk"]
        verbose_name = _("meeting of a children's group")
        verbose_name_plural = _("meetings of children's groups")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(others_present__lte=CAME_AT_MOST),
                name="others_at_a_group_meeting_at_most_200",
                violation_error_message=_("At most 200 children."),
            ),
        ]

    def __str__(self):
        return f"{self.day}"

    def get_absolute_url(self):
        return reverse("activities:meeting", args=[self.pk])

    def roll(self):
        """The children who were in the group on the day, in the register's order, and any who were noted as there.

        Whose file has gone to another community or is erased is still counted, and no longer named.
        """
        places = self.group.places.on_day(self.day)
        noted = self.attendances.came()
        here = Child.objects.filter(community=self.community_id).exclude(left_reason=Child.LeftReason.ERASED)
        return here.filter(Q(pk__in=places.values("child")) | Q(pk__in=noted.values("child"))).order_by(
            "name_pinyin", "pk"
        )

    @transaction.atomic
    def note_who_came(self, came, *, others, by):
        """`came` of the children of the group were there, the rest were not, and so many `others` as well. Where only
        the number is known nobody is named."""
        if changed := self.write_who_came(came, others, by):
            self.log("noted who came to a meeting", came, changed, by)

    def log(self, verb, came, changed, by):
        log_act(by, verb, self, fields=changed, group=self.group_id, children=sorted(child.pk for child in came))

    def write_who_came(self, came, others, by):
        """The names of what is new or another now."""
        rows = Child.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=self.roll().values("pk"))
        roll = {child.pk: child for child in rows.order_by("pk")}  # before the group, as a file that leaves takes them
        self.group.locked()
        stored = stored_for_update(self)
        for child in came:
            if child.pk not in roll:
                raise Refused(_now("%(name)s was not in the group on that day.") % {"name": child.name})
        elsewhere = self.attendances.came().exclude(child__in=roll).count()
        if not 1 <= len(came) + elsewhere + others <= CAME_AT_MOST:
            raise Refused(_now("Tick who came, or give their number: between 1 and 200 children."))
        self.others_present = others
        changed = ["others_present"] if others != stored.others_present else []
        if self._write_lines({child.pk for child in came}, roll, by):
            changed.append("came")
        if changed:
            self.save(update_fields=["others_present"])
        return changed

    def _write_lines(self, came, roll, by):
        """A line for each child of the roll, once somebody is named; whether any line is new or another now."""
        stand = dict(self.attendances.filter(child__in=roll).values_list("child", "came"))
        if not (came or stand):
            return False
        lines = [key for key in roll if stand.get(key) != (key in came)]
        facts = {"community_id": self.community_id, "district": self.community_id[:DISTRICT_DIGITS], "noted_by": by}
        MeetingAttendance.objects.bulk_create(
            [MeetingAttendance(meeting=self, child_id=key, came=key in came, **facts) for key in lines],
            update_conflicts=True,
            unique_fields=["meeting", "child"],
            update_fields=["came", "noted_by", "noted_at"],
        )
        return bool(lines)


class MeetingAttendanceQuerySet(ScopedQuerySet):
    def came(self):
        """Without those taken back, and without those left with a file merged into another."""
        return self.filter(came=True, child__merged_into=None)

    def by_name(self):
        """Of the meetings of which it is known who came; of others there is a number alone."""
        someone = MeetingAttendance.objects.came().filter(meeting=OuterRef("meeting"))
        return self.filter(Exists(someone), child__merged_into=None)


class MeetingAttendance(CommunityRecord):
    """Whether one child of the group was at one of its meetings."""

    meeting = models.ForeignKey(
        GroupMeeting,
        on_delete=models.PROTECT,
        related_name="attendances",
        verbose_name=pgettext_lazy("of a children's group", "meeting"),
    )
    child = models.ForeignKey(
        "children.Child", on_delete=models.PROTECT, related_name="meeting_attendances", verbose_name=_("child")
    )
    came = models.BooleanField(pgettext_lazy("a child at a meeting", "was there"))
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("noted by")
    )
    noted_at = models.DateTimeField(_("noted"), default=timezone.now)

    erased = {"came": F("came")}  # who came stays counted; the file it leads to tells nothing any more
    personal = {"came": BASIC}
    not_personal = ["id", "community", "district", "meeting", "child", "noted_by", "noted_at"]

    objects = MeetingAttendanceQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["meeting", "pk"]
        verbose_name = _("attendance at a meeting of a children's group")
        verbose_name_plural = _("attendances at meetings of children's groups")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["meeting", "child"],
                name="a_child_comes_once_to_a_meeting",
                violation_error_message=_("This child is already noted."),
            ),
        ]

    def __str__(self):
        return f"{self.meeting_id}/{self.child_id}"
