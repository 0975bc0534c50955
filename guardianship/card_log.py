"""The log of cards issued: which lines are shown, on the page, on paper and in the workbook alike."""

import datetime as dt
from dataclasses import dataclass
from itertools import islice

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from children.models import Child
from communities.places import communities_of
from guardianship.models import Card
from guardianship.printed_facts import stale_among
from records.days import clean_day
from records.privacy import BASIC, CONTACT
from records.scoping import Scope
from records.text import clean_key

PER_PAGE = 50
AT_A_TIME = 500
KEPT, STALE, REPLACED = "kept", "stale", "replaced"
STATES = {
    "": _("All cards"),
    KEPT: _("Not handed over yet"),
    STALE: _("Out of date"),
    REPLACED: _("Replaced by a newer one"),
}
COLUMNS = [
    *["kind", "edition", "is_latest", "issued_at", "handed_on", "handed_to", "district"],
    *["community__name", "community__name_en", "child__name", "child__number", "child__left_on", "issued_by__name"],
]
GRID = "child__household__grid"
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)


@dataclass(frozen=True)
class Line:
    """One card as it was issued. `grid` is empty for those who may not see where the child lives."""

    card: Card
    is_stale: bool
    grid: str

    @property
    def state(self):
        if not self.card.is_latest:
            return REPLACED
        return STALE if self.is_stale else "current"

    @property
    def state_words(self):
        return STATES.get(self.state, _("Up to date"))

    @property
    def awaits_its_family(self):
        return self.card.is_latest and not self.card.handed_on


class CardLog:
    """What `user` narrowed the log to; what is no choice, no day and no community of theirs narrows nothing."""

    def __init__(self, asked, user, places=None):
        self.user = user
        self.places = communities_of(user, Card) if places is None else places
        self.place = next((place for place in self.places if place.pk == asked.get("community")), None)
        self.kind = asked.get("kind") if asked.get("kind") in Card.Kind.values else ""
        self.show = asked.get("show") if asked.get("show") in STATES else ""
        self.start, self.end = clean_day(asked.get("start")), clean_day(asked.get("end"))
        self.after = asked.get("after", "")
        self.grids = user.sees_in(CONTACT)

    @property
    def is_narrowed(self):
        return bool(self.place or self.kind or self.show or self.start or self.end)

    @property
    def state_words(self):
        return STATES[self.show]

    @property
    def kind_words(self):
        return dict(Card.Kind.choices).get(self.kind, "")

    def rows(self):
        """Cards, the newest first; of those asked for as out of date all that may be so (`lines` looks at each)."""
        rows = Card.objects.visible_to(self.user)
        codes = Scope.of(*self.user.codes_for(Card))
        reach = _inside(_inside(codes, Scope.of(*self.user.codes_for(Child))), self.user.sees_in(BASIC))
        if reach != codes:  # a line names a child
            rows = rows.within(reach)
        if self.place:
            rows = rows.filter(community=self.place.pk)
        if self.kind:
            rows = rows.filter(kind=self.kind)
        if self.start:
            rows = rows.filter(issued_at__gte=_midnight(self.start))
        if self.end:
            rows = rows.filter(issued_at__lt=_midnight(self.end + dt.timedelta(days=1)))
        if self.show == KEPT:
            rows = rows.to_hand_over()
        elif self.show == STALE:
            rows = rows.latest().to_compare(timezone.localdate())
        elif self.show == REPLACED:
            rows = rows.replaced()
        fields = [*COLUMNS, GRID] if self.grids.codes else COLUMNS
        rows = rows.select_related("community", "child__household" if self.grids.codes else "child", "issued_by")
        return rows.only(*fields).order_by("-issued_at", "-pk")

    def lines(self, cards, at_a_time=AT_A_TIME):
        """The lines of these cards, compared with what the files say now so many at a time."""
        cards = iter(cards)
        for some in iter(lambda: list(islice(cards, at_a_time)), []):
            stale = stale_among(Card.objects.latest().filter(pk__in=[card.pk for card in some]))
            for card in some:
                if self.show != STALE or card.pk in stale:
                    grid = card.child.household.grid if card.community_id in self.grids else ""
                    yield Line(card, card.pk in stale, grid)

    def count(self):
        rows = self.rows().order_by()
        return len(stale_among(rows)) if self.show == STALE else rows.count()

    def page(self):
        """(the lines behind the key of the address, the key of the next page or "")."""
        rows = self.rows().filter(_behind(self.after))
        if self.show == STALE:  # some that may be out of date are not
            cards = rows.iterator(chunk_size=PER_PAGE + 1)
        else:
            cards = rows[: PER_PAGE + 1]
        found = list(islice(self.lines(cards, PER_PAGE + 1), PER_PAGE + 1))
        return found[:PER_PAGE], _key(found[PER_PAGE - 1].card) if len(found) > PER_PAGE else ""


def _inside(scope, other):
    """Where both reach."""
    return Scope.of(*(c for c in scope.codes if c in other), *(c for c in other.codes if c in scope))


def _midnight(day):
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _key(card):
    return f"{(card.issued_at - EPOCH) // MICROSECOND}_{card.pk}"


def _behind(after):
    """The filter for what follows the card whose key is `after`; a key that cannot be read begins at the beginning."""
    moment, _line, key = (clean_key(part) if part != "_" else None for part in after.partition("_"))
    if moment is None or key is None:
        return Q()
    try:
        moment = EPOCH + moment * MICROSECOND
    except OverflowError:
        return Q()
    return Q(issued_at__lte=moment) & (Q(issued_at__lt=moment) | Q(pk__lt=key))
