"""A helper's phone, 390 px wide, in both languages: a talk written down with its guided questions, a question of the
office on the first page, the answer in one field, and the director who reads it."""

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import Person
from volunteers.kinds import DutyKind, Met
from volunteers.models import Contact, ContactQuestion

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
NOTE, QUESTION, ANSWER = "聊了新学期。", "孩子想参加哪个社团？", "想去画画。"
SCREEN = 390


@pytest.fixture(scope="module", params=["zh-hans", "en"])
def telling(request):
    return request.param


@pytest.fixture
def phone(somebody, telling):
    return lambda username: somebody(username, telling, SCREEN)


def newest():
    found = Contact.objects.filter(volunteer__user__username="volunteer").latest("pk")
    assert found.note == NOTE
    return found


def fits_the_screen(person: Person):
    assert person.page.evaluate("document.documentElement.scrollWidth") <= SCREEN


def test_a_talk_with_its_questions(phone):
    volunteer = phone("volunteer")
    page = volunteer.page
    volunteer.open("/portal/contact/")
    fits_the_screen(volunteer)
    page.locator("input[name=children]").first.check(force=True)
    home, mood = page.locator("details[data-for=visit]"), page.locator("details[data-for=talk]")
    expect(home).to_be_hidden()
    page.get_by_label(volunteer.label(DutyKind.TALK), exact=True).check(force=True)
    expect(mood).to_be_visible()
    expect(home).to_be_hidden()
    page.get_by_label(volunteer.label(Met.CHILD), exact=True).check(force=True)
    mood.locator("summary").click()
    tick = page.get_by_label(volunteer.say("cheerful"), exact=True)
    assert page.locator("label", has=tick).bounding_box()["height"] >= 40  # a thumb wide
    tick.check(force=True)
    page.fill("textarea[name=mood_words]", "笑得多")
    page.fill("textarea[name=note]", NOTE)
    volunteer.press("Keep this entry")
    entry = newest()
    assert (entry.kinds, entry.met) == (["talk"], ["child"])
    assert entry.answers == {"mood": {"ticks": ["cheerful"], "words": "笑得多"}}


def test_the_office_asks_the_helper_answers_and_it_is_checked(phone):
    entry = newest()
    director = phone("director")
    director.open(entry.get_absolute_url())
    fits_the_screen(director)
    director.reads("How is the child feeling?")
    director.page.fill("textarea[name=question]", QUESTION)
    director.press("Ask the helper")
    director.reads("The helper finds your question in the portal.")
    volunteer = phone("volunteer")
    volunteer.open("/portal/")
    fits_the_screen(volunteer)
    card = volunteer.page.locator("section.card", has_text=QUESTION)
    card.locator("textarea[name=answer]").fill(ANSWER)
    with volunteer.page.expect_navigation():
        card.get_by_role("button", name=volunteer.say("Answer")).click()
    volunteer.reads("Thank you. The office has your answer.")
    assert QUESTION not in volunteer.main()
    assert ContactQuestion.objects.get(contact=entry).answer == ANSWER
    director.open("/admin/volunteers/contact/?state=answered")
    assert director.page.locator(f"a[href^='{entry.get_absolute_url()}']").count() == 1
    director.open(entry.get_absolute_url())
    assert ANSWER in director.main()
    director.press("Read and in order")
    entry.refresh_from_db()
    assert entry.status == Contact.Status.VERIFIED


def test_an_entry_is_corrected_and_the_first_version_stays(phone):
    entry = newest()
    volunteer = phone("volunteer")
    volunteer.open(f"/portal/entries/{entry.pk}/correct/")
    fits_the_screen(volunteer)
    assert volunteer.page.locator("textarea[name=note]").input_value() == NOTE
    volunteer.page.fill("input[name=minutes]", "35")
    volunteer.press("Save the correction")
    volunteer.reads("It is corrected.")
    director = phone("director")
    director.open(entry.get_absolute_url())
    director.page.locator("summary", has_text=director.say("Version %(number)s", number=1)).click()
    entry.refresh_from_db()
    assert (entry.minutes, entry.versions.get().minutes) == (35, None)
