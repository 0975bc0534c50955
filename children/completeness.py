"""What a file must hold to be complete, and what is still missing: one list, read by the page and by the measures."""

from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

from children.models.adult import PARENTS, Kinship
from records.privacy import CARE, CONTACT, FAMILY, SECRET

IN_SCHOOL = [f"K{n}" for n in range(1, 4)] + [f"G{n}" for n in range(1, 13)]


@dataclass(frozen=True)
class Item:
    """`missing` is the condition on the child's row; `page` is where it is entered: "household" or "edit"."""

    key: str
    words: Any
    missing: Q
    page: str
    facts: str | None = None


def _nobody(**kinship):
    return Q(~Exists(Kinship.objects.filter(child=OuterRef("pk"), **kinship)))


ITEMS = [
    Item("id_number", _("ID number"), Q(id_number_hash=None), "household", SECRET),
    Item("birth_day", _("day of birth (only the month is known)"), Q(birth_precision="month"), "household"),
    Item("address", _("present address"), Q(household__address=""), "household", CONTACT),
    Item("schooling", _("school and grade"), Q(grade="") | Q(grade__in=IN_SCHOOL, school=""), "household"),
    Item("parents", _("father or mother"), _nobody(relation__in=PARENTS), "household", FAMILY),
    Item("caregiver", _("who looks after the child"), _nobody(is_caregiver=True), "household", FAMILY),
    Item("phone", _("a phone in the family"), _nobody(adult__phone_hash__isnull=False), "household", CONTACT),
    Item("quality", _("guardianship quality"), Q(guardianship_quality=""), "household", CARE),
]


def incomplete():
    """The condition that some item is missing."""
    condition = Q(pk__in=())
    for item in ITEMS:
        condition |= item.missing
    return condition


def missing_in(child):
    """The items missing in one child's file, in one query."""
    flags = {
        f"lacks_{item.key}": Case(
            When(item.missing, then=Value(True)), default=Value(False), output_field=BooleanField()
        )
        for item in ITEMS
    }
    row = type(child).objects.filter(pk=child.pk).values(**flags).get()
    return [item for item in ITEMS if row[f"lacks_{item.key}"]]
