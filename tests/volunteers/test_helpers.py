import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from children.models import Concern
from records.lifecycle import Refused
from records.trail import TrailEntry
from tests.volunteers.factories import a_child, a_helper, a_pairing, a_proposal, asks, days
from volunteers.memberships import end_memberships_of_those_gone
from volunteers.models import CareGroup, GroupMember, RecordCheck, Team, Volunteer
from volunteers.models.record_check import months_after
from volunteers.terms import end_what_has_run_out

pytestmark = pytest.mark.django_db


def test_a_check_holds_one_year_and_opens_the_way(community, director):
    helper = a_helper(community, director, checked=False)
    assert not helper.is_cleared_on(days(0))
    helper.record_check(checked_on=days(-10), by=director)
    helper.refresh_from_db()
    assert helper.cleared_until == months_after(days(-10), 12)
    assert helper.is_cleared_on(helper.cleared_until)
    assert not helper.is_cleared_on(helper.cleared_until + dt.timedelta(days=1))


def test_the_latest_check_decides(community, director):
    helper = a_helper(community, director)
    helper.record_check(checked_on=days(-5), result="not_clear", by=director)
    helper.refresh_from_db()
    assert helper.cleared_until is None
    assert not Volunteer.objects.cleared_on(days(0)).exists()
    assert Volunteer.objects.cleared_on(days(-6)).get() == helper
    helper.record_check(checked_on=days(-50), by=director)  # found later, but older
    helper.refresh_from_db()
    assert helper.cleared_until is None


def test_nobody_records_their_own_check(helper, volunteer_user):
    with pytest.raises(Refused):
        helper.record_check(checked_on=days(0), by=volunteer_user)
    with pytest.raises(IntegrityError), transaction.atomic():
        RecordCheck.objects.create(
            volunteer=helper,
            of_user=volunteer_user,
            recorded_by=volunteer_user,
            community=helper.community,
            checked_on=days(0),
            valid_until=days(300),
        )


def test_who_recorded_a_check_cannot_become_that_helper(community, director):
    helper = a_helper(community, director)
    with pytest.raises(Refused):
        helper.give_account(director, by=director)


def test_a_check_in_the_future_is_refused(helper, director):
    with pytest.raises(Refused):
        helper.record_check(checked_on=days(1), by=director)


def test_a_helper_leaves_only_without_pairings(community, director, helper):
    pairing = a_proposal(a_child(community), helper, director)
    with pytest.raises(Refused):
        helper.leave(by=director)
    pairing.end(by=director)
    helper.leave(by=director)
    assert not Volunteer.objects.in_service_on(days(0)).exists()
    assert TrailEntry.objects.about(helper).filter(verb="left").count() == 1


def test_who_has_a_pairing_that_rests_does_not_leave_either(community, director, helper):
    pairing = a_pairing(a_child(community), helper, director)
    pairing.pause(reason="helper_ill", by=director)
    with pytest.raises(Refused, match="still has pairings"):
        helper.leave(by=director)
    pairing.end(reason="helper_left", by=director)
    helper.leave(by=director)
    assert a_pairing(pairing.child, a_helper(community, director, name="赵敏"), director).status == "active"


def _in_a_team_and_a_group(helper, community, director):
    team = Team.objects.create(community=community, name="晨光队")
    team.take_in(helper, by=director)
    team.be_led_by(helper, by=director)
    group = CareGroup.set_up(community, by=director)
    return team, group, group.take_in(role="young", volunteer=helper, by=director)


def _memberships(helper):
    return helper.memberships.filter(left_on=None).count(), helper.care_groups.filter(left_on=None).count()


def test_who_leaves_is_in_no_team_any_more_and_forgets_no_child(community, director, helper):
    team, group, member = _in_a_team_and_a_group(helper, community, director)
    line = group.assign(a_child(community), member, by=director)
    with pytest.raises(Refused, match="has an eye on a child"):
        helper.leave(by=director)
    assert _memberships(helper) == (1, 1)
    line.end(by=director)
    helper.leave(by=director)
    team.refresh_from_db()
    assert (_memberships(helper), team.leader) == ((0, 0), None)


