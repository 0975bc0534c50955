"""Everybody concerned is told that a day was moved or cancelled."""

import datetime as dt
import uuid

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from activities.models import Activity, Told, Waiting
from activities.telling import note_told, to_tell, with_somebody_to_tell
from activities.telling_measures import changes_not_told
from children import transfer
from children.leaving import end_what_is_local
from children.merging import merge
from records.lifecycle import Refused
from records.measures import Period
from records.scoping import Scope
from records.trail import TrailEntry
from tests.activities.factories import days_ago, make_activity, today
from tests.children.factories import an_adult
from tests.children.test_transfer_moment import offered
from tests.volunteers.factories import a_helper

DAY = dt.timedelta(days=1)


@pytest.fixture
def child(community, make_child):
    return make_child(community, name="欧阳娜娜")


@pytest.fixture
def helper(community, director):
    return a_helper(community, director, name="赵敏")


@pytest.fixture
def club(director, community, child, helper):
    """Two days to come, one child, one helper, led by the director."""
    facts = {"times": 2, "helpers_needed": 99, "leader": director}
    made = make_activity(community, director, title="合唱班", first_day=today() + DAY, **facts)
    made.enrol(child, by=director)
    made.take_helper(helper, by=director)
    return made


def move(session, by, days=1):
    day = session.day + days * DAY
    session.move(day=day, starts_at=dt.time(15), ends_at=dt.time(16), venue="操场", by=by)


def gap(community):
    return changes_not_told(Scope.of(community.pk), Period.day(today())).count()


def words(answer):
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


def page_of(activity):
    return f"/activities/{activity.pk}/tell/"


def tick(client, activity, *keys, seen=None):
    seen = client.get(page_of(activity)).context["list"].seen if seen is None else seen
    form = {"once_token": uuid.uuid4(), "person": keys, "seen": seen}
    return client.post(page_of(activity), form, follow=True)


def test_who_is_concerned_is_told_and_noted(club, child, helper, director, signed_in, community):
    client = signed_in(director)
    assert gap(community) == 0
    assert "No day ahead" in words(client.get(page_of(club)))
    move(club.sessions.first(), director)
    assert gap(community) == 1
    assert "Tell these" in words(client.get(club.get_absolute_url()))
    assert "合唱班" in words(client.get("/activities/todo/"))
    page = words(client.get(page_of(club)))
    assert [name for name in ("欧阳娜娜", "赵敏") if name not in page] == []
    answer = tick(client, club, f"child-{child.pk}")
    assert "1 noted as told." in words(answer)
    assert [one.person for one in answer.context["list"].open] == [helper]
    assert gap(community) == 1
    tick(client, club, f"volunteer-{helper.pk}")
    assert "Everybody is told" in words(client.get(page_of(club)))
    assert gap(community) == 0
    assert set(Told.objects.values_list("child", "volunteer", "leader", "told_by")) == {
        (child.pk, None, None, director.pk),
        (None, helper.pk, None, director.pk),
        (None, None, director.pk, director.pk),  # who leads it has moved it
    }
    assert TrailEntry.objects.filter(verb="told of a change", actor=director).count() == 3


def test_the_words_name_no_child(club, director, signed_in):
    first, second = club.sessions.all()
    move(first, director, days=2)
    second.cancel(reason="欧阳娜娜生病", by=director)
    page = BeautifulSoup(signed_in(director).get(page_of(club)).content, "html.parser")
    said = page.select_one("blockquote").get_text(" ", strip=True)
    assert "is moved" in said and "does not take place" in said and "操场" in said
    assert "欧阳娜娜" not in said


def test_looks_at_whom_to_call_are_on_the_trail(club, child, director, signed_in):
    move(club.sessions.first(), director)
    signed_in(director).get(page_of(club))
    assert TrailEntry.objects.about(child).reads().filter(actor=director, page="activities:tell").exists()


def test_phones_are_masked(club, child, director, signed_in):
    an_adult(child, name="李红", phone="15412345678")
    move(club.sessions.first(), director)
    page = words(signed_in(director).get(page_of(club)))
    assert "••••5678" in page
    assert "15412345678" not in page


def test_another_change_is_told_again(club, child, director, signed_in, community):
    client = signed_in(director)
    move(club.sessions.first(), director)
    seen = to_tell(club, director).seen
    move(club.sessions.last(), director)
    answer = tick(client, club, f"child-{child.pk}", seen=seen)
    assert "changed again meanwhile" in words(answer)
    assert not Told.objects.exclude(child=None).exists()
    tick(client, club, f"child-{child.pk}")
    move(club.sessions.last(), director)
    assert child in [one.person for one in to_tell(club, director).open]
    assert "Tick whom you have told." in words(tick(client, club))


