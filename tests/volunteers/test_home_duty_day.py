"""On duty at a Home: who came and when; hours and totals that count once."""

import datetime as dt
from functools import partial

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from records.lifecycle import Refused
from tests.activities.factories import make_activity
from tests.volunteers.factories import a_helper, a_paired_child
from tests.volunteers.home_duty_world import MONDAY, T, a_team, at, token
from volunteers import contacts, home_roster, hours
from volunteers.models import Certificate, HomeDay, HomeDuty
from volunteers.teams import totals_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


# On the day -----------------------------------------------------------------------------------------------------------


def test_the_helper_checks_in_and_out_by_the_clock(slot, helper, director, signed_in):
    duty = home_roster.put_on(slot, helper, by=director)
    with time_machine.travel(at(slot.day, 14, 59), tick=False):
        with pytest.raises(Refused, match="from an hour before"):
            duty.check_in(by=helper.user)
    with time_machine.travel(at(slot.day, 15, 30), tick=False):
        portal = signed_in(helper.user)
        page = portal.get(reverse("portal:home"))
        portal.post(reverse("portal:home_check_in", args=[duty.pk]), token(page))
    duty.refresh_from_db()
    assert (duty.status, duty.came_at, duty.went_at) == ("came", T(16), None)
    assert hours.between(helper, slot.day, slot.day) == hours.Worked()
    with time_machine.travel(at(slot.day, 18, 40), tick=False):
        portal = signed_in(helper.user)
        page = portal.get(reverse("portal:home"))
        assert "I go now" in page.content.decode()
        portal.post(reverse("portal:home_check_out", args=[duty.pk]), token(page))
    duty.refresh_from_db()
    assert duty.went_at == T(18)
    assert hours.between(helper, slot.day, slot.day) == hours.Worked(shifts=1, minutes=120)
    with time_machine.travel(at(slot.day + dt.timedelta(days=1), 9), tick=False):
        page = signed_in(helper.user).get(reverse("portal:home")).content.decode()
        assert "16:00–18:00" in page
        assert "I go now" not in page


def test_staff_tick_who_came_with_times_and_who_did_not(slot, helper, community, director, signed_in):
    absent = home_roster.put_on(slot, a_helper(community, director, name="赵敏"), by=director)
    duty = home_roster.put_on(slot, helper, by=director)
    with pytest.raises(Refused, match="has not come yet"):
        duty.tick(came_at=T(16), went_at=T(18), by=director)
    with time_machine.travel(at(slot.day, 19), tick=False):
        client = signed_in(director)
        page = client.get(reverse("home_duty:day", args=[slot.pk]))
        sent = {**token(page), "came_at": "16:10", "went_at": "18:05"}
        client.post(reverse("home_duty:tick", args=[duty.pk]), sent)
        page = client.get(reverse("home_duty:day", args=[slot.pk]))
        client.post(reverse("home_duty:absent", args=[absent.pk]), token(page))
        page = client.get(reverse("home_duty:day", args=[slot.pk])).content.decode()
        assert "16:10–18:05" in page
        assert "did not come" in page
        sent = {**token(client.get(reverse("home_duty:day", args=[slot.pk]))), "came_at": "18:01", "went_at": "16:02"}
        refused = client.post(reverse("home_duty:tick", args=[duty.pk]), sent).content.decode()
        assert "went after coming" in refused
        assert 'value="18:01"' in refused  # what was typed is still there
        assert 'value="16:02"' in refused
        with pytest.raises(Refused, match="Nobody notes their own hours"):
            duty.tick(came_at=T(16), went_at=T(18), by=helper.user)
    assert hours.between(helper, slot.day, slot.day) == hours.Worked(shifts=1, minutes=115)


def test_nothing_about_a_duty_that_is_over_is_swapped(slot, helper, community, director, portal):
    """From its last minute on: who was there is noted then, and no longer moved about."""
    duty = home_roster.put_on(slot, helper, by=director)
    other = a_helper(community, director, name="赵敏")
    with time_machine.travel(at(slot.day, 18), tick=False):
        swaps = [duty.say_cannot, duty.take_off, partial(home_roster.take_over, slot, other)]
        for act in [*swaps, partial(slot.call_off, reason="停电")]:
            with pytest.raises(Refused, match="This duty is over"):
                act(by=director)
        duty.was_absent(by=director)
        late = home_roster.put_on(slot, other, by=director)  # came unasked, and has hours
        late.tick(came_at=T(16, 30), went_at=T(18), by=director)
    assert hours.between(other, slot.day, slot.day).minutes == 90


