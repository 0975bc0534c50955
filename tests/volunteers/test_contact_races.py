"""Corrections, answers and logging at the same moment."""

import pytest

from tests.records.threads import at_once
from tests.volunteers.factories import a_child, a_helper, a_pairing, a_term
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
