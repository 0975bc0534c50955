"""How a round stands: each community's roster, how late it is, who was reminded, and the sums."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q
from django.utils import timezone

from communities.models import Division
from surveys.models import Reminder, Roster, RosterEdition, SurveyRound

FIGURES = ("children", "left_behind", "migrant", "boys", "girls")


@dataclass
class Community:
    division: Any
    roster: Any = None
    edition: Any = None
    reminder: Any = None
    days_late: int = 0
    is_reminded_today: bool = False

    @property
    def has_reported(self):
        return self.roster is not None and not self.roster.is_open


def communities_of(survey_round, scope):
    """The communities inside `scope` that the round asks, with their rosters: a few queries for all."""
    asked = Division.objects.within(scope).filter(level="community", code__startswith=survey_round.division_id)
    rosters = Roster.objects.within(scope).filter(round=survey_round)
    rosters = rosters.prefetch_related(Prefetch("editions", RosterEdition.objects.order_by("number")))
    by_code = {roster.community_id: roster for roster in rosters}
    reminders = {}
    for reminder in Reminder.objects.within(scope).filter(round=survey_round).select_related("by").order_by("at"):
        reminders[reminder.community_id] = reminder
    return [
        _community(division, survey_round, by_code.get(division.pk), reminders.get(division.pk))
        for division in asked.select_related("parent").order_by("code")
    ]


def _community(division, survey_round, roster, reminder):
    today = timezone.localdate()
    handed_in = roster.handed_in_on if roster else None
    editions = list(roster.editions.all()) if roster else []
    return Community(
        division,
        roster,
        editions[-1] if editions else None,
        reminder,
        max(0, ((handed_in or today) - survey_round.due_on).days),
        reminder is not None and reminder.day == today,
    )


def summed(communities):
    """The sum of the rosters the street office accepted."""
    sums = Counter(dict.fromkeys(FIGURES, 0))
    for one in communities:
        if one.roster and one.roster.status == Roster.Status.ACCEPTED:
            sums.update(one.edition.figures)
    return dict(sums)


def tally(survey_round, scope):
    """How many communities were asked, reported, reported late, and have not: numbers of communities, no child."""
    found = communities_of(survey_round, scope)
    reported = [one for one in found if one.has_reported]
    return {
        "round": survey_round,
        "asked": len(found),
        "reported": len(reported),
        "late": sum(one.days_late > 0 for one in reported),
        "missing": len(found) - len(reported),
    }


def rounds_asking(codes):
    """Rounds that ask somebody under these codes, or were opened below them; newest first."""
    inside = Q(pk__in=())
    for code in codes:
        inside |= Q(division__code__startswith=code)
    asked = SurveyRound.objects.filter(inside)
    for code in codes:
        asked |= SurveyRound.objects.covering(code)
    asked = asked.select_related("division")
    return asked.filter(opens_on__lte=timezone.localdate()).order_by("-due_on", "-pk")
