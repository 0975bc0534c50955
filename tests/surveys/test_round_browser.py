"""A director at the doors with a phone: a grid, a visit of three days ago, the household, and back."""

import pytest
from django.conf import settings

from surveys.models import HouseholdVisit
from tests.children.factories import an_adult
from tests.surveys.factories import a_home, a_round, days_ago

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def phone(request, live_server, director, signed_in, monkeypatch, chromium):
    from playwright import sync_api

    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop runs in this thread
    cookie = signed_in(director).cookies[settings.SESSION_COOKIE_NAME].value
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = browser.new_context(
            viewport={"width": 390, "height": 800}, locale="en-GB", java_script_enabled=request.param
        )
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        yield context
        browser.close()


def test_a_visit_of_three_days_ago_from_the_workdesk_and_back(
    phone, live_server, director, supervisor, street, community, make_child
):
    a_round(street, supervisor)
    for number, name in ((10, "包金山"), (2, "陈小雨")):
        child = make_child(community, a_home(community, "第二网格", f"{number}号楼"), name=name)
        an_adult(child, "grandmother_p", cares=True, name="王秀英")
    page = phone.new_page()
    page.goto(f"{live_server.url}/admin/")
    page.get_by_role("link", name="Go from door to door").first.click()
    page.get_by_role("link", name="Spring round").click()
    page.get_by_role("link", name="第二网格").click()
    assert page.locator(".door-children").all_inner_texts()[0].startswith("陈小雨")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.get_by_role("link", name="Another day or result").first.click()
    page.get_by_text("family met", exact=True).click()
    page.fill("input[name=visited_on]", days_ago(3).isoformat())
    page.get_by_role("button", name="Save and open the household form").click()
    page.locator("h1", has_text="Edit the household").wait_for()
    page.locator("main form input[name$=-school]").first.fill("示例一小")
    page.get_by_role("button", name="Save").last.click()

    page.locator("h1", has_text="第二网格").wait_for()
    assert [text[:3] for text in page.locator(".door-children").all_inner_texts()] == ["包金山"]
    page.get_by_role("button", name="Met, nothing changed").click()
    page.get_by_text("Every household here is visited").wait_for()
    assert set(HouseholdVisit.objects.values_list("result", "visited_on", "household__children__school")) == {
        ("met", days_ago(3), "示例一小"),
        ("met", days_ago(0), ""),
    }
