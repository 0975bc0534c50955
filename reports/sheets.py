"""The official layout of a report, for paper and spreadsheet alike: a list of figures, then tables of their parts."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class PartsTable:
    """Figures divided in the same way: a column for each, a row for each part, and a last row that adds them up."""

    title: Any
    lines: list
    rows: list  # [(words, [number, or None where the figure has no such part])]


@dataclass(frozen=True)
class Sheets:
    """`numbered`: [(section, [(running number, line, change)])]; `parts`: the tables of parts."""

    numbered: list
    parts: list[PartsTable]


def sheets(report):
    """What stands on the paper of a report, in its order."""
    table = report.in_force()
    changes = report.changes(table)
    number, numbered = 0, []
    for title, lines in table.sections:
        of_section = []
        for line in lines:
            number += 1
            of_section.append((number, line, changes[line.measure.key]))
        if of_section:
            numbered.append((title, of_section))
    return Sheets(numbered, parts_tables(table))


def parts_tables(table):
    """Figures of one section that are divided in the same way stand side by side."""
    found: dict = {}
    for place, (_title, lines) in enumerate(table.sections):
        for line in lines:
            for name in line.parts:
                if name in line.measure.breakdowns:
                    found.setdefault((place, name), []).append(line)
    return [_parts_table(name, lines) for (_place, name), lines in found.items()]


def _parts_table(name, lines):
    groups: dict = {}
    for line in lines:
        groups |= line.measure.breakdowns[name].groups
    rows = [(words, [_part(line, name, key) for line in lines]) for key, words in groups.items()]
    return PartsTable(lines[0].measure.breakdowns[name].label, lines, rows)


def _part(line, name, key):
    return line.parts[name].get(key, 0) if key in line.measure.breakdowns[name].groups else None
