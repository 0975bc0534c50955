"""A quick look over a workbook's raw XML for what the reader does not tell: formulas, and cells far off.

Rows are cut out of the byte stream one after another, so memory stays flat however large the sheet is.
"""

import posixpath
import re
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.parsers import expat

from children.roster.refusal import MAX_CELLS, MAX_CELLS_AT_ONCE, MAX_COLUMNS, MAX_ROWS, RosterRefused, read_member


def pattern(text):
    """`PRE` stands for whatever prefix the names of elements have."""
    return re.compile(text.replace(b"PRE", rb"(?:[^\s<>/:!?]+:)?"))


VALUE_CELL = pattern(
    rb"""<PREc(?=[\s>])(?:[^<>]*?\sr\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["'])?[^<>]*(?<!/)>[^<]*<PRE(v|is|f)(?=[\s/>])"""
)
PLACE = re.compile(r"([A-Za-z]{1,3})(\d{1,7})", re.ASCII)
ROW_NUMBER = re.compile(r"\d{1,7}", re.ASCII)
UNCLOSED_QUOTE = re.compile(rb"""=\s*(?:"[^"<>]*|'[^'<>]*)(?:[<>]|\Z)""")
ROW_START = pattern(rb"<PRErow(?=[\s/>])")
PLAIN_ROW_START = re.compile(rb"<row(?=[\s/>])")  # far faster
SHEETS = ("xl/worksheets/", "xl/chartsheets/", "xl/dialogsheets/")  # the reader takes a sheet of any name in there
PIECE = 256 * 1024  # bytes of XML: some 200 rows
LONGEST_ROW = 16 * 1024 * 1024
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(slots=True)
class SheetScan:
    """Formula cells as one bit mask of columns per row, and the corner that holds the last value."""

    formulas: dict = field(default_factory=dict)
    last_row: int = 0
    last_column: int = 26
    plain: bool = True  # written as spreadsheet programs do: every value stands in a cell that says where it is

    def note_formula(self, column, row):
        """Both counted from 1."""
        self.formulas[row] = self.formulas.get(row, 0) | 1 << (column - 1)

    def has_formula(self, row, column):
        return bool(self.formulas.get(row, 0) >> column & 1)


def column_number(letters):
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def scan_package(package):
    """Read every member to its end (so that none unpacks to more than it promised) and scan the sheets among them."""
    parts = {}
    names = {name.lower(): name for name in package.namelist()}
    for member in package.infolist():
        name = member.filename.lower()
        pieces = read_member(package, member, PIECE)
        if name.startswith(SHEETS):
            parts[name] = scan_sheet(pieces) or look_closely(read_member(package, member, PIECE))
        else:
            refuse_entities(next(pieces, b""))
        for _rest in pieces:
            continue
    cells = [(scan.last_row * scan.last_column, scan.plain) for scan in parts.values()]
    at_once = sum(count for count, is_plain in cells if not is_plain)  # the others are read some rows at a time
    if sum(count for count, _plain in cells) > MAX_CELLS or at_once > MAX_CELLS_AT_ONCE:
        raise RosterRefused("TOO_MANY_CELLS")
    return {title: parts[part] for title, part in sheet_parts(package, names).items() if part in parts}


def refuse_entities(head):
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", head[:8192], re.IGNORECASE):
        raise RosterRefused("DAMAGED")


def sheet_parts(package, names):
    """Sheet title -> member name in lower case."""
    try:
        relations = {
            node.get("Id"): node.get("Target", "")
            for node in ElementTree.fromstring(package.read(names["xl/_rels/workbook.xml.rels"]))
        }
        book = ElementTree.fromstring(package.read(names["xl/workbook.xml"]))
    except (KeyError, ElementTree.ParseError, ValueError) as error:
        raise RosterRefused("DAMAGED") from error
    parts = {}
    for node in book.iter():
        if node.tag.rpartition("}")[2] == "sheet":
            target = relations.get(node.get(RELATION), "")
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
            parts[node.get("name", "")] = part.lower()
    return parts


def refuse_too_far(scan):
    if scan.last_row > MAX_ROWS or scan.last_column > MAX_COLUMNS or scan.last_row * scan.last_column > MAX_CELLS:
        raise RosterRefused("TOO_MANY_CELLS")


def scan_sheet(pieces):
    """What a quick look finds in a sheet that is plain; None for one that is not."""
    scan = SheetScan()
    first = True
    for block in blocks_of_rows(pieces):
        if first:
            refuse_entities(block)
        if b"<!" in block or block.find(b"<?", 4 if first else 0) >= 0 or UNCLOSED_QUOTE.search(block):
            return None  # not every < and > need be that of an element
        first = False
        cells = VALUE_CELL.findall(block)
        columns, rows = {letters for letters, _row, _value in cells}, {row for _letters, row, _value in cells}
        if b"" in columns:
            return None
        scan.last_row = max(scan.last_row, *map(int, rows), 0)
        scan.last_column = max(scan.last_column, *map(column_number, columns), 0)
        refuse_too_far(scan)
        if b"<f" in block or b":f" in block:
            for letters, row, value in cells:
                if value == b"f":
                    scan.note_formula(column_number(letters), int(row))
    return scan


def blocks_of_rows(pieces):
    """A sheet's XML in blocks that each begin with a row, but the first."""
    rest = b""
    for piece in pieces:
        rest += piece
        row_start = ROW_START if b":row" in rest else PLAIN_ROW_START
        starts = [match.start() for match in row_start.finditer(rest)]
        if starts and starts[-1]:
            yield rest[: starts[-1]]
            rest = rest[starts[-1] :]
        if len(rest) > LONGEST_ROW:
            raise RosterRefused("TOO_MANY_CELLS")
    yield rest


def look_closely(pieces):
    """The same for a sheet that is not plain, element by element: a cell without its place follows the one before."""
    look = CloseLook()
    walk(pieces, look.start, look.end)
    return look.scan


def walk(pieces, start, end):
    """Call `start(name, attributes)` and `end(name)` for each element; a document type or an entity is refused."""

    def refuse(*_said):
        raise RosterRefused("DAMAGED")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    try:
        for piece in pieces:
            parser.Parse(piece)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError) as error:
        raise RosterRefused("DAMAGED") from error


class CloseLook:
    def __init__(self):
        self.scan = SheetScan(plain=False)
        self.row, self.column, self.in_cell = 1, 1, False

    def start(self, name, attributes):
        name, said = name.rpartition(":")[2], attributes.get("r")
        if name == "row" and said is not None:
            if not ROW_NUMBER.fullmatch(said):
                raise RosterRefused("DAMAGED")
            self.row = int(said)
        elif name == "c":
            self.in_cell = True
            self.place = (self.column, self.row)
            if said is not None:
                if not (place := PLACE.fullmatch(said)):
                    raise RosterRefused("DAMAGED")
                self.column = column_number(place[1].encode())
                self.place = (self.column, int(place[2]))
        elif name in ("v", "is", "f") and self.in_cell:
            column, row = self.place
            self.scan.last_row, self.scan.last_column = max(self.scan.last_row, row), max(self.scan.last_column, column)
            refuse_too_far(self.scan)
            if name == "f":
                self.scan.note_formula(column, row)

    def end(self, name):
        name = name.rpartition(":")[2]
        if name == "row":
            self.row, self.column = self.row + 1, 1
        elif name == "c":
            self.in_cell, self.column = False, self.column + 1
