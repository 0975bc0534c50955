"""Pairings, helpers and the board of the five ones as workbooks: the rows on screen, the columns one may see."""

from itertools import islice

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records.exports import export
from records.privacy import BASIC, CONTACT
from records.staff_site import staff_site
from records.wording import enumerated, listed
from records.workbooks import Column, Sheet
from volunteers import board, board_choices
from volunteers.kinds import DutyKind, HelperKind
from volunteers.models import Pairing, Volunteer

AT_A_TIME = 500


def _day(value):
    return value.isoformat() if value else ""


def _pairing_columns():
    return [
        (BASIC, Column((_("child"),), lambda p: p.child.name)),
        (BASIC, Column((_("file number"),), lambda p: p.child.number, 20)),
        (BASIC, Column((_("helper"),), lambda p: p.volunteer.name)),
        (None, Column((_("as"),), lambda p: p.get_kind_display())),
        (None, Column((_("status"),), lambda p: p.get_status_display(), 10)),
        (None, Column((_("card signed on"),), lambda p: _day(p.card_signed_on))),
        (None, Column((_("from"),), lambda p: _day(p.starts_on))),
        (None, Column((_("last day"),), lambda p: _day(p.ends_on))),
        (None, Column((_("still to do"),), lambda p: listed(p.missing_words), 30)),
        (None, Column((_("community"),), lambda p: str(p.community), 16)),
    ]


def _helper_columns():
    return [
        (BASIC, Column((_("name"),), lambda h: h.name)),
        (BASIC, Column((_("sex"),), lambda h: h.get_sex_display(), 8)),
        (CONTACT, Column((_("phone"),), lambda h: h.phone, 14)),
        (None, Column((_("can help as"),), lambda h: listed(HelperKind(kind).label for kind in h.kinds), 30)),
        (None, Column((_("children now"),), lambda h: str(h.children_now), 10)),
        (None, Column((_("children at most"),), lambda h: str(h.capacity), 10)),
        (None, Column((_("joined on"),), lambda h: _day(h.joined_on))),
        (BASIC, Column((_("record check valid until"),), lambda h: _day(h.check_ends_on), 14)),
        (BASIC, Column((_("cleared until"),), lambda h: _day(h.cleared_until), 14)),
        (None, Column((_("community"),), lambda h: str(h.community), 16)),
    ]


@export("pairing_table", title=gettext_lazy("Pairing table"), needs="volunteers.view_pairing")
def pairing_table(request, params):
    rows = (
        staff_site.rows_at(Pairing, request, params)
        .select_related(None)
        .select_related("child", "volunteer", "community")
    )
    rows = rows.only(*_PAIRING, *_AROUND)
    return _sheet(request, params, Pairing, rows, _("Pairing table"), _pairing_columns(), "pairings")


@export("helper_roster", title=gettext_lazy("Helper roster"), needs="volunteers.view_volunteer")
def helper_roster(request, params):
    rows = staff_site.rows_at(Volunteer, request, params).with_places().with_check()
    rows = rows.select_related("community").defer("id_number")
    return _sheet(request, params, Volunteer, rows, _("Helper roster"), _helper_columns(), "helpers")


@export("five_ones_board", title=gettext_lazy("Board of the five ones"), needs="volunteers.view_duty")
def five_ones_board(request, params):
    asked, choices = board_choices.read(request.user, QueryDict(params))
    if choices.unread or asked.fits_too_many:  # a file is never wider, or shorter, than what was asked for
        raise Http404
    asked.after = ""
    keys = board.keys_of(asked)
    return Sheet(
        title=_("Board of the five ones"),
        count=keys.count(),
        rows=_lines(asked, keys),
        columns=[column for facts, column in _board_columns() if facts is None or request.user.sees(facts)],
        back_url=reverse("five_ones:board") + (f"?{params}" if params else ""),
        numbered="#",
        file_name="five-ones",
    )


def _lines(asked, keys):
    """The board's lines, some hundreds at a time."""
    keys = keys.iterator(chunk_size=AT_A_TIME)
    for some in iter(lambda: list(islice(keys, AT_A_TIME)), []):
        yield from board.lines_of(asked, board.in_order(asked.user, some))


def _board_columns():
    return [
        (BASIC, Column((_("child"),), lambda line: line.pairing.child.name)),
        (BASIC, Column((_("file number"),), lambda line: line.pairing.child.number, 20)),
        (BASIC, Column((_("helper"),), lambda line: line.pairing.volunteer.name)),
        (None, Column((_("as"),), lambda line: line.pairing.get_kind_display())),
        *[
            (None, Column((str(label),), lambda line, place=place: _told(line.cells[place][1]), 20))
            for place, label in enumerate(DutyKind.labels)
        ],
        (None, Column((_("reminded on"),), lambda line: _day(line.reminded_on))),
        (None, Column((_("community"),), lambda line: str(line.pairing.community), 16)),
    ]


def _told(duties):
    """Each duty's status and its day: when it was done or excused, or until when it is to be done."""
    return enumerated(f"{duty.status.label} {_day(duty.done_on or duty.excused_on or duty.due_on)}" for duty in duties)


_PAIRING = ["kind", "status", "card_signed_on", "starts_on", "ends_on", "missing", "district"]
_AROUND = ["child__name", "child__number", "volunteer__name", "community__name"]


def _sheet(request, params, model, rows, title, columns, file_name):
    address = reverse(f"admin:volunteers_{model._meta.model_name}_changelist")
    return Sheet(
        title=title,
        count=rows.order_by().count(),
        rows=rows.iterator(chunk_size=AT_A_TIME),
        columns=[column for facts, column in columns if facts is None or request.user.sees(facts)],
        back_url=address + (f"?{params}" if params else ""),
        numbered="#",
        file_name=file_name,
    )
