"""A Home is the venue by a link, not by its name: what is held there, clashes there and counts there follows it."""

import datetime as dt
import re
import uuid

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.clashes import clashes
from activities.home_measures import children_at_home_sessions, sessions_at_closed_home, sessions_at_home
from activities.models import Activity, Scheme, Session
from homes.models import Closure, Home
from premises.closing import close
from records.lifecycle import Refused
from records.measures import Period
from records.scoping import Scope
from tests.activities.factories import days_ago, extra_session, make_activity, today
from tests.homes.factories import make_home
from tests.volunteers.factories import a_helper

pytestmark = pytest.mark.django_db
WEEK = dt.timedelta(days=7)


@pytest.fixture
def home(community):
    return make_home(community, name="恩和路儿童之家")


@pytest.fixture
def client(director, signed_in):
    return signed_in(director)


def words(answer):
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


def a_plan(**facts):
    day = (today() + WEEK).isoformat()
    form = {"title": "合唱", "kind": "other", "audience": "children", "first_day": day, "times": 1}
    form["once_token"] = str(uuid.uuid4())
    return {**form, "starts_at": "09:00", "ends_at": "10:00", "looked": "1", "days": [day], **facts}


def test_a_plan_chooses_the_home_and_the_name_shown_is_the_homes(client, home):
    client.post("/activities/plan/", a_plan(home=home.pk, venue="图书室"))
    club, session = Activity.objects.get(), Session.objects.get()
    assert (club.home, club.venue, session.home, session.venue) == (home, "", home, "")
    Home.objects.filter(pk=home.pk).update(name="童心之家")
    month = f"{session.day:%Y-%m}"
    shown = [
        *["/activities/", f"/activities/{club.pk}/", f"/activities/session/{session.pk}/"],
        *[f"/activities/calendar/?month={month}", f"/papers/activity_poster/{club.pk}/"],
        *[f"/papers/month_poster/{club.community_id}/?month={month}", f"/papers/sign_in_sheet/{session.pk}/"],
    ]
    assert [("童心之家" in words(page), "恩和路儿童之家" in words(page)) for page in map(client.get, shown)] == [
        (True, False)
    ] * len(shown)
    assert "合唱" in words(client.get("/activities/?q=童心"))
    assert "合唱" not in words(client.get("/activities/?q=恩和路儿童之家"))


@pytest.mark.parametrize("typed", ["恩和路儿童之家", "  恩和路儿童之家 "])
def test_who_types_the_name_of_the_home_has_chosen_it(client, home, typed):
    client.post("/activities/plan/", a_plan(venue=typed))
    assert Session.objects.get().home == home


def test_no_venue_at_all_is_asked_for_and_what_was_typed_stays(client, home):
    page = client.post("/activities/plan/", a_plan(topic="红歌"))
    assert "Choose the Home, or say where it is held." in words(page)
    assert "红歌" in page.content.decode()
    assert not Activity.objects.exists()


def test_a_home_elsewhere_or_closed_is_not_offered(client, director, community, far_community, home):
    far = make_home(far_community, name="龙湾儿童之家")
    page = client.get("/activities/plan/")
    assert [option["value"] for option in BeautifulSoup(page.content, "html.parser").select("#id_home option")] == [
        *["", str(home.pk)]
    ]
    answer = client.post("/activities/plan/", a_plan(home=far.pk))
    assert (answer.status_code, Activity.objects.exists()) == (200, False)
    with pytest.raises(Refused, match="another community"):
        make_activity(community, director, home=far)
    with pytest.raises(Refused, match="is not open on"):
        make_activity(community, director, home=home, first_day=home.opened_on - WEEK)
    home.close(by=director, on=today())
    home.refresh_from_db()
    assert not BeautifulSoup(client.get("/activities/plan/").content, "html.parser").select("#id_home")
    with pytest.raises(Refused, match="is not open on"):
        make_activity(community, director, home=home)
    make_activity(community, director, home=home, first_day=days_ago(1))


