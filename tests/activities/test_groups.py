"""Neighbourhood children's groups: members, the child who leads, meetings, and who is suggested."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.group_forms import GroupForm
from activities.merging import keep_one_place_in_a_group
from activities.models import ChildrenGroup, GroupPlace
from children.leaving import end_what_is_local
from children.models import Household
from records import measures
from records.lifecycle import Refused
from records.measures import Period
from records.scoping import Scope
from records.trail import TrailEntry
from tests.activities.factories import days_ago, today
from tests.volunteers.factories import a_helper
from tests.volunteers.test_portal import token_of
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(signed_in, director):
    return signed_in(director)


@pytest.fixture
def group(community):
    return ChildrenGroup.objects.create(community=community, name="3 号楼小队", grid="3 号楼", place="楼下凉亭")


@pytest.fixture
def neighbour(community, make_child):
    """neighbour(name): a child who lives in the group's building."""

    def make(name="陈小雨", grid="3 号楼", place=None):
        here = place or community
        return make_child(here, Household.objects.create(community=here, grid=grid), name=name)

    return make


def sent(client, page, to, **data):
    return client.post(to, {"once_token": token_of(client.get(page)), **data})


def test_from_founding_to_a_meeting(desk, community, neighbour):
    """The whole way through the browser."""
    one, two, far = neighbour("陈小雨"), neighbour("王小明"), neighbour("李远", grid="9 号楼")
    form = reverse("activities:group_new")
    assert sent(desk, form, form, name="3 号楼小队", grid="3 号楼", place="凉亭").status_code == 302
    group = ChildrenGroup.objects.get()
    assert group.community == community
    page = group.get_absolute_url()
    shown = desk.get(page).content.decode()
    assert one.name in shown
    assert far.name not in shown
    sent(desk, page, reverse("activities:group_take_in", args=[group.pk]), child=[one.pk, two.pk])
    assert set(group.places.current().values_list("child", flat=True)) == {one.pk, two.pk}
    place = group.places.get(child=two)
    assert desk.post(reverse("activities:group_lead", args=[place.pk])).status_code == 302
    assert group.places.get(is_leader=True).child == two
    to = reverse("activities:group_meeting", args=[group.pk])
    assert sent(desk, page, to, day=today().isoformat(), what="一起做作业", others=2).status_code == 302
    assert "一起做作业" in desk.get(page).content.decode()
    assert today().isoformat() in desk.get(reverse("activities:groups")).content.decode()
    assert "3 号楼小队" in desk.get(reverse("children:file", args=[two.pk]) + "?tab=activities").content.decode()
    paper = desk.get(reverse("paper", args=["children_group", group.pk])).content.decode()
    assert two.name in paper
    assert "邻里儿童小组" in paper
    assert TrailEntry.objects.about(group).filter(verb="founded").exists()


def test_a_child_is_in_one_group(group, community, neighbour, director):
    child = neighbour()
    other = ChildrenGroup.objects.create(community=community, name="另一队", grid="4", place="x")
    group.take_in([child], by=director)
    with pytest.raises(Refused, match="already"):
        other.take_in([child], by=director)
    with pytest.raises(IntegrityError, match="a_child_is_in_one_children_group"), transaction.atomic():
        GroupPlace.objects.create(group=other, child=child, community=community)
    group.places.get().leave(by=director)
    other.take_in([child], by=director)
    with pytest.raises(Refused, match="left the group already"):
        group.places.get().leave(by=director)


def test_a_name_that_is_taken_is_said_in_words(desk, community, group):
    other = ChildrenGroup.objects.create(community=community, name="另一队", grid="4", place="x")
    new, change = reverse("activities:group_new"), reverse("activities:group_change", args=[other.pk])
    data = {"name": group.name, "grid": "4", "place": "x"}
    for answer in (sent(desk, new, new, **data), desk.post(change, {**data, "seen_version": 1})):
        assert "a group of this name already" in answer.content.decode()
    ChildrenGroup.objects.filter(pk=group.pk).update(ended_on=today())
    assert sent(desk, new, new, **data).status_code == 302


def test_one_child_leads(group, neighbour, director):
    group.take_in([neighbour("一"), neighbour("二")], by=director)
    first, second = group.places.order_by("pk")
    group.be_led_by(first, by=director)
    group.be_led_by(second, by=director)
    assert group.places.get(is_leader=True) == second
    with pytest.raises(IntegrityError, match="one_child_leads_a_children_group"), transaction.atomic():
        group.places.update(is_leader=True)
    second.leave(by=director)
    with pytest.raises(Refused, match="Only a child of the group"):
        group.be_led_by(second, by=director)


def test_children_of_elsewhere_and_those_who_left_are_refused(group, neighbour, sister_community, director):
    gone = neighbour("二")
    gone.left_on, gone.left_reason = today(), "moved"
    gone.save(update_fields=["left_on", "left_reason"])
    for child in (neighbour("一", place=sister_community), gone):
        with pytest.raises(Refused, match="on the register"):
            group.take_in([child], by=director)


def test_a_dissolved_group_lets_all_go_and_takes_nobody(desk, group, neighbour, director):
    group.take_in([neighbour()], by=director)
    assert desk.post(reverse("activities:group_dissolve", args=[group.pk])).status_code == 302
    assert not group.places.current().exists()
    group.refresh_from_db()
    for act in (
        lambda: group.take_in([neighbour("二")], by=director),
        lambda: group.note_meeting(day=today(), what="x", others=1, by=director),
        lambda: group.dissolve(by=director),
    ):
        with pytest.raises(Refused, match="dissolved"):
            act()
    change = reverse("activities:group_change", args=[group.pk])
    for answer in (desk.get(change), desk.post(change, {"name": "新名", "grid": "9", "place": "x", "seen_version": 1})):
        assert answer["Location"] == group.get_absolute_url()
    form = GroupForm({"name": "新名", "grid": "9", "place": "x"}, instance=group, by=director)
    assert "This group is dissolved." in form.errors["__all__"]
    assert "Take the chosen ones in" not in desk.get(group.get_absolute_url()).content.decode()


