"""Meetings, supervision, commendations, reports, rosters and concerns recounted."""

import datetime as dt
import random

import pytest
from django.utils import timezone

from appraisal.models import Call, Demand, Nomination, Visit
from children.models import Concern
from communities.models import Meeting
from records.codes import new_number
from records.measures import Period
from reports.models import QuarterlyReport
from reports.quarters import before
from surveys.models import Roster, SurveyRound
from tests.children.factories import a_child
from tests.reports.recounting import SEEDS, a_day, a_day_after, all_communities, compare_all, inside, recounts
from tests.volunteers.factories import days

pytestmark = pytest.mark.django_db
KEYS = ["study_meetings", "special_meetings", "exchange_meetings", "supervision_visits", "requirements_met"]
KEYS += ["commendations", "quarterly_reports_sent", "rosters_handed_in"]
KEYS_GUARDED = ["concerns_raised", "concerns_reported", "concerns_closed"]
STATES = ["held", "held", "planned", "called_off"]


@pytest.fixture(params=SEEDS)
def places(request, community, sister_community, far_community, director, supervisor):
    """What an office has of every state: planned and called off, drafted and returned, withdrawn and revoked."""
    chance = random.Random(request.param)
    places = all_communities(community, sister_community, far_community)
    calls, rounds = {}, {}
    for code in {place.pk[:6] for place in places}:
        facts = {"kind": "case", "year": days(0).year, "who": "-", "nominate_until": days(-1), "drafted_by": supervisor}
        calls[code] = Call.objects.create(division_id=code, title="先进", **facts)
        asked = [{"opens_on": days(-400), "due_on": days(ago)} for ago in range(-100, -80)]
        rounds[code] = [
            SurveyRound.objects.create(division_id=code, title="摸底", opened_by=supervisor, **one) for one in asked
        ]
    for place in places:
        for _n in range(20):
            _a_meeting(chance, place)
            _a_visit(chance, place, supervisor)
            _a_nomination(chance, place, calls[place.pk[:6]], director, supervisor)
        for survey_round in rounds[place.pk[:6]]:
            _a_roster(chance, place, survey_round, director)
        quarter = Period.quarter_of(days(0))
        for _n in range(6):
            _a_report(chance, place, quarter, director, supervisor)
            quarter = before(quarter)
    return places


def _a_meeting(chance, place):
    status = chance.choice(STATES)
    told = {"held": {"held_at": timezone.now()}, "called_off": {"why_called_off": "下雨"}}.get(status, {})
    day = a_day(chance, -230, 0 if status == "held" else 40)
    kind = chance.choice(Meeting.Kind.values)
    Meeting.objects.create(community=place, kind=kind, title="会议", day=day, status=status, **told)


def _a_visit(chance, place, by):
    status = chance.choice(STATES)
    held = {"held_at": timezone.now(), "written_by": by, "summary": "看了现场。"}
    told = {"held": held, "called_off": {"why_called_off": "下雨"}}.get(status, {})
    visit = Visit.objects.create(
        **{"community": place, "office_id": place.pk[: chance.choice([6, 9])], "visitors": "李国华"},
        **{"day": a_day(chance, -230, 0 if status == "held" else 40), "points": ["roster"], "planned_by": by},
        **{"status": status, **told},
    )
    if status == "held":
        state, asked = chance.choice(["closed", "closed", *Demand.Status.values]), a_day(chance, -230, 0)
        settled = a_day_after(chance, asked, 0)
        told = {"closed": {"settled_on": settled}, "withdrawn": {"settled_on": settled, "why_withdrawn": "已不需要"}}
        facts = {"what": "补齐器材", "asked_on": asked, "due_on": asked, "asked_by": by, "status": state}
        Demand.objects.create(visit=visit, community=place, **facts, **told.get(state, {}))


def _a_nomination(chance, place, call, by, other):
    status = chance.choice(["awarded", "awarded", *Nomination.Status.values])
    decided = {"decided_on": a_day(chance, -230, 0), "decided_by": other}
    if status in ("awarded", "revoked"):
        decided["number"] = new_number()
    Nomination.objects.create(
        **{"community": place, "call": call, "title": "案例", "words": "坚持走访。", "status": status},
        **{"nominated_by": by, **(decided if status in ("awarded", "declined", "revoked") else {})},
    )


