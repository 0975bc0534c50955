"""What the board is narrowed by, a term that is over, the totals above it, its print and its spreadsheet."""

import datetime as dt
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from children.models import Child
from tests.children.pages import soup, words
from tests.conftest import freshly_signed_in
from tests.volunteers.factories import a_child, a_helper, a_pairing, a_term, days
from volunteers import board, contacts, totals
from volunteers.models import Duty, DutyReminder, Team, TermTotal, Volunteer

pytestmark = pytest.mark.django_db
BOARD = reverse("five_ones:board")


@pytest.fixture
def last_term(district):
    """A term that ended twenty days ago; pairings begun fifty days ago owe its five ones too."""
    return a_term(starts=-150, ends=-20, kind="spring", year=2025)


@pytest.fixture
def this_term(last_term):
    return a_term(starts=-19, ends=60)


@pytest.fixture
def pair(community, director, helper, this_term):
    return a_pairing(a_child(community, name="陈小雨"), helper, director)


@pytest.fixture
def sister_pair(sister_community, make_user, this_term):
    worker = make_user("community_worker", sister_community)
    helper = a_helper(sister_community, worker, name="孙姐妹", phone="15412345677")
    return a_pairing(a_child(sister_community, name="姐小妹"), helper, worker)


@pytest.fixture
def stranger_pair(far_community, stranger, this_term):
    helper = a_helper(far_community, stranger, name="李远方", phone="15412345679")
    return a_pairing(a_child(far_community, name="远小方"), helper, stranger)


def overdue(pairing, since=-1):
    Duty.objects.filter(pairing=pairing, term__ends_on__gte=days(0)).update(due_on=days(since), opens_on=days(since))
    pairing.recount_duties()


def names(page):
    return [row.find("td").find("a").text for row in soup(page).select("tbody tr")]


def test_above_a_community_one_sees_first_what_has_waited_two_weeks(
    signed_in, supervisor, director, pair, sister_pair, stranger_pair
):
    overdue(pair, since=-14)
    overdue(sister_pair, since=-15)
    overdue(stranger_pair, since=-40)
    page = signed_in(supervisor).get(BOARD)
    assert names(page) == ["姐小妹"]
    assert "Until then the community reminds" in words(page)
    assert sorted(names(signed_in(supervisor).get(BOARD, {"show": "overdue"}))) == ["姐小妹", "陈小雨"]
    assert names(signed_in(director).get(BOARD)) == ["陈小雨"]
    assert "Until then the community reminds" not in words(signed_in(director).get(BOARD))


def test_a_district_is_narrowed_by_street_and_community(
    signed_in, make_user, district, street, far_street, pair, sister_pair, stranger_pair
):
    officer = make_user("street_officer", district)
    client = signed_in(officer)
    assert sorted(names(client.get(BOARD, {"show": "due"}))) == ["姐小妹", "远小方", "陈小雨"]
    assert names(client.get(BOARD, {"show": "due", "street": far_street.pk})) == ["远小方"]
    in_street = client.get(BOARD, {"show": "due", "street": street.pk})
    assert sorted(names(in_street)) == ["姐小妹", "陈小雨"]
    offered = [option["value"] for option in soup(in_street).select("select[name=community] option")]
    assert offered == ["", pair.community_id, sister_pair.community_id]
    chosen = {"show": "due", "street": street.pk, "community": sister_pair.community_id}
    assert names(client.get(BOARD, chosen)) == ["姐小妹"]


def test_a_place_elsewhere_is_not_asked_for(signed_in, supervisor, far_street, pair, stranger_pair):
    client = signed_in(supervisor)
    for elsewhere in ({"street": far_street.pk}, {"community": stranger_pair.community_id}, {"street": "x%00"}):
        assert names(client.get(BOARD, {"show": "due", **elsewhere})) == ["陈小雨"]


