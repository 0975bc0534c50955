"""What must hold in a quarterly table, and what does not: named in words, with the rows that are to blame."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from records.measures import Measure
from reports import layout


@dataclass(frozen=True)
class Fault:
    """`rows(scope, period)` finds what is to blame; None where it cannot be told from the table's own rows."""

    words: str
    measure: Measure
    rows: Callable | None = None

    def __str__(self):
        return self.words


def faults(table):
    """What does not hold, line by line. Parts are counted apart from totals, so this can fail."""
    lines = {line.measure.key: line for line in table.lines()}
    found = [fault for line in lines.values() for fault in _parts(line)]
    for whole, parts in layout.SUMS.items():
        if whole in lines and all(part in lines for part in parts):
            found += _sum(lines[whole], [lines[part] for part in parts])
    for part, whole in layout.AMONG:
        if part in lines and whole in lines and lines[part].value > lines[whole].value:
            found.append(_not_among(lines[part], lines[whole]))
    return found


def _parts(line):
    for name, parts in line.parts.items():
        breakdown = line.measure.breakdowns.get(name)
        if breakdown is None:
            continue
        strangers = sum(n for part, n in parts.items() if part not in breakdown.groups)
        if strangers or sum(parts.values()) != line.value:
            words = _("%(measure)s: %(total)s in all, %(sum)s %(breakdown)s, %(without)s without such an entry") % {
                "measure": line.measure.label,
                "total": line.value,
                "sum": sum(parts.values()) - strangers,
                "breakdown": breakdown.label,
                "without": strangers,
            }
            yield Fault(words, line.measure, _rows_without_part(line.measure, name))


def _rows_without_part(measure, name):
    return lambda scope, period: measure.without_part(name, scope, period)


def _sum(whole, parts):
    total = sum(part.value for part in parts)
    if total == whole.value:
        return []
    names = " + ".join(str(part.measure.label) for part in parts)
    words = _("%(whole)s: %(number)s, but %(parts)s make %(sum)s") % {
        "whole": whole.measure.label,
        "number": whole.value,
        "parts": names,
        "sum": total,
    }

    def rows(scope, period):
        """In the whole and in none of the parts, or in more than one of them."""
        keys = [part.measure.rows(scope, period).order_by().values("pk") for part in parts]
        found = whole.measure.rows(scope, period)
        for key in keys:
            found = found.exclude(pk__in=key)
        several = whole.measure.model.objects.none()
        for place, key in enumerate(keys):
            for other in keys[place + 1 :]:
                several |= whole.measure.model.objects.filter(pk__in=key).filter(pk__in=other)
        return whole.measure.model.objects.filter(pk__in=found.order_by().values("pk")) | several

    return [Fault(words, whole.measure, rows)]


def _not_among(part, whole):
    words = _("%(part)s: %(number)s, but only %(total)s %(whole)s") % {
        "part": part.measure.label,
        "number": part.value,
        "total": whole.value,
        "whole": whole.measure.label,
    }
    if part.measure.model is not whole.measure.model:
        return Fault(words, part.measure)

    def rows(scope, period):
        inside = whole.measure.rows(scope, period).order_by().values("pk")
        return part.measure.rows(scope, period).exclude(pk__in=inside)

    return Fault(words, part.measure, rows)
