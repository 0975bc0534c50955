"""When the quarterly reports of the person's communities or street are due."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communities.models import Division
from records.deadlines import Deadline, falls_due
from records.scoping import DISTRICT_DIGITS, Scope
from reports import quarters as q
from reports.models import QuarterlyReport, ReportRule, StreetReport


@falls_due
def community_reports(user, first, last):
    return _due(user, last, QuarterlyReport, "community", "reports:list", _("Quarterly report: %(quarter)s"))


@falls_due
def street_reports(user, first, last):
    return _due(user, last, StreetReport, "street", "reports:streets", _("Street report: %(quarter)s"))


def _due(user, last, model, level, route, words):
    """For each district a line about the quarter that ended last, as long as somebody in reach has not handed in."""
    scope, period = Scope.of(*user.codes_for(model, "add")), q.last_ended()
    sent = model.objects.of(period).sent().values(model.community_path)
    for district in sorted({code[:DISTRICT_DIGITS] for code in scope.codes}):
        due_on = ReportRule.at(district, period).due_on(period, level)
        if due_on > last:
            continue
        places = Division.objects.within(scope).within(Scope.of(district)).filter(level=level)
        waiting = places.exclude(pk__in=sent).count()
        if waiting:
            note = ngettext("%(n)s not handed in", "%(n)s not handed in", waiting) % {"n": waiting}
            url = reverse(route, query={"quarter": q.written(period)})
            yield Deadline(due_on, words % {"quarter": period.label}, url, note=note)
