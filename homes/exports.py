"""The comparison of Homes, and the plan of visits to them, as workbooks. They name no child."""

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from homes.comparing import Comparison, Line
from homes.models import EvaluationYear, Inspection
from homes.planned import planned_visits, street_asked
from records.exports import export
from records.text import clean_key
from records.wording import enumerated
from records.workbooks import Column, Sheet

AT_A_TIME = 500


def _columns():
    grades = dict(Inspection.Grade.choices)
    return [
        Column((_("Home"),), lambda line: line.name, 24),
        Column((_("Community"),), lambda line: line.community, 18),
        Column((pgettext("of a Home", "Need"),), lambda line: enumerated(line.needs), 40),
        Column((_("Score"),), lambda line: _plain(line.score), 8),
        Column((_("Grade"),), lambda line: grades.get(line.grade, _("not checked yet")), 12),
        Column((_("Facilities"),), lambda line: _plain(line.hardware), 10),
        Column((_("Management"),), lambda line: _plain(line.software), 10),
        Column((_("Operation"),), lambda line: _plain(line.operation), 10),
        Column((_("Repairs overdue"),), lambda line: str(line.overdue), 10),
        Column((_("Last check"),), lambda line: line.on.isoformat() if line.on else "", 12),
    ]


def _plain(number):
    return "" if number is None else str(number)


@export("home_comparison", title=gettext_lazy("Comparison of the Homes"), needs="homes.view_home")
def home_comparison(request, params):
    asked = Comparison(request.user, QueryDict(params))
    rows = asked.rows()
    return Sheet(
        title=_("Comparison of the Homes"),
        subtitle=str(asked.street or ""),
        count=rows.order_by().count(),
        rows=(Line(*facts) for facts in rows.iterator(chunk_size=AT_A_TIME)),
        columns=_columns(),
        back_url=reverse("evaluations:comparison") + (f"?{params}" if params else ""),
        numbered="#",
        file_name="homes",
    )


def _plan_columns(visits):
    columns = [
        Column((_("Day"),), lambda visit: visit.on.isoformat(), 12),
        Column((_("Who inspects"),), lambda visit: visit.inspector, 14),
        Column((_("Home"),), lambda visit: visit.home, 24),
        Column((_("Community"),), lambda visit: str(visit.community), 18),
        Column((_("Street"),), lambda visit: str(visit.street), 18),
        Column((_("Address of the Home"),), lambda visit: visit.address, 30),
    ]
    if any(visit.manager for visit in visits):
        columns += [
            Column((pgettext("of a Home", "Manager"),), lambda visit: visit.manager.name if visit.manager else "", 14),
            Column((_("Phone"),), lambda visit: visit.manager.phone if visit.manager else "", 14),
        ]
    return columns


@export("evaluation_plan", title=gettext_lazy("Plan of the visits to the Homes"), needs="homes.view_evaluation")
def evaluation_plan(request, params):
    asked = QueryDict(params)
    year = EvaluationYear.objects.visible_to(request.user).filter(pk=clean_key(asked.get("year"))).first()
    if year is None:
        raise Http404
    street = street_asked(request.user, asked.get("street"))
    visits = planned_visits(request.user, year, street)
    return Sheet(
        title=_("Plan of the visits to the Homes"),
        subtitle=f"{year} · {street or year.district}",
        count=len(visits),
        rows=visits,
        columns=_plan_columns(visits),
        back_url=year.get_absolute_url(),
        numbered="#",
        file_name="visits",
    )
