"""What a counsellor sees first: the own cases, who waits for one, and what lies too long."""

import datetime as dt

from django.db.models import Count, Max, OuterRef, Subquery
from django.utils import timezone

from children.models import Child, Referral
from counselling.models import Case, CounsellingSession

QUIET_DAYS = 30


def cases_of(user):
    """All cases this person reads, each with its sessions counted; the own ones say so."""
    today = timezone.localdate()
    rows = Case.objects.visible_to(user).select_related("child", "counsellor")
    last = CounsellingSession.objects.filter(case=OuterRef("pk")).order_by("-held_on", "-number")
    rows = rows.annotate(
        held=Count("sessions"), last_on=Max("sessions__held_on"), agreed_on=Subquery(last.values("next_on")[:1])
    )
    cases = list(rows.order_by("-opened_on", "-pk"))
    writable = set(Case.objects.open_to(user).values_list("pk", flat=True))
    for case in cases:
        case.is_own = case.counsellor_id == user.pk
        case.is_writable = case.pk in writable
        quiet_since = case.last_on or case.opened_on
        case.next_on = case.agreed_on if case.agreed_on and case.agreed_on >= today else None
        case.is_quiet = case.is_own and case.is_open and quiet_since <= today - dt.timedelta(days=QUIET_DAYS)
    return sorted(cases, key=lambda case: case.next_on or dt.date.max)


def waiting_for(user):
    """Children referred to this counsellor who have no open case; `referred_because`: why, where it was said."""
    own = Case.objects.filter(counsellor=user, status=Case.Status.OPEN)
    referred = Child.objects.filter(left_on=None, referrals__counsellor=user).visible_to(user)
    why = Referral.objects.current().filter(child=OuterRef("pk"), counsellor=user).values("reason")[:1]
    waiting = referred.exclude(pk__in=own.values("child")).distinct().order_by("name", "pk")
    return waiting.annotate(referred_because=Subquery(why))
