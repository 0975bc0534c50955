import datetime as dt
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from children.models import Child, Household
from records.lifecycle import Refused
from records.trail import TrailEntry
from surveys import progress
from surveys.models import HouseholdVisit
from tests.children.factories import an_adult
from tests.children.pages import filled, soup, words
from tests.conftest import freshly_signed_in
from tests.surveys.factories import a_home, a_round, a_visit, days_ago, today

Result = HouseholdVisit.Result


@pytest.fixture
def survey_round(street, supervisor):
    return a_round(street, supervisor, since=10)


@pytest.fixture
def household(community, make_child):
    home = a_home(community, grid="第一网格", address="恩和路2号楼")
    make_child(community, home, name="陈小雨")
    return home


def address(survey_round, household, **more):
    query = "".join(f"&{name}={value}" for name, value in more.items())
    return f"/surveys/rounds/{survey_round.pk}/visit/?household={household.pk}{query}"


def listed(survey_round, query=""):
    return f"/surveys/rounds/{survey_round.pk}/households/{query}"


def names(page):
    return [tag.get_text(" ", strip=True).split()[0] for tag in soup(page).select(".door-children")]


# The list -------------------------------------------------------------------------------------------------------------


def test_the_list_stands_in_walking_order_and_shows_no_address(
    signed_in, director, survey_round, community, sister_community, make_child
):
    for name, grid, where in [
        *[("丁", "第十网格", "1号楼"), ("丙", "第二网格", "10号楼"), ("乙", "第二网格", "2号楼3单元1201")],
        *[("甲", "第二网格", "2号楼3单元401"), ("戊", "", "")],
    ]:
        make_child(community, a_home(community, grid, where), name=name)
    make_child(sister_community, name="外人")
    a_home(community, "第二网格", "3号楼")  # no child: not asked
    client = freshly_signed_in(signed_in(director))
    page = client.get(listed(survey_round))
    assert names(page) == ["甲", "乙", "丙", "丁", "戊"]
    assert "号楼" not in page.content.decode()
    assert names(client.get(listed(survey_round, "?grid=第二网格"))) == ["甲", "乙", "丙"]
    assert names(client.get(listed(survey_round, "?grid="))) == ["戊"]
    shown = client.get(listed(survey_round, "?addresses=1"))
    assert "2号楼3单元401" in words(shown)
    assert TrailEntry.objects.filter(verb="revealed", model_label="children.household").count() == 5


def test_addresses_ask_for_the_password_again(signed_in, director, survey_round, household):
    answer = signed_in(director).get(listed(survey_round, "?addresses=1"))
    assert answer.status_code == 302
    assert urlsplit(answer.url).path == "/reauthenticate/"
    assert not TrailEntry.objects.filter(verb="revealed").exists()


# One tap --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tap", "result", "has_changes"),
    [("same", "met", False), ("changed", "met", True), ("nobody", "nobody_home", False)],
)
def test_one_tap_notes_a_visit_of_today(tap, result, has_changes, signed_in, director, survey_round, household):
    client = signed_in(director)
    answer = client.post(address(survey_round, household), {"quick": tap, "list": "grid=第一网格"})
    visit = HouseholdVisit.objects.get()
    assert (visit.result, visit.has_changes, visit.visited_on) == (result, has_changes, today())
    assert (visit.visitor, visit.noted_by, visit.community_id) == (director.name, director, household.community_id)
    assert [entry.verb for entry in TrailEntry.objects.about(visit)] == ["noted a visit"]
    to = urlsplit(answer.url)
    if tap == "changed":
        assert to.path == f"/children/household/{household.pk}/"
        to = urlsplit(parse_qs(to.query)["next"][0])
    assert to.path == f"/surveys/rounds/{survey_round.pk}/households/"
    assert parse_qs(to.query) == {"community": [household.community_id], "grid": ["第一网格"]}


def test_a_second_tap_makes_no_second_row_and_no_second_act(signed_in, director, survey_round, household):
    client = signed_in(director)
    for _n in range(2):
        client.post(address(survey_round, household), {"quick": "same"})
    assert TrailEntry.objects.about(HouseholdVisit.objects.get()).count() == 1


