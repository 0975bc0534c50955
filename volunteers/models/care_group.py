from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from children.models import Child
from communities.models import Posting
from communities.owned import CommunityRecord
from records.lifecycle import Refused
from records.privacy import BASIC
from records.scoping import ScopedQuerySet
from records.trail import log_act
from records.versions import stored_for_update
from volunteers.models.volunteer import Volunteer


class CareGroup(CommunityRecord):
    """A community's advice-and-care group: who belongs to it, and which children each member has an eye on.

    It opens nobody's file: staff see what their posting shows, and a helper sees a child by a pairing alone."""

    founded_on = models.DateField(_("set up on"), default=timezone.localdate)

    personal: dict[str, str] = {}
    not_personal = ["id", "community", "district", "founded_on"]

    class Meta(CommunityRecord.Meta):
        verbose_name = _("advice-and-care group")
        verbose_name_plural = _("advice-and-care groups")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["community"],
                name="one_care_group_per_community",
                violation_error_message=_("This community has its advice-and-care group already."),
            ),
        ]

    def __str__(self):
        return gettext("Advice-and-care group %(number)s") % {"number": self.pk}

    @classmethod
    @transaction.atomic
    def set_up(cls, community, *, by):
        """The group of this community; doing it again changes nothing."""
        group, is_new = cls.objects.get_or_create(community=community)
        if is_new:
            log_act(by, "set up a care group", group)
        return group

    @transaction.atomic
    def take_in(self, *, role, volunteer=None, user=None, by):
        """Make a helper or a colleague of this community a member from today."""
        group = stored_for_update(self)
        if (volunteer is None) == (user is None):
            raise Refused(gettext("Choose a helper or a colleague, one of the two."))
        if volunteer is not None:
            helper = volunteer.locked()
            if helper.community_id != group.community_id or not helper.is_in_service_on(timezone.localdate()):
                raise Refused(gettext("The member must be a helper in service of this community."))
        if group.members.filter(volunteer=volunteer, user=user, left_on=None).exists():
            raise Refused(gettext("This person is a member already."))
        member = GroupMember.objects.create(
            group=group, volunteer=volunteer, user=user, role=role, community_id=group.community_id
        )
        log_act(by, "took in a member", group, member=member)
        return member

    @transaction.atomic
    def assign(self, child, member, *, by):
        """Let `member` have an eye on `child` from today; whoever had until now gives it over."""
        stored = Child.objects.select_for_update(of=("self",), no_key=True).get(pk=child.pk)
        group = stored_for_update(self)
        if stored.left_on is not None:
            raise Refused(gettext("This child has left the register."))
        if stored.community_id != group.community_id:
            raise Refused(gettext("The child lives in another community."))
        if not group.members.filter(pk=member.pk, left_on=None).exists():
            raise Refused(gettext("Only a member of the group has an eye on a child."))
        if member.volunteer_id and member.volunteer.left_on is not None:
            raise Refused(gettext("This helper leaves the service. Choose another member."))
        if group.members.gone_on(timezone.localdate()).filter(pk=member.pk).exists():
            raise Refused(gettext("This colleague works here no more. Choose another member."))
        now = GroupChild.objects.current().filter(child=stored).first()
        if now is not None and now.member_id == member.pk:
            raise Refused(gettext("This member has an eye on the child already."))
        if now is not None:
            now.close()
        line = GroupChild.objects.create(group=group, child=stored, member=member, community_id=stored.community_id)
        log_act(by, "assigned a child to a care group", line, child=stored, member=member)
        return line


class GroupMemberQuerySet(ScopedQuerySet):
    def current(self):
        return self.filter(left_on=None)

    def gone_on(self, day):
        """Colleagues whose posting to this community had ended on `day`, or whose account is closed."""
        here = Posting.objects.in_force_on(day).filter(user=OuterRef("user"), division=OuterRef("community"))
        posted = Exists(here.filter(role="community_worker", user__is_active=True))
        return self.filter(~posted, user__isnull=False)


