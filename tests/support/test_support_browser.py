"""A Spring Bud grant on a phone: worker, supervisor and federation officer, each in a browser of their own."""

import pytest
from django.db import connections
from django.utils import timezone

from support.models import Application, Payment
from tests.conftest import PASSWORD
from tests.journeys.browser import FLAGS, Person
from tests.support.factories import a_girl, a_kind, notice_run

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(chromium, live_server, monkeypatch, settings, director, supervisor, federation):
    from playwright.sync_api import sync_playwright

    settings.SECOND_FACTOR_REQUIRED = False
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser's loop runs in this thread
    with sync_playwright() as playwright:
        program = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        found = [
            Person(program, live_server.url, "en", 390).sign_in(u.username, PASSWORD)
            for u in (director, supervisor, federation)
        ]
        yield found
        assert [one.faults for one in found] == [[], [], []]
        connections.close_all()  # those that the test opened while the loop ran
        program.close()


def test_a_grant_from_the_file_to_the_receipt(people, community, district, director):
    worker, officer, decider = people
    girl, today = a_girl(community, director), str(timezone.localdate())
    a_kind(district, papers="户口簿")
    worker.open(f"/children/{girl.pk}/?tab=care")
    worker.page.locator("#support summary").first.click()
    worker.press("Prepare the application")
    worker.page.fill("textarea[name=reason]", "家庭收入低，老人患病。")
    worker.page.select_option("select[name=reason_group]", "hardship")
    worker.page.locator("input[name=papers_seen]").check(force=True)
    worker.press("Save")
    for name, value in {"teacher": "李老师", "on": today}.items():
        worker.page.fill(f"#school input[name={name}]", value)
    worker.page.fill("#school textarea[name=opinion]", "情况属实，同意推荐。")
    worker.press("Note the opinion")
    worker.press("Submit to the street office")
    worker.reads("with the street office")

    own = Application.objects.get().get_absolute_url()
    officer.open(own)
    officer.press("In order")
    officer.reads("The application is checked.")

    worker.open(own)
    worker.press("Begin the public notice today")
    worker.follow("Print the poster")
    assert "陈**" in worker.text()
    assert girl.name not in worker.text()
    notice_run(Application.objects.get())

    decider.open("/support/sheets/")
    decider.follow("陈**")
    assert girl.name not in decider.text()
    decider.page.fill("textarea[name=reason]", "符合条件，同意资助。")
    decider.press("Approve")
    decider.reads("Approved. The community can plan the payments.")

    worker.open(own)
    worker.press("Plan")
    worker.page.locator("#payments summary", has_text=worker.say("Note the payment")).click()
    worker.page.fill("#payments input[name=on]", today)
    worker.press("It was paid")
    worker.page.locator("#payments summary", has_text=worker.say("Note the receipt")).click()
    worker.page.fill("#payments input[name=received_by]", "王秀英")
    worker.press("The receipt is signed")
    worker.reads("The receipt is noted.")
    assert Payment.objects.get().status == "confirmed"
