"""What was held stays where it is, and what is said of it is said once."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.models import Attendance, Session
from children.merging import merge
from records.drafts import Draft
from records.lifecycle import Refused
from tests.activities.factories import a_picture, days_ago, make_activity, today
from tests.children.factories import left_behind_child
from tests.volunteers.factories import a_helper

ABOUT = {"title": "合唱", "kind": "club", "art": "music", "audience": "children"}


@pytest.fixture
def client(director, signed_in):
    return signed_in(director)


@pytest.fixture
def club(director, community):
    return make_activity(community, director, kind="club", art="music", title="合唱", times=2)


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def test_a_session_moved_by_somebody_else_is_looked_at_first(client, club, director):
    first = club.sessions.first()
    address = f"/activities/session/{first.pk}/move/"
    page = soup(client.get(address))
    form = {field["name"]: field["value"] for field in page.main.form.select("input[value]")} | {"venue": "操场"}
    Session.objects.get(pk=first.pk).move(
        day=first.day, starts_at=first.starts_at, ends_at=first.ends_at, venue="图书室", by=director
    )
    again = soup(client.post(address, form))
    assert "Somebody changed this session meanwhile" in again.main.get_text() and "图书室" in again.main.get_text()
    first.refresh_from_db()
    assert first.venue == "图书室"
    form["seen_version"] = again.find("input", {"name": "seen_version"})["value"]
    assert client.post(address, form).status_code == 302
    first.refresh_from_db()
    assert first.venue == "操场"


def test_who_leads_stays_once_sessions_are_recorded(client, club, director, community, make_child):
    session = club.sessions.first()
    session.join_late(make_child(community), by=director)
    session.write_record("学唱新歌", by=director)
    club.refresh_from_db()
    form = {**ABOUT, "seen_version": club.version, "venue": club.venue, "helper": a_helper(community, director).pk}
    response = client.post(f"/activities/{club.pk}/change/", form)
    assert "Sessions are recorded already" in response.content.decode()
    club.refresh_from_db()
    assert club.helper is None
    assert client.post(f"/activities/{club.pk}/change/", {**form, "helper": ""}).status_code == 302


def test_a_session_with_guests_or_a_picture_offers_no_move(client, club, director):
    with_guests, with_picture = club.sessions.all()
    Session.objects.filter(pk=with_guests.pk).update(others_present=4)
    Session.objects.filter(pk=with_picture.pk).update(day=today(), venue="操场")
    with_picture.refresh_from_db()
    assert "/move/" in client.get(with_picture.get_absolute_url()).content.decode()
    a_picture(with_picture, director)
    for session in (with_guests, with_picture):
        assert "/move/" not in client.get(session.get_absolute_url()).content.decode()
        with pytest.raises(Refused, match="cannot be cancelled"):
            session.cancel(reason="雨", by=director)
    club.cancel(reason="雨", by=director)
    assert club.sessions.not_cancelled().count() == 2


def test_days_that_have_come_stay_when_an_activity_is_called_off(director, community, make_child):
    """The signed sheet of last week may still lie on the desk, and last quarter's figures stand."""
    club = make_activity(community, director, first_day=days_ago(7), times=3)
    child = make_child(community)
    club.enrol(child, on=days_ago(7), by=director)
    past, now, ahead = club.sessions.order_by("day")
    club.cancel(reason="停办", by=director)
    assert [Session.objects.get(pk=one.pk).is_cancelled for one in (past, now, ahead)] == [False, True, True]
    past.mark(child, "present", by=director)
    club.refresh_from_db()
    assert (club.status, club.ends_on) == ("cancelled", days_ago(7))


def test_a_record_locks_the_activity_before_its_session_as_every_act_does(client, club):
    session = club.sessions.first()
    with CaptureQueriesContext(connection) as captured:
        client.post(
            f"{session.get_absolute_url()}record/", {"record": "学唱", "others_present": "3", "seen_version": 1}
        )
    locked = [query["sql"] for query in captured if "FOR NO KEY UPDATE" in query["sql"]]
    tables = [name for sql in locked for name in ("activity", "session") if f'FROM "activities_{name}"' in sql]
    assert tables[:2] == ["activity", "session"]


def test_a_child_with_two_files_came_once(club, director, community):
    kept, gone = left_behind_child(community), left_behind_child(community)
    session = club.sessions.first()
    for child in (kept, gone):
        session.join_late(child, by=director)
    merge(kept, gone, by=director)
    assert Attendance.objects.filter(session=session).count() == 2
    assert [mark.child for mark in Attendance.objects.marked()] == [kept]
    shown = Session.objects.with_roll_figures().get(pk=session.pk)
    assert (shown.present, Attendance.objects.present().count(), list(session.roll())) == (1, 1, [kept])


def test_a_concern_is_one_step_away_from_the_record_and_what_was_typed_stays(
    client, director, community, make_child, far_community
):
    session = make_activity(community, director).sessions.get()
    children = [make_child(community, name=f"陈{n}") for n in range(5)]
    for child in children[:4]:
        session.join_late(child, by=director)
    address, typed = f"/activities/session/{session.pk}/", {"record": "手臂上有伤", "others_present": "3"}
    page = soup(client.get(address))
    assert [button["value"] for button in page.select("#record button[name=concern]")] == [
        str(c.pk) for c in children[:4]
    ]
    assert page.select("#record details.concern-about") == []
    session.join_late(children[4], by=director)
    assert len(soup(client.get(address)).select("#record details.concern-about button[name=concern]")) == 5
    led = client.post(f"{address}record/", {**typed, "concern": children[0].pk})
    assert Draft.objects.get().key.startswith(f"children.child.{children[0].pk}."), "what is erased with the file"
    assert led.url.startswith(f"/children/{children[0].pk}/concern/?next=")
    form = soup(client.get(address)).select_one("#record form")
    assert form.select_one("[name=record]").get_text().strip() == "手臂上有伤"
    assert client.post(f"{address}record/", {**typed, "concern": make_child(far_community).pk}).status_code == 404
    stored = {"seen_version": form.select_one("[name=seen_version]")["value"]}
    client.post(f"{address}record/", {**typed, **stored})
    assert (Session.objects.get().record, Draft.objects.exists()) == ("手臂上有伤", False)