def test_clashes_see_the_link_and_not_the_name(director, community, home):
    club = make_activity(community, director, title="合唱", home=home, hours=(9, 11))
    asked = {"starts_at": dt.time(10), "ends_at": dt.time(12), "by": director}
    (found,) = clashes(Activity(community=community), [today()], home=home, **asked)[today()]
    assert (found.words, found.takes_venue) == ("恩和路儿童之家 is taken: 合唱, 09:00–11:00.", True)
    assert clashes(Activity(community=community), [today()], venue="图书室", **asked)[today()] == []
    Home.objects.filter(pk=home.pk).update(name="童心之家")
    (found,) = clashes(Activity(community=community), [today()], home=Home.objects.get(), **asked)[today()]
    assert found.words == "童心之家 is taken: 合唱, 09:00–11:00."
    with pytest.raises(Refused, match="童心之家 is taken"):
        make_activity(community, director, home=Home.objects.get(), hours=(10, 12))
    assert list(Session.objects.all()) == list(club.sessions.all())


def test_the_database_itself_refuses_a_home_twice_and_a_session_without_a_place(director, community, home):
    session = make_activity(community, director, home=home).sessions.get()
    session.pk, session._state.adding = None, True
    with pytest.raises(IntegrityError, match="one_session_at_a_time_in_a_venue"), transaction.atomic():
        session.save()
    for facts in ({"home": home, "venue": "图书室"}, {"home": None, "venue": ""}):
        with pytest.raises(IntegrityError, match="session_has_one_venue"), transaction.atomic():
            Session.objects.update(**facts)
        with pytest.raises(IntegrityError, match="activity_has_one_venue"), transaction.atomic():
            Activity.objects.update(**facts)
    scheme = {"community": community, "title": "x", "starts_on": today(), "ends_on": today()}
    with pytest.raises(IntegrityError, match="scheme_has_one_venue_at_most"), transaction.atomic():
        Scheme.objects.create(**scheme, home=home, venue="图书室")


BOOKINGS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 1), st.integers(8, 12), st.integers(1, 3)), min_size=2, max_size=14
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(asked=BOOKINGS)
def test_no_place_is_ever_booked_twice(asked, director, community, far_community, home):
    """Of the Home, a room named in any case, the Home's own old name in words, and the same words elsewhere."""
    far = make_home(far_community) if not Home.objects.filter(community=far_community).exists() else None
    far = far or Home.objects.get(community=far_community)
    places = [
        ("home", {"home": home}),
        ("room", {"venue": "Room A"}),
        ("room", {"venue": "room a"}),
        ("far", {"home": far}),
    ]
    held: list[tuple] = []
    with transaction.atomic():
        for which, day, start, length in asked:
            place, facts = places[which]
            here = far_community if place == "far" else community
            booked = (place, day, start, start + length)
            is_free = not any(
                (other[0], other[1]) == (place, day) and other[2] < start + length and start < other[3]
                for other in held
            )
            try:
                with transaction.atomic():
                    first_day = today() + dt.timedelta(days=day)
                    make_activity(here, director, first_day=first_day, hours=(start, start + length), **facts)
            except Refused:
                assert not is_free, booked
            else:
                assert is_free, booked
                held.append(booked)
        assert Session.objects.not_cancelled().count() == len(held)
        transaction.set_rollback(True)


def test_a_plan_says_when_the_home_is_closed_and_leaves_it_to_the_person(client, director, community):
    home = make_home(community, name="恩和路儿童之家", weekly_hours=12)  # Monday to Saturday, 9 to 11
    monday = today() + dt.timedelta(days=7 + (7 - today().weekday()) % 7)
    close(home, first_day=monday + WEEK, last_day=monday + WEEK, reason="repair", by=director)
    asked = {"starts_at": dt.time(9), "ends_at": dt.time(10), "home": home, "by": director}
    days = [monday, monday + WEEK, monday - dt.timedelta(days=1)]
    found = clashes(Activity(community=community), days, **asked)
    assert [[(clash.is_closed, clash.takes_venue) for clash in found[day]] for day in days] == [
        *[[], [(True, False)], [(True, False)]]
    ]
    assert "the room is being repaired" in found[days[1]][0].words
    late = clashes(Activity(community=community), [monday], **{**asked, "ends_at": dt.time(12)})[monday]
    assert [clash.words for clash in late] == ["恩和路儿童之家 is open 09:00–11:00 on this day."]
    day = days[1].isoformat()
    page = client.post("/activities/plan/", {**a_plan(home=home.pk, first_day=day), "looked": ""})
    assert "Home closed" in words(page)
    client.post("/activities/plan/", a_plan(home=home.pk, first_day=day, days=[day]))
    assert Session.objects.get().day == days[1]