def test_a_file_that_leaves_gives_its_place_up(group, neighbour, director):
    child = neighbour()
    group.take_in([child], by=director)
    end_what_is_local(child, by=director)
    assert not group.places.current().exists()


def test_of_two_files_of_one_child_one_keeps_its_place(group, neighbour, community, director):
    kept, gone = neighbour("一"), neighbour("一")
    other = ChildrenGroup.objects.create(community=community, name="另一队", grid="4", place="x")
    group.take_in([kept], by=director)
    other.take_in([gone], by=director)
    keep_one_place_in_a_group(kept, gone, by=director)
    assert GroupPlace.objects.current().get().child == kept


def test_a_meeting_to_come_is_not_noted(group, director):
    with pytest.raises(Refused, match="its day has come"):
        group.note_meeting(day=days_ago(-1), what="x", others=3, by=director)


def test_looks_at_the_children_of_a_group_are_on_the_trail(desk, group, neighbour, director):
    member, suggested = neighbour("一"), neighbour("二")
    group.take_in([member], by=director)
    desk.get(group.get_absolute_url())
    for child in (member, suggested):
        assert TrailEntry.objects.about(child).reads().filter(actor=director, page="activities:group").exists()


def test_another_community_finds_nothing(signed_in, stranger, supervisor, group, neighbour, director):
    group.take_in([neighbour()], by=director)
    client = signed_in(stranger)
    assert client.get(group.get_absolute_url()).status_code == 404
    assert "3 号楼小队" not in client.get(reverse("activities:groups")).content.decode()
    place = group.places.get()
    assert client.post(reverse("activities:group_let_go", args=[place.pk])).status_code == 404
    above = signed_in(supervisor)
    assert above.get(group.get_absolute_url()).status_code == 200
    assert above.post(reverse("activities:group_let_go", args=[place.pk])).status_code == 404
    assert above.get(reverse("activities:group_new")).status_code == 404


def uncleared(community, day):
    return list(measures.get("groups_helped_uncleared").rows(Scope.of(community.pk), Period.day(day)))


def shown_of(desk, group):
    pages = (
        reverse("activities:groups"),
        group.get_absolute_url(),
        reverse("paper", args=["children_group", group.pk]),
    )
    return ["checks not in order" in desk.get(page).content.decode() for page in pages]


def test_a_helper_is_marked_from_the_day_after_the_check_ends(desk, group, community, director):
    helper, tomorrow = a_helper(community, director, name="赵敏"), days_ago(-1)
    ChildrenGroup.objects.filter(pk=group.pk).update(helper=helper)
    whose = Volunteer.objects.filter(pk=helper.pk)
    whose.update(cleared_until=today())
    assert (uncleared(community, today()), uncleared(community, tomorrow)) == ([], [group])
    assert shown_of(desk, group) == [False, False, False]
    whose.update(cleared_until=days_ago(1))
    assert uncleared(community, today()) == [group]
    assert shown_of(desk, group) == [True, True, True]
    whose.update(cleared_until=days_ago(-99), left_on=tomorrow)
    assert (uncleared(community, today()), uncleared(community, tomorrow)) == ([], [group])
    assert shown_of(desk, group) == [False, False, False]
    whose.update(left_on=today())
    assert shown_of(desk, group) == [True, True, True]
    ChildrenGroup.objects.filter(pk=group.pk).update(helper=None)
    assert uncleared(community, today()) == []
    assert shown_of(desk, group) == [False, False, False]


def test_a_helper_whose_check_has_lapsed_is_not_kept_by_saving_again(desk, group, community, director):
    helper = a_helper(community, director, name="赵敏")
    ChildrenGroup.objects.filter(pk=group.pk).update(helper=helper)
    form, facts = reverse("activities:group_change", args=[group.pk]), {"name": "小队", "grid": "3", "place": "凉亭"}
    Volunteer.objects.filter(pk=helper.pk).update(cleared_until=days_ago(1))
    answer = desk.post(form, {**facts, "helper": helper.pk, "seen_version": group.version})
    assert answer.status_code == 200
    assert "The checks of this helper are not in order." in answer.content.decode()
    assert desk.post(form, {**facts, "helper": "", "seen_version": group.version}).status_code == 302
    group.refresh_from_db()
    assert (group.name, group.helper) == ("小队", None)


def test_no_page_asks_once_per_row(desk, community, group, neighbour, director):
    pages = [reverse("activities:groups"), group.get_absolute_url()]
    pages.append(reverse("paper", args=["children_group", group.pk]))
    counts: dict[str, list[int]] = {page: [] for page in pages}
    for total in (1, 3):
        for n in range(total):
            ChildrenGroup.objects.create(community=community, name=f"{total}-{n}", grid="4", place="x")
            group.take_in([neighbour(f"a{total}{n}")], by=director)
            neighbour(f"b{total}{n}")
            group.note_meeting(day=today(), what="x", others=1, by=director)
        for page in pages:
            desk.get(page)
            with CaptureQueriesContext(connection) as captured:
                assert desk.get(page).status_code == 200
            counts[page].append(len(captured))
    assert {page: n for page, n in counts.items() if len(set(n)) > 1} == {}
