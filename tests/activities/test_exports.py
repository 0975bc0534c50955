"""Attendance, the parent school and publicity as spreadsheets: as on screen, in scope, and on the trail."""

import datetime as dt
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.models import PublicityItem, Session
from children.models import Child
from records.trail import TrailEntry
from tests.activities.factories import days_ago, extra_session, make_activity, today
from tests.children.factories import left_behind_child, siblings
from tests.children.pages import filled, soup, words
from tests.conftest import freshly_signed_in
from tests.homes.factories import make_home
from tests.records.exported import table

pytestmark = pytest.mark.django_db


def span():
    return {"since": str(days_ago(40)), "until": str(today())}


def since():
    return urlencode(span())


@pytest.fixture
def club(director, community, far_community, stranger, make_child):
    """Two sessions, of which one child came to both, one to the first and was excused then, one waits for a mark."""
    club = make_activity(community, director, title="合唱", home=make_home(community), first_day=days_ago(7), times=2)
    one, two, three = (make_child(community, name=name) for name in ("陈一", "李二", "王三"))
    for child in (one, two, three):
        club.enrol(child, by=director, on=days_ago(8))
    first, last = club.sessions.all()
    first.mark(one, "present", by=director)
    first.mark(two, "present", by=director)
    last.mark(one, "present", by=director)
    last.mark(two, "excused", by=director)
    first.write_record("学了两首歌。", others_present=4, by=director)
    club.enrolments.get(child=three).leave(by=director)
    elsewhere = make_activity(far_community, stranger, title="别处的", first_day=days_ago(7)).sessions.get()
    elsewhere.join_late(make_child(far_community, name="赵别处"), by=stranger)
    return club


def numbers(club):
    return {child.name: child.number for child in Child.objects.filter(community=club.community_id)}


def test_an_activity_has_a_line_for_each_child_and_a_column_for_each_session(club, director, rf):
    extra_session(club, director, day=today() + dt.timedelta(days=3))
    extra_session(club, director, day=days_ago(2)).cancel(reason="下雨", by=director)
    heads, rows = table(director, rf, "activity_attendance", f"activity={club.pk}")
    first, last = f"{days_ago(7):%m-%d} 09:00", f"{today():%m-%d} 09:00"
    assert heads == ["child", "file number", "joined", "left", first, last, "times present", "sessions held"]
    key, joined = numbers(club), days_ago(8).isoformat()
    assert rows == [
        ["陈一", key["陈一"], joined, "", "√", "√", "2", "2"],
        ["李二", key["李二"], joined, "", "√", "○", "1", "2"],
        ["王三", key["王三"], joined, today().isoformat(), "", "", "0", "2"],
    ]


def test_the_sessions_of_a_period_have_their_numbers_and_name_nobody(club, director, rf):
    heads, rows = table(director, rf, "sessions_held", since())
    assert heads[:7] == ["day", "hours", "activity", "kind", "for whom", "community", "venue"]
    assert heads[7:] == [
        *["on the roll", "children present", "children absent", "children excused", "parents and caregivers"],
        *["helpers", "others who came", "record written"],
    ]
    about = ["09:00–10:00", "合唱", "safety class", "children", str(club.community), "儿童之家"]
    assert rows == [
        [days_ago(7).isoformat(), *about, "3", "2", "0", "0", "0", "0", "4", "yes"],
        [today().isoformat(), *about, "2", "1", "0", "1", "0", "0", "0", "no"],
    ]
    assert not {name for name in numbers(club) if name in str(rows)}


def test_the_marks_of_a_period_by_name(club, director, rf):
    heads, rows = table(director, rf, "attendance_by_name", since())
    assert heads[7:] == ["child", "file number", "attendance"]
    key = numbers(club)
    assert [[line[0], *line[7:]] for line in rows] == [
        [days_ago(7).isoformat(), "陈一", key["陈一"], "present"],
        [days_ago(7).isoformat(), "李二", key["李二"], "present"],
        [today().isoformat(), "陈一", key["陈一"], "present"],
        [today().isoformat(), "李二", key["李二"], "excused"],
    ]


