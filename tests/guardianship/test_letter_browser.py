"""A director's way with a letter: prepared, filled in, signed with a photo, printed, and lapsed with why."""

import pytest
from django.db import connections
from django.utils import timezone

from guardianship.models import Letter
from tests.children.factories import an_adult, left_behind_child
from tests.conftest import PASSWORD
from tests.guardianship.factories import picture
from tests.journeys.browser import FLAGS, Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _settings(settings, tmp_path):
    settings.SECOND_FACTOR_REQUIRED = False
    settings.PRIVATE_ROOT = tmp_path


@pytest.fixture
def person(chromium, live_server, monkeypatch, director):
    from playwright.sync_api import sync_playwright

    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser's loop runs in this thread
    with sync_playwright() as playwright:
        program = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        somebody = Person(program, live_server.url, "en", 390).sign_in("director", PASSWORD)
        yield somebody
        assert somebody.faults == []
        connections.close_all()  # those that the test opened while the loop ran
        program.close()


def test_a_letter_is_prepared_signed_printed_and_lapses(person, community):
    child = left_behind_child(community, school="")
    an_adult(child, "uncle_aunt", name="陈芳")
    page, today = person.page, str(timezone.localdate())
    file = f"/children/{child.pk}/?tab=family"
    person.open(file)
    person.reads("The parents are away for work: they must entrust the child in writing.")
    person.press("Prepare the letter")

    for question in ("harmed_minor", "has_habit", "neglected_duty"):
        page.locator(f"input[name={question}][value=no]").check(force=True)
    for question in ("is_capable", "is_never_alone"):
        page.locator(f"input[name={question}][value=yes]").check(force=True)
    page.fill("textarea[name=opinion]", "我愿意跟奶奶住，想每周跟妈妈视频。")
    page.fill("input[name=opinion_on]", today)
    page.fill("input[name=committee_told_on]", today)
    page.fill("input[name=committee_told]", "居委会，书面")
    page.locator("input[name=promises_contact]").check(force=True)
    person.press("Save")
    person.reads("Saved.")

    for party in ("father", "mother", "caregiver"):
        page.fill(f"input[name=day_{party}]", today)
    photo = {"name": "signature.jpg", "mimeType": "image/jpeg", "buffer": picture().read()}
    page.set_input_files("input[name=picture_caregiver]", photo)
    page.fill("input[name=witness]", "王敏")
    person.press("The letter is signed")
    person.reads("The letter is signed and holds until its last day.")
    letter = Letter.objects.get()
    assert (letter.status, letter.caregiver.name) == ("signed", "王秀英")

    person.follow("Print")
    assert page.locator("article.sheet").count() == 2
    assert "我愿意跟奶奶住" in person.text()

    person.open(file)
    page.get_by_text(person.say("Somebody else looks after the child now")).click()
    page.select_option("select[name=adult]", label="陈芳")
    page.locator("form[action$='/caregiver/'] button").click()
    page.wait_for_load_state()
    person.reads("lapsed")
    person.reads("%(now)s looks after the child now, no longer %(then)s", now="陈芳", then="王秀英")
    person.open(f"/guardianship/letters/{letter.pk}/")
    person.reads("This letter has lapsed")
    person.open("/guardianship/letters/?show=without")
    person.reads(child.name)
