"""A year on a phone: from the template of a scheme to the poster of the month."""

import pytest
from django.conf import settings

from activities.models import Activity, CalendarFeed, Scheme
from tests.activities.factories import days_ago, make_activity

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def page(live_server, director, signed_in, monkeypatch, chromium):
    from playwright import sync_api

    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop runs in this thread
    cookie = signed_in(director).cookies[settings.SESSION_COOKIE_NAME].value
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 390, "height": 800}, locale="en-GB")
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.faults = []
        page.on("console", lambda message: page.faults.append(message.text) if message.type == "error" else None)
        yield page
        browser.close()


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def press(page, name):
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=name, exact=True).click()
    assert fits(page)


def follow(page, name):
    with page.expect_navigation():
        page.locator("main").get_by_role("link", name=name).first.click()
    assert fits(page)


def test_a_year_is_laid_out_planned_and_hung_up(page, live_server, director, community):
    taken = make_activity(community, director, title="象棋", venue="活动室", first_day=days_ago(-10), hours=(9, 10))
    page.goto(f"{live_server.url}/activities/schemes/")
    follow(page, "Draw up a scheme")
    page.select_option("#id_template", "blue_sky")
    page.fill("#id_venue", "活动室")
    press(page, "Look at the year")
    page.locator("[name=actions]").last.uncheck()
    press(page, "Save the scheme")
    assert page.url.endswith(Scheme.objects.get().get_absolute_url())
    assert "Rights-protection action" in page.inner_text("main")

    follow(page, "Plan it")
    page.fill("#id_first_day", str(taken.starts_on))
    page.fill("#id_starts_at", "09:30")
    page.fill("#id_ends_at", "11:00")
    page.select_option("#id_every", "week")
    page.fill("#id_times", "3")
    if page.input_value("#id_kind") == "club":
        page.select_option("#id_art", "music")
    press(page, "Look at the days")
    assert "venue taken" in page.inner_text("main")
    assert page.locator("[name=days]").count() == 3
    assert page.locator("[name=days]:checked").count() == 2
    press(page, "Plan")
    planned = Activity.objects.exclude(pk=taken.pk).get()
    assert planned.sessions.count() == 2
    assert planned.scheme_action.state == "scheduled"

    first = planned.sessions.first()
    page.goto(f"{live_server.url}/activities/calendar/?month={first.day:%Y-%m}")
    assert fits(page)
    assert page.locator(".month").get_by_text(planned.title).first.is_visible()
    follow(page, "Poster")
    assert planned.title in page.inner_text("main")
    assert director.name not in page.inner_text("main")

    page.goto(f"{live_server.url}/activities/feed/")
    press(page, "Make my address")
    assert "/activities/feed/" in page.locator(".notice .code").inner_text()
    assert CalendarFeed.objects.filter(user=director, ended_at=None).count() == 1
    assert [fault for fault in page.faults if "Content Security" in fault] == []
