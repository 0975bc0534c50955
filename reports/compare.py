"""Streets or communities side by side: the figures and quarters one chooses, in the order of any of them."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from communities.models import Division
from records import measures
from reports import quarters as q
from reports.choices import LEVELS, QUARTERS_AT_MOST, Choices, figures_offered, quarters_offered
from reports.models import SavedView
from reports.published import Published, chosen_district, inside, key_of
from reports.tables import Head, Table, asked_for, workbook


@require_GET
def compare(request):
    district, districts = chosen_district(request.user, request.GET.get("district", ""))
    if district is None:
        return render(request, "reports/district.html", {"districts": []})
    choices = Choices.read(request.GET, district, quarters_at_most=QUARTERS_AT_MOST)
    table = _table(request.user, district, choices)
    if asked_for(request, [table]):
        labels = " · ".join(str(period.label) for period in choices.periods)
        return workbook(table, district, labels, by=request.user)
    context = {
        "district": district,
        "districts": districts,
        "choices": choices,
        "address": choices.written(),
        "table": table,
        "figures": figures_offered(),
        "quarters": [(q.written(p), p.label) for p in quarters_offered()],
        "levels": [(level, Division.Level(level).label) for level in LEVELS],
        "page": SavedView.Page.COMPARE,
    }
    return render(request, "reports/compare.html", context)


def _table(user, district, choices):
    """A row for each division, a column for each figure in each quarter (oldest first)."""
    periods = choices.periods[::-1]
    found = Published(user, district).of_level(choices.figures, periods, choices.level)
    columns = [(measures.get(key), period) for key in choices.figures for period in periods]
    rows = [
        [place, *(found.get((measure.key, key_of(period), place.pk)) for measure, period in columns)]
        for place in inside(district, choices.level)
    ]
    column = abs(choices.sort)
    if 0 < column <= len(columns):
        rows = in_order(rows, column, largest_first=choices.sort < 0)
    heads = [Head(Division.Level(choices.level).label, is_number=False)]
    heads += [_head(number, *head, choices) for number, head in enumerate(columns, 1)]
    return Table("compare", _("Streets and communities compared"), heads, [[str(row[0]), *row[1:]] for row in rows])


def in_order(rows, column, *, largest_first):
    """Rows by the numbers of a column that are shown. Hidden ones stand last, by their code: an order would tell."""
    shown = [row for row in rows if row[column] is not None and not row[column].is_hidden]
    ordered = sorted(shown, key=lambda row: row[column].value, reverse=largest_first)
    return ordered + [row for row in rows if row not in shown]


def _head(number, measure, period, choices):
    sort = number if choices.sort == -number else -number
    order = {number: "ascending", -number: "descending"}.get(choices.sort, "")
    address = f"{reverse('reports:district_compare')}?{choices.written(sort=sort)}"
    return Head(f"{measure.label}, {period.label}", url=address, order=order)
