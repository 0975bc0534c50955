"""The days of quarterly reports, for the overview of the level above."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import Division
from records.measures import Period
from records.panels import DayAhead, days_ahead
from reports import quarters as q
from reports.models import ReportRule
from reports.publishing import CLOSES_AFTER


@days_ahead
def reports_due(user, scope, since, until):
    """When the reports of the last quarter and of the running one are due, and when a quarter closes."""
    now = Period.quarter_of(timezone.localdate())
    url = reverse("reports:district_states")
    days = []
    for period in (q.before(now), now):
        due = ReportRule.at(scope.codes[0], period).due_on(period, Division.Level.COMMUNITY)
        days.append(DayAhead(due, _("Reports of the quarter are due: %(quarter)s") % {"quarter": period.label}, url))
        closes = _("The quarter closes, and what came and left is told: %(quarter)s") % {"quarter": period.label}
        days.append(DayAhead(period.end + CLOSES_AFTER, closes))
    return [one for one in days if since <= one.day <= until]
