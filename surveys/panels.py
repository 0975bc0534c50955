"""The days by which rosters are due, for the overview of the level above."""

from django.urls import reverse
from django.utils.translation import gettext as _

from records.panels import DayAhead, days_ahead
from records.scoping import Scope
from surveys.models import Roster
from surveys.standing import rounds_asking


@days_ahead
def rosters_due(user, scope, since, until):
    """Open rounds that ask communities of the scope, for those who read how many have reported."""
    codes = [code for code in scope.codes if code in Scope.of(*user.codes_for(Roster, "read"))]
    if not codes:
        return []
    due = rounds_asking(codes).filter(closed_at=None, due_on__range=(since, until))
    return [
        DayAhead(one.due_on, _("Rosters: %(round)s") % {"round": one.title}, reverse("surveys:district")) for one in due
    ]
