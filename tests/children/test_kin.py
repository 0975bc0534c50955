"""Kin of one child alone: half-brothers and cousins of one household, and adults entered wrongly."""

import datetime as dt

import pytest
from django.utils import timezone

from children import erasing, status
from children import kin as acts
from children.merging import merge
from children.models import Adult, Child, Household, Kinship
from children.status_words import facts_of
from guardianship import issuing
from guardianship.lapsing import State, standing_of, with_facts
from guardianship.letter_in_sql import in_force
from guardianship.models import Card, Letter
from guardianship.printed_facts import stale_among
from records.lifecycle import Refused
from records.trail import TrailEntry
from tests.children.factories import a_child, an_adult, away, id_number, kin, left_behind_child, siblings
from tests.children.pages import filled, soup, words
from tests.children.test_household_form import BORN, NEW
from tests.guardianship.factories import a_letter

YOUNGER = dt.date(2018, 3, 3)
TWO = {
    **{"newchild0-name": "陈小雨", "newchild0-id_number": id_number(BORN)},
    **{"newchild1-name": "赵小山", "newchild1-id_number": id_number(YOUNGER, "M")},
}
FIRST, SECOND = ["newchild0"], ["newchild1"]


@pytest.fixture
def client(director, signed_in):
    return signed_in(director)


def of_children():
    """{child: {adult: relation}} of everybody on file; a star marks who looks after the child."""
    found = {}
    for one in Kinship.objects.select_related("child", "adult").order_by("pk"):
        mark = "*" if one.is_caregiver else ""
        found.setdefault(one.child.name, {})[one.adult.name] = f"{one.relation}{mark}"
    return found


def rows(*adults):
    """What is typed of each adult: (name, relation, keys of the children it is of alone, cares)."""
    typed = {"new_adults": str(len(adults))}
    for n, (name, relation, only_of, cares) in enumerate(adults):
        typed |= {f"newadult{n}-name": name, f"newadult{n}-relation": relation, f"newadult{n}-whereabouts": "home"}
        typed |= {f"newadult{n}-only_of": only_of, **({f"newadult{n}-is_caregiver": "on"} if cares else {})}
    return typed


def form_of(client, *adults):
    page = client.post(NEW, filled(client.get(NEW), add="new_children"))
    return {**filled(page), **TWO, **rows(*adults), "new_children": "2"}


def test_half_brothers_come_onto_the_register_with_a_father_each(client):
    adults = [("陈建国", "father", FIRST, False), ("赵强", "father", SECOND, False), ("李红", "mother", [], True)]
    assert client.post(NEW, form_of(client, *adults)).status_code == 302
    assert Household.objects.count() == 1
    assert of_children() == {
        "陈小雨": {"陈建国": "father", "李红": "mother*"},
        "赵小山": {"赵强": "father", "李红": "mother*"},
    }
    url = Household.objects.get().get_absolute_url()
    assert client.post(url, filled(client.get(url), **{"home-note": "再婚家庭"})).status_code == 302
    assert of_children()["赵小山"] == {"赵强": "father", "李红": "mother*"}


def test_a_grandmother_cares_for_the_children_of_two_sons(client):
    grandmother = ("王秀英", "grandmother_p", [], True)
    adults = [("陈建国", "father", FIRST, False), grandmother, ("陈建军", "father", SECOND, False)]
    assert client.post(NEW, form_of(client, *adults)).status_code == 302
    assert of_children() == {
        "陈小雨": {"陈建国": "father", "王秀英": "grandmother_p*"},
        "赵小山": {"王秀英": "grandmother_p*", "陈建军": "father"},
    }


TWICE = "One of the children already has a father or mother on this form"
CARED = "Only one adult is noted as looking after the children day by day"


@pytest.mark.parametrize(
    ("adults", "said"),
    [
        ([("陈建国", "father", [], False), ("赵强", "father", SECOND, False)], TWICE),
        ([("陈建国", "father", FIRST, False), ("赵强", "father", FIRST, False)], TWICE),
        ([("陈建国", "father", [], False), ("赵强", "father", [], False)], TWICE),
        ([("陈建国", "father", FIRST, True), ("赵强", "uncle_aunt", FIRST, True)], CARED),
        ([("陈建国", "father", FIRST, True), ("赵强", "father", SECOND, True)], None),
    ],
)
def test_each_child_has_one_father_and_one_who_cares(client, adults, said):
    page = client.post(NEW, form_of(client, *adults))
    if said:
        assert said in words(page)
        assert filled(page)["newadult1-name"] == "赵强"
        ticked = soup(page).select("input[name=newadult1-only_of][checked]")
        assert [tag["value"] for tag in ticked] == adults[1][2]
    assert Child.objects.count() == (0 if said else 2)


