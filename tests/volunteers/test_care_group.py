"""The advice-and-care group of a community: members, the children each has an eye on, and what it does not open."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from children.leaving import end_what_is_local
from records.lifecycle import Refused
from records.measures import Period, get
from records.scoping import Scope
from tests.volunteers.factories import a_child, a_helper, a_pairing, days
from tests.volunteers.test_portal import token_of
from volunteers.memberships import end_memberships_of_those_gone
from volunteers.models import CareGroup, GroupChild

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_term")]


@pytest.fixture
def group(community, director):
    return CareGroup.set_up(community, by=director)


@pytest.fixture
def member(group, helper, director):
    return group.take_in(role="young", volunteer=helper, by=director)


@pytest.fixture
def desk(signed_in, director):
    return signed_in(director)


def test_one_group_in_a_community(group, community, director):
    assert CareGroup.set_up(community, by=director) == group
    with pytest.raises(IntegrityError), transaction.atomic():
        CareGroup.objects.create(community=community)


def test_a_child_changes_over_to_another_member(group, member, community, director):
    child = a_child(community)
    first = group.assign(child, member, by=director)
    own = group.take_in(role="committee", user=director, by=director)
    group.assign(child, own, by=director)
    first.refresh_from_db()
    assert (first.until, GroupChild.objects.current().get().member) == (days(0), own)


def test_a_member_with_children_stays_until_they_are_in_other_hands(group, member, community, director):
    line = group.assign(a_child(community), member, by=director)
    with pytest.raises(Refused, match="to another first"):
        member.let_go(by=director)
    line.end(by=director)
    member.let_go(by=director)
    assert member.left_on == days(0)
    with pytest.raises(Refused, match="Only a member"):
        group.assign(a_child(community), member, by=director)


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda g, m, by: g.take_in(role="young", volunteer=m.volunteer, by=by), "member already"),
        (lambda g, m, by: g.take_in(role="young", by=by), "one of the two"),
        (lambda g, m, by: g.take_in(role="young", volunteer=m.volunteer, user=by, by=by), "one of the two"),
    ],
)
def test_members_are_refused_in_words(act, said, group, member, director):
    with pytest.raises(Refused, match=said):
        act(group, member, director)


def test_children_and_helpers_of_other_communities_are_refused(group, member, sister_community, director):
    with pytest.raises(Refused, match="another community"):
        group.assign(a_child(sister_community), member, by=director)
    with pytest.raises(Refused, match="of this community"):
        group.take_in(role="young", volunteer=a_helper(sister_community, director, name="孙丽"), by=director)


def test_membership_opens_no_child_to_a_helper(portal, group, member, community, director):
    child = a_child(community, name="陈小雨")
    group.assign(child, member, by=director)
    assert portal.get(reverse("portal:child", args=[child.pk])).status_code == 404
    assert "小雨" not in portal.get(reverse("portal:children")).content.decode()
    a_pairing(child, member.volunteer, director)
    assert portal.get(reverse("portal:child", args=[child.pk])).status_code == 200


def test_a_file_that_leaves_ends_the_place_in_the_group(group, member, community, director):
    child = a_child(community)
    line = group.assign(child, member, by=director)
    end_what_is_local(child, by=director)
    line.refresh_from_db()
    assert line.until == days(0)


def test_staff_set_it_up_and_fill_it_on_one_page(desk, community, director, helper):
    child = a_child(community, name="陈小雨")
    page = reverse("pairings:care_group")
    assert "No group yet" in desk.get(page).content.decode()
    desk.post(reverse("pairings:set_up_group"), {"community": community.pk})
    group = CareGroup.objects.get()
    data = {"volunteer": helper.pk, "role": "family_planning", "community": community.pk}
    desk.post(reverse("pairings:take_in", args=[group.pk]), {"once_token": token_of(desk.get(page)), **data})
    member = group.members.get()
    given = {"child": child.pk, "member": member.pk, "community": community.pk}
    desk.post(reverse("pairings:assign", args=[group.pk]), {"once_token": token_of(desk.get(page)), **given})
    shown = desk.get(page).content.decode()
    assert "陈小雨" in shown and helper.name in shown and "Propose a pairing" in shown
    file = desk.get(reverse("children:file", args=[child.pk]) + "?tab=helpers").content.decode()
    assert "Advice-and-care group" in file and helper.name in file
    paper = desk.get(reverse("paper", args=["care_group", group.pk])).content.decode()
    assert "陈小雨" in paper and helper.name in paper
    both = desk.post(
        reverse("pairings:take_in", args=[group.pk]), {"once_token": token_of(desk.get(page)), "role": "young"}
    )
    assert "one of the two" in both.content.decode()


def test_another_communitys_group_does_not_exist(signed_in, stranger, group, member, community, director):
    line = group.assign(a_child(community), member, by=director)
    theirs = signed_in(stranger)
    for route, key in [("take_in", group.pk), ("assign", group.pk), ("let_go", member.pk), ("let_child_go", line.pk)]:
        assert theirs.post(reverse(f"pairings:{route}", args=[key])).status_code == 404, route
    assert theirs.get(reverse("paper", args=["care_group", group.pk])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_makes_as_many_queries_at_three_children(
    count, desk, group, member, community, director, django_assert_max_num_queries
):
    for _number in range(count):
        group.assign(a_child(community), member, by=director)
    with django_assert_max_num_queries(18):
        desk.get(reverse("pairings:care_group"))


@pytest.fixture
def colleague(make_user, community):
    return make_user("community_worker", community, "colleague", name="孙丽")


def moved_on(colleague):
    colleague.postings.update(ends_on=days(-1))


def of_members_gone(community):
    return list(get("children_of_members_gone").rows(Scope.of(community.pk), Period.day(days(0))))


def test_a_colleague_posted_elsewhere_is_in_the_group_no_more(group, colleague, director):
    member = group.take_in(role="committee", user=colleague, by=director)
    own = group.take_in(role="committee", user=director, by=director)
    assert end_memberships_of_those_gone() == 0
    moved_on(colleague)
    assert (end_memberships_of_those_gone(), end_memberships_of_those_gone()) == (1, 0)
    member.refresh_from_db(), own.refresh_from_db()
    assert (member.left_on, own.left_on) == (days(0), None)


def test_no_child_is_forgotten_with_a_colleague_posted_elsewhere(desk, group, colleague, community, director):
    child, other = a_child(community), a_child(community)
    member = group.take_in(role="committee", user=colleague, by=director)
    own = group.take_in(role="committee", user=director, by=director)
    group.assign(child, member, by=director)
    assert of_members_gone(community) == []
    assert "Works here no more" not in desk.get(reverse("pairings:care_group")).content.decode()
    moved_on(colleague)
    assert end_memberships_of_those_gone() == 0
    assert of_members_gone(community) == [child]
    assert "Works here no more" in desk.get(reverse("pairings:care_group")).content.decode()
    with pytest.raises(Refused, match="works here no more"):
        group.assign(other, member, by=director)
    group.assign(child, own, by=director)
    assert of_members_gone(community) == []
    assert end_memberships_of_those_gone() == 1
