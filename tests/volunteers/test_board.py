"""What staff see of the five ones, pairing by pairing, and reminding and excusing from there."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from django.utils.formats import date_format
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from records.lifecycle import Refused
from records.models import TrailEntry
from tests.children.pages import soup, words
from tests.volunteers.factories import a_child, a_helper, a_pairing, days
from volunteers import board, contacts
from volunteers.kinds import DutyKind
from volunteers.models import Duty, DutyReminder

pytestmark = pytest.mark.django_db
BOARD = reverse("five_ones:board")


@pytest.fixture
def pair(community, director, helper, this_term):
    return a_pairing(a_child(community, name="陈小雨"), helper, director)


@pytest.fixture
def stranger_pair(far_community, stranger, this_term):
    helper = a_helper(far_community, stranger, name="李远方", phone="15412345679")
    return a_pairing(a_child(far_community, name="远小方"), helper, stranger)


def overdue(pairing, since=-1):
    Duty.objects.filter(pairing=pairing).update(due_on=days(since))
    pairing.recount_duties()


def names(page):
    return [row.find("td").find("a").text for row in soup(page).select("tbody tr")]


def test_the_board_begins_with_what_is_overdue_and_ends_at_the_community(signed_in, director, pair, stranger_pair):
    client = signed_in(director)
    assert names(client.get(BOARD)) == []
    assert "Nothing is overdue" in words(client.get(BOARD))
    overdue(pair)
    overdue(stranger_pair)
    assert names(client.get(BOARD)) == ["陈小雨"]


def test_what_is_done_leads_to_the_entry_where_the_helper_can_be_asked(signed_in, director, helper, pair):
    entry = contacts.log(helper, pairings=[pair], kinds=["talk"], made_on=days(-1), by=director)
    client = signed_in(director)
    cells = soup(client.get(BOARD, {"show": "due"})).select("tbody tr td")
    links = {link["href"] for cell in cells if "done" in cell.text for link in cell.select("a")}
    assert links == {reverse("contacts:contact", args=[entry.pk])}
    assert "Ask the helper" in client.get(links.pop()).content.decode()


def test_each_group_shows_its_pairings(signed_in, director, community, helper, pair):
    other = a_pairing(a_child(community, name="王小明"), helper, director, kind="tutor")
    for duty in other.duties.all():
        duty.forgive(reason="child_away", by=director)
    client = signed_in(director)
    assert names(client.get(BOARD, {"show": "due"})) == ["陈小雨"]
    assert names(client.get(BOARD, {"show": "done"})) == ["王小明"]
    assert names(client.get(BOARD, {"show": "due", "kind": "tutor"})) == []
    assert names(client.get(BOARD, {"show": "due", "q": "王爱华"})) == ["陈小雨"]
    assert names(client.get(BOARD, {"show": "due", "q": "nobody"})) == []


def test_a_row_tells_of_each_of_the_five(signed_in, director, pair, helper):
    contacts.log(helper, pairings=[pair], kinds=["talk"], by=director)
    pair.duties.get(kind="letter").forgive(reason="helper_ill", by=director)
    Duty.objects.filter(pairing=pair, kind="visit").update(due_on=days(-1))
    row = soup(signed_in(director).get(BOARD, {"show": "due"})).select_one("tbody tr")
    told = [" ".join(cell.text.split()) for cell in row.find_all("td")[2:7]]
    assert [text.split()[0] for text in told] == ["overdue", "done", "due", "due", "excused"]
    assert "helper was ill" in told[4]


def test_an_officer_chooses_among_communities(signed_in, supervisor, community, sister_community, pair):
    client = signed_in(supervisor)
    assert names(client.get(BOARD, {"show": "due", "community": community.pk})) == ["陈小雨"]
    assert names(client.get(BOARD, {"show": "due", "community": sister_community.pk})) == []


def test_reminding_gives_words_without_the_child_and_is_noted_once_a_day(signed_in, director, pair):
    client = signed_in(director)
    address = reverse("five_ones:remind", args=[pair.pk])
    page = client.post(address, follow=True)
    said = soup(page).find("blockquote").text
    assert "王爱华" in said and "heart-to-heart talk" in said and "陈小雨" not in said
    reminder = DutyReminder.objects.get()
    assert (reminder.pairing, reminder.kinds, reminder.day) == (pair, list(DutyKind.values), days(0))
    assert TrailEntry.objects.filter(verb="reminded the helper", object_key=str(pair.pk)).exists()
    again = client.post(address, follow=True)
    assert "This helper was reminded today." in words(again)
    assert soup(again).find("blockquote").text == said
    assert DutyReminder.objects.get() == reminder


def test_the_words_of_the_newest_reminder_are_found_again_from_the_board(signed_in, director, pair):
    with time_machine.travel(dt.datetime.now(dt.UTC) - dt.timedelta(days=3)):
        DutyReminder.send(pair, by=director)
    newest = DutyReminder.send(pair, by=director)
    client = signed_in(director)
    link = soup(client.get(f"{BOARD}?show=due")).select_one("tbody a[href*=reminders]")
    assert link.text == date_format(days(0), "SHORT_DATE_FORMAT")
    assert link["href"] == reverse("five_ones:reminder", args=[newest.pk]) + "?show=due"
    page = soup(client.get(link["href"]))
    assert "heart-to-heart talk" in page.find("blockquote").text
    assert page.select_one("a.back")["href"] == f"{BOARD}?show=due"


def test_a_late_click_on_what_was_done_meanwhile_gives_no_words(signed_in, director, pair):
    DutyReminder.send(pair, by=director)
    for duty in pair.duties.all():
        duty.forgive(reason="child_away", by=director)
    answer = signed_in(director).post(reverse("five_ones:remind", args=[pair.pk]), follow=True)
    assert answer.redirect_chain == [(BOARD, 302)]
    assert "Nothing is still to do in this pairing." in words(answer)


def test_nobody_is_reminded_of_nothing(director, pair):
    pair.end(by=director)
    with pytest.raises(Refused, match="Nothing is still to do"):
        DutyReminder.send(pair, by=director)


def test_excusing_from_the_board(signed_in, director, pair):
    duty = pair.duties.get(kind="visit")
    address = reverse("five_ones:excuse", args=[duty.pk])
    client = signed_in(director)
    assert "Please write the reason in words." in words(client.post(address, {"reason": "other", "note": ""}))
    client.post(address, {"reason": "child_away", "note": ""})
    duty.refresh_from_db()
    assert (duty.excused_on, duty.excuse) == (days(0), "child_away")


def test_an_excuse_given_by_mistake_is_taken_back(signed_in, director, pair):
    visit, talk = (pair.duties.get(kind=kind) for kind in ("visit", "talk"))
    for duty in (visit, talk):
        duty.forgive(reason="helper_ill", note="", by=director)
    contacts.log(pair.volunteer, pairings=[pair], kinds=["visit"], by=director)
    client, address = signed_in(director), reverse("five_ones:excuse", args=[visit.pk])
    assert address in client.get(f"{BOARD}?show=due").content.decode()
    shown = words(client.get(address))
    assert "Take the excuse back" in shown and "Excused from this duty" in shown
    for duty in (visit, talk):
        client.post(reverse("five_ones:excuse", args=[duty.pk]), {"take_back": "1"})
    visit.refresh_from_db(), talk.refresh_from_db(), pair.refresh_from_db()
    assert (visit.status, visit.done_on, visit.excuse) == ("done", days(0), ""), "the entry made meanwhile fulfils it"
    assert talk.excused_on is None and "talk" in pair.missing and "visit" not in pair.missing
    assert "nothing to take back" in words(client.post(address, {"take_back": "1"}, follow=True))


def test_no_excuse_of_a_pause_or_an_end_is_taken_back(signed_in, director, pair):
    pair.pause(reason="helper_ill", by=director)
    visit = pair.duties.get(kind="visit")
    client = signed_in(director)
    address = reverse("five_ones:excuse", args=[visit.pk])
    assert "Take the excuse back" not in words(client.get(address))
    assert "nothing to take back" in words(client.post(address, {"take_back": "1"}, follow=True))
    visit.refresh_from_db()
    assert visit.excuse == "paused"


def test_the_way_back_leads_to_the_board_as_it_was(signed_in, director, pair):
    client = signed_in(director)
    asked = f"{BOARD}?show=due&kind={pair.kind}"
    page = soup(client.get(asked))
    reminded = client.post(page.select_one("tbody form")["action"], follow=True)
    assert soup(reminded).select_one("a.back")["href"] == asked
    excused = client.post(page.select_one("tbody a.small")["href"], {"reason": "child_away", "note": ""})
    assert excused.url == asked


def test_what_lies_elsewhere_is_not_found(signed_in, director, stranger_pair):
    client, duty = signed_in(director), stranger_pair.duties.first()
    assert client.post(reverse("five_ones:remind", args=[stranger_pair.pk])).status_code == 404
    assert client.get(reverse("five_ones:excuse", args=[duty.pk])).status_code == 404


@pytest.mark.parametrize("show", ["due", "done"])
def test_pages_go_on_where_the_last_one_ended(director, community, this_term, monkeypatch, show):
    monkeypatch.setattr(board, "PER_PAGE", 2)
    made = []
    for number in range(5):
        helper = a_helper(community, director, phone=f"1541234567{number}", name="王爱华")
        made.append(a_pairing(a_child(community, name="陈小雨"), helper, director))
    if show == "done":
        Duty.objects.update(done_on=days(0))
    else:
        Duty.objects.filter(pairing__in=made[3:]).update(due_on=days(1))
    for pairing in made:
        pairing.recount_duties()
    seen, after = [], ""
    for _turn in range(3):
        page = board.page_of(board.Asked(director, show=show, after=after))
        seen, after = seen + [line.pairing for line in page.lines], page.next
    assert seen == (made if show == "done" else made[3:] + made[:3])
    assert after == ""


@pytest.mark.parametrize("key", ["x", "2026-01-01", "2026-13-01_1", "_5", "9" * 30, "²"])
def test_a_broken_key_begins_at_the_beginning(signed_in, director, pair, key):
    assert names(signed_in(director).get(BOARD, {"show": "due", "after": key})) == ["陈小雨"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_board_makes_few_queries(signed_in, director, community, this_term, count, django_assert_max_num_queries):
    for number in range(count):
        helper = a_helper(community, director, phone=f"1541234567{number}")
        a_pairing(a_child(community), helper, director)
    client = signed_in(director)
    client.get(BOARD, {"show": "due"})
    with django_assert_max_num_queries(14):
        assert len(names(client.get(BOARD, {"show": "due"}))) == count


FACTS = st.one_of(
    st.none(), st.tuples(st.just("done"), st.integers(-9, 9)), st.tuples(st.just("excused"), st.integers(-9, 9))
)


@given(opens=st.integers(-9, 9), length=st.integers(0, 9), fact=FACTS, day=st.integers(-12, 21))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_status_of_a_duty_is_what_its_facts_say(opens, length, fact, day):
    duty = Duty(opens_on=days(opens), due_on=days(opens + length))
    if fact:
        setattr(duty, f"{fact[0]}_on", days(fact[1]))
    plain = fact[0] if fact else "overdue" if day > opens + length else "due" if day >= opens else "later"
    assert duty.status_on(days(day)) == plain
