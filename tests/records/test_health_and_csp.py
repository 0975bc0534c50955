import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory

from records import health
from records.csp import ContentSecurityPolicyMiddleware


@pytest.fixture(autouse=True)
def _asked_for_the_first_time(monkeypatch):
    monkeypatch.setattr(health, "_migrated", False)


def ask(view, method="get"):
    response = view(getattr(RequestFactory(), method)("/"))
    return response.status_code, response.content.decode().strip()


def test_alive_asks_no_database():
    assert ask(health.live) == (200, "alive")


@pytest.mark.django_db
def test_ready_when_database_and_tables_are(django_assert_num_queries):
    assert ask(health.ready) == (200, "ready")
    with django_assert_num_queries(1):
        assert ask(health.ready) == (200, "ready")


@pytest.mark.django_db
def test_not_ready_without_every_migration(monkeypatch):
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda self, targets: ["one"])
    assert ask(health.ready) == (503, "migrations")


def test_not_ready_without_a_database(monkeypatch):
    def away():
        raise OperationalError("connection to 192.0.2.1 refused")

    monkeypatch.setattr(health.connection, "cursor", away)
    assert ask(health.ready) == (503, "database")


def test_health_is_for_looking_only():
    assert ask(health.live, "post")[0] == 405


def test_health_pages_open_without_sign_in_or_transaction():
    for view in (health.live, health.ready):
        assert view.login_required is False
        assert "default" in view._non_atomic_requests


def test_every_answer_carries_the_policy_and_a_view_may_be_stricter(settings):
    settings.SECURE_CSP = {"default-src": ["'self'"], "img-src": ["'self'", "data:"], "upgrade-insecure-requests": []}
    plain = ContentSecurityPolicyMiddleware(lambda request: HttpResponse())(RequestFactory().get("/"))
    expected = "default-src 'self'; img-src 'self' data:; upgrade-insecure-requests"
    assert plain["Content-Security-Policy"] == expected
    strict = HttpResponse(headers={"Content-Security-Policy": "sandbox"})
    answer = ContentSecurityPolicyMiddleware(lambda request: strict)(RequestFactory().get("/"))
    assert answer["Content-Security-Policy"] == "sandbox"
