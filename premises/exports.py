"""The asset register, the booked calls and the book loans of a Home as workbooks: as filtered on screen."""

import calendar
from itertools import islice

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from premises.asset_list import AssetFilter
from premises.loan_list import TABS, loans_of, shown_of
from premises.models import Booking, Loan
from premises.reach import homes_of
from premises.who import names_for
from records.days import clean_day
from records.exports import export
from records.privacy import BASIC
from records.text import clean_key
from records.workbooks import Column, Sheet

AT_A_TIME = 500


def _columns():
    return [
        Column((_("number in the register"),), lambda a: a.code, 12),
        Column((_("community"),), lambda a: str(a.community), 18),
        Column((_("Home"),), lambda a: a.home.name, 20),
        Column((_("kind of thing"),), lambda a: a.get_kind_display(), 14),
        Column((_("what it is"),), lambda a: a.name, 24),
        Column((_("where it stands"),), lambda a: a.place, 18),
        Column((_("price, yuan"),), lambda a: "" if a.unit_price is None else str(a.unit_price), 10),
        Column((_("checked in on"),), lambda a: a.acquired_on.isoformat(), 12),
        Column((_("how it came"),), lambda a: a.get_origin_display(), 14),
        Column((_("status"),), lambda a: a.get_status_display(), 12),
        Column((_("why it is scrapped"),), lambda a: a.scrap_reason, 24),
    ]


@export("asset_register", title=gettext_lazy("Asset register"), needs="premises.view_asset")
def asset_register(request, params):
    rows = AssetFilter(QueryDict(params)).rows(request.user)
    return Sheet(
        title=_("Asset register"),
        count=rows.order_by().count(),
        rows=rows.iterator(chunk_size=AT_A_TIME),
        columns=_columns(),
        back_url=reverse("premises:assets") + (f"?{params}" if params else ""),
        numbered="#",
        file_name="asset-register",
    )


def _home_asked(user, asked, model):
    home = homes_of(user, model).filter(pk=clean_key(asked.get("home"))).first()
    if home is None:
        raise Http404
    return home


def _named(user, rows):
    """(row, name of its child) for each row; no name where this reader may not see the child."""
    found = rows.iterator(chunk_size=AT_A_TIME)
    while chunk := list(islice(found, AT_A_TIME)):
        names = names_for(user, chunk) if user.sees(BASIC) else {}
        for row in chunk:
            yield row, names.get(row.child_id, "")


def _child():
    return Column((_("child"),), lambda line: line[1], 14)


def _of(words, value, width):
    """A column that says something of the row itself."""
    return Column((words,), lambda line: value(line[0]), width)


@export("home_calls", title=gettext_lazy("Calls to the parents"), needs="premises.view_booking")
def home_calls(request, params):
    """The booked calls of the month in which the day on screen lies."""
    asked = QueryDict(params)
    home = _home_asked(request.user, asked, Booking)
    day = clean_day(asked.get("day"), years_around=2) or timezone.localdate()
    first, last = day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
    rows = Booking.objects.visible_to(request.user).filter(home=home, day__range=(first, last))
    return Sheet(
        title=_("Calls to the parents"),
        subtitle=f"{home.name} · {date_format(first, 'YEAR_MONTH_FORMAT')}",
        count=rows.count(),
        rows=_named(request.user, rows.select_related("asset").order_by("day", "starts_at", "pk")),
        columns=[
            _of(_("day"), lambda call: call.day.isoformat(), 12),
            _of(_("from"), lambda call: f"{call.starts_at:%H:%M}", 8),
            _of(_("until"), lambda call: f"{call.ends_at:%H:%M}", 8),
            _of(_("what it is"), lambda call: call.asset.name, 18),
            _of(_("number in the register"), lambda call: call.asset.code, 12),
            _child(),
            _of(_("status"), lambda call: call.get_status_display(), 16),
            _of(_("family told on"), lambda call: call.told_on.isoformat() if call.told_on else "", 12),
        ],
        back_url=reverse("premises:calls", query={"home": home.pk, "day": day.isoformat()}),
        numbered="#",
        file_name="calls",
    )


@export("home_loans", title=gettext_lazy("Loans of books"), needs="premises.view_loan")
def home_loans(request, params):
    asked = QueryDict(params)
    home, show = _home_asked(request.user, asked, Loan), shown_of(asked)
    rows = loans_of(request.user, home, show).select_related(None).select_related("asset")
    return Sheet(
        title=_("Loans of books"),
        subtitle=f"{home.name} · {TABS[show]}",
        count=rows.order_by().count(),
        rows=_named(request.user, rows),
        columns=[
            _of(_("title of the book"), lambda loan: loan.title or loan.asset.name, 24),
            _of(_("number in the register"), lambda loan: loan.asset.code, 12),
            _child(),
            _of(_("lent on"), lambda loan: loan.out_on.isoformat(), 12),
            _of(_("due on"), lambda loan: loan.due_on.isoformat(), 12),
            _of(_("back on"), lambda loan: loan.ended_on.isoformat() if loan.ended_on else "", 12),
            _of(_("status"), lambda loan: _("overdue") if loan.is_overdue else loan.get_status_display(), 14),
        ],
        back_url=reverse("premises:loans", query={"home": home.pk, "show": show}),
        numbered="#",
        file_name="loans",
    )