def test_of_one_child_nobody_is_asked_of_which(client):
    assert not soup(client.get(NEW)).select("[name$=only_of]")


def test_a_half_brother_opened_later_has_a_father_of_his_own(client, community):
    child = a_child(community)
    an_adult(child, "father", name="陈建国")
    an_adult(child, "mother", name="李红", cares=True)
    url = child.household.get_absolute_url()
    page = client.post(url, filled(client.get(url), add="new_children"))
    brother = {"newchild0-name": "赵小山", "newchild0-id_number": id_number(YOUNGER, "M")}
    father = rows(("赵强", "father", [], False))
    assert TWICE in words(client.post(url, filled(page, **brother, **father)))
    father["newadult0-only_of"] = ["newchild0"]
    assert client.post(url, filled(page, **brother, **father)).status_code == 302
    assert of_children() == {
        "陈小雨": {"陈建国": "father", "李红": "mother*"},
        "赵小山": {"李红": "mother*", "赵强": "father"},
    }


HER_OWN = ("李娟", "uncle_aunt", ["newchild0"], True)


def later(client, child, *adults, **more):
    """The form of the child's household with a half-sister of these adults, as it is sent."""
    url = child.household.get_absolute_url()
    page = client.post(url, filled(client.get(url), add="new_children"))
    sister = {"newchild0-name": "赵小山", "newchild0-id_number": id_number(YOUNGER, "M")}
    return client.post(url, {**filled(page), **sister, **rows(*adults), **more})


def test_a_half_sister_opened_later_is_looked_after_by_one_of_her_own(client, community):
    child = a_child(community)
    an_adult(child, "mother", name="李红", cares=True)
    assert later(client, child, HER_OWN).status_code == 302
    assert of_children() == {"陈小雨": {"李红": "mother*"}, "赵小山": {"李红": "mother", "李娟": "uncle_aunt*"}}


def test_who_begins_to_look_after_the_others_does_so_beside_her_own(client, community):
    child = a_child(community)
    mother = an_adult(child, "mother", name="李红")
    assert later(client, child, HER_OWN, **{f"adult{mother.pk}-is_caregiver": "on"}).status_code == 302
    assert of_children() == {"陈小雨": {"李红": "mother*"}, "赵小山": {"李红": "mother", "李娟": "uncle_aunt*"}}


@pytest.mark.parametrize(
    "adults",
    [
        [("李娟", "uncle_aunt", [], True)],
        [("李娟", "uncle_aunt", ["child", "newchild0"], True)],
        [HER_OWN, ("赵强", "father", ["newchild0"], True)],
    ],
)
def test_two_who_look_after_one_child_are_refused_of_children_opened_later_too(client, community, adults):
    child = a_child(community)
    an_adult(child, "mother", name="李红", cares=True)
    named = [(*who, [key.replace("child", f"child{child.pk}") if key == "child" else key for key in of], cares)
             for *who, of, cares in adults]  # fmt: skip
    assert CARED in words(later(client, child, *named))
    assert Child.objects.count() == 1


@pytest.mark.parametrize(
    ("only_of", "said"),
    [(["newchild1"], True), (["newchild0", "newchild1"], False), (["newchild0"], False), ([], False)],
)
def test_an_adult_of_an_empty_row_alone_is_asked_of_which_child(client, community, only_of, said):
    child = a_child(community)
    url = child.household.get_absolute_url()
    page = client.post(url, filled(client.get(url), add="new_children"))
    page = client.post(url, filled(page, add="new_children"))
    sister = {"newchild0-name": "赵小山", "newchild0-id_number": id_number(YOUNGER, "M")}
    answer = client.post(url, {**filled(page), **sister, **rows(("赵强", "father", only_of, False))})
    if said:
        assert "Nothing is filled in of the child you ticked" in words(answer)
        assert not Kinship.objects.exists() and Child.objects.count() == 1
    else:
        with_father = {name: kin for name, kin in of_children().items() if "赵强" in kin}
        assert set(with_father) == ({"赵小山"} if only_of else {"陈小雨", "赵小山"})


