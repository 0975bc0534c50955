"""A workbook read some rows at a time, so that memory stays flat however many it has.

The library reads a sheet as a whole only. So it is given little workbooks one after another: all that the meaning of a
cell depends on, some of the rows, and the shared strings that these use. What it found is kept packed. It stays the
only judge: where a file cannot be cut safely, or it finds fault with a part, it reads the whole as it stands.
"""

import io
import pickle
import re
import zipfile
import zlib
from bisect import bisect_right

from python_calamine import CalamineError, CalamineWorkbook

from children.roster.refusal import open_package, read_member
from children.roster.sheet_xml import LONGEST_ROW, PIECE, ROW_START, blocks_of_rows, pattern, sheet_parts

FRAME = {"[content_types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels", "xl/workbook.xml", "xl/styles.xml"}
STRINGS = "xl/sharedstrings.xml"
ROOT = re.compile(rb"<([^\s<>/!?]+)")
BEFORE_ROWS = pattern(rb"<(PRE)sheetData(?:\s[^<>]*)?(?<!/)>\s*\Z")
AFTER_ROWS = pattern(rb"</PREsheetData\s*>")
STRING_CELL = pattern(
    rb"""(<PREc(?=\s)(?>[^<>]*?\st\s*=\s*["']s["'])[^<>]*+(?<!/)>)"""
    rb"""(?:(\s*(?:<PREf\b[^<]*(?:</PREf\s*>\s*)?)?<PREv\s*>)(\d{1,9})(?=<))?"""
)
BEFORE_STRINGS = pattern(rb"<(PRE)sst(?:\s[^<>]*)?(?<!/)>\s*\Z")
AFTER_STRINGS = pattern(rb"\s*</PREsst\s*>")
STRING = pattern(rb"<PREsi(?:\s[^<>]*)?>")
STRING_END = pattern(rb"</PREsi\s*>")
EMPTY_STRING = pattern(rb"<(PREsi)(?:\s[^<>]*)?/>")


class CannotCut(Exception):
    """Nothing need be wrong with the file; only the library knows how to read it."""


def open_book(file, plain, piece_size=PIECE):
    """An .xlsx: `sheets_metadata`, and `read(index)` gives a callable for a sheet's rows, and its merged cells.

    `plain`: titles of the sheets that were found to be written as spreadsheet programs do, and so can be cut.
    """
    try:
        return BookInParts(file, plain, piece_size)
    except (CannotCut, CalamineError):
        return WholeBook(file)


class WholeBook:
    def __init__(self, file):
        file.seek(0)
        self._book = CalamineWorkbook.from_filelike(file)
        self.sheets_metadata = self._book.sheets_metadata

    def read(self, index):
        sheet = self._book.get_sheet_by_index(index)
        offset = [""] * (sheet.start[1] if sheet.start else 0)
        return lambda: (offset + cells for cells in sheet.iter_rows()), sheet.merged_cell_ranges or []


class BookInParts:
    def __init__(self, file, plain, piece_size):
        self._file, self._plain, self._piece_size = file, plain, piece_size
        self._package = open_package(file)
        self._names = {name.lower(): name for name in self._package.namelist()}
        self._frame = {name: b"".join(self._pieces(name)) for name in FRAME & self._names.keys()}
        self._strings = Strings(self._pieces(STRINGS) if STRINGS in self._names else (), self._judge_strings)
        self.sheets_metadata = self._little_book().sheets_metadata
        self._paths = sheet_parts(self._package, self._names)
        self._whole = None

    def read(self, index):
        try:
            return self._read_in_parts(index)
        except (CannotCut, CalamineError):
            self._whole = self._whole or WholeBook(self._file)
            return self._whole.read(index)

    def _read_in_parts(self, index):
        title = self.sheets_metadata[index].name
        if title not in self._plain:
            raise CannotCut
        path = self._paths[title]
        rows, sheet = Rows(), None
        for part in parts_of_sheet(blocks_of_rows(self._pieces(path))):
            part, strings = self._strings.renumbered(part)
            sheet = self._little_book({path: part, STRINGS: strings}).get_sheet_by_index(index)
            if sheet.start is not None:
                rows.add(*sheet.start, sheet.to_python())
        return rows, sheet.merged_cell_ranges or []  # they stand after the rows, so in the last part

    def _pieces(self, name):
        return read_member(self._package, self._package.getinfo(self._names[name]), self._piece_size)

    def _judge_strings(self, strings):
        self._little_book({STRINGS: strings})

    def _little_book(self, parts=()):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as package:
            for name, data in {**self._frame, **dict(parts)}.items():
                if data:
                    package.writestr(self._names[name], data)
        target.seek(0)
        return CalamineWorkbook.from_filelike(target)