def told_in(client, club):
    return [
        p.get_text(" ", strip=True)
        for p in BeautifulSoup(client.get(page_of(club)).content, "html.parser").select("blockquote p")
    ]


def test_the_words_begin_with_the_day_that_the_families_know(club, child, director, signed_in):
    client, session = signed_in(director), club.sessions.first()
    known = date_format(session.day, "DATE_FORMAT")
    move(session, director)
    session.move(day=session.day, starts_at=dt.time(9), ends_at=dt.time(10), venue="操场", by=director)
    assert [words.startswith(f"“合唱班” of {known} is moved") for words in told_in(client, club)] == [True]
    tick(client, club, f"child-{child.pk}")
    second = date_format(session.day, "DATE_FORMAT")
    move(session, director)
    assert told_in(client, club)[0].startswith(f"“合唱班” of {second} is moved")
    session.cancel(reason="下雨", by=director)
    assert f"of {second}, moved to" in told_in(client, club)[0]
    assert "does not take place" in told_in(client, club)[0]


def test_who_joined_afterwards_and_what_is_past_or_unchanged_is_not_asked_for(club, child, helper, director, community):
    session = club.sessions.first()
    same = {name: getattr(session, name) for name in ("day", "starts_at", "ends_at", "venue")}
    session.move(**same, by=director)
    assert gap(community) == 0
    move(session, director)
    club.take_helper(a_helper(community, director, name="后来"), by=director)
    assert "后来" not in [one.person.name for one in to_tell(club, director).people]
    assert not with_somebody_to_tell(Activity.objects.all(), today() + 30 * DAY).exists()


def test_a_cancelled_activity_is_told_once(club, child, helper, director, community):
    club.cancel(reason="下雨", by=director)
    found = to_tell(club, director)
    assert len(found.days) == 2
    assert note_told(club, [one.key for one in found.open], seen=found.seen, by=director) == 2
    assert gap(community) == 0


def test_a_leading_helper_and_a_leading_colleague_are_told(director, community, helper, supervisor):
    for number, leads in enumerate(({"leader": supervisor}, {"helper": helper})):
        led = make_activity(community, director, venue=f"v{number}", first_day=today() + DAY, **leads)
        led.sessions.get().cancel(reason="下雨", by=director)
        found = to_tell(led, director)
        assert [one.person for one in found.open] == list(leads.values())
        assert gap(community) == 1
        note_told(led, [found.open[0].key], seen=found.seen, by=director)
        assert gap(community) == 0


def test_only_who_keeps_the_activities_sees_the_list(club, supervisor, director, signed_in):
    move(club.sessions.first(), director)
    assert signed_in(supervisor).get(page_of(club)).status_code == 404
    assert "Tell these" not in words(signed_in(supervisor).get(club.get_absolute_url()))


def test_the_helper_sees_the_change_in_the_portal(club, director, make_user, community, helper, signed_in):
    user = make_user("volunteer", community, "volunteer", name="赵敏")
    helper.give_account(user, by=director)
    move(club.sessions.first(), director)
    club.sessions.last().cancel(reason="欧阳娜娜生病", by=director)
    page = words(signed_in(user).get("/portal/activities/"))
    assert "moved" in page and "cancelled" in page
    assert "欧阳娜娜" not in page


def test_a_helper_sees_that_the_only_day_ahead_is_cancelled(director, make_user, community, helper, signed_in):
    user = make_user("volunteer", community, "volunteer", name="赵敏")
    helper.give_account(user, by=director)
    led = make_activity(community, director, title="游园", first_day=days_ago(6), times=2, helper=helper)
    led.sessions.last().cancel(reason="下雨", by=director)
    page = words(signed_in(user).get("/portal/activities/"))
    assert "游园" in page
    assert "cancelled" in page


def test_of_two_files_of_one_child_one_was_told(club, child, director, community, make_child):
    other = make_child(community)
    club.enrol(other, by=director)
    move(club.sessions.first(), director)
    found = to_tell(club, director)
    note_told(club, [one.key for one in found.open], seen=found.seen, by=director)
    merge(child, other, by=director)
    assert gap(community) == 0


def test_the_database_holds_one_person_a_row_and_one_row_a_person(club, child, helper, director):
    facts = {"activity": club, "community_id": club.community_id, "told_by": director}
    with pytest.raises(IntegrityError, match="one_person_is_told"), transaction.atomic():
        Told.objects.create(**facts, child=child, volunteer=helper)
    with pytest.raises(IntegrityError, match="one_person_is_told"), transaction.atomic():
        Told.objects.create(**facts)
    Told.objects.create(**facts, child=child)
    with pytest.raises(IntegrityError, match="told_once"), transaction.atomic():
        Told.objects.create(**facts, child=child)