def test_a_second_attempt_corrects_the_first(signed_in, director, survey_round, household):
    a_visit(survey_round, household, director, "nobody_home", on=days_ago(2), note="明天再来")
    client = signed_in(director)
    page = client.get(listed(survey_round))
    assert "nobody at home" in words(page)
    client.post(address(survey_round, household), {**filled(page), "quick": "same"})
    visit = HouseholdVisit.objects.get()
    assert (visit.result, visit.visited_on, visit.note) == ("met", today(), "明天再来")
    assert names(client.get(listed(survey_round))) == []
    assert names(client.get(listed(survey_round, "?show=visited"))) == ["陈小雨"]


# The form -------------------------------------------------------------------------------------------------------------


def test_an_entry_made_later_keeps_the_day_of_the_visit(signed_in, director, survey_round, household):
    client = signed_in(director)
    form = filled(client.get(address(survey_round, household)))
    assert (form["visited_on"], form["visitor"]) == (today().isoformat(), director.name)
    typed = {**form, "result": "moved_away", "visited_on": days_ago(3).isoformat(), "visitor": "网格员老李"}
    assert client.post(address(survey_round, household), typed).status_code == 302
    visit = HouseholdVisit.objects.get()
    assert (visit.visited_on, visit.visitor, visit.result) == (days_ago(3), "网格员老李", "moved_away")
    assert visit.noted_at.date() != visit.visited_on


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (-1, "The day of the visit lies in the future."),
        (11, "The day of the visit lies before the round begins."),
        (4000, "Choose a day within 2 years of today."),
    ],
)
def test_a_day_that_cannot_be_is_refused(day, said, signed_in, director, survey_round, household):
    client = signed_in(director)
    typed = {**filled(client.get(address(survey_round, household))), "result": "met"}
    page = client.post(address(survey_round, household), {**typed, "visited_on": days_ago(day).isoformat()})
    assert said in words(page)
    assert not HouseholdVisit.objects.exists()
    if abs(day) < 1000:
        with pytest.raises(Refused, match=said):
            a_visit(survey_round, household, director, on=days_ago(day))


def test_the_second_person_sees_what_the_first_noted_and_may_change_it(
    signed_in, director, make_user, survey_round, household
):
    colleague = make_user("community_worker", household.community, name="小李")
    first, second = signed_in(director), signed_in(colleague)
    drawn = filled(second.get(address(survey_round, household)), result="refused")
    first.post(address(survey_round, household), {"quick": "same"})
    page = second.post(address(survey_round, household), drawn)
    assert "Somebody else saved this while you had it open." in words(page)
    assert "Stored now: family met" in words(page)
    assert HouseholdVisit.objects.get().result == "met"
    second.post(address(survey_round, household), {**filled(page), "result": "refused"})
    visit = HouseholdVisit.objects.get()
    assert (visit.result, visit.noted_by) == ("refused", colleague)


def test_a_closed_round_takes_no_visit(signed_in, director, supervisor, survey_round, household):
    survey_round.close(by=supervisor)
    client = signed_in(director)
    assert "This round is closed" in words(client.post(address(survey_round, household), {"quick": "same"}))
    assert not HouseholdVisit.objects.exists()
    assert not soup(client.get(listed(survey_round))).select("button[name=quick]")


def test_one_row_per_round_and_household_is_the_databases_rule(director, survey_round, household):
    a_visit(survey_round, household, director)
    with pytest.raises(IntegrityError, match="one_visit_per_round_and_household"), transaction.atomic():
        a_visit(survey_round, household, director)


# Out to the household and back ----------------------------------------------------------------------------------------


def test_from_the_visit_to_the_household_form_and_back(signed_in, director, survey_round, household):
    client = signed_in(director)
    typed = filled(client.get(address(survey_round, household)), result="met", then="household")
    answer = client.post(address(survey_round, household), typed)
    form = client.get(answer.url)
    assert soup(form).select_one("a.back")["href"].startswith(listed(survey_round))
    back = client.post(answer.url, filled(form))
    assert back.url.startswith(listed(survey_round))
    assert client.get(back.url).status_code == 200


