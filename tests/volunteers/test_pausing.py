"""Guardian and child are heard, a pairing rests and goes on, and none ends past an open concern."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from children.models import Concern
from records.lifecycle import Refused
from records.measures import Period, get
from records.scoping import Scope
from tests.volunteers.factories import a_child, a_helper, a_pairing, a_proposal, consents, days, heard
from volunteers.models import Duty, Pairing, Volunteer
from volunteers.models.pause import days_within
from volunteers.terms import end_what_has_run_out

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_term")]


def at(number):
    """Noon of the day so many days from today."""
    return time_machine.travel(timezone.localtime().replace(hour=12) + dt.timedelta(days=number), tick=False)


def born(years):
    today = timezone.localdate()
    return dt.date(today.year - years, 1, 1)


@pytest.fixture
def pairing(community, director, helper):
    return a_pairing(a_child(community), helper, director)


def test_nothing_is_agreed_before_guardian_and_child_were_heard(community, director, helper):
    proposal = a_proposal(a_child(community), helper, director)
    with pytest.raises(Refused, match="consent and what the child says"):
        proposal.agree(by=director)
    heard(proposal, director, guardian="李红", guardian_agreed_on=days(-2)).agree(by=director)
    proposal.refresh_from_db()
    assert (proposal.guardian_agreed, proposal.guardian_agreed_on, proposal.child_opinion) == (
        "李红",
        days(-2),
        "agrees",
    )
    with pytest.raises(Refused, match="before the card"):
        heard(proposal, director)


def test_a_child_that_does_not_want_the_helper_is_heeded(community, director, helper):
    proposal = a_proposal(a_child(community), helper, director)
    with pytest.raises(Refused, match="what the child said"):
        heard(proposal, director, opinion="against")
    heard(proposal, director, opinion="against", words="不认识她")
    with pytest.raises(Refused, match="does not want"):
        proposal.agree(by=director)
    proposal.end(reason="family_wish", by=director)
    assert proposal.status == "ended"


@pytest.mark.parametrize(("years", "allowed"), [(7, True), (9, False)])
def test_only_a_small_child_is_too_young_to_say(community, director, helper, years, allowed):
    proposal = a_proposal(a_child(community, birth_date=born(years)), helper, director)
    if allowed:
        heard(proposal, director, opinion="too_young", words="拉着手").agree(by=director)
    else:
        with pytest.raises(Refused, match="age of 8"):
            heard(proposal, director, opinion="too_young", words="拉着手")


def test_while_it_rests_the_helper_sees_and_owes_nothing_and_keeps_the_place(pairing, helper, director, portal):
    address = reverse("portal:child", args=[pairing.child_id])
    assert portal.get(address).status_code == 200
    pairing.pause(reason="helper_ill", by=director)
    assert portal.get(address).status_code == 404
    mine = portal.get(reverse("portal:children")).content.decode()
    assert "Your pairing is paused" in mine and "looking for a child" not in mine and "小雨" not in mine
    assert not helper.pairings.current().exists()
    assert (pairing.status, pairing.next_due_on, pairing.missing) == ("paused", None, [])
    assert {d.excuse for d in pairing.duties.all()} == {"paused"}
    assert not Duty.objects.overdue_on(days(90)).exists()
    assert Volunteer.objects.with_places().get(pk=helper.pk).children_now == 1
    with pytest.raises(Refused, match="already has such a helper"):
        a_pairing(pairing.child, a_helper(pairing.community, director, name="赵敏"), director)


def test_it_goes_on_with_the_days_it_lost(pairing, director):
    before = {d.kind: d.due_on for d in pairing.duties.all()}
    Duty.objects.update(due_on=days(20))
    pairing.pause(reason="child_away", by=director)
    with at(10):
        pairing.resume(by=director)
        today = timezone.localdate()
        assert {d.due_on for d in pairing.duties.all()} == {today + dt.timedelta(days=20)}
        assert not pairing.duties.exclude(excused_on=None).exists()
        assert (pairing.status, len(pairing.missing)) == ("active", len(before))
        pause = pairing.pauses.get()
        assert days_within(pause, today - dt.timedelta(days=4), today) == 4
        assert days_within(pause, today - dt.timedelta(days=40), today) == 10
        assert pause.resumed_on == today


def test_staff_are_told_once_the_planned_day_has_come(community, sister_community, pairing, director):
    elsewhere = a_pairing(a_child(sister_community, name="别处"), a_helper(sister_community, director), director)
    for paused in (pairing, elsewhere):
        paused.pause(reason="helper_away", until=days(5), by=director)
    due, scope = get("pairings_to_resume").rows, Scope.of(community.pk)
    assert not due(scope, Period.day(days(4)))
    assert list(due(scope, Period.day(days(5)))) == [pairing]
    with at(6):
        pairing.resume(by=director)
    assert not due(scope, Period.day(days(6)))
    assert list(due(scope, Period.day(days(5)))) == [pairing], "what was so on a day stays so"


def test_what_the_pause_took_whole_stays_excused(pairing, director):
    Duty.objects.filter(kind="visit").update(due_on=days(2), opens_on=days(1))
    Duty.objects.filter(kind="talk").update(due_on=days(-1))
    pairing.pause(reason="helper_away", until=days(30), by=director)
    assert [d.kind for d in Duty.objects.overdue_on(days(0))] == ["talk"]  # it was late before
    with at(61):  # the term is over
        pairing.resume(by=director)
        assert not pairing.duties.filter(excused_on=None).exclude(kind="talk").exists()
        assert [d.kind for d in Duty.objects.overdue_on(timezone.localdate())] == ["talk"]


def test_it_does_not_go_on_without_a_valid_check_nor_after_its_last_day(community, director, helper):
    pairing = a_pairing(a_child(community), helper, director, ends_on=days(5))
    pairing.pause(reason="check", by=director)
    with pytest.raises(Refused, match="paused"):
        pairing.activate(by=director)
    with at(6), pytest.raises(Refused, match="last day"):
        pairing.resume(by=director)
    helper.record_check(checked_on=days(0), result="not_clear", by=director)
    with pytest.raises(Refused, match="record check"):
        pairing.resume(by=director)


def test_a_pairing_that_rests_can_end(pairing, director):
    pairing.pause(reason="helper_ill", by=director)
    pairing.end(reason="helper_left", seen=[], by=director)
    assert pairing.pauses.get().resumed_on == days(0)


def test_it_does_not_end_past_a_concern_that_nobody_looked_at(pairing, director):
    concern = Concern.raise_for(pairing.child, by=director)
    with pytest.raises(Refused, match="still open"):
        pairing.end(seen=[], by=director)
    another = Concern.raise_for(pairing.child, by=director)
    with pytest.raises(Refused, match="still open"):
        pairing.end(seen=[concern.pk], by=director)
    pairing.end(seen=[concern.pk, another.pk], by=director)


def test_the_refusal_tells_nothing_to_whom_may_not_know(pairing, director, make_user, community):
    stranger_to_concerns = make_user("volunteer", community, "reader")
    words = []
    for _ in range(2):
        with pytest.raises(Refused) as refusal:
            pairing.end(seen=[], by=stranger_to_concerns)
        words.append(refusal.value.message)
        Concern.raise_for(pairing.child, by=director)
    assert words[0] == words[1]
    pairing.refresh_from_db()
    assert pairing.status == "active"


def test_staff_hear_pause_and_end_on_the_page(signed_in, community, director, helper):
    staff = signed_in(director)
    child = a_child(community)
    consents(child)
    pairing = a_proposal(child, helper, director)

    def act(name, **answers):
        values = {"action": name, "_selected_action": [pairing.pk], "from_row": "1", "apply": "1", **answers}
        return staff.post(reverse("admin:volunteers_pairing_changelist"), values, follow=True).content.decode()

    act("hear", guardian="李红", guardian_agreed_on=days(0), opinion="conditions", words="想周末见")
    assert "想周末见" in act("agree", card_signed_on=days(0))
    act("activate", starts_on=days(0))
    assert "helper is ill" in act("pause", reason="helper_ill")
    act("resume")
    concern = Concern.raise_for(child, by=director)
    assert "still open" in act("end", reason="other")
    act("end", reason="other", seen=[concern.pk])
    assert Pairing.objects.get(pk=pairing.pk).status == "ended"


def test_what_runs_out_past_an_open_concern_waits_for_a_person(community, director, helper):
    pairing = a_pairing(a_child(community), helper, director, ends_on=days(2))
    concern = Concern.raise_for(pairing.child, by=director)
    with at(3):
        end_what_has_run_out()
        pairing.refresh_from_db()
        assert pairing.status == "active"
        assert not helper.pairings.current().exists()
        pairing.end(seen=[concern.pk], by=director)
        assert (pairing.status, pairing.ends_on) == ("ended", timezone.localdate() - dt.timedelta(days=1))
