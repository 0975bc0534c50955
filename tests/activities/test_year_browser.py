"""A year on a phone, in both languages: from the template of a scheme to the poster of the month."""

import pytest

from activities.models import Activity, CalendarFeed, Scheme
from tests.activities.factories import days_ago, make_activity
from tests.journeys.on_a_phone import LANGUAGES, on_a_phone

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(params=LANGUAGES)
def worker(request, chromium, live_server, monkeypatch, settings, director):
    kept = {"chromium": chromium, "live_server": live_server, "monkeypatch": monkeypatch, "settings": settings}
    with on_a_phone(director, request.param, **kept) as person:
        yield person
        assert person.faults == []


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def press(worker, words):
    button = worker.page.locator("main").get_by_role("button", name=worker.say(words), exact=True)
    with worker.page.expect_navigation():
        button.click()
    assert fits(worker.page)


def follow(worker, words):
    worker.follow(words)
    assert fits(worker.page)


def test_a_year_is_laid_out_planned_and_hung_up(worker, director, community):
    taken = make_activity(community, director, title="象棋", venue="活动室", first_day=days_ago(-10), hours=(9, 10))
    page = worker.page
    worker.open("/activities/schemes/")
    follow(worker, "Draw up a scheme")
    page.select_option("#id_template", "blue_sky")
    page.fill("#id_venue", "活动室")
    press(worker, "Look at the year")
    page.locator("[name=actions]").last.uncheck()
    press(worker, "Save the scheme")
    assert page.url.endswith(Scheme.objects.get().get_absolute_url())
    worker.reads("Rights-protection action")

    follow(worker, "Plan it")
    page.fill("#id_first_day", str(taken.starts_on))
    page.fill("#id_starts_at", "09:30")
    page.fill("#id_ends_at", "11:00")
    page.select_option("#id_every", "week")
    page.fill("#id_times", "3")
    if page.input_value("#id_kind") == "club":
        page.select_option("#id_art", "music")
    press(worker, "Look at the days")
    worker.reads("venue taken")
    assert page.locator("[name=days]").count() == 3
    assert page.locator("[name=days]:checked").count() == 2
    press(worker, "Plan")
    planned = Activity.objects.exclude(pk=taken.pk).get()
    assert planned.sessions.count() == 2
    assert planned.scheme_action.state == "scheduled"

    first = planned.sessions.first()
    worker.open(f"/activities/calendar/?month={first.day:%Y-%m}")
    assert fits(page)
    assert page.locator(".month").get_by_text(planned.title).first.is_visible()
    follow(worker, "Poster")
    assert planned.title in page.inner_text("main")
    assert director.name not in page.inner_text("main")

    worker.open("/activities/feed/")
    press(worker, "Make my address")
    assert "/activities/feed/" in page.locator(".notice .code").inner_text()
    assert CalendarFeed.objects.filter(user=director, ended_at=None).count() == 1
