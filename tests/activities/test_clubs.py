"""Clubs suggest the children whose hobby fits and who are in none, and take several in one act."""

import uuid

import pytest
from django.urls import reverse

from activities.candidates import fitting_no_club
from records.lifecycle import Refused
from tests.activities.factories import days_ago, make_activity, today
from tests.volunteers.test_portal import token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def club(community, director):
    return make_activity(community, director, title="书画班", kind="club", art="painting", capacity=3)


@pytest.fixture
def painter(community, make_child):
    """painter(name): a child who likes to paint."""
    return lambda name, **details: make_child(
        details.pop("place", community), name=name, hobbies=["painting"], **details
    )


def test_children_whose_hobby_fits_and_who_are_in_no_club(
    club, community, sister_community, painter, make_child, director
):
    free, taken, finished = painter("一"), painter("二"), painter("三")
    make_child(community, name="四", hobbies=["music"])
    painter("五", place=sister_community)
    painter("六", left_on=today(), left_reason="moved")
    other = make_activity(community, director, kind="club", art="music")
    other.enrol(taken, by=director)
    over = make_activity(community, director, kind="club", art="music", first_day=days_ago(3))
    over.enrol(finished, by=director)
    over.begin(by=director)
    over.finish(by=director)
    assert set(fitting_no_club(director, club)) == {free, finished}
    assert list(fitting_no_club(director, make_activity(community, director))) == []


def test_several_are_enrolled_in_one_act(club, painter, director, signed_in):
    chosen, page = [painter("一"), painter("二")], reverse("activities:enrol", args=[club.pk])
    client = signed_in(director)
    shown = client.get(page)
    assert "Hobby fits, in no club yet" in shown.content.decode()
    data = {"once_token": token_of(shown), "child": [child.pk for child in chosen]}
    for _click in (1, 2):
        assert client.post(reverse("activities:enrol_several", args=[club.pk]), data).status_code == 302
    assert set(club.enrolments.open().values_list("child", flat=True)) == {child.pk for child in chosen}
    assert "Hobby fits, in no club yet" not in client.get(page).content.decode()


def test_where_the_places_do_not_reach_nobody_is_enrolled(club, painter, director):
    first = painter("一")
    club.enrol(first, by=director)
    others = [painter(name) for name in ("二", "三", "四")]
    with pytest.raises(Refused, match="at most 2 children"):
        club.enrol_several(others, by=director)
    assert club.enrolments.count() == 1
    club.enrol_several([first, *others[:2]], by=director)
    assert club.enrolments.open().count() == 3
    with pytest.raises(Refused, match="Choose at least one"):
        club.enrol_several([], by=director)


def test_a_child_of_elsewhere_is_not_enrolled(club, painter, sister_community, director, signed_in):
    foreign = painter("一", place=sister_community)
    client = signed_in(director)
    sent = {"once_token": str(uuid.uuid4()), "child": [foreign.pk, "x"]}
    client.post(reverse("activities:enrol_several", args=[club.pk]), sent)
    assert not club.enrolments.exists()
