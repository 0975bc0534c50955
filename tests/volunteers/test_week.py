"""The digest of each Monday: what it tells, to whom, and whose names stand in it."""

import datetime as dt

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from records.measures import Period, get
from records.scoping import Scope
from tests.children.pages import soup, words
from tests.volunteers.factories import a_child, a_helper, a_pairing, a_term, asks, days
from volunteers import contacts, weekly
from volunteers.models import ChildLetter, DigestReading, Duty, DutyReminder, Pairing, RecordCheck, WeekDigest
from volunteers.models.requirement import Asked

pytestmark = pytest.mark.django_db
WEEK = reverse("five_ones:week")


@pytest.fixture
def monday():
    """Noon of the next Monday, or of today where it is one."""
    now = timezone.localtime().replace(hour=12)
    noon = now + dt.timedelta(days=-now.weekday() % 7)
    with time_machine.travel(noon, tick=False):
        yield noon.date()


@pytest.fixture
def pair(monday, community, director, helper, district):
    a_term()
    return a_pairing(a_child(community, name="陈小雨"), helper, director)


@pytest.fixture
def far_pair(monday, far_community, stranger, district):
    a_term()
    helper = a_helper(far_community, stranger, name="李远方", phone="15412345679")
    return a_pairing(a_child(far_community, name="远小方"), helper, stranger)


@pytest.fixture
def sister_pair(monday, sister_community, make_user, district):
    a_term()
    worker = make_user("community_worker", sister_community)
    helper = a_helper(sister_community, worker, name="孙姐妹", phone="15412345677")
    return a_pairing(a_child(sister_community, name="姐小妹"), helper, worker)


def due(pairing, kind, on, **facts):
    Duty.objects.filter(pairing=pairing, kind=kind).update(due_on=on, **facts)
    pairing.recount_duties()


def digest_of(pairing):
    assert weekly.write(pairing.district) >= 1
    return WeekDigest.objects.get(community=pairing.community_id)


def test_what_fell_due_and_what_falls_due(pair, far_pair, monday):
    due(pair, "visit", monday - dt.timedelta(days=1))
    due(pair, "talk", monday - dt.timedelta(days=7), done_on=monday - dt.timedelta(days=8))
    due(pair, "teacher", monday - dt.timedelta(days=8))
    due(pair, "letter", monday + dt.timedelta(days=6))
    digest = digest_of(pair)
    assert {name: digest.counts.get(name) for name in (*weekly.FIGURES, weekly.FELL_DUE, weekly.COMING)} == {
        "due": 2, "done": 1, "excused": 0, "contacts": None, "fell_due": 1, "coming": 1,
    }  # fmt: skip
    assert digest.lines["fell_due"] == digest.lines["coming"] == [pair.pk]
    assert weekly.write(pair.district) == 0


def test_reminded_silent_and_pauses(pair, far_pair, helper, director, community, monday):
    with time_machine.travel(timezone.localtime() - dt.timedelta(days=2), tick=False):
        DutyReminder.send(pair, by=director)
    busy = a_helper(community, director, name="赵勤快", phone="15412345671")
    other = a_pairing(a_child(community, name="王小明"), busy, director)
    contacts.log(busy, pairings=[other], kinds=["talk"], made_on=days(-3), by=director)
    resting = a_helper(community, director, name="钱休息", phone="15412345672")
    paused = a_pairing(a_child(community, name="吴婷"), resting, director)
    paused.pause(reason="helper_away", until=days(3), by=director)
    digest = digest_of(pair)
    assert digest.lines["reminded"] == [pair.pk]
    assert digest.lines["silent"] == [helper.pk]
    assert digest.lines["pauses"] == [paused.pk]
    assert digest.counts["contacts"] == 1


def test_a_helper_who_began_lately_is_not_silent(pair, monday):
    Pairing.objects.filter(pk=pair.pk).update(starts_on=days(-29))
    assert "silent" not in digest_of(pair).counts


