"""Children of the Home's community, for pages on which one is chosen or ticked."""

from django.utils import timezone

from children.models import Child
from records.staff_filters import clean_search

SHOWN_AT_MOST = 20


def children_of(user, home):
    """Children on the register there whom this person may see."""
    rows = Child.objects.visible_to(user).filter(community=home.community_id).on_register(timezone.localdate())
    return rows.only("name", "number", "birth_date", "community_id", "household_id").order_by("name_pinyin", "pk")


def found_by(request, home):
    """What was typed, and the children it finds; nobody where nothing was typed."""
    text = clean_search(request.GET.get("q", ""))
    if not text:
        return text, []
    return text, list(children_of(request.user, home).search(text)[:SHOWN_AT_MOST])


def names_for(user, rows):
    """{child's key: name} of those children of `rows` (bookings, loans) whom this person may see."""
    keys = {row.child_id for row in rows}
    return dict(Child.objects.visible_to(user).filter(pk__in=keys).values_list("pk", "name"))
