"""Corrections, answers and logging at the same moment."""

from threading import Event

import pytest
from django.db import transaction

from children.consenting import withdraw_consent
from children.models import Consent
from records.attachments import store_image
from tests.records.threads import at_once
from tests.volunteers.factories import a_child, a_helper, a_pairing, a_term, consents
from tests.volunteers.test_portal import picture
from tests.volunteers.test_races import outcome
from volunteers import contacts, correcting
from volunteers.models import Contact, Duty, Pairing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def entry(community, director, district):
    a_term()
    pairing = a_pairing(a_child(community), a_helper(community, director), director)
    return contacts.log(pairing.volunteer, pairings=[pairing], kinds=["visit"], by=director)


def correction(entry, by, **facts):
    fresh = Contact.objects.get(pk=entry.pk)
    return outcome(lambda: correcting.correct(fresh, seen=0, facts=facts, by=by) and "done")


def test_of_two_corrections_one_is_told_to_look_again(entry, director):
    results = at_once(correction(entry, director, note="甲"), correction(entry, director, note="乙"))
    assert sorted(results) == ["done", "refused"]
    assert entry.versions.count() == 1


def test_a_duty_let_go_and_taken_at_once_is_fulfilled_once(entry, director):
    pairing = Pairing.objects.get()
    at_once(
        correction(entry, director, kinds=["talk"]),
        outcome(lambda: contacts.log(pairing.volunteer, pairings=[pairing], kinds=["visit"], by=director) and "done"),
    )
    visit = Duty.objects.get(kind="visit")
    assert visit.done_on is not None
    assert visit.fulfilled_by.contact_id != entry.pk
    stored = Pairing.objects.get()
    assert (stored.next_due_on, stored.missing) == stored.counted_duties()


def test_a_question_is_answered_once(entry, director):
    entry.ask_back(question="哪天？", by=director)
    taken = [Contact.objects.get(pk=entry.pk) for _n in range(2)]
    results = at_once(*(outcome(lambda c=c: c.take_answer(answer="x", by=director) or "done") for c in taken))
    assert sorted(results) == ["done", "refused"]


@pytest.mark.parametrize("way", ["logged", "corrected"])
@pytest.mark.parametrize("first", ["photo", "withdrawal"])
def test_no_photo_outlasts_the_consent_withdrawn_at_the_same_moment(first, way, entry, director):
    pairing = Pairing.objects.get()
    consents(pairing.child, "photo")
    consent, photo = Consent.objects.get(purpose="photo"), store_image(picture(), director)
    has_begun, waits = Event(), 0.5

    def send():
        if way == "corrected":
            correcting.correct(entry, seen=0, facts={}, photo=photo, by=director)
        else:
            contacts.log(pairing.volunteer, pairings=[pairing], kinds=["talk"], photo=photo, by=director)

    def begins(act):
        with transaction.atomic():
            act()
            has_begun.set()
            Event().wait(waits)

    def follows(act):
        has_begun.wait(10)
        act()

    acts = {"photo": send, "withdrawal": lambda: withdraw_consent(consent, by=director)}
    follower = next(name for name in acts if name != first)
    results = at_once(outcome(lambda: begins(acts[first])), outcome(lambda: follows(acts[follower])))
    assert results == (["done", "done"] if first == "photo" else ["done", "refused"])
    assert not Contact.objects.exclude(photo=None).exists()