def test_who_leaves_on_a_day_to_come_is_a_member_until_then(community, director, helper):
    team, group, member = _in_a_team_and_a_group(helper, community, director)
    helper.leave(on=days(10), by=director)
    member.refresh_from_db()
    with pytest.raises(Refused, match="leaves the service"):
        group.assign(a_child(community), GroupMember.objects.get(), by=director)
    assert (end_memberships_of_those_gone(), _memberships(helper)) == (0, (1, 1))
    with time_machine.travel(timezone.localtime() + dt.timedelta(days=10), tick=False):
        assert (end_memberships_of_those_gone(), _memberships(helper)) == (2, (0, 0))
        assert end_memberships_of_those_gone() == 0


@pytest.mark.usefixtures("this_term")
def test_what_was_begun_after_the_last_day_was_noted_ends_on_it(community, director, helper):
    """Between the day on which the leaving is noted and the last day of service a pairing can begin."""
    helper.leave(on=days(10), by=director)
    other = a_helper(community, director, name="赵敏", capacity=2)
    rests, asks, stays = (a_pairing(a_child(community), one, director) for one in (helper, helper, other))
    rests.pause(reason="helper_ill", by=director)
    concern = Concern.raise_for(asks.child, by=director)
    assert end_what_has_run_out() == 0
    with time_machine.travel(timezone.localtime() + dt.timedelta(days=10), tick=False):
        assert end_what_has_run_out() == 1
        for pairing in (rests, asks, stays):
            pairing.refresh_from_db()
        assert (rests.status, rests.end_reason) == ("ended", "helper_left")
        assert asks.status == "active", "a person ends it, who has looked at the concern"
        assert stays.status == "active"
        asks.end(reason="helper_left", seen=[concern.pk], by=director)
        again = a_pairing(rests.child, other, director, starts=0)
        assert again.status == "active"


def test_phone_and_id_number_are_unreadable_in_the_table(community, director):
    from django.db import connection

    helper = a_helper(community, director)
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, phone_last4 FROM volunteers_volunteer WHERE id = %s", [helper.pk])
        stored, last = cursor.fetchone()
    assert "15412345678" not in stored
    assert last == "5678"


def test_only_helpers_with_a_free_place_are_available(community, director, helper):
    assert helper in Volunteer.objects.available()
    without_check = a_helper(community, director, checked=False)
    assert without_check not in Volunteer.objects.available()


def test_a_leaving_noted_by_mistake_is_taken_back(district, director, helper, signed_in, portal):
    """Two helpers may have one name, and plans change before the day."""
    helper.leave(by=director)
    assert portal.get(reverse("portal:children")).status_code == 302
    asks(district, "training", from_day=days(-1))  # asked while the helper counts as gone
    desk = signed_in(director)
    page = reverse("admin:volunteers_volunteer_change", args=[helper.pk])
    assert "Did not leave after all" in desk.get(page).content.decode()
    chosen = {"action": "take_back_leaving", "_selected_action": helper.pk, "from_row": "1", "apply": "1"}
    desk.post(reverse("admin:volunteers_volunteer_changelist"), chosen)
    helper.refresh_from_db()
    assert (helper.left_on, helper.cleared_until) == (None, None)
    assert TrailEntry.objects.about(helper).filter(verb="took a leaving back").count() == 1
    helper.show("training", by=director)
    assert portal.get(reverse("portal:children")).status_code == 200
    assert "Did not leave after all" not in desk.get(page).content.decode()
    with pytest.raises(Refused, match="in service"):
        helper.take_back_leaving(by=director)
    helper.leave(on=days(10), by=director)
    helper.take_back_leaving(by=director)
    assert helper.left_on is None
