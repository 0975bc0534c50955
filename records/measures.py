"""A measure is a named, scoped set of rows.

The workdesk, the gap board, the quarterly figures, the Home checklist's computed items and every "explain this
number" page are views of measures, so no number is ever counted twice in two ways. Declare one with `@measure` in an
app's `measures.py`; the function gets a `Scope` and a `Period` and returns a queryset of `Record` rows.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from records.discovery import import_from_apps
from records.scoping import Scope

FIGURE, GAP, BASE = "figure", "gap", "base"
AHEAD = "ahead"  # what comes in the next days: a line on the workdesk that is no gap

AT_END, IN_PERIOD, AS_TODAY = "at_end", "in_period", "as_today"
PERIOD_RULES = {
    AT_END: _("as it stood at the end of the period"),
    IN_PERIOD: _("what happened in the period"),
    AS_TODAY: _("as it stands on the day of counting"),
}


@dataclass(frozen=True)
class Period:
    """Days from `start` to `end`, both included."""

    start: dt.date
    end: dt.date
    label: Any = ""

    @classmethod
    def day(cls, day):
        return cls(day, day, str(day))

    @classmethod
    def quarter(cls, year, number):
        start = dt.date(year, 3 * number - 2, 1)
        after = dt.date(year + number // 4, 3 * number % 12 + 1, 1)
        label = _("Quarter %(number)s of %(year)s") % {"number": number, "year": year}
        return cls(start, after - dt.timedelta(days=1), label)

    @classmethod
    def quarter_of(cls, day):
        return cls.quarter(day.year, (day.month + 2) // 3)

    @property
    def number(self):
        return (self.start.month + 2) // 3


@dataclass(frozen=True)
class Breakdown:
    """A way to divide a measure's rows: `groups` names every part, `expression(period)` finds each row's part."""

    label: Any
    groups: dict[str, Any]
    expression: Callable


@dataclass(frozen=True)
class Measure:
    """One declaration: its rows, its words, and where it shows."""

    key: str
    label: Any
    definition: Any
    rows: Callable
    kind: str = FIGURE
    version: int = 1
    earlier: dict[int, Any] = field(default_factory=dict)  # {version: the definition that it replaced}
    when: str = AT_END  # a key of PERIOD_RULES: what of the period counts
    amount: Any = None  # an aggregate that gives each community a whole number, where rows are not counted
    guarded: bool = False  # whether the bare number, too, is kept from those who may not see the rows
    act: Any = None
    page: Callable | None = None
    needs: str | None = None  # the permission to act on it; without it the workdesk does not show the line
    urgency: int = 2
    own: str = ""  # the field that names whose row it is: on the workdesk everybody counts their own
    mine: Callable | None = None  # `mine(user)`: a condition on rows; on the workdesk only those the person may act on
    belongs_to: str = ""  # the responsibility within a leading group that faces it, by its key
    note: Callable | None = None  # `note(scope, period)`: a few words beside the line on the workdesk
    hides_small: bool = True  # whether a count of 1 to 4 could point at a child, and is kept from the federation
    breakdowns: dict[str, Breakdown] = field(default_factory=dict)

    def count(self, scope, period):
        if self.amount is not None:  # whole numbers of communities, so that parts add up to the whole
            return sum(self.per_community(scope, period).values())
        return self.rows(scope, period).count()

    def count_to(self, most, user, scope, period):
        """How many rows wait for `user`; `most` + 1 says that there are more, without counting them all."""
        rows = self.rows(scope, period).filter(**{self.own: user} if self.own else {})
        rows = rows.filter(self.mine(user)) if self.mine else rows
        return rows.order_by()[: most + 1].count()

    def per_community(self, scope, period):
        """{community code: rows, or their amount}, in one query; communities without rows are absent."""
        rows = self.rows(scope, period)
        path = rows.model.community_path
        number = Count("pk", distinct=True) if self.amount is None else self.amount
        return {code: int(n) for code, n in rows.order_by().values_list(path).annotate(number_=number)}

    def parts_per_community(self, name, scope, period):
        """{(community code, group): rows} under the breakdown `name`, in one query; counted apart from the total."""
        rows = self.rows(scope, period)
        part = self.breakdowns[name].expression(period)
        counted = rows.order_by().annotate(part=part).values_list(rows.model.community_path, "part")
        return {(code, group): n for code, group, n in counted.annotate(n=Count("pk", distinct=True))}

    def all_parts(self, scope, period):
        """{breakdown: {(community code, group): rows}} for every breakdown, in one query.

        Rows are grouped by all breakdowns at once: what falls into two groups of one counts in both, and shows.
        """
        found: dict[str, dict] = {name: {} for name in self.breakdowns}
        if not found:
            return found
        rows = self.rows(scope, period)
        names = list(self.breakdowns)
        parts = {f"part_{name}": self.breakdowns[name].expression(period) for name in names}
        counted = rows.order_by().annotate(**parts).values_list(rows.model.community_path, *parts)
        for code, *groups, n in counted.annotate(n=Count("pk", distinct=True)):
            for name, group in zip(names, groups, strict=True):
                found[name][code, group] = found[name].get((code, group), 0) + n
        return found

    def without_part(self, name, scope, period):
        """Rows that fall into no group of the breakdown `name`."""
        breakdown = self.breakdowns[name]
        rows = self.rows(scope, period).annotate(part=breakdown.expression(period))
        return rows.filter(Q(part=None) | ~Q(part__in=list(breakdown.groups)))

    @property
    def period_rule(self):
        return PERIOD_RULES[self.when]

    def rows_for(self, user, scope, period):
        """The rows behind the number, for those who may see them."""
        return self.rows(scope, period).visible_to(user)

    @cached_property
    def model(self):
        """The model whose rows this counts."""
        return self.rows(Scope(()), Period.day(dt.date(2000, 1, 1))).model


_registry: dict[str, Measure] = {}


def measure(label, *, definition, key=None, **details):
    """Register the decorated function `(scope, period) -> queryset` under its own name."""

    def register(function):
        name = key or function.__name__
        if name in _registry:
            raise ValueError(f"Two measures are called {name}.")
        _registry[name] = Measure(name, label, definition, function, **details)
        return function

    return register


def get(key):
    """The measure called `key`; KeyError when there is none."""
    load()
    return _registry[key]


def all_measures(kind=None):
    load()
    return [m for m in _registry.values() if kind is None or m.kind == kind]


def load():
    """Import every app's `measures.py` once."""
    import_from_apps("measures", beside=["records"])
