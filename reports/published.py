"""Published figures as pages ask for them. Every page, export and view of the federation reads them here."""

from dataclasses import dataclass

from django.db.models import Count
from django.db.models.functions import Left, Length

from communities.models import Division
from records.policy import NotVisible
from records.scoping import Scope
from reports import layout
from reports.models import PublishedFigure, QuarterlyReport
from reports.models.published import in_quarters
from reports.publishing import bring_up_to_date

READ = "read"


@dataclass(frozen=True)
class Shown:
    """A number as the federation sees it, or hidden (None); a total counts so many of the communities that reported."""

    value: int | None
    communities: int = 1
    reported: int = 0

    @property
    def is_hidden(self):
        return self.value is None

    @property
    def is_partial(self):
        return not self.is_hidden and self.communities < self.reported


def districts_of(user):
    """The districts whose figures this person may read."""
    scope = Scope.of(*user.codes_for(QuarterlyReport, READ))
    return list(Division.objects.within(scope).filter(level="district"))


def chosen_district(user, code=""):
    """(the district with this code or the first, all in reach); a 404 where there is none, or another is named."""
    districts = districts_of(user)
    found = next((d for d in districts if d.pk == code), None) if code else next(iter(districts), None)
    if found is None and (code or not user.is_authenticated):
        raise NotVisible(Division, code)
    return found, districts


class Published:
    """The figures of one district. A pair `(year, quarter)` stands for a quarter."""

    def __init__(self, user, district):
        bring_up_to_date(district.pk)
        self.district = district
        rows = PublishedFigure.objects.visible_to(user).filter(district=district).order_by()
        self.rows = rows.exclude(measure__in=layout.SUMS)  # kept from a time before it was known to be a sum

    def over_time(self, code, periods):
        """{(measure, quarter): Shown} of one division."""
        rows = self.rows.filter(code=code, breakdown="").of(*periods)
        return {
            (measure, (year, quarter)): Shown(value, communities)
            for measure, year, quarter, value, communities in rows.values_list(
                "measure", "year", "quarter", "value", "communities"
            )
        }

    def of_quarter(self, period):
        """{(measure, code): Shown} of every division."""
        rows = self.rows.filter(breakdown="").of(period).values_list("measure", "code", "value", "communities")
        return {(measure, code): Shown(value, communities) for measure, code, value, communities in rows}

    def of_level(self, keys, periods, level):
        """{(measure, quarter, code): Shown} of every division of a level."""
        rows = self.rows.filter(measure__in=keys, breakdown="").of(*periods)
        rows = rows.annotate(digits=Length("code")).filter(digits=Division.DIGITS[level])
        reported = self.reported(periods, level)
        return {
            (measure, (year, quarter), code): Shown(value, communities, reported.get(((year, quarter), code), 0))
            for measure, year, quarter, code, value, communities in rows.values_list(
                "measure", "year", "quarter", "code", "value", "communities"
            )
        }

    def reported(self, periods, level):
        """{(quarter, code): how many communities have an accepted report}"""
        accepted = QuarterlyReport.objects.filter(district=self.district).filter(in_quarters(periods)).accepted()
        codes = accepted.order_by().annotate(code=Left("community_id", Division.DIGITS[level]))
        counted = codes.values_list("year", "quarter", "code").annotate(Count("pk"))
        return {((year, quarter), code): n for year, quarter, code, n in counted}

    def of_measure(self, key, period):
        """({code: Shown} of every division, {(breakdown, part): Shown} of the district)."""
        rows = self.rows.filter(measure=key).of(period)
        places, parts = {}, {}
        for code, breakdown, part, value, communities in rows.values_list(
            "code", "breakdown", "part", "value", "communities"
        ):
            if breakdown:
                parts[breakdown, part] = Shown(value, communities)
            else:
                places[code] = Shown(value, communities)
        return places, parts


def key_of(period):
    return period.start.year, period.number


def inside(district, *levels):
    """Divisions of a district, by level, in the order of their codes."""
    return Division.objects.within(Scope.of(district.pk)).filter(level__in=levels).order_by("pk")
