"""Rosters: last spring's is accepted everywhere; of this round one waits, one is returned, one is late."""

import datetime as dt

from django.utils import timezone

from config.demo.days import days
from config.demo.places import ENHE, PLACES, STADIUM
from surveys.models import Reminder, Roster, RosterEdition, SurveyRound

REMARK = "请核对监护人电话，并补充入户时发现的新增儿童。"
LINE_REMARK = "监护人电话与上次名册不同，请核实。"


def hand_in(divisions, people, story_days):
    """The communities hand in for the rounds that asked them, or do not."""
    streets = {place.code[:9]: people[place.officer] for place in PLACES}
    for code, officer in streets.items():
        places = [place for place in PLACES if place.code.startswith(code)]
        earlier = SurveyRound.objects.get(division=code[:6])
        for place in places:
            roster = _submit(place, earlier, divisions, people)
            roster.accept(remark="", by=officer)
            _date_back(roster, earlier.due_on - days(1))
        now = SurveyRound.objects.get(division=code)
        for place in places:
            if place == ENHE:
                Reminder.send(divisions[ENHE.code], now, by=officer)
                continue
            roster = _submit(place, now, divisions, people)
            if place == STADIUM:
                first = roster.last_edition().lines.order_by("position").first()
                roster.remark_on({first.pk: LINE_REMARK}, by=officer)
                roster.give_back(remark=REMARK, by=officer)
            _date_back(roster, story_days.today - days(3))


def _submit(place, survey_round, divisions, people):
    worker = people[place.worker]
    roster = Roster.open_for(divisions[place.code], survey_round, by=worker)
    roster.submit(by=worker)
    return roster


def _date_back(roster, day):
    """Handing in stamps the day of the act; the story's day is some days before the roster was due."""
    at = timezone.make_aware(dt.datetime.combine(day, dt.time(16)))
    RosterEdition.objects.filter(roster=roster).update(as_of=day, submitted_at=at)
    Roster.objects.filter(pk=roster.pk).update(handed_in_on=day)
