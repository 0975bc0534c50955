"""How far the reports of a quarter have come: by street for the overview, by community for the list."""

from dataclasses import dataclass

from django.db.models import Count, Exists, Max, OuterRef
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from communities.models import Division
from records.scoping import STREET_DIGITS
from reports.models import QuarterlyReport, ReportReminder
from reports.published import READ, inside

NOT_BEGUN = "not_begun"
STATES = {
    "accepted": _("accepted"),
    "submitted": _("waiting for the street office"),
    "returned": _("returned"),
    "draft": _("being written"),
    NOT_BEGUN: _("not begun"),
}
NAMED_AT_MOST = 12


@dataclass(frozen=True)
class Standing:
    """`streets`: {code: {state: communities}}; `missing`: the first communities that have not handed in."""

    streets: dict
    missing: list

    def _total(self, *states):
        return sum(n for counted in self.streets.values() for state, n in counted.items() if state in states)

    @property
    def communities(self):
        return self._total(*STATES)

    @property
    def accepted(self):
        return self._total("accepted")

    @property
    def more(self):
        """How many further communities have not handed in."""
        return self._total("draft", "returned", NOT_BEGUN) - len(self.missing)


def _reports(user, district, period):
    return QuarterlyReport.objects.visible_to(user, READ).filter(district=district.pk).of(period)


def standing(user, district, period):
    """In three queries, whatever the number of communities."""
    places = inside(district, Division.Level.COMMUNITY)
    by_street = places.order_by().values_list("parent").annotate(Count("pk"))
    streets = {street: {NOT_BEGUN: n} for street, n in by_street}
    reports = _reports(user, district, period)
    counted = reports.order_by().annotate(street=Left("community_id", STREET_DIGITS)).values_list("street", "status")
    for street, status, n in counted.annotate(Count("pk")):
        states = streets.setdefault(street, {NOT_BEGUN: 0})
        states[status] = n
        states[NOT_BEGUN] -= n
    handed_in = Exists(reports.sent().filter(community=OuterRef("pk")))
    return Standing(dict(sorted(streets.items())), list(places.exclude(handed_in)[:NAMED_AT_MOST]))


def by_community(user, district, period):
    """[(community, its report or None, the day it was last reminded)] in the order of codes."""
    reports = {report.community_id: report for report in _reports(user, district, period)}
    reminded = ReportReminder.objects.filter(district=district.pk, year=period.start.year, quarter=period.number)
    reminded = dict(reminded.order_by().values_list("community").annotate(Max("day")))
    places = inside(district, Division.Level.COMMUNITY).select_related("parent")
    return [(place, reports.get(place.pk), reminded.get(place.pk)) for place in places]
