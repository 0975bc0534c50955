from django.db import models, transaction
from django.db.models import Count, F, Max, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from activities.models.group_meeting import GroupMeeting
from children.models import Child
from communities.owned import CommunityRecord
from records.lifecycle import Refused
from records.privacy import BASIC
from records.scoping import ScopedQuerySet
from records.trail import log_act
from records.versions import Versioned, stored_for_update


class ChildrenGroupQuerySet(ScopedQuerySet):
    def standing(self):
        return self.filter(ended_on=None)

    def helped_uncleared(self, day):
        """Groups whose helper will have left on `day`, or of whom something asked will be missing."""
        lacks = Q(helper__cleared_until=None) | Q(helper__cleared_until__lt=day)
        return self.filter(lacks | Q(helper__left_on__lte=day), helper__isnull=False)

    def with_figures(self):
        """Each row with `children_now` and `last_met`."""
        met = GroupMeeting.objects.filter(group=OuterRef("pk")).order_by()
        return self.annotate(
            children_now=Count("places", filter=Q(places__left_on=None)),
            last_met=Subquery(met.values("group").annotate(day=Max("day")).values("day")),
        )


class ChildrenGroup(Versioned, CommunityRecord):
    """Children of one building or grid who meet near home, led by one of them, with a helper at hand."""

    name = models.CharField(_("name of the group"), max_length=60)
    grid = models.CharField(_("building or grid"), max_length=40)
    place = models.CharField(_("where they meet"), max_length=100)
    helper = models.ForeignKey(
        "volunteers.Volunteer",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children_groups",
        verbose_name=_("helper"),
    )
    founded_on = models.DateField(_("founded on"), default=timezone.localdate, editable=False)
    ended_on = models.DateField(_("dissolved on"), null=True, editable=False)

    personal = {"helper": BASIC}
    not_personal = [
        *["id", "community", "district", "version", "name", "grid", "place", "founded_on", "ended_on"],
    ]

    objects = ChildrenGroupQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["grid", "name", "pk"]
        verbose_name = _("children's group")
        verbose_name_plural = _("children's groups")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["community", "name"],
                condition=Q(ended_on=None),
                name="one_children_group_of_a_name",
                violation_error_message=_("There is a group of this name already."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("founded_on")),
                name="children_group_ends_after_it_begins",
                violation_error_message=_("The last day cannot lie before the first."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("activities:group", args=[self.pk])

    @property
    def is_standing(self):
        return self.ended_on is None

    @property
    def is_helped_uncleared(self):
        """Whether there is a helper who has left by today, or of whom something asked is missing."""
        today = timezone.localdate()
        return self.helper is not None and not (
            self.helper.is_in_service_on(today) and self.helper.is_cleared_on(today)
        )

    def locked(self):
        stored = stored_for_update(self)
        if not stored.is_standing:
            raise Refused(_now("This group is dissolved."))
        return stored

    @transaction.atomic
    def take_in(self, children, *, by):
        """Make these children members from today; a child belongs to one such group at a time."""
        found = Child.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=[c.pk for c in children])
        locked = list(found.order_by("pk"))  # before the group, as a file that leaves takes them
        if not locked:
            raise Refused(_now("Choose at least one child."))
        stored = self.locked()
        for child in locked:
            if child.community_id != stored.community_id or child.left_on is not None:
                raise Refused(_now("Only children on the register of this community can join."))
            if other := GroupPlace.objects.current().filter(child=child).select_related("group").first():
                words = {"name": child.name, "group": other.group.name}
                raise Refused(_now("%(name)s is in the group %(group)s already.") % words)
            place = self.places.create(child=child, community_id=stored.community_id)
            log_act(by, "joined a children's group", place, child=child, group=self)

    @transaction.atomic
    def be_led_by(self, place, *, by):
        """One of the children leads; whoever led until now is a member like the others."""
        self.locked()
        here = self.places.current()
        if not here.filter(pk=place.pk).exists():
            raise Refused(_now("Only a child of the group can lead it."))
        here.filter(is_leader=True).update(is_leader=False)
        here.filter(pk=place.pk).update(is_leader=True)
        log_act(by, "leads a children's group", place, group=self)

    @transaction.atomic
    def note_meeting(self, *, day, what, came=(), others=0, by):
        """The group met: `came` of its children were there, and so many `others`, or all of them as a number."""
        if day > timezone.localdate():
            raise Refused(_now("A meeting is noted once its day has come."))
        meeting = self.meetings.create(community_id=self.community_id, day=day, what=what)
        meeting.log("noted a meeting", came, meeting.write_who_came(came, others, by), by)
        return meeting

    @transaction.atomic
    def dissolve(self, *, by):
        """End the group today, and every membership with it; what it did stays on record."""
        self.locked()
        for place in self.places.current().order_by("pk"):
            place.close(by=by)
        self.ended_on = timezone.localdate()
        self.save(update_fields=["ended_on"])
        log_act(by, "dissolved", self)


class GroupPlaceQuerySet(ScopedQuerySet):
    def current(self):
        return self.filter(left_on=None)

    def on_day(self, day):
        """Who was in the group on `day`; who left on it may have come before."""
        return self.filter(Q(joined_on__lte=day), Q(left_on=None) | Q(left_on__gte=day))


class GroupPlace(CommunityRecord):
    """A child's membership in a children's group, from one day to another."""

    group = models.ForeignKey(ChildrenGroup, on_delete=models.PROTECT, related_name="places", verbose_name=_("group"))
    child = models.ForeignKey(
        "children.Child", on_delete=models.PROTECT, related_name="group_places", verbose_name=_("child")
    )
    is_leader = models.BooleanField(_("leads the group"), default=False)
    joined_on = models.DateField(_("joined on"), default=timezone.localdate)
    left_on = models.DateField(_("left on"), null=True, blank=True)

    personal: dict[str, str] = {}
    not_personal = ["id", "community", "district", "group", "child", "is_leader", "joined_on", "left_on"]

    objects = GroupPlaceQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-is_leader", "joined_on", "pk"]
        verbose_name = _("membership in a children's group")
        verbose_name_plural = _("memberships in children's groups")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["child"],
                condition=Q(left_on=None),
                name="a_child_is_in_one_children_group",
                violation_error_message=_("This child is in a group already."),
            ),
            models.UniqueConstraint(
                fields=["group"],
                condition=Q(left_on=None, is_leader=True),
                name="one_child_leads_a_children_group",
                violation_error_message=_("Another child leads this group."),
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")),
                name="group_place_ends_after_it_begins",
                violation_error_message=_("A child cannot leave before joining."),
            ),
        ]

    def __str__(self):
        return f"{self.group_id}/{self.child_id}"

    def close(self, *, by):
        """The caller holds a lock on the group."""
        self.left_on = timezone.localdate()
        self.save(update_fields=["left_on"])
        log_act(by, "left a children's group", self, fields=["left_on"], child=self.child_id, group=self.group_id)

    @transaction.atomic
    def leave(self, *, by):
        stored_for_update(self.group)
        if stored_for_update(self).left_on is not None:
            raise Refused(_now("This child has left the group already."))
        self.close(by=by)
