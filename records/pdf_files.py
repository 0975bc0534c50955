"""Whether bytes are a PDF that only shows pages: nothing in it runs, sends, or hides another file.

There is no parser here. A PDF names what it does in plain names, `/JavaScript` and the like; those may stand in the
file itself or in its packed object streams, and a character of a name may be written as `#4a`. Whatever cannot be
looked into is refused, for nobody could say what it does.
"""

import re
import zlib

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

HEAD = re.compile(rb"%PDF-[12]\.\d")
SIGN_WITHIN = TAIL = 1024
ZIP_END, ZIP_TAIL = b"PK\x05\x06", 66_000  # a zip archive's directory must end within its last 64 KB
ACTIVE = re.compile(
    rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|GoToE)(?![A-Za-z0-9_#.+-])"
)
LOCKED = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM, STREAM_END = re.compile(rb"(?<!end)stream\r?\n"), b"endstream"
FACTS_BEFORE = 2048  # of a stream, as far back as its own object can begin
UNPACKED_AT_MOST = 64 * 1024 * 1024

BROKEN = _("This PDF is not whole or cannot be read. Save it as PDF once more and send it again.")
PROTECTED = _("This PDF is protected by a password. Save it without one and send it again.")
ACTS = _(
    "This PDF does more than show pages: it runs something, sends something or holds another file. Print it as PDF."
)


def calls_itself_pdf(data):
    """Whether its first bytes say so, wherever among them: other readers look for these words there."""
    return b"%pdf-" in data[:SIGN_WITHIN].lower()


def refuse_all_but_pages(data):
    """Raise ValidationError, in words for the person who sent `data`."""
    if not HEAD.match(data) or b"%%EOF" not in data[-TAIL:]:
        raise ValidationError(BROKEN, "unreadable")
    if ZIP_END in data[-ZIP_TAIL:]:
        raise ValidationError(ACTS, "not_only_pages")
    plain = _plain(data)
    if LOCKED.search(plain):
        raise ValidationError(PROTECTED, "protected")
    if ACTIVE.search(plain) or any(ACTIVE.search(_plain(part)) for part in _object_streams(data)):
        raise ValidationError(ACTS, "not_only_pages")


def _plain(data):
    """With every character of a name written as itself."""
    return ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), data)


def _object_streams(data):
    left = UNPACKED_AT_MOST
    for found in STREAM.finditer(data):
        facts = _plain(data[max(0, found.start() - FACTS_BEFORE) : found.start()].rpartition(b"obj")[2])
        if b"/ObjStm" not in facts:
            continue
        end = data.find(STREAM_END, found.end())
        try:
            unpacking = zlib.decompressobj()
            part = unpacking.decompress(data[found.end() : end], left)
        except zlib.error:
            raise ValidationError(BROKEN, "unreadable") from None
        left -= len(part)
        if end < 0 or left <= 0 or not unpacking.eof:
            raise ValidationError(BROKEN, "unreadable")
        yield part
