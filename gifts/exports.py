"""The ledger of gifts as a workbook: the entries on screen. No entry names a child."""

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gifts.giving import plain
from gifts.lists import LedgerFilter
from records.exports import export
from records.privacy import BASIC
from records.workbooks import Column, Sheet

AT_A_TIME = 500


def _columns():
    return [
        (None, Column((_("day"),), lambda e: e.on.isoformat(), 12)),
        (None, Column((_("community"),), lambda e: str(e.community), 18)),
        (None, Column((_("what it is"),), lambda e: e.line.name, 20)),
        (None, Column((_("kind of gift"),), lambda e: e.line.get_kind_display(), 10)),
        (None, Column((_("what happened"),), lambda e: e.get_kind_display(), 14)),
        (None, Column((_("quantity"),), lambda e: plain(e.quantity), 10)),
        (None, Column((_("unit"),), lambda e: e.line.measure, 8)),
        (BASIC, Column((_("giver"),), lambda e: e.line.gift.giver_name, 24)),
        (None, Column((_("receipt number"),), lambda e: e.line.gift.number, 14)),
        (None, Column((_("what it is for"),), lambda e: e.line.gift.purpose, 30)),
        (None, Column((_("reason"),), lambda e: e.why, 30)),
        (BASIC, Column((_("who counted"),), lambda e: e.handler, 12)),
        (BASIC, Column((_("second person who counted"),), lambda e: e.counter, 12)),
        (BASIC, Column((_("noted by"),), lambda e: e.noted_by.name, 12)),
    ]


@export("gift_ledger", title=gettext_lazy("Ledger of gifts"), needs="gifts.view_entry")
def gift_ledger(request, params):
    rows = LedgerFilter(QueryDict(params)).rows(request.user)
    return Sheet(
        title=_("Ledger of gifts"),
        count=rows.order_by().count(),
        rows=rows.iterator(chunk_size=AT_A_TIME),
        columns=[column for facts, column in _columns() if facts is None or request.user.sees(facts)],
        back_url=reverse("gifts:ledger") + (f"?{params}" if params else ""),
        numbered="#",
        file_name="gift-ledger",
    )
