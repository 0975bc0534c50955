"""What we count: every measure with its definition, and one number explained with the rows behind it."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from communities.models import Division
from records import measures
from records.measures import AHEAD, GAP, Period
from records.scoping import Scope
from records.text import clean_code
from reports import layout
from reports import quarters as q

ROWS_PER_PAGE = 50
KINDS = {GAP: _("Gaps on workdesk and gap board"), AHEAD: _("Coming days")}


@require_GET
def measures_list(request):
    """Every measure with its definition, rule of period and version, for everyone; `q` looks for words in them."""
    sought = request.GET.get("q", "").strip()[:100].casefold()
    inside = {m.key for _title, ms in layout.sections() for m in ms}
    others: dict = {}
    for one in measures.all_measures():
        if one.key not in inside:
            others.setdefault(KINDS.get(one.kind, _("Other figures")), []).append(one)
    sections = [(title, found) for title, ms in [*layout.sections(), *others.items()] if (found := _with(sought, ms))]
    context = {"sections": sections, "inside": inside, "sought": request.GET.get("q", "")}
    return render(request, "reports/measures.html", context)


def _with(sought, found):
    return [m for m in found if sought in f"{m.label} {m.definition} {m.key}".casefold()]


@require_GET
def measure(request, key):
    """One number explained: its definition for all, its count by community and its rows for those who may see rows."""
    try:
        found = measures.get(key)
    except KeyError:
        raise Http404 from None
    period = q.read(request.GET.get("quarter")) or Period.quarter_of(timezone.localdate())
    scope = Scope.of(*request.user.codes_for(found.model))
    asked = clean_code(request.GET.get("community", ""))
    place = Division.objects.within(scope).filter(pk=asked).first() if asked and scope.codes else None
    context = {"measure": found, "period": period, "written": q.written(period), "may_see_rows": bool(scope.codes)}
    context["choices"] = [(q.written(p), p.label) for p in q.recent()]
    context["place"] = place
    if scope.codes:
        narrowed = Scope.of(place.pk) if place else scope
        counts = found.per_community(narrowed, period)
        names = Division.objects.in_bulk(counts)
        context["counts"] = sorted(((names.get(code), n) for code, n in counts.items()), key=lambda pair: -pair[1])
        context["total"] = sum(counts.values())
        rows = found.rows_for(request.user, narrowed, period).order_by("pk")
        context["page"] = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "reports/measure.html", context)