def test_a_closure_that_comes_later_stands_among_what_is_to_do(client, director, community, home):
    ahead = today() + dt.timedelta(days=3)
    club = make_activity(community, director, title="合唱", home=home, first_day=ahead)
    make_activity(community, director, title="象棋", first_day=ahead)
    scope, now = Scope.of(community.pk), Period.day(today())
    assert not sessions_at_closed_home(scope, now).exists()
    close(home, first_day=ahead, last_day=ahead, reason="repair", by=director)
    assert list(sessions_at_closed_home(scope, now)) == list(club.sessions.all())
    card = BeautifulSoup(client.get("/activities/todo/").content, "html.parser").select_one("#closed").get_text()
    assert ("合唱" in card, "象棋" in card) == (True, False)
    Closure.objects.get().lift(by=director)
    assert not sessions_at_closed_home(scope, now).exists()


def test_a_home_with_activities_ahead_does_not_close(director, community, home):
    club = make_activity(community, director, home=home, first_day=today() + WEEK)
    with pytest.raises(Refused, match="Activities are still to be held in the Home"):
        home.close(by=director, on=today())
    club.cancel(reason="停办", by=director)
    home.close(by=director, on=today())
    home.refresh_from_db()
    assert not home.is_open


def test_a_session_moves_into_the_home_and_out_of_it(client, director, community, home):
    session = make_activity(community, director, first_day=today() + WEEK).sessions.get()
    address = f"/activities/session/{session.pk}/move/"
    form = {"day": session.day.isoformat(), "starts_at": "09:00", "ends_at": "10:00"}
    client.post(address, {**form, "seen_version": session.version, "home": home.pk, "venue": session.venue})
    session.refresh_from_db()
    assert (session.home, session.venue, session.changed_at is not None) == (home, "", True)
    page = BeautifulSoup(client.get(address).content, "html.parser")
    assert page.select_one("#id_home option[selected]")["value"] == str(home.pk)
    client.post(address, {**form, "seen_version": session.version, "home": "", "venue": "操场"})
    session.refresh_from_db()
    assert (session.home, session.venue) == (None, "操场")


def test_the_calendar_and_its_poster_are_narrowed_by_home(
    client, signed_in, supervisor, director, community, sister_community, home
):
    other = make_home(sister_community)
    make_activity(community, director, title="合唱", home=home)
    make_activity(community, director, title="象棋", venue="恩和路")

    def slots(who, **query):
        page = BeautifulSoup(who.get("/activities/calendar/", query).content, "html.parser")
        return [title.get_text() for title in page.select(".month .slot .title")]

    assert sorted(slots(client)) == ["合唱", "象棋"]
    assert slots(client, home=home.pk) == ["合唱"]
    assert slots(client, venue="恩和路") == ["象棋"]
    street = signed_in(supervisor)
    assert slots(street, home=home.pk) == ["合唱"]
    choices = lambda **query: re.findall(  # noqa: E731
        f'<option value="({home.pk}|{other.pk})"', street.get("/activities/calendar/", query).content.decode()
    )
    assert (choices(), choices(community=community.pk), choices(home=home.pk)) == ([], [str(home.pk)], [str(home.pk)])
    assert sorted(slots(client, home="x")) == ["合唱", "象棋"]
    poster = words(client.get(f"/papers/month_poster/{community.pk}/", {"home": home.pk}))
    assert ("合唱" in poster, "象棋" in poster) == (True, False)


