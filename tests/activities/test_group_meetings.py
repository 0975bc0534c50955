"""Which children of a group came to its meetings: ticked, counted, and on the child's file."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.models import ChildrenGroup, GroupMeeting, GroupPlace, MeetingAttendance
from children import transfer
from children.guardian_copy import copy_of, readable
from children.leaving import end_what_is_local
from children.merging import merge
from records.lifecycle import Refused
from records.trail import TrailEntry
from tests.activities.factories import days_ago, today
from tests.activities.test_forgetting import erase
from tests.activities.test_groups import sent
from tests.children.factories import a_child, offered
from tests.children.pages import soup, words


@pytest.fixture
def desk(signed_in, director):
    return signed_in(director)


@pytest.fixture
def children(community):
    return [a_child(community, name=name) for name in ("陈小雨", "王小明", "张小红")]


@pytest.fixture
def group(community, children, director):
    made = ChildrenGroup.objects.create(community=community, name="3 号楼小队", grid="3 号楼", place="楼下凉亭")
    made.take_in(children, by=director)
    GroupPlace.objects.update(joined_on=days_ago(30))
    return made


@pytest.fixture
def meeting(group, children, director):
    """Two of the three came, and one child from next door."""
    return group.note_meeting(day=days_ago(7), what="一起做作业", came=children[:2], others=1, by=director)


def lines():
    return dict(MeetingAttendance.objects.values_list("child__name", "came"))


def present(meeting):
    return GroupMeeting.objects.with_figures().get(pk=meeting.pk).present


def on_file(client, child):
    return words(client.get(reverse("children:file", args=[child.pk]) + "?tab=activities"))


def test_who_came_is_ticked_with_the_meeting(desk, group, children):
    page, to = group.get_absolute_url(), reverse("activities:group_meeting", args=[group.pk])
    shown = soup(desk.get(page))
    assert {int(box["value"]) for box in shown.select("input[name=came]")} == {child.pk for child in children}
    data = {"day": days_ago(7).isoformat(), "what": "一起做作业", "came": [children[0].pk, children[1].pk], "others": 1}
    assert sent(desk, page, to, **data).status_code == 302
    assert lines() == {"陈小雨": True, "王小明": True, "张小红": False}
    meeting = GroupMeeting.objects.get()
    assert present(meeting) == 3
    assert f"{days_ago(7)}, 3 children came" in words(desk.get(page))
    mine = words(desk.get(meeting.get_absolute_url()))
    assert "Children who came 3 陈小雨 王小明 and one more child" in mine
    entry = TrailEntry.objects.about(meeting).get(verb="noted a meeting")
    assert entry.keys == {"group": group.pk, "children": sorted(child.pk for child in children[:2])}


def test_a_meeting_by_number_names_nobody(desk, group, children):
    page, to = group.get_absolute_url(), reverse("activities:group_meeting", args=[group.pk])
    assert sent(desk, page, to, day=today().isoformat(), what="跳绳", others=5).status_code == 302
    meeting = GroupMeeting.objects.get()
    assert (lines(), present(meeting)) == ({}, 5)
    assert "Children who came 5 Only the number is known." in words(desk.get(meeting.get_absolute_url()))
    assert "came to" not in on_file(desk, children[0])


@pytest.mark.parametrize("others", ["", "0", "201", "-1", "x"])
def test_somebody_must_have_come_and_not_too_many(others, desk, group):
    page, to = group.get_absolute_url(), reverse("activities:group_meeting", args=[group.pk])
    answer = sent(desk, page, to, day=today().isoformat(), what="跳绳", others=others)
    assert answer.status_code == 200
    assert soup(answer).select_one("input[name=what]")["value"] == "跳绳"
    assert not GroupMeeting.objects.exists()


def test_two_hundred_may_come_and_no_more(group, children, director):
    meeting = group.note_meeting(day=today(), what="x", came=children, others=197, by=director)
    assert present(meeting) == 200
    with pytest.raises(Refused, match="between 1 and 200"):
        meeting.note_who_came(children, others=198, by=director)
    with pytest.raises(IntegrityError, match="others_at_a_group_meeting_at_most_200"), transaction.atomic():
        GroupMeeting.objects.update(others_present=201)


def test_only_who_was_in_the_group_on_the_day_can_have_come(group, children, director, community):
    late, outside = children[0], a_child(community, name="外人")
    group.places.filter(child=late).update(joined_on=days_ago(3))
    for child in (late, outside):
        with pytest.raises(Refused, match=f"{child.name} was not in the group on that day"):
            group.note_meeting(day=days_ago(7), what="x", came=[child], by=director)
    assert not GroupMeeting.objects.exists()
    meeting = group.note_meeting(day=days_ago(3), what="x", came=[late], by=director)
    assert set(meeting.roll()) == set(children)


def test_it_is_put_right_afterwards_also_of_who_has_left(desk, group, meeting, children, director):
    group.places.get(child=children[2]).leave(by=director)
    page, to = meeting.get_absolute_url(), reverse("activities:meeting_came", args=[meeting.pk])
    shown = soup(desk.get(page))
    ticks = {int(box["value"]): box.has_attr("checked") for box in shown.select("input[name=came]")}
    assert ticks == {children[0].pk: True, children[1].pk: True, children[2].pk: False}
    version = shown.select_one("input[name=seen_version]")["value"]
    data = {"came": [children[0].pk, children[2].pk], "others": 0, "seen_version": version}
    assert sent(desk, page, to, **data)["Location"] == page
    assert lines() == {"陈小雨": True, "王小明": False, "张小红": True}
    assert present(meeting) == 2
    entry = TrailEntry.objects.about(meeting).get(verb="noted who came to a meeting")
    assert entry.fields == ["came", "others_present"]


def test_the_same_again_changes_nothing(meeting, children, director):
    before = GroupMeeting.objects.values().get()
    meeting.note_who_came(children[:2], others=1, by=director)
    assert GroupMeeting.objects.values().get() == before
    assert not TrailEntry.objects.filter(verb="noted who came to a meeting").exists()


def test_two_who_note_one_meeting_see_each_other(desk, meeting, children, director):
    page, to = meeting.get_absolute_url(), reverse("activities:meeting_came", args=[meeting.pk])
    version = soup(desk.get(page)).select_one("input[name=seen_version]")["value"]
    GroupMeeting.objects.get().note_who_came([children[2]], others=0, by=director)
    mine = {"came": [children[0].pk], "others": 2}
    late = sent(desk, page, to, **mine, seen_version=version)
    assert "Somebody noted meanwhile who came." in words(late)
    assert "张小红" in soup(late).select_one(".names").get_text()
    assert lines() == {"陈小雨": False, "王小明": False, "张小红": True}
    again = soup(late).select_one("input[name=seen_version]")["value"]
    assert sent(desk, page, to, **mine, seen_version=again).status_code == 302
    assert lines() == {"陈小雨": True, "王小明": False, "张小红": False}


def test_the_file_says_to_how_many_meetings_the_child_came(desk, group, meeting, children, director):
    group.note_meeting(day=days_ago(3), what="跳绳", came=[children[0]], by=director)
    group.note_meeting(day=days_ago(2), what="下棋", others=4, by=director)
    said = {child.name: on_file(desk, child) for child in children}
    assert "came to 2 of 2 meetings" in said["陈小雨"]
    assert "came to 1 of 2 meetings" in said["王小明"]
    assert "came to 0 of 2 meetings" in said["张小红"]


def test_where_all_ticks_are_taken_back_only_the_number_is_known(desk, group, meeting, children, director):
    meeting.note_who_came([], others=3, by=director)
    assert present(meeting) == 3
    assert "Only the number is known." in words(desk.get(meeting.get_absolute_url()))
    assert "came to" not in on_file(desk, children[0])


def test_leaving_never_erases_what_the_child_came_to(desk, group, meeting, children, director):
    end_what_is_local(children[0], by=director)
    assert lines() == {"陈小雨": True, "王小明": True, "张小红": False}
    said = on_file(desk, children[0])
    assert f"3 号楼小队 {days_ago(30)} – {today()} · came to 1 of 1 meeting" in said
    group.dissolve(by=director)
    assert "came to 1 of 1 meeting" in on_file(desk, children[1])
    with pytest.raises(Refused, match="dissolved"):
        meeting.note_who_came(children, others=0, by=director)
    assert not soup(desk.get(meeting.get_absolute_url())).select("input[name=came]")


def test_a_file_that_goes_elsewhere_stays_counted_and_is_no_longer_named(
    desk, group, meeting, children, far_community, stranger, signed_in, director
):
    moving = children[0]
    transfer.accept(offered([moving], far_community, by=director), by=stranger)
    assert set(MeetingAttendance.objects.filter(child=moving).values_list("community", "came")) == {
        (far_community.pk, True)
    }
    page = words(desk.get(meeting.get_absolute_url()))
    assert "Children who came 3 王小明 and 2 more children" in page
    assert "陈小雨" not in page
    meeting.note_who_came([children[1], children[2]], others=1, by=director)
    assert present(meeting) == 4
    theirs = signed_in(stranger)
    said = soup(theirs.get(reverse("children:file", args=[moving.pk]) + "?tab=activities"))
    assert "3 号楼小队" in said.main.get_text() and "came to 1 of 1 meeting" in " ".join(said.main.get_text().split())
    assert not said.select(f'a[href="{group.get_absolute_url()}"]')
    assert theirs.get(meeting.get_absolute_url()).status_code == 404


def test_an_erased_file_stays_counted_and_names_nobody(desk, meeting, children, director, supervisor):
    erase(children[0], asked_by=director, decided_by=supervisor)
    assert present(meeting) == 3
    page = soup(desk.get(meeting.get_absolute_url()))
    assert [name.get_text() for name in page.select(".names li")] == ["王小明"]
    assert len(page.select("input[name=came]")) == 2


@pytest.mark.parametrize("ticked", ["kept", "gone", "both"])
def test_two_files_of_one_child_came_once(ticked, group, children, director):
    kept, gone, _third = children
    came = {"kept": [kept], "gone": [gone], "both": [kept, gone]}[ticked]
    meeting = group.note_meeting(day=today(), what="x", came=came, by=director)
    merge(kept, gone, by=director)
    assert list(meeting.attendances.came().values_list("child", flat=True)) == [kept.pk]
    assert present(meeting) == 1


def test_the_guardians_copy_says_which_meetings_the_child_came_to(meeting, children, director):
    assert [row["came"] for row in copy_of(children[0])["activities.meetingattendance"]] == [True]
    parts = dict(readable(children[0], director))
    assert ("was there", "yes") in parts[MeetingAttendance._meta.verbose_name_plural][0]


def test_looks_at_who_came_are_on_the_trail(desk, meeting, children, director):
    desk.get(meeting.get_absolute_url())
    for child in children:
        assert TrailEntry.objects.about(child).reads().filter(actor=director, page="activities:meeting").exists()


def test_others_read_or_find_nothing(signed_in, stranger, supervisor, meeting):
    to = reverse("activities:meeting_came", args=[meeting.pk])
    client, above = signed_in(stranger), signed_in(supervisor)
    assert client.get(meeting.get_absolute_url()).status_code == client.post(to).status_code == 404
    page = above.get(meeting.get_absolute_url())
    assert "陈小雨" in words(page)
    assert not soup(page).select("main input[name=came]")
    assert above.post(to).status_code == 404


def test_no_page_asks_once_per_child_or_meeting(desk, group, children, director, community):
    meeting = group.note_meeting(day=today(), what="x", came=children, by=director)
    file = reverse("children:file", args=[children[0].pk]) + "?tab=activities"
    pages = [meeting.get_absolute_url(), group.get_absolute_url(), file]
    counts: dict[str, list[int]] = {page: [] for page in pages}
    for total in (1, 3):
        for _n in range(total):
            more = a_child(community)
            group.take_in([more], by=director)
            group.note_meeting(day=today(), what="x", came=[*children, more], by=director)
        meeting.note_who_came(list(meeting.roll()), others=0, by=director)
        for page in pages:
            desk.get(page)
            with CaptureQueriesContext(connection) as captured:
                assert desk.get(page).status_code == 200
            counts[page].append(len(captured))
    assert {page: n for page, n in counts.items() if len(set(n)) > 1} == {}
