"""Requirements the system measures itself, from the rows others keep: reached by name through `records.measures`."""

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from communities.models import Term
from homes.models import StandardItem
from records import measures
from records.measures import Period
from records.scoping import Scope

DAYS_TO_REPORT = 10  # a quarter's report is owed from the tenth day after its end
MONTHS = 3

Reckoned, Over = StandardItem.Reckoned, StandardItem.Over
OF_A_BASE = (Reckoned.SHARE, Reckoned.COVERED)


@dataclass(frozen=True)
class Reading:
    """What was counted, out of what (None for a plain count), and the value held against the threshold."""

    numerator: int
    denominator: int | None
    value: Decimal | None  # None: there was nothing to measure


def registered(key):
    try:
        return measures.get(key)
    except KeyError:
        return None


def is_measurable(item):
    """Whether the system can fill this in; where it cannot, people answer by hand."""
    if item.kind != StandardItem.Kind.COMPUTED or registered(item.measure) is None:
        return False
    return item.reckoned not in OF_A_BASE or registered(item.base_measure) is not None


def period_of(item, community_code, day):
    """The days the item's measure is taken over, or None where the district has set no term yet."""
    match item.over:
        case Over.QUARTER:
            return Period(day - dt.timedelta(days=90), day)
        case Over.YEAR:
            return Period(day - dt.timedelta(days=364), day)
        case Over.TERM:
            term = Term.objects.on_or_before(day, community_code)
            return Period(term.starts_on, min(day, term.ends_on)) if term else None
    return Period.day(day)


def quarters_owed(day):
    """The quarters of the year whose reports are owed by `day`; in the first weeks, those of the year before."""
    settled = day - dt.timedelta(days=DAYS_TO_REPORT)
    year = settled.year
    owed = [quarter for n in range(1, 5) if (quarter := Period.quarter(year, n)).end < settled]
    return owed or [Period.quarter(year - 1, n) for n in range(1, 5)]


def read(item, community_code, day):
    """The reading of a computed item on `day`, or None where the system cannot measure it."""
    if not is_measurable(item):
        return None
    scope, rows = Scope.of(community_code), measures.get(item.measure)
    if item.reckoned == Reckoned.QUARTERLY:
        owed = quarters_owed(day)
        return _share(sum(rows.count(scope, quarter) for quarter in owed), len(owed))
    period = period_of(item, community_code, day)
    if period is None:
        return None
    counted = rows.count(scope, period)
    match item.reckoned:
        case Reckoned.SHARE:
            return _share(counted, measures.get(item.base_measure).count(scope, period))
        case Reckoned.COVERED:
            base = measures.get(item.base_measure).count(scope, period)
            return _share(max(base - counted, 0), base)
        case Reckoned.MONTHLY:
            return Reading(counted, MONTHS, (Decimal(counted) / MONTHS).quantize(Decimal("0.1"), ROUND_FLOOR))
    return Reading(counted, None, Decimal(counted))


def _share(part, base):
    """Rounded down, so that 99.96 % is never taken for all."""
    if not base:
        return Reading(part, 0, None)
    share = Decimal(100 * part) / base
    return Reading(part, base, min(share, Decimal(100)).quantize(Decimal("0.1"), ROUND_FLOOR))
