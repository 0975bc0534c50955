"""Parents and caregivers at the parent school: noted on a phone, on the child's file, and who never came."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.models import CarerAttendance, Session
from activities.parent_school import by_theme, figures
from children import transfer
from children.guardian_copy import readable
from children.models import Adult
from records import measures
from records.lifecycle import Refused
from records.measures import Period
from records.scoping import Scope
from records.trail import TrailEntry
from tests.activities.factories import days_ago, make_activity, today
from tests.children.factories import left_behind_child, offered, siblings

How = CarerAttendance.How


@pytest.fixture
def child(community):
    return left_behind_child(community, name="欧阳小月")


@pytest.fixture
def grandmother(child):
    return child.kinships.get(is_caregiver=True).adult


@pytest.fixture
def school(director, community):
    return make_activity(community, director, title="家长学校", kind="parent_school", audience="carers", theme="habits")


@pytest.fixture
def session(school):
    return school.sessions.get()


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def came(session):
    return Session.objects.with_roll_figures().get(pk=session.pk).carers_came


def test_who_came_is_noted_once_however_often_it_is_sent(session, grandmother, director):
    for _again in range(3):
        session.note_carer(grandmother, "room", by=director)
    assert list(session.carer_attendances.values_list("adult", "how", "community")) == [
        (grandmother.pk, "room", session.community_id)
    ]
    assert TrailEntry.objects.filter(verb="noted who came of a family").count() == 1
    assert came(session) == 1
    session.note_carer(grandmother, "remote", by=director)
    session.note_carer(grandmother, "unmarked", by=director)
    assert came(session) == 0


def test_only_families_of_the_community_at_what_is_for_them(session, director, far_community, community, grandmother):
    stranger = left_behind_child(far_community).kinships.first().adult
    with pytest.raises(Refused, match="this community"):
        session.note_carer(stranger, "room", by=director)
    with pytest.raises(Refused, match="Choose"):
        session.note_carer(grandmother, "late", by=director)
    with pytest.raises(Refused, match="not for parents"):
        make_activity(community, director).sessions.get().note_carer(grandmother, "room", by=director)


def test_a_session_somebody_came_to_is_neither_moved_nor_cancelled(school, session, grandmother, director):
    session.note_carer(grandmother, "room", by=director)
    with pytest.raises(Refused, match="cannot be cancelled"):
        session.cancel(reason="雨", by=director)
    school.refresh_from_db()
    school.cancel(reason="雨", by=director)
    session.refresh_from_db()
    assert session.cancelled_at is None


def test_a_noted_parent_makes_a_record_whole(session, grandmother, director):
    session.write_record("交流", by=director)
    assert not Session.objects.recorded().exists()
    session.note_carer(grandmother, "remote", by=director)
    assert Session.objects.recorded().get() == session


def test_a_theme_belongs_to_the_parent_school_alone(director, community, signed_in):
    form = {"title": "x", "kind": "parent_school", "audience": "carers", "venue": "v", "first_day": today().isoformat()}
    form |= {"starts_at": "09:00", "ends_at": "10:00", "times": "1"}
    client = signed_in(director)
    answer = client.post("/activities/plan/", form)
    assert answer.context["form"].errors["theme"] == ["Choose the theme of the parent school."]


def test_noting_on_a_phone(session, child, grandmother, director, signed_in):
    client, here = signed_in(director), f"/activities/session/{session.pk}/carers/"
    page = soup(client.get(here))
    assert [name.get_text() for name in page.select(".roll-name")][0] == "王秀英"
    answer = client.post(f"{here}note/", {"adult": grandmother.pk, "mark": "room"})
    assert answer.url == f"{here}#adult-{grandmother.pk}"
    line = soup(
        client.post(f"{here}note/", {"adult": grandmother.pk, "mark": "remote"}, headers={"HX-Request": "true"})
    )
    assert line.li["data-mark"] == "excused"
    assert line.select_one("#roll-count strong").get_text() == "1"
    assert "王秀英" in soup(client.get(session.get_absolute_url())).main.get_text()


@pytest.mark.parametrize("text", ["欧阳", "王秀英", "oyxy"])
def test_a_family_is_found_by_child_or_adult(text, session, child, director, signed_in):
    page = signed_in(director).get(f"/activities/session/{session.pk}/carers/?q={text}")
    assert [family.names for family, _lines in page.context["groups"]] == ["欧阳小月"]
    page = signed_in(director).get(f"/activities/session/{session.pk}/carers/?q=赵钱孙")
    assert page.context["groups"] == []


def test_an_adult_of_elsewhere_is_not_found(session, director, far_community, signed_in):
    stranger = left_behind_child(far_community).kinships.first().adult
    client, here = signed_in(director), f"/activities/session/{session.pk}/carers/note/"
    theirs, nobodys = (client.post(here, {"adult": key, "mark": "room"}) for key in (stranger.pk, 999_999))
    assert (theirs.status_code, theirs.content) == (404, nobodys.content)


def test_a_session_for_children_has_no_list_of_parents(director, community, signed_in):
    session = make_activity(community, director).sessions.get()
    assert signed_in(director).get(f"/activities/session/{session.pk}/carers/").status_code == 404


def test_the_family_tab_tells_what_parents_were_taught(session, child, grandmother, director, signed_in):
    session.note_carer(grandmother, "room", by=director)
    page = signed_in(director).get(f"/children/{child.pk}/?tab=family").content.decode()
    assert "家长学校" in page and "good habits" in page


def test_the_guardians_copy_says_when_somebody_came(session, child, grandmother, director):
    session.note_carer(grandmother, "room", by=director)
    lines = dict(readable(child, director))[CarerAttendance._meta.verbose_name_plural]
    assert str(session) in [str(value) for _label, value in lines[0]]


def scope_of(community):
    return Scope.of(community.pk)


def gap(community):
    return measures.get("families_without_parent_school").count(scope_of(community), Period.day(today()))


def test_a_family_of_which_somebody_came_is_no_gap(session, child, grandmother, director, community):
    other = left_behind_child(community, name="李强")
    left_behind_child(community, name="已离开", left_on=today(), left_reason="moved_out")
    assert gap(community) == 2
    session.note_carer(grandmother, "room", by=director)
    assert gap(community) == 1
    assert measures.get("carers_reached").count(scope_of(community), Period.day(today())) == 1
    found = measures.get("families_without_parent_school").rows(scope_of(community), Period.day(today()))
    assert found.get().pk == other.household_id


def test_a_year_later_they_are_invited_again(child, grandmother, director, community):
    long_ago = make_activity(
        community, director, kind="parent_school", audience="carers", theme="moral", first_day=days_ago(365)
    )
    long_ago.sessions.get().note_carer(grandmother, "room", by=director)
    assert gap(community) == 1
    assert figures(scope_of(community), today()) == {"total": 1, "came": 0, "never": 0}
    assert figures(scope_of(community), today(), "care") == {"total": 1, "came": 0, "never": 1}


def test_the_page_of_coverage(session, child, grandmother, director, community, signed_in):
    left_behind_child(community, name="李强")
    session.note_carer(grandmother, "room", by=director)
    client = signed_in(director)
    page = client.get("/activities/parent-school/")
    assert [family.names for family in page.context["families"]] == ["李强"]
    assert [(line.theme, line.sessions, line.families) for line in by_theme(scope_of(community), today())][2] == (
        *("habits", 1, 1),
    )
    page = client.get("/activities/parent-school/?theme=care")
    assert len(page.context["families"]) == 2
    for junk in ("theme=x&which=%27", "page=zz", "community=1", "q=" + "a" * 2000):
        assert client.get(f"/activities/parent-school/?{junk}").status_code == 200
    paper = client.get(f"/papers/parent_school/{community.pk}/?which=never").content.decode()
    assert "李强" in paper and "欧阳小月" not in paper


def test_who_came_stays_counted_once_when_the_family_parts(session, director, stranger, community, far_community):
    """A brother stays, his sister moves: the mother is copied with what she attended; the session had one mother."""
    moving, staying = siblings(community)
    mother = moving.kinships.get(relation="mother").adult
    session.note_carer(mother, "remote", by=director)
    transfer.accept(offered([moving], far_community, by=director), by=stranger)
    theirs = Adult.objects.get(kinships__child=moving, kinships__relation="mother")
    assert theirs != mother
    assert theirs.carer_attendances.get().community_id == far_community.pk
    assert CarerAttendance.objects.count() == 2
    assert came(session) == 1


@pytest.mark.parametrize("who", ["director", "supervisor"])
def test_no_list_asks_once_per_family(who, request, signed_in, director, community, session):
    client = signed_in(request.getfixturevalue(who))
    addresses = ["/activities/parent-school/", f"/papers/parent_school/{community.pk}/", session.get_absolute_url()]
    addresses += [f"/activities/session/{session.pk}/carers/"] if who == "director" else []
    counts: dict[str, list[int]] = {address: [] for address in addresses}
    made = 0
    for total in (1, 3, 15):
        for _n in range(made, total):
            left_behind_child(community)
            came_today = left_behind_child(community).kinships.first().adult
            session.note_carer(came_today, How.ROOM, by=director)
        made = total
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            counts[address].append(len(captured))
    assert {a: c for a, c in counts.items() if len(set(c)) > 1} == {}


def test_of_many_communities_one_is_counted_at_a_time(
    child, supervisor, signed_in, community, sister_community, monkeypatch
):
    siblings(sister_community)
    client = signed_in(supervisor)
    page = client.get("/activities/parent-school/")
    assert (page.context["figures"]["total"], len(page.context["families"])) == (2, 2)
    monkeypatch.setattr("activities.filters.COMMUNITIES_AT_ONCE", 1)
    first, other = sorted([community.pk, sister_community.pk])
    for address, shown in (("", first), (f"?community={other}", other)):
        page = client.get(f"/activities/parent-school/{address}")
        assert [family.household.community_id for family in page.context["families"]] == [shown]
        assert page.context["figures"]["total"] == 1
        assert "not counted together" in page.content.decode()
