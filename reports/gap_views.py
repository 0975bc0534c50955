"""The gap board on the screen and as a workbook."""

from io import BytesIO

import xlsxwriter
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from xlsxwriter.utility import xl_rowcol_to_cell

from communities.models import Division
from records.trail import log_act
from reports import gaps
from reports.export import as_download
from reports.models import QuarterlyReport

TINTS = ["#FFFFFF", "#FDF3E7", "#FBDFC0", "#F6C48F", "#EFA45C"]
A3 = 8


@require_GET
def gap_board(request):
    places = gaps.places_of(request.user)
    context = {
        "board": gaps.board(request.user, places),
        "today": timezone.localdate(),
        "keys": ",".join(place.pk for place in places),
    }
    return render(request, "reports/gaps.html", context)


@require_GET
def gap_workbook(request):
    """The board as it stands: the same lines and communities, with sums that work."""
    places = gaps.places_of(request.user)
    board = gaps.board(request.user, places)
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False}) as book:
        _write(book, board)
    for code in request.user.codes_for(QuarterlyReport):
        log_act(request.user, "exported the gap board", Division(pk=code))
    return as_download(stream, f"gaps-{timezone.localdate():%Y-%m-%d}.xlsx")


def _write(book, board):
    head = book.add_format({"bold": True, "border": 1, "text_wrap": True})
    number = [book.add_format({"border": 1, "num_format": "0", "bg_color": tint}) for tint in TINTS]
    total = book.add_format({"border": 1, "bold": True, "num_format": "0"})
    sheet = book.add_worksheet(_("Gap board"))
    sheet.set_landscape()
    sheet.set_paper(A3)
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, 48)
    sheet.freeze_panes(1, 1)
    sheet.write_string(0, 0, _("Gap"), head)
    for column, place in enumerate(board.places, 1):
        sheet.write_string(0, column, str(place), head)
    last = len(board.places)
    sheet.write_string(0, last + 1, _("In all"), head)
    for row, line in enumerate(board.lines(), 1):
        sheet.write_string(row, 0, str(line.measure.label), head)
        for column, cell in enumerate(line.cells, 1):
            sheet.write_number(row, column, cell.count, number[cell.weight])
        formula = f"=SUM({xl_rowcol_to_cell(row, 1)}:{xl_rowcol_to_cell(row, last)})"
        sheet.write_formula(row, last + 1, formula, total, line.total)
