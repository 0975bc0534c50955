"""What stands beside the rows of a file goes with it too: words not sent, pictures, its place in the household."""

import json
import re

import pytest
from django.urls import reverse

from activities.models import SessionPhoto
from children import imports, moving, transfer
from children.caring import note_need
from children.merging import merge
from children.models import Adult, Child, Correction, Household, ImportPart, ImportRow, Likeness
from records.attachments import Attachment
from records.drafts import Draft
from records.lifecycle import Refused
from tests.activities.factories import a_picture, make_activity
from tests.children.factories import a_child, an_adult, left_behind_child, offered, siblings
from tests.children.pages import filled, soup, words
from tests.children.test_erasing_room import erase
from tests.children.test_merging import consent
from tests.children.test_rights import everywhere
from tests.conftest import freshly_signed_in
from tests.counselling.factories import a_case
from tests.imports.factories import SURVEY_DAY, row, somebody, workbook
from tests.volunteers.factories import a_helper, a_pairing, days
from volunteers.models import Deputy

# Drafts ---------------------------------------------------------------------------------------------------------------


def typed(user, key, **data):
    Draft.keep(user, key, {"note": "想妈妈", **data})
    return Draft.objects.get(user=user, key=key).pk


def left():
    return set(Draft.objects.values_list("pk", flat=True))


@pytest.fixture
def helper(community, director, make_user, term):
    return a_helper(community, director, user=make_user("volunteer", community, "helper"), capacity=5)


def at(client, address):
    """The key under which the form at this address keeps what is typed."""
    return soup(client.get(address)).find("form", attrs={"data-draft": True})["data-draft"].split("/")[-2]


def page_of(form, child, pairing):
    return (
        reverse(f"portal:{form}", args=[pairing.pk])
        if form == "goodbye"
        else f"{reverse(f'portal:{form}')}?child={child.pk}"
    )


@pytest.mark.parametrize("form", ["log", "letter_new", "goodbye"])
def test_what_a_helper_typed_about_the_child_is_gone(form, community, helper, signed_in, cast):
    child, other = (a_child(community, name=name) for name in ("陈小雨", "王一"))
    pairings = {one: a_pairing(one, helper, cast.director) for one in (other, child)}
    kept, _gone = (
        typed(helper.user, at(signed_in(helper.user), page_of(form, one, pairing))) for one, pairing in pairings.items()
    )
    assert len(left()) == 2
    erase(child, cast)
    assert left() == {kept}


@pytest.mark.parametrize(("key", "name"), [("portal-contact", "children"), ("portal-letter", "child")])
def test_what_names_no_child_yet_is_gone_and_what_names_another_stays(key, name, community, helper, make_user, cast):
    child, other = left_behind_child(community), left_behind_child(community)
    standing_in = a_helper(community, cast.director, name="赵敏", phone="15412345679",
                           user=make_user("volunteer", community, "deputy"))  # fmt: skip
    pairing = a_pairing(child, helper, cast.director)
    a_pairing(other, helper, cast.director)
    Deputy.name(
        pairing, volunteer=standing_in, from_day=days(0), until_day=days(3), guardian="王秀英", by=cast.director
    )
    stranger = make_user("volunteer", community, "stranger")
    typed(standing_in.user, key), typed(helper.user, key, **{name: [str(other.pk), str(child.pk)]})
    kept = typed(stranger, key)
    erase(child, cast)
    assert left() == {kept}
    kept_too = typed(helper.user, key, **{name: str(other.pk)})
    erase(left_behind_child(community), cast)
    assert left() == {kept, kept_too}


def test_what_was_typed_about_a_file_merged_into_it_is_gone(two, cast):
    kept, gone = two
    own = f"children.household.{gone.household_id}.v1"
    for key in (f"children.child.{gone.pk}.edit", own, f"counselling.{gone.pk}.open"):
        typed(cast.director, key)
    merge(kept, gone, by=cast.director)
    erase(kept, cast)
    assert left() == set()


# Pictures of sessions -------------------------------------------------------------------------------------------------


