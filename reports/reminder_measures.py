from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from records.measures import AS_TODAY, GAP, measure
from reports.models import ReportReminder


@measure(
    _("Reminders of quarterly reports"),
    definition=_("Reminders to hand in a quarterly report that were not answered with one so far."),
    kind=GAP,
    urgency=1,
    act=_("Finish the report"),
    page=lambda: reverse("reports:list"),
    needs="reports.add_quarterlyreport",
    hides_small=False,
    when=AS_TODAY,
)
def report_reminders(scope, period):
    return ReportReminder.objects.within(scope).unanswered()
