"""A report's figures beside those of last quarter and of the same quarter a year ago."""

from dataclasses import dataclass

from records.measures import Measure


@dataclass(frozen=True)
class Change:
    """One figure now and then; None where nothing comparable stands: no report, or another definition."""

    measure: Measure
    now: int
    last: int | None
    year_ago: int | None
    is_jump: bool

    @property
    def since_last(self):
        return None if self.last is None else self.now - self.last

    @property
    def since_year_ago(self):
        return None if self.year_ago is None else self.now - self.year_ago


def compare(table, last, year_ago, rule):
    """{measure's key: Change} for every line of `table`; `last` and `year_ago` are tables or None."""
    changes = {}
    for line in table.lines():
        earlier = [_comparable(line, other) for other in (last, year_ago)]
        jumps = any(then is not None and rule.is_jump(line.value, then) for then in earlier)
        changes[line.measure.key] = Change(line.measure, line.value, *earlier, is_jump=jumps)
    return changes


def _comparable(line, table):
    other = table.line(line.measure.key) if table else None
    return other.value if other and other.version == line.version else None
