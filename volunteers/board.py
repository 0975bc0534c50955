"""The board of the five ones: each pairing in force with what it owes in its newest term, a page at a time."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from children.models import Child
from records.text import clean_key
from volunteers.kinds import DutyKind, HelperKind
from volunteers.models import Duty, DutyReminder, Pairing, Volunteer

PER_PAGE = 50
OVERDUE, DUE, DONE = "overdue", "due", "done"
SHOWN = {OVERDUE: _("Something is overdue"), DUE: _("Something is still to do"), DONE: _("Nothing left to do")}
COLUMNS = [
    *["status", "kind", "missing", "next_due_on", "community", "district", "child", "volunteer"],
    *["child__name", "volunteer__name", "community__name", "community__name_en"],
]


@dataclass
class Line:
    """One pairing; `cells` holds its duties by kind, in the order of the five."""

    pairing: Any
    cells: list[tuple[str, list[Any]]]
    reminded_on: Any = None


@dataclass
class Page:
    lines: list[Line] = field(default_factory=list)
    next: str = ""


def page_of(user, *, show=OVERDUE, kind="", community="", text="", after=""):
    """The pairings of one group in the order they fall due, from behind the key `after` on."""
    rows = _of_group(Pairing.objects.visible_to(user).filter(status=Pairing.Status.ACTIVE), show)
    if kind in HelperKind.values:
        rows = rows.filter(kind=kind)
    if community:
        rows = rows.filter(community=community)
    if text:
        rows = rows.filter(_named(user, text))
    rows = rows.order_by("pk") if show == DONE else rows.order_by("next_due_on", "pk")
    rows = rows.filter(_behind(after, show)).select_related("child", "volunteer", "community").only(*COLUMNS)
    pairings = list(rows[: PER_PAGE + 1])
    shown = pairings[:PER_PAGE]
    return Page(_lines(user, shown), _key(shown[-1], show) if len(pairings) > PER_PAGE else "")


def _of_group(rows, show):
    if show == DONE:
        return rows.filter(next_due_on=None)
    rows = rows.filter(next_due_on__isnull=False)
    return rows if show == DUE else rows.filter(next_due_on__lt=timezone.localdate())


def _named(user, text):
    children = Child.objects.visible_to(user).search(text, by_id_number=False).values("pk")
    helpers = Volunteer.objects.visible_to(user).filter(name__icontains=text).values("pk")
    return Q(child__in=children) | Q(volunteer__in=helpers)


def _key(pairing, show):
    return str(pairing.pk) if show == DONE else f"{pairing.next_due_on}_{pairing.pk}"


def _behind(after, show):
    """The filter for what follows the row whose key is `after`; a key that cannot be read begins at the beginning."""
    day, _line, key = after.rpartition("_")
    if (key := clean_key(key)) is None:
        return Q()
    if show == DONE:
        return Q(pk__gt=key)
    try:
        due = dt.date.fromisoformat(day)
    except ValueError:
        return Q()
    return Q(next_due_on__gte=due) & (Q(next_due_on__gt=due) | Q(pk__gt=key))


def _lines(user, pairings):
    by_pairing = {pairing.pk: [] for pairing in pairings}
    duties = Duty.objects.visible_to(user).filter(pairing__in=pairings).select_related("term")
    for duty in duties.defer("excuse_note").order_by("number", "pk"):
        by_pairing[duty.pairing_id].append(duty)
    reminded = DutyReminder.objects.visible_to(user).newest_of(pairings)
    return [Line(p, _cells(by_pairing[p.pk]), reminded.get(p.pk)) for p in pairings]


def _cells(duties):
    newest = max((duty.term.starts_on for duty in duties), default=None)
    owed = [duty for duty in duties if duty.term.starts_on == newest]
    return [(kind.label, [duty for duty in owed if duty.kind == kind]) for kind in DutyKind]
