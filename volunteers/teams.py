"""What a team has done together: totals over its members of today."""

from django.db.models import Count, Q, Sum
from django.utils import timezone

from volunteers.models import Contact, Duty, Pairing


def totals_of(team):
    """{children, done, owed, contacts, hours}: pairings and duties of today, contacts since each member joined."""
    today = timezone.localdate()
    members = team.members.filter(left_on=None)
    helpers = members.values("volunteer")
    pairings = Pairing.objects.in_force_on(today).filter(volunteer__in=helpers, status=Pairing.Status.ACTIVE)
    duties = Duty.objects.in_term_on(today).owed_by(today).filter(pairing__in=pairings.values("pk"))
    counted = duties.aggregate(owed=Count("pk"), done=Count("pk", filter=Q(done_on__isnull=False)))
    since = Q(pk__in=())
    for helper, joined_on in members.values_list("volunteer", "joined_on"):
        since |= Q(volunteer=helper, made_on__gte=joined_on)
    written = Contact.objects.filter(since).aggregate(contacts=Count("pk"), minutes=Sum("minutes"))
    return {
        "children": pairings.values("child").distinct().count(),
        "owed": counted["owed"],
        "done": counted["done"],
        "contacts": written["contacts"],
        "hours": round((written["minutes"] or 0) / 60),
    }
