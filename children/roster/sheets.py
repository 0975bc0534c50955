"""Sheets as rows of cells, whatever file they come from."""

import csv
import io
from dataclasses import dataclass, field

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

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
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
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
    sheet = book.get_sheet_by_index(index)
    merged = (sheet.merged_cell_ranges or []) if merges is None else merges.get(facts.name, [])
    if len(merged) > MAX_MERGES:
        raise RosterRefused("TOO_MANY_CELLS")
    offset = [""] * (sheet.start[1] if sheet.start else 0)

    def rows():
        if not offset:
            return sheet.iter_rows()
        return (offset + cells for cells in sheet.iter_rows())

    return Sheet(facts.name, True, rows, sorted(merged), scans.get(facts.name) or SheetScan())


def _csv_sheet(content):
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise RosterRefused("ENCODING")
    head = text[:8192]
    delimiter = max(",\t;", key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise RosterRefused("DAMAGED") from error
    width = max(map(len, rows), default=0)
    if len(rows) > MAX_ROWS or width > MAX_COLUMNS or len(rows) * width > MAX_CELLS:
        raise RosterRefused("TOO_MANY_CELLS")
    for row in rows:
        row[:] = [cell[2:-1] if cell.startswith('="') and cell.endswith('"') else cell for cell in row]
        row += [""] * (width - len(row))
    return Sheet("", True, lambda: iter(rows), scan=SheetScan(last_row=len(rows)))
