"""What a file must hold to be complete, and what is missing: one list, read by the page, the filter and the measures.

Higher apps add theirs, without this app hearing of them. In an app's `completeness.py`:

    must_have("letter", _("guardianship letter"), Q(...), where=lambda gaps: reverse("...", args=[gaps.child.pk]))

What is missing only as of a day gives a function of that day in place of the condition, and may say of one loaded
child what the condition says of many (`lacks`): some take the database longer to plan than to answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from children.grades import IN_SCHOOL, WITH_CLASS_TEACHER
from children.models.adult import PARENTS, Kinship
from children.models.consent import Consent
from records.discovery import import_from_apps
from records.privacy import CARE, CONTACT, FAMILY, HEALTH, SECRET


@dataclass(frozen=True)
class Item:
    """`missing` is the condition on the child's row; `where(gaps)` the address of the very field it is entered in."""

    key: str
    words: Any
    condition: Q | Callable
    where: Callable
    facts: str | None = None
    lacks: Callable | None = None

    @property
    def missing(self):
        return self.condition(timezone.localdate()) if callable(self.condition) else self.condition


_items: list[Item] = []


def must_have(key, words, missing, *, where, facts=None, lacks=None):
    """Make `words` a part of every complete file."""
    _items.append(Item(key, words, missing, where, facts, lacks))


def items():
    import_from_apps("completeness", beside=["children"])
    return _items


def incomplete():
    """The condition that some item is missing."""
    condition = Q(pk__in=())
    for item in items():
        condition |= item.missing
    return condition


class Gaps:
    """What is missing in one child's file, of the items whose facts the person sees."""

    def __init__(self, child, user=None):
        self.child = child
        self.asked = [item for item in items() if user is None or item.facts is None or user.sees(item.facts)]

    @cached_property
    def missing(self):
        flags = {
            f"lacks_{item.key}": Case(
                When(item.missing, then=Value(True)), default=Value(False), output_field=BooleanField()
            )
            for item in self.asked
            if not item.lacks
        }
        row = type(self.child).objects.filter(pk=self.child.pk).values(**flags).get() if flags else {}
        return [i for i in self.asked if (i.lacks(self.child) if i.lacks else row[f"lacks_{i.key}"])]

    @property
    def there(self):
        return len(self.asked) - len(self.missing)

    def links(self):
        """[(words, address)] of all that is missing."""
        return [(item.words, item.where(self)) for item in self.missing]

    @cached_property
    def adult(self):
        """Whose row in the household's form is meant: who looks after the child, else the first adult."""
        kin = self.child.kinships.order_by("-is_caregiver", "pk")
        return kin.values_list("adult", flat=True).first()


def missing_in(child):
    """The items missing in one child's file."""
    return Gaps(child).missing


# Where things are entered ---------------------------------------------------------------------------------------------


def _on_page(route, field):
    return lambda gaps: reverse(f"children:{route}", args=[gaps.child.pk]) + f"#{field}"


def _on_tab(tab, field):
    return lambda gaps: reverse("children:file", args=[gaps.child.pk]) + f"?tab={tab}#{field}"


def _in_file(field):
    return _on_page("edit", f"id_child-{field}")


def _in_household(place):
    return lambda gaps: reverse("children:household", args=[gaps.child.household_id]) + f"#{place}"


def _of_adult(field):
    """In the row of an adult; where there is none yet, the button that adds one."""

    def where(gaps):
        return _in_household(f"id_adult{gaps.adult}-{field}" if gaps.adult else "add-adult")(gaps)

    return where


def _schooling(gaps):
    return _on_page("school", "id_child-school" if gaps.child.grade else "id_child-grade")(gaps)


def _nobody(**kinship):
    return Q(~Exists(Kinship.objects.filter(child=OuterRef("pk"), **kinship)))


def _agreed(purpose):
    return Exists(Consent.objects.in_force().filter(child=OuterRef("pk"), purpose=purpose))


_file_agreed, _photo_agreed = _agreed(Consent.Purpose.PROCESSING), _agreed(Consent.Purpose.PHOTO)
# A county left empty is the one of here, unless the child was reported as migrant.
_comes_from_elsewhere = {"reported_as": "migrant"}
_no_class = Q(grade="") | Q(grade__in=IN_SCHOOL, school="")
_no_health = Q(health="", illness="", disability_type="")

must_have("id_number", _("ID number"), Q(id_number_hash=None), where=_in_file("id_number"), facts=SECRET)
must_have(
    "birth_day",
    _("day of birth (only the month is known)"),
    Q(birth_precision="month"),
    where=_in_file("birth_date"),
)
must_have("ethnicity", _("ethnic group"), Q(ethnicity=""), where=_in_file("ethnicity"))
must_have(
    "address",
    _("present address"),
    Q(household__address=""),
    where=_in_household("id_home-address"),
    facts=CONTACT,
)
must_have(
    "registered_county",
    _("county of registration"),
    Q(registered_county="", **_comes_from_elsewhere),
    where=_in_file("registered_county"),
    facts=CONTACT,
)
must_have(
    "registered_address",
    _("registered address"),
    Q(is_household_registered=True, registered_address=""),
    where=_in_file("registered_address"),
    facts=CONTACT,
)
must_have(
    "came_on",
    _("since when the child lives here"),
    Q(came_on=None)
    & (Q(**_comes_from_elsewhere) | (Q(registered_county__gt="") & ~Q(registered_county=F("district")))),
    where=_in_file("came_on"),
    facts=FAMILY,
)
must_have("schooling", _("school and grade"), _no_class, where=_schooling)
must_have(
    "class_teacher",
    _("class teacher"),
    Q(grade__in=WITH_CLASS_TEACHER, class_teacher=""),
    where=_on_page("school", "id_child-class_teacher"),
)
must_have(
    "parents",
    _("father or mother"),
    _nobody(relation__in=PARENTS),
    where=_in_household("add-adult"),
    facts=FAMILY,
)
must_have(
    "caregiver",
    _("who looks after the child"),
    _nobody(is_caregiver=True),
    where=_of_adult("is_caregiver"),
    facts=FAMILY,
)
must_have(
    "phone",
    _("a phone in the family"),
    _nobody(adult__phone_hash__isnull=False),
    where=_of_adult("phone"),
    facts=CONTACT,
)
must_have(
    "quality",
    _("guardianship quality"),
    Q(guardianship_quality=""),
    where=_in_file("guardianship_quality"),
    facts=CARE,
)
must_have("health", _("health"), _no_health, where=_in_file("health"), facts=HEALTH)
must_have("immunisation", _("immunisation"), Q(is_immunised=None), where=_in_file("is_immunised"), facts=HEALTH)
must_have("needs", _("what the child needs"), Q(needs_asked_on=None), where=_on_tab("growth", "id_need-topic"))
must_have("hobbies", _("hobbies"), Q(hobbies=[]), where=_in_file("hobbies_0"))
must_have(
    "consent",
    _("consent to keeping this file"),
    ~Q(_file_agreed),
    where=_on_tab("care", "id_purpose"),
)
must_have(
    "photo",
    _("photo (the guardian agrees)"),
    Q(_photo_agreed, photo=None),
    where=_on_tab("overview", "id_photo"),
)
