"""A quick look over an OpenDocument sheet's XML for what its reader does not tell: formulas, merges, repeated cells.

A single cell there may claim to stand in a million rows, so what is repeated is counted before anything is unpacked.
"""

from children.roster.refusal import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, RosterRefused, read_member
from children.roster.sheet_xml import SheetScan, refuse_entities, walk

CELL, COVERED = "table:table-cell", "table:covered-table-cell"


def scan_ods(package):
    """{sheet title: (what was found, merged cells)}; every member is read to its end, as in `sheet_xml`."""
    found = {}
    for member in package.infolist():
        pieces = read_member(package, member)
        if member.filename == "content.xml":
            found = _scan_content(pieces)
        else:
            head = next(pieces, b"")
            refuse_entities(head)
            locked = member.filename == "META-INF/manifest.xml" and b"encryption-data" in head
            for _rest in pieces:
                continue
            if locked:
                raise RosterRefused("LOCKED")
    return found


def _scan_content(pieces):
    reading = _Reading()
    walk(pieces, reading.start, reading.end)
    return reading.sheets


class _Reading:
    def __init__(self):
        self.sheets = {}
        self.scan = self.merges = None
        self.depth = self.row = self.column = self.rows = 0

    def start(self, name, attributes):
        if name == "table:table":
            self.depth += 1
            if self.depth == 1:
                self.scan, self.merges, self.row = SheetScan(), [], 0
                title = attributes.get("table:name", "")
                if title in self.sheets:  # the reader would read both
                    raise RosterRefused("DAMAGED")
                self.sheets[title] = self.scan, self.merges
        elif self.depth != 1:
            return
        elif name == "table:table-row":
            self.column, self.rows = 0, int(attributes.get("table:number-rows-repeated", 1))
        elif name in (CELL, COVERED):
            self._cell(attributes, covered=name == COVERED)

    def end(self, name):
        if name == "table:table":
            self.depth -= 1
        elif name == "table:table-row" and self.depth == 1:
            self.row += self.rows

    def _cell(self, attributes, *, covered):
        scan, wide = self.scan, int(attributes.get("table:number-columns-repeated", 1))
        if "office:value-type" in attributes or "table:formula" in attributes:
            scan.last_row = max(scan.last_row, self.row + self.rows)
            scan.last_column = max(scan.last_column, self.column + wide)
            fits = scan.last_row <= MAX_ROWS and scan.last_column <= MAX_COLUMNS
            if not fits or scan.last_row * scan.last_column > MAX_CELLS:
                raise RosterRefused("TOO_MANY_CELLS")
            if "table:formula" in attributes:
                for number in range(self.row + 1, self.row + self.rows + 1):
                    scan.formulas[number] = scan.formulas.get(number, 0) | ((1 << wide) - 1) << self.column
        down = int(attributes.get("table:number-rows-spanned", 1))
        across = int(attributes.get("table:number-columns-spanned", 1))
        if not covered and (down > 1 or across > 1):
            self.merges.append(((self.row, self.column), (self.row + down - 1, self.column + across - 1)))
        self.column += wide
