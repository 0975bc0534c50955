"""The board of the five ones: each pairing with what it owes in a term, a page at a time.

Of what runs now it reads the stored state of pairings in force; of a term that is over, its duties as they stand.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from children.models import Child
from communities.models import Term
from records.days import clean_day
from records.scoping import COMMUNITY_DIGITS, DISTRICT_DIGITS, STREET_DIGITS
from records.text import clean_key
from volunteers.kinds import DutyKind, HelperKind
from volunteers.models import Duty, DutyReminder, Pairing, Volunteer

PER_PAGE = 50
NAMES_AT_MOST = 200  # who fits what was typed; more is asked to be typed, so that no search reads a whole district
LATE_DAYS = 14  # so long the community reminds; then the office above looks
LATE, OVERDUE, DUE, DONE, UNDONE, EVERY = "late", "overdue", "due", "done", "undone", "every"
NOW = {
    LATE: _("Overdue for more than 14 days"),
    OVERDUE: _("Something is overdue"),
    DUE: _("Something is still to do"),
    DONE: _("Nothing left to do"),
}
THEN = {UNDONE: _("Something was left undone"), EVERY: _("All pairings of that term")}
COLUMNS = [
    *["status", "kind", "missing", "next_due_on", "community", "district", "child", "volunteer"],
    *["child__name", "child__number", "volunteer__name", "community__name", "community__name_en"],
]


@dataclass
class Asked:
    """What `user` narrowed the board by. `place`: the code of a community or a street, "" for all the person sees."""

    user: Any
    show: str = OVERDUE
    kind: str = ""
    place: str = ""
    team: int | None = None
    helper: int | None = None
    text: str = ""
    term: Term | None = None  # one that is over; None for what is owed now
    after: str = ""

    @cached_property
    def named(self):
        """The keys of the children and of the helpers whose name fits, each one more than is searched at most."""
        children = Child.objects.visible_to(self.user).search(self.text)
        districts = {code[:DISTRICT_DIGITS] for code in self.user.codes_for(Pairing)}  # helpers cross communities
        helpers = Volunteer.objects.filter(district__in=districts, name__startswith=self.text)
        helpers = helpers.filter(Exists(Pairing.objects.visible_to(self.user).filter(volunteer=OuterRef("pk"))))
        return [list(rows.order_by().values_list("pk", flat=True)[: NAMES_AT_MOST + 1]) for rows in (children, helpers)]

    @property
    def fits_too_many(self):
        return bool(self.text) and any(len(keys) > NAMES_AT_MOST for keys in self.named)

    @cached_property
    def members(self):
        rows = Volunteer.objects.visible_to(self.user)
        rows = rows.filter(memberships__team=self.team, memberships__left_on=None)
        return list(rows.order_by().values_list("pk", flat=True))

    @cached_property
    def people(self):
        """The filter of pairings by kind, team, helper and name; None where nothing of the kind is asked."""
        wanted = []
        if self.kind in HelperKind.values:
            wanted.append(Q(kind=self.kind))
        if self.team:
            wanted.append(Q(volunteer__in=self.members))
        if self.helper:
            wanted.append(Q(volunteer=self.helper))
        if self.text:
            children, helpers = (keys[:NAMES_AT_MOST] for keys in self.named)
            wanted.append(Q(child__in=children) | Q(volunteer__in=helpers))
        return Q(*wanted) if wanted else None


@dataclass
class Line:
    """One pairing; `cells` holds its duties by kind, in the order of the five."""

    pairing: Any
    cells: list[tuple[str, list[Any]]]
    reminder: Any = None  # the newest

    @property
    def reminded_on(self):
        return self.reminder.day if self.reminder else None


@dataclass
class Page:
    lines: list[Line] = field(default_factory=list)
    next: str = ""


def page_of(asked):
    """The pairings of one group in the order they fall due (of a term that is over: were made), behind a key."""
    if asked.term is not None:
        keys = list(_keys_then(asked)[: PER_PAGE + 1])
        shown = in_order(asked.user, keys[:PER_PAGE])
        return Page(lines_of(asked, shown), str(keys[PER_PAGE - 1]) if len(keys) > PER_PAGE else "")
    rows = _rows_now(asked).filter(_behind(asked.after, asked.show))
    keys = list(rows.values_list("pk", flat=True)[: PER_PAGE + 1])  # names are joined to a page, never to a street
    shown = in_order(asked.user, keys[:PER_PAGE])
    return Page(lines_of(asked, shown), _key(shown[-1], asked.show) if len(keys) > PER_PAGE and shown else "")


def keys_of(asked):
    """The keys of all pairings of the group, in the order of the board."""
    return _rows_now(asked).values_list("pk", flat=True) if asked.term is None else _keys_then(asked)


def in_order(user, keys):
    """The pairings with these keys that the person sees, in the order given."""
    found = _with_names(Pairing.objects.visible_to(user).filter(pk__in=keys)).in_bulk()
    return [found[key] for key in keys if key in found]


def _rows_now(asked):
    rows = _of_group(Pairing.objects.visible_to(asked.user).filter(status=Pairing.Status.ACTIVE), asked.show)
    rows = _at(rows, asked.place, asked.user.codes_for(Pairing))
    if asked.people is not None:
        rows = rows.filter(asked.people)
    return rows.order_by("pk") if asked.show == DONE else rows.order_by("next_due_on", "pk")


def _keys_then(asked):
    """The keys of the pairings that had duties in the term, read from the duties alone unless people are asked for."""
    duties = Duty.objects.visible_to(asked.user).filter(term=asked.term)
    if asked.place:
        duties = duties.filter(within(asked.place))
    if asked.show != EVERY:
        duties = duties.unsettled()
    if asked.people is not None:
        duties = duties.filter(pairing__in=Pairing.objects.visible_to(asked.user).filter(asked.people).values("pk"))
    if (key := clean_key(asked.after)) is not None:
        duties = duties.filter(pairing__gt=key)
    return duties.order_by("pairing").values_list("pairing", flat=True).distinct()


def _of_group(rows, show):
    if show == DONE:
        return rows.filter(next_due_on=None)
    rows = rows.filter(next_due_on__isnull=False)
    if show == DUE:
        return rows
    today = timezone.localdate()
    return rows.filter(next_due_on__lt=today - dt.timedelta(days=LATE_DAYS) if show == LATE else today)


def _at(rows, place, codes):
    """Of a place; a street is asked for by an expression that indexes carry, be it chosen or the person's own."""
    street = place or (codes[0] if len(codes) == 1 else "")
    if len(street) == STREET_DIGITS:
        rows = rows.alias(street=Left("community_id", STREET_DIGITS)).filter(street=street)
    return rows.filter(within(place)) if place else rows


