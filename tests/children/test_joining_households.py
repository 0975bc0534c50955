"""One family on file as two households becomes one, in one act."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from children import erasing
from children.closing import leave_register
from children.guardian_copy import copy_of
from children.joining import join_households
from children.merging import merge
from children.models import Adult, Household, JoinedAdult, JoinedHousehold, ToldApart, Transfer
from children.moving import misplaced
from children.twice_on_file import families_twice
from records.drafts import Draft
from records.lifecycle import Refused
from records.trail import TrailEntry
from surveys.models import HouseholdVisit
from tests.children.conftest import NUMBER, PHONE
from tests.children.factories import a_child, an_adult, away, offered
from tests.children.pages import filled, soup, words
from tests.conftest import freshly_signed_in
from tests.guardianship.factories import days_ago
from tests.records.threads import at_once
from tests.surveys.factories import a_round, a_visit

LIST = "/children/duplicates/"


def a_family(community, name, *, father=None, **home):
    child = a_child(community, name=name, birth_date=dt.date(2016, 5, 1))
    Household.objects.filter(pk=child.household_id).update(**home)
    child.household.refresh_from_db()
    for field, value in home.items():
        setattr(child.household, field, value)
    child.household.save()
    an_adult(child, "father", **{"name": "陈建国", "phone": PHONE, **(father or {})})
    return child


@pytest.fixture
def families(community):
    """A sister with her father and the grandmother; her brother with the same father and his mother."""
    sister = a_family(community, "陈小雨", address="恩和路9号院3栋201", grid="一网格")
    brother = a_family(community, "陈小山", father={"note": "夜班"}, address="恩和路11号院5栋102", is_low_income=True)
    an_adult(sister, "grandmother_p", name="王秀英", cares=True)
    an_adult(brother, "mother", name="李红")
    return sister, brother


def the_father(child):
    return child.kinships.get(relation="father").adult


def joined(sister, brother, by, **details):
    pairs = [(the_father(sister), the_father(brother), ())]
    return join_households(sister.household, brother.household, by=by, **{"pairs": pairs, **details})


def test_all_children_and_adults_stand_in_the_household_kept(families, director):
    sister, brother = families
    key, father = brother.household_id, the_father(sister)
    away(the_father(brother), days_ago(90), place="广东省")
    kept = joined(sister, brother, director, taken={"is_low_income"})
    assert not Household.objects.filter(pk=key).exists()
    assert set(kept.children.all()) == {sister, brother}
    assert list(kept.adults.values_list("name", "note")) == [("陈建国", "夜班"), ("王秀英", ""), ("李红", "")]
    kept.refresh_from_db()
    assert (kept.address, kept.grid, kept.is_low_income) == ("恩和路9号院3栋201", "一网格", True)
    assert set(father.kinships.values_list("child", "relation")) == {(sister.pk, "father"), (brother.pk, "father")}
    assert father.aways.get().place == "广东省"
    record = JoinedHousehold.objects.get()
    assert (record.kept, record.gone_key) == (kept, key)
    assert record.facts["address"] == [["恩和路9号院3栋201"], ["恩和路11号院5栋102"]]
    assert record.facts["is_low_income"] == [[False], [True]]
    assert JoinedAdult.objects.get().kept == father
    for child in families:
        entries = TrailEntry.objects.about(child)
        assert entries.filter(verb="joined two households of the family").exists()
        assert entries.filter(verb="joined two entries of an adult").exists()
    assert misplaced() == {}


def test_merged_and_closed_files_come_along(families, director, community):
    sister, brother = families
    shell = a_child(community, brother.household, name="陈小山", birth_date=brother.birth_date)
    merge(brother, shell, by=director)
    leave_register(brother, on=timezone.localdate(), reason="moved_out", by=director)
    kept = joined(sister, brother, director)
    assert set(kept.children.values_list("pk", flat=True)) == {sister.pk, brother.pk, shell.pk}


@pytest.mark.parametrize("both", [True, False])
def test_survey_visits_go_along_and_of_two_of_a_round_the_one_that_met_the_family_counts(
    families, director, supervisor, district, both
):
    sister, brother = families
    made = a_round(district, supervisor)
    if both:
        a_visit(made, sister.household, director, result="nobody_home", note="门锁着")
    a_visit(made, brother.household, director, result="met", note="都在")
    kept = joined(sister, brother, director)
    assert list(HouseholdVisit.objects.values_list("household", "result")) == [(kept.pk, "met")]
    facts = JoinedHousehold.objects.get().facts
    assert ("门锁着" in facts.get(f"visit_{made.pk}", [[], []])[0]) is both


def test_what_stands_against_it_is_refused_in_words(families, director, sister_community, community):
    sister, brother = families
    offer = offered([brother], sister_community, by=director)
    with pytest.raises(Refused, match="offered to another community. Settle the offer first"):
        joined(sister, brother, director)
    offer.refresh_from_db()
    elsewhere = a_family(sister_community, "陈小雪")
    with pytest.raises(Refused, match="Only two households of one community"):
        joined(sister, elsewhere, director, pairs=())
    third = a_family(community, "陈小雪")
    with pytest.raises(Refused, match="Say of each adult once"):
        joined(sister, third, director, pairs=[(the_father(sister), the_father(sister), ())])
    assert Household.objects.count() == 4 and not JoinedHousehold.objects.exists()


def test_an_offer_whose_last_day_is_over_does_not_stand_in_the_way(families, director, sister_community):
    sister, brother = families
    offered([brother], sister_community, by=director)
    Transfer.objects.update(expires_on=days_ago(1))
    assert set(joined(sister, brother, director).children.all()) == {sister, brother}
    assert Transfer.objects.get().status == "lapsed"


def test_who_looked_before_somebody_changed_an_adult_looks_again(families, director):
    sister, brother = families
    seen = {child.household_id: child.household.version for child in families}
    adults = dict(Adult.objects.values_list("pk", "version"))
    father = the_father(brother)
    father.note = "新的"
    father.save()
    with pytest.raises(Refused, match="changed one of the two meanwhile"):
        joined(sister, brother, director, seen=seen, seen_adults=adults)
    joined(sister, brother, director, seen=seen, seen_adults=dict(Adult.objects.values_list("pk", "version")))


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one(families, director):
    sister, brother = families

    def one(a, b):
        try:
            return joined(a, b, director).pk
        except Refused as refusal:
            return refusal.message

    said = at_once(lambda: one(sister, brother), lambda: one(brother, sister))
    assert said.count("These two are joined already.") == 1
    assert Household.objects.count() == 1 and Adult.objects.count() == 3


def test_a_file_erased_afterwards_leaves_nothing_of_what_was_joined(families, director, supervisor):
    sister, brother = families
    Draft.keep(director, f"children.household.{brother.household_id}.stay.{the_father(brother).pk}", {"note": "想妈妈"})
    joined(sister, brother, director)
    assert "夜班" in str(copy_of(sister)) and "11号院" in str(copy_of(sister))
    for child in families:
        erasing.erase(erasing.ask(child, ground="guardian", by=director), by=supervisor)
    assert (JoinedAdult.objects.get().facts, JoinedHousehold.objects.get().facts) == ({}, {})
    assert not Draft.objects.exists()


# The list -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ({}, {}, "same name and same phone"),
        ({"name": "陈建国"}, {"name": "陈建果"}, "a name that sounds alike and the same phone"),
        ({"phone": "", "id_number": NUMBER}, {"phone": "", "id_number": NUMBER, "name": "陈父"}, "same ID number"),
        ({}, {"name": "赵刚"}, None),
        ({}, {"phone": "16100000002"}, None),
        ({"name": "不详"}, {"name": "不详"}, None),
    ],
)
def test_families_with_an_adult_in_common_are_listed_until_they_are_told_apart(
    community, director, signed_in, one, other, why
):
    first, second = a_family(community, "陈小雨", father=one), a_family(community, "陈小山", father=other)
    found = families_twice(director)
    assert [(f.first, f.second) for f in found] == ([(first.household, second.household)] if why else [])
    web = signed_in(director)
    page = words(web.get(LIST))
    assert ("No family on file twice" in page) is (why is None)
    if why:
        assert why in page and first.number in page and second.number in page
        web.post(f"/children/household/{second.household_id}/join/{first.household_id}/apart/")
        assert families_twice(director) == []
        assert ToldApart.objects.get().told_by == director
        assert "No family on file twice" in words(web.get(LIST))


def test_a_pair_is_told_to_those_who_may_change_both(families, director, supervisor, stranger, federation, counsellor,
                                                    signed_in, sister_community):  # fmt: skip
    sister, brother = families
    a_family(sister_community, "陈小雪")
    for user in (director, supervisor):
        assert [(f.first, f.second) for f in families_twice(user)] == [(sister.household, brother.household)]
    assert families_twice(stranger) == []
    for user in (stranger, federation, counsellor):
        for end in ("", "apart/"):
            address = f"/children/household/{sister.household_id}/join/{brother.household_id}/{end}"
            assert freshly_signed_in(signed_in(user)).post(address).status_code == 404
    own = f"/children/household/{sister.household_id}/join/{sister.household_id}/"
    assert signed_in(director).get(own).status_code == 404


def test_an_erased_or_merged_family_is_no_question(families, director, supervisor):
    _sister, brother = families
    erasing.erase(erasing.ask(brother, ground="guardian", by=director), by=supervisor)
    assert families_twice(director) == []


def test_the_list_costs_the_same_for_one_pair_and_for_three(community, director, signed_in):
    web = signed_in(director)

    def pair(n):
        for name in ("陈小雨", "陈小山"):
            a_family(community, f"{name}{'一二三'[n]}", father={"phone": f"1610000001{n}"})

    pair(0)
    web.get(LIST)
    with CaptureQueriesContext(connection) as one:
        web.get(LIST)
    pair(1), pair(2)
    with CaptureQueriesContext(connection) as three:
        assert len(soup(web.get(LIST)).select("a[href*='/household/'][href*='/join/']")) == 3
    assert len(one) == len(three)


# In the browser -------------------------------------------------------------------------------------------------------


def test_the_page_shows_both_and_joins_after_the_password(families, director, signed_in):
    sister, brother = families
    father, his = the_father(sister), the_father(brother)
    father.note = "白班"
    father.save()
    web, address = signed_in(director), f"/children/household/{brother.household_id}/join/{sister.household_id}/"
    assert f"/children/household/{sister.household_id}/join/{brother.household_id}/" in web.get(LIST).content.decode()
    page = web.get(address)
    said = words(page)
    assert all(word in said for word in (sister.number, brother.number, "王秀英", "李红", "一网格", "夜班", "白班"))
    assert PHONE not in page.content.decode() and "恩和路9号院3栋201" not in page.content.decode()
    assert filled(page)[f"same_{his.pk}"] == str(father.pk)
    sent = filled(page, take_home_address=str(brother.household_id), **{f"take_{his.pk}_note": str(his.pk)})
    assert web.post(address, sent).url.startswith("/reauthenticate/")
    freshly_signed_in(web)
    assert web.post(address, sent).url == f"/children/{sister.pk}/?tab=family"
    kept = Household.objects.get()
    father.refresh_from_db()
    assert (kept.pk, kept.address, father.note) == (sister.household_id, "恩和路11号院5栋102", "夜班")
    history = words(web.get(f"/children/{brother.pk}/?tab=history"))
    assert "Entries joined" in history and "白班" in history
    again = web.post(address, sent, follow=True)
    assert "joined already" in again.content.decode()


def test_who_is_said_to_be_one_person_is_looked_at_first(families, director, signed_in):
    sister, brother = families
    grandmother = sister.kinships.get(relation="grandmother_p").adult
    mother = brother.kinships.get(relation="mother").adult
    web = freshly_signed_in(signed_in(director))
    address = f"/children/household/{sister.household_id}/join/{brother.household_id}/"
    chosen = {f"same_{mother.pk}": str(grandmother.pk), "keep": str(brother.household_id)}
    page = web.post(address, filled(web.get(address), **chosen))
    assert "Look at the facts of those who are one person" in page.content.decode()
    assert Household.objects.count() == 2 and filled(page)["keep"] == str(brother.household_id)
    web.post(address, filled(page, **{f"take_{mother.pk}_name": str(grandmother.pk)}))
    mother.refresh_from_db()
    assert (Household.objects.get().pk, mother.name) == (brother.household_id, "王秀英")
    assert set(mother.kinships.values_list("child", "relation")) == {
        (sister.pk, "grandmother_p"), (brother.pk, "mother"),
    }  # fmt: skip


def test_what_an_old_form_of_the_other_household_sends_waits_in_the_form_of_the_one_kept(families, director, signed_in):
    sister, brother = families
    his, gone = the_father(brother), brother.household_id
    web, address = signed_in(director), f"/children/household/{gone}/"
    sent = filled(web.get(address), **{f"adult{his.pk}-note": "早班", "home-note": "新门牌"})
    kept = joined(sister, brother, director)
    answer = web.post(address, sent, follow=True)
    assert answer.redirect_chain == [(f"/children/household/{kept.pk}/", 302)]
    assert "not saved yet" in answer.content.decode()
    form = filled(answer)
    assert (form[f"adult{the_father(sister).pk}-note"], form["home-note"]) == ("早班", "新门牌")
    assert f"child{sister.pk}-name" in form
    shown = web.post(f"/children/household/{kept.pk}/", form)
    assert "Stored now" in shown.content.decode()
    assert web.post(f"/children/household/{kept.pk}/", filled(shown)).status_code == 302
    kept.refresh_from_db()
    assert (kept.note, the_father(sister).note) == ("新门牌", "早班")
    assert web.get(address).url == f"/children/household/{kept.pk}/"
