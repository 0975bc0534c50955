"""A file of a left-behind child is complete with a letter that holds."""

import pytest
from django.utils import timezone

from children.completeness import Gaps, incomplete, items
from children.models import Adult, Child
from guardianship import signing
from tests.children.factories import a_child, left_behind_child
from tests.children.pages import soup
from tests.guardianship.factories import a_letter, days_ago


@pytest.fixture
def child(community):
    return left_behind_child(community)


def owes_letter(child):
    """As its file says, and as the lists say."""
    child = Child.objects.get(pk=child.pk)
    letter = next(item for item in items() if item.key == "letter")
    in_lists = Child.objects.filter(letter.missing, pk=child.pk).exists()
    assert in_lists == (letter in Gaps(child).missing)
    return in_lists


def where(child):
    return next(item.where(Gaps(child)) for item in Gaps(child).missing if item.key == "letter")


def test_a_child_whose_parents_are_here_owes_none(community):
    assert not owes_letter(a_child(community))


def test_a_letter_that_holds_is_there_and_one_that_lapsed_is_missing(child, director):
    assert owes_letter(child)
    letter = a_letter(child, director, days_ago(3), opinion_on=days_ago(4))
    assert not owes_letter(child)
    Adult.objects.filter(pk=letter.caregiver_id).update(unable_since=timezone.localdate())
    assert owes_letter(child)


def test_a_file_that_left_the_register_owes_none(child):
    Child.objects.filter(pk=child.pk).update(left_on=days_ago(2), left_reason="moved_out")
    assert not owes_letter(child)


def test_it_leads_to_the_button_and_then_to_the_draft(child, director, signed_in):
    path, _hash, place = where(child).partition("#")
    page = soup(signed_in(director).get(path))
    assert page.find("button", id=place).find_parent("form")["action"].endswith(f"/{child.pk}/prepare/")
    draft = signing.prepare(child, by=director)
    assert where(child) == draft.get_absolute_url()


def test_lists_say_the_same(child, director, community):
    other = left_behind_child(community, name="别人")
    a_letter(child, director, days_ago(3), opinion_on=days_ago(4))
    whole = {"grade": "PRE", "ethnicity": "01", "health": "健康", "is_immunised": True, "hobbies": ["music"]}
    whole |= {"needs_asked_on": timezone.localdate(), "guardianship_quality": "good", "registered_address": "恩和路1号"}
    Child.objects.update(**whole, id_number_hash=None)
    for one in (child, other):
        one.refresh_from_db()
        lacks = {item.key for item in Gaps(one).missing} - {"id_number", "address", "phone", "consent"}
        assert lacks == ({"letter"} if one == other else set())
    assert Child.objects.filter(incomplete()).count() == 2
