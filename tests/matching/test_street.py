"""A proposal for all communities of a street, by the pages of the street office."""

import pytest
from django.urls import reverse

from tests.children.pages import filled, soup
from tests.matching.test_proposals import mother, needs
from tests.volunteers.factories import a_child
from volunteers.models import MatchRun, Pairing

pytestmark = pytest.mark.django_db


def test_a_supervisor_makes_looks_at_and_accepts_a_proposal_for_the_street(
    street, community, sister_community, far_community, director, supervisor, signed_in
):
    """The helper who comes far accompanies a child of the other community: only the street can see that."""
    rain, cloud = a_child(community, name="陈小雨"), a_child(sister_community, name="周小云")
    a_child(far_community, name="远小方")
    needs(rain, "law")
    needs(cloud, "study")
    near = mother(community, director, "赵敏", topics=["law"])
    far = mother(community, director, "孙丽", topics=["study"], reach_km=10)
    client = signed_in(supervisor)
    sent = {**filled(client.get(reverse("matching:runs"))), "division": street.pk, "kind": "loving_mother"}
    page = client.post(reverse("matching:make"), sent, follow=True)
    run = MatchRun.objects.get()
    assert (run.division, run.made_by, page.redirect_chain) == (street, supervisor, [(run.get_absolute_url(), 302)])
    table = soup(page).select_one("main table")
    column = [head.text for head in table.select("thead th")].index("Community")
    rows = [(row.find("a").text, row.find_all("td")) for row in table.select("tbody tr")]
    assert {(child, cells[column].text, cells[column + 1].text) for child, cells in rows} == {
        ("陈小雨", str(community), "赵敏"),
        ("周小云", str(sister_community), "孙丽"),
    }
    accept = soup(page).find("form", action=reverse("matching:accept", args=[run.pk]))
    client.post(accept["action"], {field["name"]: field["value"] for field in accept.select("input[name]")})
    pairs = Pairing.objects.values_list("child", "volunteer", "community", "kind", "status")
    assert set(pairs) == {
        (rain.pk, near.pk, community.pk, "loving_mother", "proposed"),
        (cloud.pk, far.pk, sister_community.pk, "loving_mother", "proposed"),
    }
    run.refresh_from_db()
    assert (run.status, run.settled_by) == ("accepted", supervisor)


def test_a_director_makes_no_proposal_for_the_street(street, community, director, signed_in):
    client = signed_in(director)
    sent = {**filled(client.get(reverse("matching:runs"))), "division": street.pk}
    assert client.post(reverse("matching:make"), sent).status_code == 200
    assert not MatchRun.objects.exists()