def parts_of_sheet(blocks):
    """A sheet's XML as several, each with some of its rows; the last has none, but what follows the rows."""
    first = next(blocks)
    start = ROW_START.search(first)
    head = first[: start.start()] if start else first
    rows = first[len(head) :] or next(blocks, b"")
    if not rows:  # a sheet without rows
        yield first
        return
    opened = BEFORE_ROWS.search(head)
    if not opened:
        raise CannotCut
    end = b"</%ssheetData></%s>" % (opened[1], ROOT.search(head)[1])
    while rows:
        after = AFTER_ROWS.search(rows) if b"sheetData" in rows else None
        if after:
            yield head + rows[: after.start()] + end
            yield head + rows[after.start() :] + b"".join(blocks)
            return
        yield head + rows + end
        rows = next(blocks, b"")
    raise CannotCut


class Rows:
    """Rows of a sheet, packed; called for a fresh iterator. All have the width of the widest."""

    def __init__(self):
        self._parts = []
        self._height = self.width = 0

    def add(self, top, left, some):
        """Some rows, the first of them at `top`; before their cells `left` columns are empty."""
        if top < self._height:  # not in their order
            raise CannotCut
        self._parts.append((top, left, packed(some)))
        self._height, self.width = top + len(some), max(self.width, left + max(map(len, some)))

    def __call__(self):
        number = 0
        for top, left, some in self._parts:
            for _gap in range(number, top):
                yield [""] * self.width
            number = top
            for cells in unpacked(some):
                yield [""] * left + cells + [""] * (self.width - left - len(cells))
                number += 1


class Strings:
    """The shared strings as they are written, packed, some at a time; known by their number."""

    def __init__(self, pieces, judge):
        self._head = self._end = b""
        self._blocks, self._firsts, self._count = [], [], 0
        rest = b""
        for piece in pieces:
            rest = EMPTY_STRING.sub(rb"<\1></\1>", rest + piece)
            if not self._end and (start := STRING.search(rest)):
                rest = self._begin(rest, start.start())
            rest = self._take(rest, judge)
            if len(rest) > LONGEST_ROW:
                raise CannotCut
        if self._end and not AFTER_STRINGS.match(rest):
            raise CannotCut
        if not self._end:
            judge(rest)

    def _begin(self, text, start):
        self._head = text[:start]
        opened = BEFORE_STRINGS.search(self._head)
        if not opened or b"<!" in self._head:
            raise CannotCut
        self._end = b"</%ssst>" % opened[1]
        return text[start:]

    def _take(self, text, judge):
        """Keep the whole strings of a text; what is left of it."""
        ends = [found.end() for found in STRING_END.finditer(text)]
        if not ends:
            return text
        whole = text[: ends[-1]]
        if b"<!" in whole or len(STRING.findall(whole)) != len(ends):
            raise CannotCut
        judge(self._head + whole + self._end)
        self._firsts.append(self._count)
        self._blocks.append(packed([text[start:end] for start, end in zip([0, *ends], ends, strict=False)]))
        self._count += len(ends)
        return text[ends[-1] :]

    def renumbered(self, part):
        """(a part of a sheet with the shared strings it uses numbered anew, these strings)."""
        if b'"s"' not in part and b"'s'" not in part:
            return part, b""
        texts = STRING_CELL.split(part)  # every fourth is a number, or None where no number could be found
        used = dict.fromkeys(texts[3::4])
        if None in used or any(int(number) >= self._count for number in used):
            raise CannotCut
        anew = {number: b"%d" % place for place, number in enumerate(used)}
        texts[3::4] = [anew[number] for number in texts[3::4]]
        return b"".join(texts), self._written([int(number) for number in used]) if used else b""

    def _written(self, numbers):
        found, block, first = {}, (), 0
        for number in sorted(numbers):
            if number >= first + len(block):
                at = bisect_right(self._firsts, number) - 1
                first, block = self._firsts[at], unpacked(self._blocks[at])
            found[number] = block[number - first]
        return b"".join([self._head, *(found[number] for number in numbers), self._end])


def packed(rows):
    return zlib.compress(pickle.dumps(rows, pickle.HIGHEST_PROTOCOL), 1)


def unpacked(data):
    return pickle.loads(zlib.decompress(data))
