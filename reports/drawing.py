"""The table of a report: drawn from the rows, added up from other tables, frozen, read back, amended."""

from dataclasses import dataclass, field, replace

from records.measures import Measure
from reports import layout

MIXED = 0  # the version of a sum whose parts were counted by different definitions


@dataclass(frozen=True)
class Line:
    """One measure's total and its parts, {breakdown: {part: value}}, counted by one version of its definition.

    `was` is the number first accepted, where an amendment changed the line.
    """

    measure: Measure
    value: int
    parts: dict = field(default_factory=dict)
    version: int = 1
    was: int | None = None

    @classmethod
    def of(cls, measure, figure):
        """The line kept as `figure`: {"value", "version", "parts"}."""
        return cls(measure, figure["value"], figure["parts"], figure["version"])

    def as_figure(self):
        return {"value": self.value, "version": self.version, "parts": self.parts}

    def parts_in_words(self):
        """[(breakdown's label, [(part's label, value)])]"""
        return [
            (
                self.measure.breakdowns[name].label,
                [(words, self.parts[name].get(key, 0)) for key, words in self.measure.breakdowns[name].groups.items()],
            )
            for name in self.parts
            if name in self.measure.breakdowns
        ]


@dataclass(frozen=True)
class Table:
    sections: list  # [(title, [Line])]

    @classmethod
    def of(cls, figures):
        """The table made of {measure: {"value", "version", "parts"}}; a measure added since does not stand in it."""
        return cls(
            [
                (title, [Line.of(m, figures[m.key]) for m in measures if m.key in figures])
                for title, measures in layout.sections()
            ]
        )

    def figures(self):
        """{measure: {"value", "version", "parts"}}, what `Table.of` reads back."""
        return {line.measure.key: line.as_figure() for line in self.lines()}

    def lines(self):
        return [line for _title, lines in self.sections for line in lines]

    def line(self, key):
        return next((line for line in self.lines() if line.measure.key == key), None)

    def value(self, key):
        line = self.line(key)
        return line and line.value

    def amended(self, figures):
        """The table with the lines of `figures` in place of its own; each says what stood there first."""
        return Table([(title, [_amended(line, figures) for line in lines]) for title, lines in self.sections])


def _amended(line, figures):
    if line.measure.key not in figures:
        return line
    first = line.value if line.was is None else line.was
    return replace(Line.of(line.measure, figures[line.measure.key]), was=first)


def draw(scope, period):
    """The table as the rows stand now: two statements a measure at the most, whatever the number of communities."""
    return Table([(title, [_line(m, scope, period) for m in measures]) for title, measures in layout.sections()])


def _line(measure, scope, period):
    parts: dict = {}
    for name, counted in measure.all_parts(scope, period).items():
        of_name = parts.setdefault(name, {})
        for (_community, part), n in counted.items():
            of_name[part] = of_name.get(part, 0) + n
    return Line(measure, sum(measure.per_community(scope, period).values()), parts, measure.version)


def added(tables):
    """The sum of tables, line by line and part by part; a line that no table has does not stand in it."""
    figures: dict = {}
    for line in (line for table in tables for line in table.lines()):
        key = line.measure.key
        if key not in figures:
            figures[key] = {"value": 0, "version": line.version, "parts": {}}
        total = figures[key]
        total["value"] += line.value
        if total["version"] != line.version:
            total["version"] = MIXED
        for name, parts in line.parts.items():
            of_name = total["parts"].setdefault(name, {})
            for part, n in parts.items():
                of_name[part] = of_name.get(part, 0) + n
    return Table.of(figures)


def by_report(figures):
    """{report's key: {measure: {"value", "version", "parts"}}} of `Figure` rows."""
    found: dict = {}
    for figure in figures:
        of_report = found.setdefault(figure.report_id, {})
        kept = of_report.setdefault(figure.measure, {"value": 0, "version": figure.definition_version, "parts": {}})
        if figure.breakdown:
            kept["parts"].setdefault(figure.breakdown, {})[figure.part] = figure.value
        else:
            kept["value"] = figure.value
    return found
