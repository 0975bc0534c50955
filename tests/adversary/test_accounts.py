"""What the administrator types for accounts and divisions."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from communities.models import Division, User
from tests.conftest import PASSWORD, freshly_signed_in

pytestmark = pytest.mark.django_db


def add(client, model, **typed):
    typed["once_token"] = str(uuid.uuid4())
    return client.post(reverse(f"admin:communities_{model}_add"), typed)


def test_no_two_accounts_differ_by_capitals_alone(signed_in, administrator, director):
    page = add(freshly_signed_in(signed_in(administrator)), "user", username="DIRECTOR", name="李某", is_active="on")
    assert page.status_code == 200
    assert User.objects.filter(username__iexact="director").count() == 1


def test_an_account_made_with_capitals_can_sign_in(signed_in, administrator):
    add(freshly_signed_in(signed_in(administrator)), "user", username="Zhang.San", name="张三", is_active="on")
    account = User.objects.get(name="张三")
    account.set_password(PASSWORD)
    account.save()
    assert Client().post("/login/", {"login": "Zhang.San", "password": PASSWORD}).status_code == 302


def test_a_street_and_a_community_are_added_in_ones_district(signed_in, administrator, district):
    client = signed_in(administrator)
    add(client, "division", code="150902088", name="新街道", level="street", parent="150902")
    add(client, "division", code="150902088001", name="新社区", level="community", parent="150902088")
    assert Division.objects.filter(code__startswith="150902088").count() == 2


@pytest.mark.parametrize(
    ("code", "level", "parent", "status"),
    [
        ("990101", "district", "", 403),
        ("150902abc", "street", "150902", 200),
        ("１５０９０２０９９", "street", "150902", 200),
        ("15090208", "street", "150902", 200),
        ("990101001", "street", "150902", 200),
        ("150902077001", "community", "150902088", 200),
    ],
)
def test_no_division_is_added_elsewhere_or_under_no_code(
    signed_in, administrator, district, code, level, parent, status
):
    Division.objects.create(code="150902088", name="新街道", level="street", parent=district)
    before = Division.objects.count()
    assert (
        add(signed_in(administrator), "division", code=code, name="x", level=level, parent=parent).status_code == status
    )
    assert Division.objects.count() == before
