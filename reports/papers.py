from django.utils.translation import gettext_lazy as _

from records.papers import paper


@paper("quarterly_report", model="reports.QuarterlyReport", title=_("Quarterly report"))
def quarterly_report(reports, user):
    """The report on A4: table and texts, as it stands or as it was frozen."""
    return {"sheets": [(report, report.table()) for report in reports]}
