"""What visits of a year say together: for exchange meetings (what is done well) and special meetings (summary, opinions
and requirements)."""

from collections import Counter

from django.db.models import Count

from appraisal.models import Demand, Finding, Visit
from appraisal.points import BY_KEY, POINTS

SHOWN = 20


def of_year(user, year, place=None):
    """What `user` sees of it: {"visits": number, "lines": [(point, [met, partly met, not met])], "well": …, …}."""
    visits = Visit.objects.visible_to(user).held().of_year(year)
    if place:
        visits = visits.filter(community=place)
    findings = Finding.objects.filter(visit__in=visits.order_by().values("pk"))
    counted = findings.order_by().values_list("point", "verdict").annotate(n=Count("pk"))
    numbers: dict[str, Counter] = {}
    for point, verdict, n in counted:
        numbers.setdefault(point, Counter())[verdict] = n
    demands = Demand.objects.visible_to(user).filter(visit__in=visits.order_by().values("pk"))
    well = findings.filter(verdict=Finding.Verdict.MET).exclude(words="").select_related("visit__community")
    return {
        "visits": visits.count(),
        "lines": [_line(point, numbers[point.key]) for point in POINTS if point.key in numbers],
        "well": [(BY_KEY.get(one.point), one) for one in well.order_by("-visit__day", "pk")[:SHOWN]],
        "opinions": visits.exclude(opinions="").select_related("community").order_by("-day", "-pk")[:SHOWN],
        "demands": demands.unsettled().select_related("community")[:SHOWN],
        "open": demands.unsettled().count(),
        "met": demands.filter(status=Demand.Status.CLOSED).count(),
    }


def _line(point, counts):
    verdicts = Finding.Verdict
    return point, [counts[v] for v in (verdicts.MET, verdicts.PARTLY, verdicts.NOT_MET)]
