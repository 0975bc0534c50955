"""Spells on the register, reviews and ratings: verbs, pages and what is counted."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from children import closing, intake, measures, parents_in_sql, stays
from children.follow_ups import follow_ups
from children.models import Away, Child, EarlierLeaving, Household, QualityRating, StatusReview
from children.rating import rate
from children.status import Facts, months_after, on_register
from records.lifecycle import Refused
from records.measures import Period
from records.scoping import Scope
from tests.children.factories import a_child, an_adult, id_number, left_behind_child
from tests.children.pages import filled, soup, words

ONE = dt.timedelta(days=1)
BORN = dt.date(2016, 5, 1)


@pytest.fixture
def client(director, signed_in):
    return signed_in(director)


def ago(days):
    return timezone.localdate() - dt.timedelta(days=days)


def test_leaving_and_coming_back_keep_every_spell(community, director):
    child, other = a_child(community), a_child(community, name="一直在")
    closing.leave_register(child, on=ago(200), reason="moved_out", by=director)
    closing.return_to_register(child, on=ago(100), by=director)
    with pytest.raises(Refused, match="already off the register"):
        closing.leave_register(child, on=ago(150), reason="moved_out", by=director)
    closing.leave_register(child, on=ago(50), reason="parent_returned", by=director)
    closing.return_to_register(child, on=ago(20), by=director)
    kept = EarlierLeaving.objects.values_list("left_on", "left_reason", "returned_on")
    assert list(kept) == [(ago(200), "moved_out", ago(100)), (ago(50), "parent_returned", ago(20))]
    facts = Facts.of(child)
    for days, expected in [(201, 1), (200, 0), (101, 0), (100, 1), (51, 1), (50, 0), (21, 0), (20, 1), (0, 1)]:
        found = Child.objects.on_register(ago(days)).filter(pk=child.pk).count()
        assert (found, int(on_register(facts, ago(days)))) == (expected, expected), days
        assert Child.objects.on_register(ago(days)).filter(pk=other.pk).exists()


def test_todays_list_asks_only_the_childs_own_row(community):
    today, yesterday = str(Child.objects.on_register(ago(0)).query), str(Child.objects.on_register(ago(1)).query)
    assert "earlierleaving" not in today
    assert "earlierleaving" in yesterday


def test_coming_back_must_fit_and_a_mistake_leaves_no_gap(community, director):
    child = a_child(community)
    closing.leave_register(child, on=ago(10), reason="moved_out", by=director)
    for day, words_said in [(ago(11), "later than that"), (ago(-1), "future")]:
        with pytest.raises(Refused, match=words_said):
            closing.return_to_register(child, on=day, by=director)
    closing.return_to_register(child, was_mistake=True, by=director)
    assert not EarlierLeaving.objects.exists()
    assert Child.objects.on_register(ago(5)).get() == child
    with pytest.raises(Refused, match="is on the register"):
        closing.return_to_register(child, by=director)


def test_who_has_turned_18_does_not_come_back_from_that_day_on(community, director):
    child = a_child(community, birth_date=ago(18 * 365 + 15))
    closing.leave_register(child, on=ago(30), reason="moved_out", by=director)
    grown_up = months_after(child.birth_date, 12 * 18)
    with pytest.raises(Refused, match="turned 18 on"):
        closing.return_to_register(child, on=grown_up, by=director)
    closing.return_to_register(child, on=grown_up - dt.timedelta(days=1), by=director)
    assert child.left_on is None


def test_a_reason_must_not_contradict_the_file(community, director):
    child = left_behind_child(community)
    with pytest.raises(Refused, match="turns 18 on"):
        closing.leave_register(child, on=ago(0), reason="adult", by=director)
    with pytest.raises(Refused, match="still counts as left behind"):
        closing.leave_register(child, on=ago(0), reason="parent_returned", by=director)
    stays.end_stay(Away.objects.get(adult__name="李红"), on=ago(0), by=director)
    closing.leave_register(child, on=ago(0), reason="parent_returned", by=director)
    assert child.left_reason == "parent_returned"


def test_who_left_and_came_back_still_left_in_that_quarter(community, director):
    child = a_child(community)
    closing.leave_register(child, on=ago(200), reason="moved_out", by=director)
    closing.return_to_register(child, on=ago(100), by=director)
    scope = Scope.of(community.pk)
    assert list(measures.left_register(scope, Period(ago(210), ago(190)))) == [child]
    assert not measures.left_register(scope, Period(ago(189), ago(0))).exists()


def test_a_parent_came_back_and_the_file_is_reviewed_in_one_act(client, community, director):
    child, other = left_behind_child(community), left_behind_child(community, name="还留守")
    stays.end_stay(Away.objects.filter(adult__household=child.household_id).first(), on=ago(0), by=director)
    for stay in Away.objects.filter(adult__household=other.household_id):
        if stay.adult.name == "陈建国":
            stays.end_stay(stay, on=ago(0), by=director)
            stays.note_stay(Away(adult=stay.adult, since=ago(0)), by=director)
    back = parents_in_sql.parent_back(ago(0))
    assert list(Child.objects.filter(back)) == [child], "the other's father went out again"
    url = f"/children/{child.pk}/review/"
    assert url in client.get(f"/children/{child.pk}/?tab=family").content.decode()
    page = client.get(url)
    assert "This field is required" in words(client.post(url, filled(page)))
    sent = filled(client.get(url), note="母亲春节后还走")
    assert [client.post(url, sent).status_code for _twice in "ab"] == [302, 302]
    assert StatusReview.objects.get().note == "母亲春节后还走"
    assert not Child.objects.filter(back).exists()
    assert "母亲春节后还走" in words(client.get(url))


def test_who_turned_16_since_the_roster_is_looked_at_once(community, director):
    day, roster = dt.date(2025, 9, 10), dt.date(2025, 4, 22)
    birthdays = {"前": roster, "后": roster + ONE, "未": day + ONE}
    before, since, later = (
        a_child(community, name=name, birth_date=on.replace(year=on.year - 16), registered_on=dt.date(2020, 1, 1))
        for name, on in birthdays.items()
    )
    condition = parents_in_sql.turned_16(day)
    assert list(Child.objects.filter(condition)) == [since]
    closing.keep_on_register(since, note="仍是未成年人", by=director)
    assert not Child.objects.filter(condition).exists()
    assert follow_ups(before, day) == follow_ups(later, day) == []


def test_the_last_roster_is_that_of_the_22_april_before():
    assert parents_in_sql.last_roster_day(dt.date(2026, 4, 21)) == dt.date(2025, 4, 22)
    assert parents_in_sql.last_roster_day(dt.date(2026, 4, 22)) == dt.date(2026, 4, 22)


# Ratings ------------------------------------------------------------------------------------------------------------


def test_every_rating_is_kept_and_the_newest_stands_on_the_child(community, director):
    child = a_child(community)
    rate(child, "good", reasons=["assured"], on=ago(100), by=director)
    rate(child, "poor", reasons=["nobody"], note="奶奶去世", on=ago(10), by=director)
    rate(child, "fair", on=ago(50), by=director)
    assert list(child.ratings.values_list("quality", flat=True)) == ["poor", "fair", "good"]
    assert Child.objects.get().guardianship_quality == child.guardianship_quality == "poor"


def test_nobody_in_charge_is_always_poor(community, director):
    child = a_child(community)
    for quality in ("good", "fair"):
        with pytest.raises(Refused, match="always poor"):
            rate(child, quality, reasons=["nobody"], by=director)
    with pytest.raises(IntegrityError, match="always_poor"), transaction.atomic():
        QualityRating.objects.create(
            child=child, community=community, quality="fair", reasons=["nobody"], rated_on=ago(0)
        )
    assert not QualityRating.objects.exists()


def test_forms_of_the_file_keep_their_ratings_too(client, community, director):
    child = Child(name="陈小雨", sex="F", birth_date=BORN, guardianship_quality="good", id_number=id_number(BORN))
    intake.register_household(Household(), [child], [], community=community, by=director)
    url = f"/children/{child.pk}/edit/"
    client.post(url, filled(client.get(url), **{"child-guardianship_quality": "fair"}))
    home = f"/children/household/{child.household_id}/"
    client.post(home, filled(client.get(home), **{f"child{child.pk}-guardianship_quality": "poor"}))
    assert list(child.ratings.order_by("pk").values_list("quality", flat=True)) == ["good", "fair", "poor"]
    client.post(home, filled(client.get(home), **{f"child{child.pk}-school": "一小"}))
    assert child.ratings.count() == 3, "another fact changed"
    gone = client.post(url, filled(client.get(url), **{"child-guardianship_quality": ""}))
    assert "A rating is replaced by a new one" in words(gone)


def test_a_rating_is_given_on_its_page_with_reasons(client, community, director):
    child = a_child(community)
    url = f"/children/{child.pk}/rate/"
    wrong = client.post(url, filled(client.get(url), quality="good", reasons="nobody"))
    assert "always poor" in words(wrong)
    assert "This field is required" in words(client.post(url, filled(client.get(url), quality="good")))
    sent = filled(client.get(url), quality="poor", reasons="nobody", note="独自在家")
    answers = [client.post(url, sent) for _twice in "ab"]
    assert [a.url for a in answers] == [f"/children/{child.pk}/?tab=care"] * 2
    page = words(client.get(f"/children/{child.pk}/?tab=care"))
    assert "nobody in charge" in page and "独自在家" in page and "priority child" in page
    assert child.ratings.get().rated_by == director


# The status on a day ------------------------------------------------------------------------------------------------


def test_the_file_tells_the_status_on_a_chosen_day(client, community):
    child = a_child(community, birth_date=BORN, registered_on=ago(500))
    for relation in ("father", "mother"):
        an_adult(child, relation, away_since=ago(300))
    page = words(client.get(f"/children/{child.pk}/?day={ago(250):%Y-%m-%d}"))
    assert "not in the count" in page
    assert "not yet 6 months" in page
    for junk in ("x", "0000-00-00", "1900-01-01", f"{ago(-1):%Y-%m-%d}", "2026-13-01", "9" * 300):
        answer = client.get(f"/children/{child.pk}/", {"day": junk})
        assert answer.status_code == 200
        assert "Choose a day between the child's birth and today." in words(answer)
    rows = soup(client.get(f"/children/{child.pk}/")).find("caption", string="History of the status").parent
    assert [row.td.find_next("td").find_next("td").contents[0].strip() for row in rows.tbody.find_all("tr")] == [
        "left behind",
        "not in the count",
        "not in the count",
        "not in the count",
    ]


def test_a_file_closed_and_reopened_on_its_pages_says_so(client, community, director):
    child = a_child(community, birth_date=BORN)
    url = f"/children/{child.pk}/leave/"
    client.post(url, filled(client.get(url), on=f"{ago(30):%Y-%m-%d}", reason="moved_out"))
    back = f"/children/{child.pk}/return/"
    early = client.post(back, filled(client.get(back), on=f"{ago(31):%Y-%m-%d}"), follow=True)
    assert "left the register later than that" in early.content.decode()
    client.post(back, filled(client.get(back), on=f"{ago(3):%Y-%m-%d}"))
    assert "Back on the register since" in words(client.get(f"/children/{child.pk}/"))
    assert "left the register" in words(client.get(f"/children/{child.pk}/?day={ago(10):%Y-%m-%d}"))


def test_nobody_out_of_scope_decides_about_a_file(community, stranger, counsellor, federation, signed_in):
    child = a_child(community)
    for user in (stranger, counsellor, federation):
        for path in ("rate/", "review/", "return/", "leave/"):
            web = signed_in(user)
            assert web.get(f"/children/{child.pk}/{path}").status_code == 404
            assert web.post(f"/children/{child.pk}/{path}", {"quality": "poor"}).status_code == 404
    assert [QualityRating.objects.count(), StatusReview.objects.count()] == [0, 0]


def test_the_lists_of_what_to_follow_up_cost_the_same_for_many(client, community):
    def cost(key):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/admin/children/child/?follow={key}").status_code == 200
        return len(queries)

    left_behind_child(community)
    Away.objects.update(verified_on=ago(400), expected_back_on=ago(1))
    keys = list(parents_in_sql.FOLLOW_UPS)
    client.get("/admin/children/child/")
    before = [cost(key) for key in keys]
    for n in range(2):
        left_behind_child(community, name=f"孩{n}")
    Away.objects.update(verified_on=ago(400), expected_back_on=ago(1))
    assert [cost(key) for key in keys] == before
    assert len(soup(client.get("/admin/children/child/?follow=unreachable")).select("#result_list tbody tr")) == 3