def test_by_team_and_by_helper(signed_in, director, community, pair, stranger_pair):
    other = a_helper(community, director, name="赵敏", phone="15412345670")
    a_pairing(a_child(community, name="王小明"), other, director)
    team = Team.objects.create(community=community, name="爱心队")
    team.take_in(other, by=director)
    far_team = Team.objects.create(community_id=stranger_pair.community_id, name="远方队")
    client = signed_in(director)
    assert names(client.get(BOARD, {"show": "due", "team": team.pk})) == ["王小明"]
    page = client.get(BOARD, {"show": "due", "helper": other.pk})
    assert names(page) == ["王小明"]
    assert "Only pairings of 赵敏." in words(page)
    assert "远方队" not in words(page)
    for elsewhere in ({"team": far_team.pk}, {"helper": stranger_pair.volunteer_id}, {"helper": "9" * 30}):
        assert sorted(names(client.get(BOARD, {"show": "due", **elsewhere}))) == ["王小明", "陈小雨"]
    team.let_go(other, by=director)
    assert names(client.get(BOARD, {"show": "due", "team": team.pk})) == []


def test_the_name_of_a_helper_leads_to_their_pairings(signed_in, director, community, helper, pair):
    a_pairing(a_child(community, name="王小明"), helper, director, kind="tutor")
    client = signed_in(director)
    link = soup(client.get(BOARD, {"show": "due"})).select("tbody tr")[0].find_all("td")[1].a["href"]
    assert sorted(names(client.get(BOARD + link))) == ["王小明", "陈小雨"]
    assert names(client.get(BOARD + link + "&kind=tutor")) == ["王小明"]


def test_a_helper_of_another_community_is_found_as_well(signed_in, director, community, sister_pair, pair):
    Volunteer.objects.filter(pk=sister_pair.volunteer_id).update(capacity=2)
    theirs = a_pairing(a_child(community, name="王小明"), sister_pair.volunteer, director)
    client = signed_in(director)
    for asked in ({"helper": theirs.volunteer_id}, {"q": "孙姐"}):
        assert names(client.get(BOARD, {"show": "due", **asked})) == ["王小明"]


def test_a_list_that_leaves_the_screen_is_never_wider_than_what_was_asked_for(
    signed_in, director, community, pair, stranger_pair
):
    team = Team.objects.create(community=community, name="爱心队")
    team.dissolve(by=director)
    client = freshly_signed_in(signed_in(director))
    sheet = reverse("paper", args=["five_ones_board", pair.community_id])
    for passed_over in (
        f"team={team.pk}",
        f"helper={stranger_pair.volunteer_id}",
        f"community={stranger_pair.community_id}",
        "kind=none",
        "term=9",
    ):
        assert client.get(BOARD + "?" + passed_over).status_code == 200
        assert client.get(reverse("records:export", args=["five_ones_board"]) + "?" + passed_over).status_code == 404
        if not passed_over.startswith("community"):
            assert client.get(sheet + "?" + passed_over).status_code == 404


def test_what_is_passed_over_is_said_and_no_button_asks_for_it(
    signed_in, make_user, district, community, far_street, pair, stranger_pair
):
    client = freshly_signed_in(signed_in(make_user("street_officer", district)))
    elsewhere = {"show": "due", "street": far_street.pk, "community": community.pk}
    page = client.get(BOARD, {**elsewhere, "team": "9"})
    assert names(page) == ["远小方"]
    assert "It is left out" in words(page)
    assert client.get(reverse("records:export", args=["five_ones_board"]), elsewhere).status_code == 404
    for address in (page.context["print_url"], page.context["filters"], page.context["helper_url"]):
        assert "community=" not in address and "team=" not in address
    assert client.get(page.context["print_url"]).status_code == 200
    assert "It is left out" not in words(client.get(BOARD + "?" + page.context["filters"]))
    assert client.get(BOARD, {"show": "due"}).context["print_url"] == ""  # a whole district is no sheet


