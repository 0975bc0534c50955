"""Acts on a letter when the facts have changed meanwhile, and the one that was cancelled before it began."""

import datetime as dt

import pytest
from django.utils import timezone

from children.merging import merge
from children.models import Child
from guardianship import signing
from guardianship.models import Letter
from records.lifecycle import Refused
from tests.children.factories import left_behind_child
from tests.guardianship.factories import a_draft, a_letter, an_entrusted_child, days_ago, signed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path


def let_the_father_go(letter):
    letter.child.kinships.get(relation="father").delete()


def let_the_caregiver_fall_ill(letter):
    type(letter.caregiver).objects.filter(pk=letter.caregiver_id).update(unable_since=days_ago(0))


def let_the_child_turn_18(letter):
    today = timezone.localdate()
    Child.objects.filter(pk=letter.child_id).update(birth_date=dt.date(today.year - 18, today.month, 1))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (let_the_father_go, "陈建国 is no longer on file as the father"),
        (let_the_caregiver_fall_ill, "王秀英 is unable to look after the child"),
        (let_the_child_turn_18, "the child is 18"),
    ],
)
def test_a_letter_that_would_not_hold_is_not_signed(community, director, change, why):
    letter = a_draft(left_behind_child(community), director)
    change(letter)
    with pytest.raises(Refused, match=f"would not hold: {why}"):
        signed(letter, director)
    assert Letter.objects.get().is_draft


def test_nobody_signs_before_the_child_is_born(community, director):
    letter = a_draft(left_behind_child(community), director)
    with pytest.raises(Refused, match="before the child's birth"):
        signed(letter, director, letter.child.birth_date - dt.timedelta(days=1))


def test_cancelling_a_letter_that_has_not_begun_lets_the_one_before_go_on(community, director):
    child, old = an_entrusted_child(community, director, days_ago(40))
    today = timezone.localdate()
    first, last = (today + dt.timedelta(days=n) for n in (20, 300))
    later = signed(a_draft(child, director, starts_on=first, ends_on=last), director)
    assert list(Letter.objects.in_force_on(first)) == [later]
    signing.cancel(later, by=director)
    old.refresh_from_db()
    assert (old.status, old.ended_on) == ("signed", None)
    assert list(Letter.objects.in_force_on(today)) == list(Letter.objects.in_force_on(first)) == [old]
    at_once = signed(a_draft(child, director), director)
    signing.cancel(at_once, by=director)
    old.refresh_from_db()
    assert (old.status, old.ended_on) == ("renewed", today), "it was over when the other began"


@pytest.mark.parametrize(("kept_ends_in", "stays"), [(-5, "of the other file"), (0, "of the kept file")])
def test_merging_two_files_ends_no_letter_that_holds_for_one_that_does_not(community, director, kept_ends_in, stays):
    """A letter whose term is over is still there as signed, until it is renewed."""
    kept, gone = (left_behind_child(community) for _ in range(2))
    mine, other = (a_letter(child, director, days_ago(40)) for child in (kept, gone))
    Letter.objects.filter(pk=mine.pk).update(ends_on=timezone.localdate() + dt.timedelta(days=kept_ends_in))
    merge(kept, gone, by=director)
    standing, ended = (other, mine) if stays == "of the other file" else (mine, other)
    states = {one.pk: (one.child_id, one.status) for one in Letter.objects.all()}
    assert states == {standing.pk: (kept.pk, "signed"), ended.pk: (kept.pk, "ended")}
