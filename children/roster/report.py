"""What an import says about every row: a table with the clean values, and a workbook of rows to be corrected."""

import csv
import datetime
import io
import re

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import override

from children.roster.cells import as_text
from children.roster.verdict import DUPLICATE, REJECTED
from children.roster.words import sentences
from records.text import clean_text

VERDICT = ("disposition", "reasons", "warnings", "duplicate_of", "match_type", "action")
VALUES = (
    "child_name",
    "id_number",
    "gender",
    "birth_date",
    "ethnicity",
    "category",
    "school",
    "grade",
    "boarding",
    "hukou_registered",
    "health",
    "disability",
    "illness",
    "father_name",
    "father_workplace",
    "father_phone",
    "mother_name",
    "mother_workplace",
    "mother_phone",
    "parents_work_note",
    "both_parents_out",
    "one_out_other_incapable",
    "entrusted",
    "guardianship_type",
    "guardian_name",
    "guardian_relation",
    "guardian_phone",
    "guardian_phone_alt",
    "guardian_id",
    "hukou_address",
    "current_address",
    "town",
    "village",
    "low_income",
    "temporary_aid",
    "income_source",
    "remark",
)
COLUMNS = ("file", "sheet", "row", *VERDICT, *VALUES)
LONG_NUMBER = re.compile(r"\d{11,17}[\dX]?\Z")
NAME_AND_ID = {"child_name", "id_number"}


def write_verdicts(handle, rows, *, file_name):
    """One line per row of the file. Rows that were not taken show a name and an ID only."""
    for line in verdict_lines(rows, file_name=file_name):
        handle.write(line)


def verdict_lines(rows, *, file_name, for_people=False):
    """The lines of the report. `for_people`: fit for a spreadsheet program, all text and no formula."""
    line = io.StringIO()
    writer = csv.writer(line)

    def written(cells):
        line.seek(0)
        line.truncate()
        writer.writerow([_as_text_for_people(cell) for cell in cells] if for_people else cells)
        return line.getvalue()

    yield ("\ufeff" if for_people else "") + written(COLUMNS)
    for row in rows:
        shown = set(VALUES) if row.disposition not in (REJECTED, DUPLICATE) else NAME_AND_ID
        values = [row.values.get(name, "") if name in shown else "" for name in VALUES]
        verdict = [
            row.disposition,
            ";".join(row.reasons),
            ";".join(row.warnings),
            row.duplicate_of,
            row.match_type,
            row.action,
        ]
        yield written([file_name, row.sheet, row.row, *verdict, *values])


def _as_text_for_people(cell):
    """What could be taken for a formula gets an apostrophe; a long number is quoted so as to keep its digits."""
    text = str(cell)
    if text.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{text}"
    return f'="{text}"' if LONG_NUMBER.match(text) else text


def write_verdicts_to(path, rows, *, file_name):
    with open(path, "w", encoding="utf-8-sig", newline="") as handle:
        write_verdicts(handle, rows, file_name=file_name)


def write_returned(target, rows, *, language):
    """The rejected rows under their own headers, the reason beside each, to be corrected and uploaded again.

    Merged cells and 同上 are written out, so that a row stands alone. Everything is text except numbers in the
    birth-date column, where 2012.1 must stay the number it was.
    """
    with override(language), xlsxwriter.Workbook(target, {"constant_memory": True, "in_memory": False}) as book:
        text = book.add_format({"num_format": "@", "text_wrap": False})
        head = book.add_format({"bold": True, "num_format": "@"})
        sheets = {}
        for row in rows:
            if row.disposition != REJECTED or row.cells is None:
                continue
            sheet = sheets.get(row.sheet)
            if sheet is None:
                sheet = sheets[row.sheet] = ReturnedSheet(book, row.sheet, head, text)
            sheet.add(row)
        if not sheets:
            book.add_worksheet(_("Nothing returned")[:31])


def returned_workbook(rows, *, language):
    target = io.BytesIO()
    write_returned(target, rows, language=language)
    return target.getvalue()


class ReturnedSheet:
    def __init__(self, book, name, head, text):
        taken = {sheet.get_name().lower() for sheet in book.worksheets()}
        name = re.sub(r"[\[\]:*?/\\]", "_", name).strip("'")[:31]
        if not name or name.lower() in taken:
            name = f"{name[:27]}_{len(taken) + 1}"
        self.sheet = book.add_worksheet(name)
        self.head, self.text = head, text
        self.line = 0
        self.layout = None

    def add(self, row):
        if row.layout is not self.layout:
            self._add_header(row.layout)
        birth = row.layout.index_of.get("birth_date")
        for column, cell in enumerate(row.cells[: self._reason_column]):
            if column == birth and isinstance(cell, float) and abs(cell) < 1e15:
                self.sheet.write_number(self.line, column, cell)
            elif cell != "" and cell is not None:
                self.sheet.write_string(self.line, column, _shown(cell), self.text)
        self.sheet.write_string(self.line, self._reason_column, " ".join(sentences(row.reasons)), self.text)
        if row.returned_from:
            self.sheet.write_string(self.line, self._reason_column + 1, row.returned_from, self.text)
        self.line += 1

    def _add_header(self, layout):
        if self.layout is not None:
            self.line += 1
        self.layout = layout
        width = max([column.index + 1 for column in layout.columns] + [len(cells) for cells in layout.cells], default=0)
        given = [layout.index_of[name] for name in ("returned_because", "returned_from") if name in layout.index_of]
        width = min([width, *given])
        self._reason_column = width
        rows = layout.cells or [[""] * width]
        for cells in rows:
            for column, cell in enumerate(cells[:width]):
                if cell:
                    self.sheet.write_string(self.line, column, clean_text(cell), self.head)
            self.sheet.write_string(self.line, width, _("Returned because"), self.head)
            self.sheet.write_string(self.line, width + 1, _("Returned row"), self.head)
            self.line += 1
        self.sheet.set_column(width, width, 60)


def _shown(cell):
    if isinstance(cell, datetime.datetime) or not isinstance(cell, str):
        return as_text(cell)
    return clean_text(cell, lines=True)[:32000]
