"""A quarter's drawing and the district's overview: 4 communities, and 200 communities with a million children.

The reports of eight quarters are made as rows: what drawing costs is asked apart. Beside each stand the single best
statement for the same figures, and counting figure by figure, community by community.
"""

import statistics
import time

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bench.population import person, spread
from bench.turns import ROUNDS, asked_again, reads_of
from communities.models import Division
from records.scoping import Scope
from reports import drawing, layout
from reports import quarters as q
from reports.choices import figures_offered
from reports.models import QuarterlyReport

DISTRICT = "150902"
CHILDREN_OF_ONE = 5_000  # in each community: a million in 200
QUARTERS = 8
SAMPLE = 2  # communities counted figure by figure; the rest would take as long, each


def measure(communities, word):
    world = fill(communities)
    figures = {"loading": {"ms": world.loading}}
    for question in (overview, comparison, quarter):
        if word in question.__doc__:
            figures[question.__doc__] = question(world)
    return figures


def fill(communities):
    begun = time.perf_counter()
    codes = divisions(communities)
    world = spread(communities * CHILDREN_OF_ONE, codes)
    world.codes, world.reader = codes, person("federation_officer", DISTRICT, "reader")
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        for period in q.recent(QUARTERS + 1)[1:]:
            report(cursor, codes, period)
        cursor.execute("ANALYZE")
    world.loading = (time.perf_counter() - begun) * 1000
    return world


def divisions(communities):
    """Eight streets with so many communities, a street at the least with one."""
    Division.objects.create(code=DISTRICT, name="集宁区", level="district")
    streets = [f"{DISTRICT}{n:03}" for n in range(1, min(8, communities) + 1)]
    Division.objects.bulk_create(Division(code=s, name=f"街道{s}", level="street", parent_id=DISTRICT) for s in streets)
    codes = sorted(f"{streets[n % len(streets)]}{n // len(streets) + 1:03}" for n in range(communities))
    Division.objects.bulk_create(
        Division(code=code, name=f"社区{code}", level="community", parent_id=code[:9]) for code in codes
    )
    return codes


def report(cursor, codes, period):
    """An accepted report of every community, with numbers from 0 to 59 whose parts add up to them."""
    of = {"year": period.start.year, "quarter": period.number, "due_on": period.end, "handed_in_on": period.end}
    of |= {"status": "accepted", "done": "完成"}
    QuarterlyReport.objects.bulk_create(
        QuarterlyReport(community_id=code, district=DISTRICT, submitted_at=timezone.now(), **of) for code in codes
    )
    for measure in figures_offered():
        cells = [("", "", "n")]
        for name, breakdown in measure.breakdowns.items():
            first, *others = breakdown.groups
            count = len(breakdown.groups)
            cells += [(name, part, f"n / {count}") for part in others]
            cells.append((name, first, f"n - n / {count} * {count - 1}"))
        for name, part, value in cells:
            cursor.execute(
                f"""INSERT INTO reports_figure (report_id, community_id, district, measure, breakdown, part, value,
                        definition_version, drawn_at)
                    SELECT id, community_id, district, %s, %s, %s, {value}, 1, now() FROM reports_quarterlyreport,
                        LATERAL (SELECT abs(hashtext(community_id || %s)) %% 60 AS n) AS number
                    WHERE year = %s AND quarter = %s""",
                [measure.key, name, part, measure.key, period.start.year, period.number],
            )


OVERVIEW_AT_ONCE = """SELECT year, quarter, measure, sum(value), count(*) FROM reports_figure f
    JOIN reports_quarterlyreport r ON r.id = f.report_id
    WHERE r.district = %s AND r.status = 'accepted' AND f.breakdown = '' GROUP BY year, quarter, measure"""


def overview(world):
    """overview of a district"""
    address = reverse("reports:district")
    client = world.client(world.reader)
    begun = time.perf_counter()
    client.get(address)
    first = (time.perf_counter() - begun) * 1000  # publishes eight quarters
    found = _page(client, address)
    return found | {
        "first": first,
        "floor": _median(lambda _: _ask(OVERVIEW_AT_ONCE, [DISTRICT])),
        "naive": _median(lambda _: _count_frozen(world), repeats=1),
    }


