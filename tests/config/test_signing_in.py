import time

import pytest
from django.test import Client

from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def sign_in(client, username, password=PASSWORD):
    return client.post("/login/", {"login": username, "password": password})


@pytest.mark.parametrize(
    ("role", "start"),
    [
        ("director", "/admin/"),
        ("supervisor", "/admin/"),
        ("federation", "/reports/district/"),
        ("administrator", "/admin/"),
        ("counsellor", "/admin/"),
    ],
)
def test_each_role_begins_on_its_own_page(request, client, settings, role, start):
    settings.SECOND_FACTOR_REQUIRED = False
    sign_in(client, request.getfixturevalue(role).username)
    assert client.get("/").url == start


def test_staff_without_a_second_factor_are_led_to_set_one_up(client, director, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    sign_in(client, "director")
    assert client.get("/reports/").url == "/two-factor/totp/activate/"
    assert client.get("/").url == "/two-factor/totp/activate/"
    again = client.get("/two-factor/totp/activate/")
    assert again.url.startswith("/reauthenticate/")
    client.post(again.url, {"password": PASSWORD})
    assert (
        "otpauth" in client.get("/two-factor/totp/activate/").content.decode()
        or client.get("/two-factor/totp/activate/").status_code == 200
    )


def test_unknown_accounts_and_wrong_passwords_get_the_same_page(director):
    def answer(username):
        page = sign_in(Client(), username, "not the password at all").content.decode()
        return page.replace(username, "").split("</form>")[0].split("csrfmiddlewaretoken")[0]

    assert answer("director") == answer("nobody-at-all")


def test_a_closed_account_cannot_sign_in(client, director):
    director.is_active = False
    director.save()
    sign_in(client, "director")
    assert client.get("/admin/").status_code == 302


def test_thirty_idle_minutes_sign_out(client, director, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    sign_in(client, "director")
    assert client.get("/reports/").status_code == 200
    session = client.session
    session["seen"] = int(time.time()) - 31 * 60
    session.save()
    assert client.get("/reports/").status_code == 302


def test_twelve_hours_sign_out_whatever_happens(client, director, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    sign_in(client, "director")
    client.get("/reports/")
    session = client.session
    session["began"] = int(time.time()) - 12 * 3600 - 5
    session.save()
    assert client.get("/reports/").status_code == 302


def test_the_chosen_language_stays_with_the_account(client, director, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    sign_in(client, "director")
    client.post("/language/", {"language": "zh-hans", "next": "/reports/"})
    assert "季度报告" in client.get("/reports/").content.decode()
    other = Client()
    sign_in(other, "director")
    assert "季度报告" in other.get("/reports/", headers={"accept-language": "en"}).content.decode()


def test_the_language_switch_leads_nowhere_else(client):
    assert client.post("/language/", {"language": "en", "next": "https://example.com/"}).url == "/"


def test_pages_are_not_stored_and_carry_the_headers(client, director, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    sign_in(client, "director")
    page = client.get("/reports/")
    assert page["Cache-Control"] == "no-store"
    assert page["X-Content-Type-Options"] == "nosniff"
    assert page["X-Frame-Options"] == "DENY"
    assert page["Referrer-Policy"] == "same-origin"
    assert page["Cross-Origin-Resource-Policy"] == "same-origin"
    assert page["Cross-Origin-Opener-Policy"] == "same-origin"
    policy = page["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_there_is_no_way_to_register_oneself(client):
    assert client.get("/signup/").status_code == 404
    assert client.get("/accounts/signup/").status_code == 404