def test_a_name_is_looked_for_among_helpers_of_pairings_in_reach(
    signed_in, director, community, sister_pair, pair, monkeypatch
):
    monkeypatch.setattr(board, "NAMES_AT_MOST", 1)
    for digit in range(3):
        a_helper(community, director, name=f"孙某{digit}", phone=f"1541234500{digit}")
    Volunteer.objects.filter(pk=sister_pair.volunteer_id).update(capacity=2)
    a_pairing(a_child(community, name="王小明"), sister_pair.volunteer, director)
    page = signed_in(director).get(BOARD, {"show": "due", "q": "孙"})
    assert names(page) == ["王小明"] and "This fits very many people" not in words(page)


def test_who_types_too_little_of_a_name_is_told(signed_in, director, community, pair, monkeypatch):
    client = signed_in(director)
    assert "This fits very many people" not in words(client.get(BOARD, {"show": "due", "q": "陈"}))
    monkeypatch.setattr(board, "NAMES_AT_MOST", 1)
    a_child(community, name="陈大雨")
    assert "This fits very many people" in words(client.get(BOARD, {"show": "due", "q": "陈"}))


def test_a_term_that_is_over_shows_its_facts_and_its_rules(signed_in, director, community, helper, pair, last_term):
    kept = a_pairing(a_child(community, name="王小明"), helper, director)
    for duty in kept.duties.filter(term=last_term):
        duty.forgive(reason="child_away", by=director)
    contacts.log(helper, pairings=[pair], kinds=["talk"], made_on=days(-30), by=director)
    pair.end(by=director)
    client = signed_in(director)
    page = client.get(BOARD, {"term": last_term.pk})
    assert names(page) == ["陈小雨"]
    told = [" ".join(cell.text.split()).split()[0] for cell in soup(page).select("tbody tr td")[2:7]]
    assert told == ["overdue", "done", "overdue", "overdue", "overdue"]
    assert "This term is over" in words(page)
    assert soup(page).select("tbody form") == []
    assert names(client.get(BOARD, {"term": last_term.pk, "show": "every"})) == ["陈小雨", "王小明"]
    assert names(client.get(BOARD, {"term": last_term.pk, "show": "every", "q": "王小明"})) == ["王小明"]
    assert names(client.get(BOARD, {"show": "due"})) == ["王小明"]


def test_a_term_of_nobody_is_passed_over(signed_in, director, pair, last_term):
    for asked in ("0", "x", str(last_term.pk + 10_000)):
        assert names(signed_in(director).get(BOARD, {"show": "due", "term": asked})) == ["陈小雨"]


@pytest.mark.parametrize("show", ["undone", "every"])
def test_pages_of_a_term_that_is_over_go_on(director, community, this_term, last_term, monkeypatch, show):
    monkeypatch.setattr(board, "PER_PAGE", 2)
    made = [
        a_pairing(a_child(community), a_helper(community, director, phone=f"1541234567{n}"), director) for n in range(5)
    ]
    seen, after = [], ""
    for _turn in range(3):
        page = board.page_of(board.Asked(director, show=show, term=last_term, after=after))
        seen, after = seen + [line.pairing for line in page.lines], page.next
    assert (seen, after) == (made, "")


def test_totals_are_those_of_the_last_night_and_of_the_place(
    signed_in, director, supervisor, helper, pair, sister_pair, stranger_pair, this_term, last_term
):
    client = signed_in(director)
    assert "counted in the night" not in words(client.get(BOARD))
    contacts.log(helper, pairings=[pair], kinds=["talk"], by=director)
    pair.duties.get(kind="letter", term=this_term).forgive(reason="helper_ill", by=director)
    overdue(sister_pair)
    assert {term.pk for term in totals.terms_to_count()} == {this_term.pk, last_term.pk}
    for term in totals.terms_to_count():
        totals.count(term)
    stored = TermTotal.objects.get(term=this_term, community=pair.community_id)
    assert [getattr(stored, name) for name in totals.COUNTED] == [1, 4, 1, 0, 1]
    shown = [stat.text for stat in soup(client.get(BOARD)).select(".stat-value")]
    assert [text.strip() for text in shown] == ["1", "0", "1", "1"]
    above = [stat.text.strip() for stat in soup(signed_in(supervisor).get(BOARD)).select(".stat-value")]
    assert above == ["1", "5", "1", "2"]
    of_last = soup(client.get(BOARD, {"term": last_term.pk})).select(".stat-value")
    assert [stat.text.strip() for stat in of_last] == ["0", "5", "0", "1"]


