"""The families of a community as a parent school sees them: children, and the adults who may come."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from activities.parent_school import with_last_day, without_school
from children.models import Child, Household, Kinship
from records.text import clean_text
from records.wording import listed


@dataclass
class Family:
    household: Household
    children: list = field(default_factory=list)
    adults: dict[Any, Kinship] = field(default_factory=dict)  # who looks after a child first

    @property
    def names(self):
        return listed(child.name for child in self.children)


def families(children, text=""):
    """Households with one of `children` on the register, by the first child's name; `text` names a child or adult."""
    children = children.on_register(timezone.localdate())
    if text := clean_text(text).strip():
        by_adult = Kinship.objects.filter(adult__name__icontains=text, child__in=children.order_by())
        found = children.search(text)
        children = children.filter(Q(pk__in=found.values("pk")) | Q(pk__in=by_adult.values("child")))
    rows = Household.objects.filter(pk__in=children.order_by().values("household"))
    first = Child.objects.filter(household=OuterRef("pk")).order_by("name_pinyin").values("name_pinyin")[:1]
    return rows.annotate(first_name=Subquery(first)).order_by("first_name", "pk")  # a count leaves it out


def missing_families(user, found):
    """The families nobody came from to the parent school, as `found`, a `CoverageFilter`, narrows them."""
    day = timezone.localdate()
    missing = without_school(found.scope, day, found.of_theme, ever=found.ever).visible_to(user)
    theirs = Child.objects.visible_to(user).filter(household__in=missing.values("pk"))
    return with_last_day(families(theirs, found.text), found.of_theme).select_related("community")


def with_members(households, children):
    """A `Family` for each of these households, in their order, in two queries."""
    found = {household.pk: Family(household) for household in households}
    inside = children.filter(household__in=found).on_register(timezone.localdate()).defer("name_grams")
    of_child = {}
    for child in inside.order_by("name_pinyin", "pk"):
        found[child.household_id].children.append(child)
        of_child[child.pk] = found[child.household_id]
    kinships = Kinship.objects.filter(child__in=of_child).select_related("adult")
    for kinship in kinships.order_by("-is_caregiver", "pk"):
        of_child[kinship.child_id].adults.setdefault(kinship.adult_id, kinship)
    return list(found.values())


def of_community(user, community_id):
    """The children by whom `user` sees the families of a community."""
    return Child.objects.visible_to(user).filter(community=community_id)
