import datetime as dt

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.models import Division
from records.measures import AS_TODAY, GAP, IN_PERIOD, Period, measure
from reports import reminder_measures  # noqa: F401 - it registers its measure
from reports.models import Amendment, QuarterlyReport, StreetAmendment, StreetReport
from reports.quarters import before


def _of_quarters_ending_in(period, reports):
    ending = Q(pk__in=())
    quarter = Period.quarter_of(period.start)
    while quarter.end <= period.end:
        ending |= Q(year=quarter.start.year, quarter=quarter.number)
        quarter = Period.quarter_of(quarter.end + dt.timedelta(days=1))
    return reports.filter(ending)


@measure(
    _("Quarterly reports handed in"),
    definition=_("Reports of quarters ending in the period that were submitted and not returned."),
    hides_small=False,
    when=IN_PERIOD,
)
def quarterly_reports_sent(scope, period):
    return _of_quarters_ending_in(period, QuarterlyReport.objects.within(scope).sent())


@measure(
    _("Reports to write or mend"),
    definition=_("Reports of quarters that are over, still a draft or returned by the street office."),
    kind=GAP,
    urgency=1,
    act=_("Finish the report"),
    page=lambda: reverse("reports:list"),
    needs="reports.add_quarterlyreport",
    hides_small=False,
    when=AS_TODAY,
)
def reports_to_finish(scope, period):
    return _to_finish(QuarterlyReport.objects.within(scope))


def _to_finish(reports):
    running = timezone.localdate()
    return reports.filter(status__in=QuarterlyReport.OPEN).exclude(year=running.year, quarter=(running.month + 2) // 3)


@measure(
    _("Communities that have not begun last quarter's report"),
    definition=_("Communities without a report for the quarter before the one in which the period ends."),
    kind=GAP,
    urgency=1,
    act=_("Begin or remind"),
    needs="reports.view_quarterlyreport",
    page=lambda: reverse("reports:list"),
    hides_small=False,
)
def reports_not_begun(scope, period):
    last = before(Period.quarter_of(period.end))
    begun = QuarterlyReport.objects.of(last).values("community")
    return Division.objects.within(scope).filter(level="community").exclude(pk__in=begun)


@measure(
    _("Reports to decide on"),
    definition=_("Reports that communities submitted and the street office has neither accepted nor returned."),
    kind=GAP,
    urgency=1,
    act=_("Accept or return"),
    page=lambda: reverse("reports:list"),
    needs="reports.decide_quarterlyreport",
    hides_small=False,
    when=AS_TODAY,
)
def reports_to_decide(scope, period):
    return QuarterlyReport.objects.within(scope).filter(status=QuarterlyReport.Status.SUBMITTED)


@measure(
    _("Amendments to decide on"),
    definition=_("Corrections of accepted reports that communities proposed and the street office has not decided on."),
    kind=GAP,
    when=AS_TODAY,
    urgency=1,
    act=pgettext_lazy("amendment", "Accept or refuse"),
    page=lambda: reverse("reports:list"),
    needs="reports.decide_amendment",
    hides_small=False,
)
def amendments_to_decide(scope, period):
    return Amendment.objects.within(scope).waiting()


def _streets():
    return reverse("reports:streets")


@measure(
    _("Street reports to write or mend"),
    definition=_("Reports of streets for quarters that are over, still a draft or returned by the district."),
    kind=GAP,
    when=AS_TODAY,
    urgency=1,
    act=_("Finish the report"),
    page=_streets,
    needs="reports.add_streetreport",
    hides_small=False,
)
def street_reports_to_finish(scope, period):
    return _to_finish(StreetReport.objects.within(scope))


@measure(
    _("Streets that have not begun last quarter's report"),
    definition=_("Streets without a report for the quarter before the one in which the period ends."),
    kind=GAP,
    urgency=1,
    act=_("Begin or remind"),
    page=_streets,
    needs="reports.view_streetreport",
    hides_small=False,
)
def street_reports_not_begun(scope, period):
    last = before(Period.quarter_of(period.end))
    begun = StreetReport.objects.of(last).values("street")
    return Division.objects.within(scope).filter(level="street").exclude(pk__in=begun)


@measure(
    _("Street reports to decide on"),
    definition=_("Reports that street offices submitted and the district has neither accepted nor returned."),
    kind=GAP,
    when=AS_TODAY,
    urgency=1,
    act=_("Accept or return"),
    page=_streets,
    needs="reports.decide_streetreport",
    hides_small=False,
)
def street_reports_to_decide(scope, period):
    return StreetReport.objects.within(scope).filter(status=StreetReport.Status.SUBMITTED)


@measure(
    _("Amendments of street reports to decide on"),
    definition=_("Corrections of accepted street reports on which the district has not decided."),
    kind=GAP,
    when=AS_TODAY,
    urgency=1,
    act=pgettext_lazy("amendment", "Accept or refuse"),
    page=_streets,
    needs="reports.decide_streetamendment",
    hides_small=False,
)
def street_amendments_to_decide(scope, period):
    return StreetAmendment.objects.within(scope).waiting()
