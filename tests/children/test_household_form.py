import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from children import status
from children.models import Adult, Away, Child, Household, Kinship
from records.drafts import Draft
from tests.children.factories import a_child, an_adult, away, id_number
from tests.children.pages import filled, soup, words
from tests.records.threads import at_once

NEW = "/children/new/"
BORN = dt.date(2016, 5, 1)
CHILD = {"newchild0-name": "陈小雨", "newchild0-id_number": id_number(BORN)}
AWAY = {
    "newadult0-name": "陈建国",
    "newadult0-relation": "father",
    "newadult0-phone": "161 0000-0001",
    "newadult0-whereabouts": "away",
    "newadult0-away_since": "2025-01-10",
    "newadult0-away_place": "呼和浩特",
}
CARER = {"newadult1-name": "王秀英", "newadult1-relation": "grandmother_p", "newadult1-is_caregiver": "on"}


@pytest.fixture
def client(director, signed_in):
    return signed_in(director)


def test_a_household_is_registered_by_hand(client, director):
    sent = filled(client.get(NEW), **CHILD, **AWAY, **CARER, **{"home-address": "恩和路 1 号"})
    response = client.post(NEW, sent)
    child = Child.objects.get()
    assert response.url == f"/children/{child.pk}/?tab=family"
    assert (child.sex, child.birth_date, child.number) == ("F", BORN, "150902001001-0001")
    father = Adult.objects.get(name="陈建国")
    assert father.phone == "16100000001"
    assert (father.aways.get().since, father.aways.get().is_other_county) == (dt.date(2025, 1, 10), True)
    assert child.kinships.get(is_caregiver=True).adult.name == "王秀英"
    assert child.household.address == "恩和路 1 号"
    assert client.post(NEW, sent).url == response.url, "sent twice, registered once"
    assert Child.objects.count() == Household.objects.count() == 1


def test_what_aid_a_household_receives_is_entered_and_corrected(client):
    aid = {"home-has_temporary_aid": "on", "home-other_aid": "住房救助"}
    client.post(NEW, filled(client.get(NEW), **CHILD, **aid))
    household = Household.objects.get()
    assert (household.has_temporary_aid, household.has_medical_aid, household.other_aid) == (True, False, "住房救助")
    page = client.get(household.get_absolute_url())
    assert {"Receives temporary aid", "Receives medical aid", "Other aid"} <= {
        label.get_text(" ", strip=True).removesuffix(" (optional)") for label in soup(page).select("label")
    }
    client.post(household.get_absolute_url(), filled(page, **{"home-has_medical_aid": "on", "home-other_aid": ""}))
    household.refresh_from_db()
    assert (household.has_temporary_aid, household.has_medical_aid, household.other_aid) == (True, True, "")


