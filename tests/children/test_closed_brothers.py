"""A family goes on where the file of a brother was merged into another or erased: those files stand for nobody."""

import pytest

from children import erasing
from children.merging import merge
from children.models import Adult, Child, Kinship
from tests.children.factories import a_child, an_adult, id_number, kin
from tests.children.pages import filled, soup
from tests.children.test_family_on_file import BROTHER, LIKELY, NEW
from tests.children.test_household_form import AWAY
from tests.children.test_kin import YOUNGER, of_children, rows


@pytest.fixture
def client(director, signed_in):
    return signed_in(director)


def opened(client, child, *adults, **more):
    """A sister's file is opened in the form of the child's household, with these adults as further ones."""
    url = child.household.get_absolute_url()
    page = client.post(url, filled(client.get(url), add="new_children"))
    sister = {"newchild0-name": "陈小雪", "newchild0-id_number": id_number(YOUNGER)}
    answer = client.post(url, {**filled(page), **sister, **rows(*adults), **more})
    assert answer.status_code == 302, [tag.get_text() for tag in soup(answer).select(".errorlist")]


def test_a_sister_belongs_to_whom_the_kept_file_does_and_not_to_whom_a_merged_one_did(client, director, community):
    gone, kept = (a_child(community, name=name) for name in ("陈小羽", "陈小雨"))
    Child.objects.filter(pk=gone.pk).update(household=kept.household)
    gone.refresh_from_db()
    an_adult(kept, "father", name="陈建国")
    mother = an_adult(kept, "mother", name="李红", cares=True)
    kin(gone, mother, "mother", cares=True)
    merge(kept, gone, by=director)
    opened(client, kept)
    assert of_children()["陈小雪"] == {"陈建国": "father", "李红": "mother*"}


@pytest.fixture
def family(community, director, supervisor):
    """(child, adult of it and of the erased eldest): the eldest's own father is erased with them."""
    eldest = a_child(community, name="赵小山", sex="M")
    child = a_child(community, eldest.household, name="陈小雨")
    an_adult(eldest, "father", name="赵强")
    mother = an_adult(eldest, "mother", name="李红", cares=True, phone="16100000001")
    kin(child, mother, "mother", cares=True)
    erasing.erase(erasing.ask(eldest, ground="guardian", by=director), by=supervisor)
    return Child.objects.get(pk=child.pk), Adult.objects.get(pk=mother.pk)


def test_the_family_of_an_erased_child_is_saved_as_before(client, family):
    child, mother = family
    url = child.household.get_absolute_url()
    page = client.get(url)
    sent = filled(page)
    assert {name.split("-")[0] for name in sent if name.endswith("-name")} == {f"child{child.pk}", f"adult{mother.pk}"}
    assert sent[f"adult{mother.pk}-relation"] == "mother"
    before = list(Kinship.objects.values())
    sent |= {f"adult{mother.pk}-note": "早班", f"child{child.pk}-former_name": "小雨"}
    assert client.post(url, sent).status_code == 302
    mother.refresh_from_db(), child.refresh_from_db()
    assert (mother.note, child.former_name) == ("早班", "小雨")
    assert list(Kinship.objects.values()) == before


def test_nothing_of_the_family_is_written_on_an_erased_file(client, family):
    child, mother = family
    blank = [(kin.relation, kin.is_caregiver) for kin in Kinship.objects.filter(child__left_reason="erased")]
    assert set(blank) == {("", False)}
    url = child.household.get_absolute_url()
    sent = filled(client.get(url)) | {f"adult{mother.pk}-relation": "other_relative"}
    assert client.post(url, sent).status_code == 302
    opened(client, child, ("陈建国", "father", [], False))
    assert blank == [(kin.relation, kin.is_caregiver) for kin in Kinship.objects.filter(child__left_reason="erased")]
    living = {"陈小雨": {"李红": "other_relative*", "陈建国": "father"}}
    living["陈小雪"] = dict(living["陈小雨"])
    assert {name: adults for name, adults in of_children().items() if name} == living


def test_an_erased_brother_or_father_is_nowhere_in_the_family(client, director, family):
    child, mother = family
    page = client.get(f"/children/{child.pk}/?tab=family")
    assert [tag["name"] for tag in soup(page).select("[name^=kin][name$=relation]")] == [f"kin{mother.pk}-relation"]
    assert "None on file." in soup(page).get_text()
    sent = filled(client.get(NEW), **{**BROTHER, **AWAY, "newadult0-name": "李红", "newadult0-relation": "mother"})
    shown = soup(client.post(LIKELY, sent))
    assert child.number in shown.get_text()
    assert [tag["href"] for tag in shown.select("a[href^='/children/']")] == [f"/children/{child.pk}/"]
