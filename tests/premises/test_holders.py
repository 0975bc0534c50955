"""Who runs a Home, and whose training holds: noted here, or of helpers in their vetting."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from homes.managers import Manager, managers_of
from premises.measures import holders_without_training, homes_without_manager
from premises.models import DutyHolder
from records.lifecycle import Refused
from records.measures import Period
from records.scoping import Scope
from records.trail import TrailEntry
from tests.children.pages import filled, soup
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


def manager_of(home, user, day=None):
    return managers_of([home], user, day).get(home.pk)


def test_the_manager_is_who_is_in_office_on_the_day(
    home, far_home, community, director, supervisor, federation, stranger
):
    first = name_for(home, director, position="manager", name="王敏", phone="16112345678", since=days_ago(100))
    name_for(home, director, position="duty", name="李强", since=days_ago(100))
    assert manager_of(home, director) == Manager("王敏", "16112345678")
    assert manager_of(home, director, days_ago(101)) == Manager()
    first.end(by=director)
    DutyHolder.objects.filter(pk=first.pk).update(until=days_ago(10))
    assert manager_of(home, director) == Manager()
    helper = a_helper(community, director, phone="13900001111")
    name_for(home, director, position="manager", helper=helper, since=days_ago(10))
    assert manager_of(home, director, days_ago(11)) == Manager("王敏", "16112345678")
    assert manager_of(home, director, days_ago(10)) == Manager(helper.name, "13900001111")  # the one who came last
    assert manager_of(home, supervisor) == Manager(helper.name, "13900001111")
    assert managers_of([home, far_home], director) == {home.pk: Manager(helper.name, "13900001111")}
    assert managers_of([home, far_home], federation) == {}
    assert managers_of([home, far_home], stranger) == {far_home.pk: Manager()}


def test_many_homes_are_asked_for_their_managers_at_once(home, far_home, director, stranger, make_user, district):
    reader = make_user("street_officer", district, "reader")
    for one, by in ((home, director), (far_home, stranger)):
        name_for(one, by, position="manager", name="王敏", since=days_ago(9))
    for homes in ([home], [home, far_home]):
        with CaptureQueriesContext(connection) as asked:
            found = managers_of(homes, type(reader).objects.get(pk=reader.pk))
        assert (len(found), len(asked)) == (len(homes), 3)  # the reader, their posts, the managers


def test_a_home_without_a_manager_is_a_gap_until_one_is_entered(home, far_home, community, director, stranger):
    without = lambda day=None: set(homes_without_manager(Scope.of("150902"), Period.day(day or today())))  # noqa: E731
    assert without() == {home, far_home}
    name_for(home, director, name="李强")
    manager = name_for(home, director, position="manager", name="王敏", since=days_ago(5))
    assert (without(days_ago(6)), without(days_ago(5)), without()) == ({home, far_home}, {far_home}, {far_home})
    manager.end(by=director)
    assert without(today() + dt.timedelta(days=1)) == {home, far_home}
    far_home.close(by=stranger, on=today())
    assert without() == set()


def test_the_phone_of_staff_is_kept_changed_and_masked_on_the_page(home, community, director, supervisor, signed_in):
    client, url = signed_in(director), reverse("premises:holders", args=[home.pk])
    answer = client.post(url, filled(client.get(url), position="manager", name="王敏", phone="123"))
    assert "This is not a phone number" in answer.content.decode() and not DutyHolder.objects.exists()
    client.post(url, filled(client.get(url), position="manager", name="王敏", phone=" 161 1234 5678 "))
    holder = DutyHolder.objects.get()
    assert holder.phone == "16112345678"
    page = client.get(url).content.decode()
    assert "16112345678" not in page and "••••5678" in page
    act = reverse("premises:holder_phone", args=[holder.pk])
    index = [form.get("action") for form in soup(client.get(url)).main.find_all("form")].index(act)
    answer = client.post(act, filled(client.get(url), form_index=index, phone="99"))
    assert "This is not a phone number" in answer.content.decode() and 'value="99"' in answer.content.decode()
    for typed, kept in (("010-12345678", "010-12345678"), ("", "")):
        answer = client.post(act, filled(client.get(url), form_index=index, phone=typed), follow=True)
        assert ("The phone is kept." if kept else "No phone is kept.") in answer.content.decode()
        holder.refresh_from_db()
        assert holder.phone.replace("-", "") == kept.replace("-", "")
    assert TrailEntry.objects.about(holder).filter(verb="changed the phone of who runs the Home").count() == 2
    assert signed_in(supervisor).post(act).status_code == 404
    helper = name_for(home, director, helper=a_helper(community, director), phone="16112345678")
    assert helper.phone == ""  # it stands on file
    with pytest.raises(Refused, match="on the helper's page"):
        helper.change_phone("16112345678", by=director)
    holder.end(by=director)
    with pytest.raises(Refused, match="ended already"):
        holder.change_phone("16112345678", by=director)
