"""Building a Home: milestones, money, gifts, the opening that makes the Home."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from communities.models import LeadingGroupMember
from gifts.models import Drive
from homes.models import Home
from premises.building_forms import USUAL, usual_milestones
from premises.building_views import Budget
from premises.measures import milestones_overdue
from premises.models import BuildingPlan, Milestone
from records.lifecycle import Refused
from records.measures import Period
from records.scoping import Scope
from tests.children.pages import filled
from tests.gifts.factories import a_gift, a_thing, days_ago, money, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(community, director):
    return BuildingPlan.begin(community, name="恩和路儿童之家", by=director)


def test_one_plan_where_there_is_no_home(plan, community, far_community, far_home, director, stranger):
    with pytest.raises(Refused, match="such a plan already"):
        BuildingPlan.begin(community, name="又一个", by=director)
    with pytest.raises(Refused, match="open Home"):
        BuildingPlan.begin(far_community, name="又一个", by=stranger)


@given(st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)))
def test_the_usual_milestones_follow_each_other(day):
    days = [due for _what, due in usual_milestones(day)]
    assert len(days) == len(USUAL) and days == sorted(days) and days[0] > day


def test_overdue_until_reached_put_off_or_dropped(plan, director, far_community, stranger):
    far = BuildingPlan.begin(far_community, name="龙湾儿童之家", by=stranger)
    mine = [plan.add_milestone(what=f"第{n}步", due_on=days_ago(3), by=director) for n in range(3)]
    far.add_milestone(what="别处", due_on=days_ago(3), by=stranger)
    gap = lambda day: set(milestones_overdue(Scope.of(plan.community_id), Period.day(day)))  # noqa: E731
    assert (gap(days_ago(3)), gap(today())) == (set(), set(mine))
    mine[0].reach(on=days_ago(1), by=director)
    mine[1].put_off(due_on=today(), by=director)
    mine[2].drop(by=director)
    assert gap(today()) == set()
    assert gap(days_ago(2)) == {mine[0]}  # as it was then
    with pytest.raises(Refused, match="meanwhile"):
        mine[0].drop(by=director)
    with pytest.raises(Refused, match="future"):
        mine[1].reach(on=today() + dt.timedelta(days=1), by=director)


def test_the_first_pages_of_community_and_street_show_overdue_milestones(plan, director, supervisor, signed_in):
    plan.add_milestone(what="找到房子", due_on=days_ago(3), by=director)
    for user in (director, supervisor):
        page = signed_in(user).get(reverse("admin:index")).content.decode()
        assert "Milestones of a Home being built overdue" in page


def test_money_planned_and_spent(plan, director):
    desks = plan.add_line(what="书桌", planned=Decimal("3000"), by=director)
    plan.add_line(what="粉刷", planned=Decimal("1500.50"), by=director)
    desks.spend(amount=Decimal("800"), on=today(), by=director)
    desks.spend(amount=Decimal("2300.10"), on=today(), by=director)
    desks.spend(amount=Decimal("-300"), on=today(), what="退货", by=director)
    budget = Budget.of(plan)
    assert (budget.planned, budget.spent, budget.left) == (Decimal("4500.50"), Decimal("2800.10"), Decimal("1700.40"))
    assert [one.spent for one in budget.lines] == [Decimal("2800.10"), 0]
    with pytest.raises(Refused, match="Not more can be taken back"):
        desks.spend(amount=Decimal("-2800.11"), on=today(), by=director)


def test_the_opening_makes_the_home_and_ends_the_plan(plan, community, director):
    facts = {"address": "1 号楼", "area": Decimal(40), "by": director}
    with pytest.raises(Refused, match="between the day"):
        plan.open(opened_on=days_ago(1), **facts)
    home = plan.open(opened_on=today(), **facts)
    assert (home.name, home.community, home.opened_on) == ("恩和路儿童之家", community, today())
    stored = BuildingPlan.objects.get()
    assert (stored.status, stored.home, stored.ended_on) == ("opened", home, today())
    for act in (
        lambda: plan.open(opened_on=today(), **facts),
        lambda: plan.add_milestone(what="x", due_on=today(), by=director),
        lambda: plan.add_line(what="x", planned=Decimal(1), by=director),
        lambda: plan.give_up(reason="x", by=director),
    ):
        with pytest.raises(Refused):
            act()
    assert Home.objects.count() == 1


def test_a_plan_given_up_has_its_reason_and_makes_room(plan, community, director):
    milestone = plan.add_milestone(what="找到房子", due_on=days_ago(3), by=director)
    with pytest.raises(Refused, match="Say why"):
        plan.give_up(reason="", by=director)
    plan.give_up(reason="与邻近社区合用", by=director)
    assert not Milestone.objects.overdue_on(today() + dt.timedelta(days=1)).exists()
    with pytest.raises(Refused, match="over"):
        milestone.reach(on=today(), by=director)
    BuildingPlan.begin(community, name="再来", by=director)


def test_the_pages_from_beginning_to_paper(community, director, supervisor, federation, stranger, signed_in):
    client = signed_in(director)
    assert str(community) in client.get(reverse("premises:plans")).content.decode()
    url = reverse("premises:plan_begin", args=[community.pk])
    assert signed_in(stranger).get(url).status_code == signed_in(supervisor).get(url).status_code == 404
    page = client.post(url, filled(client.get(url), name="恩和路儿童之家"), follow=True)
    plan = BuildingPlan.objects.get()
    assert plan.milestones.count() == len(USUAL)
    facts = {"title": "建家募捐", "purpose": "建儿童之家", "starts_on": days_ago(5), "ends_on": today()}
    drive = Drive.objects.create(community=community, **facts)
    other = Drive.objects.create(community=community, **{**facts, "title": "别的"})
    a_gift(community, director, a_thing("书桌", 4), money(500), drive=drive)
    a_gift(community, director, a_thing("别的东西", 4), drive=other)
    act = reverse("premises:choose_drive", args=[plan.pk])
    client.post(act, {**filled(page, form_index=2), "drive": str(drive.pk)})
    LeadingGroupMember.objects.create(
        community=community, name="孙书记", position="head", group="home", since=days_ago(9)
    )
    LeadingGroupMember.objects.create(community=community, name="关爱组长", position="head", since=days_ago(9))
    for reader in (director, supervisor):
        for address in (plan.get_absolute_url(), reverse("paper", args=["building_plan", plan.pk])):
            text = signed_in(reader).get(address).content.decode()
            assert "书桌" in text and "孙书记" in text and "The Home opens" in text
            assert "别的东西" not in text and "关爱组长" not in text
    for reader in (stranger, federation):
        assert signed_in(reader).get(plan.get_absolute_url()).status_code == 404
    assert signed_in(supervisor).post(act).status_code == 404


def test_a_milestone_page_keeps_what_was_typed(plan, director, signed_in):
    milestone = plan.add_milestone(what="找到房子", due_on=today(), by=director)
    client, url = signed_in(director), reverse("premises:milestone", args=[milestone.pk])
    page = client.get(url)
    answer = client.post(url, {**filled(page, form_index=1), "act": "put_off", "due_on": "0202-01-01"})
    assert "within 5 years" in answer.content.decode() and "0202-01-01" in answer.content.decode()
    client.post(url, {**filled(client.get(url), form_index=0), "act": "reach", "on": str(today())})
    assert Milestone.objects.get().done_on == today()
    assert client.post(url, {"act": "nonsense"}).status_code == 200
