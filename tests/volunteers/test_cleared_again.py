"""A helper who was found lapsed is cleared again: the pairings that rested for it go on, and no other."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from records.lifecycle import Refused
from records.measures import Period, get
from records.scoping import Scope
from records.trail import TrailEntry
from tests.records.threads import at_once
from tests.volunteers.factories import a_child, a_helper, a_pairing, days
from volunteers import weekly
from volunteers.models import Pairing, RecordCheck, WeekDigest
from volunteers.vetting import lapse_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_term")]


def nightly():
    out = StringIO()
    call_command("renew_standing", stdout=out)
    return out.getvalue().splitlines()


def lapsed_pairing(community, helper, director, name="陈小雨"):
    """Active until the night found that the helper's check had ended."""
    pairing = a_pairing(a_child(community, name=name), helper, director)
    RecordCheck.objects.filter(volunteer=helper).update(checked_on=days(-370), valid_until=days(-5))
    lapse_on(days(0))
    pairing.refresh_from_db()
    assert (pairing.status, pairing.pauses.get().begun_by) == ("paused", None)
    return pairing


def to_go_on(community):
    return list(get("pairings_to_resume").rows(Scope.of(community.pk), Period.day(days(0))))


def test_at_night_the_pairings_of_who_is_cleared_again_go_on(community, sister_community, director, helper, portal):
    away = a_pairing(a_child(community, name="周明"), helper, director)
    away.pause(reason="helper_ill", by=director)
    by_a_person = a_pairing(a_child(community, name="吴婷"), helper, director)
    by_a_person.pause(reason="check", by=director)
    pairing = lapsed_pairing(community, helper, director)
    other = lapsed_pairing(sister_community, a_helper(sister_community, director, name="赵敏"), director, "郑凯")
    assert nightly()[:2] == ["0 helpers lapsed", "0 pairings go on again"]
    helper.record_check(checked_on=days(0), by=director)
    assert to_go_on(community) == [pairing, by_a_person]
    assert to_go_on(sister_community) == []
    assert nightly()[1] == "1 pairings go on again"
    for one in (away, by_a_person, pairing, other):
        one.refresh_from_db()
    assert [one.status for one in (pairing, away, by_a_person, other)] == ["active", "paused", "paused", "paused"]
    assert pairing.missing == ["visit", "talk", "teacher", "guardian", "letter"]
    assert portal.get(reverse("portal:child", args=[pairing.child_id])).status_code == 200
    assert TrailEntry.objects.about(pairing).get(verb="went on").actor is None
    assert to_go_on(community) == [by_a_person], "what a person paused, a person lets go on"
    assert nightly()[1] == "0 pairings go on again"


def test_it_goes_on_as_soon_as_the_renewal_is_on_file(
    community, director, helper, portal, django_capture_on_commit_callbacks
):
    pairing = lapsed_pairing(community, helper, director)
    address = reverse("portal:child", args=[pairing.child_id])
    assert portal.get(address).url == reverse("portal:standing")
    with django_capture_on_commit_callbacks(execute=True):
        helper.record_check(checked_on=days(0), by=director)
    assert portal.get(address).status_code == 200
    pairing.refresh_from_db()
    assert (pairing.status, pairing.pauses.get().resumed_on) == ("active", days(0))


def test_where_something_else_stands_against_it_staff_are_told(community, director, helper):
    pairing = lapsed_pairing(community, helper, director)
    pairing.child.consents.update(withdrawn_on=days(0))
    helper.record_check(checked_on=days(0), by=director)
    assert nightly()[1] == "0 pairings go on again"
    pairing.refresh_from_db()
    assert (pairing.status, to_go_on(community)) == ("paused", [pairing])
    weekly.write(pairing.district)
    assert WeekDigest.objects.get(community=community).lines["pauses"] == [pairing.pk]


def test_another_pause_that_began_meanwhile_is_not_ended_for_it(community, director, helper):
    pairing = lapsed_pairing(community, helper, director)
    first = pairing.pauses.get()
    helper.record_check(checked_on=days(0), by=director)
    pairing.resume(by=director)
    pairing.pause(reason="family_wish", by=director)
    with pytest.raises(Refused, match="not paused"):
        pairing.resume(pause=first, by=None)
    pairing.refresh_from_db()
    assert pairing.status == "paused"


@pytest.mark.django_db(transaction=True)
def test_the_renewal_and_a_person_who_resumes_at_once(community, director, helper):
    """The renewal holds the helper, who resumes the child and then the helper: neither waits for the other for ever."""
    pairing = lapsed_pairing(community, helper, director)

    def resumes():
        try:
            Pairing.objects.get(pk=pairing.pk).resume(by=director)
        except Refused as refusal:
            return refusal.message
        return "resumed"

    _check, said = at_once(lambda: helper.record_check(checked_on=days(0), by=director), resumes)
    assert said in ("resumed", "This pairing is not paused.") or "record check" in said
    pairing.refresh_from_db()
    assert pairing.status == "active"
    assert pairing.pauses.filter(resumed_on=None).count() == 0


def test_a_check_is_on_file_whatever_fails_afterwards_and_the_night_makes_up_for_it(
    transactional_db, community, director, helper, monkeypatch
):
    pairing = lapsed_pairing(community, helper, director)

    def fails(*_arguments, **_facts):
        raise RuntimeError("the line broke")

    with monkeypatch.context() as patch:
        patch.setattr(Pairing, "resume", fails)
        helper.record_check(checked_on=days(0), by=director)
    pairing.refresh_from_db()
    assert (pairing.status, helper.is_cleared_on(days(0))) == ("paused", True)
    assert nightly()[1] == "1 pairings go on again"