def test_attendance_counts_at_the_home_where_it_was_held(
    client, signed_in, federation, director, community, home, make_child
):
    club = make_activity(community, director, home=home, first_day=days_ago(7), times=2)
    elsewhere = make_activity(community, director, first_day=days_ago(7))
    one, two = make_child(community), make_child(community)
    for session, children in zip(
        [*club.sessions.all(), elsewhere.sessions.get()], [(one, two), (one,), (two,)], strict=True
    ):
        for child in children:
            session.join_late(child, by=director)
    year, scope = Period(days_ago(30), today()), Scope.of(community.pk)
    assert (sessions_at_home(scope, year).count(), children_at_home_sessions(scope, year).count()) == (2, 2)
    card = BeautifulSoup(client.get(home.get_absolute_url()).content, "html.parser").select_one("#activities")
    assert [stat.get_text() for stat in card.select(".stat-value, .stat dd, .stats dd")] == ["2", "2", "3"]
    assert (
        BeautifulSoup(signed_in(federation).get(home.get_absolute_url()).content, "html.parser").select("#activities")
        == []
    )


def test_pages_ask_no_more_for_many_sessions_at_homes(client, director, community, home):
    addresses = ["/activities/", "/activities/calendar/", "/activities/todo/", home.get_absolute_url()]
    counts: dict[str, list[int]] = {address: [] for address in addresses}
    for n, hour in enumerate((6, 8, 10)):
        for minute, name in enumerate("ab"):
            make_activity(community, director, title=f"{n}{name}", home=home, hours=(hour + minute, hour + minute + 1))
        extra_session(Activity.objects.first(), director, day=days_ago(2), hours=(hour, hour + 1), home=home)
        if n == 1:
            continue
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            counts[address].append(len(captured))
    assert {address: found for address, found in counts.items() if len(set(found)) > 1} == {}


def a_change(club, **facts):
    about = {"title": club.title, "kind": club.kind, "audience": club.audience, "seen_version": club.version}
    return {**about, "home": club.home_id or "", "venue": club.venue, **facts}


def test_days_ahead_go_where_the_activity_goes_but_for_those_put_elsewhere(client, director, community, home):
    club = make_activity(community, director, first_day=days_ago(7), times=4, venue="图书室")
    held, now, apart, last = club.sessions.all()
    held.write_record("看书", others_present=3, by=director)
    hours = {"starts_at": apart.starts_at, "ends_at": apart.ends_at}
    apart.move(day=apart.day, **hours, venue="操场", by=director)
    club.refresh_from_db()
    answer = client.post(f"/activities/{club.pk}/change/", a_change(club, home=home.pk), follow=True)
    assert "2 days ahead are held there too. Tell those concerned." in words(answer)
    assert [(row.home, row.venue) for row in club.sessions.all()] == [
        *[(None, "图书室"), (home, ""), (None, "操场"), (home, "")]
    ]
    assert club.sessions.changed().count() == 3


def test_a_venue_taken_on_one_day_ahead_changes_nothing_and_keeps_what_was_typed(client, director, community, home):
    club = make_activity(community, director, first_day=today(), times=2, venue="图书室")
    make_activity(community, director, title="象棋", home=home, first_day=today() + WEEK)
    page = client.post(f"/activities/{club.pk}/change/", a_change(club, home=home.pk, topic="新的话题"))
    assert "恩和路儿童之家 is taken on" in words(page)
    assert "新的话题" in page.content.decode()
    club.refresh_from_db()
    assert (club.home, club.venue, club.topic) == (None, "图书室", "")
    assert set(club.sessions.values_list("home", "venue")) == {(None, "图书室")}


def test_a_helper_who_has_something_else_is_named_before_the_change_is_saved(client, director, community):
    helper = a_helper(community, director)
    make_activity(community, director, title="象棋", helper=helper)
    club = make_activity(community, director, title="合唱")
    address, form = f"/activities/{club.pk}/change/", a_change(club, helper=helper.pk)
    page = client.post(address, form)
    assert "leads or helps at “象棋” at the same time" in words(page)
    club.refresh_from_db()
    assert club.helper is None
    seen = BeautifulSoup(page.content, "html.parser").find("input", {"name": "seen"})["value"]
    assert client.post(address, {**form, "seen": seen}).status_code == 302
    club.refresh_from_db()
    assert club.helper == helper


def test_the_host_stands_with_the_activity_and_on_its_poster(client, director, community):
    client.post("/activities/plan/", a_plan(venue="图书室", host="恩和路小学"))
    club = Activity.objects.get()
    assert club.host == "恩和路小学"
    for address in (f"/activities/{club.pk}/", f"/papers/activity_poster/{club.pk}/"):
        assert "恩和路小学" in words(client.get(address))
