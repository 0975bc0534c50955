"""The five ones of a term counted up, by community: once a night, in one statement for a district."""

import datetime as dt

from django.db.models import Count, Max, Q, Sum
from django.utils import timezone

from communities.models import Term
from volunteers.contacts import DAYS_BACK
from volunteers.models import Duty, TermTotal
from volunteers.models.duty import STILL_OPEN

COUNTED = ["pairings", "owed", "done", "overdue", "excused"]


def count(term, today=None):
    """Count the duties of `term` in every community of its district, as they stand `today`."""
    today = today or timezone.localdate()
    rows = Duty.objects.filter(district=term.district_id, term=term).order_by().values("community", "district")
    counted = rows.annotate(
        pairings=Count("pairing", distinct=True),
        owed=Count("pk", filter=Q(excused_on=None)),
        done=Count("pk", filter=Q(done_on__isnull=False)),
        overdue=Count("pk", filter=STILL_OPEN & Q(due_on__lt=today)),
        excused=Count("pk", filter=Q(excused_on__isnull=False)),
    )
    totals = [
        TermTotal(
            term=term,
            counted_on=today,
            community_id=row["community"],
            district=row["district"],
            **{name: row[name] for name in COUNTED},
        )
        for row in counted
    ]
    TermTotal.objects.bulk_create(
        totals,
        update_conflicts=True,
        unique_fields=["community", "term"],
        update_fields=["counted_on", *COUNTED],
    )
    # A community whose last duty went elsewhere with its file has nothing to count.
    gone = TermTotal.objects.filter(term=term).exclude(community__in=[total.community_id for total in totals])
    gone.update(counted_on=today, **dict.fromkeys(COUNTED, 0))
    return len(totals)


def terms_to_count(today=None):
    """Those begun that can still change, for something may be written down long after; and those never counted.

    On Mondays all, for the office may excuse or correct what is older still, and files move.
    """
    today = today or timezone.localdate()
    if today.weekday() == 0:
        return Term.objects.filter(starts_on__lte=today).order_by("district_id", "starts_on")
    never = ~Q(pk__in=TermTotal.objects.values("term"))
    open_still = Q(ends_on__gte=today - dt.timedelta(days=DAYS_BACK))
    return Term.objects.filter(open_still | never, starts_on__lte=today).order_by("district_id", "starts_on")


def of(rows):
    """One total of several communities, or None where nothing is counted yet."""
    summed = rows.order_by().aggregate(counted_on=Max("counted_on"), **{name: Sum(name) for name in COUNTED})
    return None if summed["owed"] is None else summed