def test_checks_and_letters(pair, helper, director, monday):
    RecordCheck.objects.filter(volunteer=helper).update(valid_until=days(29))
    letter = ChildLetter.write(pair, text="你好", by=director)
    passed = ChildLetter.write(pair, text="再见", by=director)
    ChildLetter.objects.filter(pk=passed.pk).update(status="passed", read_by=director, read_at=passed.written_at)
    digest = digest_of(pair)
    assert digest.lines["checks"] == [helper.pk]
    assert (digest.lines["to_read"], digest.lines["to_hand_over"], digest.letters) == ([letter.pk], [passed.pk], 2)


def test_the_list_of_missing_and_ending_checks_holds_the_rows_of_the_digest(
    pair, helper, director, community, district, monday, signed_in
):
    """Training that ends soon is no matter of the check; who has no child, or left, is not in the digest."""
    asks(district, Asked.TRAINING)
    ends = {"赵缺失": None, "钱将尽": 29, "孙长久": 30, "李暂停": -1, "周不清": 200}
    helpers = {"王爱华": helper}
    for number, (name, until) in enumerate(ends.items()):
        one = a_helper(community, director, name=name, phone=f"1541234561{number}")
        one.show("training", valid_until=days(10), by=director)
        pairing = a_pairing(a_child(community, name=f"吴{number}"), one, director)
        if name == "李暂停":
            pairing.pause(reason="helper_away", until=days(3), by=director)
        if name == "周不清":
            one.record_check(checked_on=days(-1), result="not_clear", by=director)
        elif until is None:
            RecordCheck.objects.filter(volunteer=one).delete()
        else:
            RecordCheck.objects.filter(volunteer=one).update(valid_until=days(until))
        helpers[name] = one
    a_helper(community, director, name="郑无童", phone="15412345619", checked=False)
    told = digest_of(pair).lines["checks"]
    assert set(told) == {helpers[name].pk for name in ("赵缺失", "钱将尽", "李暂停", "周不清")}
    client = signed_in(director)
    section = next(a for a in soup(client.get(WEEK)).select("section.card a") if "check=" in a["href"])
    listed = client.get(section["href"]).context["cl"].queryset
    assert set(listed.values_list("pk", flat=True)) == set(told)


def test_the_list_behind_the_gap_holds_the_helpers_it_counts(pair, helper, director, community, monday, signed_in):
    lacking = a_helper(community, director, name="郑无童", phone="15412345619", checked=False)
    left = a_helper(community, director, name="冯离开", phone="15412345618", checked=False)
    left.leave(on=days(-1), by=director)
    gap = get("helpers_check_ending")
    rows = gap.rows(Scope.of(community.pk), Period(monday, monday))
    listed = signed_in(director).get(gap.page()).context["cl"].queryset
    assert list(rows) == list(listed) == [lacking]


def test_no_more_keys_are_kept_than_a_page_shows(pair, director, community, helper, monday, monkeypatch, signed_in):
    monkeypatch.setattr(weekly, "KEYS_AT_MOST", 1)
    other = a_pairing(a_child(community, name="王小明"), helper, director)
    for pairing in (pair, other):
        due(pairing, "visit", monday)
    digest = digest_of(pair)
    assert (len(digest.lines["coming"]), digest.counts["coming"]) == (1, 2)
    assert "and 1 more" in words(signed_in(director).get(WEEK))


def test_each_reads_the_weeks_of_their_own_communities(
    pair, sister_pair, far_pair, monday, signed_in, director, supervisor, federation, administrator
):
    for pairing in (pair, sister_pair, far_pair):
        due(pairing, "visit", monday)
    call_command("write_week")
    mine = words(signed_in(director).get(WEEK))
    assert "陈小雨" in mine and "姐小妹" not in mine and "远小方" not in mine
    above = signed_in(supervisor).get(WEEK)
    rows = [row.find("a").text for row in soup(above).select("tbody tr")]
    assert sorted(rows) == sorted(str(p.community) for p in (pair, sister_pair))
    assert "陈小雨" not in words(above)
    one = words(signed_in(supervisor).get(WEEK, {"community": sister_pair.community_id}))
    assert "姐小妹" in one and "陈小雨" not in one
    elsewhere = words(signed_in(supervisor).get(WEEK, {"community": far_pair.community_id}))
    assert "远小方" not in elsewhere
    for nobody in (federation, administrator):
        assert signed_in(nobody).get(WEEK).status_code == 404


