"""What was done on a day and what came of it: on the page, and on paper without a child's name."""

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, transaction

from activities.models import Activity, Session
from activities.sheet_entry import enter_sheet
from records.trail import TrailEntry
from tests.activities.factories import a_picture, make_activity


@pytest.fixture
def client(director, signed_in):
    return signed_in(director)


@pytest.fixture
def club(director, community):
    return make_activity(community, director, kind="club", art="music", title="合唱", times=2)


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def test_what_came_of_it_stands_with_the_record_and_is_printed(
    client, club, director, community, make_child, supervisor, signed_in
):
    session, address = club.sessions.first(), f"/papers/session_record/{club.sessions.first().pk}/"
    child = make_child(community, name="欧阳娜娜")
    club.enrol(child, by=director, on=session.day)
    session.mark(child, "present", by=director)
    refused = client.get(address)
    assert refused.status_code == 403
    assert "Nothing is written yet." in refused.content.decode()
    form = {"record": "学唱新歌", "result": "会唱<b>第一段</b>", "others_present": "2"}
    form["seen_version"] = Session.objects.get(pk=session.pk).version
    assert client.post(f"/activities/session/{session.pk}/record/", form).status_code == 302
    session.refresh_from_db()
    assert (session.record, session.result, session.others_present) == ("学唱新歌", "会唱<b>第一段</b>", 2)
    office = signed_in(supervisor)
    assert "会唱<b>第一段</b>" in soup(office.get(session.get_absolute_url())).get_text()
    for who in (client, office):
        page = soup(who.get(address)).find("article").get_text(" ", strip=True)
        assert f"活动记录 Record of an activity {club.title}" in page
        assert "儿童 Children 1 帮扶人 Helpers 0 其他到场人数 Others who came 2" in page
        assert "会唱<b>第一段</b>" in page and "学唱新歌" in page
        assert child.name not in page
    assert TrailEntry.objects.about(session).filter(verb="printed session_record").count() == 2
    with pytest.raises(IntegrityError, match="what_came_of_a_session_stands"), transaction.atomic():
        Session.objects.filter(pk=session.pk).update(record="", recorded_at=None, recorded_by=None)


def _written(session, director):
    session.write_record("发放宣传单", others_present=200, by=director)


def _counted(session, director):
    enter_sheet(session, children={}, adults={}, guests=200, by=director)


def _pictured(session, director):
    a_picture(session, director)


@pytest.mark.parametrize("noted", [_written, _counted, _pictured])
def test_what_is_noted_of_a_day_begins_the_activity_also_where_no_roll_is_called(client, director, community, noted):
    event = make_activity(community, director, kind="publicity", audience="public", title="宣传日")
    address = f"/activities/{event.pk}/finish/"
    assert not soup(client.get(event.get_absolute_url())).select(f'form[action="{address}"]')
    noted(event.sessions.get(), director)
    assert Activity.objects.get().status == "under_way"
    assert soup(client.get(event.get_absolute_url())).select(f'form[action="{address}"]')
    client.post(address)
    assert Activity.objects.get().status == "finished"
