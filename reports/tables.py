"""A table of figures, drawn on a page and written to a workbook from the same cells."""

import datetime as dt
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import xlsxwriter
from django.http import Http404
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from records.trail import log_act
from reports.export import as_download
from reports.published import Shown

HIDDEN, NOTHING = "•", "—"


@dataclass(frozen=True)
class Head:
    words: Any
    is_number: bool = True
    url: str = ""  # sorts by this column
    order: str = ""  # "ascending" or "descending" where the rows stand in this column's order


@dataclass(frozen=True)
class Link:
    """A cell that leads somewhere."""

    words: Any
    url: str


@dataclass(frozen=True)
class Table:
    """Cells are text, numbers, days, `Shown`, `Link` or None; `name` is how a workbook of it is asked for."""

    name: str
    title: Any
    heads: list[Head]
    rows: list[list]
    url: str = ""  # of the whole list, where the table is a part of it


def plain(cell):
    """The cell as a number or as words."""
    if isinstance(cell, Link):
        return plain(cell.words)
    if isinstance(cell, Shown):
        return HIDDEN if cell.is_hidden else cell.value
    if cell is None or cell == "":
        return NOTHING
    if isinstance(cell, dt.date):
        return date_format(cell, "DATE_FORMAT")
    return cell if isinstance(cell, int) else str(cell)


def asked_for(request, tables):
    """The table that the address asks for as a workbook; None where it asks for none."""
    name = request.GET.get("workbook")
    if not name:
        return None
    found = next((table for table in tables if table.name == name), None)
    if found is None:
        raise Http404
    return found


def workbook(table, district, subtitle, *, by):
    """An .xlsx response with what the page shows; numbers are numbers, what is hidden is a dot."""
    stream = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        sheet = book.add_worksheet(_("Figures"))
        bold = book.add_format({"bold": True, "text_wrap": True, "border": 1})
        cell_format = book.add_format({"border": 1})
        sheet.set_column(0, 0, 36)
        sheet.set_column(1, max(1, len(table.heads) - 1), 16)
        sheet.write_string(0, 0, f"{district} · {table.title}", book.add_format({"bold": True}))
        sheet.write_string(1, 0, str(subtitle))
        for place, head in enumerate(table.heads):
            sheet.write_string(3, place, str(head.words), bold)
        for line, row in enumerate(table.rows, 4):
            for place, cell in enumerate(map(plain, row)):
                write = sheet.write_number if isinstance(cell, int) else sheet.write_string
                write(line, place, cell, cell_format)
        sheet.write_string(len(table.rows) + 5, 0, _("• hidden: small, or it would reveal a small number"))
        sheet.freeze_panes(4, 1)
    log_act(by, "exported", district, table=table.name)
    return as_download(stream, f"{table.name}-{district.pk}.xlsx")
