import datetime as dt
import uuid

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from activities.models import Activity, Scheme, SchemeAction
from activities.scheme_templates import TEMPLATES
from activities.schemes import asked_for, begin_scheme, from_template, year_after
from activities.year import AUTUMN, DAY, SPRING, Calendar, first_time, spring_festival
from communities.models import ClosedDay, Term
from records.lifecycle import Refused
from records.trail import TrailEntry
from tests.activities.factories import days_ago, make_activity, today

BEGIN = dt.date(2024, 1, 1)
DAYS = st.integers(0, 1400).map(lambda n: BEGIN + n * DAY)


@pytest.fixture
def client(director, signed_in):
    return signed_in(director)


@pytest.fixture
def blue_sky(director, community):
    code = community.pk
    return begin_scheme(from_template("blue_sky", today(), code), asked_for("blue_sky", today(), code), by=director)


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


@pytest.mark.parametrize("day", [dt.date(2026, 2, 17), dt.date(2027, 2, 6), dt.date(2028, 1, 26)])
def test_spring_festival_is_known(day):
    assert spring_festival(day.year) == day


@given(
    since=DAYS,
    closed=st.frozensets(st.integers(-400, 2600).map(lambda n: BEGIN + n * DAY), max_size=60),
    worked=st.frozensets(st.integers(-400, 2600).map(lambda n: BEGIN + n * DAY), max_size=60),
    moved=st.integers(-20, 20),
)
def test_what_is_asked_falls_on_open_days_of_the_year(since, closed, worked, moved):
    shift = moved * DAY
    terms = {(2024, AUTUMN): (dt.date(2024, 9, 1) + shift, dt.date(2025, 1, 15)),
             (2024, SPRING): (dt.date(2025, 2, 20) + shift, dt.date(2025, 7, 5) + shift)}  # fmt: skip
    calendar = Calendar(terms, closed, worked)
    for template in TEMPLATES.values():
        for asked in template.actions:
            day = first_time(asked.when, calendar, since)
            assert since <= day <= since + 460 * DAY
            assert day not in closed
            if asked.when.weekend:
                assert day.strftime("%a") in ("Sat", "Sun")
                assert day not in worked


def test_the_days_follow_terms_and_closed_days(district, community):
    Term.objects.all().delete()
    Term.objects.create(
        district=district, school_year=2026, kind="autumn", starts_on="2026-08-31", ends_on="2027-01-15"
    )
    Term.objects.create(
        district=district, school_year=2026, kind="spring", starts_on="2027-03-01", ends_on="2027-07-02"
    )
    ClosedDay.objects.create(district=district, day="2027-01-30", name="校舍检修")
    days = {action.title: action.due_on for action in asked_for("blue_sky", dt.date(2026, 8, 25), community.pk)}
    assert days["Parent school: good habits"] == dt.date(2026, 9, 28)
    assert days["Law class in the winter holidays"] == dt.date(2027, 1, 16)
    assert days["Family day at Spring Festival"] == dt.date(2027, 1, 31)  # a week before is closed
    assert days["Safety class in the summer holidays"] == dt.date(2027, 7, 3)
    assert days["Love Paradise clubs of spring begin"] == dt.date(2027, 3, 20)


def test_the_year_after_a_leap_day():
    assert year_after(dt.date(2028, 2, 29)) == dt.date(2029, 2, 27)
    assert year_after(dt.date(2026, 3, 1)) == dt.date(2027, 2, 28)


def test_a_year_is_laid_out_in_one_act(client, director, community):
    form = {"template": "blue_sky", "first_day": str(today()), "title": "", "venue": "活动室"}
    page = soup(client.post("/activities/schemes/new/", form))
    boxes = page.select("[name=actions]")
    assert len(boxes) == len(TEMPLATES["blue_sky"].actions)
    assert Scheme.objects.count() == 0
    form |= {"looked": "1", "once_token": str(uuid.uuid4()), "actions": [box["value"] for box in boxes[1:]]}
    first, second = (client.post("/activities/schemes/new/", form) for _twice in range(2))
    assert first.url == second.url
    scheme = Scheme.objects.get()
    assert (scheme.venue, scheme.community_id, scheme.actions.count()) == ("活动室", community.pk, len(boxes) - 1)
    assert TrailEntry.objects.about(scheme).filter(verb="drew up", actor=director).exists()
    shown = soup(client.get(first.url)).main.get_text()
    for part in ("Support action", "Rights-protection action", "Caring action", "Publicity action"):
        assert part in shown
    assert "Family day at Spring Festival" in soup(client.get(f"/papers/scheme/{scheme.pk}/")).get_text()


