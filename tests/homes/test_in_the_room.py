"""A self-check on a phone, in a real browser, with and without scripts."""

import pytest

from homes import checking
from tests.homes.factories import make_home, picture, standard_in_force

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_self_check_from_open_to_gaps(
    chromium, live_server, settings, tmp_path, district, community, director, signed_in, scripts
):
    from playwright.sync_api import expect, sync_playwright

    settings.PRIVATE_ROOT = tmp_path / "private"
    standard_in_force(district)
    home = make_home(community)
    cookie = signed_in(director).cookies[settings.SESSION_COOKIE_NAME].value
    photo = tmp_path / "room.jpg"
    photo.write_bytes(picture().read())

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        phone = browser.new_context(viewport={"width": 390, "height": 844}, locale="en", java_script_enabled=scripts)
        phone.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page = phone.new_page()
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(f"{live_server.url}/homes/{home.pk}/")
        page.get_by_role("button", name="Self-check").click()
        page.get_by_role("link", name="Facilities").click()
        page.locator("#H01 input[type=number]").fill("42")
        page.locator("#H02").get_by_text("yes", exact=True).last.click()
        page.locator("#H04 input[type=file]").set_input_files(photo)
        page.locator("#H04").get_by_label("Nobody can be recognised in them").check()
        page.get_by_role("button", name="Save and go on").click()
        expect(page.locator(".tabs [aria-current]")).to_contain_text("Management")
        page.get_by_role("link", name="Facilities").click()
        expect(page.locator("#H04 img")).to_have_count(1)
        page.get_by_role("link", name="Overview").click()
        page.get_by_role("button", name="Submit").click()
        expect(page.get_by_role("heading", name="Gaps")).to_be_visible()
        too_wide = page.locator("html").evaluate("e => e.scrollWidth - e.clientWidth") if scripts else 0
        browser.close()

    check = home.inspections.get()
    found = checking.judge(check.answers.select_related("item"))
    met = {line.code for line in found.lines if line.outcome == "met"}
    assert (check.status, check.grade, too_wide) == ("submitted", "rectify", 0)
    assert {"H01", "H02", "H04"} <= met
