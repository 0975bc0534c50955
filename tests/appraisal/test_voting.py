"""The committee: conflicts of interest, secret votes, decisions, also at the same moment."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from appraisal.models import Ballot, Nomination
from records.lifecycle import Refused
from records.trail import TrailEntry
from tests.appraisal.factories import a_call, a_nomination, decided, voted, voting
from tests.volunteers.factories import a_helper

pytestmark = pytest.mark.django_db


def test_a_declared_conflict_takes_the_vote_and_stays(call, nomination, officers):
    voting(call)
    ballot = voted(nomination, officers[0])
    ballot.declare(conflict="relative", words="表妹", by=officers[0])
    ballot.refresh_from_db()
    assert (ballot.conflict, ballot.choice, ballot.cast_at) == ("relative", "", None)
    with pytest.raises(Refused, match="it stays"):
        ballot.declare(conflict="none", by=officers[0])
    with pytest.raises(Refused, match="does not vote"):
        ballot.cast(choice="for", by=officers[0])
    with pytest.raises(IntegrityError, match="who_declared_a_conflict_has_no_vote"), transaction.atomic():
        Ballot.objects.filter(pk=ballot.pk).update(choice="for", cast_at=dt.datetime.now(dt.UTC))


def test_own_nominations_and_own_helpers_are_conflicts_without_being_said(
    district, federation, officers, community, director, helper, make_user
):
    colleague = make_user("community_worker", community, "colleague")
    call = a_call(district, federation, seats=[*officers, director, colleague])
    nomination = a_nomination(call, helper, director)
    voting(call)
    for user in (director, colleague):
        ballot = Ballot.objects.get(nomination=nomination, member=user)
        with pytest.raises(Refused, match="my own nomination"):
            ballot.declare(conflict="none", by=user)
        with pytest.raises(Refused, match="First say"):
            ballot.cast(choice="for", by=user)
    helper.give_account(officers[0], by=federation)
    nomination = Nomination.objects.get(pk=nomination.pk)
    with pytest.raises(Refused, match="There is one"):
        Ballot.objects.get(nomination=nomination, member=officers[0]).declare(conflict="none", by=officers[0])


def test_nobody_votes_before_the_time_is_over_or_for_somebody_else(call, nomination, officers, signed_in, director):
    ballot = Ballot.objects.get(nomination=nomination, member=officers[0])
    with pytest.raises(Refused, match="not voted on"):
        ballot.declare(conflict="none", by=officers[0])
    voting(call)
    with pytest.raises(Ballot.DoesNotExist):
        ballot.declare(conflict="none", by=officers[1])
    assert signed_in(director).post(reverse("appraisal:vote", args=[nomination.pk])).status_code == 404


def test_votes_are_secret_until_the_decision(call, nomination, officers, signed_in, director):
    voting(call)
    for user, choice in zip(officers, ["for", "against", "for"], strict=True):
        voted(nomination, user, choice)
    for user in officers:
        assert [one.member_id for one in Ballot.objects.visible_to(user)] == [user.pk]
    assert not Ballot.objects.visible_to(director).exists()
    page = signed_in(officers[2]).get(nomination.get_absolute_url()).content.decode()
    assert "3 of 3 members have voted" in page
    assert "against" not in page.partition("Reasons")[0].split('id="vote"')[0]
    assert not TrailEntry.objects.filter(verb="voted").exclude(fields=[], keys={}).exists()
    decided(nomination, officers[1])
    assert Ballot.objects.visible_to(officers[2]).count() == 3
    assert not Ballot.objects.visible_to(director).exists()


def test_one_vote_each_though_sent_twice_at_once(transactional_db, call, nomination, officers):
    from tests.records.threads import at_once

    voting(call)
    user = officers[0]
    Ballot.objects.get(nomination=nomination, member=user).declare(conflict="none", by=user)

    def vote(choice):
        Ballot.objects.get(nomination=nomination, member=user).cast(choice=choice, by=user)

    at_once(lambda: vote("for"), lambda: vote("against"))
    assert Ballot.objects.exclude(choice="").count() == 1


def test_a_conflict_declared_while_it_is_decided_counts_wholly_or_not_at_all(
    transactional_db, call, nomination, officers
):
    from tests.records.threads import at_once

    voting(call)
    for user in officers:
        voted(nomination, user)

    def declare():
        try:
            Ballot.objects.get(nomination=nomination, member=officers[2]).declare(conflict="relative", by=officers[2])
            return "declared"
        except Refused:
            return "refused"

    def decide():
        decided(nomination, officers[1])
        return "decided"

    first, _second = at_once(declare, decide)
    nomination.refresh_from_db()
    counted = nomination.votes["for"]
    assert counted == (2 if first == "declared" else 3)
    assert Ballot.objects.exclude(choice="").count() == counted


# Decisions ----------------------------------------------------------------------------------------------------------


def test_a_decision_needs_votes_reasons_and_somebody_without_a_conflict(call, nomination, officers, federation):
    voting(call)
    with pytest.raises(Refused, match="More than half"):
        decided(nomination, federation)
    voted(nomination, officers[0], "against")
    voted(nomination, officers[2], "against")
    with pytest.raises(Refused, match="did not vote for it"):
        decided(nomination, federation)
    Ballot.objects.get(nomination=nomination, member=federation).declare(conflict="relative", by=federation)
    with pytest.raises(Refused, match="does not decide"):
        decided(nomination, federation, is_awarded=False)
    with pytest.raises(Refused, match="changed meanwhile"):
        nomination.decide(is_awarded=False, reason="x", seen=99, by=officers[2])


def test_no_more_awards_than_the_call_gives_though_decided_at_once(
    transactional_db, district, federation, officers, community, director, make_user
):
    from tests.records.threads import at_once

    call = a_call(district, federation, seats=officers, places=1)
    both = [a_nomination(call, a_helper(community, director, name=name), director) for name in ("王芳", "刘洋")]
    voting(call)
    for nomination in both:
        for user in officers:
            voted(nomination, user)

    def decide(nomination):
        try:
            return decided(nomination, federation).status
        except Refused:
            return "refused"

    assert sorted(at_once(*[lambda one=one: decide(one) for one in both])) == ["awarded", "refused"]
    assert Nomination.objects.awarded().count() == 1


def test_a_call_is_closed_when_all_is_decided(call, nomination, officers, federation):
    voting(call)
    with pytest.raises(Refused, match="not decided"):
        call.close(by=federation)
    for user in officers:
        voted(nomination, user, "against")
    decided(nomination, federation, is_awarded=False)
    call.close(by=federation)
    assert call.status == "closed"
