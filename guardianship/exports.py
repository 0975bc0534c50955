"""The log of cards issued as a workbook: the lines on screen, all pages of them."""

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from guardianship.card_log import AT_A_TIME, CardLog
from records.exports import export
from records.privacy import BASIC, CONTACT
from records.workbooks import Column, Sheet


def _columns():
    return [
        (None, Column((pgettext("family card", "issued on"),), lambda line: _issued(line).strftime("%Y-%m-%d"))),
        (None, Column((_("time of day"),), lambda line: _issued(line).strftime("%H:%M"), 8)),
        (BASIC, Column((_("child"),), lambda line: line.card.child.name)),
        (BASIC, Column((_("file number"),), lambda line: line.card.child.number, 20)),
        (CONTACT, Column((_("building or grid"),), lambda line: line.grid, 14)),
        (None, Column((_("card"),), lambda line: line.card.get_kind_display(), 16)),
        (None, Column((_("edition"),), lambda line: str(line.card.edition), 8)),
        (None, Column((_("status"),), lambda line: line.state_words, 18)),
        (BASIC, Column((_("issued by"),), lambda line: line.card.issued_by.name)),
        (None, Column((_("handed over on"),), lambda line: _day(line.card.handed_on))),
        (BASIC, Column((_("handed over to"),), lambda line: line.card.handed_to, 16)),
        (None, Column((_("community"),), lambda line: str(line.card.community), 16)),
    ]


def _issued(line):
    return timezone.localtime(line.card.issued_at)


def _day(value):
    return value.isoformat() if value else ""


@export("card_log", title=gettext_lazy("Log of cards issued"), needs="guardianship.view_card")
def card_log(request, params):
    user = request.user
    log = CardLog(QueryDict(params), user)
    return Sheet(
        title=_("Log of cards issued"),
        count=log.count(),
        rows=log.lines(log.rows().iterator(chunk_size=AT_A_TIME)),
        columns=[column for facts, column in _columns() if facts is None or user.sees(facts)],
        back_url=reverse("guardianship:card_log") + (f"?{params}" if params else ""),
        numbered="#",
        file_name="card-log",
    )
