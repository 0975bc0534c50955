import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.models import Activity, HelperPlace, Session
from communities.models import ClosedDay
from records.trail import TrailEntry
from tests.activities.factories import make_activity, today
from volunteers.models import Volunteer


@pytest.fixture
def client(director, signed_in):
    return signed_in(director)


@pytest.fixture
def helper(community):
    return Volunteer.objects.create(community=community, name="王志愿", sex="M", kinds=["tutor"])


@pytest.fixture
def month(director, community, helper):
    """Three sessions of this month: a helper's, one elsewhere in the community, and one cancelled."""
    first = today().replace(day=1)
    make_activity(
        community, director, title="合唱", kind="club", art="music", helper=helper, first_day=first, venue="甲"
    )
    make_activity(community, director, title="法律课", kind="law", first_day=first, venue="乙")
    off = make_activity(community, director, title="取消的", kind="law", first_day=first, venue="丙")
    off.sessions.get().cancel(reason="下雨", by=director)
    return first


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def titles(page):
    return [title.get_text() for title in page.select(".month .slot .title")]


def test_the_month_is_narrowed_by_kind_helper_and_venue(client, month, helper):
    assert len(titles(soup(client.get("/activities/calendar/")))) == 3
    assert titles(soup(client.get(f"/activities/calendar/?helper={helper.pk}"))) == ["合唱"]
    assert titles(soup(client.get("/activities/calendar/?venue=乙"))) == ["法律课"]
    law = Activity.objects.get(title="法律课")
    HelperPlace.objects.create(activity=law, community=law.community, volunteer=helper)
    assert titles(soup(client.get(f"/activities/calendar/?helper={helper.pk}"))) == ["合唱", "法律课"]
    HelperPlace.objects.update(status="cannot")
    assert titles(soup(client.get(f"/activities/calendar/?helper={helper.pk}"))) == ["合唱"]
    page = soup(client.get("/activities/calendar/?kind=club"))
    assert titles(page) == ["合唱"]
    assert "kind=club" in page.select_one("a[href*='month_poster']")["href"]
    assert len(titles(soup(client.get("/activities/calendar/?helper=x&venue=x&kind=y")))) == 3


def test_a_street_chooses_a_community_first(supervisor, signed_in, month, community, helper):
    client = signed_in(supervisor)
    page = soup(client.get("/activities/calendar/"))
    assert page.select("[name=helper], [name=venue], a[href*='month_poster']") == []
    page = soup(client.get(f"/activities/calendar/?community={community.pk}&helper={helper.pk}"))
    assert titles(page) == ["合唱"]
    assert page.select_one("a[href*='month_poster']") is not None


def test_closed_days_stand_in_the_month(client, district, month):
    ClosedDay.objects.create(district=district, day=month, name="校庆日")
    page = soup(client.get("/activities/calendar/"))
    assert "校庆日" in page.select_one(".month").get_text()
    day = soup(client.get(f"/activities/calendar/day/?day={month}"))
    assert "校庆日" in day.select_one("header.page-header").get_text()


def test_the_poster_names_nobody(client, director, month, community, make_child, helper):
    make_activity(community, director, title="象棋").enrol(make_child(community, name="欧阳娜娜"), by=director)
    page = soup(client.get(f"/papers/month_poster/{community.pk}/?month={month:%Y-%m}")).get_text()
    for words in ("合唱", "法律课", "甲"):
        assert words in page
    for words in ("王志愿", "欧阳娜娜", "取消的", f" {director.name}"):
        assert words not in page
    narrowed = soup(client.get(f"/papers/month_poster/{community.pk}/?month={month:%Y-%m}&kind=law&venue=乙"))
    assert "法律课" in narrowed.get_text()
    assert "合唱" not in narrowed.get_text()
    of_helper = f"/activities/calendar/?month={month:%Y-%m}&helper={helper.pk}"
    link = soup(client.get(of_helper)).select_one("a[href*='month_poster']")["href"]
    narrowed = soup(client.get(link)).get_text()
    assert "合唱" in narrowed
    for words in ("法律课", "乙", helper.name):
        assert words not in narrowed
    assert TrailEntry.objects.filter(verb="printed month_poster", actor=director).exists()


def test_a_poster_of_elsewhere_is_not_found(signed_in, stranger, month, community):
    assert signed_in(stranger).get(f"/papers/month_poster/{community.pk}/").status_code == 404


def test_the_month_asks_no_more_with_many_sessions(client, director, community, month):
    addresses = ["/activities/calendar/", f"/papers/month_poster/{community.pk}/"]
    counts: dict[str, list[int]] = {address: [] for address in addresses}
    parent = make_activity(community, director, title="多场")
    for total in (1, 3, 200):
        Session.objects.bulk_create(
            Session(
                activity=parent,
                community_id=parent.community_id,
                district=parent.district,
                day=month,
                starts_at="08:00",
                ends_at="09:00",
                venue=f"房{total}-{n}",
            )
            for n in range(total)
        )
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            counts[address].append(len(captured))
    assert {a: c for a, c in counts.items() if len(set(c)) > 1} == {}


def test_a_full_day_leaves_the_days_after_it_their_room(signed_in, supervisor, director, community):
    first = today().replace(day=1)
    for n in range(12):
        make_activity(community, director, title=f"早{n}", venue=f"v{n}", first_day=first)
    make_activity(community, director, title="晚", first_day=first.replace(day=20))
    page = soup(signed_in(supervisor).get("/activities/calendar/"))
    assert [len(cell.select(".slot")) for cell in page.select(".month td:not([data-empty])")] == [4, 1]
    assert [more.get_text() for more in page.select(".month a.more")] == ["and 8 more"]


def test_a_day_shows_the_sessions_of_ones_own_scope_and_no_other_day(
    client, signed_in, stranger, supervisor, director, community, month
):
    make_activity(community, director, title="后一天", first_day=month.replace(day=2))
    address = f"/activities/calendar/day/?day={month}"
    page = soup(client.get(address))
    assert [row.get_text() for row in page.select(".row .row-link")] == ["合唱", "法律课", "取消的"]
    assert page.select_one(".row .badge").get_text(strip=True) == "cancelled"
    assert str(community) not in page.select_one(".rows").get_text()
    assert str(community) in soup(signed_in(supervisor).get(address)).select_one(".rows").get_text()
    assert soup(signed_in(stranger).get(address)).select(".row") == []
    assert "No session on this day" in soup(client.get(f"{address[:-2]}03")).select_one("main").get_text()
    for wrong in ("", "2026-13-40", "x"):
        assert client.get(f"/activities/calendar/day/?day={wrong}").status_code == 200


def test_a_day_asks_no_more_with_many_sessions(client, director, community):
    counts = []
    for total in (1, 3, 60):
        for n in range(Session.objects.count(), total):
            make_activity(community, director, title=f"t{n}", venue=f"v{n}")
        client.get("/activities/calendar/day/")
        with CaptureQueriesContext(connection) as captured:
            page = soup(client.get("/activities/calendar/day/"))
        assert len(page.select(".row")) == min(total, 50)
        counts.append(len(captured))
    assert len(set(counts)) == 1
