"""What a team has done together: totals over its members of today, each from the day of joining."""

from collections import defaultdict

from django.db.models import Count, Q
from django.utils import timezone

from volunteers import hours
from volunteers.models import Duty, Pairing, TeamMember


def totals_of(team):
    """{children, owed, done, contacts, sessions, shifts, hours}: what is owed today, what was done since joining."""
    return totals_of_all([team])[team.pk]


def totals_of_all(teams):
    """{team's key: its totals}, in the same few queries however many teams and members."""
    members = defaultdict(dict)  # {team's key: {helper's key: day of joining}}
    here = TeamMember.objects.filter(team__in=[team.pk for team in teams], left_on=None)
    for team, helper, joined_on in here.values_list("team", "volunteer", "joined_on"):
        members[team][helper] = joined_on
    everybody = {helper for joined in members.values() for helper in joined}
    since = min((day for joined in members.values() for day in joined.values()), default=timezone.localdate())
    children, duties = _owed_by(everybody)
    days = hours.by_day(everybody, since)
    return {team.pk: _totals(members[team.pk], children, duties, days) for team in teams}


def _owed_by(helpers):
    """({helper's key: children accompanied today}, {helper's key: (duties owed by today, those done)})"""
    today = timezone.localdate()
    pairings = Pairing.objects.in_force_on(today).filter(volunteer__in=helpers, status=Pairing.Status.ACTIVE)
    children = defaultdict(set)
    for helper, child in pairings.values_list("volunteer", "child"):
        children[helper].add(child)
    duties = Duty.objects.in_term_on(today).owed_by(today).filter(pairing__in=pairings.values("pk"))
    counted = duties.order_by().values_list("pairing__volunteer")
    counted = counted.annotate(owed=Count("pk"), done=Count("pk", filter=Q(done_on__isnull=False)))
    return children, {helper: (owed, done) for helper, owed, done in counted}


def _totals(joined, children, duties, days):
    worked = hours.Worked()
    for helper, since in joined.items():
        for day, done in days.get(helper, ()):
            if day >= since:
                worked.add(done)
    return {
        "children": len(set().union(*(children.get(helper, ()) for helper in joined))),
        "owed": sum(duties[helper][0] for helper in joined if helper in duties),
        "done": sum(duties[helper][1] for helper in joined if helper in duties),
        "contacts": worked.contacts,
        "sessions": worked.sessions,
        "shifts": worked.shifts,
        "hours": worked.hours,
    }
