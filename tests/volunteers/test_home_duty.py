"""Duty rosters at a Children's Home: made from shifts, within hours and holidays; only the cleared; hours once."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communities.models import ClosedDay
from homes.models.opening import hours_of, set_hours
from records.lifecycle import Refused
from records.measures import Period, get
from records.scoping import Scope
from records.trail import TrailEntry
from tests.children.pages import filled, soup
from tests.homes.factories import make_home
from tests.records.threads import at_once
from tests.volunteers.factories import a_helper, a_paired_child, a_term
from volunteers import contacts, home_roster, hours
from volunteers.models import Certificate, HomeDay, HomeDuty, HomeShift, Team
from volunteers.teams import totals_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
MONDAY = dt.date(2026, 11, 23)
T = dt.time


def at(day, hour, minute=0):
    return dt.datetime.combine(day, T(hour, minute), tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def at_noon():
    with time_machine.travel(at(MONDAY, 12), tick=False):
        yield


@pytest.fixture
def term(district):
    return a_term()


@pytest.fixture
def home(community):
    return make_home(community)


@pytest.fixture
def shift(home, director):
    return HomeShift.plan(home, weekday=2, starts_at=T(16), ends_at=T(18), needed=2, by=director)


@pytest.fixture
def slot(home, shift, director):
    """Wednesday of this week, 16 to 18 o'clock, two needed."""
    home_roster.make_roster(home, first=MONDAY, last=MONDAY + dt.timedelta(days=6), by=director)
    return HomeDay.objects.get()


def a_team(community, director, *helpers, **details):
    team = Team.objects.create(community=community, **{"name": "春风队", **details})
    for helper in helpers:
        team.take_in(helper, by=director)
    return team


def manned(slot):
    return HomeDay.objects.with_manned().get(pk=slot.pk).manned


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
        refused = client.post(reverse("home_duty:tick", args=[duty.pk]), {"came_at": "18:00", "went_at": "16:00"})
        assert "went after coming" in client.get(refused.url).content.decode()
        with pytest.raises(Refused, match="Nobody notes their own hours"):
            duty.tick(came_at=T(16), went_at=T(18), by=helper.user)
    assert hours.between(helper, slot.day, slot.day) == hours.Worked(shifts=1, minutes=115)
    assert home_roster.manned_share(slot.home, MONDAY, slot.day) == (0, 1)


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


# Pages and paper ------------------------------------------------------------------------------------------------------


def test_staff_plan_make_and_put_on_by_the_pages(home, helper, director, signed_in):
    client = signed_in(director)
    assert client.get(reverse("home_duty:homes")).url == reverse("home_duty:week", args=[home.pk])
    assert "No shift is planned yet" in client.get(reverse("home_duty:week", args=[home.pk])).content.decode()
    url = reverse("home_duty:shifts", args=[home.pk])
    answer = client.post(
        url, filled(client.get(url), weekday="2", starts_at="16:00", ends_at="18:00", needed="1"), follow=True
    )
    assert "The shift is planned" in answer.content.decode()
    page = client.get(reverse("home_duty:week", args=[home.pk]))
    answer = client.post(reverse("home_duty:make", args=[home.pk]), filled(page), follow=True)
    assert "1 duty is on the roster now." in answer.content.decode()
    slot = HomeDay.objects.get()
    page = client.get(reverse("home_duty:day", args=[slot.pk]))
    answer = client.post(reverse("home_duty:put_on", args=[slot.pk]), {**token(page)}, follow=True)
    assert "Choose a helper or a team." in answer.content.decode()
    answer = client.post(
        reverse("home_duty:put_on", args=[slot.pk]), {**token(answer), "helper": str(helper.pk)}, follow=True
    )
    assert f"{helper.name} is on the roster." in answer.content.decode()
    assert "1 of 1" in answer.content.decode()


def test_the_week_sheet_names_helpers_and_no_child(slot, helper, community, director, signed_in, federation, term):
    a_paired_child(community, helper, director)
    home_roster.put_on(slot, helper, by=director)
    url = reverse("paper", args=["home_week", slot.home_id])
    page = signed_in(director).get(url, {"week": f"{slot.day}"}).content.decode()
    assert helper.name in page
    assert "小雨" not in page
    later = signed_in(director).get(url, {"week": "2026-12-07"}).content.decode()
    assert helper.name not in later
    assert signed_in(federation).get(url).status_code == 404


def test_the_list_of_a_class_team(community, director, signed_in):
    student = a_helper(community, director, name="吴小彤", kinds=["student"], school_class="集宁一中高一3班")
    team = a_team(community, director, student, kind="class", school_class="集宁一中高一3班", name="高一3班")
    page = signed_in(director).get(reverse("paper", args=["team_list", team.pk])).content.decode()
    assert "吴小彤" in page
    assert page.count("集宁一中高一3班") >= 2
    assert student.phone not in page
    page = signed_in(director).get(reverse("admin:volunteers_team_change", args=[team.pk])).content.decode()
    assert "0 activities, 0 duties" in page


def test_others_do_not_see_the_roster(slot, helper, director, signed_in, stranger, federation, supervisor, counsellor):
    duty = home_roster.put_on(slot, helper, by=director)
    week, day = reverse("home_duty:week", args=[slot.home_id]), reverse("home_duty:day", args=[slot.pk])
    for user in (stranger, federation, counsellor):
        assert signed_in(user).get(week).status_code == signed_in(user).get(day).status_code == 404
    assert helper.name in signed_in(supervisor).get(week).content.decode()
    assert signed_in(supervisor).post(reverse("home_duty:take_off", args=[duty.pk])).status_code == 404
    assert signed_in(supervisor).post(reverse("home_duty:shifts", args=[slot.home_id])).status_code == 404


@pytest.mark.parametrize("week", ["", "x", "9999-12-31", "0001-01-01", "2026-13-40"])
def test_junk_in_the_week_is_this_week(home, director, signed_in, week):
    assert signed_in(director).get(reverse("home_duty:week", args=[home.pk]), {"week": week}).status_code == 200


def test_a_week_costs_the_same_however_many_are_on(slot, community, director, signed_in):
    client, url = signed_in(director), reverse("home_duty:week", args=[slot.home_id])
    home_roster.put_on(slot, a_helper(community, director, name="甲"), by=director)
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for name in ("乙", "丙", "丁"):
        home_roster.put_on(slot, a_helper(community, director, name=name), by=director)
    with CaptureQueriesContext(connection) as four:
        client.get(url)
    assert len(one) == len(four)


def token(answer):
    """A fresh token of a form on the page."""
    return {"once_token": soup(answer).find("main").find("input", {"name": "once_token"})["value"]}


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