class GroupMember(CommunityRecord):
    """A helper or a colleague in the group."""

    class Role(models.TextChoices):
        COMMITTEE = "committee", _("committee member")
        FAMILY_PLANNING = "family_planning", _("family-planning worker")
        YOUNG = "young", _("young volunteer")
        OTHER = "other", _("another member")

    group = models.ForeignKey(CareGroup, on_delete=models.PROTECT, related_name="members", verbose_name=_("group"))
    volunteer = models.ForeignKey(
        Volunteer, on_delete=models.PROTECT, null=True, related_name="care_groups", verbose_name=_("helper")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("colleague")
    )
    role = models.CharField(_("as"), max_length=20, choices=Role)
    joined_on = models.DateField(_("from"), default=timezone.localdate)
    left_on = models.DateField(_("until"), null=True, editable=False)

    personal = {"joined_on": BASIC, "left_on": BASIC}
    not_personal = ["id", "group", "volunteer", "user", "community", "district", "role"]

    objects = GroupMemberQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["left_on", "joined_on", "pk"]
        verbose_name = _("member of an advice-and-care group")
        verbose_name_plural = _("members of advice-and-care groups")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["group", "volunteer"],
                condition=Q(left_on=None),
                name="a_helper_is_in_a_care_group_once",
                violation_error_message=_("This person is a member already."),
            ),
            models.UniqueConstraint(
                fields=["group", "user"],
                condition=Q(left_on=None),
                name="a_colleague_is_in_a_care_group_once",
                violation_error_message=_("This person is a member already."),
            ),
            models.CheckConstraint(
                condition=Q(volunteer=None, user__isnull=False) | Q(volunteer__isnull=False, user=None),
                name="a_member_is_a_helper_or_a_colleague",
                violation_error_message=_("Choose a helper or a colleague, one of the two."),
            ),
        ]

    def __str__(self):
        return str(self.pk)

    @property
    def name(self):
        return self.volunteer.name if self.volunteer_id else self.user.name

    @transaction.atomic
    def let_go(self, *, by):
        """End the membership today, once the children are in other hands."""
        stored_for_update(self.group)
        self.refresh_from_db()
        if self.left_on is not None:
            raise Refused(gettext("This person is no member any more."))
        if self.children.current().exists():
            raise Refused(gettext("Give the children of this member to another first, so that none is forgotten."))
        self.left_on = timezone.localdate()
        self.save(update_fields=["left_on"])
        log_act(by, "let a member go", self.group, member=self)


class GroupChildQuerySet(ScopedQuerySet):
    def current(self):
        return self.filter(until=None)

    def left_behind_on(self, day):
        """Of members who were gone on `day`."""
        return self.current().filter(member__in=GroupMember.objects.gone_on(day).current())


class GroupChild(CommunityRecord):
    """A child whom a member of the group has an eye on."""

    group = models.ForeignKey(CareGroup, on_delete=models.PROTECT, related_name="lines", verbose_name=_("group"))
    child = models.ForeignKey(
        "children.Child", on_delete=models.PROTECT, related_name="care_group_lines", verbose_name=_("child")
    )
    member = models.ForeignKey(GroupMember, on_delete=models.PROTECT, related_name="children", verbose_name=_("member"))
    since = models.DateField(_("since"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, editable=False)

    personal: dict[str, str] = {}
    not_personal = ["id", "group", "child", "member", "community", "district", "since", "until"]

    objects = GroupChildQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-since", "-pk"]
        verbose_name = _("child of an advice-and-care group")
        verbose_name_plural = _("children of advice-and-care groups")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["child"],
                condition=Q(until=None),
                name="a_child_is_in_a_care_group_once",
                violation_error_message=_("A member has an eye on this child already."),
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="group_lets_go_of_a_child_after_taking_it",
                violation_error_message=_("The last day cannot lie before the first."),
            ),
        ]

    def __str__(self):
        return str(self.pk)

    def close(self):
        """The caller holds a lock and puts the act on the trail."""
        self.until = timezone.localdate()
        self.save(update_fields=["until"])

    @transaction.atomic
    def end(self, *, by):
        """Nobody of the group has an eye on the child any more."""
        stored_for_update(self.group)
        self.refresh_from_db()
        if self.until is not None:
            raise Refused(gettext("This has ended already."))
        self.close()
        log_act(by, "ended a child's place in a care group", self, child=self.child_id)
