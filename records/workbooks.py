"""A list as a workbook: rows are written in their order and let go at once, so that memory holds a few hundred."""

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import xlsxwriter
from django.utils.translation import gettext as _

TOLD_EVERY = 200  # rows


@dataclass(frozen=True)
class Column:
    """One column: the words above it from the outermost in, its width, and what it says of a row."""

    words: tuple[str, ...]
    value: Callable
    width: int = 12


@dataclass(frozen=True)
class Sheet:
    """What one export would hold. `count` is told before; `rows` is read once, a few hundred at a time."""

    title: str
    count: int
    rows: Iterable
    columns: list[Column]
    back_url: str = ""
    subtitle: str = ""
    numbered: str = ""  # the header of a first column with the line's number
    legend: list[tuple[str, str]] = field(default_factory=list)
    file_name: str = "list"


def write(sheet, progress=None):
    """(an open file without a name, how many rows). Every cell is text, so that none is ever a formula.

    `progress` is told now and then how many rows are written, and of how many.
    """
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    with tempfile.TemporaryDirectory() as scratch:
        options = {"constant_memory": True, "tmpdir": scratch}
        with xlsxwriter.Workbook(target, options) as book:
            written = _Writing(book).list(sheet, progress)
            if sheet.legend:
                _Writing(book).legend(sheet.legend)
    target.seek(0)
    return target, written


class _Writing:
    """Rows are written in their order and let go at once."""

    def __init__(self, book):
        self.book = book
        self.text = book.add_format({"num_format": "@", "border": 1})
        self.head = book.add_format(
            {"num_format": "@", "border": 1, "bold": True, "align": "center", "valign": "vcenter", "text_wrap": True}
        )
        self.title = book.add_format({"bold": True, "font_size": 16, "align": "center"})

    def list(self, sheet, progress=None):
        columns = sheet.columns
        if sheet.numbered:
            columns = [Column((sheet.numbered,), None, 6), *columns]
        page = self.book.add_worksheet(sheet.title[:31])
        page.set_landscape()
        page.set_paper(8)  # A3
        page.fit_to_pages(1, 0)
        for place, column in enumerate(columns):
            page.set_column(place, place, column.width)
        line = self._over(page, sheet, len(columns))
        depth = max(len(column.words) for column in columns)
        for level in range(depth):
            self._header(page, line + level, [_at(column, level) for column in columns])
        page.repeat_rows(line, line + depth - 1)
        line += depth
        number = 0
        for number, row in enumerate(sheet.rows, 1):
            for place, column in enumerate(columns):
                said = str(number) if column.value is None else column.value(row)
                page.write_string(line, place, str(said or ""), self.text)
            line += 1
            if progress and number % TOLD_EVERY == 0:
                progress(number, max(number, sheet.count))
        return number

    def _over(self, page, sheet, width):
        line = 0
        for words, style in ((sheet.title, self.title), (sheet.subtitle, None)):
            if words:
                page.merge_range(line, 0, line, width - 1, "", style)
                page.write_string(line, 0, words, style)
                line += 1
        return line

    def _header(self, page, line, words):
        """One level of the header; equal neighbours of an upper level are one cell."""
        start = 0
        while start < len(words):
            end = start
            while words[start] and words[start][1] and end + 1 < len(words) and words[end + 1] == words[start]:
                end += 1
            text = words[start][0] if words[start] else ""
            if end > start:
                page.merge_range(line, start, line, end, "", self.head)
            page.write_string(line, start, text, self.head)
            start = end + 1

    def legend(self, lines):
        page = self.book.add_worksheet(_("Legend")[:31])
        page.set_column(0, 0, 26)
        page.set_column(1, 1, 90)
        for line, (word, meaning) in enumerate(lines):
            page.write_string(line, 0, word, self.text)
            page.write_string(line, 1, meaning, self.text)


def _at(column, level):
    """(word, whether it may span) of a column's header at a level; None below its last."""
    return (column.words[level], level < len(column.words) - 1) if level < len(column.words) else None
