"""A helper's phone, 390 px wide, in both languages: what is due, a visit written down though the line breaks, a letter
that the office reads and hands over, the child's answer, and a certificate that anybody can check."""

import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from records.codes import in_groups
from tests.journeys.browser import Person
from volunteers.models import Certificate, ChildLetter, Contact, Duty, Pairing
from volunteers.seen import given_name

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
NOTE, LETTER, ANSWER = "去家里看了，孩子在写作业。", "你好！纸鹤飞起来了吗？", "飞起来了，奶奶也笑了。"
NO_LINE = "No connection just now. What you typed stays here: send it again when you are connected."


@pytest.fixture(scope="module", params=["zh-hans", "en"])
def telling(request):
    return request.param


@pytest.fixture(scope="module")
def so_far(told):
    return SimpleNamespace()


@pytest.fixture
def phone(somebody, telling):
    return lambda username: somebody(username, telling, 390)


def test_a_visit_is_written_down_though_the_line_breaks(phone, so_far):
    volunteer = phone("volunteer")
    page = volunteer.page
    volunteer.by_menu("To do")
    duty = Duty.objects.filter(pairing__volunteer__user__username="volunteer", kind="talk").unsettled()
    due = (
        duty.filter(pairing__in=Pairing.objects.current().filter(missing__contains=["letter"]))
        .select_related("pairing__child")
        .first()
    )
    so_far.pairing, so_far.name = due.pairing, given_name(due.pairing.child.name)
    link = page.locator(f"main a[href$='?child={due.pairing.child_id}&kind=talk']").first
    with page.expect_navigation():
        link.click()
    assert page.get_by_label(so_far.name, exact=True).is_checked()
    volunteer.context.set_offline(True)
    page.fill("textarea[name=note]", NOTE)
    page.fill("input[name=minutes]", "90")
    status = page.locator("[data-draft-status]")
    page.get_by_role("button", name=volunteer.say("Keep this entry")).click()
    expect(status).to_have_text(volunteer.say(NO_LINE))
    assert page.locator("textarea[name=note]").input_value() == NOTE
    expect(status).to_have_text(volunteer.say("Not kept yet – no connection"), timeout=15_000)
    volunteer.context.set_offline(False)
    expect(status).to_have_text(volunteer.say("Draft kept"), timeout=15_000)
    volunteer.open(f"/portal/contact/?child={due.pairing.child_id}&kind=talk")  # kept for this child
    assert page.locator("textarea[name=note]").input_value() == NOTE
    volunteer.press("Keep this entry")
    volunteer.reads("Thank you. Your entry is kept, and what it fulfils is ticked off.")
    contact = Contact.objects.get(volunteer__user__username="volunteer", minutes=90)
    assert (contact.note, contact.kinds) == (NOTE, ["talk"])
    assert Duty.objects.get(pk=due.pk).done_on


def test_the_helper_writes_a_letter(phone, so_far):
    volunteer = phone("volunteer")
    page = volunteer.page
    volunteer.by_menu("My letters")
    volunteer.follow("Write a letter")
    page.get_by_label(so_far.name, exact=True).check(force=True)
    page.fill("textarea[name=text]", LETTER)
    expect(page.locator("[data-draft-status]")).to_have_text(volunteer.say("Draft kept"), timeout=15_000)
    volunteer.open("/portal/letters/write/")
    assert page.locator("textarea[name=text]").input_value() == LETTER
    volunteer.press("Give it to the office")
    volunteer.reads("Thank you. The office reads your letter and hands it over.")
    so_far.letter = ChildLetter.objects.filter(direction="to_child").order_by("-pk").first()
    assert (so_far.letter.text, so_far.letter.pairing) == (LETTER, so_far.pairing)


def test_the_office_reads_it_hands_it_over_and_notes_the_answer(phone, so_far):
    director = phone("director")
    director.open(f"/letters/{so_far.letter.pk}/")
    assert LETTER in director.main()
    director.press("It may go to the child")
    director.press("The child has it")
    assert Duty.objects.filter(fulfilled_by__contact=ChildLetter.objects.get(pk=so_far.letter.pk).contact).exists()
    director.follow("The child wrote back")
    director.page.fill("textarea[name=text]", ANSWER)
    director.press("Put it on file")
    director.press("Show it to the helper")
    director.reads("The helper can read it now.")


def test_the_helper_reads_the_answer_and_asks_for_a_certificate(phone, so_far, telling):
    volunteer = phone("volunteer")
    volunteer.by_menu("My letters")
    answer = ChildLetter.objects.get(answers=so_far.letter)
    with volunteer.page.expect_navigation():
        volunteer.page.locator(f"main a[href='/portal/letters/{answer.pk}/']").click()
    assert ANSWER in volunteer.main()
    volunteer.by_menu("Me")
    volunteer.page.get_by_text(volunteer.say("Ask for a certificate"), exact=True).click()
    volunteer.press("Ask for it")
    volunteer.reads("The community office has your wish and issues the certificate.")
    so_far.asked = Certificate.objects.get(volunteer__user__username="volunteer", status="asked")


def test_the_certificate_is_issued_printed_and_checked_by_a_stranger(phone, so_far, browser, site, telling):
    director = phone("director")
    director.open(so_far.asked.get_absolute_url())
    director.press("Issue the certificate")
    issued = Certificate.objects.get(pk=so_far.asked.pk)
    volunteer = phone("volunteer")
    volunteer.open(f"/portal/me/certificates/{issued.pk}/print/")
    paper = volunteer.page.locator(".sheet")
    assert re.search("志愿服务证明.*Certificate of service", paper.inner_text(), re.S)
    address = paper.get_by_text(issued.check_url).inner_text().split()[-1]
    stranger = Person(browser, site, telling, 390)
    stranger.page.goto(address)
    stranger.reads("Yes, this certificate is valid.")
    assert in_groups(issued.number) in stranger.main()
    assert issued.name not in stranger.text()
    assert (stranger.faults, stranger.asked_elsewhere) == ([], [])
    stranger.context.close()
