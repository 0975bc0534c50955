"""What a team has done together: totals over its members of today, each from the day of joining."""

from django.db.models import Count, Q
from django.utils import timezone

from volunteers import hours
from volunteers.models import Duty, Pairing


def totals_of(team):
    """{children, owed, done, contacts, sessions, shifts, hours}: what is owed today, what was done since joining."""
    today = timezone.localdate()
    members = team.members.filter(left_on=None)
    pairings = Pairing.objects.in_force_on(today).filter(
        volunteer__in=members.values("volunteer"), status=Pairing.Status.ACTIVE
    )
    duties = Duty.objects.in_term_on(today).owed_by(today).filter(pairing__in=pairings.values("pk"))
    counted = duties.aggregate(owed=Count("pk"), done=Count("pk", filter=Q(done_on__isnull=False)))
    worked = hours.since(dict(members.values_list("volunteer", "joined_on")))
    return {
        "children": pairings.values("child").distinct().count(),
        "owed": counted["owed"],
        "done": counted["done"],
        "contacts": worked.contacts,
        "sessions": worked.sessions,
        "shifts": worked.shifts,
        "hours": worked.hours,
    }
