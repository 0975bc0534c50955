"""Service teams and class teams: who leads, who belongs, and what the team as a whole has done."""

from django import forms
from django.contrib import admin
from django.db.models import Count, Q
from django.template.defaultfilters import floatformat
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from records.lifecycle import Refused
from records.staff_admin import FixedInline, StaffAdmin
from records.staff_filters import ChoiceParameterFilter
from records.staff_site import staff_site
from records.text import CleanCharField
from volunteers.admin.acts import act_page
from volunteers.models import Team, TeamMember, Volunteer
from volunteers.teams import totals_of


class StandingFilter(ChoiceParameterFilter):
    title = _("team")
    parameter_name = "team"
    options = {
        "standing": (_("at work"), lambda rows: rows.standing_on(timezone.localdate())),
        "ended": (_("dissolved"), lambda rows: rows.exclude(ended_on=None)),
    }


class Members(FixedInline):
    model = TeamMember
    fields = ["member_name", "class_shown", "joined_on", "left_on"]
    readonly_fields = ["member_name", "class_shown", "joined_on", "left_on"]
    verbose_name_plural = _("members")
    show_change_link = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("volunteer")

    @admin.display(description=_("helper"))
    def member_name(self, member):
        return member.volunteer.name

    @admin.display(description=_("school and class"))
    def class_shown(self, member):
        return member.volunteer.school_class


class MemberForm(forms.Form):
    name = CleanCharField(
        label=_("Name of the helper"), max_length=60, help_text=_("As on the list of helpers of this community.")
    )


@admin.register(Team, site=staff_site)
class TeamAdmin(StaffAdmin):
    list_display = ["name", "kind", "leader_shown", "members_shown", "community"]
    list_filter = ["kind", StandingFilter]
    list_select_related = ["leader", "community"]
    search_fields = ["name", "school_class"]
    ordering = ["name", "pk"]
    fieldsets = [
        (None, {"fields": [("name", "kind"), "school_class", "purpose", ("founded_on", "ended_on"), "leader_shown"]}),
        (
            _("Totals"),
            {
                "fields": [
                    ("members_shown", "children_shown"),
                    ("done_shown", "contacts_shown"),
                    ("led_shown", "hours_shown"),
                ]
            },
        ),
    ]
    totals = ["members_shown", "children_shown", "done_shown", "contacts_shown", "led_shown", "hours_shown"]
    readonly_fields = ["ended_on", "leader_shown", *totals]
    inlines = [Members]
    actions = ["take_in", "name_leader", "let_go", "dissolve"]
    change_form_template = "volunteers/team_change_form.html"

    def get_queryset(self, request):
        here = Count("members", filter=Q(members__left_on=None))
        return super().get_queryset(request).annotate(members_now=here)

    def get_fieldsets(self, request, obj=None):
        """A new team has no totals yet."""
        return [part for part in super().get_fieldsets(request, obj) if obj is not None or part[0] is None]

    def _totals(self, team):
        if not hasattr(team, "totals"):
            team.totals = totals_of(team)
        return team.totals

    @admin.display(description=_("leader"))
    def leader_shown(self, team):
        return team.leader.name if team.leader_id else self.empty_value_display

    @admin.display(description=_("members"))
    def members_shown(self, team):
        return team.members_now

    @admin.display(description=_("children accompanied"))
    def children_shown(self, team):
        return self._totals(team)["children"]

    @admin.display(description=_("five ones done this term"))
    def done_shown(self, team):
        return gettext("%(done)s of %(owed)s") % self._totals(team)

    @admin.display(description=_("contacts with children"))
    def contacts_shown(self, team):
        return self._totals(team)["contacts"]

    @admin.display(description=_("activities, duties at the Home"))
    def led_shown(self, team):
        return gettext("%(sessions)s activities, %(shifts)s duties") % self._totals(team)

    @admin.display(description=_("hours so far"))
    def hours_shown(self, team):
        return floatformat(self._totals(team)["hours"])

    @admin.action(description=_("Take a member in…"), permissions=["change"])
    def take_in(self, request, teams):
        return self._act(
            request,
            teams,
            action="take_in",
            title=_("Take a member in"),
            form_class=MemberForm,
            perform=lambda team, answers: team.take_in(_helper(team, answers["name"]), by=request.user),
        )

    @admin.action(description=_("Name the leader…"), permissions=["change"])
    def name_leader(self, request, teams):
        return self._act(
            request,
            teams,
            action="name_leader",
            title=_("Name the leader"),
            form_class=MemberForm,
            perform=lambda team, answers: team.be_led_by(_helper(team, answers["name"]), by=request.user),
        )

    @admin.action(description=_("Let a member go…"), permissions=["change"])
    def let_go(self, request, teams):
        return self._act(
            request,
            teams,
            action="let_go",
            title=_("Let a member go"),
            form_class=MemberForm,
            perform=lambda team, answers: team.let_go(_helper(team, answers["name"]), by=request.user),
        )

    @admin.action(description=_("Dissolve the team…"), permissions=["change"])
    def dissolve(self, request, teams):
        return self._act(
            request,
            teams,
            action="dissolve",
            title=_("Dissolve the team"),
            explain=_("Memberships end today; the helpers stay helpers, and pairings go on."),
            perform=lambda team, answers: team.dissolve(by=request.user),
        )

    def _act(self, request, teams, **details):
        return act_page(self, request, teams, words_for=lambda team: team.name, **details)

    def render_change_form(self, request, context, *args, **kwargs):
        team = kwargs.get("obj")
        if team is not None and team.ended_on is None and self.has_change_permission(request, team):
            context["acts"] = [
                ("take_in", _("Take a member in…"), "primary"),
                ("name_leader", _("Name the leader…"), ""),
                ("let_go", _("Let a member go…"), ""),
                ("dissolve", _("Dissolve the team…"), "quiet"),
            ]
        return super().render_change_form(request, context, *args, **kwargs)


def _helper(team, name):
    """The one helper of that name in the team's community."""
    found = list(Volunteer.objects.filter(community=team.community_id, left_on=None, name=name)[:2])
    if not found:
        raise Refused(gettext("There is no helper of that name in this community."))
    if len(found) > 1:
        raise Refused(gettext("Two helpers here have this name. Give one of them a fuller name first."))
    return found[0]