def test_a_new_family_is_registered_and_noted_in_one_go(signed_in, director, survey_round, community):
    client = signed_in(director)
    page = client.get(listed(survey_round))
    way = soup(page).find("a", string=lambda text: text and "New family found" in text) or next(
        a for a in soup(page).select("main a") if "New family found" in a.get_text()
    )
    child = {"newchild0-name": "新来的", "newchild0-sex": "M", "newchild0-birth_date": "2018-03-04"}
    back = client.post(way["href"], {**filled(client.get(way["href"])), **child})
    found = Household.objects.get(children__name="新来的")
    told = {"result": ["new_family"], "household": [str(found.pk)], "on": [today().isoformat()]}
    assert parse_qs(urlsplit(back.url).query) == told
    client.post(back.url, filled(client.get(back.url)))
    assert HouseholdVisit.objects.get().result == "new_family"
    assert progress.per_grid(survey_round, community)[0][1].new == 1


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "evil"])
def test_the_way_back_never_leads_to_another_site(elsewhere, signed_in, director, household):
    client = signed_in(director)
    way = f"/children/household/{household.pk}/?next={elsewhere}"
    page = client.get(way)
    assert "evil" not in soup(page).select_one("a.back")["href"]
    assert client.post(way, filled(page)).url.startswith("/children/")


# Grids ----------------------------------------------------------------------------------------------------------------


def test_households_without_a_grid_are_put_into_one_together(signed_in, director, survey_round, community, make_child):
    homes = [make_child(community, name=name).household for name in ("甲一", "乙二", "丙三")]
    client = signed_in(director)
    assert "3 households have no building or grid" in words(client.get(f"/surveys/rounds/{survey_round.pk}/"))
    way = f"/surveys/rounds/{survey_round.pk}/grids/"
    page = client.post(way, {"grid": "3号楼"})
    assert "Tick the households first." in words(page)
    assert filled(page)["grid"] == "3号楼"
    client.post(way, {"grid": "3号楼", "households": [homes[0].pk, homes[1].pk]})
    assert list(Household.objects.filter(grid="3号楼").order_by("pk")) == homes[:2]
    assert TrailEntry.objects.about(homes[0]).get().fields == ["grid"]
    assert names(client.get(way)) == ["丙三"]


def test_nobody_puts_another_communitys_household_into_a_grid(
    signed_in, director, survey_round, community, sister_community, make_child
):
    make_child(community)
    foreign = make_child(sister_community).household
    page = signed_in(director).post(
        f"/surveys/rounds/{survey_round.pk}/grids/", {"grid": "x", "households": [foreign.pk]}
    )
    assert page.status_code == 200
    assert Household.objects.get(pk=foreign.pk).grid == ""


# Who sees what --------------------------------------------------------------------------------------------------------


def test_a_household_out_of_scope_is_like_none(
    signed_in, director, survey_round, sister_community, far_community, household, make_child
):
    client = signed_in(director)
    for place in (sister_community, far_community):
        foreign = make_child(place).household
        hidden, absent = (
            client.post(address(survey_round, foreign)),
            client.post(address(survey_round, Household(pk=10**9))),
        )
        assert (hidden.status_code, hidden.content) == (absent.status_code, absent.content) == (404, absent.content)
    assert client.get(f"/surveys/rounds/{survey_round.pk}/visit/?household=x").status_code == 404
    assert not HouseholdVisit.objects.exists()


def test_the_street_office_sees_progress_and_notes_nothing(
    signed_in, supervisor, director, survey_round, household, sister_community, make_child
):
    make_child(sister_community)
    a_visit(survey_round, household, director)
    client = signed_in(supervisor)
    page = words(client.get(f"/surveys/rounds/{survey_round.pk}/"))
    assert "恩和路社区 1 of 1" in page and "体育场社区 0 of 1" in page
    grids = client.get(f"/surveys/rounds/{survey_round.pk}/?community={household.community_id}")
    assert "第一网格 1 of 1" in words(grids)
    shown = client.get(listed(survey_round, f"?community={household.community_id}&show=visited"))
    assert names(shown) == ["陈小雨"]
    assert client.post(address(survey_round, household), {"quick": "nobody"}).status_code == 404
    assert HouseholdVisit.objects.get().result == "met"


