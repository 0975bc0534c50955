"""The sign-in sheet entered afterwards, and totals that stay true whoever joins, leaves or moves away."""

import uuid

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.models import Attendance, Session
from children import transfer
from children.models import Child
from records.lifecycle import Refused
from tests.activities.factories import days_ago, make_activity, today
from tests.children.factories import left_behind_child, offered


@pytest.fixture
def day_out(director, community):
    return make_activity(community, director, title="亲子日", kind="family_day", audience="families")


@pytest.fixture
def session(day_out):
    return day_out.sessions.get()


def address(session):
    return f"/activities/session/{session.pk}/sheet/"


def lines(page):
    """What a browser sends of the form as it was drawn."""
    form = BeautifulSoup(page.content, "html.parser").main.form
    chosen = form.select("input[type=hidden], input[type=number], input[type=radio][checked]")
    return {field["name"]: field.get("value", "") for field in chosen if field.get("name")}


def marks(session):
    return dict(session.attendances.marked().values_list("child", "mark"))


def test_all_lines_are_entered_in_one_act(session, day_out, director, community, signed_in):
    children = [left_behind_child(community) for _n in range(3)]
    for child in children:
        day_out.enrol(child, by=director)
    grandmother = children[0].kinships.get(is_caregiver=True).adult
    client = signed_in(director)
    form = lines(client.get(address(session)))
    form |= {f"child-{children[0].pk}": "present", f"child-{children[1].pk}": "excused"}
    form |= {f"adult-{grandmother.pk}": "room", "guests": "4"}
    for _twice in range(2):
        assert client.post(address(session), form).status_code == 302
    session.refresh_from_db()
    assert marks(session) == {children[0].pk: "present", children[1].pk: "excused"}
    assert session.carer_attendances.get().adult == grandmother
    assert session.others_present == 4


def test_what_was_tapped_meanwhile_stays(session, day_out, director, community, signed_in):
    one, two = left_behind_child(community), left_behind_child(community)
    for child in (one, two):
        day_out.enrol(child, by=director)
    client = signed_in(director)
    form = lines(client.get(address(session)))
    session.mark(one, "present", by=director)
    client.post(address(session), {**form, f"child-{two.pk}": "absent"})
    assert marks(session) == {one.pk: "present", two.pk: "absent"}


def test_guests_counted_meanwhile_stay(session, director, signed_in):
    client = signed_in(director)
    form = lines(client.get(address(session)))
    Session.objects.filter(pk=session.pk).update(others_present=7)
    client.post(address(session), form)
    session.refresh_from_db()
    assert session.others_present == 7


def test_who_left_the_page_meanwhile_is_noted_all_the_same(session, director, community, signed_in):
    child = left_behind_child(community)
    grandmother = child.kinships.get(is_caregiver=True).adult
    client = signed_in(director)
    form = lines(client.get(address(session)))
    Child.objects.filter(pk=child.pk).update(left_on=today(), left_reason="moved_out")
    client.post(address(session), form | {f"adult-{grandmother.pk}": "room"})
    assert session.carer_attendances.get().adult == grandmother


def test_what_was_ticked_stays_when_the_sheet_comes_back(session, day_out, director, community, signed_in):
    child = left_behind_child(community)
    day_out.enrol(child, by=director)
    grandmother = child.kinships.get(is_caregiver=True).adult
    client = signed_in(director)
    form = lines(client.get(address(session)))
    form |= {f"child-{child.pk}": "excused", f"adult-{grandmother.pk}": "room", "guests": "x"}
    again = lines(client.post(address(session), form))
    once = {"once_token", "csrfmiddlewaretoken"}
    assert {name: again[name] for name in form.keys() - once} == {name: form[name] for name in form.keys() - once}
    assert client.post(address(session), {**again, "guests": "2"}).status_code == 302
    assert marks(session) == {child.pk: "excused"}
    session.refresh_from_db()
    assert session.others_present == 2