def test_another_row_keeps_what_is_typed_and_complains_of_nothing(client):
    sent = filled(client.get(NEW), **{"newchild0-id_number": "123", "newchild0-is_boarding": "on"})
    page = client.post(NEW, {**sent, "add": "new_children"})
    again = filled(page)
    assert page.status_code == 200
    assert not soup(page).select(".errorlist")
    assert (again["newchild0-id_number"], again["newchild0-is_boarding"]) == ("123", "on")
    assert "newchild1-name" in again
    assert (again["new_children"], again["new_adults"]) == ("2", "2")
    for junk in ("-5", "x", "9999999999999"):
        assert client.post(NEW, {**sent, "new_children": junk, "add": "new_adults"}).status_code == 200


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"newchild0-id_number": id_number(BORN)[:-1] + "0"}, "The last character of this ID number does not fit"),
        ({"newchild0-id_number": id_number(BORN), "newchild0-birth_date": "2016-05-02"}, "The ID number says"),
        ({"newchild0-id_number": id_number(BORN), "newchild0-sex": "M"}, "The ID number says otherwise"),
        ({"newchild0-id_number": ""}, "Type the birth date or the ID number."),
        ({"newchild0-id_number": "", "newchild0-birth_date": "0000-00-00"}, "Enter a valid date."),
        ({"newchild0-id_number": "", "newchild0-birth_date": "2099-01-01"}, "The birth date lies in the future."),
        ({"newchild0-id_number": "", "newchild0-birth_date": "1990-01-01"}, "Only children under 18 are registered."),
        ({"newchild0-name": "陈\u202e小雨"}, "invisible control characters"),
        ({"newchild0-name": "陈" * 61}, "at most 60 characters"),
        ({"newchild0-registered_county": "12"}, "A county code has six digits"),
        ({"newadult0-phone": "12"}, "This is not a phone number"),
        ({"newadult0-away_since": "2099-01-01"}, "This day lies in the future."),
        ({"newadult1-relation": "father"}, "already have a father or mother"),
        ({"newadult0-is_caregiver": "on"}, "Only one adult is noted"),
        ({"newadult1-unable_reason": "病"}, "Since when?"),
        ({"newadult0-relation": "king"}, "Select a valid choice"),
        ({"new_children": "2", "newchild1-name": "同号", "newchild1-id_number": id_number(BORN)}, "same ID number"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(client, typed, said):
    sent = filled(client.get(NEW), **{**CHILD, **AWAY, **CARER, **typed})
    page = client.post(NEW, sent)
    assert page.status_code == 200
    assert said in words(page)
    again = filled(page)
    kept = {k: v for k, v in sent.items() if k.startswith("new") and "\u202e" not in v and v != "king"}
    assert {k: again.get(k) for k in kept} == kept
    assert not Child.objects.exists()
    assert not Household.objects.exists()


def test_what_is_asked_of_who_is_away_is_put_aside_for_who_is_at_home(client):
    """Typed, then hidden by “at home”: neither saved nor demanded, not even in a row that is blank but for it."""
    aside = {"newadult0-whereabouts": "home", "newadult0-away_since": "2999-01-01"}
    blank = {"newadult1-name": "", "newadult1-relation": "", "newadult1-is_caregiver": "", "newadult1-phone": ""}
    blank |= {"newadult1-whereabouts": "home", "newadult1-away_place": "包头", "newadult1-is_same_county": "on"}
    answer = client.post(NEW, filled(client.get(NEW), **{**CHILD, **AWAY, **aside, **blank}))
    assert answer.status_code == 302
    assert Adult.objects.count() == 1
    assert not Away.objects.exists()


def test_names_keep_their_rare_characters(client):
    name = "㐂𠮷·O'Neil <b>"
    client.post(NEW, filled(client.get(NEW), **{**CHILD, "newchild0-name": f"　{name} "}))
    child = Child.objects.get()
    assert child.name == name
    assert "&lt;b&gt;" in client.get(f"/children/{child.pk}/").content.decode()


def test_a_likely_double_is_named_and_may_be_registered_all_the_same(client, community, far_community):
    mine = a_child(community, birth_date=BORN)
    an_adult(mine, "father", name="陈建国")
    theirs = a_child(far_community, birth_date=BORN, id_number=id_number(BORN))
    an_adult(theirs, "father", name="陈建国")
    sent = filled(client.get(NEW), **CHILD, **AWAY)
    page = client.post(NEW, sent)
    assert mine.number in words(page)
    assert "a father of the same name" in words(page)
    assert theirs.number not in page.content.decode()
    assert Child.objects.count() == 2
    client.post(NEW, {**filled(page), "all_the_same": "yes"})
    assert Child.objects.filter(community=community).count() == 2


def test_nothing_tells_that_another_community_has_the_child(client, community, far_community):
    a_child(far_community, birth_date=BORN, id_number=id_number(BORN))
    assert client.post(NEW, filled(client.get(NEW), **CHILD)).status_code == 302
    assert Child.objects.filter(community=community).count() == 1


def test_the_same_id_number_is_refused_with_the_files_number(client, community):
    known = a_child(community, name="别名", birth_date=BORN, id_number=id_number(BORN))
    assert known.number in words(client.post(NEW, filled(client.get(NEW), **CHILD)))


def test_a_draft_is_offered_again_until_saved(client, director):
    client.post(reverse("records:draft", args=["children.new"]), {**CHILD, "new_children": "2", "new_adults": "1"})
    page = client.get(NEW)
    assert "This is your draft" in words(page)
    again = filled(page)
    assert again["newchild0-id_number"] == CHILD["newchild0-id_number"]
    assert "newchild1-name" in again
    assert not soup(page).select(".errorlist")
    assert client.post(NEW, again).status_code == 302
    assert Draft.find(director, "children.new") is None


def test_a_draft_can_be_thrown_away(client, director):
    Draft.keep(director, "children.new", CHILD)
    client.post(NEW, {"afresh": "yes"})
    assert Draft.find(director, "children.new") is None


@pytest.fixture
def home(community):
    child = a_child(community, birth_date=BORN, id_number=id_number(BORN))
    father = an_adult(child, "father", name="陈建国", phone="16100000001", away_since=dt.date(2025, 1, 1))
    an_adult(child, "grandmother_p", name="王秀英", cares=True)
    return f"/children/household/{child.household_id}/", child, father


def test_opening_and_saving_changes_nothing(client, home):
    url, child, father = home
    before = list(Adult.objects.values()), list(Away.objects.values()), list(Kinship.objects.values())
    facts = status.Facts.of(child)
    assert client.post(url, filled(client.get(url))).status_code == 302
    assert (list(Adult.objects.values()), list(Away.objects.values()), list(Kinship.objects.values())) == before
    child.refresh_from_db()
    assert status.Facts.of(child) == facts
    assert child.id_number == id_number(BORN)


def test_what_is_asked_of_who_came_back_is_put_aside_for_who_is_away(client, home, director):
    url, _child, father = home
    typed = {f"adult{father.pk}-came_back_on": "2999-01-01", f"adult{father.pk}-whereabouts": "away"}
    before = list(Adult.objects.values()), list(Away.objects.values())
    assert client.post(url, filled(client.get(url), **typed)).status_code == 302
    assert (list(Adult.objects.values()), list(Away.objects.values())) == before


def test_a_stay_that_ends_keeps_what_was_said_of_it(client, home):
    url, _child, father = home
    typed = {"whereabouts": "home", "away_since": "2024-05-05", "away_place": "别处", "came_back_on": "2026-01-20"}
    early = {**typed, "came_back_on": "2024-12-31"}
    page = client.post(url, filled(client.get(url), **{f"adult{father.pk}-{k}": v for k, v in early.items()}))
    assert "The day of return lies before the day of leaving." in words(page)
    assert client.post(url, filled(page, **{f"adult{father.pk}-{k}": v for k, v in typed.items()})).status_code == 302
    stay = father.aways.get()
    assert (stay.since, stay.place, stay.until) == (dt.date(2025, 1, 1), "", dt.date(2026, 1, 20))


def test_a_household_is_edited_where_it_stands(client, home):
    url, child, father = home
    typed = {
        f"adult{father.pk}-whereabouts": "home",
        f"adult{father.pk}-came_back_on": "2026-01-20",
        f"adult{father.pk}-phone": "16100000002",
        f"child{child.pk}-grade": "G4",
    }
    page = client.post(url, {**filled(client.get(url)), "add": "new_children"})
    sent = filled(page, **typed, **{"newchild0-name": "陈小宝", "newchild0-birth_date": "2020-02-02"})
    assert client.post(url, {**sent, "newchild0-sex": "M"}).status_code == 302
    father.refresh_from_db()
    assert father.phone == "16100000002"
    assert father.aways.get().until == dt.date(2026, 1, 20)
    assert Child.objects.get(name="陈小宝").kinships.count() == 2
    child.refresh_from_db()
    assert (child.grade, child.id_number) == ("G4", id_number(BORN))


def test_the_second_editor_sees_what_the_first_saved_and_loses_nothing(client, home, signed_in, supervisor):
    url, child, father = home
    mine, theirs = filled(client.get(url)), filled(signed_in(supervisor).get(url))
    name, place = f"adult{father.pk}-name", f"adult{father.pk}-away_place"
    assert client.post(url, {**mine, place: "北京", name: "陈国"}).status_code == 302
    page = signed_in(supervisor).post(url, {**theirs, place: "上海", f"child{child.pk}-grade": "G5"})
    assert page.status_code == 200
    assert "Stored now: 北京" in words(page)
    assert "Stored now: 陈国" in words(page)
    again = filled(page)
    assert (again[place], again[f"child{child.pk}-grade"]) == ("上海", "G5")
    assert father.aways.get().place == "北京"
    assert signed_in(supervisor).post(url, {**again, name: "陈国"}).status_code == 302
    assert father.aways.get().place == "上海"


def test_a_row_of_another_household_cannot_be_reached_through_the_form(client, home, far_community):
    url, _child, _father = home
    other = an_adult(a_child(far_community), name="外人")
    away(other, dt.date(2025, 1, 1))
    sent = filled(client.get(url), **{f"adult{other.pk}-name": "改名", f"adult{other.pk}-whereabouts": "home"})
    assert client.post(url, sent).status_code == 302
    other.refresh_from_db()
    assert other.name == "外人"
    assert other.aways.get().until is None


def test_households_elsewhere_do_not_exist(home, signed_in, stranger, federation, counsellor, administrator):
    url, child, _father = home
    for user in (stranger, federation, counsellor, administrator):
        web = signed_in(user)
        for address in (url, url.replace(str(child.household_id), "999999")):
            assert web.get(address).status_code == 404
            assert web.post(address, {}).status_code == 404
    for user in (federation, counsellor, administrator):
        assert signed_in(user).get(NEW).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_double_click_registers_once(director, community, signed_in):
    web = signed_in(director)
    sent = filled(web.get(NEW), **CHILD, **AWAY)
    twice = at_once(lambda: signed_in(director).post(NEW, sent).status_code, lambda: web.post(NEW, sent).status_code)
    assert twice == [302, 302]
    assert Child.objects.count() == 1


def test_the_form_costs_the_same_for_one_child_and_for_five(client, community, django_assert_max_num_queries):
    home = Household.objects.create(community=community)
    url = f"/children/household/{home.pk}/"
    eldest = a_child(community, home)
    an_adult(eldest, "mother")
    client.get(url)
    with django_assert_max_num_queries(25) as first:
        client.get(url)
    for n in range(4):
        one = a_child(community, home, name=f"弟{n}")
        an_adult(one, "uncle_aunt", name=f"姑{n}", away_since=timezone.localdate())
    with django_assert_max_num_queries(25) as second:
        client.get(url)
    assert len(first) == len(second)