def test_a_year_whose_days_have_changed_meanwhile_is_looked_at_again(client):
    form = {"template": "blue_sky", "first_day": str(today()), "title": "", "venue": ""}
    boxes = [box["value"] for box in soup(client.post("/activities/schemes/new/", form)).select("[name=actions]")]
    form |= {"looked": "1", "once_token": str(uuid.uuid4()), "actions": [*boxes[1:], f"{days_ago(-3)} {boxes[0][11:]}"]}
    assert "The days have changed meanwhile" in soup(client.post("/activities/schemes/new/", form)).get_text()
    assert not Scheme.objects.exists()


def test_a_scheme_of_our_own_begins_empty_and_takes_actions(client):
    form = {"template": "", "first_day": str(today()), "title": "", "venue": ""}
    assert "Give the scheme a title." in soup(client.post("/activities/schemes/new/", form)).get_text()
    form |= {"title": "暑期安全", "looked": "1", "once_token": str(uuid.uuid4())}
    address = client.post("/activities/schemes/new/", form).url
    action = {"title": "防溺水", "kind": "safety", "part": "", "due_on": str(days_ago(-9)), "once_token": uuid.uuid4()}
    for _twice in range(2):
        assert client.post(f"{address}action/", action).status_code == 302
    scheme = Scheme.objects.get()
    assert list(scheme.actions.values_list("title", flat=True)) == ["防溺水"]
    assert client.post(f"{address}action/", {**action, "title": "", "once_token": uuid.uuid4()}).status_code == 200
    change = {"title": "暑期安全年", "starts_on": "2026-01-02", "ends_on": "2026-01-01", "seen_version": scheme.version}
    assert "before the first" in soup(client.post(f"{address}change/", change)).get_text()
    assert client.post(f"{address}change/", {**change, "ends_on": "2026-12-01"}).status_code == 302
    assert "暑期安全年" in soup(client.get("/activities/schemes/")).get_text()


def test_an_action_is_done_by_the_activity_planned_for_it(client, blue_sky, director):
    action = blue_sky.actions.get(kind="health")
    page = soup(client.get(f"/activities/plan/?action={action.pk}"))
    assert page.find("input", {"name": "title"})["value"] == action.title
    form = {
        **{"title": action.title, "kind": "health", "audience": "children", "venue": "活动室", "every": "", "times": 1},
        **{"first_day": str(action.due_on), "starts_at": "09:00", "ends_at": "10:00", "action": action.pk},
        **{"looked": "1", "days": str(action.due_on), "once_token": str(uuid.uuid4())},
    }
    assert client.post("/activities/plan/", form).status_code == 302
    action.refresh_from_db()
    assert (action.activity.title, action.state) == (action.title, "scheduled")
    action.activity.cancel(reason="停电", by=director)
    action.refresh_from_db()
    assert action.state == "planned"


def test_an_activity_planned_already_is_named(client, blue_sky, director, community):
    done = make_activity(community, director, first_day=days_ago(9), kind="health")
    action = blue_sky.actions.get(kind="health")
    answer = client.post(
        f"/activities/schemes/action/{action.pk}/choose/", {"activity": done.pk, "once_token": uuid.uuid4()}
    )
    assert answer.url == blue_sky.get_absolute_url()
    action.refresh_from_db()
    assert (action.activity, action.state) == (done, "held")
    with pytest.raises(Refused, match="another action"):
        blue_sky.actions.exclude(pk=action.pk).first().schedule(done, by=director)
    with pytest.raises(Refused, match="has its activity"):
        action.leave_out(reason="x", by=director)


