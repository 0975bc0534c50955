"""The three forms filled in away from a desk work as plain forms; a second click, or a session that has run out while
somebody was writing, neither doubles nor loses anything."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.db import connections
from playwright.sync_api import expect

from activities.models import Attendance
from children.models import Child, Household
from tests.activities.factories import make_activity
from tests.conftest import PASSWORD
from tests.journeys.browser import FLAGS, Person
from tests.volunteers.factories import a_helper, a_paired_child
from volunteers.models import Contact, Duty
from volunteers.seen import given_name

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def phone_of(chromium, live_server, monkeypatch):
    """phone_of("director", scripts=False): that person's phone, signed in."""
    from playwright.sync_api import sync_playwright

    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser's loop runs in this thread
    with sync_playwright() as playwright:
        program = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield lambda username, **options: Person(program, live_server.url, "en", 390, **options).sign_in(
            username, PASSWORD
        )
        connections.close_all()  # those that the test opened while the loop ran
        program.close()


@pytest.fixture
def child(community, director, make_user, term):
    """Accompanied by the helper of the account "volunteer"."""
    helper = a_helper(community, director, user=make_user("volunteer", community, "volunteer"))
    return a_paired_child(community, helper, director)


def write_a_contact(person, child, note):
    page = person.page
    person.open("/portal/contact/")
    page.get_by_label(given_name(child.name), exact=True).set_checked(True)
    page.locator("input[name=kinds][value=visit]").check(force=True)
    page.fill("textarea[name=note]", note)


def test_a_contact_is_logged_without_scripts(phone_of, child):
    volunteer = phone_of("volunteer", scripts=False)
    write_a_contact(volunteer, child, "He draws kites.")
    volunteer.press("Keep this entry")
    volunteer.reads("Thank you. Your entry is kept, and what it fulfils is ticked off.")
    assert Contact.objects.get().note == "He draws kites."
    assert Duty.objects.filter(kind="visit").exclude(done_on=None).count() == 1


def test_a_household_is_registered_without_scripts(phone_of, director, term):
    phone = phone_of("director", scripts=False)
    phone.open("/children/new/")
    phone.page.fill("#id_newchild0-name", "白云霞")
    phone.press("Add another child")
    assert phone.page.locator("#id_newchild0-name").input_value() == "白云霞"
    fill_in_a_child(phone.page, 0, "白云霞")
    fill_in_a_child(phone.page, 1, "白云朵")
    phone.press("Register the household")
    phone.reads("The household is registered.")
    assert [c.name for c in Household.objects.get().children.order_by("pk")] == ["白云霞", "白云朵"]


def fill_in_a_child(page, n, name):
    page.fill(f"#id_newchild{n}-name", name)
    page.fill(f"#id_newchild{n}-birth_date", f"201{6 + n}-05-0{n + 1}")
    page.locator(f"input[name=newchild{n}-sex][value=F]").check(force=True)


def test_the_roll_is_called_without_scripts(phone_of, community, director, make_child):
    club = make_activity(community, director)
    children = [make_child(community, name=name) for name in ("包金山", "陈小雨")]
    for one in children:
        club.enrol(one, by=director)
    phone = phone_of("director", scripts=False)
    phone.open(f"/activities/session/{club.sessions.get().pk}/roll/")
    for one, mark in zip(children, ("present", "absent"), strict=True):
        with phone.page.expect_navigation():
            phone.page.locator(f"#child-{one.pk} button[value={mark}]").click()
    assert phone.page.locator("#roll-count strong").inner_text() == "1 of 2"
    marks = dict(Attendance.objects.values_list("child", "mark"))
    assert marks == {children[0].pk: "present", children[1].pk: "absent"}


@pytest.mark.parametrize("scripts", [True, False])
def test_a_second_click_makes_no_second_row(phone_of, child, scripts):
    volunteer = phone_of("volunteer", scripts=scripts)
    write_a_contact(volunteer, child, "Once.")
    volunteer.page.get_by_role("button", name="Keep this entry").dblclick()
    expect(volunteer.page).to_have_url(re.compile("/portal/$"))  # the first answer may be cut off by the second
    assert Contact.objects.count() == 1


def test_a_contact_half_written_survives_the_end_of_the_session(phone_of, child):
    volunteer = phone_of("volunteer")
    write_a_contact(volunteer, child, "We flew the kite he made.")
    expect(volunteer.page.locator("[data-draft-status]")).to_have_text("Draft kept", timeout=15_000)
    Session.objects.all().delete()
    volunteer.press("Keep this entry")
    assert "/login/" in volunteer.page.url and not Contact.objects.exists()
    volunteer.sign_in("volunteer", PASSWORD)
    volunteer.open("/portal/contact/")
    assert volunteer.page.locator("textarea[name=note]").input_value() == "We flew the kite he made."
    assert volunteer.page.get_by_label(given_name(child.name), exact=True).is_checked()
    volunteer.press("Keep this entry")
    assert Contact.objects.get().note == "We flew the kite he made."


def test_a_household_half_typed_survives_the_end_of_the_session(phone_of, director, term):
    phone = phone_of("director")
    phone.open("/children/new/")
    fill_in_a_child(phone.page, 0, "白云霞")
    expect(phone.page.locator("[data-draft-status]")).to_have_text("Draft kept", timeout=15_000)
    Session.objects.all().delete()
    phone.press("Register the household")
    assert "/login/" in phone.page.url and not Child.objects.exists()
    phone.sign_in("director", PASSWORD)
    phone.open("/children/new/")
    phone.reads("This is your draft")
    assert phone.page.locator("#id_newchild0-name").input_value() == "白云霞"
    phone.press("Register the household")
    assert Child.objects.get().name == "白云霞"
