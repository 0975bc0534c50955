"""The week sheet that hangs at a Home's door, and the list of a team: helpers' names, never a child's."""

import datetime as dt

from volunteers.home_views import monday_of, week_of
from volunteers.models import TeamMember
from volunteers.teams import totals_of


def week_sheets(homes, typed_week):
    first = monday_of(typed_week)
    sheets = [{"home": home, "first": first, "days": week_of(home, first)} for home in homes]
    for sheet in sheets:
        sheet["last"] = first + dt.timedelta(days=6)
        for _day, _holiday, slots in sheet["days"]:
            for slot in slots:
                coming = [duty for duty in slot.duties.all() if duty.status in ("on", "came")]
                slot.names = [duty.volunteer.name for duty in coming if not duty.lacks_clearance]
    return {"sheets": sheets}


def team_sheets(teams):
    sheets = []
    for team in teams:
        members = TeamMember.objects.filter(team=team, left_on=None).select_related("volunteer")
        members = members.defer("volunteer__phone", "volunteer__id_number").order_by(
            "joined_on", "volunteer__name", "pk"
        )
        sheets.append({"team": team, "members": list(members), "totals": totals_of(team)})
    return {"sheets": sheets}
