"""Two files side by side: which facts differ, what stands in each, and which adults both name in the same part."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from children.ethnic_groups import ethnic_word
from children.grades import grade_word
from children.models import Child, Household, Kinship
from records.privacy import BASIC, CONTACT, FAMILY
from records.secrets import SecretField, masked
from records.wording import listed


@dataclass(frozen=True)
class Fact:
    """One thing to choose; `columns` belong together."""

    columns: tuple[str, ...]

    @property
    def label(self):
        return Child._meta.get_field(self.columns[0]).verbose_name

    @property
    def facts(self):
        return Child.personal[self.columns[0]]

    def is_blank(self, child):
        return _stored(child, self.columns[0]) in ("", None, [])


COLUMNS = [
    *["name", "former_name", "id_number", "sex", "ethnicity", "photo"],
    *["is_household_registered", "registered_county", "registered_address", "came_on", "reported_as"],
    *["school", "grade", "school_class", "school_since", "is_boarding", "class_teacher", "class_teacher_phone"],
    *["health", "illness", "guardianship_quality", "hobbies", "remark"],
]
TOGETHER = {
    "birth_date": ("birth_date", "birth_precision"),
    "disability_type": ("disability_type", "disability_level"),
    "is_immunised": ("is_immunised", "immunisation_checked_on"),
}
FACTS = {name: Fact((name,)) for name in COLUMNS} | {name: Fact(columns) for name, columns in TOGETHER.items()}


@dataclass(frozen=True)
class Role:
    """What only one adult can be to a child, and what is left of the kinship of the one who gives way."""

    label: Any
    kinship: dict
    given_up: dict = field(default_factory=dict)


ROLES = {
    "father": Role(Kinship.Relation.FATHER.label, {"relation": "father"}, {"relation": ""}),
    "mother": Role(Kinship.Relation.MOTHER.label, {"relation": "mother"}, {"relation": ""}),
    "caregiver": Role(gettext_lazy("looks after the child"), {"is_caregiver": True}, {"is_caregiver": False}),
}


def _stored(child, column):
    return getattr(child, "photo_id" if column == "photo" else column)


def differing_facts(one, other):
    return [name for name, fact in FACTS.items() if any(_stored(one, c) != _stored(other, c) for c in fact.columns)]


def rival_roles(one, other):
    """{role: (kinship of one, kinship of the other)} where each file names an adult and it is not the same row."""
    found = {}
    for name, role in ROLES.items():
        mine = one.kinships.filter(**role.kinship).select_related("adult").first()
        theirs = other.kinships.filter(**role.kinship).select_related("adult").first()
        if mine and theirs and mine.adult_id != theirs.adult_id:
            found[name] = (mine, theirs)
    return found


def plain(child, name):
    """The fact as the record of a merge keeps it."""
    values = [_stored(child, column) for column in FACTS[name].columns]
    return [value if isinstance(value, bool | int | list | None) else str(value) for value in values]


def in_words(child, name):
    """The fact as a person reads it; numbers and addresses masked, as on the file."""
    column = Child._meta.get_field(name)
    value = _stored(child, name)
    if value in ("", None, []):
        return ""
    if name == "photo":
        return _("a photo is on file")
    if isinstance(column, SecretField):
        return masked(value[-4:]) if name == "id_number" else "••••"
    if name == "birth_date":
        return _day(child)
    if name in ("grade", "ethnicity"):
        return {"grade": grade_word, "ethnicity": ethnic_word}[name](value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        words = dict(column.base_field.choices)
        return listed(words.get(one, one) for one in value)
    return getattr(child, f"get_{name}_display", lambda: formats.localize(value))()


def _day(child):
    day = formats.date_format(child.birth_date)
    return day if child.birth_precision == "day" else f"{day} ({child.get_birth_precision_display()})"


def said_otherwise(merge, user):
    """[(label, value of the kept file, value of the other)] as they stood when the files were merged."""
    shown = []
    for name, (mine, theirs) in json.loads(merge.facts).items():
        label, facts = _label_and_class(name)
        if user.sees(facts):
            shown.append((label, *(_recorded(name, value) for value in (mine, theirs))))
    return shown


def _label_and_class(name):
    if name in FACTS:
        return FACTS[name].label, FACTS[name].facts
    if name in ROLES:
        return ROLES[name].label, FAMILY
    if name.startswith("household_"):
        column = name.removeprefix("household_")
        return Household._meta.get_field(column).verbose_name, Household.personal[column]
    return Child._meta.get_field(name).verbose_name, BASIC


def _recorded(name, value):
    if name in FACTS:
        return in_words(_holder(name, value), name)
    if name == "household_address":
        return "••••" if value else ""
    return {"True": _("yes"), "False": _("no")}.get(value, value)


def _holder(name, values):
    """An unsaved child that holds a recorded fact, so that it reads as on a file."""
    child = Child()
    for column, value in zip(FACTS[name].columns, values, strict=True):
        setattr(child, "photo_id" if column == "photo" else column, Child._meta.get_field(column).to_python(value))
    return child


@dataclass
class Line:
    """One row of the comparison."""

    name: str
    label: Any
    one: str
    other: str
    differs: bool
    may_choose: bool


def lines(one, other, user):
    """Every fact that stands in either file and that `user` may see, then the adults in the same part."""
    differing = set(differing_facts(one, other))
    shown = []
    for name, fact in FACTS.items():
        if not user.sees(fact.facts):
            continue
        mine, theirs = in_words(one, name), in_words(other, name)
        if mine or theirs:
            choose = name in differing and not (fact.is_blank(one) or fact.is_blank(other))
            shown.append(Line(name, fact.label, mine, theirs, name in differing, choose))
    if user.sees(FAMILY):
        shown += _roles(one, other)
    if user.sees(CONTACT):
        shown.append(_phones(one, other))
    return shown


def _roles(one, other):
    rivals = rival_roles(one, other)
    for name, role in ROLES.items():
        mine, theirs = (
            listed(c.kinships.filter(**role.kinship).values_list("adult__name", flat=True)) for c in (one, other)
        )
        if mine or theirs:
            yield Line(name, role.label, mine, theirs, mine != theirs, name in rivals)


def _phones(one, other):
    mine, theirs = (
        listed(masked(four) for four in sorted({k.adult.phone_last4 for k in c.kinships.all()} - {""}))
        for c in (one, other)
    )
    return Line("phones", _("phones in the family"), mine, theirs, mine != theirs, False)
