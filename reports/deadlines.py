"""When the quarterly reports of the person's communities or street are due."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communities.models import Division
from records.deadlines import Deadline, falls_due
from records.scoping import Scope
from reports import quarters as q
from reports.models import QuarterlyReport, ReportRule, StreetReport


@falls_due
def community_reports(user, first, last):
    return _due(user, last, QuarterlyReport, "community", "reports:list", _("Quarterly report: %(quarter)s"))


@falls_due
def street_reports(user, first, last):
    return _due(user, last, StreetReport, "street", "reports:streets", _("Street report: %(quarter)s"))


def _due(user, last, model, level, route, words):
    """One line for the quarter that ended last, as long as somebody in reach has not handed in."""
    scope = Scope.of(*user.codes_for(model, "add"))
    if not scope.codes:
        return
    period = q.last_ended()
    due_on = ReportRule.at(scope.codes[0], period).due_on(period, level)
    if due_on > last:
        return
    sent = model.objects.of(period).sent().values(model.community_path)
    waiting = Division.objects.within(scope).filter(level=level).exclude(pk__in=sent).count()
    if waiting:
        note = ngettext("%(n)s not handed in", "%(n)s not handed in", waiting) % {"n": waiting}
        url = reverse(route, query={"quarter": q.written(period)})
        yield Deadline(due_on, words % {"quarter": period.label}, url, note=note)
