"""Whether a signed letter still holds, and in words why not: today's facts beside those it was signed on.

`guardianship.letter_in_sql` says the same of whole tables; a test holds the two together.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from children.status import MINOR_UNDER, Facts, age_on, left_behind, on_register
from children.status_words import with_family
from guardianship.models.letter import SOON_DAYS, Letter


class State(StrEnum):
    DRAFT = "draft"
    COMING = "coming"
    IN_FORCE = "in_force"
    EXPIRING = "expiring"
    LAPSED = "lapsed"
    OVER = "over"


WORDS = {
    State.DRAFT: (gettext_lazy("not signed"), "todo"),
    State.COMING: (gettext_lazy("signed, begins later"), "info"),
    State.IN_FORCE: (pgettext_lazy("letter", "in force"), "done"),
    State.EXPIRING: (gettext_lazy("ends soon"), "todo"),
    State.LAPSED: (gettext_lazy("lapsed"), "stop"),
}


@dataclass(frozen=True)
class Standing:
    """What a letter is on a day; `why` says of a lapsed one what ended it."""

    state: State
    words: Any
    tone: str
    why: tuple[str, ...] = ()

    @property
    def is_valid(self):
        return self.state in (State.IN_FORCE, State.EXPIRING)


def standing_of(letter, day):
    """Reads `letter.child`, its kinships, their adults and stays, and `letter.caregiver`; prefetched or not."""
    if letter.is_draft:
        return Standing(State.DRAFT, *WORDS[State.DRAFT])
    if not letter.is_signed and not (letter.is_renewed and letter.ended_on > day):
        return Standing(State.OVER, letter.get_status_display(), "neutral")
    why = tuple(changes(letter, day))
    if letter.ends_on < day:
        why = (_("its term ended on %(day)s") % {"day": date_format(letter.ends_on)}, *why)
    if why:
        return Standing(State.LAPSED, *WORDS[State.LAPSED], why)
    if letter.starts_on > day:
        return Standing(State.COMING, *WORDS[State.COMING])
    if letter.is_renewed:
        last = min(letter.ends_on, letter.ended_on - dt.timedelta(days=1))
        return Standing(State.IN_FORCE, _("in force until %(day)s") % {"day": date_format(last)}, "done")
    soon = (letter.ends_on - day).days <= SOON_DAYS
    state = State.EXPIRING if soon else State.IN_FORCE
    return Standing(state, *WORDS[state])


def changes(letter, day):
    """In words, what is no longer as it was when the letter was signed."""
    child = letter.child
    yield from _caregiver_changes(letter, day)
    facts = Facts.of(child, past=False)
    for relation, was_away in (("father", letter.father_was_away), ("mother", letter.mother_was_away)):
        parent, signer = facts.parent(relation), getattr(letter, relation)
        is_away = parent is not None and parent.is_away(day)
        if signer and not any(k.relation == relation and k.adult_id == signer.pk for k in child.kinships.all()):
            yield _NO_LONGER[relation] % {"name": signer.name}
        elif was_away != is_away:
            yield _PARENT[relation, is_away]()
    if child.left_on and child.left_on <= day:
        yield _("the child left the register on %(day)s") % {"day": date_format(child.left_on)}
    if age_on(child.birth_date, day) >= MINOR_UNDER:
        yield _("the child is 18")


def _caregiver_changes(letter, day):
    cares = next((kin for kin in letter.child.kinships.all() if kin.is_caregiver), None)
    if cares is None:
        yield _("nobody is on file any more as looking after the child")
    elif cares.adult_id != letter.caregiver_id:
        yield _("%(now)s looks after the child now, no longer %(then)s") % {
            "now": cares.adult.name,
            "then": letter.caregiver.name,
        }
    since, until = letter.caregiver.unable_since, letter.caregiver.unable_until
    if since and since <= day and (until is None or until > day):
        yield _("%(name)s is unable to look after the child since %(day)s") % {
            "name": letter.caregiver.name,
            "day": date_format(since),
        }


_NO_LONGER = {
    "father": gettext_lazy("%(name)s is no longer on file as the father"),
    "mother": gettext_lazy("%(name)s is no longer on file as the mother"),
}
_PARENT = {
    ("father", True): lambda: _("the father has gone away for work since"),
    ("father", False): lambda: _("the father is back"),
    ("mother", True): lambda: _("the mother has gone away for work since"),
    ("mother", False): lambda: _("the mother is back"),
}


def with_facts(letters):
    """`letters` with all that `standing_of` reads, in a constant number of queries."""
    return letters.select_related("child__community", "caregiver", "father", "mother").prefetch_related(
        "child__kinships__adult__aways"
    )


def current_letters(child, day):
    """The letters that count for `child`: the one being prepared, the one that holds, the one that begins later.

    Each leads to this very `child`, whose family is read once for all of them.
    """
    of_child = child.letters.select_related("caregiver", "father", "mother")
    open_ones = list(of_child.filter(status=Letter.Status.DRAFT) | of_child.not_over_on(day))
    for letter in open_ones:
        letter.child = with_family(child)
    return sorted(open_ones, key=lambda letter: (not letter.is_draft, letter.starts_on, letter.pk))


def is_owed(child, day):
    """Whether the parents owe a letter for `child` on `day`, whatever letters there are."""
    facts = Facts.of(with_family(child))
    return child.merged_into_id is None and on_register(facts, day) and left_behind(facts, day)
