"""Children who could be given a place: of the activity's community, on the register, without a place yet; and those who
could be added to a roll."""

from django.utils import timezone

from activities.models import Activity, Enrolment
from children.models import Child
from records.staff_filters import clean_search

SHOWN_AT_MOST = 20
FITTING_AT_MOST = 60


def candidates(request, activity):
    """What was typed, and the children found: those whose hobby fits the club come first when nothing was typed."""
    text = clean_search(request.GET.get("q", ""))
    placed = Enrolment.objects.open().filter(activity=activity).values("child")
    rows = _on_register(request.user, activity).exclude(pk__in=placed)
    if text:
        rows = rows.search(text)  # by no ID number: what is typed stands in the address
    elif activity.art:
        fitting = rows.filter(hobbies__contains=[activity.art])
        rows = fitting if fitting.exists() else rows
    return text, list(rows.order_by("name_pinyin", "pk")[:SHOWN_AT_MOST])


def late_joiners(request, session):
    """What was typed, and the children found who are not on the roll: who got a place since may have come before."""
    text = clean_search(request.GET.get("q", ""))
    if not text:
        return text, []
    rows = _on_register(request.user, session.activity).exclude(pk__in=session.roll().order_by().values("pk"))
    return text, list(rows.search(text).order_by("name_pinyin", "pk")[:SHOWN_AT_MOST])


def _on_register(user, activity):
    rows = Child.objects.visible_to(user).filter(community=activity.community_id)
    return rows.on_register(timezone.localdate())


def fitting_no_club(user, club):
    """Children of the register whose hobby is the art of the club and who have a place in no club that goes on."""
    if club.kind != Activity.Kind.CLUB or not club.art:
        return Child.objects.none()
    open_clubs = Activity.objects.filter(kind=Activity.Kind.CLUB, status__in=Activity.OPEN)
    in_a_club = Enrolment.objects.open().filter(activity__in=open_clubs).values("child")
    rows = Child.objects.visible_to(user).filter(community=club.community_id, hobbies__contains=[club.art])
    rows = rows.on_register(timezone.localdate()).exclude(pk__in=in_a_club)
    return rows.only("name", "number", "birth_date").order_by("name_pinyin", "pk")[:FITTING_AT_MOST]
