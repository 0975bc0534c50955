"""Sheets as rows of cells, whatever file they come from."""

import csv
import io
from dataclasses import dataclass, field

from python_calamine import CalamineError, SheetTypeEnum, SheetVisibleEnum

from children.roster.ods import scan_ods
from children.roster.refusal import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    RosterRefused,
    content_of,
    is_ods,
    kind_of,
    open_package,
)
from children.roster.sheet_parts import WholeBook, open_book
from children.roster.sheet_xml import SheetScan, scan_package
from children.roster.xls import scan_xls

MAX_MERGES = 400_000


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


def open_sheets(source):
    """The sheets of a file that has passed every check of `refusal`; raises `RosterRefused` and nothing else."""
    content = content_of(source)
    kind = kind_of(content)
    if kind == "csv":
        return [_csv_sheet(content)]
    scans, merges = _scan(kind, content)
    try:
        plain = {title for title, scan in scans.items() if scan.plain}
        book = open_book(content, plain) if merges is None else WholeBook(content)
        return [_sheet(book, index, facts, scans, merges) for index, facts in enumerate(book.sheets_metadata)]
    except (CalamineError, OSError, ValueError) as error:
        raise RosterRefused("DAMAGED") from error
    except BaseException as error:  # the reader is compiled code: its panic is not an Exception
        if type(error).__name__ == "PanicException":
            raise RosterRefused("DAMAGED") from error
        raise


def _scan(kind, content):
    """({title: what a look over the file's own bytes found}, {title: its merged cells} or None: the reader knows)."""
    if kind == "xls":
        found = scan_xls(content)
    else:
        with open_package(content) as package:
            if not is_ods(package):
                return scan_package(package), None
            found = scan_ods(package)
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


def _csv_sheet(content):
    encoding = _encoding_of(content)
    with _text_of(content, encoding) as text:
        head = text.read(8192)
    delimiter = max(",\t;", key=head.count)
    height = width = 0
    try:
        for height, cells in enumerate(_csv_rows(content, encoding, delimiter), 1):
            width = max(width, len(cells))
            if height > MAX_ROWS or width > MAX_COLUMNS or height * width > MAX_CELLS:
                raise RosterRefused("TOO_MANY_CELLS")
    except csv.Error as error:
        raise RosterRefused("DAMAGED") from error

    def rows():
        for cells in _csv_rows(content, encoding, delimiter):
            yield [
                *(cell[2:-1] if cell.startswith('="') and cell.endswith('"') else cell for cell in cells),
                *[""] * (width - len(cells)),
            ]

    return Sheet("", True, rows, scan=SheetScan(last_row=height))


def _encoding_of(content):
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            with _text_of(content, encoding) as text:
                while text.read(65_536):
                    continue
            return encoding
        except UnicodeDecodeError:
            continue
    raise RosterRefused("ENCODING")


def _text_of(content, encoding):
    return io.TextIOWrapper(io.BytesIO(content), encoding, newline="")


def _csv_rows(content, encoding, delimiter):
    with _text_of(content, encoding) as text:
        yield from csv.reader(text, delimiter=delimiter)
