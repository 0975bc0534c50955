"""Two people at once over the same child's letter and cards."""

import threading
import time

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from guardianship import issuing, signing
from guardianship.models import Card, Letter
from records.lifecycle import Refused
from tests.children.factories import left_behind_child, siblings
from tests.guardianship.factories import a_draft, a_letter, signed
from tests.records.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path


def outcome(act):
    def attempt():
        try:
            act()
        except (Refused, IntegrityError) as refusal:
            return type(refusal).__name__
        return "done"

    return attempt


def test_one_letter_is_signed_once(community, director):
    letter = a_draft(left_behind_child(community), director)
    copies = [Letter.objects.get(pk=letter.pk) for _n in range(2)]
    results = at_once(*[outcome(lambda one=one: signed(one, director)) for one in copies])
    assert sorted(results) == ["Refused", "done"]
    assert letter.signatures.count() == 3


def test_one_draft_is_prepared_per_child(community, director):
    child = left_behind_child(community)
    results = at_once(*[outcome(lambda: signing.prepare(child, by=director))] * 2)
    assert sorted(results) == ["Refused", "done"]
    assert Letter.objects.count() == 1


def test_signing_the_new_letter_against_cancelling_the_old(community, director):
    child = left_behind_child(community)
    old = a_letter(child, director)
    new = a_draft(child, director)
    results = at_once(
        outcome(lambda: signed(new, director)), outcome(lambda: Letter.objects.get(pk=old.pk).cancel(by=director))
    )
    assert "done" in results
    assert Letter.objects.filter(child=child, status="signed").count() == (1 if results[0] == "done" else 0)


def test_a_letter_signed_meanwhile_is_not_filled_in_for_a_sibling(community, director):
    child, sister = siblings(community)
    letter, hers = a_draft(child, director), a_draft(sister, director)
    holds, signing_began = threading.Event(), threading.Event()

    def sign():
        with transaction.atomic():
            signed(Letter.objects.get(pk=hers.pk), director)
            holds.set()
            signing_began.wait(5)
            time.sleep(0.3)  # the other waits for the row by now

    def fill():
        holds.wait(5)
        mine = Letter.objects.get(pk=letter.pk)
        mine.committee_told = "改过的话"
        signing_began.set()
        signing.fill_in(mine, ["committee_told"], for_siblings=True, by=director)

    at_once(sign, fill)
    told = dict(Letter.objects.values_list("pk", "committee_told"))
    assert told == {letter.pk: "改过的话", hers.pk: ""}
    assert Letter.objects.get(pk=hers.pk).is_signed


def test_two_siblings_letters_filled_in_for_each_other_at_once_do_not_block(community, director):
    child, sister = siblings(community)
    letters = [a_draft(child, director), a_draft(sister, director)]

    def fill(letter):
        signing.fill_in(Letter.objects.get(pk=letter.pk), [], for_siblings=True, by=director)

    for _again in range(3):
        assert at_once(*[outcome(lambda one=one: fill(one)) for one in letters]) == ["done", "done"]


def test_editions_do_not_collide(community, director):
    child = left_behind_child(community)
    results = at_once(*[outcome(lambda: issuing.issue([child], ["phone"], by=director))] * 3)
    assert results == ["done"] * 3
    assert sorted(Card.objects.values_list("edition", "is_latest")) == [(1, False), (2, False), (3, True)]


def test_of_two_piles_that_share_a_card_one_is_handed_over_and_the_other_not_at_all(community, director):
    cards = issuing.issue([left_behind_child(community) for _n in range(3)], ["phone"], by=director)
    piles = {"奶奶": [cards[1], cards[0]], "爷爷": [cards[1], cards[2]]}
    today = timezone.localdate()
    results = at_once(
        *[
            outcome(lambda to=to, pile=pile: issuing.hand_over_all(pile, on=today, to=to, by=director))
            for to, pile in piles.items()
        ]
    )
    assert sorted(results) == ["Refused", "done"]
    to = list(piles)[results.index("done")]
    assert dict(Card.objects.exclude(handed_on=None).values_list("pk", "handed_to")) == {c.pk: to for c in piles[to]}
