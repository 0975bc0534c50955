"""The pairing table and the helper roster on paper, in both languages; and several helpers of one child."""

import pytest
from django.urls import reverse

from tests.volunteers.factories import a_child, a_helper, a_pairing
from volunteers.models import Pairing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_term")]


@pytest.fixture
def desk(signed_in, director):
    return signed_in(director)


def printed(client, name, community):
    return client.get(reverse("papers", args=[name]) + f"?keys={community.pk}")


def test_the_roster_of_helpers_in_both_languages(desk, community, sister_community, director, helper):
    left = a_helper(community, director, name="孙丽")
    left.leave(by=director)
    a_helper(sister_community, director, name="周敏")
    page = printed(desk, "helper_roster", community).content.decode()
    assert "Helper roster" in page and "帮扶人花名册" in page
    assert helper.name in page and "15412345678" in page
    assert "孙丽" not in page and "周敏" not in page


@pytest.mark.parametrize("name", ["helper_roster", "pairing_table"])
def test_a_stranger_prints_nothing_of_this_community(name, signed_in, stranger, federation, community, helper):
    assert printed(signed_in(stranger), name, community).status_code == 404
    assert printed(signed_in(federation), name, community).status_code == 404


@pytest.mark.parametrize(("model", "name"), [("pairing", "pairing_table"), ("volunteer", "helper_roster")])
def test_the_lists_lead_to_their_papers(model, name, desk, community, helper):
    page = desk.get(reverse(f"admin:volunteers_{model}_changelist")).content.decode()
    address = reverse("papers", args=[name]) + f"?keys={community.pk}"
    assert address in page and desk.get(address).status_code == 200


def test_helpers_of_different_kinds_stand_together_on_the_file_and_in_the_portal(
    desk, client, community, director, helper
):
    child = a_child(community, name="陈小雨")
    a_pairing(child, helper, director)
    a_pairing(child, a_helper(community, director, name="赵敏"), director, kind="tutor")
    assert {p.kind for p in Pairing.objects.current().filter(child=child)} == {"loving_mother", "tutor"}
    file = desk.get(reverse("children:file", args=[child.pk]) + "?tab=helpers").content.decode()
    assert helper.name in file and "赵敏" in file
    client.force_login(helper.user)
    page = client.get(reverse("portal:child", args=[child.pk])).content.decode()
    assert "赵敏" in page and "tutor" in page and "15412345678" not in page
