"""Who runs a Home, and whose training holds: noted here, or of helpers in their vetting."""

import datetime as dt

import pytest
from django.urls import reverse

from premises.measures import holders_without_training
from premises.models import DutyHolder
from records.lifecycle import Refused
from records.measures import Period
from records.scoping import Scope
from tests.children.pages import filled
from tests.gifts.factories import days_ago, today
from tests.volunteers.factories import a_helper
from volunteers.models import Evidence

pytestmark = pytest.mark.django_db


def name_for(home, by, **details):
    facts = {"position": "duty", "since": days_ago(100), **details}
    return DutyHolder.name_for(home, by=by, **facts)


def gap(home, day=None):
    return set(holders_without_training(Scope.of(home.community_id), Period.day(day or today())))


def test_a_training_holds_until_its_day(home, director):
    manager = name_for(home, director, position="manager", name="王敏")
    assert gap(home) == {manager}
    manager.note_training(what="first_aid", done_on=days_ago(50), valid_until=days_ago(10), by=director)
    assert (gap(home, days_ago(10)), gap(home, days_ago(9)), gap(home)) == (set(), {manager}, {manager})
    manager.note_training(what="fire", done_on=days_ago(5), by=director)
    assert gap(home) == set()
    assert gap(home, days_ago(6)) == {manager}


def test_of_a_helper_the_vetting_counts(home, community, director):
    helper = a_helper(community, director)
    Evidence.objects.filter(volunteer=helper).delete()
    holder = name_for(home, director, helper=helper)
    assert (holder.who, gap(home)) == (helper.name, {holder})
    facts = {"volunteer": helper, "community": community, "what": "training", "done_on": days_ago(3)}
    Evidence.objects.create(result="not_met", **facts)
    assert gap(home) == {holder}
    Evidence.objects.create(result="met", valid_until=today() + dt.timedelta(days=300), **facts)
    assert gap(home) == set()


def test_who_is_no_longer_there_is_no_gap(home, director):
    holder = name_for(home, director, name="李强")
    holder.end(by=director)
    assert gap(home, today() + dt.timedelta(days=1)) == set()
    with pytest.raises(Refused, match="ended already"):
        holder.end(by=director)


def test_one_manager_and_each_helper_once(home, community, far_community, director):
    helper = a_helper(community, director)
    name_for(home, director, position="manager", helper=helper)
    with pytest.raises(Refused, match="has a manager"):
        name_for(home, director, position="manager", name="王敏")
    with pytest.raises(Refused, match="stands here already"):
        name_for(home, director, helper=helper)
    with pytest.raises(Refused, match="different communities"):
        name_for(home, director, helper=a_helper(far_community, director))
    with pytest.raises(Refused, match="future"):
        name_for(home, director, name="x", since=today() + dt.timedelta(days=1))


def test_the_page_shows_who_trained_in_what_and_keeps_what_was_typed(home, community, director, signed_in, federation):
    helper = a_helper(community, director)
    facts = {"volunteer": helper, "community": community, "what": "training", "done_on": days_ago(3)}
    Evidence.objects.create(result="met", **facts)
    client, url = signed_in(director), reverse("premises:holders", args=[home.pk])
    answer = client.post(url, filled(client.get(url), name="王敏", helper=str(helper.pk)))
    assert "Choose a helper, or give a name." in answer.content.decode() and "王敏" in answer.content.decode()
    client.post(url, filled(client.get(url), helper=str(helper.pk)))
    holder = DutyHolder.objects.get()
    page = client.get(url).content.decode()
    assert helper.name in page and "from the vetting of helpers" in page
    act = reverse("premises:holder_training", args=[holder.pk])
    sent = {**filled(client.get(url), form_index=0), "what": "fire", "words": "演练", "done_on": "9999-01-01"}
    answer = client.post(act, sent)
    assert "within 30 years" in answer.content.decode() and "演练" in answer.content.decode()
    client.post(act, {**sent, "done_on": str(today())})
    assert holder.trainings.get().words == "演练"
    assert signed_in(federation).get(url).status_code == 404