def test_what_narrows_the_page_narrows_the_spreadsheet(club, director, signed_in, rf, community):
    make_activity(community, director, title="法律课", kind="law", first_day=days_ago(3))
    make_activity(community, director, title="很久以前", first_day=days_ago(30))
    client, address = signed_in(director), reverse("activities:attendance")
    home = club.home_id

    def titles(query):
        shown = {row.td.find_next("td").get_text() for row in soup(client.get(f"{address}?{query}")).select("tbody tr")}
        taken = {line[2] for line in table(director, rf, "sessions_held", query)[1]}
        assert shown == taken
        return shown

    assert titles(since()) == {"合唱", "法律课", "很久以前"}
    assert titles(f"{since()}&kind=law") == {"法律课"}
    assert titles(f"{since()}&home={home}") == {"合唱"}
    assert titles(f"since={days_ago(4)}&until={days_ago(1)}") == {"法律课"}
    assert titles(f"since={days_ago(4)}&until={days_ago(1)}&kind=club") == set()
    page = client.get(f"{address}?{since()}&home={home}")
    assert [stat.get_text() for stat in soup(page).select(".stat-value, .stats dd")] == ["2", "3", "0", "4"]
    assert f"{reverse('records:export', args=['sessions_held'])}?since={days_ago(40)}" in page.content.decode()
    assert client.get(f"{address}?since=0000-99-99&until=x&home=x&community=x&page=x").status_code == 200


def test_the_parent_school_who_came_and_who_never_did(director, community, far_community, rf):
    child = left_behind_child(community, name="欧阳小月")
    carer = child.kinships.get(is_caregiver=True)
    never = left_behind_child(community, name="赵小北")
    left_behind_child(far_community, name="别处的")
    facts = {"title": "好习惯", "kind": "parent_school", "audience": "carers", "theme": "habits"}
    session = make_activity(community, director, **facts, first_day=days_ago(3)).sessions.get()
    session.note_carer(carer.adult, "remote", by=director)
    heads, rows = table(director, rf, "parent_school_attendance")
    assert heads == [
        *["day", "activity", "theme of the parent school", "community", "who came", "children of the family"],
        "how they took part",
    ]
    how = session.carer_attendances.get().get_how_display()
    assert rows == [
        [days_ago(3).isoformat(), "好习惯", "good habits", str(community), carer.adult.name, "欧阳小月", how]
    ]
    assert table(director, rf, "parent_school_attendance", "theme=moral")[1] == []
    heads, rows = table(director, rf, "parent_school_coverage", "which=never")
    assert heads == [
        *["community", "building or grid", "children of the family", "parents and caregivers", "last came"]
    ]
    assert [(line[2], line[4]) for line in rows] == [("赵小北", "never")]
    assert never.kinships.first().adult.name in rows[0][3]
    moral = table(director, rf, "parent_school_coverage", "theme=moral")[1]
    assert sorted(line[2] for line in moral) == ["欧阳小月", "赵小北"]
    assert [line[2] for line in table(director, rf, "parent_school_coverage", "theme=moral&q=小北")[1]] == ["赵小北"]


def test_publicity_of_a_year_names_no_child_and_leaves_out_what_is_not_agreed_to(director, community, rf, make_child):
    facts = {"community": community, "channel": "poster", "noted_by": director, "made_on": today()}
    PublicityItem.objects.create(title="防溺水海报", place="大门", reach=120, **facts)
    PublicityItem.objects.create(title="好榜样", example_of=make_child(community, name="陈一"), **facts)
    PublicityItem.objects.create(title="去年的", **{**facts, "made_on": today().replace(year=today().year - 1, day=1)})
    heads, rows = table(director, rf, "publicity_items")
    assert heads == [
        *["day", "community", "title", "channel", "place", "people reached", "good example", "taken down on"],
        "noted by",
    ]
    assert [line[2:8] for line in rows] == [["防溺水海报", rows[0][3], "大门", "120", "", ""]]
    assert [line[2] for line in table(director, rf, "publicity_items", f"year={today().year - 1}")[1]] == ["去年的"]


