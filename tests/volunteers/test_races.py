"""Two people at once, on real PostgreSQL, each in a connection of their own."""

import pytest
from django.db import IntegrityError
from django.urls import reverse

from records.lifecycle import Refused
from tests.records.threads import at_once
from tests.volunteers.factories import a_child, a_helper, a_pairing, a_proposal, a_term, consents, heard
from volunteers import contacts
from volunteers.models import Contact, Duty, Pairing

pytestmark = pytest.mark.django_db(transaction=True)


def outcome(act):
    def attempt():
        try:
            return act() or "done"
        except (Refused, IntegrityError):
            return "refused"

    return attempt


def agreed(child, helper, director, kind="loving_mother"):
    consents(child)
    pairing = a_proposal(child, helper, director, kind)
    heard(pairing, director).agree(by=director)
    return pairing


def test_two_helpers_for_one_child_at_once(community, director, district):
    a_term()
    child = a_child(community)
    pairings = [agreed(child, a_helper(community, director, name=name), director) for name in ("王爱华", "赵敏")]
    results = at_once(*(outcome(lambda p=p: p.activate(by=director)) for p in pairings))
    assert sorted(map(str, results)) == ["done", "refused"]
    assert Pairing.objects.filter(status="active").count() == 1


def test_the_last_place_is_given_once(community, director, district):
    a_term()
    helper = a_helper(community, director, capacity=1)
    pairings = [agreed(a_child(community, name=name), helper, director) for name in ("陈小雨", "周明")]
    results = at_once(*(outcome(lambda p=p: p.activate(by=director)) for p in pairings))
    assert sorted(map(str, results)) == ["done", "refused"]


def test_ending_against_logging(community, director, district):
    a_term()
    helper = a_helper(community, director)
    for _round in range(5):
        pairing = a_pairing(a_child(community), helper, director)
        ending = Pairing.objects.get(pk=pairing.pk)
        before = Contact.objects.count()
        ended, logged = at_once(
            outcome(lambda p=ending: p.end(by=director)),
            outcome(lambda p=pairing: contacts.log(helper, pairings=[p], kinds=["visit"], by=director)),
        )
        assert ended == "done"
        stored = Pairing.objects.get(pk=pairing.pk)
        visit = stored.duties.get(kind="visit")
        assert (stored.status, stored.missing) == ("ended", [])
        was_logged = Contact.objects.count() == before + 1
        assert was_logged == (logged != "refused")
        assert (visit.done_on is not None) == was_logged
        assert (visit.excused_on is not None) == (not was_logged)


def test_one_duty_is_fulfilled_once(community, director, district):
    a_term()
    helper = a_helper(community, director)
    pairing = a_pairing(a_child(community), helper, director)
    write = outcome(lambda: contacts.log(helper, pairings=[pairing], kinds=["visit"], by=director))
    at_once(write, write, write)
    assert Contact.objects.count() == 3
    assert Duty.objects.filter(kind="visit", fulfilled_by__isnull=False).count() == 1


def test_a_double_click_makes_one_entry(community, director, district, make_user, signed_in):
    a_term()
    user = make_user("volunteer", community, "volunteer")
    helper = a_helper(community, director, user=user)
    child = a_child(community)
    a_pairing(child, helper, director)
    browser = signed_in(user)
    page = browser.get(reverse("portal:log")).content.decode()
    token = page.split('name="once_token" value="')[1].split('"')[0]
    data = {"children": [child.pk], "kinds": ["visit"], "made_on": "", "once_token": token}
    data["made_on"] = str(helper.pairings.get().starts_on)
    answers = at_once(*[lambda: browser.post(reverse("portal:log"), data).status_code] * 2)
    assert answers == [302, 302]
    assert Contact.objects.count() == 1
