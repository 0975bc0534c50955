"""What somebody of another community, or of a role without the right, gets: nothing, said like a row that never was."""

import pytest

from activities.models import Activity, Attendance, Enrolment, Session
from tests.activities.factories import make_activity, today

MISSING = 999_999


@pytest.fixture
def club(director, community, make_child):
    club = make_activity(community, director, title="Choir", first_day=today())
    club.sessions.get().join_late(make_child(community, name="欧阳小月"), by=director)
    return club


def pages(activity, session, place):
    return [
        *[f"/activities/{activity}/{tail}" for tail in ("", "change/", "cancel/", "enrol/", "session/")],
        *[f"/activities/session/{session}/{tail}" for tail in ("", "move/", "cancel/", "roll/")],
        f"/papers/sign_in_sheet/{session}/",
    ]


def acts(activity, session, place):
    return [
        f"/activities/{activity}/finish/",
        f"/activities/{activity}/cancel/",
        f"/activities/{activity}/change/",
        f"/activities/{activity}/enrol/",
        f"/activities/{activity}/session/",
        f"/activities/enrolment/{place}/leave/",
        *[f"/activities/session/{session}/{tail}/" for tail in ("move", "cancel", "record", "picture")],
        *[f"/activities/session/{session}/roll/{tail}/" for tail in ("mark", "everyone", "late")],
    ]


def state():
    tables = (Activity, Session, Enrolment, Attendance)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def test_a_stranger_finds_what_one_finds_where_nothing_is(club, stranger, signed_in):
    client = signed_in(stranger)
    keys = (club.pk, club.sessions.get().pk, club.enrolments.get().pk)
    missing = (MISSING, MISSING, MISSING)
    for mine, none in zip(pages(*keys), pages(*missing), strict=True):
        for method in (client.get, client.head):
            theirs, nobodys = method(mine), method(none)
            assert (theirs.status_code, theirs.content) == (404, nobodys.content), mine


@pytest.mark.parametrize("who", ["stranger", "supervisor", "federation", "administrator", "counsellor"])
def test_nobody_else_can_act(club, who, request, signed_in, make_child):
    client = signed_in(request.getfixturevalue(who))
    keys = (club.pk, club.sessions.get().pk, club.enrolments.get().pk)
    before = state()
    for address in acts(*keys):
        answer = client.post(address, {"child": club.enrolments.get().child_id, "mark": "absent", "reason": "x"})
        assert answer.status_code == 404, address
    assert state() == before


@pytest.mark.parametrize("who", ["federation", "administrator", "counsellor"])
def test_roles_without_the_right_have_no_pages(club, who, request, signed_in):
    client = signed_in(request.getfixturevalue(who))
    addresses = ["/activities/", "/activities/calendar/", "/activities/todo/", "/activities/plan/"]
    assert [client.get(a).status_code for a in addresses] == [404] * 4


def test_lists_show_only_ones_own(club, stranger, far_community, signed_in):
    make_activity(far_community, stranger, title="Dance")
    client = signed_in(stranger)
    for address in ("/activities/", "/activities/?q=Choir", "/activities/calendar/", "/activities/todo/"):
        page = client.get(address).content.decode()
        assert "Choir</a>" not in page, address
        assert "欧阳小月" not in page
    assert "Dance</a>" in client.get("/activities/").content.decode()


def test_a_supervisor_looks_but_has_no_buttons(club, supervisor, signed_in):
    client = signed_in(supervisor)
    page = client.get(f"/activities/{club.pk}/").content.decode()
    assert "欧阳小月" in page
    assert "/enrol/" not in page
    assert "/leave/" not in page
    page = client.get(f"/activities/session/{club.sessions.get().pk}/").content.decode()
    assert 'method="post" action="/activities' not in page
    assert client.get(f"/activities/session/{club.sessions.get().pk}/roll/").status_code == 404


@pytest.mark.parametrize("tail", ["enrol/", "roll/late/", "roll/mark/"])
def test_a_child_from_elsewhere_is_not_found(club, director, far_community, make_child, signed_in, tail):
    child = make_child(far_community, name="外来人")
    client = signed_in(director)
    base = f"/activities/{club.pk}/" if tail == "enrol/" else f"/activities/session/{club.sessions.get().pk}/"
    before = state()
    theirs = client.post(base + tail, {"child": child.pk, "mark": "present"})
    nobodys = client.post(base + tail, {"child": MISSING, "mark": "present"})
    assert (theirs.status_code, theirs.content) == (404, nobodys.content)
    assert state() == before


def test_the_search_finds_no_child_from_elsewhere(club, director, far_community, make_child, signed_in):
    make_child(far_community, name="外来人")
    client = signed_in(director)
    session = club.sessions.get().pk
    for address in (f"/activities/{club.pk}/enrol/?q=外来人", f"/activities/session/{session}/roll/?q=外来人"):
        page = client.get(address).content.decode()
        assert page.count("外来人") == page.count('value="外来人"') == 1


def test_a_helper_from_elsewhere_cannot_lead(club, director, far_community, signed_in):
    from volunteers.models import Volunteer

    helper = Volunteer.objects.create(community=far_community, name="远方", sex="M", kinds=["tutor"])
    form = {"title": "x", "kind": "other", "audience": "children", "venue": "v", "helper": helper.pk}
    form |= {"first_day": today().isoformat(), "starts_at": "01:00", "ends_at": "02:00", "times": "1"}
    answer = signed_in(director).post("/activities/plan/", form)
    assert answer.status_code == 200
    assert Activity.objects.count() == 1


def test_a_volunteer_without_staff_role_has_no_pages(club, make_user, community, signed_in):
    client = signed_in(make_user("volunteer", community, "helper"))
    assert client.get("/activities/").status_code == 404


@pytest.mark.parametrize(
    "query",
    ["page=zzz", "page=99999", "kind=%27", "audience=x&kind=y", "community=1", "when=x", "q=" + "a" * 3000],
)
def test_junk_in_the_address_is_no_fault(club, director, supervisor, signed_in, query):
    for who in (director, supervisor):
        assert signed_in(who).get(f"/activities/?{query}").status_code == 200


@pytest.mark.parametrize("month", ["0000-00", "9999-99", "2026-13", "x", "2026-11-01", "0001-01", "９９９９-01"])
def test_junk_months_are_this_month(director, signed_in, month):
    page = signed_in(director).get(f"/activities/calendar/?month={month}")
    assert page.status_code == 200
    assert page.context["first"] == today().replace(day=1)


@pytest.mark.parametrize("child", ["", "x", "-1", "9" * 40, "1' OR 1=1", "１２"])
def test_junk_children_are_not_found(club, director, signed_in, child):
    client = signed_in(director)
    session = club.sessions.get().pk
    for address in (f"/activities/{club.pk}/enrol/", f"/activities/session/{session}/roll/mark/"):
        assert client.post(address, {"child": child, "mark": "present"}).status_code == 404