@pytest.mark.parametrize("guests", ["", "-1", "10001", "x"])
def test_a_wrong_number_of_guests_comes_back(guests, session, director, signed_in):
    client = signed_in(director)
    answer = client.post(address(session), {"guests": guests, "once_token": str(uuid.uuid4())})
    assert answer.status_code == 200
    assert answer.context["form"].errors["guests"]


def test_a_child_of_elsewhere_cannot_be_slipped_in(session, director, far_community, signed_in):
    child = left_behind_child(far_community)
    form = {f"child-{child.pk}": "present", "guests": "0", "once_token": str(uuid.uuid4())}
    signed_in(director).post(address(session), form)
    assert not Attendance.objects.exists()


def test_no_sheet_of_what_has_not_come_or_is_for_helpers(director, community, signed_in):
    client = signed_in(director)
    coming = make_activity(community, director, first_day=days_ago(-7)).sessions.get()
    helpers = make_activity(community, director, audience="helpers").sessions.get()
    assert [client.get(address(one)).status_code for one in (coming, helpers)] == [404, 404]


def test_the_paper_names_the_families_invited(session, director, community, signed_in):
    left_behind_child(community, name="欧阳小月")
    paper = signed_in(director).get(f"/papers/sign_in_sheet/{session.pk}/").content.decode()
    assert "欧阳小月" in paper and "王秀英" in paper


def test_the_sheet_asks_nothing_once_per_line(session, day_out, director, community, signed_in):
    client, counts, made = signed_in(director), set(), 0
    for total in (1, 3, 12):
        for _n in range(made, total):
            day_out.enrol(left_behind_child(community), by=director)
        made = total
        client.get(address(session))
        with CaptureQueriesContext(connection) as captured:
            client.get(address(session))
        counts.add(len(captured))
    assert len(counts) == 1


ACTS = ["enrol", "leave", "present", "absent", "excused", "unmarked", "late", "everyone", "moves away", "comes back"]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 2), st.integers(0, 1)), max_size=12))
def test_totals_are_the_sum_of_their_parts_through_joins_leaves_and_transfers(
    steps, director, stranger, community, far_community
):
    """Each session's figure is what was said of it, whatever became of the children since."""
    club = make_activity(community, director, first_day=days_ago(7), times=2, venue=f"室 {uuid.uuid4()}")
    children = [left_behind_child(community) for _n in range(3)]
    sessions = list(club.sessions.order_by("day"))
    said: dict[tuple[int, int], str] = {}
    for act, which, when in steps:
        child, session = Child.objects.get(pk=children[which].pk), sessions[when]
        try:
            if act == "enrol":
                club.enrol(child, by=director, on=session.day)
            elif act == "leave":
                for place in club.enrolments.open().filter(child=child):
                    place.leave(by=director)
            elif act == "late":
                session.join_late(child, by=director)
                said[session.pk, child.pk] = "present"
            elif act == "everyone":
                roll = [one.pk for one in session.roll()]
                session.mark_all_present(by=director)
                for key in roll:
                    if said.get((session.pk, key), "unmarked") == "unmarked":
                        said[session.pk, key] = "present"
            elif act == "moves away" and child.community_id == community.pk:
                transfer.accept(offered([child], far_community, by=director), by=stranger)
            elif act == "comes back" and child.community_id == far_community.pk:
                transfer.accept(offered([child], community, by=stranger), by=director)
            elif act in Attendance.Mark.values:
                session.mark(child, act, by=director)
                said[session.pk, child.pk] = act
        except Refused:
            continue
    total = 0
    for session in Session.objects.filter(activity=club).with_roll_figures():
        heard = {key: mark for (of, key), mark in said.items() if of == session.pk and mark != "unmarked"}
        assert marks(session) == heard
        assert session.present == sum(mark == "present" for mark in heard.values())
        assert session.on_roll >= len(heard)
        total += session.present
    assert Attendance.objects.present().filter(session__activity=club, session__day__lte=today()).count() == total
    for child in Child.objects.filter(pk__in=[one.pk for one in children]):
        assert not Attendance.objects.filter(child=child).exclude(community=child.community_id).exists()
