"""Two people at the same moment, on real connections."""

import pytest
from django.test import Client

from records.lifecycle import Refused
from surveys.models import HouseholdVisit, SurveyRound
from tests.records.threads import at_once
from tests.surveys.factories import a_round, today

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_phones_at_one_door_make_one_row(signed_in, supervisor, director, make_user, street, community, make_child):
    survey_round = a_round(street, supervisor)
    household = make_child(community).household
    colleague = make_user("community_worker", community)
    clients = [signed_in(director), signed_in(colleague)] * 2
    way = f"/surveys/rounds/{survey_round.pk}/visit/?household={household.pk}"

    def tap(client, what):
        twin = Client()
        twin.cookies = client.cookies
        return lambda: twin.post(way, {"quick": what}).status_code

    results = at_once(
        *[tap(client, what) for client, what in zip(clients, ["same", "nobody", "nobody", "same"], strict=True)]
    )
    visit = HouseholdVisit.objects.get()
    assert sorted(results) == [200, 200, 200, 302]  # the others see the first one's beside their own
    first = results.index(302)
    assert visit.result == ["met", "nobody_home", "nobody_home", "met"][first]
    assert (visit.noted_by, visit.version) == ([director, colleague][first % 2], 1)


@pytest.mark.parametrize("places", [("street", "street"), ("street", "district")])
def test_two_offices_open_one_round(places, request, supervisor, federation):
    divisions = [request.getfixturevalue(name) for name in places]

    def open_for(division, by, due_in):
        def act():
            try:
                return a_round(division, by, due_in=due_in).pk
            except Refused as refusal:
                return refusal.message

        return act

    results = at_once(open_for(divisions[0], supervisor, 10), open_for(divisions[1], federation, 11))
    opened = SurveyRound.objects.get()
    assert opened.pk in results
    assert sum("still open" in str(result) for result in results) == 1
    assert opened.opens_on < today()
