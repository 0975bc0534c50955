"""A stranger becomes a helper, on a phone, in both languages: applies on the public page, is talked with, checked and
trained, accompanies a child, writes a contact down, and has a certificate that anybody can check."""

import re
from types import SimpleNamespace

import pytest
from django.utils import timezone

from children.models import Child
from communities.models import User
from records.codes import in_groups
from tests.journeys.test_the_main_job import note_the_consent
from tests.journeys.test_who_is_let_in import choose
from volunteers.models import Certificate, HelperApplication, Pairing, Volunteer
from volunteers.seen import given_name
from volunteers.training import QUIZ

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
NAME, PHONE, ENHE = "林晓燕", "15412349876", "150902001001"
USERNAME, PASSWORD = "lin.xiaoyan", "风筝 over the river 27"


@pytest.fixture(scope="module", params=["zh-hans", "en"])
def telling(request):
    return request.param


@pytest.fixture(scope="module")
def so_far(told):
    return SimpleNamespace()


@pytest.fixture
def phone(somebody, telling):
    people = []

    def sign_in(username, password=None):
        person = somebody(None, telling, 390)
        people.append(person)
        if username:
            person.sign_in(username, *([password] if password else []))
        return person

    yield sign_in
    for person in people:
        assert (person.faults, person.asked_elsewhere) == ([], [])


def test_a_stranger_applies(phone, so_far):
    stranger = phone(None)
    page = stranger.page
    stranger.open("/login/")
    stranger.follow("Become a helper", within="body")
    page.fill("#q", "恩和路")
    stranger.press("Find")
    with page.expect_navigation():
        page.locator(f"main a[href='/apply/{ENHE}/']").click()
    page.fill("#id_name", NAME)
    page.locator("input[name=sex][value=F]").check(force=True)
    page.fill("#id_birth_date", "1988-04-12")
    page.fill("#id_phone", PHONE)
    page.locator("input[name=kinds][value=tutor]").check(force=True)
    page.locator("input[name=topics][value=study]").check(force=True)
    page.fill("#id_motivation", "我想陪孩子写作业")
    stranger.press("Send the application")
    assert page.locator("#id_name").input_value() == NAME  # the consent was forgotten; nothing is lost
    page.locator("input[name=agreed]").check(force=True)
    stranger.press("Send the application")
    so_far.application = HelperApplication.objects.get(name=NAME)
    assert so_far.application.number in stranger.main()
    assert NAME not in stranger.main()


def test_the_director_talks_with_her_and_takes_her_on(phone, so_far):
    director = phone("director")
    page = director.page
    director.by_menu("Applications to help")
    with page.expect_navigation():
        page.locator(f"main a[href*='/helperapplication/{so_far.application.pk}/']").first.click()
    assert PHONE in director.main()
    director.press("Note the interview…")
    page.fill("[name=note]", "耐心，喜欢孩子")
    director.press("Confirm")
    director.open(f"/admin/volunteers/helperapplication/{so_far.application.pk}/change/")
    director.press("Accept as a helper…")
    director.press("Confirm")
    helper = so_far.helper = Volunteer.objects.get(name=NAME, community=ENHE)
    director.open(f"/admin/volunteers/volunteer/{helper.pk}/change/")
    page.locator(".add-row a").first.click()
    page.fill("#id_checks-0-checked_on", str(timezone.localdate()))
    page.fill("#id_checks-0-reference", "核 2026-118")
    director.press("Save", within=".submit-row")
    assert helper.checks.get().is_clear
    assert not Volunteer.objects.get(pk=helper.pk).is_cleared_on(timezone.localdate())


def test_the_administrator_gives_her_an_account(phone, so_far, telling):
    administrator = phone("administrator")
    page = administrator.page
    administrator.open("/admin/communities/user/add/")
    page.fill("#id_username", USERNAME)
    page.fill("#id_name", NAME)
    page.select_option("#id_language", telling)
    administrator.press("Save", within=".submit-row")
    account = User.objects.get(username=USERNAME)
    administrator.open("/admin/communities/posting/add/")
    choose(page, "user", account.pk, USERNAME)
    page.select_option("#id_role", "volunteer")
    choose(page, "division", ENHE, "恩和路", shown="恩和路|Enhe")
    page.fill("#id_starts_on", str(timezone.localdate()))
    administrator.press("Save", within=".submit-row")
    administrator.open(f"/admin/communities/user/{account.pk}/change/")
    administrator.follow("Make a one-time link")
    if page.locator("input[type=password]").count():
        page.fill("input[type=password]", "small-hands-demo")
        with page.expect_navigation():
            page.locator("main form button[type=submit], main form .button").first.click()
    administrator.press("Make the link")
    so_far.link = page.locator("main code").inner_text()
    director = phone("director")
    director.open(f"/admin/volunteers/volunteer/{so_far.helper.pk}/change/")
    director.press("Connect an account…")
    director.page.fill("input[name=username]", USERNAME)
    director.press("Confirm")
    assert Volunteer.objects.get(pk=so_far.helper.pk).user == account


