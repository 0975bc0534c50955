"""Publishing the figures of accepted reports: decided by `reports.deciding`, kept as rows.

Each night, and when somebody looks earlier.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone

from communities.models import Division
from records import measures
from records.measures import Period
from reports import layout
from reports import quarters as q
from reports.deciding import Cell, Decision
from reports.models import Amendment, Figure, PublishedFigure, PublishedQuarter, QuarterlyReport

CLOSES_AFTER = dt.timedelta(days=30)  # from the quarter's end; then what came and left is told of those that are in


def bring_up_to_date(district):
    """Publish what was accepted since somebody last looked, oldest quarter first; how many quarters.

    Three queries where nothing was.
    """
    kept = PublishedQuarter.objects.filter(district=district).values_list("year", "quarter", "mark")
    kept = {(year, quarter): mark for year, quarter, mark in kept}
    outdated = [(quarter, mark) for quarter, mark in _marks(district) if kept.get(quarter) != mark]
    for quarter, mark in outdated:
        _publish(district, Period.quarter(*quarter), mark)
    return len(outdated)


def is_closed(period):
    return timezone.localdate() > period.end + CLOSES_AFTER


def _marks(district):
    """[((year, quarter), what its figures follow from)]: its accepted reports and amendments, those of the quarter
    before, its closing."""
    accepted = QuarterlyReport.objects.filter(district=district).accepted().order_by()
    counted = accepted.values_list("year", "quarter").annotate(Count("pk"), Sum("version"))
    amendments = Amendment.objects.filter(district=district).accepted().order_by()
    amendments = amendments.values_list("report__year", "report__quarter").annotate(Count("pk"))
    amended = {(year, number): n for year, number, n in amendments}
    own = {
        (year, number): f"{n}.{versions}.{amended.get((year, number), 0)}"
        for year, number, n, versions in sorted(counted)
    }
    for (year, number), mark in own.items():
        earlier = own.get((year, number - 1) if number > 1 else (year - 1, 4), "")
        yield (year, number), f"{mark}/{earlier}/{'closed' * is_closed(Period.quarter(year, number))}"


@transaction.atomic
def _publish(district, period, mark):
    """One decides at a time; who comes second finds it done."""
    asked = {"district_id": district, "year": period.start.year, "quarter": period.number}
    PublishedQuarter.objects.get_or_create(**asked)
    kept = PublishedQuarter.objects.select_for_update().get(**asked)
    if kept.mark == mark:
        return
    totals, parts = figures_in_force(district, period)
    PublishedFigure.objects.filter(district=district, measure__in=layout.SUMS).of(period).delete()
    rows = _rows(district, period)
    decision = Decision(
        district,
        totals,
        parts,
        cells={name: Cell(row.value, row.communities) for name, row in rows.items()},
        before={name: Cell(row.value, row.communities) for name, row in _rows(district, q.before(period)).items()},
        open_measures={key for key in totals if not _hides_small(key)},
        is_complete=_is_complete(district, totals),
        is_closed=is_closed(period),
    )
    _keep(asked, rows, decision)
    kept.mark = mark
    kept.save(update_fields=["mark"])


def _keep(asked, rows, decision):
    new, changed = [], []
    for name in sorted(decision.run()):
        key, code, breakdown, part = name
        row = rows.get(name) or PublishedFigure(**asked, measure=key, code=code, breakdown=breakdown, part=part)
        row.value, row.communities = decision.cells[name].value, decision.cells[name].communities
        (changed if row.pk else new).append(row)
    PublishedFigure.objects.bulk_create(new, batch_size=2000)
    PublishedFigure.objects.bulk_update(changed, ["value", "communities"], batch_size=2000)


def _rows(district, period):
    kept = PublishedFigure.objects.filter(district=district).of(period)
    return {(row.measure, row.code, row.breakdown, row.part): row for row in kept}


def _hides_small(key):
    try:
        return measures.get(key).hides_small
    except KeyError:  # a measure that is gone; its frozen figures stay
        return True


def _is_complete(district, totals):
    reported = {code for counted in totals.values() for code in counted}
    communities = Division.objects.filter(level="community", parent__parent=district)
    return reported.issuperset(communities.values_list("pk", flat=True))


def figures_in_force(district, period):
    """({measure: {community: total}}, {measure: {(community, breakdown, part): number}}) of accepted reports, as
    accepted amendments corrected them."""
    accepted = QuarterlyReport.objects.filter(district=district).of(period).accepted()
    figures = Figure.objects.filter(district=district, report__in=accepted.order_by().values("pk")).order_by()
    totals: dict = {}
    parts: dict = {}
    for measure, community, breakdown, part, value in figures.values_list(
        "measure", "community_id", "breakdown", "part", "value"
    ).iterator(chunk_size=10_000):
        if breakdown:
            parts.setdefault(measure, {})[community, breakdown, part] = value
        else:
            totals.setdefault(measure, {})[community] = value
    amendments = Amendment.objects.filter(report__in=accepted.order_by().values("pk")).accepted().order_by("number")
    for community, figures in amendments.values_list("community_id", "figures"):
        for measure, corrected in figures.items():
            if community in totals.get(measure, {}):
                totals[measure][community] = corrected["value"]
                parts[measure] = _corrected(parts.get(measure, {}), community, corrected["parts"])
    return totals, parts


def _corrected(parts, community, by_breakdown):
    others = {name: n for name, n in parts.items() if name[0] != community}
    own = {(community, name, part): n for name, counted in by_breakdown.items() for part, n in counted.items()}
    return others | own