# On the file of one child ---------------------------------------------------------------------------------------------


def send(client, child, adult, relation, **more):
    page = client.get(f"/children/{child.pk}/?tab=family")
    name = f"kin{adult.pk}"
    seen = soup(page).select_one(f"input[name={name}-seen_version]")["value"]
    sent = {f"{name}-relation": relation, f"{name}-seen_version": seen, **more}
    return client.post(f"/children/{child.pk}/kin/{adult.pk}/", sent, follow=True)


def test_on_the_family_tab_one_child_gets_another_father(client, community):
    one, two = siblings(community)
    father = Adult.objects.get(name="陈建国")
    step = an_adult(one, "other_relative", name="赵强")
    assert "Saved." in send(client, two, father, "-").content.decode()
    assert "Saved." in send(client, two, step, "father").content.decode()
    assert "Saved." in send(client, one, step, "").content.decode()
    assert of_children() == {
        "陈小雨": {"陈建国": "father", "李红": "mother", "王秀英": "grandmother_p*", "赵强": ""},
        "陈小雪": {"李红": "mother", "王秀英": "grandmother_p*", "赵强": "father"},
    }
    verbs = [e.verb for e in TrailEntry.objects.about(two).exclude(verb="read").order_by("pk")]
    assert verbs == ["untied an adult", "tied an adult"]
    assert [e.verb for e in TrailEntry.objects.about(one).exclude(verb="read")] == ["changed the kinship"]


def test_a_second_father_of_a_child_is_refused_in_words(client, community):
    child = left_behind_child(community)
    step = an_adult(child, "other_relative", name="赵强")
    assert "already has a father or mother on file" in send(client, child, step, "father").content.decode()
    assert Kinship.objects.get(adult=step).relation == "other_relative"


def test_nobody_is_left_without_a_child(client, community):
    child = left_behind_child(community)
    father = Adult.objects.get(name="陈建国")
    gone = a_child(community, child.household, name="陈小雨", merged_into=child, left_on=timezone.localdate(),
                   left_reason="merged")  # fmt: skip
    kin(gone, father, "")
    assert "belongs to no other child" in send(client, child, father, "-").content.decode()
    assert father.kinships.count() == 2


def test_a_child_of_its_shells_too_is_untied_from_them(community, director):
    one, two = siblings(community)
    father = Adult.objects.get(name="陈建国")
    gone = a_child(community, two.household, name="别名", merged_into=two, left_on=timezone.localdate(),
                   left_reason="merged")  # fmt: skip
    kin(gone, father, "")
    acts.set_kinship(two, father, None, by=director)
    assert list(father.kinships.values_list("child", flat=True)) == [one.pk]


def test_what_was_changed_meanwhile_is_not_written_over(client, director, community):
    one, two = siblings(community)
    father = Adult.objects.get(name="陈建国")
    page = send(client, two, father, "-", **{f"kin{father.pk}-seen_version": str(father.version + 1)})
    assert "Somebody else changed this adult" in page.content.decode()
    assert father.kinships.count() == 2
    before = (two.version, father.version)
    acts.set_kinship(two, father, None, seen=father.version, by=director)
    two.refresh_from_db(), father.refresh_from_db()
    assert (two.version, father.version) == (before[0] + 1, before[1] + 1)
    acts.set_kinship(two, father, None, by=director)
    two.refresh_from_db()
    assert two.version == before[0] + 1, "nothing to do, nothing done"
    acts.set_kinship(one, father, "father", by=director)
    assert not TrailEntry.objects.about(one).exists()


def test_an_adult_of_another_household_is_not_reached(client, director, community, far_community):
    child, other, theirs = left_behind_child(community), a_child(community, name="别人"), a_child(far_community)
    strangers = [an_adult(other, "father", name="周明"), an_adult(theirs, "father", name="周强")]
    for adult in strangers:
        sent = {f"kin{adult.pk}-relation": "father", f"kin{adult.pk}-seen_version": "1"}
        assert client.post(f"/children/{child.pk}/kin/{adult.pk}/", sent).status_code == 404
    assert client.post(f"/children/{theirs.pk}/kin/{strangers[1].pk}/", {}).status_code == 404
    with pytest.raises(Refused):
        acts.set_kinship(child, strangers[0], "uncle_aunt", by=director)


