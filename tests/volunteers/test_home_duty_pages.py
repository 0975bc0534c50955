"""Duty at a Home on pages and paper: what staff do there, who may see it, and what it costs."""

import datetime as dt
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communities.models import Posting
from records.measures import Period, get
from records.scoping import Scope
from tests.children.pages import filled, soup
from tests.homes.factories import make_home
from tests.volunteers.factories import a_helper, a_paired_child
from tests.volunteers.home_duty_world import MONDAY, T, a_team, at, token
from volunteers import home_roster, hours
from volunteers.models import HomeDay, HomeDuty, HomeShift

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


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


def test_the_sheet_shows_no_roster_that_the_page_would_not(slot, helper, director, district, far_community, signed_in):
    """Who sees the Homes of a district and keeps the roster of one of them."""
    Posting.objects.create(user=director, division=district, role="federation_officer", starts_on=MONDAY)
    far_home = make_home(far_community)
    client, keys = signed_in(director), f"{slot.home_id},{far_home.pk}"
    assert client.get(far_home.get_absolute_url()).status_code == 200
    assert client.get(reverse("home_duty:week", args=[far_home.pk])).status_code == 404
    assert client.get(reverse("home_duty:homes")).url == reverse("home_duty:week", args=[slot.home_id])
    assert client.get(reverse("paper", args=["home_week", far_home.pk])).status_code == 404
    assert client.get(reverse("papers", args=["home_week"]), {"keys": keys}).status_code == 404
    assert client.get(reverse("paper", args=["home_week", slot.home_id])).status_code == 200


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


@pytest.mark.parametrize("first", ["9999-12-31", "0001-01-01", "x"])
def test_a_roster_from_a_day_far_off_is_refused_in_words(shift, director, signed_in, first):
    client = signed_in(director)
    page = client.get(reverse("home_duty:week", args=[shift.home_id]))
    answer = client.post(reverse("home_duty:make", args=[shift.home_id]), filled(page, first=first))
    assert answer.status_code == 200
    assert "within 2 years" in answer.content.decode() or "Enter a valid date" in answer.content.decode()
    assert not HomeDay.objects.exists()


@pytest.mark.parametrize("week", ["", "x", "9999-12-31", "0001-01-01", "2026-13-40"])
def test_junk_in_the_week_is_this_week(home, director, signed_in, week):
    assert signed_in(director).get(reverse("home_duty:week", args=[home.pk]), {"week": week}).status_code == 200


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def test_a_day_and_the_portal_cost_the_same_with_one_duty_and_with_three(
    home, slot, helper, community, director, signed_in
):
    pages = [(signed_in(director), "home_duty:day", [slot.pk]), (signed_in(helper.user), "portal:home", [])]
    home_roster.put_on(slot, helper, by=director)
    for weekday in (3, 4):
        HomeShift.plan(home, weekday=weekday, starts_at=T(16), ends_at=T(18), needed=4, by=director)
    home_roster.make_roster(home, first=MONDAY, last=MONDAY + dt.timedelta(days=6), by=director)
    one = [queries(client, reverse(name, args=args)) for client, name, args in pages]
    for other in HomeDay.objects.exclude(pk=slot.pk):
        home_roster.put_on(other, helper, by=director)
    for name in ("乙", "丙"):
        mate = a_helper(community, director, name=name)
        for each in HomeDay.objects.all():
            home_roster.put_on(each, mate, by=director)
    home_roster.make_roster(home, first=MONDAY, last=MONDAY + dt.timedelta(days=27), by=director)
    assert [queries(client, reverse(name, args=args)) for client, name, args in pages] == one


def test_a_week_costs_the_same_however_many_are_on(slot, community, director, signed_in):
    client, url = signed_in(director), reverse("home_duty:week", args=[slot.home_id])
    home_roster.put_on(slot, a_helper(community, director, name="甲"), by=director)
    one = queries(client, url)
    for name in ("乙", "丙", "丁"):
        home_roster.put_on(slot, a_helper(community, director, name=name), by=director)
    assert queries(client, url) == one


