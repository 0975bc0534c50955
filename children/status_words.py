"""A child's status in sentences: what it is under each definition, and the facts that make it so."""

from dataclasses import dataclass
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from children.models import Kinship
from children.status import (
    AWAY_MONTHS,
    COUNTED_UNDER,
    PARENTS,
    Definition,
    Facts,
    age_on,
    counted,
    left_behind,
    migrant,
    school_register_code,
)

LEFT_BEHIND, MIGRANT, NEITHER, LEFT = "left_behind", "migrant", "neither", "left"
STATUS_WORDS = {
    LEFT_BEHIND: gettext_lazy("left behind"),
    MIGRANT: gettext_lazy("migrant"),
    NEITHER: gettext_lazy("not in the count"),
    LEFT: gettext_lazy("left the register"),
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


def explain(child, day):
    """The standing of a stored child on `day`; reads the family once, here."""
    child_rows = type(child).objects.filter(pk=child.pk).prefetch_related("kinships__adult__aways")
    facts = Facts.of(child_rows.get())
    names = {key: words for key, words in Kinship.Relation.choices if key in PARENTS}
    reasons = [_age(facts, day), *(_parent(facts.parent(key), words, day) for key, words in names.items())]
    reasons += _place(facts)
    if facts.left_on and facts.left_on <= day:
        reasons.insert(0, _("Left the register on %(date)s.") % {"date": _day(facts.left_on)})
    code = school_register_code(facts, day)
    return Standing(
        counts_as(facts, day),
        counted(facts, day),
        [
            (_("Civil affairs"), left_behind(facts, day), _("under 16, both away or one away and the other unable")),
            (_("School register"), code > 0, SCHOOL_WORDS[code]),
            (_("Women's federation"), left_behind(facts, day, Definition.FEDERATION), _("under 18, at least one away")),
        ],
        reasons,
    )


def counts_as(facts, day):
    if facts.left_on and facts.left_on <= day:
        return LEFT
    if left_behind(facts, day):
        return LEFT_BEHIND
    return MIGRANT if migrant(facts, day) else NEITHER


def _age(facts, day):
    age = age_on(facts.birth_date, day)
    if age >= COUNTED_UNDER:
        return _("%(age)d years old: stays a minor until 18, but is no longer in the count.") % {"age": age}
    return _("%(age)d years old, under 16.") % {"age": age}


def _parent(parent, relation, day):
    who = {"who": str(relation).capitalize()}
    if parent is None:
        return _("%(who)s: nothing on file.") % who
    stay = next((s for s in parent.stays if s.lasts_on(day)), None)
    if parent.is_unable(day):
        return _("%(who)s: unable to act as guardian since %(date)s.") % {**who, "date": _day(parent.unable_since)}
    if stay is None:
        return _("%(who)s: not away.") % who
    if stay.since is None:
        return _("%(who)s: away, since when is not known; reported on %(date)s.") % {
            **who,
            "date": _day(stay.reported_on),
        }
    details = {**who, "date": _day(stay.since), "months": AWAY_MONTHS}
    if not stay.is_other_county:
        return _("%(who)s: away since %(date)s, inside this county.") % details
    if stay.lasts_on(day, AWAY_MONTHS):
        return _("%(who)s: away in another county since %(date)s, %(months)d months or more.") % details
    return _("%(who)s: away in another county since %(date)s, not yet %(months)d months.") % details


def _place(facts):
    if not facts.registered_county and facts.reported_as == "migrant":
        return [_("The roster reported a migrant child; from which county is not on file.")]
    if not facts.registered_county:
        return []
    if facts.registered_county == facts.district:
        return [_("Registered in this county.")]
    place = {"county": facts.registered_county}
    if facts.came_on is None:
        return [_("Registered in another county (%(county)s); living here since when is not on file.") % place]
    return [
        _("Registered in another county (%(county)s); living here since %(date)s.")
        % {**place, "date": _day(facts.came_on)}
    ]


def _day(day):
    return formats.date_format(day, "DATE_FORMAT")