def test_no_time_to_come_is_noted(slot, helper, director):
    duty = home_roster.put_on(slot, helper, by=director)
    with time_machine.travel(at(slot.day, 15, 59), tick=False):
        with pytest.raises(Refused, match="has not begun yet"):
            duty.was_absent(by=director)
    with time_machine.travel(at(slot.day, 17), tick=False):
        with pytest.raises(Refused, match="This time has not come yet"):
            duty.tick(came_at=T(16), went_at=T(17, 1), by=director)
        duty.tick(came_at=T(16), went_at=T(17), by=director)


def test_what_was_read_before_is_read_again_before_it_is_decided_on(slot, helper, community, director):
    """Two pages with the same duty open; the second decides on what the first has done."""
    first = home_roster.put_on(slot, helper, by=director)
    second = HomeDuty.objects.select_related("slot", "volunteer").get(pk=first.pk)
    with time_machine.travel(at(slot.day, 16), tick=False):
        first.check_in(by=helper.user)
    with time_machine.travel(at(slot.day, 17), tick=False):
        second.check_out(by=helper.user)  # its page did not know yet that the helper had come
    with time_machine.travel(at(slot.day, 17, 30), tick=False):
        with pytest.raises(Refused, match="its end is on file"):
            first.check_out(by=helper.user)
    assert HomeDuty.objects.get().went_at == T(17)
    third = home_roster.put_on(slot, a_helper(community, director, name="赵敏"), by=director)
    HomeDay.objects.update(off_reason="停电")
    with time_machine.travel(at(slot.day, 17), tick=False):
        for act in (third.check_in, partial(third.tick, came_at=T(16), went_at=T(17))):
            with pytest.raises(Refused, match="停电"):
                act(by=director)


def test_who_loses_the_clearance_while_a_page_is_open_does_not_check_in(slot, helper, director):
    duty = home_roster.put_on(slot, helper, by=director)
    helper.record_check(checked_on=MONDAY, result="not_clear", by=director)
    with time_machine.travel(at(slot.day, 16), tick=False):
        with pytest.raises(Refused, match="from an hour before"):
            duty.check_in(by=helper.user)


def test_one_duty_that_changed_meanwhile_keeps_nobody_else_on_the_roster(
    slot, helper, community, director, monkeypatch
):
    other = a_helper(community, director, name="赵敏")
    duties = [home_roster.put_on(slot, one, by=director) for one in (helper, other)]
    for one in (helper, other):
        one.record_check(checked_on=MONDAY, result="not_clear", by=director)
    hold = HomeDuty._hold

    def given_back_meanwhile(duty):
        HomeDuty.objects.filter(pk=duties[0].pk).update(status="cannot")
        hold(duty)

    monkeypatch.setattr(HomeDuty, "_hold", given_back_meanwhile)
    assert home_roster.fall_off(MONDAY) == 1
    assert list(HomeDuty.objects.order_by("pk").values_list("status", flat=True)) == ["cannot", "off"]


def test_an_hour_counts_once(slot, helper, community, director, term):
    """A contact at the Home lies within the duty; one elsewhere does not; what is longer counts beside it."""
    pairing = a_paired_child(community, helper, director).pairings.get()
    duty = home_roster.put_on(slot, helper, by=director)
    with time_machine.travel(at(slot.day, 20), tick=False):
        duty.tick(came_at=T(16), went_at=T(18), by=director)
        facts = {"pairings": [pairing], "kinds": [], "made_on": slot.day, "by": director}
        contacts.log(helper, **facts, place="childrens_home", minutes=30)
        assert hours.between(helper, slot.day, slot.day) == hours.Worked(1, 0, 1, 120)
        contacts.log(helper, **facts, place="phone", minutes=20)
        assert hours.between(helper, slot.day, slot.day) == hours.Worked(2, 0, 1, 140)
        contacts.log(helper, **facts, place="childrens_home", minutes=100)
        assert hours.between(helper, slot.day, slot.day) == hours.Worked(3, 0, 1, 150)
        before = slot.day - dt.timedelta(days=1)
        contacts.log(helper, **{**facts, "made_on": before}, place="childrens_home", minutes=30)
        assert hours.between(helper, before, before) == hours.Worked(1, 0, 0, 30)
        certificate = Certificate.ask(helper, from_day=before, until_day=slot.day, by=helper.user)
        certificate.issue(by=director)
    assert (certificate.contacts, certificate.shifts, certificate.minutes) == (4, 1, 180)