def test_sheets_cost_the_same_however_many_are_printed(
    slot, helper, community, far_community, director, make_user, signed_in
):
    officer = make_user("street_officer", far_community.parent)
    Posting.objects.create(user=officer, division=community.parent, role="street_officer", starts_on=MONDAY)
    web = signed_in(officer)
    far_home = make_home(far_community)
    HomeShift.plan(far_home, weekday=2, starts_at=T(16), ends_at=T(18), needed=2, by=director)
    home_roster.make_roster(far_home, first=MONDAY, last=slot.day, by=director)
    theirs = a_helper(far_community, director, name="远方")
    teams = [a_team(community, director, helper), a_team(far_community, director, theirs, name="远方队")]
    home_roster.put_on(slot, helper, by=director)
    home_roster.put_on(HomeDay.objects.get(home=far_home), theirs, by=director)
    for paper, rows in (("home_week", [slot.home, far_home]), ("team_list", teams)):
        url = reverse("papers", args=[paper]) + "?keys="
        both = ",".join(str(row.pk) for row in rows)
        asked = [queries(web, url + keys) for keys in (str(rows[0].pk), both)]
        assert asked[1] == asked[0] + 1  # the print of each is on the trail
        assert theirs.name in web.get(url + both).content.decode()


def test_making_the_roster_costs_the_same_however_many_are_put_on_again(home, slot, community, director):
    def made(first):
        with CaptureQueriesContext(connection) as asked:
            home_roster.make_roster(home, first=first, last=first + dt.timedelta(days=27), again=True, by=director)
        return len(asked)

    home_roster.put_on(slot, a_helper(community, director, name="甲"), by=director)
    one = made(slot.day + dt.timedelta(days=1))
    assert HomeDuty.objects.count() == 5
    last = HomeDay.objects.latest("day")
    for name in ("乙", "丙"):
        home_roster.put_on(last, a_helper(community, director, name=name), by=director)
    assert made(last.day + dt.timedelta(days=1)) == one
    assert HomeDuty.objects.count() == 5 + 2 + 3 * 4


def test_a_whole_team_is_put_on_at_the_cost_of_one(home, slot, community, director):
    HomeShift.plan(home, weekday=3, starts_at=T(16), ends_at=T(18), needed=4, by=director)
    home_roster.make_roster(home, first=MONDAY, last=MONDAY + dt.timedelta(days=6), by=director)
    small = a_team(community, director, a_helper(community, director, name="甲"))
    large = a_team(community, director, *(a_helper(community, director, name=name) for name in "乙丙丁"), name="新队")
    asked = []
    for day, team in zip(HomeDay.objects.order_by("day"), (small, large), strict=True):
        with CaptureQueriesContext(connection) as queried:
            home_roster.put_team_on(day, team, by=director)
        asked.append(len(queried))
    assert asked[0] == asked[1]


def test_who_checked_in_and_never_out_is_on_the_first_page_until_it_is_noted(
    slot, helper, community, sister_community, director, signed_in
):
    words = "Duties at the Home checked in and not out"
    duty = home_roster.put_on(slot, helper, by=director)
    with time_machine.travel(at(slot.day, 16), tick=False):
        duty.check_in(by=helper.user)
        assert words not in signed_in(director).get("/admin/").content.decode()  # still there
    with time_machine.travel(at(slot.day + dt.timedelta(days=1), 9), tick=False):
        gap, today = get("home_duties_without_end"), Period.day(timezone.localdate())
        assert [gap.count(Scope.of(place.pk), today) for place in (community, sister_community)] == [1, 0]
        web = signed_in(director)
        desk = soup(web.get("/admin/"))
        assert words in desk.text
        listed = web.get(desk.find("a", href=re.compile("home_duties_without_end"))["href"])
        page = web.get(soup(listed).find("main").find("a", href=duty.get_absolute_url())["href"])
        web.post(reverse("home_duty:tick", args=[duty.pk]), {**token(page), "came_at": "16:00", "went_at": "17:30"})
        assert gap.count(Scope.of(community.pk), today) == 0
        assert hours.between(helper, slot.day, slot.day).minutes == 90
