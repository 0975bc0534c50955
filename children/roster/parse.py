"""A workbook in, rows with verdicts out."""

import re
from collections import deque
from dataclasses import dataclass, field
from itertools import islice

from children.roster import cells as read
from children.roster.community import Communities
from children.roster.duplicates import KnownChildren, settle_within
from children.roster.header import DEEPEST, find_header, supposed_header
from children.roster.line_kinds import DATA, HEADER, TITLE, kind_before_header, kind_below_header, repeats
from children.roster.sheets import Sheet, open_sheets, rows_at_most
from children.roster.verdict import ACCEPTED, IGNORED, USUALLY_TICKED, YES_NO, RosterRow, judge, used_fields
from children.roster.vocabulary import header_words

HIDDEN, NO_HEADER = "hidden", "no_header"
FIRST_ROWS = 20
SAMPLES = 3


@dataclass(slots=True)
class SheetReport:
    """What was found in one sheet: its headers with what each column stands for, or why the sheet was left out."""

    name: str
    ignored: str = ""
    layouts: list = field(default_factory=list)
    supposed: object = None  # the row that is most like a header, in a sheet where none was found
    samples: dict = field(default_factory=dict)  # column -> what stands in the first rows

    @property
    def unknown_headers(self):
        return list(dict.fromkeys("/".join(column.words) for layout in self.layouts for column in layout.unknown))


class Roster:
    """One uploaded file. Iterate over it once for its rows; `sheets` fills up as they are read.

    `known` are children on the register; `own`, where given, keeps those of the workbook itself.
    `mapping` overrides what was found: {sheet name: Layout.mapped(header_rows, {column index: field})}.
    Opening raises `RosterRefused` where the whole file is refused; reading never raises anything else.
    """

    def __init__(self, file, *, as_of, name="", communities=None, known=None, own=None, mapping=None, meanings=None):
        self.as_of, self.name = as_of, name
        self.communities = communities or Communities("0" * 12, ())
        self.known, self.mapping = known, mapping or {}
        self.lexicon = header_words().taught(meanings)
        self.sheets = []
        self._own = own or KnownChildren()
        self._opened = open_sheets(file)

    def __iter__(self):
        return settle_within(self._rows(), self.known, self._own)

    @property
    def size(self):
        """How many rows there are at most."""
        return rows_at_most(self._opened)

    @property
    def warned_later(self):
        """Rows that got a warning after they had been passed on."""
        return self._own.warned

    def read(self):
        """Every row with its final verdict."""
        return list(self)

    def _rows(self):
        for sheet in self._opened:
            report = SheetReport(sheet.name)
            self.sheets.append(report)
            if not sheet.visible:
                report.ignored = HIDDEN
                continue
            yield from SheetReading(self, sheet, report).rows()
            if not report.layouts:
                report.ignored = NO_HEADER
                report.supposed = self._supposed_header(sheet)

    def _supposed_header(self, sheet):
        """Of the first rows the one with the most words in it."""
        lines = [line for line in islice(sheet.lines(), FIRST_ROWS) if sum(map(_is_word, line.own)) > 1]
        best = max(lines, key=lambda line: (sum(map(_is_word, line.own)), -line.number), default=None)
        return supposed_header(best, self.lexicon) if best else None


def _is_word(cell):
    return isinstance(cell, str) and bool(re.search(r"[^\W\d_]", cell)) and len(cell) < 60


