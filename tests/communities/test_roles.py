import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from children.models import Child
from communities import accounts
from communities.models import Division, Posting, User
from communities.roles import ROLES
from records.lifecycle import Refused
from records.scoping import Scope
from records.trail import TrailEntry
from tests.conftest import freshly_signed_in

pytestmark = pytest.mark.django_db


def test_a_worker_sees_the_children_of_one_community_and_no_other(
    make_child, director, community, sister_community, far_community
):
    ours = make_child(community)
    make_child(sister_community)
    make_child(far_community)
    assert list(Child.objects.visible_to(director)) == [ours]


def test_a_supervisor_sees_a_street_and_not_the_next_one(
    make_child, supervisor, community, sister_community, far_community
):
    ours, sisters = make_child(community), make_child(sister_community)
    make_child(far_community)
    assert set(Child.objects.visible_to(supervisor)) == {ours, sisters}


@pytest.mark.parametrize("role", ["federation", "administrator", "counsellor"])
def test_roles_without_the_right_see_no_child(request, make_child, community, role):
    make_child(community)
    assert not Child.objects.visible_to(request.getfixturevalue(role)).exists()


def test_two_postings_are_two_scopes(make_child, director, community, far_community, sister_community):
    ours, theirs = make_child(community), make_child(far_community)
    make_child(sister_community)
    Posting.objects.create(
        user=director, division=far_community, role="community_worker", starts_on=dt.date(2020, 1, 1)
    )
    assert set(Child.objects.visible_to(User.objects.get(pk=director.pk))) == {ours, theirs}


def test_rights_end_at_local_midnight_of_the_last_day(make_child, director, community):
    child = make_child(community)
    director.postings.update(ends_on=dt.date(2027, 3, 5))
    with time_machine.travel(dt.datetime(2027, 3, 5, 15, 59, tzinfo=dt.UTC), tick=False):  # 23:59 in Shanghai
        assert list(Child.objects.visible_to(User.objects.get(pk=director.pk))) == [child]
    with time_machine.travel(dt.datetime(2027, 3, 5, 16, 0, tzinfo=dt.UTC), tick=False):
        assert not Child.objects.visible_to(User.objects.get(pk=director.pk)).exists()
        assert not User.objects.get(pk=director.pk).is_staff


def test_a_role_this_version_does_not_know_has_no_rights(director, make_child, community):
    make_child(community)
    user = User.objects.get(pk=director.pk)
    user.current_postings[0].role = "king"
    assert not user.is_staff
    assert not Child.objects.visible_to(user).exists()


def test_no_role_names_a_permission_on_a_model_that_does_not_exist(django_apps_models):
    unknown = {
        (role, name)
        for role, data in ROLES.items()
        for name in data.permissions
        if name.partition(".")[2].partition("_")[2] not in django_apps_models[name.partition(".")[0]]
    }
    assert unknown == set(), f"{unknown}: name a model of the app, in lower case."


@pytest.fixture
def django_apps_models():
    from django.apps import apps

    return {config.label: set(config.models) for config in apps.get_app_configs()}


def test_an_administrator_grants_only_listed_roles_at_their_level(administrator, director, community, district, street):
    accounts.grant(director, "community_worker", _other(community), by=administrator)
    with pytest.raises(Refused):
        accounts.grant(director, "administrator", district, by=administrator)
    with pytest.raises(Refused):
        accounts.grant(director, "community_worker", street, by=administrator)
    with pytest.raises(Refused):
        accounts.grant(administrator, "federation_officer", district, by=administrator)


def _other(community):
    from communities.models import Division

    return Division.objects.create(code="150902001099", name="新社区", level="community", parent_id=community.parent_id)


def test_a_worker_grants_nothing(director, stranger, community):
    with pytest.raises(Refused):
        accounts.grant(stranger, "community_worker", community, by=director)


def test_the_database_refuses_a_posting_granted_to_oneself(administrator, community):
    with pytest.raises(IntegrityError, match="nobody_grants_themselves"), transaction.atomic():
        Posting.objects.create(
            user=administrator,
            granted_by=administrator,
            role="community_worker",
            division=community,
            starts_on=dt.date(2026, 1, 1),
        )


def test_a_posting_cannot_end_before_it_starts(administrator, director):
    posting = director.postings.get()
    with pytest.raises(Refused):
        accounts.end_posting(posting, on=dt.date(2019, 1, 1), by=administrator)
    posting.refresh_from_db()
    assert posting.ends_on is None


