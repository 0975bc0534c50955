"""The asset register as a workbook: the pieces on screen."""

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from premises.asset_list import AssetFilter
from records.exports import export
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
