"""Children who could be given a place: of the activity's community, on the register, without a place yet."""

from django.utils import timezone

from activities.models import Enrolment
from children.models import Child
from records.staff_filters import clean_search

SHOWN_AT_MOST = 20


def candidates(request, activity, *, only_searched=False):
    """What was typed, and the children found: those whose hobby fits the club come first when nothing was typed."""
    text = clean_search(request.GET.get("q", ""))
    if only_searched and not text:
        return text, []
    placed = Enrolment.objects.open().filter(activity=activity).values("child")
    rows = Child.objects.visible_to(request.user).filter(community=activity.community_id)
    rows = rows.on_register(timezone.localdate()).exclude(pk__in=placed)
    if text:
        rows = rows.search(text, by_id_number=False)  # what is typed here stands in the address
    elif activity.art:
        fitting = rows.filter(hobbies__contains=[activity.art])
        rows = fitting if fitting.exists() else rows
    return text, list(rows.order_by("name_pinyin", "pk")[:SHOWN_AT_MOST])