def test_duty_contact_and_an_activity_led_at_the_same_time_are_one_stretch(slot, helper, community, director, term):
    """Duty from 16 to 18, an activity led there from 17 to 19, and two and a half hours with the own child."""
    pairing = a_paired_child(community, helper, director).pairings.get()
    duty = home_roster.put_on(slot, helper, by=director)
    club = make_activity(community, director)
    type(club).objects.filter(pk=club.pk).update(helper=helper, leader=None)
    with time_machine.travel(at(slot.day, 20), tick=False):
        duty.tick(came_at=T(16), went_at=T(18), by=director)
        held = {"day": slot.day, "starts_at": T(17), "ends_at": T(19), "record": "放风筝", "others_present": 4}
        club.sessions.update(**held, recorded_at=timezone.now(), recorded_by=director)
        assert hours.between(helper, slot.day, slot.day) == hours.Worked(0, 1, 1, 180)
        facts = {"pairings": [pairing], "kinds": [], "made_on": slot.day, "by": director}
        contacts.log(helper, **facts, place="childrens_home", minutes=150)
        assert hours.between(helper, slot.day, slot.day) == hours.Worked(1, 1, 1, 180)


def test_a_try_that_reached_nobody_is_no_contact_on_a_certificate(helper, community, director, term):
    """The way there took its time all the same."""
    pairing = a_paired_child(community, helper, director).pairings.get()
    facts = {"pairings": [pairing], "kinds": ["visit"], "made_on": MONDAY, "by": director}
    contacts.log(helper, **facts, met=["nobody"], minutes=30)
    contacts.log(helper, **facts, met=["child"], minutes=60)
    certificate = Certificate.ask(helper, from_day=MONDAY, until_day=MONDAY, by=helper.user)
    certificate.issue(by=director)
    assert (certificate.contacts, certificate.minutes) == (1, 90)


def test_stretches_that_overlap_are_one():
    assert hours._together([(T(9), T(10)), (T(9, 30), T(11)), (T(13), T(14)), (T(13, 10), T(13, 20))]) == 180
    assert hours._together([]) == 0


def test_a_teams_totals_are_exact(slot, helper, community, director, term):
    """Members of today, each from the day of joining; who left or is in another team counts for nothing."""
    pairing = a_paired_child(community, helper, director).pairings.get()
    mate, gone = (a_helper(community, director, name=name) for name in ("赵敏", "周刚"))
    contacts.log(helper, pairings=[pairing], kinds=[], made_on=MONDAY - dt.timedelta(days=3), minutes=45, by=director)
    team = a_team(community, director, helper, mate, gone)
    for one in (helper, mate, gone):
        home_roster.put_on(slot, one, by=director)
    contacts.log(helper, pairings=[pairing], kinds=["talk"], made_on=MONDAY, minutes=50, by=director)
    with time_machine.travel(at(slot.day, 20), tick=False):
        for duty in HomeDuty.objects.all():
            duty.tick(came_at=T(16), went_at=T(17, 30), by=director)
        team.let_go(gone, by=director)
        assert totals_of(team) == {
            **{"children": 1, "owed": 5, "done": 1, "contacts": 1, "sessions": 0, "shifts": 2},
            "hours": (50 + 90 + 90) // 30 / 2,
        }
    empty = a_team(community, director, name="新队")
    assert totals_of(empty) == dict.fromkeys(["children", "owed", "done", "contacts", "sessions", "shifts", "hours"], 0)
