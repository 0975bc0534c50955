"""What became of a giver's money in a period: by masked name and community, on a page, on paper and as a workbook."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import Division
from records.days import clean_day
from records.scoping import Scope
from records.trail import log_act
from records.wording import listed
from support.models import Payment, Sheet

PAID = Q(status__in=[Payment.Status.PAID, Payment.Status.CONFIRMED])


@dataclass(frozen=True)
class Line:
    masked_name: str
    community: Any
    planned: Decimal
    paid: Decimal
    confirmed: Decimal


@dataclass(frozen=True)
class Statement:
    giver: str
    kinds: list
    start: dt.date
    end: dt.date
    lines: list[Line]
    children: int

    def _sum(self, name):
        return sum((getattr(line, name) for line in self.lines), Decimal(0))

    @property
    def planned(self):
        return self._sum("planned")

    @property
    def paid(self):
        return self._sum("paid")

    @property
    def confirmed(self):
        return self._sum("confirmed")


def statement_of(kinds, start, end, user):
    """The payments of these kinds that were made in the period, or were planned for it and are not made yet.

    Of a child whose file went to another district the sums alone are told, to those who read the whole district's.
    """
    here = Scope.of(*user.codes_for(Sheet))
    whole = [kind.pk for kind in kinds if kind.district_id in here]
    gone = Q(application__kind__in=whole) & ~Q(district=F("application__kind__district"))
    names = Sheet.objects.current().filter(application=OuterRef("application")).values("masked_name")[:1]
    rows = (
        Payment.objects.filter(here.q(Payment) | gone)
        .exclude(status=Payment.Status.CANCELLED)
        .annotate(day=Coalesce("paid_on", "planned_on"))
        .filter(application__kind__in=kinds, day__gte=start, day__lte=end)
    )
    by_application = (
        rows.order_by()
        .values("application", "application__child", "community")
        .annotate(
            masked=Subquery(names),
            planned=Sum("amount"),
            paid=Sum("amount", filter=PAID, default=Decimal(0)),
            confirmed=Sum("amount", filter=Q(status=Payment.Status.CONFIRMED), default=Decimal(0)),
        )
    )
    found = list(by_application.order_by("community", "application"))
    places = Division.objects.in_bulk({one["community"] for one in found if one["community"] in here})
    lines = [_line(one, places.get(one["community"])) for one in found]
    lines.sort(key=lambda line: not isinstance(line.community, Division))
    givers = list(dict.fromkeys(kind.giver for kind in kinds))
    helped = {one["application__child"] for one in found}
    return Statement(listed(givers), list(kinds), start, end, lines, len(helped))


def _line(one, place):
    """`place`: None where the file went to another district, which nothing is told of."""
    told = (one["masked"] or "**", place) if place else ("**", _("another district"))
    return Line(*told, one["planned"], one["paid"], one["confirmed"])


def asked_days(asked):
    """(first, last) day as the address says; this year so far where it says nothing that is a day."""
    today = timezone.localdate()
    start, end = (clean_day(asked.get(name)) for name in ("start", "end"))
    return start or today.replace(month=1, day=1), end or today


def workbook(statement, *, by):
    """An .xlsx response: text as text, sums as formulas that work."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet(_("Statement")[:31])
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
        sheet.set_column(0, 1, 22)
        sheet.set_column(2, 4, 14)
        sheet.write_string(0, 0, _("Statement of support"), bold)
        sheet.write_string(1, 0, statement.giver)
        sheet.write_string(2, 0, f"{statement.start} – {statement.end}")
        sheet.write_string(3, 0, _("Children helped"))
        sheet.write_number(3, 1, statement.children)
        titles = [_("Child (masked)"), _("Community"), _("Planned"), _("Paid"), _("Received with signature")]
        for column, title in enumerate(titles):
            sheet.write_string(5, column, title, bold)
        first = 6
        for number, line in enumerate(statement.lines, first):
            sheet.write_string(number, 0, line.masked_name)
            sheet.write_string(number, 1, str(line.community))
            for column, value in enumerate([line.planned, line.paid, line.confirmed], 2):
                sheet.write_number(number, column, value, money)
        last = first + len(statement.lines)
        sheet.write_string(last, 0, _("Sum"), bold)
        for column, value in enumerate([statement.planned, statement.paid, statement.confirmed], 2):
            letter = "ABCDE"[column]
            formula = f"=SUM({letter}{first + 1}:{letter}{last})" if statement.lines else "=0"
            sheet.write_formula(last, column, formula, money, float(value))
    for kind in statement.kinds:
        log_act(by, "exported a statement", kind)
    response = HttpResponse(
        stream.getvalue(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    name = f"support-{statement.start}-{statement.end}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
