"""In how many communities a person works, asked in one place."""

import pytest

from children.models import Child
from communities.models import Posting
from communities.places import works_in_several
from records.scoping import Scope
from tests.communities.factories import days

pytestmark = pytest.mark.django_db


def posted(user, division, role="community_worker"):
    Posting.objects.create(user=user, division=division, role=role, starts_on=days(-9))
    return type(user).objects.get(pk=user.pk)


def test_one_community_is_not_several_and_a_street_is(director, supervisor, federation):
    asked = [works_in_several(user, Child) for user in (director, supervisor, federation)]
    assert asked == [False, True, False]


def test_two_posts_are_several_and_one_inside_the_other_is_the_wider(director, far_community, street, community):
    assert works_in_several(posted(director, far_community), Child)
    assert works_in_several(posted(director, street, "street_officer"), Child)
    assert Scope.of(community.pk, community.pk).only_community == community.pk
    assert Scope.of(community.pk, street.pk).only_community is None
    assert (Scope(()).only_community, Scope(()).is_several) == (None, False)


def test_a_register_of_two_communities_says_where_each_child_is(director, far_community, make_child, signed_in):
    make_child(far_community, name="远方")
    client = signed_in(posted(director, far_community))
    assert "column-place" in client.get("/admin/children/child/").content.decode()
