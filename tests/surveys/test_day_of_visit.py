"""What is typed days after a visit stands in the files as of the visit."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import signing

from children import follow_ups as following
from children import stays
from children.heard import Heard
from children.models import Away, Child, Household
from records.trail import TrailEntry
from surveys.models import HouseholdVisit
from tests.children.factories import an_adult, away
from tests.children.pages import filled, soup, words
from tests.surveys.factories import a_home, a_round, a_visit, days_ago, today

CHILD = {"newchild0-name": "新来的", "newchild0-sex": "M", "newchild0-birth_date": "2018-03-04"}
FATHER = {
    "newadult0-name": "陈建国",
    "newadult0-relation": "father",
    "newadult0-whereabouts": "away",
    "newadult0-away_since": "2025-01-10",
}


@pytest.fixture
def survey_round(street, supervisor):
    return a_round(street, supervisor, since=10)


@pytest.fixture
def client(director, signed_in):
    return signed_in(director)


@pytest.fixture
def father(community, make_child):
    child = make_child(community, a_home(community), name="陈小雨")
    return an_adult(child, "father", name="陈建国")


@pytest.fixture
def stay(father):
    """Noted two years ago, verified by nobody since."""
    away(father, days_ago(800))
    father.aways.update(reported_on=days_ago(700), verified_on=days_ago(700))
    return father.aways.get()


def new_family(client, survey_round):
    page = client.get(f"/surveys/rounds/{survey_round.pk}/households/")
    return next(a["href"] for a in soup(page).select("main a") if "New family found" in a.get_text())


def follow_ups(adult):
    return following.follow_ups(adult.kinships.get().child, today())


def visit_page(survey_round, household):
    return f"/surveys/rounds/{survey_round.pk}/visit/?household={household.pk}"


# A new family ---------------------------------------------------------------------------------------------------------


def test_a_family_registered_later_is_on_file_as_of_the_visit(client, director, survey_round):
    way = new_family(client, survey_round)
    form = filled(client.get(way))
    assert form["heard-on"] == today().isoformat()
    back = client.post(way, {**form, **CHILD, **FATHER, "heard-on": days_ago(4).isoformat()})
    child, stay = Child.objects.get(), Away.objects.get()
    assert child.registered_on == days_ago(4)
    assert (stay.reported_on, stay.verified_on, stay.verified_by) == (days_ago(4), days_ago(4), director)
    assert parse_qs(urlsplit(back.url).query)["on"] == [days_ago(4).isoformat()]
    client.post(back.url, filled(client.get(back.url)))
    visit = HouseholdVisit.objects.get()
    assert (visit.result, visit.visited_on) == ("new_family", days_ago(4))


@pytest.mark.parametrize(
    ("day", "said"),
    [(-1, "This day lies in the future."), (11, "The day of the visit lies before the round begins."),
     (90000, "Choose a day within")],
)  # fmt: skip
def test_a_day_out_of_the_round_registers_nobody_and_loses_nothing(day, said, client, survey_round):
    way = new_family(client, survey_round)
    page = client.post(way, {**filled(client.get(way)), **CHILD, "heard-on": days_ago(day).isoformat()})
    assert said in words(page)
    again = filled(page)
    assert (again["newchild0-name"], again["heard-on"]) == ("新来的", days_ago(day).isoformat())
    assert not Child.objects.exists()


def test_another_row_keeps_the_day_that_was_typed(client, survey_round):
    way = new_family(client, survey_round)
    typed = {**filled(client.get(way)), "heard-on": days_ago(3).isoformat(), "add": "new_children"}
    assert filled(client.post(way, typed))["heard-on"] == days_ago(3).isoformat()


def test_a_child_born_since_the_visit_is_on_file_from_birth(client, survey_round):
    way = new_family(client, survey_round)
    born = {**CHILD, "newchild0-birth_date": days_ago(1).isoformat(), "heard-on": days_ago(4).isoformat()}
    client.post(way, {**filled(client.get(way)), **born})
    assert Child.objects.get().registered_on == days_ago(1)


def test_nobody_dates_entries_at_will(client, survey_round):
    assert "heard-on" not in filled(client.get("/children/new/"))
    mine = signing.dumps([days_ago(900).isoformat()] * 2, salt="children.somewhere")
    for word in ("x", mine, Heard(today(), today()).in_address()["heard"][:-1]):
        assert client.get("/children/new/", {"heard": word}).status_code == 404
    client.post("/children/new/", {**filled(client.get("/children/new/")), **CHILD, "heard-on": "2020-01-01"})
    assert Child.objects.get().registered_on == today()


# A family on file -----------------------------------------------------------------------------------------------------


def test_what_changed_in_a_family_is_noted_as_of_the_visit(client, director, survey_round, father):
    form = filled(client.get(visit_page(survey_round, father.household)))
    typed = {**form, "result": "met", "has_changes": "on", "visited_on": days_ago(5).isoformat(), "then": "household"}
    way = client.post(visit_page(survey_round, father.household), typed).url
    page = filled(client.get(way))
    assert page["heard-on"] == days_ago(5).isoformat()
    client.post(way, {**page, f"adult{father.pk}-whereabouts": "away", f"adult{father.pk}-away_place": "广东东莞"})
    stay = Away.objects.get()
    assert (stay.since, stay.reported_on, stay.verified_on) == (None, days_ago(5), days_ago(5))


def test_who_is_back_without_a_day_is_back_since_the_visit(client, survey_round, father, stay):
    a_visit(survey_round, father.household, survey_round.opened_by, has_changes=True, on=days_ago(5))
    page = client.get(visit_page(survey_round, father.household))
    way = next(a["href"] for a in soup(page).select("main a") if a.get_text() == "Household form")
    client.post(way, {**filled(client.get(way)), f"adult{father.pk}-whereabouts": "home"})
    assert Away.objects.get().until == days_ago(5)


def test_who_left_after_the_visit_is_not_reported_before_leaving(director, father):
    stay = stays.note_stay(Away(adult=father, since=days_ago(2)), on=days_ago(5), by=director)
    assert (stay.reported_on, stay.verified_on) == (days_ago(2), days_ago(2))


# Met, nothing changed -------------------------------------------------------------------------------------------------


def test_a_family_met_unchanged_has_verified_its_stays_on_that_day(client, director, survey_round, father, stay):
    assert "unverified" in follow_ups(father)
    page = client.get(visit_page(survey_round, father.household))
    assert "these stays away count as verified on the day of the visit: 陈建国" in words(page)
    typed = {**filled(page), "result": "met", "visited_on": days_ago(3).isoformat()}
    said = client.post(visit_page(survey_round, father.household), typed, follow=True)
    assert "Noted: family met. 1 stay away is verified as of that day." in soup(said).get_text(" ", strip=True)
    stay.refresh_from_db()
    assert (stay.verified_on, stay.verified_by) == (days_ago(3), director)
    assert TrailEntry.objects.about(stay).filter(verb="verified a stay away").count() == 1
    assert "unverified" not in follow_ups(father)


@pytest.mark.parametrize(
    ("result", "has_changes"), [("met", True), ("nobody_home", False), ("refused", False), ("new_family", False)]
)
def test_any_other_visit_verifies_nothing(result, has_changes, director, survey_round, father, stay):
    a_visit(survey_round, father.household, director, result, has_changes=has_changes)
    stay.refresh_from_db()
    assert stay.verified_on == days_ago(700)


def noted(client, survey_round, father, **sent):
    client.post(visit_page(survey_round, father.household), sent)
    stay = father.aways.get()
    return stay.verified_on, stay.verified_by


def test_what_a_visit_verified_follows_the_visit(client, director, supervisor, survey_round, father, stay):
    father.aways.update(verified_by=supervisor)
    before = (days_ago(700), supervisor)

    def say(**sent):
        page = client.get(visit_page(survey_round, father.household))
        return noted(client, survey_round, father, **{**filled(page), **sent})

    assert say(result="met", visited_on=days_ago(2).isoformat()) == (days_ago(2), director)
    assert say(note="门锁了一会儿") == (days_ago(2), director)
    assert say(visited_on=days_ago(5).isoformat()) == (days_ago(5), director)
    assert say(result="nobody_home") == before
    assert say(result="met") == (days_ago(5), director)
    assert say(has_changes="on") == before
    acts = TrailEntry.objects.about(stay).filter(verb="took back the verifying of a stay away")
    assert acts.count() == 3


def test_what_somebody_verified_after_the_visit_stays(client, supervisor, survey_round, father, stay):
    assert noted(client, survey_round, father, quick="same")[0] == today()
    father.aways.update(verified_by=supervisor)
    page = client.get(visit_page(survey_round, father.household))
    assert noted(client, survey_round, father, **{**filled(page), "result": "nobody_home"}) == (today(), supervisor)


def test_only_stays_of_this_household_that_nobody_verified_later(
    director, supervisor, survey_round, father, stay, community, make_child
):
    mother, uncle, aunt = (an_adult(father.kinships.get().child, r) for r in ("mother", "uncle_aunt", "sibling"))
    for adult, since, verified in [(mother, 90, 1), (uncle, 2, None), (aunt, 90, None)]:
        away(adult, days_ago(since))
        adult.aways.update(verified_on=verified and days_ago(verified), verified_by=supervisor)
    stranger = an_adult(make_child(community, a_home(community)), "father")
    away(stranger, days_ago(90))
    stranger.aways.update(verified_on=None)
    over = an_adult(father.kinships.get().child, "other_relative")
    away(over, days_ago(90))
    over.aways.update(verified_on=None, until=days_ago(30))
    a_visit(survey_round, father.household, director, on=days_ago(4))
    found = dict(Away.objects.values_list("adult", "verified_on"))
    assert found == {
        father.pk: days_ago(4), mother.pk: days_ago(1), uncle.pk: None, aunt.pk: days_ago(4),
        stranger.pk: None, over.pk: None,
    }  # fmt: skip


def test_one_tap_says_what_it_verifies(client, survey_round, father, stay):
    page = client.get(f"/surveys/rounds/{survey_round.pk}/households/")
    assert "“Met, nothing changed” also notes that the stays away on file were verified that day." in words(page)
    client.post(visit_page(survey_round, father.household), {"quick": "same"})
    assert Away.objects.get().verified_on == today()
    assert Household.objects.count() == 1
