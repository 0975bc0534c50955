"""Roll call in a real browser at a phone's width, with the line cut in the middle."""

import pytest
from django.conf import settings

from activities.models import Attendance
from tests.activities.factories import make_activity

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def phone(live_server, director, signed_in, monkeypatch, chromium):
    from playwright import sync_api

    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop runs in this thread
    cookie = signed_in(director).cookies[settings.SESSION_COOKIE_NAME].value
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 390, "height": 800}, locale="en-GB")
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        yield context
        browser.close()


def test_taps_made_while_the_line_is_cut_arrive_later(phone, live_server, director, community, make_child):
    club = make_activity(community, director)
    first, second = make_child(community, name="包金山"), make_child(community, name="陈小雨")
    for child in (first, second):
        club.enrol(child, by=director)
    page = phone.new_page()
    faults = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto(f"{live_server.url}/activities/session/{club.sessions.get().pk}/roll/")

    page.locator(f"#child-{first.pk}").get_by_role("button", name="present").click()
    page.locator(f"#child-{first.pk}[data-mark=present]").wait_for()
    assert page.locator("#roll-count strong").inner_text() == "1 of 2"
    assert [fault for fault in faults if "Content Security" in fault] == []

    phone.set_offline(True)
    page.locator(f"#child-{second.pk}").get_by_role("button", name="absent").click()
    page.locator(f"#child-{second.pk} .unsaved").wait_for()
    phone.set_offline(False)
    page.locator(f"#child-{second.pk}[data-mark=absent]").wait_for(timeout=15_000)

    page.locator(f"#child-{first.pk}").get_by_role("button", name="present").click()
    page.locator(f"#child-{first.pk}:not([data-mark])").wait_for()
    assert dict(Attendance.objects.values_list("child", "mark")) == {first.pk: "unmarked", second.pk: "absent"}
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
