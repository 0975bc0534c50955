"""Visits, calls and nominations, made through the verbs people use."""

import datetime as dt

from django.utils import timezone

from appraisal.models import Ballot, Call, Demand, Nomination, Visit
from tests.volunteers.test_portal import token_of


def days(number):
    """So many days from today."""
    return timezone.localdate() + dt.timedelta(days=number)


def a_visit(office, community, by, day=0, points=("roster", "home"), **details):
    facts = {"visitors": "李国华", "points": list(points), **details}
    return Visit.plan(office, [community], day=days(day), by=by, **facts)[0]


def held(visit, by, **verdicts):
    """Written up: all points met but those named, each with its words."""
    findings = {key: (verdicts.get(key, "met"), "见现场" if key in verdicts else "") for key in visit.points}
    visit.hold(findings=findings, summary="看了现场和台账。", by=by)
    return visit


def a_demand(visit, by, due=10, **details):
    """Required; a day that lies in the past is set afterwards."""
    facts = {"what": "补齐消防器材", **details}
    made = Demand.make(visit, due_on=days(max(due, 0)), by=by, **facts)
    if due < 0:
        Demand.objects.filter(pk=made.pk).update(due_on=days(due), asked_on=days(due - 20))
        made.refresh_from_db()
    return made


def sent(client, page, to, **data):
    """Post to `to` with the one-time token of `page`."""
    return client.post(to, {"once_token": token_of(client.get(page)), **data})


def a_call(division, by, kind="individual", *, seats=(), until=5, places=5, **details):
    """Open for nominations; `seats` are put on the committee as they come, without the rule of three."""
    facts = {"title": "年度先进", "year": days(0).year, "who": "一年以上的志愿者", "nominate_until": days(until)}
    call = Call.draft(division, kind=kind, places=places, by=by, **{**facts, **details})
    Call.objects.filter(pk=call.pk).update(status="open", opened_on=days(-30))
    call.refresh_from_db()
    for user in seats:
        call.seat(user, by=by)
    return call


def voting(call):
    """The time for nominations is over."""
    Call.objects.filter(pk=call.pk).update(nominate_until=days(-1))
    call.refresh_from_db()
    return call


def a_nomination(call, nominee, by, **details):
    """Of a helper, a Home or a child; of a piece of work where there is no nominee but a community."""
    name = {"volunteer": "helper", "home": "home", "child": "child"}.get(nominee._meta.model_name)
    place = nominee.community if name else nominee
    facts = {"title": "热心陪伴", "words": "坚持走访，耐心辅导。", **({name: nominee} if name else {}), **details}
    return Nomination.propose(call, place, by=by, **facts)


def voted(nomination, user, choice="for"):
    """Declared without conflict, and voted."""
    ballot = Ballot.objects.get(nomination=nomination, member=user)
    ballot.declare(conflict="none", by=user)
    ballot.cast(choice=choice, by=user)
    return ballot


def decided(nomination, by, *, is_awarded=True, reason="事迹突出"):
    fresh = Nomination.objects.get(pk=nomination.pk)
    fresh.decide(is_awarded=is_awarded, reason=reason, seen=fresh.version, by=by)
    nomination.refresh_from_db()
    return nomination
