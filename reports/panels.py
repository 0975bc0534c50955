"""The days of quarterly reports, for the overview of the level above."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import Division
from records.measures import Period
from records.panels import DayAhead, days_ahead
from records.scoping import DISTRICT_DIGITS
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
        words = _("Reports of the quarter are due: %(quarter)s") % {"quarter": period.label}
        rules = [ReportRule.at(code, period) for code in sorted({code[:DISTRICT_DIGITS] for code in scope.codes})]
        due = {rule.due_on(period, Division.Level.COMMUNITY) for rule in rules}
        days += [DayAhead(day, words, url) for day in sorted(due)]
        closes = _("The quarter closes, and what came and left is told: %(quarter)s") % {"quarter": period.label}
        days.append(DayAhead(period.end + CLOSES_AFTER, closes))
    return [one for one in days if since <= one.day <= until]
