"""The pairing table and the helper roster on paper, in both languages; and several helpers of one child."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities.roles import ROLES
from records.trail import TrailEntry
from tests.conftest import freshly_signed_in
from tests.volunteers.factories import a_child, a_helper, a_pairing
from volunteers.models import Pairing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_term")]


@pytest.fixture
def desk(signed_in, director):
    return freshly_signed_in(signed_in(director))


def without(monkeypatch, permission):
    """The child director's role as if it lacked `permission`."""
    role = ROLES["community_worker"]
    monkeypatch.setitem(ROLES, "community_worker", replace(role, permissions=role.permissions - {permission}))


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


LISTS = ["helper_roster", "pairing_table"]


@pytest.mark.parametrize("name", LISTS)
def test_the_password_is_asked_for_as_with_the_spreadsheet(name, signed_in, director, community, helper):
    answer = printed(signed_in(director), name, community)
    assert answer.status_code == 302 and "/reauthenticate/" in answer.url


@pytest.mark.parametrize("name", LISTS)
def test_who_takes_no_list_out_prints_none(name, desk, community, helper, monkeypatch):
    without(monkeypatch, "records.add_exportrequest")
    assert printed(desk, name, community).status_code == 404
    model = {"helper_roster": "volunteer", "pairing_table": "pairing"}[name]
    assert name not in desk.get(reverse(f"admin:volunteers_{model}_changelist")).content.decode()


def test_phones_are_for_those_who_may_reveal_them(desk, community, helper, monkeypatch):
    without(monkeypatch, "volunteers.reveal_volunteer")
    page = printed(desk, "helper_roster", community).content.decode()
    assert helper.name in page and "15412345678" not in page


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_needs_a_second_person_is_not_printed(name, desk, community, director, helper, settings):
    settings.EXPORT_ROWS_ALONE = 1
    a_pairing(a_child(community), helper, director)
    assert printed(desk, name, community).status_code == 200
    a_pairing(a_child(community), a_helper(community, director, name="赵敏"), director)
    trail = TrailEntry.objects.filter(verb=f"printed {name}")
    before = trail.count()
    answer = printed(desk, name, community)
    assert answer.status_code == 403 and "赵敏" not in answer.content.decode()
    assert "second person" in answer.content.decode() and trail.count() == before


def test_the_roster_counts_children_in_one_query_however_many_sheets(
    signed_in,
    supervisor,
    community,
    sister_community,
    director,
):
    for place in (community, sister_community):
        for name in ("赵敏", "孙丽"):
            a_pairing(a_child(place), a_helper(place, director, name=name), director)
    desk = freshly_signed_in(signed_in(supervisor))
    with CaptureQueriesContext(connection) as one:
        printed(desk, "helper_roster", community)
    address = reverse("papers", args=["helper_roster"]) + f"?keys={community.pk},{sister_community.pk}"
    with CaptureQueriesContext(connection) as two:
        assert desk.get(address).status_code == 200
    assert len(two) <= len(one) + 1  # its own line on the trail


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