LISTS = ["sessions_held", "attendance_by_name", "parent_school_attendance", "parent_school_coverage", "publicity_items"]


def test_who_sees_no_rows_takes_none_out(club, signed_in, federation, counsellor, stranger, rf):
    for name in [*LISTS, "activity_attendance"]:
        address = reverse("records:export", args=[name]) + f"?activity={club.pk}&{since()}"
        assert [signed_in(user).get(address).status_code for user in (federation, counsellor)] == [404, 404], name
    with pytest.raises(Http404):
        table(stranger, rf, "activity_attendance", f"activity={club.pk}")
    assert [line[2] for line in table(stranger, rf, "sessions_held", since())[1]] == ["别处的"]
    assert [line[7] for line in table(stranger, rf, "attendance_by_name", since())[1]] == ["赵别处"]


def test_a_list_is_taken_out_with_a_purpose_and_stands_on_the_trail(club, director, signed_in):
    client = freshly_signed_in(signed_in(director))
    address = reverse("records:export", args=["activity_attendance"]) + f"?activity={club.pk}"
    assert address in client.get(club.get_absolute_url()).content.decode()
    page = client.get(address)
    assert "Attendance of an activity" in words(page)
    answer = client.post(address, filled(page, reason="report", purpose="上报街道"))
    assert answer["Content-Disposition"] == 'attachment; filename="attendance.xlsx"'
    entry = TrailEntry.objects.get(verb="exported")
    assert (entry.actor, entry.keys["list"], entry.keys["rows"]) == (director, "activity_attendance", 3)


def test_no_list_asks_once_per_row(director, community, rf, signed_in, make_child):
    client, club = signed_in(director), make_activity(community, director, first_day=days_ago(1))
    facts = {"kind": "parent_school", "audience": "carers", "theme": "habits"}
    school = make_activity(community, director, **facts).sessions.get()
    counts: dict[str, list[int]] = {}
    for total in (1, 3):
        while Session.objects.filter(activity=club).count() < total + 1:
            extra_session(
                club, director, day=days_ago(1), hours=(10 + club.sessions.count(), 11 + club.sessions.count())
            )
        for child in siblings(community):
            club.sessions.first().join_late(child, by=director)
            school.note_carer(child.kinships.first().adult, "room", by=director)
            left_behind_child(community)
        for name in [*LISTS, "activity_attendance"]:
            with CaptureQueriesContext(connection) as captured:
                table(director, rf, name, f"activity={club.pk}&{since()}")
            counts.setdefault(name, []).append(len(captured))
        client.get(reverse("activities:attendance"))
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("activities:attendance"))
        counts.setdefault("page", []).append(len(captured))
    assert {name: found for name, found in counts.items() if len(set(found)) > 1} == {}


def test_of_many_communities_the_attendance_of_one_is_counted_at_a_time(
    club, supervisor, director, signed_in, community, sister_community, make_user, make_child, rf, monkeypatch
):
    by = make_user("community_worker", sister_community, "sister")
    other = make_activity(sister_community, by, title="邻居的", first_day=days_ago(7)).sessions.get()
    other.join_late(make_child(sister_community, name="赵邻居"), by=by)
    client, address = signed_in(supervisor), f"{reverse('activities:attendance')}?{since()}"
    page = client.get(address)
    assert (page.context["held"], page.context["children"], page.context["others"]) == (3, 4, 4)
    monkeypatch.setattr("activities.filters.COMMUNITIES_AT_ONCE", 1)
    first, second = sorted([community.pk, sister_community.pk])
    numbers_of = {community.pk: (2, 3, 4), sister_community.pk: (1, 1, 0)}
    for chosen, shown in (("", first), (first, first), (second, second), ("x", first)):
        page = client.get(address, {**span(), "community": chosen})
        assert (page.context["held"], page.context["children"], page.context["others"]) == numbers_of[shown]
        assert "not counted together" in page.content.decode()
        assert f"community={shown}" in page.context["filter"].address
        assert len(table(supervisor, rf, "sessions_held", page.context["filter"].address)[1]) == numbers_of[shown][0]
    assert "not counted together" not in signed_in(director).get(address).content.decode()