def comparison(world):
    """comparison of all communities"""
    keys = "&".join(f"figure={measure.key}" for measure in figures_offered()[:6])
    return _page(world.client(world.reader), f"{reverse('reports:district_compare')}?level=community&{keys}")


def _page(client, address):
    ask = lambda _world: client.get(address)  # noqa: E731
    assert ask(None).status_code == 200
    with CaptureQueriesContext(connection) as made:
        ask(None)
    reads = reads_of(ask, None)
    return {
        "queries": len(made),
        "ms": _median(ask, ROUNDS),
        "reads": _median(lambda _: asked_again(reads), ROUNDS),
    }


def _count_frozen(world):
    """The overview's figures one by one: each measure of each quarter of each community."""
    reports = QuarterlyReport.objects.filter(district=DISTRICT).accepted()
    for found in reports.iterator():
        for measure in figures_offered():
            found.figures.filter(measure=measure.key, breakdown="").values_list("value", flat=True).first()


def quarter(world):
    """a quarter drawn for the district"""
    period = q.last_ended()
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    with CaptureQueriesContext(connection) as made:
        drawn = drawing.draw(Scope.of(DISTRICT), period)
    few = world.codes[:SAMPLE]
    figure_by_figure = _median(lambda _: _count_live(few, period), repeats=1)
    return {
        "queries": len(made),
        "ms": _median(lambda _: drawing.draw(Scope.of(DISTRICT), period), repeats=3),
        "floor": _median(lambda _: at_once(drawn, period), repeats=3),
        "naive": figure_by_figure * len(world.codes) / len(few),
    }


def _count_live(codes, period):
    """Every figure and every part of every community, each by a statement of its own."""
    for code in codes:
        scope = Scope.of(code)
        for _title, members in layout.sections():
            for measure in members:
                measure.count(scope, period)
                for breakdown in measure.breakdowns.values():
                    rows = measure.rows(scope, period).annotate(part=breakdown.expression(period))
                    for part in breakdown.groups:
                        rows.filter(part=part).count()


def at_once(drawn, period):
    """One statement with a row for each community and part of each measure: what PostgreSQL needs alone."""
    scope = Scope.of(DISTRICT)
    statements, values = [], []
    for line in drawn.lines():
        rows = line.measure.rows(scope, period).order_by()
        parts = {f"part_{n}": b.expression(period) for n, b in line.measure.breakdowns.items()}
        sql, params = rows.annotate(**parts).values_list(rows.model.community_path, *parts).query.sql_with_params()
        columns = ", ".join(f"c{n}::text" for n in range(1, len(parts) + 2))
        names = ", ".join(f"c{n}" for n in range(1, len(parts) + 2))
        sets = ", ".join(["(c1)", *(f"(c1, c{n})" for n in range(2, len(parts) + 2))])
        statements.append(
            f"SELECT concat_ws('/', {columns}), count(*) FROM ({sql}) AS t({names}) GROUP BY GROUPING SETS ({sets})"
        )
        values += params
    return _ask(" UNION ALL ".join(statements), values)


def _ask(sql, params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _median(ask, repeats=5):
    costs = []
    for _ in range(repeats):
        begun = time.perf_counter()
        ask(None)
        costs.append((time.perf_counter() - begun) * 1000)
    return statistics.median(costs)


def print_table(sizes, results):
    """`own`: the page's own statements, or the drawing. `floor`: the best single statement. `naive`: how often counting
    figure by figure costs our own."""
    head = "".join(f"{size:>12,}" for size in sizes)
    print(
        f"{'communities':36}{head}{'queries':>9}{'growth':>8}{'reads':>10}{'floor':>11}{'by floor':>10}{'naive by':>10}"
    )
    for words, last in results[-1].items():
        costs = [figures[words]["ms"] for figures in results]
        line = f"{words:36}" + "".join(f"{ms:>10.1f}ms" for ms in costs)
        if "queries" in last:
            line += f"{last['queries']:>9}{costs[-1] / costs[0]:>8.2f}"
            own = last.get("reads", last["ms"])
            line += f"{own:>8.1f}ms"
            if floor := last.get("floor"):
                line += f"{floor:>9.1f}ms{own / floor:>10.2f}{last['naive'] / own:>10.1f}"
        if first := last.get("first"):
            line += f"   published in {first:,.0f} ms"
        print(line)
