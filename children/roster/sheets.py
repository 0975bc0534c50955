"""Sheets as rows of cells, whatever file they come from."""

import csv
import io
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice

from python_calamine import CalamineError, SheetTypeEnum, SheetVisibleEnum

from children.roster.ods import scan_ods
from children.roster.refusal import (
    MAX_CELLS,
    MAX_CELLS_AT_ONCE,
    MAX_COLUMNS,
    MAX_ROWS,
    RosterRefused,
    is_ods,
    kind_of,
    open_package,
    size_of,
)
from children.roster.sheet_parts import Rows, WholeBook, open_book
from children.roster.sheet_xml import SheetScan, scan_package
from children.roster.xls import scan_xls

MAX_MERGES = 400_000
AT_A_TIME = 200  # lines of a text file


@dataclass(slots=True)
class Line:
    """One row of a sheet: what its own cells hold, and what they show once merged cells have passed theirs down."""

    number: int
    own: list
    shown: list


@dataclass(slots=True)
class Sheet:
    name: str
    visible: bool
    rows: object  # a callable giving a fresh iterator of lists of cells
    merges: list = field(default_factory=list)  # ((first row, first column), (last row, last column)), from 0
    scan: SheetScan = field(default_factory=SheetScan)

    def lines(self):
        """Every row with its number. The value of a merged cell belongs to each row it covers."""
        starting = {}
        for (top, left), (bottom, _right) in self.merges:
            if bottom > top:
                starting.setdefault(top, []).append((left, bottom))
        open_merges = {}
        for index, cells in enumerate(self.rows()):
            shown = cells
            if open_merges:
                shown = cells.copy()
                for column, (bottom, value) in list(open_merges.items()):
                    if index > bottom:
                        del open_merges[column]
                    elif column < len(shown) and shown[column] == "":
                        shown[column] = value
            for column, bottom in starting.get(index, ()):
                if column < len(cells) and cells[column] != "":
                    open_merges[column] = (bottom, cells[column])
                    if self.scan.has_formula(index + 1, column):  # a formula's value is one in every row it is shown
                        for number in range(index + 2, min(bottom + 1, index + 1 + MAX_ROWS) + 1):
                            self.scan.formulas[number] = self.scan.formulas.get(number, 0) | 1 << column
            yield Line(index + 1, cells, shown)


def open_sheets(file):
    """The sheets of a file that has passed every check of `refusal`; raises `RosterRefused` and nothing else.

    The file is read to its end; what the sheets give comes from memory, where it lies packed.
    """
    size_of(file)
    kind = kind_of(file)
    if kind == "csv":
        return [_csv_sheet(file)]
    scans, merges = _scan(kind, file)
    try:
        plain = {title for title, scan in scans.items() if scan.plain}
        book = open_book(file, plain) if merges is None else WholeBook(file)
        return [_sheet(book, index, facts, scans, merges) for index, facts in enumerate(book.sheets_metadata)]
    except (CalamineError, OSError, ValueError) as error:
        raise RosterRefused("DAMAGED") from error
    except BaseException as error:  # the reader is compiled code: its panic is not an Exception
        if type(error).__name__ == "PanicException":
            raise RosterRefused("DAMAGED") from error
        raise


def rows_at_most(sheets):
    return sum(sheet.scan.last_row for sheet in sheets if sheet.visible)


def _scan(kind, file):
    """({title: what a look over the file's own bytes found}, {title: its merged cells} or None: the reader knows)."""
    if kind == "xls":
        file.seek(0)
        found = scan_xls(file.read())
    else:
        with open_package(file) as package:
            if not is_ods(package):
                return scan_package(package), None
            found = scan_ods(package)
    if sum(scan.last_row * scan.last_column for scan, _merges in found.values()) > MAX_CELLS_AT_ONCE:
        raise RosterRefused("TOO_MANY_CELLS_AT_ONCE")
    return {title: scan for title, (scan, _m) in found.items()}, {
        title: merged for title, (_s, merged) in found.items()
    }


def _sheet(book, index, facts, scans, merges):
    visible = facts.visible == SheetVisibleEnum.Visible and facts.typ == SheetTypeEnum.WorkSheet
    if not visible:
        return Sheet(facts.name, False, lambda: iter(()))
    rows, merged = book.read(index)
    if merges is not None:
        merged = merges.get(facts.name, [])
    if len(merged) > MAX_MERGES:
        raise RosterRefused("TOO_MANY_CELLS")
    return Sheet(facts.name, True, rows, sorted(merged), scans.get(facts.name) or SheetScan())


def _csv_sheet(file):
    encoding = _encoding_of(file)
    with _text_of(file, encoding) as text:
        delimiter = max(",\t;", key=text.read(8192).count)
    rows, height = Rows(), 0
    try:
        with _text_of(file, encoding) as text:
            lines = csv.reader(text, delimiter=delimiter)
            while some := [list(map(_cell, cells)) for cells in islice(lines, AT_A_TIME)]:
                rows.add(height, 0, some)
                height += len(some)
                if height > MAX_ROWS or rows.width > MAX_COLUMNS or height * rows.width > MAX_CELLS:
                    raise RosterRefused("TOO_MANY_CELLS")
    except csv.Error as error:
        raise RosterRefused("DAMAGED") from error
    return Sheet("", True, rows, scan=SheetScan(last_row=height))


def _cell(text):
    """Spreadsheet programs are told with ="…" that digits are text."""
    return text[2:-1] if text.startswith('="') and text.endswith('"') else text


def _encoding_of(file):
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            with _text_of(file, encoding) as text:
                while text.read(65_536):
                    continue
            return encoding
        except UnicodeDecodeError:
            continue
    raise RosterRefused("ENCODING")


@contextmanager
def _text_of(file, encoding):
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, newline="")
    try:
        yield text
    finally:
        text.detach()  # or the file would be closed with it