def test_the_federation_sees_figures_alone(
    signed_in, federation, director, district, community, far_community, make_child
):
    survey_round = a_round(district, federation)
    for _n in range(7):
        a_visit(survey_round, make_child(community, name="陈小雨").household, director, has_changes=_n < 6)
    for _n in range(3):
        make_child(far_community, a_home(far_community, "第一网格"), name="包金山")
    client = signed_in(federation)
    page = client.get(f"/surveys/rounds/{survey_round.pk}/")
    rows = [[cell.get_text(" ", strip=True) for cell in row.find_all("td")] for row in soup(page).select("tbody tr")]
    hidden = ["• hidden"] * 4  # three households of 龙湾, and whatever they could be reckoned from
    assert rows == [
        *[[name, *hidden] for name in ("集宁区", "新体路街道", "恩和路社区", "桥东街道", "龙湾社区")],
    ]
    for word in ("陈小雨", "包金山", "第一网格"):
        assert word not in page.content.decode()
    for way in (
        listed(survey_round),
        f"/surveys/rounds/{survey_round.pk}/grids/",
        address(survey_round, a_home(community)),
    ):
        assert client.get(way).status_code == 404
    freshly_signed_in(client)
    assert client.get(f"/papers/door_to_door/{survey_round.pk}/").status_code == 404


def test_visits_are_on_the_childs_file_for_staff_alone(signed_in, director, survey_round, household):
    a_visit(survey_round, household, director, on=days_ago(2), note="奶奶在家")
    child = Child.objects.get()
    assert "奶奶在家" in words(signed_in(director).get(f"/children/{child.pk}/?tab=family"))


# Counting -------------------------------------------------------------------------------------------------------------


def test_progress_per_grid_and_community(survey_round, director, community, sister_community, make_child):
    def home(grid, result=None, **details):
        made = make_child(community, a_home(community, grid)).household
        if result:
            a_visit(survey_round, made, director, result, **details)
        return made

    home("第二网格", "met", has_changes=True), home("第二网格", "nobody_home"), home("第二网格")
    home("第十网格", "new_family"), home("")
    gone = home("第二网格", "moved_away")
    Child.objects.filter(household=gone).update(left_on=today(), left_reason="moved_out")
    a_home(community, "第二网格")
    make_child(sister_community)
    found = progress.per_grid(survey_round, community)
    assert [(grid, p.households, p.visited, p.nobody_home, p.new, p.changed) for grid, p in found] == [
        ("第二网格", 4, 2, 1, 0, 1),
        ("第十网格", 1, 1, 0, 1, 0),
        ("", 1, 0, 0, 0, 0),
    ]
    street = progress.per_division(survey_round, progress.reach_of(["150902"], survey_round))
    assert {code: (p.households, p.visited) for code, p in street.items()} == {
        "150902": (7, 3), "150902001": (7, 3), community.pk: (6, 3), sister_community.pk: (1, 0),
    }  # fmt: skip


@pytest.mark.parametrize("who", ["director", "supervisor", "federation"])
def test_no_page_asks_once_per_row(
    who, request, signed_in, district, federation, director, community, sister_community, make_child
):
    survey_round = a_round(district, federation)
    client = freshly_signed_in(signed_in(request.getfixturevalue(who)))
    pk = survey_round.pk
    ways = ["/surveys/", f"/surveys/rounds/{pk}/"]
    if who != "federation":
        place = f"?community={community.pk}"
        ways += [
            f"/surveys/rounds/{pk}/{place}",
            listed(survey_round, place),
            listed(survey_round, f"{place}&show=visited"),
        ]
        ways += [listed(survey_round, f"{place}&addresses=1"), f"/surveys/rounds/{pk}/grids/{place}"]
        ways += [f"/papers/door_to_door/{pk}/{place}"]
    counts = {way: [] for way in ways}
    made = 0
    for total in (1, 3):
        for n in range(made, total):
            for place in (community, sister_community):
                for grid in ("", f"第{n}网格"):
                    for visited in (True, False):
                        home = make_child(place, a_home(place, grid, "x")).household
                        an_adult(home.children.get(), away_since=dt.date(2024, 1, 1))
                        if visited:
                            a_visit(survey_round, home, director)
        made = total
        for way in ways:
            client.get(way)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(way).status_code == 200
            counts[way].append(len(captured))
    assert {way: n for way, n in counts.items() if len(set(n)) > 1} == {}