def test_an_action_left_out_says_why(client, blue_sky):
    action = blue_sky.actions.first()
    address = f"/activities/schemes/action/{action.pk}/leave-out/"
    assert client.post(address, {"reason": "", "once_token": uuid.uuid4()}).status_code == 200
    assert client.post(address, {"reason": "并入家长学校", "once_token": uuid.uuid4()}).status_code == 302
    action.refresh_from_db()
    assert action.state == "left_out"
    assert "并入家长学校" in soup(client.get(blue_sky.get_absolute_url())).get_text()
    assert "并入家长学校" in soup(client.get(f"/papers/scheme/{blue_sky.pk}/")).get_text()


def test_an_activity_leads_to_the_scheme_that_asked_for_it(
    client, blue_sky, director, community, signed_in, supervisor
):
    activity = make_activity(community, director, kind="health")
    page = soup(client.get(activity.get_absolute_url()))
    assert not page.select(f"a[href='{blue_sky.get_absolute_url()}']")
    blue_sky.actions.get(kind="health").schedule(activity, by=director)
    for who in (client, signed_in(supervisor)):
        page = soup(who.get(activity.get_absolute_url()))
        assert [a.get_text() for a in page.select(f"a[href='{blue_sky.get_absolute_url()}']")] == [blue_sky.title]


@pytest.mark.parametrize(
    ("template", "themes"),
    [
        ("blue_sky", {"moral", "care", "habits"}),
        ("childrens_home", {"other", "guardians", "children"}),
    ],
)
def test_the_theme_of_a_parent_school_is_planned_as_the_scheme_asks(client, director, community, template, themes):
    code = community.pk
    made = begin_scheme(from_template(template, today(), code), asked_for(template, today(), code), by=director)
    found = {}
    for action in made.actions.all():
        page = soup(client.get(f"/activities/plan/?action={action.pk}"))
        chosen = page.select("[name=theme] option[selected]")
        found[action.kind, chosen[0]["value"] if chosen else ""] = action.theme
    assert {theme for (kind, theme) in found if kind == "parent_school"} == themes
    assert {theme for (kind, theme) in found if kind != "parent_school"} == {""}
    assert all(theme == kept for (_kind, theme), kept in found.items())


def test_an_action_keeps_its_theme_while_it_is_of_the_parent_school(client, blue_sky):
    action = blue_sky.actions.get(theme="care")
    form = {"title": "一", "kind": "parent_school", "theme": "habits", "part": "", "due_on": str(action.due_on)}
    address = f"/activities/schemes/action/{action.pk}/"
    for kind, theme in (("parent_school", "habits"), ("law", "")):
        assert client.post(address, {**form, "kind": kind, "seen_version": action.version}).status_code == 302
        action.refresh_from_db()
        assert (action.kind, action.theme) == (kind, theme)


def taken_back(client, action):
    page = soup(client.get(f"/activities/schemes/action/{action.pk}/"))
    offered = bool(page.select(f"form[action$='/{action.pk}/take-back/']"))
    answer = client.post(f"/activities/schemes/action/{action.pk}/take-back/", {"once_token": uuid.uuid4()})
    assert answer.status_code == 302
    action.refresh_from_db()
    return offered


def test_an_action_left_out_by_mistake_is_taken_back(client, blue_sky, director):
    action = blue_sky.actions.first()
    assert not taken_back(client, action)
    action.leave_out(reason="并入家长学校", by=director)
    assert f"/activities/schemes/action/{action.pk}/" in client.get(blue_sky.get_absolute_url()).content.decode()
    assert taken_back(client, action)
    assert (action.left_out_because, action.wants_activity) == ("", True)
    entry = TrailEntry.objects.about(action).get(verb="took an action back")
    assert (entry.actor, entry.fields) == (director, ["left_out_because"])


def test_the_wrong_activity_is_untied_while_nothing_is_recorded_of_it(
    client, blue_sky, director, community, make_child
):
    action, activity = blue_sky.actions.get(kind="health"), make_activity(community, director, kind="health")
    action.schedule(activity, by=director)
    assert taken_back(client, action)
    assert (action.activity, action.wants_activity) == (None, True)
    action.schedule(activity, by=director)  # it stands for nothing else meanwhile
    activity.sessions.get().write_record("讲了牙齿保健。", by=director)
    assert not taken_back(client, action)
    assert action.activity == activity
    with pytest.raises(Refused, match="recorded of the activity already"):
        action.take_back(by=director)


