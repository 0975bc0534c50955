"""What a printer gets: the pages and the words of a PDF as Chromium writes it.

Each font there says which character each of its signs stands for, and is called by the number of its object.
"""

import re
import unicodedata
import zlib

OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)\sendobj", re.DOTALL)
STREAM = re.compile(rb"stream\r?\n(.*)\r?\nendstream", re.DOTALL)
PAGE = re.compile(rb"/Type\s*/Page\b")
SHOWN = re.compile(rb"/F(\d+) [\d.]+ Tf|/ActualText\s*<[^>]*>|<([0-9A-Fa-f]+)>")
SIZE = re.compile(rb"/MediaBox\s*\[\s*[\d.]+ [\d.]+ ([\d.]+) ([\d.]+)")


class Printed:
    def __init__(self, pdf):
        self.objects = {int(number): body for number, body in OBJECT.findall(pdf)}
        self.pages = [body for body in self.objects.values() if PAGE.search(body)]
        self.sizes = {tuple(round(float(side)) for side in size) for size in SIZE.findall(pdf)}
        self.fonts = {}

    def says(self, words):
        """Whether these words stand on one of the pages, wherever their lines break."""
        return _packed(words) in _packed(self.text())

    def text(self):
        return "".join(self._on(body) for body in self.objects.values() if b"/Font" not in body.partition(b"stream")[0])

    def _on(self, body):
        """The text that an object with a stream of drawing commands writes."""
        shown, font = [], {}
        for number, sign in SHOWN.findall(self._unpacked(body)):
            if number:
                font = self._font(int(number))
            elif sign and font:
                width = max(map(len, font))
                codes = (sign[at : at + width].upper() for at in range(0, len(sign), width))
                shown += [font.get(code, "") for code in codes]
        return "".join(shown)

    def _font(self, number):
        """{sign: character} of the font that is this object."""
        if number not in self.fonts:
            found = re.search(rb"/ToUnicode (\d+) 0 R", self.objects.get(number, b""))
            self.fonts[number] = _signs(self._unpacked(self.objects[int(found[1])])) if found else {}
        return self.fonts[number]

    def _unpacked(self, body):
        found = STREAM.search(body)
        if not found or b"/Image" in body.partition(b"stream")[0]:
            return b""
        return zlib.decompress(found[1]) if b"/FlateDecode" in body.partition(b"stream")[0] else found[1]


def _packed(text):
    """Without blanks, and with signs that are drawn as one, or as a radical, as they are typed."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _signs(table):
    """{sign: character} of a table that gives characters one by one, or from a sign to a sign."""
    signs = {}
    for part in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for sign, character in re.findall(rb"<(\w+)>\s*<(\w+)>", part):
            signs[sign.upper()] = bytes.fromhex(character.decode()).decode("utf-16-be")
    for part in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, character in re.findall(rb"<(\w+)>\s*<(\w+)>\s*<(\w+)>", part):
            for place in range(int(last, 16) - int(first, 16) + 1):
                signs[b"%0*X" % (len(first), int(first, 16) + place)] = chr(int(character, 16) + place)
    return signs
