import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.activities.factories import days_ago, make_activity, today
from tests.homes.factories import make_home


@pytest.mark.parametrize("who", ["director", "supervisor"])
def test_no_page_asks_once_per_row(who, request, signed_in, director, community, make_child):
    client = signed_in(request.getfixturevalue(who))
    club = make_activity(community, director, first_day=days_ago(7), times=2)
    held = club.sessions.first()
    addresses = [
        *["/activities/", "/activities/?when=past", "/activities/todo/", "/activities/calendar/"],
        *[f"/activities/{club.pk}/", f"/activities/session/{held.pk}/", f"/papers/sign_in_sheet/{held.pk}/"],
    ]
    if who == "director":
        addresses += [f"/activities/{club.pk}/enrol/", f"/activities/session/{held.pk}/roll/"]
    counts: dict[str, list[int]] = {address: [] for address in addresses}
    made = 0
    for total in (1, 3, 30):
        for n in range(made, total):
            make_activity(community, director, title=f"t{n}", venue=f"v{n}", first_day=today())
            make_activity(community, director, title=f"p{n}", venue=f"w{n}", first_day=days_ago(3))
            held.join_late(make_child(community), by=director)
            make_child(community)
        made = total
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(
                connection,
            ) as captured:
                assert client.get(address).status_code == 200
            counts[address].append(len(captured))
    assert {a: c for a, c in counts.items() if len(set(c)) > 1} == {}


def test_looking_at_a_plan_asks_no_more_for_many_days(signed_in, director, community, make_child):
    client = signed_in(director)
    form = {
        **{"title": "合唱", "kind": "other", "audience": "children", "venue": "活动室", "every": "day"},
        **{"first_day": today().isoformat(), "starts_at": "09:00", "ends_at": "10:00"},
    }
    counts = []
    for times in (2, 3, 60):
        make_activity(community, director, venue="活动室", first_day=today() + dt.timedelta(days=times - 1))
        client.post("/activities/plan/", {**form, "times": times})
        with CaptureQueriesContext(connection) as captured:
            answer = client.post("/activities/plan/", {**form, "times": times})
        assert len(answer.context["laid_out"].rows) == times
        counts.append(len(captured))
    assert len(set(counts)) == 1


def test_what_is_to_do_is_counted_no_further_than_it_is_read(signed_in, director, community, monkeypatch):
    make_activity(community, director, kind="club", first_day=days_ago(17), times=3)
    client = signed_in(director)
    assert "3 sessions were held without" in client.get("/activities/").content.decode()
    monkeypatch.setattr("activities.views.lists.COUNTED_AT_MOST", 2)
    assert "More than 2 sessions were held without" in client.get("/activities/").content.decode()


def test_the_file_of_a_child_who_came_often_asks_no_more(signed_in, director, community, make_child):
    client, child, home = signed_in(director), make_child(community), make_home(community, name="恩和路儿童之家")
    address, counts = f"/children/{child.pk}/?tab=activities", []
    for total in (1, 3):
        for number in range(child.attendances.count(), total):
            club = make_activity(community, director, title=f"合唱 {number}", home=home, first_day=days_ago(number))
            club.sessions.get().join_late(child, by=director)
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).content.decode().count(home.name) == total
        counts.append(len(captured))
    assert len(set(counts)) == 1