def test_nobody_is_noted_before_there_is_something_to_tell(club, child, director):
    with pytest.raises(Refused):
        note_told(club, [], seen="", by=director)
    assert note_told(club, [f"child-{child.pk}"], seen="", by=director) == 0


@pytest.fixture
def moved_up(director, community, child, make_child):
    """One place, which its child gives back when its file goes elsewhere; the second is told nothing by that."""
    made = make_activity(community, director, title="书法班", first_day=today() + DAY, capacity=1)
    first = make_child(community, name="先来")
    made.enrol(first, by=director)
    for waits in (child, make_child(community, name="第三")):
        made.wait_for_place(waits, by=director)
    assert gap(community) == 0
    end_what_is_local(first, by=director)
    return made


def test_a_family_that_gets_a_place_by_itself_is_told_and_noted(moved_up, child, director, signed_in, community):
    client = signed_in(director)
    an_adult(child, name="李红", phone="15412345678")
    assert gap(community) == 1
    assert "书法班" in words(client.get("/activities/todo/"))
    page = words(client.get(moved_up.get_absolute_url()))
    assert f"from the waiting list on {today()}: tell the family" in page
    assert "Tell these" in page
    page = words(client.get(page_of(moved_up)))
    assert f"欧阳娜娜 · has the place since {today()}" in page
    assert "••••5678" in page
    assert "第三" not in page
    form = {"once_token": uuid.uuid4(), "places": "1"}
    assert "Tick whom you have told." in words(client.post(page_of(moved_up), form, follow=True))
    form = {"once_token": uuid.uuid4(), "places": "1", "person": [f"child-{child.pk}"]}
    assert "1 noted as told." in words(client.post(page_of(moved_up), form, follow=True))
    told = Waiting.objects.get(child=child)
    assert (told.told_by, told.got_place, told.told_at is not None) == (director, True, True)
    assert TrailEntry.objects.about(told).filter(verb="told of a place", actor=director).count() == 1
    assert gap(community) == 0
    assert "tell the family" not in words(client.get(moved_up.get_absolute_url()))


def test_a_transfer_that_frees_a_place_is_followed_by_telling(director, stranger, community, far_community, make_child):
    club = make_activity(community, director, first_day=today() + DAY, capacity=1)
    first, second = (make_child(community, name=name) for name in ("先来", "后来"))
    club.enrol(first, by=director)
    club.wait_for_place(second, by=director)
    transfer.accept(offered([first], far_community, by=director), by=stranger)
    assert [one.person for one in to_tell(club, director).places] == [second]
    assert gap(community) == 1


def test_a_place_given_back_or_of_an_activity_that_is_over_is_nothing_to_tell(moved_up, child, director, community):
    place = moved_up.enrolments.open().get(child=child)
    place.leave(by=director)
    assert [one.person.name for one in to_tell(moved_up, director).places] == ["第三"]
    Waiting.objects.filter(child=child).update(ended_at=timezone.now() - 3 * DAY)
    moved_up.enrolments.open().get().leave(by=director)
    moved_up.enrol(child, by=director)  # asked for by somebody who is there
    assert to_tell(moved_up, director).places == []
    assert gap(community) == 0


def test_a_cancelled_activity_has_no_place_to_tell_of(moved_up, director, community):
    moved_up.cancel(reason="下雨", by=director)
    assert to_tell(moved_up, director).places == []


def test_only_of_a_place_that_was_given_is_a_family_told(moved_up, director):
    waits = Waiting.objects.filter(got_place=False)
    with pytest.raises(IntegrityError, match="a_family_is_told_of_a_place_it_got"), transaction.atomic():
        waits.update(told_at=timezone.now(), told_by=director)


def test_the_pages_ask_no_more_for_many(club, director, community, make_child, signed_in):
    client, counts = signed_in(director), {}
    for total in (1, 3, 10):
        for n in range(club.enrolments.count(), total):
            club.enrol(make_child(community), by=director, on=days_ago(1))
            club.take_helper(a_helper(community, director, name=f"帮{n}"), by=director)
            more = make_activity(community, director, venue=f"v{n}", first_day=today() + DAY, leader=director)
            more.enrol(make_child(community), by=director)
            more.sessions.get().cancel(reason="x", by=director)
        Activity.objects.filter(pk=club.pk).update(capacity=club.enrolments.open().count())
        for _n in range(total):
            club.wait_for_place(make_child(community), by=director)
        Activity.objects.filter(pk=club.pk).update(capacity=None)
        club.move_up(by=director)
        move(club.sessions.last(), director)
        for address in (page_of(club), club.get_absolute_url(), "/activities/todo/"):
            client.get(address)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            counts.setdefault(address, []).append(len(captured))
    assert {address: found for address, found in counts.items() if len(set(found)) > 1} == {}
