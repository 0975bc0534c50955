"""A quick look over an old .xls before its reader sees it: locked, macros, formulas, merged cells, the last cell.

An .xls is a small file system (a chain table, a directory) whose `Workbook` file is a line of records.
"""

import struct

from children.roster.refusal import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, RosterRefused
from children.roster.sheet_xml import SheetScan

END = 0xFFFFFFFA  # from here on a number is a mark, no sector
SHORT_SECTOR = 64
BOUNDSHEET, FILEPASS, BOF, EOF, FORMULA, MERGED = 0x85, 0x2F, 0x809, 0x0A, 0x06, 0xE5
MULTIPLE = 0xBD  # several numbers in one record
CELLS = {0xFD, 0x204, 0x203, 0x27E, 0xBD, 0x205, 0xD6, FORMULA}
WORKSHEET, MACRO_SHEETS = 0, {1, 6}


def scan_xls(content):
    """{sheet title: (what was found, merged cells)}; refuses what is no harmless .xls."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise RosterRefused("LOCKED")
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise RosterRefused("MACROS")
    try:
        book = _workbook(content)
        sheets = [(title, start) for title, start, kind in _sheets(book) if kind == WORKSHEET]
        if len(sheets) > len(dict(sheets)):
            raise ValueError("two sheets of one title")
        return {title: _scan_sheet(book, start) for title, start in sheets}
    except (struct.error, IndexError, ValueError) as error:
        raise RosterRefused("DAMAGED") from error


def _workbook(content):
    """The bytes of the file `Workbook` inside."""
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    if size not in (512, 4096):
        raise ValueError("no such sector size")
    directory_start, cutoff, short_start = (struct.unpack_from("<I", content, at)[0] for at in (48, 56, 60))
    table = _chain_table(content, size)
    directory = _read_chain(content, table, directory_start, size, size)
    entries = {}
    for at in range(0, len(directory) - 127, 128):
        length = struct.unpack_from("<H", directory, at + 64)[0]
        name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        if directory[at + 66]:
            entries[name] = struct.unpack_from("<II", directory, at + 116)
    if "EncryptedPackage" in entries:
        raise RosterRefused("LOCKED")
    if any(name.startswith("_VBA_PROJECT") for name in entries):
        raise RosterRefused("MACROS")
    if "Workbook" not in entries:
        raise RosterRefused("OLD_FORMAT" if "Book" in entries else "NOT_A_SPREADSHEET")
    start, length = entries["Workbook"]
    if length >= cutoff:
        return _read_chain(content, table, start, size, size)[:length]
    inner = _read_chain(content, table, entries["Root Entry"][0], size, size)
    short_table = _numbers(_read_chain(content, table, short_start, size, size))
    return _read_chain(inner, short_table, start, SHORT_SECTOR, 0)[:length]


def _numbers(data):
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _chain_table(content, size):
    """Which sector follows which."""
    sectors = [number for number in _numbers(content[76:512]) if number < END]
    following, per_sector = struct.unpack_from("<I", content, 68)[0], size // 4 - 1
    for _turn in range(len(content) // size):
        if following >= END:
            break
        numbers = _numbers(_sector(content, following, size, size))
        sectors += [number for number in numbers[:per_sector] if number < END]
        following = numbers[per_sector]
    if len(sectors) > len(content) // size:
        raise ValueError("more tables than sectors")
    return _numbers(b"".join(_sector(content, number, size, size) for number in sectors))


def _sector(content, number, size, offset):
    start = offset + number * size
    if start >= len(content):
        raise ValueError("a sector beyond the end")
    return content[start : start + size]


def _read_chain(content, table, first, size, offset):
    pieces, number = [], first
    while number < END:
        if len(pieces) > len(content) // size:
            raise ValueError("a chain without an end")
        pieces.append(_sector(content, number, size, offset))
        number = table[number]
    return b"".join(pieces)


def _records(book, at):
    """(kind, its bytes) from one beginning-of-file mark to its end mark."""
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        yield kind, book[at + 4 : at + 4 + length]
        if kind == EOF:
            return
        at += 4 + length


def _sheets(book):
    """(title, where it begins, kind) of every sheet."""
    first = struct.unpack_from("<HH", book, 4) if struct.unpack_from("<H", book, 0)[0] == BOF else (0, 0)
    if first[0] != 0x600:
        raise RosterRefused("OLD_FORMAT")
    for kind, data in _records(book, 0):
        if kind == FILEPASS:
            raise RosterRefused("LOCKED")
        if kind == BOUNDSHEET:
            start, _hidden, sort, letters, wide = struct.unpack_from("<IBBBB", data)
            if sort in MACRO_SHEETS:
                raise RosterRefused("MACROS")
            title = data[8 : 8 + letters * (2 if wide & 1 else 1)]
            yield title.decode("utf-16-le" if wide & 1 else "latin-1"), start, sort


def _scan_sheet(book, start):
    scan, merges = SheetScan(), []
    for kind, data in _records(book, start):
        if kind in CELLS:
            row, column = struct.unpack_from("<HH", data)
            last = struct.unpack_from("<H", data, len(data) - 2)[0] if kind == MULTIPLE else column
            scan.last_row, scan.last_column = max(scan.last_row, row + 1), max(scan.last_column, last + 1)
            if kind == FORMULA:
                scan.formulas[row + 1] = scan.formulas.get(row + 1, 0) | 1 << column
        elif kind == MERGED:
            corners = struct.unpack_from(f"<{struct.unpack_from('<H', data)[0] * 4}H", data, 2)
            for top, bottom, left, right in zip(*[iter(corners)] * 4, strict=True):
                merges.append(((top, left), (bottom, right)))
    if scan.last_row > MAX_ROWS or scan.last_column > MAX_COLUMNS or scan.last_row * scan.last_column > MAX_CELLS:
        raise RosterRefused("TOO_MANY_CELLS")
    return scan, sorted(merges)
