"""Around the sign-in: what is closed without a second factor, and who can be locked out."""

import pytest
from django.core.cache import cache
from django.test import Client

from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_failures_counted_before():
    cache.clear()
    yield
    cache.clear()


@pytest.mark.parametrize("path", ["/attachments/children.child/1/photo/", "/drafts/children.new/"])
def test_no_picture_and_no_draft_without_a_second_factor(client, director, settings, path):
    settings.SECOND_FACTOR_REQUIRED = True
    client.force_login(director)
    for method in (client.get, client.post):
        assert method(path).url == "/two-factor/totp/activate/"


def test_guessing_elsewhere_does_not_lock_the_owner_out(director, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/15m/key"}

    def sign_in(address, password):
        client = Client(REMOTE_ADDR=address)
        return client.post("/login/", {"login": "director", "password": password})

    for _n in range(4):
        sign_in("203.0.113.9", "a wrong password")
    assert sign_in("203.0.113.9", PASSWORD).status_code == 200
    assert sign_in("198.51.100.7", PASSWORD).status_code == 302
