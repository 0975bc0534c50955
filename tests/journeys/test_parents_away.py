"""On a phone, without scripts: a father's stay is noted, said to be still so, and ended; the file is then closed."""

import datetime as dt

import pytest
from django.db import connections
from django.utils import timezone
from playwright.sync_api import expect

from children.models import Away, Child
from tests.children.factories import left_behind_child
from tests.conftest import PASSWORD
from tests.journeys.browser import FLAGS, Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def phone(chromium, live_server, monkeypatch, settings, director):
    from playwright.sync_api import sync_playwright

    settings.SECOND_FACTOR_REQUIRED = False
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser's loop runs in this thread
    with sync_playwright() as playwright:
        program = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield Person(program, live_server.url, "en", 390, scripts=False).sign_in("director", PASSWORD)
        connections.close_all()  # those that the test opened while the loop ran
        program.close()


def test_a_father_moves_on_comes_back_and_the_file_is_closed(phone, community):
    child, today = left_behind_child(community), timezone.localdate()
    father = child.household.adults.get(name="陈建国")
    page = phone.page
    Away.objects.update(verified_on=today - dt.timedelta(days=200))
    phone.open(f"/children/{child.pk}/?tab=family")
    expect(page.locator("main")).to_contain_text("Nobody has verified for some time")

    page.get_by_role("button", name="Still so today").first.click()
    expect(page.locator("main, .messages").first).to_be_visible()
    assert Away.objects.filter(verified_on=today).count() == 1

    page.get_by_role("link", name="Note a stay away").first.click()
    page.fill("[name=stay-since]", str(today - dt.timedelta(days=30)))
    page.fill("[name=stay-place]", "江苏省苏州市")
    page.check("[name=stay-moved_on]")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".timelines section").first).to_contain_text("江苏省苏州市")
    assert [stay.until is None for stay in father.aways.order_by("pk")] == [False, True]
    phone.open(f"/children/{child.pk}/")
    expect(page.locator("#standing")).to_contain_text("left behind")

    phone.open(f"/children/{child.pk}/?tab=family")
    page.get_by_role("link", name="Came back, or correct").first.click()
    page.get_by_role("button", name="Is back home").click()
    expect(page.locator("main")).to_contain_text("A parent came back")
    page.get_by_role("link", name="Close the file or keep it?").click()
    page.get_by_role("link", name="Close the file…").click()
    page.get_by_role("button", name="Close the file").click()
    expect(page.locator("main")).to_contain_text("This file is closed")
    assert Child.objects.get(pk=child.pk).left_reason == Child.LeftReason.PARENT_RETURNED
