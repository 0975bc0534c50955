"""Duty rosters at a Children's Home: made from shifts, within hours and holidays; only the cleared; hours once."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from communities.models import ClosedDay
from homes.models.opening import hours_of, set_hours
from records.lifecycle import Refused
from records.measures import Period, get
from records.scoping import Scope
from records.trail import TrailEntry
from tests.children.pages import filled
from tests.homes.factories import make_home
from tests.records.threads import at_once
from tests.volunteers.factories import a_helper
from tests.volunteers.home_duty_world import MONDAY, T, a_team, at, manned, token
from volunteers import home_roster
from volunteers.models import HomeDay, HomeDuty, HomeShift

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


# Shifts and opening hours ---------------------------------------------------------------------------------------------


def test_a_shift_lies_within_the_opening_hours(home, director):
    set_hours(home, {2: (T(15), T(18)), 5: (T(9), T(12))}, by=director)
    assert hours_of(home) == {2: (T(15), T(18)), 5: (T(9), T(12))}
    for weekday, starts, ends, words in [
        (0, T(16), T(18), "The Home is closed on this day of the week: Monday."),
        (2, T(14), T(16), "The Home is open from 15:00–18:00 on this day: Wednesday."),
        (2, T(16), T(19), "The Home is open from 15:00–18:00 on this day: Wednesday."),
        (2, T(18), T(16), "A shift ends after it begins."),
    ]:
        with pytest.raises(Refused, match=words):
            HomeShift.plan(home, weekday=weekday, starts_at=starts, ends_at=ends, needed=1, by=director)
    HomeShift.plan(home, weekday=2, starts_at=T(15), ends_at=T(18), needed=1, by=director)
    with pytest.raises(Refused, match="begins at this time already"):
        HomeShift.plan(home, weekday=2, starts_at=T(15), ends_at=T(16), needed=1, by=director)


def test_hours_are_set_on_one_page_and_half_a_day_is_refused(home, director, signed_in):
    client = signed_in(director)
    url = reverse("homes:opening", args=[home.pk])
    answer = client.post(url, filled(client.get(url), **{"day1-opens_at": "15:00"}))
    assert "Give both hours" in answer.content.decode()
    assert hours_of(home) == {}
    answer = client.post(url, filled(answer, **{"day1-closes_at": "18:30"}))
    assert answer.url == home.get_absolute_url()
    assert hours_of(home) == {1: (T(15), T(18, 30))}
    assert "15:00–18:30" in client.get(answer.url).content.decode()


def test_the_second_to_set_hours_sees_what_the_first_set(home, director, signed_in):
    client, url = signed_in(director), reverse("homes:opening", args=[home.pk])
    drawn = client.get(url)
    hours = {"day1-opens_at": "15:00", "day1-closes_at": "18:30"}
    client.post(url, filled(drawn, **hours))
    mine = {"day2-opens_at": "09:00", "day2-closes_at": "12:00"}
    answer = client.post(url, {**filled(drawn, **mine), **token(client.get(url))})
    page = answer.content.decode()
    assert "Somebody else saved this while you had it open" in page
    assert "Stored now: 15:00–18:30" in page
    assert "Stored now: nothing." in page
    assert hours_of(home) == {1: (T(15), T(18, 30))}
    client.post(url, filled(answer, **hours))
    assert hours_of(home) == {1: (T(15), T(18, 30)), 2: (T(9), T(12))}


def test_shifts_outside_new_hours_are_left_out_of_the_roster(home, shift, director, signed_in):
    """The hours changed after the shift was planned; staff see which shift it is."""
    HomeShift.plan(home, weekday=3, starts_at=T(16), ends_at=T(18), needed=1, by=director)
    set_hours(home, {2: (T(15), T(17)), 3: (T(15), T(18))}, by=director)
    client = signed_in(director)
    page = client.get(reverse("home_duty:week", args=[home.pk]))
    answer = client.post(reverse("home_duty:make", args=[home.pk]), filled(page), follow=True).content.decode()
    assert "1 duty is on the roster now." in answer
    assert "outside the opening hours are left out" in answer
    assert [day.shift_id == shift.pk for day in HomeDay.objects.all()] == [False]
    page = client.get(reverse("home_duty:shifts", args=[home.pk])).content.decode()
    assert page.count("outside the opening hours") == 1


# The roster -----------------------------------------------------------------------------------------------------------


def test_the_roster_is_made_from_the_shifts_without_holidays_and_never_twice(home, shift, district, director):
    HomeShift.plan(home, weekday=5, starts_at=T(9), ends_at=T(11), needed=1, by=director)
    ClosedDay.objects.create(district=district, day=MONDAY + dt.timedelta(days=9), name="校庆")
    ClosedDay.objects.create(district=district, day=MONDAY + dt.timedelta(days=5), name="调休上班", is_worked=True)
    month = {"first": MONDAY, "last": MONDAY + dt.timedelta(days=27)}
    assert home_roster.make_roster(home, **month, by=director) == 7
    days = sorted(HomeDay.objects.values_list("day", flat=True))
    assert days == [MONDAY + dt.timedelta(days=n) for n in (2, 5, 12, 16, 19, 23, 26)]
    assert home_roster.make_roster(home, **month, by=director) == 0
    shift.give_up(by=director)
    later = {"first": MONDAY + dt.timedelta(days=28), "last": MONDAY + dt.timedelta(days=34)}
    assert home_roster.make_roster(home, **later, by=director) == 1
    with pytest.raises(Refused, match="from today on"):
        home_roster.make_roster(home, first=MONDAY - dt.timedelta(days=1), last=MONDAY, by=director)


def test_who_was_there_the_last_time_is_put_on_again_unless_the_checks_end(home, slot, helper, community, director):
    other = a_helper(community, director, name="赵敏")
    for one in (helper, other):
        home_roster.put_on(slot, one, by=director)
    other.record_check(checked_on=MONDAY, valid_until=MONDAY + dt.timedelta(days=5), by=director)
    following = {"first": MONDAY + dt.timedelta(days=7), "last": MONDAY + dt.timedelta(days=20)}
    home_roster.make_roster(home, **following, again=True, by=director)
    on = HomeDuty.objects.filter(day__gt=slot.day).values_list("day", "volunteer")
    assert sorted(on) == [(slot.day + dt.timedelta(days=7 * n), helper.pk) for n in (1, 2)]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda h, d: h.record_check(checked_on=MONDAY, result="not_clear", by=d), "renew it first"),
        (lambda h, d: h.record_check(checked_on=MONDAY, valid_until=MONDAY, by=d), "renew it first"),
        (lambda h, d: h.leave(by=d), "is not in service"),
    ],
)
def test_only_the_cleared_are_put_on(slot, helper, director, change, words):
    change(helper, director)
    with pytest.raises(Refused, match=words):
        home_roster.put_on(slot, helper, by=director)
    assert not HomeDuty.objects.exists()


def test_nobody_stands_in_two_places_at_once(home, slot, helper, director):
    home_roster.put_on(slot, helper, by=director)
    HomeShift.plan(home, weekday=2, starts_at=T(17), ends_at=T(19), needed=1, by=director)
    HomeShift.plan(home, weekday=2, starts_at=T(18), ends_at=T(19), needed=1, by=director)
    home_roster.make_roster(home, first=MONDAY, last=slot.day, by=director)
    overlapping, following = HomeDay.objects.exclude(pk=slot.pk).order_by("starts_at")
    with pytest.raises(Refused, match="on duty at that time already"):
        home_roster.put_on(overlapping, helper, by=director)
    assert home_roster.put_on(following, helper, by=director).status == "on"


def test_who_was_missed_is_not_put_on_the_same_duty_again(slot, helper, community, director, signed_in):
    """Whether they came after all is noted on the duty that stands there."""
    mate = a_helper(community, director, name="赵敏")
    team = a_team(community, director, helper, mate)
    duty = home_roster.put_on(slot, helper, by=director)
    with time_machine.travel(at(slot.day, 16, 20), tick=False):
        duty.was_absent(by=director)
        for act in (home_roster.put_on, home_roster.take_over):
            with pytest.raises(Refused, match="did not come on this duty"):
                act(slot, helper, by=director)
        assert home_roster.free_places(helper) == []
        portal = signed_in(helper.user)
        sent = token(portal.get(reverse("portal:me")))
        answer = portal.post(reverse("portal:home_take", args=[slot.pk]), sent, follow=True)
        assert "The office can correct that" in answer.content.decode()
        put, words = home_roster.put_team_on(slot, team, by=director)
        assert [duty.volunteer for duty in put] == [mate]
        assert len(words) == 1
        duty.refresh_from_db()
        duty.tick(came_at=T(16, 15), went_at=T(16, 20), by=director)
    assert HomeDuty.objects.count() == 2


def test_a_helper_of_another_community_is_not_put_on(slot, director, far_community):
    theirs = a_helper(far_community, director, name="远方")
    with pytest.raises(Refused, match="different communities"):
        home_roster.put_on(slot, theirs, by=director)


def test_a_whole_team_is_put_on_but_for_those_who_cannot(slot, community, director):
    ready = [a_helper(community, director, name=name) for name in ("甲同学", "乙同学", "丙同学")]
    lacking = a_helper(community, director, name="丁同学", checked=False)
    team = a_team(community, director, *ready, lacking, kind="class", school_class="高一3班")
    put, words = home_roster.put_team_on(slot, team, by=director)
    assert sorted(duty.volunteer.name for duty in put) == sorted(helper.name for helper in ready)
    assert {duty.team for duty in put} == {team}
    assert len(words) == 1
    assert "丁同学" in words[0]
    with pytest.raises(Refused, match="Nobody of this team"):
        home_roster.put_team_on(slot, team, by=director)


# Gaps, swaps and falling off ------------------------------------------------------------------------------------------


def gaps(community, day=MONDAY):
    return get("home_duties_short").count(Scope.of(community.pk), Period.day(day))


def test_gaps_are_counted_on_the_start_page(slot, helper, community, sister_community, director, signed_in):
    assert (gaps(community), gaps(sister_community)) == (1, 0)
    home_roster.put_on(slot, helper, by=director)
    assert gaps(community) == 1
    home_roster.put_on(slot, a_helper(community, director, name="赵敏"), by=director)
    assert gaps(community) == 0
    HomeDuty.objects.first().say_cannot(by=director)
    assert gaps(community) == 1
    assert "Duties at the Home with somebody missing" in signed_in(director).get("/admin/").content.decode()
    slot.call_off(reason="停电", by=director)
    assert gaps(community) == 0


def test_a_closed_home_owes_no_duty(slot, helper, community, director, signed_in, portal):
    """What stands on its roster after the last day neither waits for anybody nor keeps a helper from another place."""
    duty = home_roster.put_on(slot, helper, by=director)
    other = a_helper(community, director, name="赵敏")
    slot.home.close(by=director, on=slot.day)
    assert gaps(community) == 0
    assert home_roster.free_places(other) == []
    assert "16:00–18:00" not in portal.get(reverse("portal:due")).content.decode()
    page = portal.get(reverse("portal:home")).content.decode()
    assert "This Home is closed." in page
    assert "I cannot come" not in page
    for act in (home_roster.put_on, home_roster.take_over):
        with pytest.raises(Refused, match="does not take place: This Home is closed"):
            act(slot, other, by=director)
    page = signed_in(director).get(reverse("home_duty:week", args=[slot.home_id])).content.decode()
    assert "does not take place" in page
    new = make_home(community)
    HomeShift.plan(new, weekday=2, starts_at=T(16), ends_at=T(18), needed=1, by=director)
    home_roster.make_roster(new, first=MONDAY, last=slot.day, by=director)
    assert home_roster.put_on(HomeDay.objects.get(home=new), helper, by=director).status == "on"
    with time_machine.travel(at(slot.day, 17), tick=False):
        duty.refresh_from_db()
        assert not duty.may_check_in
        with pytest.raises(Refused, match="does not take place"):
            duty.tick(came_at=T(16), went_at=T(17), by=director)


def test_a_home_that_closes_later_keeps_its_days_until_then(slot, community, director):
    slot.home.close(by=director, on=slot.day + dt.timedelta(days=1))
    assert gaps(community) == 1


def test_who_cannot_come_gives_the_place_back_and_one_of_the_team_takes_over(slot, helper, community, director, portal):
    mate = a_helper(community, director, name="赵敏")
    team = a_team(community, director, helper, mate)
    home_roster.put_on(slot, a_helper(community, director, name="周刚"), by=director)
    other_gone = HomeDuty.objects.get()
    other_gone.say_cannot(by=director)
    HomeDuty.objects.create(
        slot=slot, volunteer=helper, day=slot.day, team=team, community_id=community.pk, district=community.pk[:6]
    )
    mine = HomeDuty.objects.get(volunteer=helper)
    page = portal.get(reverse("portal:home"))
    answer = portal.post(
        reverse("portal:home_cannot", args=[mine.pk]), {**token(page), "reason": "孩子发烧"}, follow=True
    )
    assert "somebody is needed" in answer.content.decode()
    mine.refresh_from_db()
    assert (mine.status, mine.reason, manned(slot)) == ("cannot", "孩子发烧", 0)
    duty = home_roster.take_over(slot, mate, by=director)
    assert (duty.stands_in_for, duty.status) == (mine, "on")
    assert (
        home_roster.take_over(slot, a_helper(community, director, name="李想"), by=director).stands_in_for == other_gone
    )
    with pytest.raises(Refused, match="Somebody else has taken this place"):
        home_roster.take_over(slot, a_helper(community, director, name="孙平"), by=director)


def test_a_helper_takes_a_free_place_in_the_portal(slot, helper, director, portal):
    page = portal.get(reverse("portal:home"))
    assert "Somebody is needed" in page.content.decode()
    url = reverse("portal:home_take", args=[slot.pk])
    sent = token(page)
    for _click in range(2):
        portal.post(url, sent)
    duty = HomeDuty.objects.get()
    assert (duty.volunteer, duty.status, duty.stands_in_for) == (helper, "on", None)
    page = portal.get(reverse("portal:home")).content.decode()
    assert "Somebody is needed" not in page
    assert "25 November 2026" in page or "Nov. 25, 2026" in page
    assert "16:00–18:00" in portal.get(reverse("portal:due")).content.decode() or "16:00–18:00" in page


def test_another_communitys_places_and_another_helpers_duties_do_not_exist(
    slot, helper, director, portal, far_community
):
    far_home = make_home(far_community)
    HomeShift.plan(far_home, weekday=2, starts_at=T(9), ends_at=T(10), needed=1, by=director)
    home_roster.make_roster(far_home, first=MONDAY, last=slot.day, by=director)
    far_slot = HomeDay.objects.get(home=far_home)
    theirs = home_roster.put_on(far_slot, a_helper(far_community, director, name="远方"), by=director)
    sent = token(portal.get(reverse("portal:home")))
    assert portal.post(reverse("portal:home_take", args=[far_slot.pk]), sent).status_code == 404
    for name in ("home_cannot", "home_check_in", "home_check_out"):
        answers = [portal.post(reverse(f"portal:{name}", args=[pk]), sent) for pk in (theirs.pk, 987654)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].content == answers[1].content
    theirs.refresh_from_db()
    assert theirs.status == "on"


def test_whose_checks_end_falls_off_and_staff_see_nobody_on_duty(slot, helper, community, director, signed_in):
    duty = home_roster.put_on(slot, helper, by=director)
    helper.record_check(checked_on=MONDAY, valid_until=MONDAY, by=director)
    assert (manned(slot), gaps(community)) == (0, 1)
    page = signed_in(director).get(reverse("home_duty:week", args=[slot.home_id])).content.decode()
    assert "nobody on duty" in page
    assert "checks do not reach this day" in page
    assert home_roster.fall_off(MONDAY) == 0
    with time_machine.travel(at(MONDAY + dt.timedelta(days=1), 0), tick=False):
        assert home_roster.fall_off(timezone.localdate()) == 1
        assert home_roster.fall_off(timezone.localdate()) == 0
    duty.refresh_from_db()
    assert duty.status == "off"
    entry = TrailEntry.objects.about(duty).order_by("pk").last()
    assert (entry.actor, entry.verb) == (None, "took off the roster")


@pytest.mark.django_db(transaction=True)
def test_the_last_place_is_taken_once(district, slot, community, director):
    HomeShift.objects.update(needed=1)
    HomeDay.objects.update(needed=1)
    helpers = [a_helper(community, director, name=name) for name in ("甲", "乙")]

    def attempt(helper):
        def act():
            try:
                home_roster.take_over(slot, helper, by=director)
            except Refused:
                return "refused"
            return "taken"

        return act

    assert sorted(at_once(*(attempt(helper) for helper in helpers))) == ["refused", "taken"]
    assert HomeDuty.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_duty_is_called_off_or_somebody_came_never_both(district, slot, helper, director):
    duty = home_roster.put_on(slot, helper, by=director)

    def attempt(act, **facts):
        def run():
            try:
                act(by=director, **facts)
            except Refused:
                return "refused"
            return "done"

        return run

    with time_machine.travel(at(slot.day, 16), tick=False):
        assert sorted(at_once(attempt(duty.check_in), attempt(slot.call_off, reason="停电"))) == ["done", "refused"]
    assert (HomeDuty.objects.get().status == "came") != (HomeDay.objects.get().off_reason == "停电")
