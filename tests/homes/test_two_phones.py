"""Two people at the same moment, on real threads and connections."""

import pytest
from django.urls import reverse

from homes import checking
from homes.models import Inspection
from records.lifecycle import Refused
from tests.homes.factories import make_home, standard_in_force
from tests.records.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home(district, community):
    standard_in_force(district)
    return make_home(community)


def test_two_people_begin_one_check(home, director, supervisor):
    found = at_once(
        lambda: checking.begin(home, "inspection", by=director).pk,
        lambda: checking.begin(home, "inspection", by=supervisor).pk,
    )
    assert found[0] == found[1]
    assert Inspection.objects.get().answers.count() == 49


def test_submitted_twice_at_once_counts_once(home, director):
    check = checking.begin(home, "self_check", by=director)

    def submit():
        try:
            return checking.submit(check, by=director).score
        except Refused:
            return None

    scores = at_once(submit, submit)
    assert sorted(score is None for score in scores) == [False, True]


def phone(client, check, typed):
    """A phone with the first section open, about to send what was `typed`."""
    url = reverse("homes:section", args=[check.pk, "hardware"])
    token = client.get(url).content.decode().split('name="once_token" value="')[1].split('"')[0]
    data = {"once_token": token, **typed}
    return lambda: client.post(url, data).status_code


def numbers(check):
    kept = check.answers.filter(number__isnull=False, measured=False)
    return {code: int(number) for code, number in kept.values_list("item__code", "number")}


def test_two_phones_on_different_requirements_both_keep_theirs(home, director, signed_in):
    check = checking.begin(home, "self_check", by=director)
    one = phone(signed_in(director), check, {"H01-number": "44", "H01-seen_version": "1"})
    other = phone(signed_in(director), check, {"H05-number": "210", "H05-seen_version": "1"})
    assert at_once(one, other) == [302, 302]
    assert numbers(check) == {"H01": 44, "H05": 210}


def test_of_two_phones_on_one_requirement_the_second_is_asked(home, director, signed_in):
    check = checking.begin(home, "self_check", by=director)
    phones = [
        phone(signed_in(director), check, {"H01-number": number, "H01-seen_version": "1"}) for number in ("44", "45")
    ]
    answers = at_once(*phones)
    assert sorted(answers) == [200, 302]
    assert numbers(check) == {"H01": (44, 45)[answers.index(302)]}
