"""The year's visits with what they require, and its commendations, as workbooks: the rows on screen."""

from dataclasses import dataclass
from itertools import islice

from django.db.models import Prefetch
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal.lists import VisitFilter, chosen_year, commendations_of, told_to
from appraisal.models import Demand, Visit
from appraisal.points import BY_KEY
from records.exports import export
from records.wording import enumerated
from records.workbooks import Column, Sheet

AT_A_TIME = 500


@dataclass(frozen=True)
class Line:
    """A visit with one of its requirements, or with none."""

    visit: Visit
    demand: Demand | None = None

    @property
    def answer(self):
        """What the community did last about the requirement."""
        answers = self.demand.answers.all() if self.demand else []
        return max(answers, key=lambda answer: answer.pk, default=None)


def _visit_columns():
    return [
        Column((_("Day"),), lambda line: line.visit.day.isoformat(), 12),
        Column((_("Community"),), lambda line: str(line.visit.community), 18),
        Column((_("Inspected by"),), lambda line: str(line.visit.office), 18),
        Column((_("Who comes"),), lambda line: line.visit.visitors, 20),
        Column((_("Status"),), lambda line: line.visit.get_status_display(), 10),
        Column((_("What is looked at"),), lambda line: _points(line.visit), 40),
        Column((_("Summary"),), lambda line: line.visit.summary, 40),
        Column((_("Opinions"),), lambda line: line.visit.opinions, 40),
        Column((_("Why called off"),), lambda line: line.visit.why_called_off, 20),
        _of_demand(_("What is required"), lambda demand: demand.what, 40),
        _of_demand(_("About which point"), lambda demand: _point(demand.point), 20),
        _of_demand(_("By when"), lambda demand: demand.due_on.isoformat(), 12),
        _of_demand(_("State of the requirement"), lambda demand: demand.get_status_display(), 18),
        _of_demand(_("Settled on"), lambda demand: demand.settled_on.isoformat() if demand.settled_on else "", 12),
        _of_demand(_("Why withdrawn"), lambda demand: demand.why_withdrawn, 20),
        Column((_("What the community did"),), lambda line: line.answer.text if line.answer else "", 40),
        Column((_("What is still missing"),), lambda line: line.answer.remark if line.answer else "", 30),
    ]


def _of_demand(words, value, width):
    return Column((words,), lambda line: value(line.demand) if line.demand else "", width)


def _points(visit):
    return enumerated([*(str(point.label) for point in visit.listed_points), *filter(None, [visit.focus])])


def _point(key):
    return str(BY_KEY[key].label) if key in BY_KEY else ""


@export("supervision_visits", title=gettext_lazy("Supervision visits"), needs="appraisal.view_visit")
def supervision_visits(request, params):
    """A line for each requirement of a visit, one for a visit without any: the year's plan and what came of it."""
    asked = VisitFilter(request.user, QueryDict(params))
    visits, demands = asked.rows(), Demand.objects.visible_to(request.user)
    of_visits = demands.filter(visit__in=visits.order_by().values("pk")).order_by()
    bare = visits.exclude(pk__in=of_visits.values("visit"))
    return Sheet(
        title=_("Supervision visits"),
        subtitle=f"{asked.year} {asked.place or ''}".strip(),
        count=of_visits.count() + bare.order_by().count(),
        rows=_lines(visits.prefetch_related(Prefetch("demands", demands), "demands__answers")),
        columns=_visit_columns(),
        back_url=reverse("supervision:visits") + (f"?{params}" if params else ""),
        numbered="#",
        file_name="supervision-visits",
    )


def _lines(visits):
    for visit in visits.iterator(chunk_size=AT_A_TIME):
        for demand in list(visit.demands.all()) or [None]:
            yield Line(visit, demand)


def _award_columns():
    return [
        Column((_("Commended"),), lambda award: award.named.words, 24),
        Column((_("In one line"),), lambda award: award.nomination.title, 30),
        Column((_("Kind"),), lambda award: award.nomination.call.get_kind_display(), 20),
        Column((_("Call for nominations"),), lambda award: award.nomination.call.title, 24),
        Column((_("Community"),), lambda award: str(award.nomination.community), 18),
        Column((_("Awarded by"),), lambda award: str(award.nomination.call.division), 18),
        Column((_("Day of the decision"),), lambda award: award.nomination.decided_on.isoformat(), 14),
        Column((_("Number of the certificate"),), lambda award: award.nomination.shown_number, 22),
        Column((_("Published"),), lambda award: _("published") if award.is_public else "", 12),
    ]


@export("commendations", title=gettext_lazy("Commendations"), needs="appraisal.view_nomination")
def commendations(request, params):
    """What was awarded for a year, with the names that this person may read."""
    year, _years = chosen_year(QueryDict(params))
    rows = commendations_of(request.user, year)
    return Sheet(
        title=_("Commendations"),
        subtitle=str(year),
        count=rows.order_by().count(),
        rows=_told(rows, request.user),
        columns=_award_columns(),
        back_url=reverse("appraisal:commendations") + (f"?{params}" if params else ""),
        numbered="#",
        file_name="commendations",
    )


def _told(rows, user):
    """Some hundreds at a time."""
    rows = rows.iterator(chunk_size=AT_A_TIME)
    for some in iter(lambda: list(islice(rows, AT_A_TIME)), []):
        yield from told_to(user, some)