def test_the_administrators_page_grants_through_the_same_rules(administrator, stranger, community, signed_in, district):
    client = signed_in(administrator)
    assert client.get("/admin/communities/posting/add/").url.startswith("/reauthenticate/")
    freshly_signed_in(client)
    page = client.get("/admin/communities/posting/add/").content.decode()
    assert 'value="community_worker"' in page
    assert 'value="administrator"' not in page
    token = page.split('name="once_token" value="')[1][:36]
    data = {"user": stranger.pk, "role": "community_worker", "division": community.pk, "starts_on": "2026-11-01"}
    answer = client.post("/admin/communities/posting/add/", {**data, "once_token": token})
    assert answer.status_code == 302
    granted = Posting.objects.get(user=stranger, division=community)
    assert granted.granted_by == administrator
    assert TrailEntry.objects.about(granted).filter(verb="granted", actor=administrator).exists()


def test_a_forged_role_is_refused(administrator, stranger, district, signed_in):
    client = freshly_signed_in(signed_in(administrator))
    token = client.get("/admin/communities/posting/add/").content.decode().split('name="once_token" value="')[1][:36]
    data = {"user": stranger.pk, "role": "administrator", "division": district.pk, "starts_on": "2026-11-01"}
    answer = client.post("/admin/communities/posting/add/", {**data, "once_token": token})
    assert answer.status_code == 200
    assert not Posting.objects.filter(user=stranger, division=district).exists()


def test_a_one_time_link_sets_a_password_once(administrator, director, client):
    link = accounts.one_time_link(director, by=administrator)
    form = client.get(link, follow=True)
    assert form.status_code == 200
    where = form.redirect_chain[-1][0]
    new = "seven grey kites in the wind"
    assert client.post(where, {"new_password1": new, "new_password2": new}).status_code == 302
    assert User.objects.get(pk=director.pk).check_password(new)
    again = client.get(link, follow=True)
    assert "new_password1" not in again.content.decode()


def test_nobody_makes_a_link_for_themselves_or_for_accounts_elsewhere(administrator, director, signed_in, district):
    with pytest.raises(Refused):
        accounts.one_time_link(administrator, by=administrator)
    assert signed_in(director).post(f"/accounts/{administrator.pk}/link/").status_code == 404


def test_scope_keeps_only_the_outermost_codes():
    assert Scope.of("150902001", "150902001001", "150903").codes == ("150902001", "150903")
    assert "150902001002" in Scope.of("150902001")
    assert "15090200" not in Scope.of("150902001")
    assert "150902001002" not in Scope.of()


def test_an_administrator_grants_ends_and_makes_links_where_administrator_alone(
    administrator, director, district, signed_in
):
    """Federation officer of another district as well: that post grants nothing there."""
    other = Division.objects.create(code="150981", name="丰镇市", level="district")
    street = Division.objects.create(code="150981001", name="东街", level="street", parent=other)
    there = Division.objects.create(code="150981001001", name="东社区", level="community", parent=street)
    held = {"starts_on": dt.date(2020, 1, 1)}
    Posting.objects.create(user=administrator, division=other, role="federation_officer", **held)
    local = User.objects.create_user("local", "local")
    theirs = Posting.objects.create(user=local, division=there, role="community_worker", **held)
    by = User.objects.get(pk=administrator.pk)
    for role, place in (("community_worker", there), ("counsellor", other), ("federation_officer", other)):
        with pytest.raises(Refused, match="This division is not yours"):
            accounts.grant(director, role, place, by=by)
    with pytest.raises(Refused, match="This division is not yours"):
        accounts.end_posting(theirs, on=timezone.localdate(), by=by)
    with pytest.raises(Refused, match="This account is not yours"):
        accounts.one_time_link(local, by=by)
    client = freshly_signed_in(signed_in(by))
    assert client.post(f"/accounts/{local.pk}/link/").status_code == 404
    token = client.get("/admin/communities/posting/add/").content.decode().split('name="once_token" value="')[1][:36]
    data = {"user": director.pk, "role": "community_worker", "division": there.pk, "starts_on": "2026-11-01"}
    answer = client.post("/admin/communities/posting/add/", {**data, "once_token": token}, follow=True)
    assert answer.status_code == 200
    assert not Posting.objects.filter(user=director, division=there).exists()
    assert Posting.objects.get(pk=theirs.pk).ends_on is None
    accounts.grant(local, "counsellor", district, by=by)