def test_what_the_child_counts_as_and_its_cards_follow(client, director, community):
    one, two = siblings(community)
    today = timezone.localdate()
    step = an_adult(one, "other_relative", name="赵强")
    cards = issuing.issue([one, two], [Card.Kind.CONTACT], by=director)
    assert stale_among(Card.objects.all()) == set()
    acts.set_kinship(two, Adult.objects.get(name="陈建国"), None, by=director)
    acts.set_kinship(two, step, "father", by=director)
    acts.set_kinship(one, step, "", by=director)
    counted = [status.left_behind(facts_of(Child.objects.get(pk=child.pk)), today) for child in (one, two)]
    assert counted == [True, False]
    assert stale_among(Card.objects.all()) == {card.pk for card in cards if card.child_id == two.pk}
    away(step, today - dt.timedelta(days=400))
    assert status.left_behind(facts_of(Child.objects.get(pk=two.pk)), today)


@pytest.mark.parametrize("away_since", [None, dt.date(2024, 1, 1)])
def test_a_letter_lapses_with_the_father_who_signed_it(director, community, away_since):
    one, two = siblings(community)
    letters = [a_letter(child, director) for child in (one, two)]
    step = an_adult(one, "other_relative", name="赵强", away_since=away_since)
    acts.set_kinship(two, Adult.objects.get(name="陈建国"), None, by=director)
    acts.set_kinship(two, step, "father", by=director)
    today = timezone.localdate()
    found = {letter.child_id: standing_of(letter, today) for letter in with_facts(Letter.objects.order_by("pk"))}
    assert found[one.pk].state == State.IN_FORCE
    assert (found[two.pk].state, found[two.pk].why) == (
        State.LAPSED, ("陈建国 is no longer on file as the father",))  # fmt: skip
    assert list(Letter.objects.filter(in_force(today))) == [letters[0]]


# After a merge, and after an erasure ----------------------------------------------------------------------------------


def test_an_adult_who_stayed_with_brothers_in_another_household_is_corrected_and_untied(client, director, community):
    kept, gone = a_child(community, name="陈小雨"), a_child(community, name="陈小羽")
    brother = a_child(community, gone.household, name="陈小宝")
    aunt = an_adult(gone, "uncle_aunt", name="李红")
    kin(brother, aunt, "uncle_aunt")
    merge(kept, gone, by=director)
    assert aunt.household_id != kept.household_id
    assert "Saved." in send(client, kept, aunt, "mother").content.decode()
    assert of_children()["陈小雨"] == {"李红": "mother"}
    aunt.refresh_from_db()
    assert "Saved." in send(client, kept, aunt, "-").content.decode()
    assert list(aunt.kinships.values_list("child", flat=True)) == [brother.pk]
    aunt.refresh_from_db()
    sent = {f"kin{aunt.pk}-relation": "mother", f"kin{aunt.pk}-seen_version": str(aunt.version)}
    assert client.post(f"/children/{kept.pk}/kin/{aunt.pk}/", sent).status_code == 404, "a stranger by now"
    with pytest.raises(Refused, match="Add the adult to the household first"):
        acts.set_kinship(kept, aunt, "mother", by=director)


def erased(child, *, asked_by, by):
    erasing.erase(erasing.ask(child, ground="guardian", by=asked_by), by=by)
    return Child.objects.get(pk=child.pk)


@pytest.mark.parametrize("has_shell", [False, True])
def test_nobody_is_left_with_an_erased_child_alone(client, director, supervisor, community, has_shell):
    one, two = siblings(community)
    father = Adult.objects.get(name="陈建国")
    if has_shell:
        shell = a_child(community, two.household, name="别名", merged_into=two, left_on=timezone.localdate(),
                        left_reason="merged")  # fmt: skip
        kin(shell, father, "")
    erased(two, asked_by=director, by=supervisor)
    father.refresh_from_db()
    assert father.name == "陈建国"
    assert "belongs to no other child" in send(client, one, father, "-").content.decode()
    assert of_children()["陈小雨"]["陈建国"] == "father"
