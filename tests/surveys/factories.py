"""Rounds and households for the tests of the survey."""

import datetime as dt

from django.utils import timezone

from children.models import Household
from surveys.models import HouseholdVisit, SurveyRound


def today():
    return timezone.localdate()


def days_ago(number):
    return today() - dt.timedelta(days=number)


def a_round(division, by, *, since=10, due_in=20, title="Spring round"):
    return SurveyRound.open(
        division, title=title, opens_on=days_ago(since), due_on=today() + dt.timedelta(days=due_in), by=by
    )


def a_home(community, grid="", address=""):
    return Household.objects.create(community=community, grid=grid, address=address)


def a_visit(survey_round, household, by, result="met", on=None, **details):
    visit = HouseholdVisit(
        round=survey_round,
        household=household,
        result=result,
        visited_on=on or today(),
        visitor=details.pop("visitor", by.name),
        **details,
    )
    visit.keep(by=by)
    return visit
