"""The Homes of a street or a district side by side, the neediest first: a table, or street by street as on a map.

Everything shown stands on the Home's latest standing (`homes.models.Standing`) but what is overdue today.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Avg, Count, F, FilteredRelation, OuterRef, Q, Subquery, Window
from django.db.models.functions import Coalesce, Left, RowNumber
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from communities.models import Division
from homes.models import Home, Inspection, Repair, Standing
from homes.models.standard import in_language
from homes.trend import Trend
from records.scoping import STREET_DIGITS, Scope

PER_PAGE = 20
ON_THE_MAP = 6  # Homes shown of each street; of a street that was chosen many more
OF_ONE_STREET = 100
YEARS = 5
NEED, RANK = "need", "rank"
ORDERS = {NEED: gettext_lazy("by need"), RANK: gettext_lazy("by score")}

Grade = Inspection.Grade


def compared(homes, today):
    """Open Homes with their latest standing and what weighs in their need."""
    overdue = Repair.objects.overdue_on(today).filter(home=OuterRef("pk")).order_by().values("home")
    latest = FilteredRelation("standings", condition=Q(standings__is_latest=True))
    return homes.open_on(today).annotate(
        latest=latest,
        bar_count=Coalesce("latest__bar_count", 0),
        overdue=Coalesce(Subquery(overdue.annotate(n=Count("pk")).values("n")), 0),
        low_count=Coalesce("latest__low_count", 0),
        inspected_this_year=Coalesce(Q(latest__is_inspected=True, latest__year=today.year), False),
    )


BY_NEED = [
    F("bar_count").desc(),
    F("overdue").desc(),
    F("low_count").desc(),
    F("inspected_this_year").asc(),
    F("latest__score").asc(nulls_first=True),
    F("pk").asc(),
]
BY_SCORE = [F("latest__score").desc(nulls_last=True), F("pk").asc()]
STANDING = ["bars", "score", "grade", "hardware", "software", "operation", "on", "is_inspected"]
COLUMNS = [
    *["pk", "name", "community_id", "community__name", "community__name_en"],
    *["bar_count", "overdue", "low_count", "inspected_this_year", *(f"latest__{name}" for name in STANDING)],
]


@dataclass
class Line:
    """One Home as the comparison shows it; what stands on its latest check is None where there was none."""

    pk: int
    name: str
    community_id: str
    community__name: str
    community__name_en: str
    bar_count: int
    overdue: int
    low_count: int
    inspected_this_year: bool
    bars: str | None
    score: Decimal | None
    grade: str | None
    hardware: Decimal | None
    software: Decimal | None
    operation: Decimal | None
    on: dt.date | None
    is_inspected: bool | None

    @property
    def url(self):
        return reverse("homes:home", args=[self.pk])

    @property
    def community(self):
        return in_language(self.community__name_en or self.community__name, self.community__name)

    @property
    def grade_words(self):
        return Grade(self.grade).label if self.grade else _("not checked yet")

    @property
    def street_code(self):
        return self.community_id[:STREET_DIGITS]

    @cached_property
    def needs(self):
        """What makes it needy, in words, the heaviest first."""
        words = []
        if self.bar_count:
            words.append(_("must be met and is not: %(codes)s") % {"codes": self.bars})
        if n := self.overdue:
            words.append(ngettext("%(n)s repair overdue", "%(n)s repairs overdue", n) % {"n": n})
        if n := self.low_count:
            words.append(ngettext("%(n)s section below 70", "%(n)s sections below 70", n) % {"n": n})
        if not self.inspected_this_year:
            words.append(_("not inspected this year"))
        return words

    @property
    def mark(self):
        """(a sign that needs no colour, its words) of how needy it is."""
        if self.bar_count:
            return MARKS["barred"]
        if self.overdue or self.low_count:
            return MARKS["needy"]
        return MARKS["fine"] if self.inspected_this_year else MARKS["unknown"]


MARKS = {
    "barred": ("■", gettext_lazy("a requirement that must be met is not")),
    "needy": ("▲", gettext_lazy("repairs overdue or sections below 70")),
    "unknown": ("○", gettext_lazy("not inspected this year")),
    "fine": ("●", gettext_lazy("nothing that presses")),
}


class Comparison:
    """What `user` compares: the Homes of all divisions in reach, of `division`, or of the street that was asked for."""

    def __init__(self, user, asked, *, division=None, today=None):
        self.today = today or timezone.localdate()
        self.order = asked.get("order") if asked.get("order") in ORDERS else NEED
        self.scope = Scope.of(*user.codes_for(Home))
        self.streets = list(Division.objects.filter(self.scope.at("code"), level="street").order_by("code"))
        self.street = next((s for s in self.streets if s.pk == asked.get("street")), None)
        self.homes, self.standings = Home.objects.visible_to(user), Standing.objects.visible_to(user)
        if narrowed := self.street or division:
            within = Scope.of(narrowed.pk)
            self.homes, self.standings = self.homes.within(within), self.standings.within(within)

    @property
    def printed(self):
        """The division whose Homes these are on paper; None where they lie in several."""
        codes = self.scope.codes
        place = self.street.pk if self.street else codes[0] if len(codes) == 1 else None
        return Division.objects.filter(pk=place).first()

    def rows(self):
        """The Homes in the order asked for, as tuples that make a `Line`."""
        found = compared(self.homes, self.today)
        return found.order_by(*(BY_SCORE if self.order == RANK else BY_NEED)).values_list(*COLUMNS)

    def by_street(self):
        """[(street, how many Homes, the neediest of them)], street by street."""
        most = OF_ONE_STREET if self.street else ON_THE_MAP
        street = Left("community_id", STREET_DIGITS)
        place = Window(RowNumber(), partition_by=[street], order_by=BY_NEED)
        of_street = Window(Count("pk"), partition_by=[street])
        found = compared(self.homes, self.today).annotate(place=place, of_street=of_street).filter(place__lte=most)
        groups: dict[str, tuple[int, list[Line]]] = {}
        for *facts, number in found.order_by(street, "place").values_list(*COLUMNS, "of_street"):
            line = Line(*facts)
            groups.setdefault(line.street_code, (number, []))[1].append(line)
        names = {street.pk: street for street in self.streets} or Division.objects.in_bulk(groups)
        return [(names.get(code), *group) for code, group in sorted(groups.items())]

    @cached_property
    def by_year(self):
        """A dict for each of five years: its Homes, their mean score (rounded down, as scores are), their grades."""
        first = self.today.year - YEARS + 1
        found = self.standings.filter(year__gte=first, year__lte=self.today.year).order_by().values("year")
        sums = found.annotate(
            homes=Count("pk"),
            mean=Avg("score"),
            inspected=Count("pk", Q(is_inspected=True)),
            **{str(grade): Count("pk", Q(grade=grade)) for grade in Grade.values},
        )
        by_year = {row["year"]: row | {"mean": row["mean"].quantize(Decimal("0.1"), ROUND_FLOOR)} for row in sums}
        return [by_year.get(year, {"year": year, "homes": 0}) for year in range(first, self.today.year + 1)]

    @property
    def trend(self):
        """The mean of each year as a drawing; None where fewer than two years have one."""
        return Trend.of_years([(row["year"], row["mean"]) for row in self.by_year if row["homes"]])


@require_safe
def comparison(request):
    """The Homes in reach side by side, as a table or street by street."""
    asked, is_map = Comparison(request.user, request.GET), request.GET.get("show") == "map"
    context = {
        "asked": asked,
        "orders": ORDERS.items(),
        "trend": asked.trend,
        "printed": asked.printed.pk if asked.printed else None,
        "is_map": is_map,
        "table_url": _address(asked),
        "map_url": _address(asked, show="map"),
    }
    if is_map:
        groups = asked.by_street()
        context |= {"groups": groups, "marks": MARKS.values(), "number": sum(number for _s, number, _l in groups)}
    else:
        page = Paginator(asked.rows(), PER_PAGE).get_page(request.GET.get("page"))
        lines = [Line(*facts) for facts in page.object_list]
        context |= {"page": page, "lines": lines, "number": page.paginator.count}
    # A longer list needs a second person, whom the federation has not: a street is chosen first.
    context["is_short"] = context["number"] <= settings.EXPORT_ROWS_ALONE
    return render(request, "homes/comparison.html", context)


def _address(asked, **query):
    return "?" + urlencode(query | ({"street": asked.street.pk} if asked.street else {}))
