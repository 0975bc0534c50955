"""To which community a file may go: found by going down the divisions or by a name or code. No child is looked at."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from communities.models import Division, Posting
from communities.roles import ROLES
from records.scoping import DISTRICT_DIGITS
from records.staff_filters import clean_search
from records.text import clean_code

SHOWN = 60
STREET_DIGITS = 9


@dataclass(frozen=True)
class Places:
    """What the page of choice shows: a way up, and divisions to go into or to choose."""

    above: list
    here: Any
    parts: list
    asked: str
    is_cut: bool


def has_destinations(child):
    """Whether the system knows any community but the child's own."""
    return Division.objects.filter(level=Division.Level.COMMUNITY).exclude(pk=child.community_id).exists()


def community_to_choose(code, *, leaving):
    """The community with this code, if a file of the community `leaving` can go there."""
    found = Division.objects.filter(level=Division.Level.COMMUNITY, pk=clean_code(code)[:12])
    return found.exclude(pk=leaving).select_related("parent__parent").first()


def places(at, asked, *, leaving):
    """Where to go on choosing: what was searched for, or the parts of the division `at`; at first one's own street."""
    asked = clean_search(asked or "")
    if asked:
        return _found(asked, leaving)
    code = leaving[:STREET_DIGITS] if at is None else clean_code(at)[:STREET_DIGITS]
    here = Division.objects.select_related("parent").filter(pk=code).exclude(level="community").first()
    above = [] if here is None else [None, *([here.parent] if here.parent else [])]
    parts = Division.objects.filter(parent=here).exclude(pk=leaving).select_related("parent__parent")
    return Places(above, here, _with_staff(parts[: SHOWN * 10]), "", False)


def _found(asked, leaving):
    rows = Division.objects.filter(level=Division.Level.COMMUNITY).exclude(pk=leaving).select_related("parent__parent")
    code = clean_code(asked)
    named = Q(name__contains=asked) | Q(name_en__icontains=asked) | Q(parent__name__contains=asked)
    rows = rows.filter(named | (Q(code__startswith=code) if code.isdigit() else Q(pk__in=())))
    nearest = sorted(rows[: SHOWN + 1], key=lambda place: (_distance(place.pk, leaving), place.pk))
    return Places([], None, _with_staff(nearest[:SHOWN]), asked, len(nearest) > SHOWN)


def _distance(code, other):
    return (code[:STREET_DIGITS] != other[:STREET_DIGITS]) + (code[:DISTRICT_DIGITS] != other[:DISTRICT_DIGITS])


def _with_staff(divisions):
    """Each with `is_staffed`: whether somebody there could accept an offer."""
    shown = list(divisions)
    roles = [key for key, role in ROLES.items() if "children.decide_transfer" in role.permissions]
    codes = {code for place in shown for code in (place.pk, place.pk[:STREET_DIGITS], place.pk[:DISTRICT_DIGITS])}
    posted = Posting.objects.in_force_on(timezone.localdate()).filter(role__in=roles, division__in=codes)
    staffed = set(posted.values_list("division", flat=True))
    for place in shown:
        above = {place.pk, place.pk[:STREET_DIGITS], place.pk[:DISTRICT_DIGITS]}
        place.is_staffed = place.level != "community" or bool(above & staffed)
    return shown