def test_she_signs_the_pledge_and_passes_the_quiz(phone, so_far):
    helper = phone(None)
    page = helper.page
    page.goto(so_far.link)
    page.fill("#id_new_password1", PASSWORD)
    page.fill("#id_new_password2", PASSWORD)
    helper.press("Set the password")
    helper.sign_in(USERNAME, PASSWORD)
    helper.reads("Something we ask of every helper is missing or has ended. As soon as it is done, everything is here.")
    helper.follow("See what is asked of me")
    with page.expect_navigation():
        page.locator("main a[href='/portal/me/pledge/']").click()
    page.locator("input[name=agreed]").check(force=True)
    helper.press("Sign the pledge")
    with page.expect_navigation():
        page.locator("main a[href='/portal/me/training/']").click()
    for number, question in enumerate(QUIZ):
        page.locator(f"label[for=id_q{number}_{question.right}]").click()
    helper.press("Check my answers")
    helper.reads("Well done. The training is on file.")
    assert Volunteer.objects.get(pk=so_far.helper.pk).is_cleared_on(timezone.localdate())
    helper.by_menu("My children")
    helper.reads("No child yet")


def test_guardian_and_child_are_heard_and_all_sign_the_card(phone, so_far):
    director = phone("director")
    page = director.page
    free = Child.objects.on_register(timezone.localdate()).filter(community=ENHE, pairings=None)
    child = so_far.child = free.exclude(grade="").order_by("pk").first()
    note_the_consent(director, child)
    director.open(f"/children/{child.pk}/?tab=helpers")
    director.follow("Propose a pairing")
    page.select_option("#id_child", str(child.pk))
    page.select_option("#id_volunteer", str(so_far.helper.pk))
    page.select_option("#id_kind", "tutor")
    director.press("Save", within=".submit-row")
    pairing = so_far.pairing = Pairing.objects.get(child=child)
    where = f"/admin/volunteers/pairing/{pairing.pk}/change/"
    director.open(where)
    director.press("Guardian and child are heard…")
    page.fill("input[name=guardian]", "王秀英")
    page.select_option("select[name=opinion]", "agrees")
    director.press("Confirm")
    director.open(f"/papers/pairing_card/{pairing.pk}/")
    assert NAME in director.text()
    for act in ("The card is signed…", "Activate…"):
        director.open(where)
        director.press(act)
        director.press("Confirm")
    pairing.refresh_from_db()
    assert pairing.status == "active"


def test_she_writes_a_contact_down_and_asks_for_a_certificate(phone, so_far):
    helper = phone(USERNAME, PASSWORD)
    page, name = helper.page, given_name(so_far.child.name)
    assert name in helper.main()
    assert so_far.child.name not in helper.main()
    helper.follow("Log a contact")
    if page.locator("input[name=children]").count() and not page.get_by_label(name, exact=True).is_checked():
        page.get_by_label(name, exact=True).check(force=True)
    page.locator("input[name=kinds][value=talk]").check(force=True)
    page.fill("input[name=minutes]", "60")
    page.fill("textarea[name=note]", "一起读了书。")
    helper.press("Keep this entry")
    helper.reads("Thank you. Your entry is kept, and what it fulfils is ticked off.")
    helper.by_menu("Me")
    page.get_by_text(helper.say("Ask for a certificate"), exact=True).click()
    helper.press("Ask for it")
    so_far.asked = Certificate.objects.get(volunteer=so_far.helper, status="asked")


def test_the_certificate_is_issued_and_a_stranger_checks_it(phone, so_far):
    director = phone("director")
    director.open(so_far.asked.get_absolute_url())
    director.press("Issue the certificate")
    issued = Certificate.objects.get(pk=so_far.asked.pk)
    assert (issued.name, issued.minutes, issued.contacts) == (NAME, 60, 1)
    helper = phone(USERNAME, PASSWORD)
    helper.by_menu("Me")
    assert issued.shown_number in helper.main()
    helper.open(f"/portal/me/certificates/{issued.pk}/print/")
    assert re.search("志愿服务证明.*Certificate of service", helper.text(), re.S)
    stranger = phone(None)
    stranger.open("/certificates/")
    stranger.page.fill("#number", in_groups(issued.number).lower())
    stranger.press("Look up")
    stranger.reads("Yes, this certificate is valid.")
    for personal in (NAME, so_far.child.name, given_name(so_far.child.name), PHONE):
        assert personal not in stranger.text()
