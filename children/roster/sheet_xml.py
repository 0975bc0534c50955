"""A quick look over a workbook's raw XML for what the reader does not tell: formulas, and cells far off.

Rows are cut out of the byte stream one after another, so memory stays flat however large the sheet is.
"""

import posixpath
import re
from dataclasses import dataclass, field
from xml.etree import ElementTree

from children.roster.refusal import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, RosterRefused, read_member

HAS_VALUE = re.compile(rb"<(?:\w+:)?(?:v|is|f)[\s>/]")
FORMULA_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f[\s>/]")
VALUE_CELL = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\br=["']([A-Z]{2,3})\d+["'][^>]*(?<!/)>\s*<(?:\w+:)?(?:v|is|f)[\s>/]""")
REFERENCE = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,7})["']""")
ROW_NUMBER = re.compile(rb"""[^>]*?\br=["'](\d{1,9})["']""")
ROW_START = re.compile(rb"<(?:\w+:)?row\b")
LONGEST_ROW = 16 * 1024 * 1024
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(slots=True)
class SheetScan:
    """Formula cells as one bit mask of columns per row, and the corner that holds the last value."""

    formulas: dict = field(default_factory=dict)
    last_row: int = 0
    last_column: int = 26

    def has_formula(self, row, column):
        return bool(self.formulas.get(row, 0) >> column & 1)


def column_number(letters):
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def scan_package(package):
    """Read every member to its end (so that none unpacks to more than it promised) and scan the sheets among them."""
    parts = {}
    names = {name.lower(): name for name in package.namelist()}
    for member in package.infolist():
        name = member.filename.lower()
        pieces = read_member(package, member)
        if re.match(r"xl/(?:work|chart|dialog)sheets/[^/]+\.xml\Z", name):
            parts[name] = scan_sheet(pieces)
        else:
            head = next(pieces, b"")
            refuse_entities(head)
            for _rest in pieces:
                continue
    if sum(scan.last_row * scan.last_column for scan in parts.values()) > MAX_CELLS:
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


def scan_sheet(pieces):
    scan = SheetScan()
    rest = b""
    first = True
    for piece in pieces:
        if first:
            refuse_entities(piece)
            first = False
        rest += piece
        cut = rest.rfind(b"<row") if b":row" not in rest else rest.rfind(b":row") - 32
        if cut > 0:
            starts = [match.start() for match in ROW_START.finditer(rest)]
            if starts and starts[-1]:
                scan_rows(scan, rest[: starts[-1]])
                rest = rest[starts[-1] :]
        if len(rest) > LONGEST_ROW:
            raise RosterRefused("TOO_MANY_CELLS")
    scan_rows(scan, rest)
    if scan.last_row > MAX_ROWS or scan.last_column > MAX_COLUMNS or scan.last_row * scan.last_column > MAX_CELLS:
        raise RosterRefused("TOO_MANY_CELLS")
    return scan


def scan_rows(scan, text):
    for found in VALUE_CELL.findall(text):
        scan.last_column = max(scan.last_column, column_number(found))
    for row in ROW_START.split(text)[1:]:
        if not HAS_VALUE.search(row):
            continue
        number = ROW_NUMBER.match(row)
        scan.last_row = int(number[1]) if number else scan.last_row + 1
        if scan.last_row > MAX_ROWS:
            raise RosterRefused("TOO_MANY_CELLS")
        if b"<f" in row or b":f" in row:
            note_formulas(scan, row)


def note_formulas(scan, row):
    for cell in FORMULA_CELL.finditer(row):
        place = REFERENCE.search(cell[1])
        if not place:  # a cell without its address: Excel always writes one
            raise RosterRefused("DAMAGED")
        line = int(place[2])
        scan.formulas[line] = scan.formulas.get(line, 0) | 1 << (column_number(place[1]) - 1)
