"""Who has left the service is in no team and no advice-and-care group any more; nor is a colleague posted elsewhere in
a group."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from records.versions import stored_for_update
from volunteers.models import CareGroup, GroupChild, GroupMember, Team, Volunteer


def has_eye_on_a_child(helper):
    return GroupChild.objects.current().filter(member__volunteer=helper).exists()


@transaction.atomic
def end_memberships(helper, *, by):
    """How many. Groups and teams are locked first, as whoever takes a member in locks them. Who has an eye on a child
    stays in the group until the child is in other hands."""
    here = {"members__volunteer": helper, "members__left_on": None}
    groups, teams = (
        list(model.objects.select_for_update(of=("self",), no_key=True).filter(**here).order_by("pk"))
        for model in (CareGroup, Team)
    )
    for team in teams:
        team.let_go(helper, by=by)
    if has_eye_on_a_child(helper):
        return len(teams)
    for group in groups:
        for member in group.members.filter(volunteer=helper, left_on=None):
            member.let_go(by=by)
    return len(teams) + len(groups)


def end_memberships_of_those_gone():
    """Every night: of whoever has left by today. How many memberships."""
    in_a_team = Q(memberships__isnull=False, memberships__left_on=None)
    in_a_group = Q(care_groups__isnull=False, care_groups__left_on=None)
    today = timezone.localdate()
    gone = Volunteer.objects.filter(in_a_team | in_a_group, left_on__lte=today)
    ended = sum(end_memberships(helper, by=None) for helper in gone.distinct().only("pk").order_by("pk"))
    colleagues = GroupMember.objects.current().gone_on(today).select_related("group")
    return ended + sum(_let_go(member) for member in colleagues.order_by("group", "pk"))


@transaction.atomic
def _let_go(member):
    """Whether the colleague is out of the group: not while a child is in no other hands."""
    stored_for_update(member.group)
    if GroupChild.objects.current().filter(member=member).exists():
        return False
    member.let_go(by=None)
    return True