class SheetReading:
    """One pass over one sheet: the header in force, the row above, the marks in each column."""

    def __init__(self, roster, sheet: Sheet, report):
        self.roster, self.sheet, self.report = roster, sheet, report
        self.layout = None
        self.fields = set()
        self.above = {}
        self.merges = {}
        for merge in sheet.merges:
            self.merges.setdefault(merge[0][0] + 1, []).append(merge)
        self.fixed = roster.mapping.get(sheet.name)
        self.marks = None
        self.seen = 0

    def rows(self):
        lines = self.sheet.lines()
        window = deque()
        pending_header = 0
        while True:
            while len(window) < DEEPEST and (line := next(lines, None)):
                window.append(line)
            if not window:
                return
            line = window[0]
            if pending_header:
                pending_header -= 1
                yield self._ignored(line, HEADER)
            elif self.fixed:
                yield self._by_hand(line)
            else:
                kind = self._kind(line)
                if kind in (HEADER, None) and (found := self._header(window, kind)):
                    pending_header = found - 1
                    yield self._ignored(line, HEADER)
                elif kind == DATA:
                    yield self._data(line)
                else:
                    yield self._ignored(line, kind or kind_before_header(line))
            window.popleft()

    def _kind(self, line):
        if self.layout is None:
            return None
        wide = {left for (_top, left), (_bottom, right) in self.merges.get(line.number, ()) if right - left >= 2}
        return kind_below_header(
            line,
            self.layout,
            wide=wide,
            has_formula=lambda column: self.sheet.scan.has_formula(line.number, column),
            lexicon=self.roster.lexicon,
        )

    def _header(self, window, kind):
        """How many rows the header that begins here has; 0 where none does."""
        layout = find_header(list(window), lambda number: self.merges.get(number, ()), self.roster.lexicon)
        if not layout:
            return 0
        if kind is None or not all(repeats(line, self.layout) for line in list(window)[: len(layout.header_rows)]):
            self._use(layout)
        return len(layout.header_rows)

    def _use(self, layout):
        self.layout = layout
        self.fields = used_fields(layout)
        self.above = {}
        self.report.layouts.append(layout)
        if self.marks is None:
            self.marks = count_marks(self.sheet)
        self.tick_columns = {name for name in YES_NO if name in self.fields and self._is_tick_column(name)}

    def _is_tick_column(self, name):
        """A column of √ or nothing: its header says so, or ticks outnumber every written no."""
        column = self.layout.index_of[name]
        words = next((column_.words for column_ in self.layout.columns if column_.index == column), ())
        if any("√" in word for word in words):
            return True
        ticks, noes = self.marks.get(column, (0, 0))
        return ticks > noes or (name in USUALLY_TICKED and not noes)

    def _by_hand(self, line):
        """A sheet whose header a person pointed out."""
        if self.layout is None and line.number > max(self.fixed.header_rows, default=0):
            self._use(self.fixed)
        if self.layout is None:
            return self._ignored(line, HEADER if line.number in self.fixed.header_rows else TITLE)
        kind = self._kind(line)
        return self._data(line) if kind == DATA else self._ignored(line, kind)

    def _ignored(self, line, kind):
        return RosterRow(self.sheet.name, line.number, IGNORED, [kind])

    def _data(self, line):
        shown = line.shown
        index_of = self.layout.index_of
        row = RosterRow(self.sheet.name, line.number, ACCEPTED, layout=self.layout)
        returned = index_of.get("returned_from")
        if returned is not None and returned < len(shown):
            row.returned_from = read.text_of(shown[returned])
        if self.seen < SAMPLES:
            self.seen += 1
            for column, cell in enumerate(shown):
                self.report.samples.setdefault(column, []).append(read.as_text(cell))
        current = {}
        for name in self.fields:
            column = index_of[name]
            value = shown[column] if column < len(shown) else ""
            current[name] = self.above.get(name, "") if read.same_as_above(value) else value
        self.above = current
        if self._has_formula(line):
            row.values = {"child_name": read.name_of(current.get("child_name", ""))[0]}
            row.reject("FORMULA")
        else:
            judge(
                row,
                lambda name: current.get(name, ""),
                self.roster.as_of,
                tick_columns=self.tick_columns,
                has=self.fields,
            )
            if row.disposition == ACCEPTED:
                self._settle_community(row)
        if row.disposition != ACCEPTED:
            row.cells = self._cells_to_hand_back(shown, current)
        return row

    def _has_formula(self, line):
        mask = self.sheet.scan.formulas.get(line.number, 0)
        return bool(mask) and any(mask >> self.layout.index_of[name] & 1 for name in self.fields)

    def _settle_community(self, row):
        values = row.values
        row.community = self.roster.communities.code_for(
            village=values.get("village", ""), town=values.get("town", ""), sheet=self.sheet.name
        )
        if not row.community:
            row.reject("COMMUNITY_UNKNOWN")

    def _cells_to_hand_back(self, shown, current):
        cells = list(shown)
        for name, value in current.items():
            if self.layout.index_of[name] < len(cells):
                cells[self.layout.index_of[name]] = value
        return cells


def count_marks(sheet):
    """(ticks, written noes) per column."""
    marks = {}
    for cells in sheet.rows():
        for column, cell in enumerate(cells):
            if cell != "" and (type(cell) is not str or len(cell) <= 3):
                word = cell.strip() if type(cell) is str else cell
                if word in read.TICKS or word in ("否", "0", "N", 0.0, False):
                    ticks, noes = marks.get(column, (0, 0))
                    tick = word in read.TICKS
                    marks[column] = (ticks + tick, noes + (not tick))
    return marks