def test_who_may_not_see_children_reads_file_numbers(pair, monday, signed_in, director, monkeypatch):
    due(pair, "visit", monday)
    weekly.write_all()
    monkeypatch.setattr(type(director), "sees", lambda user, facts: False)
    page = words(signed_in(director).get(WEEK))
    assert "陈小雨" not in page and pair.child.number in page


def test_a_pairing_that_moved_away_is_named_no_longer(pair, far_community, monday, signed_in, director):
    due(pair, "visit", monday)
    weekly.write_all()
    Pairing.objects.filter(pk=pair.pk).update(community=far_community)
    page = words(signed_in(director).get(WEEK))
    assert "陈小雨" not in page and "and 1 more" in page


def test_it_is_new_on_the_start_page_until_it_is_read(pair, monday, signed_in, director, supervisor):
    client, news = signed_in(director), "The week of the five ones is ready to read"
    assert news not in words(client.get("/admin/"))
    weekly.write_all()
    assert news in words(client.get("/admin/"))
    assert client.get(WEEK).status_code == 200
    assert news not in words(client.get("/admin/"))
    assert news in words(signed_in(supervisor).get("/admin/"))
    client.get(WEEK)
    assert DigestReading.objects.count() == 1


def test_earlier_weeks_stay_and_can_be_chosen(pair, monday, signed_in, director):
    due(pair, "visit", monday)
    weekly.write_all()
    with time_machine.travel(timezone.localtime() + dt.timedelta(days=8), tick=False):
        assert weekly.write_all() == 1
        client = signed_in(director)
        assert "Fell due last week and is not done: 1" in words(client.get(WEEK))
        earlier = words(client.get(WEEK, {"week": str(monday)}))
        assert "Falls due this week: 1" in earlier
        for junk in ("x", "2026-13-01", "2000-01-03"):
            assert "Fell due last week and is not done: 1" in words(client.get(WEEK, {"week": junk}))


def test_a_week_is_printed(pair, far_pair, monday, signed_in, director):
    due(pair, "visit", monday)
    weekly.write_all()
    client = signed_in(director)
    link = next(a for a in soup(client.get(WEEK)).select("a.button") if "Print" in a.text)
    assert "陈小雨" in words(client.get(link["href"]))
    theirs = WeekDigest.objects.get(community=far_pair.community_id)
    assert client.get(reverse("paper", args=["week_digest", theirs.pk])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_weeks_are_printed_with_few_queries(
    pair, signed_in, director, community, monday, count, django_assert_max_num_queries
):
    for weeks in range(count):
        weekly.write("150902", monday - dt.timedelta(weeks=weeks))
    client = signed_in(director)
    keys = ",".join(str(key) for key in WeekDigest.objects.values_list("pk", flat=True))
    with django_assert_max_num_queries(16):
        page = words(client.get(reverse("papers", args=["week_digest"]), {"keys": keys}))
    assert page.count("The week of the five ones") == count


def test_before_the_first_monday_the_page_says_so(signed_in, director):
    assert "No week is written yet" in words(signed_in(director).get(WEEK))


@pytest.mark.parametrize("count", [1, 3])
def test_a_week_makes_few_queries(
    signed_in, director, community, district, monday, count, django_assert_max_num_queries
):
    a_term()
    for number in range(count):
        helper = a_helper(community, director, phone=f"1541234567{number}")
        pairing = a_pairing(a_child(community), helper, director)
        due(pairing, "visit", monday)
        ChildLetter.write(pairing, text="你好", by=director)
    weekly.write_all()
    client = signed_in(director)
    client.get(WEEK)
    with django_assert_max_num_queries(16):
        assert f"Falls due this week: {count}" in words(client.get(WEEK))