def test_a_picture_of_the_child_alone_is_gone_with_its_file(
    community, cast, director, django_capture_on_commit_callbacks
):
    session = make_activity(community, director).sessions.get()
    child, other = left_behind_child(community), left_behind_child(community)
    for one in (child, other):
        consent(one, "photo")
        session.join_late(one, by=director)
    alone, both, nobody = (a_picture(session, director) for _ in range(3))
    alone.name_children([child], nobody_else=True, by=director)
    both.name_children([child, other], nobody_else=True, by=director)
    alone.cover({(0, 0)}, by=director)
    files = [picture.file for picture in (alone.photo, SessionPhoto.objects.get(pk=alone.pk).covered)]
    with django_capture_on_commit_callbacks(execute=True):
        erase(child, cast)
    assert set(SessionPhoto.objects.exclude(withheld_at=None)) == set(SessionPhoto.objects.all()) == {both, nobody}
    assert Attachment.objects.count() == 2
    assert [file.storage.exists(file.name) for file in files] == [False, False]
    with django_capture_on_commit_callbacks(execute=True):
        erase(other, cast)
    assert list(SessionPhoto.objects.all()) == [nobody]


# Brothers and sisters -------------------------------------------------------------------------------------------------


@pytest.fixture
def family(community, cast):
    """(the child whose file is erased, its sister, a father of the one alone)"""
    one, two = siblings(community, registered_address="恩和路1号")
    Household.objects.filter(pk=one.household_id).update(note="家里的事")
    own = an_adult(one, "", name="孙建军")
    erase(one, cast)
    return Child.objects.get(pk=one.pk), Child.objects.get(pk=two.pk), own


def test_the_household_goes_on_without_the_file(family, signed_in, cast):
    one, two, own = family
    client, address = freshly_signed_in(signed_in(cast.director)), f"/children/household/{two.household_id}/"
    page = client.get(address)
    names = {f"child{two.pk}-name", *(f"adult{k.adult_id}-name" for k in two.kinships.all())}
    assert {
        tag["name"] for tag in soup(page).find_all("input", attrs={"name": re.compile("^(child|adult).*-name$")})
    } == names
    answer = client.post(address, filled(page, **{f"child{two.pk}-name": "陈小雪改"}))
    assert answer.status_code == 302, words(answer)
    two.refresh_from_db()
    assert two.name == "陈小雪改"
    one.refresh_from_db(), own.refresh_from_db()
    assert (one.name, own.name, own.household_id) == ("", "", one.household_id)
    assert one.household_id != two.household_id
    assert list(one.kinships.values_list("adult", flat=True)) == [own.pk]


def test_the_family_moves_and_nothing_of_it_stays_behind(family, cast, director, stranger, far_community):
    one, two, _own = family
    transfer.accept(offered([two], far_community, by=director), by=stranger)
    here = {"community": one.community_id}
    assert list(Adult.objects.filter(**here).exclude(name="").values_list("name", flat=True)) == []
    assert list(Household.objects.filter(**here).exclude(note="").values_list("pk", flat=True)) == []
    assert moving.misplaced() == {}
    assert Adult.objects.filter(community=far_community).count() == 3


# The erased file ------------------------------------------------------------------------------------------------------


@pytest.fixture
def erased(community, cast):
    child = left_behind_child(community)
    note_need(child, "study", by=cast.director)
    case = a_case(child, cast.counsellor, by=cast.director)
    erase(child, cast)
    return Child.objects.get(pk=child.pk), case


def test_nothing_is_written_in_an_erased_file_any_more(erased, signed_in, cast):
    child, case = erased
    adult, need, file = child.kinships.first().adult, child.needs.get(), f"/children/{child.pk}/"
    told = "This file has been erased. Nothing can be written in it any more."
    desk, care = (freshly_signed_in(signed_in(user)) for user in (cast.director, cast.counsellor))
    sent = {
        f"{file}edit/": {"child-name": "陈小雨"},
        f"{file}need/": {"topic": "life", "note": "陈小雨想妈妈"},
        f"{file}wish/": {"text": "陈小雨想要画笔"},
        f"{file}consent/": {"purpose": "photo", "given_by": "李红", "given_on": str(days(0))},
        f"{file}correct/": {"wrong": "陈小雨", "asked_by": "李红"},
        f"/children/household/{child.household_id}/": {f"child{child.pk}-name": "陈小雨"},
        f"/children/adults/{adult.pk}/contact/": {"note": "李红"},
        f"/children/needs/{need.pk}/strike/": {"because": "陈小雨"},
    }
    for address, data in sent.items():
        answer = desk.post(address, data, follow=True)
        assert answer.redirect_chain == [(file, 302)], address
        assert told in answer.content.decode(), address
    answer = care.post(reverse("counselling:reopen", args=[case.words.pk]), {"why": "陈小雨"})
    assert (answer.status_code, answer.url) == (302, file)
    assert everywhere("陈小雨") == everywhere("李红") == []
    assert desk.get(f"{file}edit/").status_code == 302
    assert child.needs.count() == 1 and not child.consents.exists()


