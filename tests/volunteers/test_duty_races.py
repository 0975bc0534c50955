"""Two people at once over what a pairing owes, on real PostgreSQL, each in a connection of their own."""

import pytest

from tests.records.threads import at_once
from tests.volunteers.factories import a_child, a_helper, a_pairing, a_term
from tests.volunteers.test_races import agreed, outcome
from tests.volunteers.test_stored_state import plain_state
from volunteers import contacts
from volunteers.models import Contact, ContactDuty, DutyReminder, Pairing

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4


@pytest.fixture
def people(community, director, district):
    a_term()
    return community, a_helper(community, director, capacity=9), director


def logging(helper, pairing, by):
    return outcome(lambda: contacts.log(helper, pairings=[pairing], kinds=["visit"], by=by) and "done")


def stored_state(pairing):
    found = Pairing.objects.get(pk=pairing.pk)
    assert (found.next_due_on, found.missing) == plain_state(found)
    return found


def test_places_are_counted_under_two_activations_and_a_third(community, director, district):
    a_term()
    helper = a_helper(community, director, capacity=2)
    pairings = [agreed(a_child(community, name=name), helper, director) for name in ("陈小雨", "周明", "吴婷")]
    results = at_once(*(outcome(lambda p=p: p.activate(by=director)) for p in pairings))
    assert sorted(map(str, results)) == ["done", "done", "refused"]
    assert Pairing.objects.filter(volunteer=helper, status="active").count() == 2


def test_the_same_child_and_helper_are_paired_once(people):
    community, helper, director = people
    child = a_child(community)
    propose = outcome(lambda: Pairing.propose(child=child, volunteer=helper, kind="tutor", by=director) and "done")
    assert sorted(at_once(propose, propose, propose)) == ["done", "refused", "refused"]
    assert Pairing.objects.filter(child=child, volunteer=helper).count() == 1


def test_a_pairing_begins_once(people):
    community, helper, director = people
    pairing = agreed(a_child(community), helper, director)
    twice = [Pairing.objects.get(pk=pairing.pk) for _person in range(2)]
    results = at_once(*(outcome(lambda p=p: p.activate(by=director)) for p in twice))
    assert sorted(map(str, results)) == ["done", "refused"]
    assert pairing.duties.count() == 5


def test_after_the_end_is_written_no_contact_comes(people):
    community, helper, director = people
    for _round in range(ROUNDS):
        pairing = a_pairing(a_child(community), helper, director)
        ending = Pairing.objects.get(pk=pairing.pk)
        ended, *logged = at_once(
            outcome(lambda p=ending: p.end(by=director)),
            logging(helper, pairing, director),
            logging(helper, pairing, director),
        )
        assert ended == "done"
        lines = ContactDuty.objects.filter(pairing=pairing).count()
        assert lines == logged.count("done")
        assert logging(helper, pairing, director)() == "refused"
        assert ContactDuty.objects.filter(pairing=pairing).count() == lines
        visit = pairing.duties.get(kind="visit")
        assert (visit.done_on is None) == (lines == 0) == (visit.excused_on is not None)


def test_excusing_against_logging(people):
    """Either the contact came first and there is nothing to excuse, or it fulfils no duty, and stands all the same."""
    community, helper, director = people
    for _round in range(ROUNDS):
        pairing = a_pairing(a_child(community), helper, director)
        visit = pairing.duties.get(kind="visit")
        excused, logged = at_once(
            outcome(lambda d=visit: d.forgive(reason="child_away", by=director)), logging(helper, pairing, director)
        )
        assert logged == "done"
        visit.refresh_from_db()
        assert (visit.excused_on is not None) == (excused == "done") == (visit.done_on is None)
        assert Contact.objects.filter(lines__pairing=pairing, lines__duty=visit).exists() == (excused == "refused")
        assert "visit" not in stored_state(pairing).missing


def test_pausing_against_logging(people):
    community, helper, director = people
    for _round in range(ROUNDS):
        pairing = a_pairing(a_child(community), helper, director)
        pausing = Pairing.objects.get(pk=pairing.pk)
        paused, logged = at_once(
            outcome(lambda p=pausing: p.pause(reason="helper_ill", by=director)), logging(helper, pairing, director)
        )
        assert paused == "done"
        visit = pairing.duties.get(kind="visit")
        assert (visit.done_on is not None) == (logged == "done") == (visit.excused_on is None)
        assert stored_state(pairing).status == "paused"


def test_a_helper_is_reminded_once_by_two(people):
    community, helper, director = people
    pairing = a_pairing(a_child(community), helper, director)
    remind = outcome(lambda: DutyReminder.send(pairing, by=director) and "done")
    assert sorted(at_once(remind, remind)) == ["done", "refused"]
    assert DutyReminder.objects.filter(pairing=pairing).count() == 1
