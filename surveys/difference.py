"""What changed since the roster before: who is new, who left, what is different in a line, and why."""

from dataclasses import dataclass
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from children.models import Child
from children.status import COUNTED_UNDER, Facts, age_on, counted, left_behind, months_before
from records.privacy import CONTACT, SECRET
from records.secrets import masked
from surveys.acts import STAYS, acts_on
from surveys.layout import LAYOUTS, NEWEST, PLACE
from surveys.lines import with_families

SHORTEST_TO_MASK = 8


@dataclass(frozen=True)
class Change:
    """One box that says something else than before. Numbers of people are masked, addresses are not shown."""

    field: str
    label: Any
    facts: str
    before: str
    after: str


@dataclass
class Entry:
    child_id: int
    name: str
    why: str = ""
    changes: tuple = ()


@dataclass
class Difference:
    since: Any  # the edition before, or None
    new: list
    left: list
    changed: list

    @property
    def is_empty(self):
        return not (self.new or self.left or self.changed)


def changes(before, after, user=None):
    """The boxes of two lines of one child that differ; only those `user` may see, where one is given."""
    found = []
    for box in LAYOUTS[NEWEST]:
        if box.field in PLACE or (user is not None and not user.sees(box.facts)):
            continue
        old, new = before.get(box.field), after.get(box.field)
        if old != new:
            found.append(Change(box.field, box.label, box.facts, in_a_list(box, old), in_a_list(box, new)))
    return tuple(found)


def in_a_list(box, text):
    """What a page of many children shows of a box: numbers by their end, addresses not at all."""
    if not text or box.facts not in (SECRET, CONTACT):
        return text
    if "address" in box.field:
        return "••••"
    return masked(text[-4:] if len(text) >= SHORTEST_TO_MASK else "") or "••••"


def difference(roster, lines, user=None, edition=None):
    """Of a roster's lines, live or those of an edition, to what the community handed in for the round before."""
    since = roster.previous_edition()
    if since is None:
        return Difference(None, [], [], [])
    before = {line.child_id: line.as_line() for line in since.lines.all()}
    now = {line.child_id: line for line in lines}
    day = edition.as_of if edition else None
    why = Reasons({*before} ^ {*now}, roster.community_id, since.as_of, day)
    changed = {key: found for key in now if key in before and (found := changes(before[key], now[key], user))}
    boxes = {key: {change.field for change in found} for key, found in changed.items()}
    acts = acts_on(boxes, since.submitted_at, edition and edition.submitted_at)
    return Difference(
        since,
        [Entry(key, line.get("child_name"), why.new(key)) for key, line in now.items() if key not in before],
        [Entry(key, line.get("child_name"), why.left(key)) for key, line in before.items() if key not in now],
        [
            Entry(key, now[key].get("child_name"), acts.get(key) or by_time(found), found)
            for key, found in changed.items()
        ],
    )


def by_time(found):
    """The reason where nobody did anything: a stay that was on file has begun, lasted long enough or ended since."""
    if all(change.field in STAYS for change in found):
        return _("Follows from the days that have passed; the facts on file are the same.")
    return ""


class Reasons:
    """Why children came onto a roster or left it between two days, from the dated facts of their files."""

    def __init__(self, keys, community, since, day=None):
        self.community, self.since, self.day = community, since, day or timezone.localdate()
        children = with_families(Child.objects.filter(pk__in=keys)).prefetch_related("earlier_leavings")
        self.children = {child.pk: child for child in children}

    def new(self, key):
        child = self.children[key]
        if child.community_id != self.community:
            return _("The file went to another community.")
        if child.registered_on > self.since:
            return _("Registered on %(date)s.") % {"date": _day(child.registered_on)}
        facts = Facts.of(child)
        if counted(facts, self.since):
            return _("Was on the register before; the file was corrected or opened again since.")
        if left_behind(facts, self.day):
            return _("Counts as left behind now and did not on %(date)s.") % {"date": _day(self.since)}
        return _("Counts as migrant now and did not on %(date)s.") % {"date": _day(self.since)}

    def left(self, key):
        child = self.children[key]
        if child.community_id != self.community:  # nothing of the file there is told here
            return _("The file went to another community.")
        if child.left_on and child.left_on <= self.day:
            reason = {"why": child.get_left_reason_display(), "date": _day(child.left_on)}
            return _("Left the register on %(date)s: %(why)s.") % reason
        if age_on(child.birth_date, self.day) >= COUNTED_UNDER:
            birthday = months_before(child.birth_date, -12 * COUNTED_UNDER)
            return _("Turned 16 on %(date)s.") % {"date": _day(birthday)}
        return self._no_longer_counts(child)

    def _no_longer_counts(self, child):
        for kinship in child.kinships.all():
            for stay in kinship.adult.aways.all():
                if stay.until and self.since < stay.until <= self.day:
                    back = {"who": str(kinship.get_relation_display()).capitalize(), "date": _day(stay.until)}
                    return _("%(who)s came back on %(date)s.") % back
        return _("No longer counts as left behind or migrant: the facts on file were changed.")


def _day(day):
    return formats.date_format(day, "DATE_FORMAT")