def test_the_page_of_an_erased_file_offers_nothing_to_write(erased, signed_in, cast):
    child, _case = erased
    for tab in ("", "?tab=growth", "?tab=history"):
        page = soup(signed_in(cast.director).get(f"/children/{child.pk}/{tab}"))
        assert page.find("h1").get_text(strip=True) == "Erased file"
        assert "years old" not in page.main.get_text()
        assert page.main.find_all("form") == []
        assert page.main.find("a", href=re.compile("/(edit|need|wish|correct|erase|return|copy.zip)")) is None
    assert "Erased file" in page.title.get_text()


def test_a_concern_is_never_held_up(erased, signed_in, cast):
    child, _case = erased
    assert signed_in(cast.director).get(f"/children/{child.pk}/concern/").status_code == 200


def test_a_row_out_of_scope_tells_nothing_of_an_erasure(erased, signed_in, stranger):
    child, _case = erased
    assert signed_in(stranger).post(f"/children/{child.pk}/need/").status_code == 404


def test_an_erased_file_is_merged_with_none(erased, community, cast):
    child, _case = erased
    other = left_behind_child(community)
    for kept, gone in ((other, child), (child, other)):
        with pytest.raises(Refused, match="has been erased"):
            merge(kept, gone, by=cast.supervisor)


def test_nobody_waits_for_an_answer_about_an_erased_file(community, far_community, cast):
    child = left_behind_child(community)
    Likeness.of(child, left_behind_child(far_community))
    asked = {"asked_by": "李红", "asked_on": days(0), "noted_by": cast.director, "community": community}
    correction = Correction.objects.create(child=child, wrong="名字写错", **asked)
    assert Likeness.objects.asked().exists()
    erase(child, cast)
    correction.refresh_from_db()
    assert (correction.status, correction.wrong, correction.answer) == ("declined", "", "")
    assert not Likeness.objects.asked().exists()


# Rosters --------------------------------------------------------------------------------------------------------------


def a_roster(community, by, *rows):
    return imports.read_roster(workbook(*rows), division=community, as_of=SURVEY_DAY, name="名单.xlsx", by=by)


def of_chen():
    """What rows of rosters, and the files they came in, still say."""
    kept = (text for pair in ImportRow.objects.values_list("values", "cells") for text in pair if text)
    values = "".join(str(json.loads(text)) for text in kept)
    return "陈小雨" in values, ImportPart.objects.exists()


def test_a_roster_read_before_the_erasure_brings_nothing_back(community, cast, signed_in):
    by = cast.director
    imports.confirm(a_roster(community, by, row()), by=by)
    child = Child.objects.get()
    waiting = a_roster(community, by, row(备注="想妈妈"), somebody(1))
    assert waiting.rows.get(disposition="duplicate").duplicate_of == child.number
    assert of_chen() == (True, True)
    erase(child, cast)
    assert of_chen() == (False, False)
    for page in ("", "verdicts.csv", "to-correct.xlsx", "columns/"):
        answer = freshly_signed_in(signed_in(by)).get(f"/children/import/{waiting.pk}/{page}")
        assert answer.status_code in (200, 302), page
        assert "陈小雨" not in answer.getvalue().decode(errors="replace")
    imports.confirm(waiting, by=by)
    assert list(Child.objects.order_by("pk").values_list("name", "left_reason")) == [("", "erased"), ("王丁", "")]
    assert not Adult.objects.filter(name="陈建国").exists()
    assert waiting.counts["added"] == 1


def test_a_returned_row_is_blank_once_the_file_of_its_correction_is_erased(community, cast):
    by = cast.director
    returned = a_roster(community, by, row(身份证号码="150902201503169961"), somebody(1))
    imports.confirm(returned, by=by)
    rejected = returned.rows.get(disposition="rejected")
    imports.confirm(a_roster(community, by, row()), by=by)
    ImportRow.objects.exclude(child=None).filter(child__name="陈小雨").update(corrects=rejected)
    erase(Child.objects.get(name="陈小雨"), cast)
    assert of_chen() == (False, False)
    assert returned.rows.exclude(values="").count() == 1
