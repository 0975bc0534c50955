"""What a person sees when something is broken: words in both languages, nothing leaked, nothing lost."""

import psycopg
import pytest
from django.db import IntegrityError, OperationalError
from django.test import Client

from config import errors
from records.versions import Vanished
from reports.urls import urlpatterns

pytestmark = pytest.mark.django_db


def away(state=None, kind=OperationalError):
    error = kind("connection to server at 10.0.0.1 failed")
    error.__cause__ = psycopg.errors.lookup(state)("x") if state else psycopg.OperationalError("gone")
    return error


@pytest.fixture
def failing(monkeypatch, director, signed_in):
    """failing(errors): the reports' list raises one of them at each try, and answers when none is left."""
    route = next(route for route in urlpatterns if route.name == "list")

    def prepare(raised):
        tried, real = [], route.callback

        def view(request, *args, **kwargs):
            tried.append(1)
            if raised:
                raise raised.pop(0)
            return real(request, *args, **kwargs)

        monkeypatch.setattr(route, "callback", view)
        client = signed_in(director)
        client.raise_request_exception = False
        return client, tried

    return prepare


def test_a_deadlock_is_tried_once_more_and_never_shown(failing):
    client, tried = failing([away("40P01")])
    assert client.get("/reports/").status_code == 200
    assert len(tried) == 2


def test_who_loses_twice_is_told(failing):
    client, tried = failing([away("40P01"), away("40001")])
    assert client.get("/reports/").status_code == 503
    assert len(tried) == 2


@pytest.mark.parametrize("error", [Vanished(), away("23503", IntegrityError)], ids=["row", "key"])
def test_what_was_joined_with_another_meanwhile_is_looked_for_once_more(failing, error):
    client, tried = failing([error])
    assert client.get("/reports/").status_code == 200
    assert len(tried) == 2


@pytest.mark.parametrize("error", [Vanished(), away("23503", IntegrityError)], ids=["row", "key"])
def test_what_is_missing_again_is_reported_as_a_fault(failing, error):
    client, tried = failing([error, error])
    assert client.get("/reports/").status_code == 500
    assert len(tried) == 2


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_costs_one_page_that_keeps_what_was_typed(failing):
    client, tried = failing([away()])
    answer = client.post("/reports/", {"done": "写了很久的话<b>", "seen_version": "3"})
    text = answer.content.decode()
    assert answer.status_code == 503
    assert 'name="done" value="写了很久的话&lt;b&gt;"' in text
    assert "10.0.0.1" not in text
    assert len(tried) == 1
    assert client.get("/reports/").status_code == 200


def test_a_password_is_never_put_into_a_page(rf):
    page = errors.unavailable(rf.post("/login/", {"login": "director", "password": "correct horse battery"}))
    assert b"correct horse" not in page.content


@pytest.mark.parametrize("template", ["400", "403", "403_csrf", "404", "500", "503"])
def test_error_pages_need_no_database_and_speak_both_languages(template, django_db_blocker):
    with django_db_blocker.block():
        text = errors._page(f"{template}.html", 500).content.decode()
    assert 'lang="zh-Hans"' in text
    assert 'lang="en"' in text


def test_a_broken_page_leaks_nothing(failing):
    client, _tried = failing([ValueError("身份证 150902201203059971")])
    answer = client.get("/reports/")
    assert answer.status_code == 500
    assert b"150902201203059971" not in answer.content
    assert b"Traceback" not in answer.content


def test_an_unknown_address_is_a_404_for_who_is_signed_in_and_for_who_is_not(signed_in, director):
    assert signed_in(director).get("/nowhere/").status_code == 404
    assert Client().get("/nowhere/").status_code == 404
