"""Drawing the figures of a report from the rows, checking that they add up, freezing them, and reading them back."""

from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from records.measures import Measure
from reports import layout


@dataclass
class Line:
    """One measure's total and its parts: {breakdown: {part: value}}; `nowhere` counts rows that fell into no part."""

    measure: Measure
    value: int
    parts: dict = field(default_factory=dict)

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


@dataclass
class Table:
    sections: list  # [(title, [Line])]

    def lines(self):
        return [line for _title, lines in self.sections for line in lines]

    def value(self, key):
        return next((line.value for line in self.lines() if line.measure.key == key), None)

    def faults(self):
        """What does not add up, in sentences. Parts are counted apart from totals, so this can fail."""
        found = []
        for line in self.lines():
            for name, parts in line.parts.items():
                breakdown = line.measure.breakdowns[name]
                strangers = sum(n for part, n in parts.items() if part not in breakdown.groups)
                if strangers or sum(parts.values()) != line.value:
                    found.append(
                        _("%(measure)s: %(total)s in all, %(sum)s %(breakdown)s, %(without)s without such an entry")
                        % {
                            "measure": line.measure.label,
                            "total": line.value,
                            "sum": sum(parts.values()) - strangers,
                            "breakdown": breakdown.label,
                            "without": strangers,
                        }
                    )
        return found


def draw(scope, period):
    """The table as the rows stand now: two statements a measure at the most, whatever the number of communities."""
    return Table([(title, [_line(m, scope, period) for m in measures]) for title, measures in layout.sections()])


def _line(measure, scope, period):
    line = Line(measure, sum(measure.per_community(scope, period).values()))
    for name in measure.breakdowns:
        parts: dict = {}
        for (_community, part), n in measure.parts_per_community(name, scope, period).items():
            parts[part] = parts.get(part, 0) + n
        line.parts[name] = parts
    return line


def freeze(report, table):
    """Keep the table's numbers as rows of the report, in place of those of an earlier submission."""
    drawn_at = timezone.now()
    rows = []
    for line in table.lines():
        cells = [("", "", line.value)]
        cells += [(name, part, n) for name, parts in line.parts.items() for part, n in parts.items()]
        rows += [
            report.figures.model(
                report=report,
                community_id=report.community_id,
                district=report.district,
                measure=line.measure.key,
                breakdown=name,
                part=part,
                value=n,
                definition_version=line.measure.version,
                drawn_at=drawn_at,
            )
            for name, part, n in cells
        ]
    report.figures.all().delete()
    report.figures.bulk_create(rows)


def frozen(figures, period):
    """The table made of frozen figures; a measure added since does not stand in it."""
    totals, parts = {}, {}
    for figure in figures:
        if figure.breakdown:
            parts.setdefault(figure.measure, {}).setdefault(figure.breakdown, {})[figure.part] = figure.value
        else:
            totals[figure.measure] = figure.value
    return Table(
        [
            (title, [Line(m, totals[m.key], parts.get(m.key, {})) for m in measures if m.key in totals])
            for title, measures in layout.sections()
        ]
    )
