"""What is given once, a year or a term is granted to a child no second time in that time."""

import datetime as dt

from django.utils import timezone

from communities.models import Term
from support.models import AidKind, Application

SPRING, AUTUMN = (3, 1), (9, 1)  # where a district has noted no terms, one lasts from one of these days to the other


def granted(kind, day):
    """Applications of this kind that were approved for the time that `day` lies in."""
    approved = Application.objects.filter(kind=kind, status=Application.Status.APPROVED)
    since = _began(kind, day)
    return approved.filter(decided_at__date__gte=since) if since else approved


def is_granted(application, kind, day):
    """`granted` of an application that is at hand."""
    if application.kind_id != kind.pk or application.status != Application.Status.APPROVED:
        return False
    since = _began(kind, day)
    return since is None or timezone.localdate(application.decided_at) >= since


def _began(kind, day):
    """The first day of the time that `day` lies in: a calendar year, or a term with the holidays after it."""
    if kind.per == AidKind.Per.ONCE:
        return None
    if kind.per == AidKind.Per.YEAR:
        return dt.date(day.year, 1, 1)
    if term := Term.objects.on_or_before(day, kind.district_id):
        return term.starts_on
    spring, autumn = dt.date(day.year, *SPRING), dt.date(day.year, *AUTUMN)
    if day < spring:
        return dt.date(day.year - 1, *AUTUMN)
    return spring if day < autumn else autumn
