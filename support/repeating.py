"""What is given once, a year or a term is granted to a child no second time in that time."""

import datetime as dt

from django.utils import timezone

from support.models import AidKind, Application

SPRING, AUTUMN = (3, 1), (9, 1)  # a term lasts from one of these days until the other


def granted(kind, day):
    """Applications of this kind that were approved for the time that `day` lies in."""
    approved = Application.objects.filter(kind=kind, status=Application.Status.APPROVED)
    since = _began(kind.per, day)
    return approved.filter(decided_at__date__gte=since) if since else approved


def is_granted(application, kind, day):
    """`granted` of an application that is at hand."""
    if application.kind_id != kind.pk or application.status != Application.Status.APPROVED:
        return False
    since = _began(kind.per, day)
    return since is None or timezone.localdate(application.decided_at) >= since


def _began(per, day):
    if per == AidKind.Per.ONCE:
        return None
    if per == AidKind.Per.YEAR:
        return dt.date(day.year, 1, 1)
    spring, autumn = dt.date(day.year, *SPRING), dt.date(day.year, *AUTUMN)
    if day < spring:
        return dt.date(day.year - 1, *AUTUMN)
    return spring if day < autumn else autumn
