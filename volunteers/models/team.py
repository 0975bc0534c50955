from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.lifecycle import Refused
from records.privacy import BASIC
from records.scoping import ScopedQuerySet
from records.trail import log_act
from records.versions import Versioned, stored_for_update
from volunteers.models.volunteer import Volunteer


class TeamQuerySet(ScopedQuerySet):
    def standing_on(self, day):
        return self.filter(Q(founded_on__lte=day), Q(ended_on=None) | Q(ended_on__gt=day))


class Team(Versioned, CommunityRecord):
    """A volunteer service team with its leader, or the students of one school class who help together."""

    class Kind(models.TextChoices):
        SERVICE = "service", _("service team")
        SCHOOL_CLASS = "class", _("class team")

    name = models.CharField(_("name of the team"), max_length=60)
    kind = models.CharField(_("kind of team"), max_length=10, choices=Kind, default=Kind.SERVICE)
    school_class = models.CharField(
        _("school and class"), max_length=60, blank=True, help_text=_("For a class team: which class it is.")
    )
    purpose = models.CharField(_("what the team does"), max_length=200, blank=True)
    leader = models.ForeignKey(
        Volunteer,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="leads",
        verbose_name=_("leader"),
    )
    founded_on = models.DateField(_("founded on"), default=timezone.localdate)
    ended_on = models.DateField(_("dissolved on"), null=True, editable=False)

    personal: dict[str, str] = {}
    not_personal = [
        *["id", "community", "district", "name", "kind", "school_class", "purpose", "leader", "founded_on", "ended_on"],
        "version",
    ]

    objects = TeamQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["name", "pk"]
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        indexes = [models.Index(fields=["district", "name", "id"], name="team_by_name")]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["community", "name"],
                condition=Q(ended_on=None),
                name="one_team_of_a_name_in_a_community",
                violation_error_message=_("This community already has a team of this name."),
            ),
            models.UniqueConstraint(
                fields=["community", "school_class"],
                condition=Q(kind="class", ended_on=None),
                name="one_team_per_school_class",
                violation_error_message=_("This class already has its team."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="class") | ~Q(school_class=""),
                name="a_class_team_names_its_class",
                violation_error_message=_("Say which school and class the team is of."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["service", "class"]),
                name="team_is_of_a_kind_we_know",
                violation_error_message=_("Choose service team or class team."),
            ),
        ]

    def __str__(self):
        return gettext("Team %(number)s") % {"number": self.pk}

    @transaction.atomic
    def take_in(self, helper, *, by):
        """Make `helper` a member from today."""
        team, helper = stored_for_update(self), helper.locked()
        if team.ended_on is not None:
            raise Refused(gettext("This team has been dissolved."))
        if helper.community_id != team.community_id:
            raise Refused(gettext("Helper and team belong to different communities."))
        if not helper.is_in_service_on(timezone.localdate()):
            raise Refused(gettext("This helper is not in service."))
        if team.members.filter(volunteer=helper, left_on=None).exists():
            raise Refused(gettext("This helper is a member already."))
        member = TeamMember.objects.create(team=team, volunteer=helper, community_id=team.community_id)
        log_act(by, "took in a member", team, helper=helper)
        return member

    @transaction.atomic
    def let_go(self, helper, *, by):
        """End a membership today; a leader who goes leads no longer."""
        team = stored_for_update(self)
        if not team.members.filter(volunteer=helper, left_on=None).update(left_on=timezone.localdate()):
            raise Refused(gettext("This helper is no member."))
        if team.leader_id == helper.pk:
            team.leader = None
            team.save(update_fields=["leader"])
        log_act(by, "let a member go", team, helper=helper)

    @transaction.atomic
    def be_led_by(self, helper, *, by):
        team = stored_for_update(self)
        if not team.members.filter(volunteer=helper, left_on=None).exists():
            raise Refused(gettext("Only a member leads the team: take the helper in first."))
        team.leader = helper
        team.save(update_fields=["leader"])
        log_act(by, "named a leader", team, fields=["leader"], helper=helper)

    @transaction.atomic
    def dissolve(self, *, by):
        team = stored_for_update(self)
        if team.ended_on is not None:
            raise Refused(gettext("This team has been dissolved."))
        today = timezone.localdate()
        team.members.filter(left_on=None).update(left_on=today)
        team.ended_on, team.leader = today, None
        team.save(update_fields=["ended_on", "leader"])
        log_act(by, "dissolved", team, fields=["ended_on"])


class TeamMember(CommunityRecord):
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="members", verbose_name=_("team"))
    volunteer = models.ForeignKey(
        Volunteer, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("helper")
    )
    joined_on = models.DateField(_("from"), default=timezone.localdate)
    left_on = models.DateField(_("until"), null=True, editable=False)

    personal = {"joined_on": BASIC, "left_on": BASIC}
    not_personal = ["id", "team", "volunteer", "community", "district"]

    class Meta(CommunityRecord.Meta):
        ordering = ["left_on", "joined_on", "pk"]
        verbose_name = _("member of a team")
        verbose_name_plural = _("members of teams")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["team", "volunteer"],
                condition=Q(left_on=None),
                name="a_helper_is_in_a_team_once",
                violation_error_message=_("This helper is a member already."),
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")),
                name="team_member_leaves_after_joining",
                violation_error_message=_("Nobody leaves a team before joining it."),
            ),
        ]

    def __str__(self):
        return str(self.pk)
