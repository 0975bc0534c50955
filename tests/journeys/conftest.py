"""A real server, a real browser and the demo's district, committed: one world for a whole module.

The tests of a module tell one story in the order in which they are written, so they must stay in one process
(`./dev test` gives each file to one worker) and in that order (put back here after the others were shuffled).
"""

import os

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import override_settings
from pytest_django.live_server_helper import LiveServer

from tests.journeys.browser import FLAGS, Person

HERE = os.path.dirname(__file__)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    places = [n for n, item in enumerate(items) if str(item.path).startswith(HERE)]
    told = sorted((items[n] for n in places), key=lambda item: (str(item.path), _telling(item), item.location[1]))
    for n, item in zip(places, told, strict=True):
        items[n] = item


def _telling(item):
    """Which telling of the story an item belongs to: one after the other."""
    return item.callspec.id if hasattr(item, "callspec") else ""


@pytest.fixture(scope="module")
def telling():
    """Another module may tell its story more than once."""


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker, tmp_path_factory, telling):
    """The demo, committed; everything is emptied at the end."""
    private = tmp_path_factory.mktemp("private")
    with override_settings(DEMO=True, SECOND_FACTOR_REQUIRED=False, PRIVATE_ROOT=private), django_db_blocker.unblock():
        call_command("seed_demo", verbosity=0)
        try:
            yield
        finally:
            call_command("flush", verbosity=0, interactive=False, allow_cascade=False, inhibit_post_migrate=False)


@pytest.fixture(scope="module")
def site(told):
    """Address of the running program."""
    with override_settings(ALLOWED_HOSTS=[*settings.ALLOWED_HOSTS, "localhost"]):
        server = LiveServer("localhost")
        try:
            yield server.url
        finally:
            server.stop()


@pytest.fixture(scope="module")
def browser(chromium, site):
    """Started after the database is there: its event loop would else be taken for a place of its own by Django."""
    from playwright.sync_api import sync_playwright

    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser's loop runs in this thread
        program = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield program
        connections.close_all()  # those that tests opened while the loop ran
        program.close()


@pytest.fixture
def somebody(browser, site):
    """somebody("director", "zh-hans", 390): that person, signed in through the sign-in page."""
    opened = []

    def sign_in(username, language="en", width=1280, **options):
        person = Person(browser, site, language, width, **options)
        opened.append(person)
        if username:
            person.sign_in(username)
        return person

    yield sign_in
    for person in opened:
        person.context.close()
