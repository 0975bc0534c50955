"""What is refused before any parser sees it: too large, packed to explode, locked, with macros, no spreadsheet."""

import io
import re
import zipfile

from django.utils.translation import gettext_lazy as _

MEGABYTE = 1024 * 1024
MAX_SIZE = 20 * MEGABYTE
MAX_UNPACKED = 200 * MEGABYTE
MAX_RATIO = 200  # XML packs about 10 to 1; a bomb packs 1000 to 1
RATIO_COUNTS_FROM = 4 * MEGABYTE
MAX_MEMBERS = 1000
MAX_ROWS = 100_000
MAX_COLUMNS = 400
MAX_CELLS = 8_000_000
MAX_CELLS_AT_ONCE = 1_000_000  # in a file that cannot be read some rows at a time: some 150 MB of memory

ODS = b"application/vnd.oasis.opendocument.spreadsheet"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MEMBER_NAME = re.compile(r"(?!/)(?!.*(?:^|/)\.\.(?:/|\Z))[^\\:\x00-\x1f]+\Z")

REASONS = {
    "EMPTY": _("The file is empty."),
    "TOO_LARGE": _("The file is larger than 20 MB. Please split the roster and upload the parts one by one."),
    "TOO_LARGE_UNPACKED": _("The file unpacks to far more than a roster can hold."),
    "TOO_MANY_PARTS": _("The file has too many parts inside for a roster."),
    "TOO_MANY_CELLS": _(
        "A sheet reaches too far: more rows or columns than a roster can have. "
        "Please delete what lies beyond the table."
    ),
    "TOO_MANY_CELLS_AT_ONCE": _(
        "The roster is too large for an .xls or .ods file. Please save it as .xlsx and upload it again."
    ),
    "TOO_MANY_ROWS": _("The roster has more than 30,000 rows. Please split it and upload the parts one by one."),
    "MACROS": _("The workbook contains macros. Please save it as a workbook without macros (.xlsx)."),
    "LOCKED": _("The file is protected by a password. Please remove the password and upload it again."),
    "OLD_FORMAT": _("This is an older or different kind of spreadsheet. Please save it as .xlsx and upload it again."),
    "NOT_A_SPREADSHEET": _("This is not a spreadsheet. Please upload an .xlsx, .xls, .ods or .csv file."),
    "DAMAGED": _("The file is damaged and cannot be read. Please save it again in your spreadsheet program."),
    "UNSAFE_NAMES": _("The file has parts with unsafe names and was not opened."),
    "ENCODING": _("The text file is neither UTF-8 nor GBK. Please save it as .xlsx."),
}


class RosterRefused(Exception):
    """The whole file is refused; `message` says why to the person who uploaded it."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code

    @property
    def message(self):
        return str(REASONS[self.code])


def size_of(file):
    """How many bytes it has, unless they are none or too many."""
    size = file.seek(0, io.SEEK_END)
    if not size:
        raise RosterRefused("EMPTY")
    if size > MAX_SIZE:
        raise RosterRefused("TOO_LARGE")
    return size


def kind_of(file):
    """`xls`, `zip` (an .xlsx or .ods) or `csv`, by what the file holds and never by its name."""
    file.seek(0)
    head = file.read(65_536)
    if head.startswith(OLE):
        return "xls"
    if head.startswith(b"PK"):
        return "zip"
    if b"\x00" in head or head.lstrip()[:5].lower() in (b"<html", b"<?xml", b"%pdf-", b"{\\rtf"):
        raise RosterRefused("NOT_A_SPREADSHEET")
    return "csv"


def open_package(file):
    """The zip of a workbook, once its directory has been found harmless."""
    size = size_of(file)
    try:
        package = zipfile.ZipFile(file)
        members = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise RosterRefused("DAMAGED") from error
    if len(members) > MAX_MEMBERS:
        raise RosterRefused("TOO_MANY_PARTS")
    names = [member.filename for member in members]
    folded = [name.lower() for name in names]
    if not all(MEMBER_NAME.match(name) for name in names) or len(set(folded)) != len(names):
        raise RosterRefused("UNSAFE_NAMES")
    if any(member.flag_bits & 0x1 for member in members):
        raise RosterRefused("LOCKED")
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) or "/macrosheets/" in name for name in folded):
        raise RosterRefused("MACROS")
    if any(name.startswith(("basic/", "scripts/")) and not name.endswith("/") for name in folded):
        raise RosterRefused("MACROS")
    if "xl/workbook.xml" not in folded and not _is_ods(package, names):
        other = "mimetype" in folded or "xl/workbook.bin" in folded
        raise RosterRefused("OLD_FORMAT" if other else "NOT_A_SPREADSHEET")
    if any(member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for member in members):
        raise RosterRefused("DAMAGED")
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED or (unpacked > RATIO_COUNTS_FROM and unpacked > MAX_RATIO * size):
        raise RosterRefused("TOO_LARGE_UNPACKED")
    return package


def is_ods(package):
    return "xl/workbook.xml" not in {name.lower() for name in package.namelist()}


def _is_ods(package, names):
    if not {"mimetype", "content.xml"} <= set(names):
        return False
    return b"".join(read_member(package, package.getinfo("mimetype"))).strip() == ODS


def read_member(package, member, size=MEGABYTE):
    """The member's bytes piece by piece, refusing one that unpacks to more than its entry in the directory says."""
    promised, member.file_size = member.file_size, 1 << 40
    got = 0
    try:
        with package.open(member) as stream:
            while piece := stream.read(size):
                got += len(piece)
                if got > promised:
                    raise RosterRefused("TOO_LARGE_UNPACKED")
                yield piece
    except RosterRefused:
        raise
    except Exception as error:  # zlib, struct and zipfile each have their own
        raise RosterRefused("DAMAGED") from error
    finally:
        member.file_size = promised
