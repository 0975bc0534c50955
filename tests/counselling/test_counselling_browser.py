"""A counsellor notes a session with acute risk; the concern goes its way to the supervisor, the session does not."""

import pytest
from django.db import connections

from children import referring
from children.models import Concern
from counselling.models import SessionWords
from tests.children.factories import left_behind_child
from tests.conftest import PASSWORD
from tests.journeys.browser import FLAGS, Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAID = "他说昨晚又被打了，不想回家"


@pytest.fixture(autouse=True)
def _settings(settings):
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def people(chromium, live_server, monkeypatch, director, supervisor, counsellor):
    from playwright.sync_api import sync_playwright

    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser's loop runs in this thread
    with sync_playwright() as playwright:
        program = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        found = {}

        def sign_in(name, width):
            found[name] = Person(program, live_server.url, "en", width).sign_in(name, PASSWORD)
            return found[name]

        yield sign_in
        assert [fault for one in found.values() for fault in one.faults] == []
        connections.close_all()  # those that the test opened while the loop ran
        program.close()


def test_from_the_session_to_the_closed_concern(people, community, director, counsellor):
    child = left_behind_child(community, name="白小兰")
    referring.refer(child, counsellor, by=director)

    one = people("counsellor", 390)
    one.open("/counselling/")
    one.follow("Open a case")
    one.page.fill("textarea[name=complaint]", "夜里害怕")
    one.press("Open the case")
    one.reads("Nobody but you reads this case.")
    one.follow("Note a session")
    one.page.fill("textarea[name=words-course]", SAID)
    one.page.select_option("select[name=words-risk]", "acute")
    one.press("Save the session")
    assert SessionWords.objects.get().course == SAID
    one.reads("Whom to call")
    assert SAID not in one.text()
    one.page.fill("textarea[name=what]", "可能在家被打，请马上核实")
    one.press("Raise the concern now")
    one.reads("The concern is on file. If nobody has called yet: call now.")
    one.follow("Go back to what you were writing")
    assert SAID in one.text()

    concern = Concern.objects.get()
    two = people("director", 1280)
    two.open(f"/children/{child.pk}/?tab=care")
    two.reads("A concern is open and not yet reported")
    two.reads("Counselling sessions")
    assert SAID not in two.text()
    two.open(f"/children/concerns/{concern.pk}/")
    two.reads("可能在家被打，请马上核实")
    assert SAID not in two.text()
    two.press("I have it in hand")
    two.page.fill("input[name=told]", "派出所")
    two.press("Note the report")
    two.page.fill("textarea[name=text]", "民警已上门")
    two.press("Add to the follow-up")
    two.reads("民警已上门")

    three = people("supervisor", 1280)
    three.open(f"/children/concerns/{concern.pk}/")
    assert SAID not in three.text()
    three.page.fill("textarea[name=outcome]", "孩子住到姑姑家")
    three.press("Close the concern")
    three.reads("孩子住到姑姑家")
    concern.refresh_from_db()
    assert (concern.status, concern.told) == ("closed", "派出所")
