"""The list of materials, ticked after each session: what was there, and what is left."""

import uuid

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from activities.models import Activity, MaterialLine, Session
from activities.models.material import left_over
from records.lifecycle import Refused
from tests.activities.factories import days_ago, extra_session, make_activity

pytestmark = pytest.mark.django_db


@pytest.fixture
def club(director, community):
    return make_activity(community, director, title="绘画", first_day=days_ago(8), materials="画纸 20 张\n铅笔\n\n铅笔")


@pytest.fixture
def session(club):
    return club.sessions.get()


def words(answer):
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


def drawn(client, page):
    """What the form of the page would send back untouched."""
    soup = BeautifulSoup(client.get(page).content, "html.parser").find("main")
    form = {field["name"]: field.get("value", "") for field in soup.select("input[type=hidden], input[type=text]")}
    return form | {field["name"]: field["value"] for field in soup.select("input[type=radio][checked]")}


def noted():
    return {line.what: (line.state, line.left) for line in MaterialLine.objects.noted()}


def test_each_thing_is_ticked_once(session, director, signed_in):
    client, page = signed_in(director), f"/activities/session/{session.pk}/materials/"
    form = drawn(client, page)
    assert [form[f"what-{n}"] for n in (0, 1)] == ["画纸 20 张", "铅笔"]
    assert "what-2" not in form
    answer = client.post(page, {**form, "state-0": "left", "left-0": "5 张", "state-1": "missing"}, follow=True)
    assert "The materials are noted." in words(answer)
    assert noted() == {"画纸 20 张": ("left", "5 张"), "铅笔": ("missing", "")}
    assert "5 张" in words(client.get(session.get_absolute_url()))


def test_what_is_not_touched_stays_as_a_colleague_wrote_it(session, director, signed_in):
    client, page = signed_in(director), f"/activities/session/{session.pk}/materials/"
    form = drawn(client, page)
    session.note_materials({"铅笔": ("used", "")}, by=director)
    client.post(page, {**form, "state-0": "used"})
    assert noted() == {"画纸 20 张": ("used", ""), "铅笔": ("used", "")}


def test_what_a_colleague_noted_of_the_same_thing_is_read_first(session, director, signed_in):
    client, page = signed_in(director), f"/activities/session/{session.pk}/materials/"
    form = drawn(client, page)
    session.note_materials({"铅笔": ("used", "")}, by=director)
    answer = client.post(page, {**form, "state-1": "left", "left-1": "3 支", "state-0": "used"})
    assert "Somebody else noted this meanwhile: 铅笔" in words(answer)
    assert noted() == {"铅笔": ("used", "")}


def test_what_was_typed_stays_when_it_is_refused(session, director, signed_in):
    client, page = signed_in(director), f"/activities/session/{session.pk}/materials/"
    answer = client.post(page, {**drawn(client, page), "state-0": "left", "state-1": "used"})
    assert "Say how much is left: 画纸 20 张." in words(answer)
    ticked = BeautifulSoup(answer.content, "html.parser").select("input[type=radio][checked]")
    assert [box["value"] for box in ticked] == ["left", "used"]
    assert noted() == {}
    Activity.objects.update(materials="铅笔")
    answer = client.post(page, {**drawn(client, page), "what-0": "大炮", "state-0": "used"})
    assert "was changed meanwhile" in words(answer)
    assert noted() == {}


def test_what_is_left_stands_on_the_activity_until_it_is_noted_again(club, session, director, signed_in):
    session.note_materials({"画纸 20 张": ("left", "5 张"), "铅笔": ("left", "3 支")}, by=director)
    later = extra_session(club, director, day=days_ago(1))
    later = Session.objects.select_related("activity").get(pk=later.pk)
    assert {line.what: line.left for line in left_over(club)} == {"画纸 20 张": "5 张", "铅笔": "3 支"}
    client = signed_in(director)
    assert "5 张" in words(client.get(club.get_absolute_url()))
    assert "5 张" in words(client.get(f"/activities/session/{later.pk}/materials/"))
    later.note_materials({"画纸 20 张": ("used", "")}, by=director)
    assert [line.left for line in left_over(club)] == ["3 支"]
    assert "5 张" not in words(client.get(club.get_absolute_url()))


def test_a_thing_taken_off_the_list_stays_noted(club, session, director):
    session.note_materials({"铅笔": ("used", "")}, by=director)
    Activity.objects.filter(pk=club.pk).update(materials="颜料")
    again = Session.objects.select_related("activity").get(pk=session.pk)
    assert again.materials_listed() == ["颜料", "铅笔"]
    with pytest.raises(Refused, match="cannot be cancelled"):
        again.cancel(reason="x", by=director)


def test_others_tick_nothing(session, signed_in, supervisor, stranger, director, club):
    page = f"/activities/session/{session.pk}/materials/"
    for user in (supervisor, stranger):
        assert signed_in(user).get(page).status_code == 404
        assert signed_in(user).post(page, {"once_token": uuid.uuid4()}).status_code == 404
    Activity.objects.filter(pk=club.pk).update(materials="")
    assert signed_in(director).get(page).status_code == 404


def test_the_database_wants_words_for_what_is_left(session, director):
    session.note_materials({"铅笔": ("left", "3 支")}, by=director)
    with pytest.raises(IntegrityError, match="what_is_left_of_a_material"), transaction.atomic():
        MaterialLine.objects.update(left="")
    twin = MaterialLine.objects.get()
    twin.pk, twin._state.adding = None, True
    with pytest.raises(IntegrityError, match="a_material_stands_once"), transaction.atomic():
        twin.save()


def test_the_pages_ask_no_more_for_many_things(club, session, director, signed_in):
    client, counts = signed_in(director), {}
    for total in (1, 3, 10):
        Activity.objects.filter(pk=club.pk).update(materials="\n".join(f"物{n}" for n in range(total)))
        fresh = Session.objects.select_related("activity").get(pk=session.pk)
        fresh.note_materials({f"物{n}": ("left", "1") for n in range(total)}, by=director)
        for page in (
            f"/activities/session/{session.pk}/materials/",
            session.get_absolute_url(),
            club.get_absolute_url(),
        ):
            client.get(page)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(page).status_code == 200
            counts.setdefault(page, set()).add(len(captured))
    assert {page: n for page, n in counts.items() if len(n) > 1} == {}
