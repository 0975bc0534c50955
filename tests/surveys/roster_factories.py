"""Rounds and rosters for tests."""

import datetime as dt

from django.utils import timezone

from surveys.models import Roster, SurveyRound


def a_round(division, by, *, due_in=10, opened=30, title="2026年春季摸底"):
    today = timezone.localdate()
    return SurveyRound.objects.create(
        division=division,
        title=title,
        opens_on=today - dt.timedelta(days=opened),
        due_on=today + dt.timedelta(days=due_in),
        opened_by=by,
    )


def handed_in(community, survey_round, *, by, days_ago=0):
    """A roster of the community, handed in; `days_ago` dates it back."""
    roster = Roster.open_for(community, survey_round, by=by)
    edition = roster.submit(by=by)
    if days_ago:
        edition.as_of -= dt.timedelta(days=days_ago)
        edition.save(update_fields=["as_of"])
    return roster
