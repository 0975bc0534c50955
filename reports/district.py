"""What the federation reads: frozen figures of accepted reports, never a row, with small counts hidden."""

from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET

from communities.models import Division
from records import measures
from records.scoping import Scope
from reports import layout
from reports import quarters as q
from reports.models import Figure, QuarterlyReport
from reports.suppression import hidden

READ = "read"


@dataclass(frozen=True)
class Shown:
    """A number as the federation sees it: the number, or hidden because it is small or would reveal one that is."""

    value: int | None

    @property
    def is_hidden(self):
        return self.value is None


class Published:
    """The figures of one quarter that a person may read, suppressed once for all pages so that pages cannot be
    played against each other. Keys are (measure, code) and (measure, district, breakdown, part)."""

    def __init__(self, user, period):
        self.scope = Scope.of(*user.codes_for(QuarterlyReport, READ))
        self.reports = list(QuarterlyReport.objects.visible_to(user, READ).of(period).accepted())
        self.divisions = {d.pk: d for d in Division.objects.within(self.scope)}
        self.values: dict = {}
        self.sums: list = []
        self._add_figures()
        self.hidden = set()
        for key in {key[0] for key in self.values}:
            if measures.get(key).hides_small:
                own = {k: v for k, v in self.values.items() if k[0] == key}
                self.hidden |= hidden(own, [s for s in self.sums if s[0][0] == key])

    def _add_figures(self):
        figures = Figure.objects.filter(report__in=self.reports).values_list(
            "measure", "community_id", "breakdown", "part", "value"
        )
        for measure, community, breakdown, part, value in figures:
            if breakdown:
                self._add((measure, community[:6], breakdown, part), value)
            else:
                for code in (community, community[:9], community[:6]):
                    self._add((measure, code), value)
        parts: dict = {}
        for key in self.values:
            total = (key[0], key[1], key[2]) if len(key) == 4 else (key[0], key[1][:-3]) if len(key[1]) > 6 else None
            if total:
                parts.setdefault(total, []).append(key)
        self.sums = [(key[:2], members) for key, members in parts.items() if key[:2] in self.values]

    def _add(self, key, value):
        self.values[key] = self.values.get(key, 0) + value

    def show(self, *key):
        if key in self.hidden:
            return Shown(None)
        return Shown(self.values.get(key, 0))

    def lines(self, members, division):
        """[(measure, shown)] of those measures that have a figure for the division."""
        return [(m, self.show(m.key, division.pk)) for m in members if (m.key, division.pk) in self.values]

    def districts(self):
        return [d for d in self.divisions.values() if d.level == "district"]


@require_GET
def overview(request):
    """Each district's figures for a quarter, and how many communities they come from."""
    period = q.read(request.GET.get("quarter")) or q.last_ended()
    published = Published(request.user, period)
    districts = []
    for district in published.districts():
        communities = [d for d in published.divisions.values() if d.level == "community" and d.pk[:6] == district.pk]
        sections = [
            (
                title,
                [(m, published.show(m.key, district.pk)) for m in members if (m.key, district.pk) in published.values],
            )
            for title, members in layout.sections()
        ]
        counted = {r.community_id for r in published.reports}
        districts.append(
            {
                "district": district,
                "sections": [(title, lines) for title, lines in sections if lines],
                "counted": len([c for c in communities if c.pk in counted]),
                "communities": len(communities),
                "missing": [c for c in communities if c.pk not in counted],
            }
        )
    return render(request, "reports/district.html", {"districts": districts, **_choices(period)})


@require_GET
def one_measure(request, key):
    """One measure by street and community, and by its parts for the district."""
    try:
        found = measures.get(key)
    except KeyError:
        raise Http404 from None
    period = q.read(request.GET.get("quarter")) or q.last_ended()
    published = Published(request.user, period)
    rows = [
        (division, published.show(key, code))
        for code, division in sorted(published.divisions.items())
        if (key, code) in published.values
    ]
    breakdowns = [
        (
            breakdown.label,
            [
                (words, published.show(key, district.pk, name, part))
                for part, words in breakdown.groups.items()
                if (key, district.pk) in published.values
            ],
        )
        for district in published.districts()
        for name, breakdown in found.breakdowns.items()
    ]
    context = {"measure": found, "rows": rows, "breakdowns": breakdowns, **_choices(period)}
    return render(request, "reports/district_measure.html", context)


def _choices(period):
    return {
        "period": period,
        "written": q.written(period),
        "choices": [(q.written(p), p.label) for p in q.recent(9)[1:]],
    }
