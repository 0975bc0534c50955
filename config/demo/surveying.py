"""Survey rounds of the story: one done in spring for the whole district, one under way on each street."""

import datetime as dt

from django.utils import timezone

from children.models import Household
from config.demo.days import days
from config.demo.places import PLACES
from surveys.models import HouseholdVisit, SurveyRound

Result = HouseholdVisit.Result
STREETS = {"150902001": "supervisor", "150902002": "officer.qiaodong"}
SHARE_VISITED = {"150902001001": 0.45, "150902001002": 0.2, "150902002001": 0.9, "150902002002": 0.6}
RESULTS = [Result.MET] * 6 + [Result.NOBODY_HOME, Result.MET, Result.REFUSED, Result.MET]


def survey(divisions, people, story_days):
    today = story_days.today
    _last_spring(divisions["150902"], people["federation"], today)
    for code, username in STREETS.items():
        begun = SurveyRound.open(
            divisions[code],
            title="入户摸底排查" if code == "150902001" else "留守儿童、流动儿童入户排查",
            opens_on=today - days(16),
            due_on=today + days(12 if code == "150902001" else -2),
            by=people[username],
        )
        for community, share in SHARE_VISITED.items():
            if community.startswith(code):
                _go_from_door_to_door(begun, community, share, people, today)
    _without_a_grid("150902001001")


def _last_spring(district, by, today):
    due = dt.date(today.year, 4, 22)
    due = due if due + days(40) < today else due.replace(year=today.year - 1)
    done = SurveyRound.open(district, title=f"{due.year}年春季摸底", opens_on=due - days(30), due_on=due, by=by)
    done.close(by=by)
    closed = timezone.make_aware(dt.datetime.combine(due + days(3), dt.time(17)))
    SurveyRound.objects.filter(pk=done.pk).update(closed_at=closed)


def _go_from_door_to_door(begun, community, share, people, today):
    worker = people[next(place.worker for place in PLACES if place.code == community)]
    households = list(
        Household.objects.filter(community=community, children__left_on=None).distinct().order_by("grid", "pk")
    )
    for number, household in enumerate(households[: int(len(households) * share)]):
        HouseholdVisit(
            round=begun,
            household=household,
            visited_on=today - days(14 - number % 13),
            visitor=worker.name,
            result=RESULTS[number % len(RESULTS)],
            has_changes=number % 5 == 0 and RESULTS[number % len(RESULTS)] == Result.MET,
        ).keep(by=worker)


def _without_a_grid(community):
    """Two households that nobody has put into a grid yet."""
    last = Household.objects.filter(community=community, children__left_on=None).order_by("-pk").values("pk")[:3]
    Household.objects.filter(pk__in=[row["pk"] for row in last][:2]).update(grid="")
