"""Registering a further child of a family on file: its adults are known again, and nobody is put on file twice."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from children.models import Adult, Child, Household, Kinship
from records.drafts import Draft
from records.trail import TrailEntry
from tests.children.factories import a_child, an_adult, id_number, kin
from tests.children.pages import filled, soup, words
from tests.children.test_household_form import AWAY, BORN, NEW
from tests.children.test_two_posts import post_elsewhere

LIKELY = "/children/likely/"
ON_FILE = "This family is on file"
BROTHER = {"newchild0-name": "陈小山", "newchild0-id_number": id_number(BORN, "M"), "newchild0-is_boarding": "on"}
FATHER_NUMBER = id_number(dt.date(1985, 2, 3), "M")


@pytest.fixture
def client(director, signed_in):
    return signed_in(director)


def a_family(community, **father):
    """A girl of six with parents and the grandmother who looks after her."""
    child = a_child(community, name="陈小雨", birth_date=dt.date(2019, 8, 8))
    an_adult(child, "father", **{"name": "陈建国", "phone": "16100000001", **father})
    an_adult(child, "mother", name="李红")
    an_adult(child, "grandmother_p", name="王秀英", cares=True)
    return child


@pytest.mark.parametrize(
    ("father", "typed", "why"),
    [
        ({}, AWAY, "陈建国 · same name and same phone"),
        ({"name": "陈建果"}, AWAY, "陈建果 · a name that sounds alike and the same phone"),
        ({"name": "陈父", "phone": "", "id_number": FATHER_NUMBER},
         {**AWAY, "newadult0-id_number": FATHER_NUMBER.lower()}, "陈父 · same ID number"),
        ({"name": "赵刚"}, AWAY, None),
        ({"phone": "16100000002"}, AWAY, None),
        ({"phone": ""}, {**AWAY, "newadult0-phone": ""}, None),
    ],
)  # fmt: skip
def test_a_family_is_known_by_an_adult_while_typing_and_at_saving(client, community, father, typed, why):
    sister = a_family(community, **father)
    sent = filled(client.get(NEW), **BROTHER, **typed)
    asked = client.post(LIKELY, sent).content.decode()
    saved = client.post(NEW, sent)
    if why is None:
        assert asked.strip() == ""
        assert (saved.status_code, Household.objects.count()) == (302, 2)
        return
    for shown in (asked, saved.content.decode()):
        assert ON_FILE in shown
        assert why in shown
        assert sister.number in shown
        assert f'name="there" value="{sister.household_id}"' in shown
    assert Child.objects.count() == 1
    assert TrailEntry.objects.about(sister).filter(verb="read").count() == 2


def test_the_brother_is_added_to_the_household_on_file(client, director, community):
    sister = a_family(community)
    page = client.post(NEW, filled(client.get(NEW), **BROTHER, **AWAY))
    Draft.keep(director, "children.new", {"newchild0-name": "陈小山"})
    answer = client.post(NEW, filled(page, there=str(sister.household_id)))
    assert (answer.status_code, answer.url) == (302, f"/children/household/{sister.household_id}/#newchild0")
    assert Draft.find(director, "children.new") is None
    assert Child.objects.count() == 1
    page = client.get(answer.url)
    sent = filled(page)
    assert (sent["newchild0-name"], sent["newchild0-is_boarding"]) == ("陈小山", "on")
    assert "newadult0-name" not in sent, "the father is on file there"
    carer = next(f"adult{a.pk}-is_caregiver" for a in Adult.objects.all() if a.name == "王秀英")
    assert sent[carer] == "on", "what is on file there stands as it is stored"
    assert client.post(answer.url, sent).status_code == 302
    brother = Child.objects.get(name="陈小山")
    assert (brother.household, Household.objects.count(), Adult.objects.count()) == (sister.household, 1, 3)
    assert [(k.adult.name, k.relation, k.is_caregiver) for k in brother.kinships.all()] == [
        ("陈建国", "father", False), ("李红", "mother", False), ("王秀英", "grandmother_p", True)]  # fmt: skip


def test_an_adult_unknown_there_and_the_address_of_the_form_come_along(client, community):
    sister = a_family(community)
    grandfather = {"newadult1-name": "陈大山", "newadult1-relation": "grandfather_p"}
    page = client.post(f"{NEW}?next=/reports/", filled(client.get(NEW), **BROTHER, **AWAY, **grandfather))
    answer = client.post(f"{NEW}?afresh=&next=/reports/", filled(page, there=str(sister.household_id)))
    assert answer.url == f"/children/household/{sister.household_id}/?next=%2Freports%2F#newchild0"
    assert client.post(answer.url, filled(client.get(answer.url))).url.startswith("/reports/?household=")
    assert sorted(Adult.objects.values_list("name", flat=True)) == sorted(["陈建国", "李红", "王秀英", "陈大山"])
    assert Child.objects.get(name="陈小山").kinships.count() == 4


def test_what_was_typed_there_before_is_kept_beside_it(client, director, community):
    sister = a_family(community)
    url = f"/children/household/{sister.household_id}/"
    before = filled(client.get(url), **{"new_children": "1", "newchild0-name": "陈小河", "home-note": "改过"})
    client.post(f"/drafts/{key_of(client, url)}/", before)
    answer = client.post(NEW, filled(client.get(NEW), **BROTHER, **AWAY, there=str(sister.household_id)))
    assert answer.url == f"{url}#newchild1"
    sent = filled(client.get(url))
    assert (sent["newchild0-name"], sent["newchild1-name"], sent["home-note"]) == ("陈小河", "陈小山", "改过")


def key_of(client, url):
    return soup(client.get(url)).find("form", attrs={"data-draft": True})["data-draft"].split("/")[2]


def test_a_different_family_is_said_once_and_keeps_two_households(client, community):
    sister = a_family(community)
    page = client.post(NEW, filled(client.get(NEW), **BROTHER, **AWAY))
    assert ON_FILE in words(page)
    sent = filled(page, other_family=str(sister.household_id))
    assert client.post(LIKELY, sent).content.strip() == b""
    assert client.post(NEW, sent).status_code == 302
    assert (Household.objects.count(), Adult.objects.count()) == (2, 4)


def test_register_all_the_same_is_said_of_the_child_and_not_of_the_family(client, community):
    """A twin of the same name and day is another child, and of the same family."""
    sister = a_family(community)
    twin = {"newchild0-name": "陈小雨", "newchild0-birth_date": "2019-08-08", "newchild0-sex": "F"}
    page = client.post(NEW, filled(client.get(NEW), **twin, **AWAY))
    assert "Perhaps already on file" in words(page) and ON_FILE in words(page)
    page = client.post(NEW, filled(page, all_the_same="yes"))
    assert "Perhaps already on file" not in words(page) and ON_FILE in words(page)
    assert client.post(NEW, filled(page, other_family=str(sister.household_id))).status_code == 302
    assert Household.objects.count() == 2


def test_a_family_of_another_scope_is_never_named_nor_reached(client, sister_community, community):
    theirs = a_family(sister_community)
    sent = filled(client.get(NEW), **BROTHER, **AWAY)
    assert client.post(LIKELY, sent).content.strip() == b""
    unknown = client.post(NEW, {**sent, "there": "999999999"})
    assert (client.post(NEW, {**sent, "there": str(theirs.household_id)}).status_code, unknown.status_code) == (
        404,
        404,
    )
    assert client.post(NEW, sent).status_code == 302
    assert Child.objects.filter(community=community).count() == 1


def test_of_several_communities_the_familys_own_is_named(director, signed_in, community, sister_community):
    theirs = a_family(sister_community)
    web = signed_in(post_elsewhere(director, sister_community))
    sent = filled(web.get(NEW), community=community.pk, **BROTHER, **AWAY)
    page = web.post(NEW, sent)
    assert f"{theirs.number} · {sister_community}" in words(page)
    assert web.post(NEW, {**sent, "there": str(theirs.household_id)}).status_code == 302


def test_a_file_merged_away_stands_for_no_family(client, community):
    gone, kept = a_family(community), a_child(community, name="别人")
    Child.objects.filter(pk=gone.pk).update(merged_into=kept, left_on=gone.registered_on, left_reason="merged")
    assert client.post(LIKELY, filled(client.get(NEW), **BROTHER, **AWAY)).content.strip() == b""


def test_the_questions_do_not_grow_with_the_families_found(client, community):
    sent = filled(client.get(NEW), **BROTHER, **AWAY)
    counts = []
    for _family in range(3):
        sister = a_family(community)
        twin = a_child(community, sister.household, name="陈小雪", birth_date=dt.date(2020, 1, 1))
        kin(twin, Kinship.objects.filter(child=sister).first().adult, "father")
        with CaptureQueriesContext(connection) as asked:
            assert ON_FILE in client.post(LIKELY, sent).content.decode()
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2]


# Where nothing may be added -------------------------------------------------------------------------------------------


def test_a_family_where_the_person_opens_no_files_is_not_offered(supervisor, signed_in, community, far_community):
    """Child supervisor of the street, child director of one community in another street."""
    there, here = a_family(community), a_family(far_community)
    desk = signed_in(post_elsewhere(supervisor, far_community))
    sent = filled(desk.get(NEW), **BROTHER, **AWAY)
    shown = desk.post(LIKELY, sent).content.decode()
    assert here.number in shown and there.number not in shown
    assert desk.post(NEW, {**sent, "there": str(there.household_id)}).status_code == 404
    assert not Draft.objects.exists()
    assert desk.post(NEW, {**sent, "there": str(here.household_id)}).status_code == 302


def test_a_double_click_takes_the_child_there_once(client, community):
    sister = a_family(community)
    sent = filled(client.post(NEW, filled(client.get(NEW), **BROTHER, **AWAY)), there=str(sister.household_id))
    first, second = client.post(NEW, sent), client.post(NEW, sent)
    assert first.url == second.url == f"/children/household/{sister.household_id}/#newchild0"
    there = filled(client.get(first.url))
    assert (there["new_children"], there["newchild0-name"]) == ("1", "陈小山")
    assert "newchild1-name" not in there


GRANDMOTHER = {"newadult1-relation": "grandmother_p", "newadult1-whereabouts": "home"}
NUMBER_OF_HERS = id_number(dt.date(1955, 2, 3))


@pytest.mark.parametrize(
    ("on_file", "typed", "comes_along"),
    [
        ({"phone": "16100000009"}, {"name": "王秀瑛", "phone": "161 0000 0009"}, False),
        ({"id_number": NUMBER_OF_HERS}, {"name": "王奶奶", "id_number": NUMBER_OF_HERS}, False),
        ({"phone": "16100000009"}, {"name": "王秀瑛", "phone": "16100000008"}, True),
        ({"phone": "16100000009"}, {"name": "赵梅", "phone": "16100000009"}, True),
    ],
)
def test_an_adult_known_there_by_phone_or_number_does_not_come_along(client, community, on_file, typed, comes_along):
    sister = a_family(community)
    grandmother = Adult.objects.get(name="王秀英")
    for name, value in on_file.items():
        setattr(grandmother, name, value)
    grandmother.save()
    hers = {**GRANDMOTHER, **{f"newadult1-{name}": value for name, value in typed.items()}}
    sent = filled(client.get(NEW), **BROTHER, **AWAY, **hers)
    answer = client.post(NEW, {**sent, "there": str(sister.household_id)})
    there = filled(client.get(answer.url))
    assert there["newchild0-name"] == "陈小山"
    assert there.get("newadult0-name") == (typed["name"] if comes_along else None)
    assert "newadult1-name" not in there


@pytest.mark.parametrize("count", ["x", ["1", "2", "y"], -3, {"a": 1}, None, "9" * 5000])
def test_junk_in_the_draft_there_counts_as_nothing_typed(client, director, community, count):
    sister = a_family(community)
    url = f"/children/household/{sister.household_id}/"
    junk = {"new_children": count, "new_adults": count, "newchild0-former_name": "旧名", "newchild-3-name": "x"}
    Draft.keep(director, key_of(client, url), junk)
    sent = filled(client.get(NEW), **BROTHER, **AWAY, **{"newchild0-password": "x", "newadult1-name": "陈大山"})
    answer = client.post(NEW, {**sent, "there": str(sister.household_id)})
    assert answer.url == f"{url}#newchild0"
    there = filled(client.get(answer.url))
    assert (there["new_children"], there["newchild0-name"], there["newchild0-former_name"]) == ("1", "陈小山", "")
    assert there["newadult0-name"] == "陈大山"


@pytest.mark.parametrize("rows", ["new_children", "new_adults"])
def test_a_form_without_room_there_is_said_in_words_and_nothing_is_lost(client, director, community, rows):
    sister = a_family(community)
    key = key_of(client, f"/children/household/{sister.household_id}/")
    before = {rows: "12", "newchild11-name": "陈小河"}
    Draft.keep(director, key, before)
    sent = filled(client.get(NEW), **BROTHER, **AWAY, **{"newadult1-name": "陈大山"})
    page = client.post(NEW, {**sent, "there": str(sister.household_id)})
    assert page.status_code == 200
    assert "no room for what you typed" in page.content.decode()
    assert not soup(page).select(".errorlist")
    again = filled(page)
    assert (again["newchild0-name"], again["newadult1-name"]) == ("陈小山", "陈大山")
    assert Draft.find(director, key) == before
    Draft.drop(director, key)
    assert client.post(NEW, filled(page, there=str(sister.household_id))).status_code == 302


def test_what_is_too_long_for_a_draft_stays_where_it_was_typed(client, director, community, monkeypatch):
    sister = a_family(community)
    sent = filled(client.get(NEW), **BROTHER, **AWAY)
    monkeypatch.setattr("records.drafts.MAX_BYTES", 100)
    page = client.post(NEW, {**sent, "there": str(sister.household_id)})
    assert "too long to be kept as a draft" in page.content.decode()
    assert filled(page)["newchild0-name"] == "陈小山"
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("father", "typed", "why"),
    [
        ({}, AWAY, "陈建国 · same name and same phone"),
        ({"name": "陈父", "phone": "", "id_number": FATHER_NUMBER},
         {**AWAY, "newadult0-id_number": FATHER_NUMBER.lower()}, "陈父 · same ID number"),
        ({"name": "赵刚"}, AWAY, None),
    ],
)  # fmt: skip
def test_an_adult_added_to_a_household_is_known_from_another_one(client, community, father, typed, why):
    theirs = a_family(community, **father)
    ours = a_child(community, name="陈小河")
    an_adult(ours, "grandmother_p", name="王秀英", cares=True)
    url = f"/children/household/{ours.household_id}/"
    sent = {**filled(client.get(url)), "new_adults": "1", **typed}
    asked = client.post(LIKELY, {**sent, "household": ours.household_id}).content.decode()
    page = client.post(url, sent)
    if why:
        for shown in (asked, page.content.decode()):
            assert "An adult added here is on file with another family" in shown
            assert why in shown and theirs.number in shown
            assert 'name="there"' not in shown
        assert Adult.objects.filter(household=ours.household).count() == 1
        page = client.post(url, {**filled(page), "other_family": str(theirs.household_id)})
    assert (page.status_code, Adult.objects.filter(household=ours.household).count()) == (302, 2)


def test_who_is_on_file_in_two_households_is_not_asked_about_again(client, community):
    a_family(community)
    ours = a_family(community)
    url = f"/children/household/{ours.household_id}/"
    assert client.post(url, filled(client.get(url), **{"home-note": "搬到二楼"})).status_code == 302
