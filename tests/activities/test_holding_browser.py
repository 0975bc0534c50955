"""The pages of holding an activity on a phone: nothing runs over the edge, and a tap survives a cut line."""

import os
from pathlib import Path

import pytest
from django.conf import settings

from activities.models import CarerAttendance, PublicityItem
from children import consenting
from tests.activities.factories import a_picture, make_activity, today
from tests.children.factories import left_behind_child, siblings

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
        context = browser.new_context(viewport={"width": 390, "height": 800}, locale="zh-CN")
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        yield context
        browser.close()


def test_every_page_fits_and_a_tap_arrives_later(phone, live_server, director, community):
    siblings(community, name="欧阳小月")
    child = left_behind_child(community, name="李强")
    for purpose in ("photo", "publicity"):
        consenting.give_consent(child, purpose, given_by="王秀英", on=today(), by=director)
    facts = {"kind": "parent_school", "theme": "guardians", "audience": "families"}
    school = make_activity(community, director, title="家长学校：监护人的权利和义务", **facts)
    session = school.sessions.get()
    session.join_late(child, by=director)
    picture = a_picture(session, director)
    picture.name_children([child], nobody_else=True, by=director)
    item = PublicityItem(community=community, title="宣传栏", channel="poster", made_on=today(), example_of=child)
    item.publish(by=director)
    grandmother = child.kinships.get(is_caregiver=True).adult

    page = phone.new_page()
    faults = []
    page.on("console", lambda message: faults.append(message.text) if "Content Security" in message.text else None)
    here = f"/activities/session/{session.pk}"
    addresses = ["/activities/parent-school/", "/activities/publicity/", "/activities/publicity/new/"]
    addresses += [item.get_absolute_url(), f"/activities/{school.pk}/album/", f"/activities/picture/{picture.pk}/"]
    addresses += [f"{here}/", f"{here}/sheet/", f"/children/{child.pk}/?tab=family", f"{here}/carers/"]
    wide = []
    for number, address in enumerate(addresses):
        page.goto(live_server.url + address)
        if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            wide.append(address)
        if folder := os.environ.get("PICTURES"):
            page.screenshot(path=Path(folder) / f"{number}.png", full_page=True)
    assert (wide, faults) == ([], [])

    line = page.locator(f"#adult-{grandmother.pk}")
    phone.set_offline(True)
    line.get_by_role("button", name="现场").click()
    line.locator(".unsaved").wait_for()
    phone.set_offline(False)
    page.locator(f"#adult-{grandmother.pk}[data-mark=present]").wait_for(timeout=15_000)
    assert page.locator("#roll-count strong").inner_text() == "1"
    assert CarerAttendance.objects.get().adult == grandmother
