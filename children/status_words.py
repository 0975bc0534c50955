"""A child's status in sentences: what it is under each definition, and the facts that make it so."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from children.models import Away, Kinship
from children.status import (
    AWAY_MONTHS,
    COUNTED_UNDER,
    MINOR_UNDER,
    MOVED_MONTHS,
    PARENTS,
    Definition,
    Facts,
    age_on,
    counted,
    gone_since,
    left_behind,
    migrant,
    months_before,
    on_register,
    school_register_code,
    turning_points,
)

LEFT_BEHIND, MIGRANT, NEITHER, LEFT, NOT_YET = "left_behind", "migrant", "neither", "left", "not_yet"
STATUS_WORDS = {
    LEFT_BEHIND: gettext_lazy("left behind"),
    MIGRANT: gettext_lazy("migrant"),
    NEITHER: gettext_lazy("not in the count"),
    LEFT: gettext_lazy("left the register"),
    NOT_YET: gettext_lazy("not yet on the register"),
}
SCHOOL_WORDS = {
    0: gettext_lazy("no parent away"),
    1: gettext_lazy("one parent away"),
    2: gettext_lazy("both parents away"),
}


@dataclass(frozen=True)
class Standing:
    """The status on a day: `counts_as` for the programme, the other definitions, and the facts in sentences."""

    counts_as: str
    is_counted: bool
    definitions: list[tuple[Any, bool, Any]]
    reasons: list[str]

    @property
    def words(self):
        return STATUS_WORDS[self.counts_as]


@dataclass(frozen=True)
class Span:
    """From `start` until before `end` nothing changed; `reasons` are what made it so at the start."""

    start: Any
    end: Any
    counts_as: str
    school: Any
    is_left_behind: bool
    for_federation: bool
    reasons: list[str]

    @property
    def words(self):
        return STATUS_WORDS[self.counts_as]


def facts_of(child):
    """The facts of a stored child; reads the family once, here."""
    return Facts.of(with_family(type(child).objects.get(pk=child.pk)))


def with_family(child):
    """`child` with its kinships, adults, stays and earlier leavings, read once for a page however many ask."""
    stays = Away.objects.select_related("verified_by")
    prefetch_related_objects([child], Prefetch("kinships__adult__aways", stays), "earlier_leavings")
    return child


def explain(facts, day):
    """The standing on `day`."""
    code = school_register_code(facts, day)
    return Standing(
        counts_as(facts, day),
        counted(facts, day),
        [
            (_("Civil affairs"), left_behind(facts, day), _("under 16, both away or one away and the other unable")),
            (_("School register"), code > 0, SCHOOL_WORDS[code]),
            (_("Women's federation"), left_behind(facts, day, Definition.FEDERATION), _("under 18, at least one away")),
        ],
        _reasons(facts, day),
    )


def history(facts, until):
    """The spans of the child's life on the register up to `until`, the newest first; derived, never stored."""
    spans = []
    days = [day for day in turning_points(facts) if facts.registered_on <= day <= until]
    for day in days:
        code = school_register_code(facts, day)
        federation = left_behind(facts, day, Definition.FEDERATION)
        key = counts_as(facts, day), SCHOOL_WORDS[code], left_behind(facts, day), federation
        if spans and (spans[-1].counts_as, spans[-1].school, spans[-1].is_left_behind, spans[-1].for_federation) == key:
            continue
        reasons, before = _reasons(facts, day), []
        if spans:
            spans[-1] = replace(spans[-1], end=day)
            before = _reasons(facts, day - dt.timedelta(days=1))
        spans.append(Span(day, None, *key, [words for words in reasons if words not in before] or reasons))
    return spans[::-1]


def _reasons(facts, day):
    names = {key: words for key, words in Kinship.Relation.choices if key in PARENTS}
    reasons = [_age(facts, day), *(_parent(facts.parent(key), words, day) for key, words in names.items())]
    return [*_off_register(facts, day), *reasons, *_place(facts, day)]


def _off_register(facts, day):
    if day < facts.registered_on:
        return [_("On the register only since %(date)s.") % {"date": _day(facts.registered_on)}]
    if on_register(facts, day):
        back = max((returned for _left, returned in facts.gaps if returned <= day), default=None)
        return [_("Back on the register since %(date)s.") % {"date": _day(back)}] if back else []
    left = next((left for left, returned in facts.gaps if left <= day < returned), facts.left_on)
    return [_("Left the register on %(date)s.") % {"date": _day(left)}]


def counts_as(facts, day):
    if not on_register(facts, day):
        return LEFT if facts.registered_on <= day else NOT_YET
    if left_behind(facts, day):
        return LEFT_BEHIND
    return MIGRANT if migrant(facts, day) else NEITHER


def _age(facts, day):
    age = age_on(facts.birth_date, day)
    if age >= MINOR_UNDER:
        return _("%(age)d years old: no longer a minor.") % {"age": age}
    if age >= COUNTED_UNDER:
        return _("%(age)d years old: stays a minor until 18, but is no longer in the count.") % {"age": age}
    return _("%(age)d years old, under 16.") % {"age": age}


def _parent(parent, relation, day):
    who = {"who": str(relation).capitalize()}
    if parent is None:
        return _("%(who)s: nothing on file.") % who
    if parent.is_unable(day):
        return _("%(who)s: unable to act as guardian since %(date)s.") % {**who, "date": _day(parent.unable_since)}
    stay = parent.stay_on(day)
    if stay is None:
        return _("%(who)s: not away.") % who
    gone = gone_since(stay, parent.stays, other_county=stay.is_other_county)
    if gone is None:
        return _("%(who)s: away, since when is not known; reported on %(date)s.") % {
            **who,
            "date": _day(stay.reported_on),
        }
    details = {**who, "date": _day(gone), "months": AWAY_MONTHS}
    if not stay.is_other_county:
        return _("%(who)s: away since %(date)s, inside this county.") % details
    if parent.is_away(day, AWAY_MONTHS, other_county=True):
        return _("%(who)s: away in another county since %(date)s, %(months)d months or more.") % details
    return _("%(who)s: away in another county since %(date)s, not yet %(months)d months.") % details


def _place(facts, day):
    if not facts.registered_county and facts.reported_as == "migrant":
        return [_("The roster reported a migrant child; from which county is not on file."), *_here_since(facts, day)]
    if not facts.registered_county:
        return []
    if facts.registered_county == facts.district:
        return [_("Registered in this county.")]
    place = {"county": facts.registered_county}
    if facts.came_on is None:
        return [_("Registered in another county (%(county)s); living here since when is not on file.") % place]
    return [_("Registered in another county (%(county)s).") % place, *_here_since(facts, day)]


def _here_since(facts, day):
    if facts.came_on is None or facts.came_on > day:
        return []
    words = _("Living here since %(date)s, not yet %(months)d months.")
    if facts.came_on <= months_before(day, MOVED_MONTHS):
        words = _("Living here since %(date)s, %(months)d months or more.")
    return [words % {"date": _day(facts.came_on), "months": MOVED_MONTHS}]


def _day(day):
    return formats.date_format(day, "DATE_FORMAT")
