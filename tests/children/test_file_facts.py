"""What was entered on the forms stands on the file, for whom it may stand there; what is unmasked is on the trail."""

import datetime as dt

import pytest

from children import closing, referring
from children.models import Away, Child
from communities.models import Division
from records.trail import TrailEntry
from tests.children.factories import a_child, an_adult, id_number, left_behind_child
from tests.children.pages import soup, words
from tests.conftest import freshly_signed_in

FATHER_ID = id_number(dt.date(1985, 1, 1), "M")


@pytest.fixture
def client(director, signed_in):
    return freshly_signed_in(signed_in(director))


@pytest.fixture
def child(community):
    one = left_behind_child(
        community, class_teacher_phone="16100000008", registered_county="420100", reported_as="migrant",
        came_on=dt.date(2024, 9, 1), is_household_registered=False, registered_address="老家村 7 号",
    )  # fmt: skip
    home = one.household
    home.address, home.note, home.income_source, home.other_aid = "恩和路 1 号", "奶奶常去医院", "打零工", "住房救助"
    home.is_low_income = True
    home.save()
    father = home.adults.get(name="陈建国")
    father.phone, father.id_number = "16100000001", FATHER_ID
    father.save()
    father.aways.update(phone="16100000007", phone_last4="0007")
    return one


def told(page):
    return {d.dt.get_text(strip=True): d.dd.get_text(" ", strip=True) for d in soup(page).select("#living dl > div")}


@pytest.mark.parametrize("count", [1, 3])
def test_why_the_file_stays_open_is_on_the_file_without_a_follow_up(
    count, client, child, director, django_assert_max_num_queries
):
    for number in range(count):
        closing.keep_on_register(child, note=f"奶奶照看不过来{number}", by=director)
    client.get(f"/children/{child.pk}/")
    with django_assert_max_num_queries(70):
        page = client.get(f"/children/{child.pk}/")
    card = soup(page).select_one("#standing")
    assert "Why the file stays open" in card.get_text(" ")
    assert [row.get_text(" ", strip=True) for row in card.select("ul.rows strong, ul.rows .row-title")] == [
        f"奶奶照看不过来{number}" for number in reversed(range(count))
    ]
    assert "Why the file stays open" not in words(client.get(f"/children/{a_child(child.community).pk}/"))


def test_an_adults_id_number_is_masked_and_shown_when_asked(client, child):
    page = client.get(f"/children/{child.pk}/?tab=family")
    assert FATHER_ID not in page.content.decode()
    assert f"••••{FATHER_ID[-4:]}" in words(page)
    assert FATHER_ID in words(client.post(f"/children/{child.pk}/reveal/", {"tab": "family"}))


def test_who_may_not_know_id_numbers_sees_none_of_an_adult(child, counsellor, director, signed_in):
    referring.refer(child, counsellor, by=director)
    page = signed_in(counsellor).get(f"/children/{child.pk}/?tab=family").content.decode()
    assert "陈建国" in page
    assert FATHER_ID[-4:] not in page and "ID number" not in page


def revealed():
    acts = TrailEntry.objects.filter(verb="revealed").order_by("pk")
    return [(act.model_label.split(".")[1], int(act.object_key), act.fields) for act in acts]


def test_the_trail_says_exactly_what_was_shown(client, child):
    father = child.household.adults.get(name="陈建国")
    stay, look = Away.objects.get(adult=father), f"/children/{child.pk}/reveal/"
    client.post(look, {"tab": "family"})
    assert revealed() == [
        ("child", child.pk, []),
        ("adult", father.pk, ["id_number", "phone"]),
        ("away", stay.pk, ["phone"]),
    ]
    seen = len(revealed())
    client.post(look, {"tab": "overview"})
    assert revealed()[seen:] == [
        ("child", child.pk, ["registered_address"]),
        ("household", child.household_id, ["address"]),
    ]
    seen = len(revealed())
    client.post(look, {"tab": "school"})
    assert revealed()[seen:] == [("child", child.pk, ["class_teacher_phone"])]


def test_a_second_phone_alone_is_shown_too(client, child):
    an_adult(child, "uncle_aunt", name="陈叔", phone_alt="16100000005")
    address = f"/children/{child.pk}/"
    assert "16100000005" not in client.get(f"{address}?tab=family").content.decode()
    assert "16100000005" in words(client.post(f"{address}reveal/", {"tab": "family"}))


def test_what_is_on_file_of_the_household_and_its_registration_stands_on_the_family_tab(client, child):
    assert told(client.get(f"/children/{child.pk}/?tab=family")) == {
        "Receives the low-income allowance": "yes",
        "Receives temporary aid": "no",
        "Receives medical aid": "no",
        "Other aid": "住房救助",
        "Main income": "打零工",
        "Note": "奶奶常去医院",
        "Household registration done": "no",
        "County of registration": "湖北省武汉市 420100",
        "Living here since": "Sept. 1, 2024",
        "Category on the roster": "migrant",
    }


def test_a_counsellor_is_told_of_it_what_counsellors_may_know(child, counsellor, director, signed_in):
    referring.refer(child, counsellor, by=director)
    page = signed_in(counsellor).get(f"/children/{child.pk}/?tab=family")
    shown = told(page)
    assert (shown["Note"], shown["Living here since"]) == ("奶奶常去医院", "Sept. 1, 2024")
    assert "County of registration" not in shown
    assert not soup(page).select("#living a")


def test_a_county_of_ours_is_named_and_another_has_its_city_and_code(client, child):
    address = f"/children/{child.pk}/?tab=family"
    assert told(client.get(address))["County of registration"] == "湖北省武汉市 420100"
    Child.objects.filter(pk=child.pk).update(registered_county="150902")
    assert told(client.get(address))["County of registration"] == str(Division.objects.get(pk="150902"))


def test_who_was_never_away_has_no_days_on_the_timeline(client, child):
    child.household.adults.get(name="李红").aways.all().delete()
    away, home = soup(client.get(f"/children/{child.pk}/?tab=family")).select("ol.timeline > li")
    assert away.select_one(".muted").get_text(" ", strip=True).endswith("now")
    assert home.get_text(" ", strip=True) == "at home"
