"""The week sheet that hangs at a Home's door, and the list of a team: helpers' names, never a child's."""

import datetime as dt
from collections import defaultdict

from volunteers.home_views import monday_of, weeks_of
from volunteers.models import Team, TeamMember
from volunteers.teams import totals_of_all


def week_sheets(homes, typed_week):
    first = monday_of(typed_week)
    last, weeks = first + dt.timedelta(days=6), weeks_of(homes, first)
    for week in weeks.values():
        for _day, _holiday, slots in week:
            for slot in slots:
                coming = [duty for duty in slot.duties.all() if duty.status in ("on", "came")]
                slot.names = [duty.volunteer.name for duty in coming if not duty.lacks_clearance]
    return {"sheets": [{"home": home, "first": first, "last": last, "days": weeks[home.pk]} for home in homes]}


def team_sheets(teams):
    members, totals = defaultdict(list), totals_of_all(teams)
    rows = TeamMember.objects.filter(team__in=[team.pk for team in teams], left_on=None).select_related("volunteer")
    rows = rows.defer("volunteer__phone", "volunteer__id_number")
    for member in rows.order_by("joined_on", "volunteer__name", "pk"):
        members[member.team_id].append(member)
    full = Team.objects.select_related("community", "leader").defer("leader__phone", "leader__id_number")
    full = full.in_bulk([team.pk for team in teams])
    return {
        "sheets": [{"team": full[team.pk], "members": members[team.pk], "totals": totals[team.pk]} for team in teams]
    }