def test_the_database_refuses_an_action_left_out_with_an_activity(blue_sky, director, community):
    activity = make_activity(community, director)
    with pytest.raises(IntegrityError, match="action_left_out_has_no_activity"), transaction.atomic():
        blue_sky.actions.filter(kind="health").update(activity=activity, left_out_because="x")


def test_what_is_past_without_an_activity_is_overdue(blue_sky, director, community):
    action = blue_sky.actions.first()
    SchemeAction.objects.filter(pk=action.pk).update(due_on=days_ago(1))
    action.refresh_from_db()
    assert action.state == "overdue"
    assert list(SchemeAction.objects.overdue_on(today())) == [action]
    action.schedule(make_activity(community, director), by=director)
    assert not SchemeAction.objects.overdue_on(today()).exists()


def test_an_activity_called_off_day_by_day_was_not_held(client, blue_sky, director, community):
    action = blue_sky.actions.get(kind="health")
    SchemeAction.objects.filter(pk=action.pk).update(due_on=days_ago(1))
    activity = make_activity(community, director, first_day=days_ago(9), kind="health", times=2)
    action.schedule(activity, by=director)
    first, second = activity.sessions.all()
    for session, state, overdue in [(first, "held", []), (second, "overdue", [action])]:
        session.cancel(reason="停电", by=director)
        action = SchemeAction.objects.get(pk=action.pk)
        assert (action.state, SchemeAction.objects.with_activity().get(pk=action.pk).state) == (state, state)
        assert list(SchemeAction.objects.overdue_on(today())) == overdue
    page = soup(client.get(blue_sky.get_absolute_url()))
    assert page.select(f'a[href="/activities/plan/?action={action.pk}"]')
    action.schedule(make_activity(community, director, kind="health"), by=director)
    assert action.state == "scheduled"


def test_an_activity_of_another_community_is_refused(blue_sky, stranger, director, far_community, client):
    far = make_activity(far_community, stranger)
    action = blue_sky.actions.first()
    with pytest.raises(Refused, match="another community"):
        action.schedule(far, by=director)
    address = f"/activities/schemes/action/{action.pk}/choose/"
    assert client.post(address, {"activity": far.pk, "once_token": uuid.uuid4()}).status_code == 200
    assert far.title not in soup(client.get(f"/activities/schemes/action/{action.pk}/")).get_text()


def test_a_scheme_from_elsewhere_is_not_found(blue_sky, stranger, signed_in):
    client = signed_in(stranger)
    for tail in ("", "change/", "action/"):
        assert client.get(f"{blue_sky.get_absolute_url()}{tail}").status_code == 404
    action = blue_sky.actions.first()
    for address in (f"/activities/schemes/action/{action.pk}/", f"/activities/plan/?action={action.pk}"):
        assert client.get(address).status_code == 404
    assert client.get("/activities/plan/?action=x'").status_code == 404


def test_two_people_changing_one_action(client, blue_sky):
    action = blue_sky.actions.first()
    form = {"title": "一", "kind": "law", "part": "", "due_on": str(action.due_on), "seen_version": action.version}
    address = f"/activities/schemes/action/{action.pk}/"
    assert client.post(address, form).status_code == 302
    late = client.post(address, {**form, "title": "二"})
    assert late.status_code == 200
    action.refresh_from_db()
    assert action.title == "一"


@pytest.mark.parametrize("who", ["director", "supervisor"])
def test_no_page_of_schemes_asks_once_per_row(who, request, signed_in, director, community, blue_sky):
    client = signed_in(request.getfixturevalue(who))
    addresses = ["/activities/schemes/", blue_sky.get_absolute_url(), f"/papers/scheme/{blue_sky.pk}/"]
    counts: dict[str, list[int]] = {address: [] for address in addresses}
    made = 1
    for total in (1, 3):
        for n in range(made, total):
            code = community.pk
            begin_scheme(from_template("big_hands", today(), code), asked_for("big_hands", today(), code), by=director)
            action = blue_sky.actions.filter(activity=None).first()
            action.schedule(make_activity(community, director, venue=f"v{n}"), by=director)
        made = total
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            counts[address].append(len(captured))
    assert {a: c for a, c in counts.items() if len(set(c)) > 1} == {}
    assert Activity.objects.count() == 2
