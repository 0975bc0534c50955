"""The comparison of Homes as a workbook: the Homes and the order on screen. It names no child."""

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from homes.comparing import Comparison, Line
from homes.models import Inspection
from records.exports import export
from records.workbooks import Column, Sheet

AT_A_TIME = 500


def _columns():
    grades = dict(Inspection.Grade.choices)
    return [
        Column((_("Home"),), lambda line: line.name, 24),
        Column((_("Community"),), lambda line: line.community, 18),
        Column((pgettext("of a Home", "Need"),), lambda line: "; ".join(line.needs), 40),
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
