"""A parser's rows and headers as they are kept between preview and confirmation, what they say encrypted."""

import datetime
import json
import re

from children.roster.header import Column, Layout
from children.roster.refusal import RosterRefused
from children.roster.verdict import ACCEPTED, DUPLICATE, IGNORED, REJECTED, RosterRow

DISPOSITIONS = (ACCEPTED, REJECTED, DUPLICATE, IGNORED)
MOST_LAYOUTS = 500
LONG_NUMBER = re.compile(r"\d{7,}[\dXx]?")


class Layouts:
    """The headers met in a workbook, numbered."""

    def __init__(self):
        self._numbers = {}
        self.met = []

    def number(self, layout):
        if layout is None:
            return None
        if id(layout) not in self._numbers:
            if len(self.met) == MOST_LAYOUTS:
                raise RosterRefused("TOO_MANY_PARTS")
            self._numbers[id(layout)] = len(self.met)
            self.met.append(layout)
        return self._numbers[id(layout)]


def as_import_row(batch, key, place, row, layouts, corrected=None):
    """The columns of a row as it is kept."""
    returned = row.disposition == REJECTED and row.cells is not None
    return {
        "id": key,
        "batch_id": batch.pk,
        "position": place,
        "sheet": row.sheet[:100].replace("\x00", ""),
        "row": row.row,
        "disposition": row.disposition,
        "reasons": row.reasons,
        "warnings": row.warnings,
        "duplicate_of": row.duplicate_of[:120].replace("\x00", ""),
        "match_type": row.match_type,
        "action": row.action,
        "community": row.community,
        "values": json.dumps(row.values) if row.values else "",
        "cells": json.dumps([_packed(cell) for cell in row.cells]) if returned else "",
        "layout": layouts.number(row.layout) if returned else None,
        "corrects_id": (corrected or {}).get(row.returned_from),
    }


def tally(row):
    """What a row adds to the counts shown above the preview."""
    counts = [row.disposition, *(f"reason:{code}" for code in row.reasons if row.disposition == REJECTED)]
    return [*counts, "noted"] if row.warnings and row.disposition == ACCEPTED else counts


def as_roster_row(kept, layouts=()):
    row = RosterRow(kept.sheet, kept.row, kept.disposition, list(kept.reasons), list(kept.warnings))
    row.duplicate_of, row.match_type, row.action = kept.duplicate_of, kept.match_type, kept.action
    row.community = kept.community
    row.values = json.loads(kept.values) if kept.values else {}
    if layouts and kept.cells and kept.layout is not None:
        row.cells, row.layout = [_unpacked(cell) for cell in json.loads(kept.cells)], layouts[kept.layout]
    return row


def _packed(cell):
    """JSON for a cell: text, number or truth as they are, dates by their kind, all else as text."""
    match cell:
        case datetime.datetime():
            return {"at": cell.isoformat()}
        case datetime.date():
            return {"on": cell.isoformat()}
        case None | str() | bool() | int() | float():
            return cell
    return str(cell)


def _unpacked(cell):
    match cell:
        case {"at": moment}:
            return datetime.datetime.fromisoformat(moment)
        case {"on": day}:
            return datetime.date.fromisoformat(day)
    return cell


def layouts_as_text(sheets, layouts):
    """The sheets with their columns as shown to people, and the headers that returned rows stand under."""
    return json.dumps(
        {
            "sheets": [
                {
                    "name": sheet.name,
                    "ignored": sheet.ignored,
                    "columns": [
                        [column.index, "/".join(column.words), column.field or ""]
                        for layout in sheet.layouts[:1]
                        for column in layout.columns
                        if column.words
                    ],
                    "unknown": sheet.unknown_headers,
                    "supposed": [
                        [column.index, "/".join(column.words), column.field or ""]
                        for column in (sheet.supposed.columns if sheet.supposed else ())
                        if column.words
                    ],
                    "samples": {
                        str(column): [_shortened(text) for text in texts if text]
                        for column, texts in sheet.samples.items()
                    },
                }
                for sheet in sheets
            ],
            "layouts": [
                {
                    "rows": layout.header_rows,
                    "columns": [[column.index, column.words, column.field] for column in layout.columns],
                    "cells": layout.cells,
                }
                for layout in layouts.met
            ],
        }
    )


def _shortened(text):
    """Enough to know a column by; long numbers show their end only."""
    return LONG_NUMBER.sub(lambda found: f"••••{found[0][-4:]}", text)[:30]


def sheets_of(batch):
    return json.loads(batch.layouts)["sheets"] if batch.layouts else []


def layouts_of(batch):
    kept = json.loads(batch.layouts)["layouts"] if batch.layouts else []
    return [
        Layout(tuple(one["rows"]), [Column(i, tuple(words), name) for i, words, name in one["columns"]], one["cells"])
        for one in kept
    ]