def test_on_mondays_what_ended_long_ago_is_counted_anew(pair, director, this_term, last_term):
    last_term.starts_on, last_term.ends_on = days(-400), days(-250)
    last_term.save()
    Duty.objects.filter(term=last_term).update(opens_on=days(-400), due_on=days(-250))
    for term in totals.terms_to_count():
        totals.count(term)
    Duty.objects.filter(term=last_term, kind="visit").get().forgive(reason="helper_ill", by=director)
    monday = days(0) + dt.timedelta(days=7 - days(0).weekday())
    assert last_term not in totals.terms_to_count(monday + dt.timedelta(days=1))
    assert last_term in totals.terms_to_count(monday)
    totals.count(last_term)
    assert TermTotal.objects.get(term=last_term).excused == 1


def test_what_went_elsewhere_is_counted_no_longer(pair, sister_community, this_term):
    totals.count(this_term)
    Duty.objects.filter(pairing=pair).update(community=sister_community)
    totals.count(this_term)
    counted = {total.community_id: total.owed for total in TermTotal.objects.filter(term=this_term)}
    assert counted == {pair.community_id: 0, sister_community.pk: 5}


def test_the_board_is_printed_as_it_is_narrowed(signed_in, supervisor, director, pair, sister_pair, stranger_pair):
    client = signed_in(supervisor)
    asked = {"show": "due", "community": pair.community_id}
    link = next(a for a in soup(client.get(BOARD, asked)).select(".page-header a, header a") if "Print" in a.text)
    sheet = words(client.get(link["href"]))
    assert "陈小雨" in sheet and "姐小妹" not in sheet and "Something is still to do" in sheet
    far = reverse("paper", args=["five_ones_board", stranger_pair.community_id])
    assert client.get(far).status_code == 404
    assert "陈小雨" in words(signed_in(director).get(reverse("paper", args=["five_ones_board", pair.community_id])
                                                   + "?show=due"))  # fmt: skip


def test_the_board_as_a_spreadsheet(signed_in, director, helper, pair, stranger_pair):
    contacts.log(helper, pairings=[pair], kinds=["talk"], by=director)
    DutyReminder.send(pair, by=director)
    client = freshly_signed_in(signed_in(director))
    address = reverse("records:export", args=["five_ones_board"]) + "?show=due"
    page = soup(client.get(address))
    token = page.select_one("input[name=once_token]")["value"]
    answer = client.post(address, {"reason": "check", "purpose": "核对", "once_token": token})
    rows = list(openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active.values)
    cells = [str(value) for row in rows for value in row if value is not None]
    assert "陈小雨" in cells and "远小方" not in cells
    assert f"done {days(0)}" in cells and f"due {days(60)}" in cells and str(days(0)) in cells


@pytest.mark.parametrize("count", [1, 3])
def test_all_filters_together_make_few_queries(
    signed_in, make_user, district, community, director, this_term, last_term, far_community, count,
    django_assert_max_num_queries,
):  # fmt: skip
    team = Team.objects.create(community=community, name="爱心队")
    for number in range(count):
        helper = a_helper(community, director, phone=f"1541234567{number}")
        team.take_in(helper, by=director)
        a_pairing(a_child(community), helper, director)
    for term in (this_term, last_term):
        totals.count(term)
    client = signed_in(make_user("street_officer", district))
    narrowed = {"street": community.pk[:9], "community": community.pk, "team": team.pk, "kind": "loving_mother"}
    narrowed |= {"q": Child.objects.first().name, "show": "due"}
    client.get(BOARD, narrowed)
    with django_assert_max_num_queries(18):
        assert len(names(client.get(BOARD, narrowed))) == count
    with django_assert_max_num_queries(18):
        assert len(names(client.get(BOARD, {**narrowed, "show": "every", "term": last_term.pk}))) == count