def _a_roster(chance, place, survey_round, by):
    status = chance.choice(["accepted", *Roster.Status.values])
    sent = {} if status == "draft" else {"handed_in_on": a_day(chance, -230, 0), "submitted_by": by}
    Roster.objects.create(community=place, round=survey_round, status=status, **sent)


def _a_report(chance, place, quarter, by, other):
    status = chance.choice(["accepted", *QuarterlyReport.Status.values])
    sent = {"submitted_at": timezone.now(), "submitted_by": by, "handed_in_on": days(0)}
    QuarterlyReport.objects.create(
        **{"community": place, "year": quarter.start.year, "quarter": quarter.number, "due_on": quarter.end},
        **{"status": status, **({} if status == "draft" else sent)},
    )


def _meetings(kind):
    def rows(period):
        held = [meeting for meeting in Meeting.objects.all() if meeting.status == "held" and meeting.kind == kind]
        return [meeting for meeting in held if inside(meeting.day, period)]

    return rows


for _kind in Meeting.Kind.values:
    recounts(f"{_kind}_meetings")(_meetings(_kind))


@recounts("supervision_visits")
def supervision_visits(period):
    return [visit for visit in Visit.objects.all() if visit.status == "held" and inside(visit.day, period)]


@recounts("requirements_met")
def requirements_met(period):
    return [one for one in Demand.objects.all() if one.status == "closed" and inside(one.settled_on, period)]


@recounts("commendations")
def commendations(period):
    return [one for one in Nomination.objects.all() if one.status == "awarded" and inside(one.decided_on, period)]


@recounts("quarterly_reports_sent")
def quarterly_reports_sent(period):
    sent = [report for report in QuarterlyReport.objects.all() if report.status in ("submitted", "accepted")]
    return [report for report in sent if inside(report.period.end, period)]


@recounts("rosters_handed_in")
def rosters_handed_in(period):
    sent = [roster for roster in Roster.objects.all() if roster.status in ("submitted", "accepted")]
    return [roster for roster in sent if inside(roster.handed_in_on, period)]


def test_the_work_of_the_office_is_counted_as_a_plain_recount_counts_it(places):
    compare_all(KEYS, places)


@pytest.fixture(params=SEEDS)
def troubled_places(request, community, sister_community, far_community, director, supervisor):
    """Concerns open, reported, and closed with or without a report, at the edges of days."""
    chance = random.Random(request.param)
    places = all_communities(community, sister_community, far_community)
    for place in places:
        child = a_child(place)
        for _n in range(20):
            raised = a_day(chance, -230, 0)
            reported = a_day_after(chance, raised, 0) if chance.random() < 0.7 else None
            closed = a_day_after(chance, reported or raised, 0) if chance.random() < 0.5 else None
            status = "closed" if closed else "reported" if reported else "open"
            Concern.objects.create(
                **{"community": place, "child": child, "status": status, "raised_by": director},
                **{"raised_at": _moment(chance, raised), "reported_at": reported and _moment(chance, reported)},
                **{"closed_at": closed and _moment(chance, closed), "closed_by": supervisor if closed else None},
            )
    return places


def _moment(chance, day):
    return timezone.make_aware(dt.datetime.combine(day, chance.choice([dt.time.min, dt.time(12), dt.time(23, 59, 59)])))


def _concerns(moment):
    def rows(period):
        moments = [(concern, getattr(concern, moment)) for concern in Concern.objects.all()]
        return [concern for concern, at in moments if at and inside(timezone.localdate(at), period)]

    return rows


for _what in ("raised", "reported", "closed"):
    recounts(f"concerns_{_what}")(_concerns(f"{_what}_at"))


def test_concerns_are_counted_as_a_plain_recount_counts_them(troubled_places):
    compare_all(KEYS_GUARDED, troubled_places)
