"""A person signed in on a phone, for the browser tests of one app: the same steps in both languages."""

import contextlib

from django.db import connections

from tests.conftest import PASSWORD
from tests.journeys.browser import FLAGS, Person

LANGUAGES = ["zh-hans", "en"]


@contextlib.contextmanager
def on_a_phone(user, language, *, chromium, live_server, monkeypatch, settings):
    from playwright.sync_api import sync_playwright

    settings.SECOND_FACTOR_REQUIRED = False
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser's loop runs in this thread
    with sync_playwright() as playwright:
        program = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield Person(program, live_server.url, language, 390).sign_in(user.username, PASSWORD)
        connections.close_all()  # those that the test opened while the loop ran
        program.close()