def within(place):
    if len(place) == COMMUNITY_DIGITS:
        return Q(community=place)
    return Q(district=place[:DISTRICT_DIGITS], community__pk__startswith=place)


def _with_names(rows):
    return rows.select_related("child", "volunteer", "community").only(*COLUMNS)


def _key(pairing, show):
    return str(pairing.pk) if show == DONE else f"{pairing.next_due_on}_{pairing.pk}"


def _behind(after, show):
    """The filter for what follows the row whose key is `after`; a key that cannot be read begins at the beginning."""
    day, _line, key = after.rpartition("_")
    if (key := clean_key(key)) is None:
        return Q()
    if show == DONE:
        return Q(pk__gt=key)
    if (due := clean_day(day)) is None:
        return Q()
    return Q(next_due_on__gte=due) & (Q(next_due_on__gt=due) | Q(pk__gt=key))


def lines_of(asked, pairings):
    """The pairings with their duties of the term asked for, or of the newest term each has duties in."""
    user, term = asked.user, asked.term
    by_pairing = {pairing.pk: [] for pairing in pairings}
    duties, newest = Duty.objects.visible_to(user).filter(pairing__in=pairings), {}
    if term is None:
        newest = dict(duties.order_by().values_list("pairing").annotate(Max("term__starts_on")))
        duties = duties.filter(term__starts_on__in=set(newest.values()))
    else:
        duties = duties.filter(term=term)
    duties = duties.select_related("term").annotate(entry=F("fulfilled_by__contact"))
    for duty in duties.defer("excuse_note").order_by("number", "pk"):
        if duty.term.starts_on == newest.get(duty.pairing_id, duty.term.starts_on):
            by_pairing[duty.pairing_id].append(duty)
    reminded = DutyReminder.objects.visible_to(user).newest_of(pairings) if term is None else {}
    return [Line(p, _cells(by_pairing[p.pk]), reminded.get(p.pk)) for p in pairings]


def _cells(duties):
    return [(kind.label, [duty for duty in duties if duty.kind == kind]) for kind in DutyKind]
