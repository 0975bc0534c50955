"""The letter's pages as people use them: list, form, signing, contacts, paper, and what a stranger does not see."""

import datetime as dt
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from children.intake import change_caregiver
from guardianship import contacting, signing
from guardianship.models import FamilyContact, Letter
from records import measures
from records.lifecycle import Refused
from records.measures import Period
from records.scoping import Scope
from tests.children.factories import left_behind_child
from tests.children.pages import filled, soup, words
from tests.guardianship.factories import a_draft, an_entrusted_child, days_ago, picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path


@pytest.fixture
def browser(signed_in, director):
    return signed_in(director)


def test_from_the_file_to_a_signed_letter_without_scripts(browser, community):
    child = left_behind_child(community)
    file = browser.get(reverse("children:file", args=[child.pk]) + "?tab=family")
    assert "no valid letter" in words(file)
    token = soup(file).find("input", {"name": "once_token"})["value"]
    browser.post(reverse("guardianship:prepare", args=[child.pk]), {"once_token": token})
    letter = Letter.objects.get()
    page = browser.get(letter.get_absolute_url())
    assert "Answer every question about the caregiver." in words(page)
    today = str(timezone.localdate())
    answers = {
        **dict.fromkeys(["harmed_minor", "has_habit", "neglected_duty"], "no"),
        **dict.fromkeys(["is_capable", "is_never_alone"], "yes"),
        "opinion": "我愿意跟奶奶住",
        "opinion_on": today,
        "committee_told_on": today,
        "committee_told": "居委会",
        "promises_contact": "on",
    }
    saved = browser.post(letter.get_absolute_url(), filled(page, 0, **answers), follow=True)
    days = {f"day_{party}": today for party in ("father", "mother", "caregiver")}
    signing_form = filled(saved, 1, **days, picture_caregiver=picture(), witness="王敏")
    for name in ("picture_father", "picture_mother"):
        signing_form.pop(name, None)
    answer = browser.post(reverse("guardianship:sign", args=[letter.pk]), signing_form, follow=True)
    assert "The letter is signed" in words(answer)
    assert Letter.objects.get().is_signed
    scan = letter.signatures.get(party="caregiver")
    assert (
        browser.get(reverse("records:attachment", args=["guardianship.signature", scan.pk, "picture"])).status_code
        == 200
    )


def test_a_bad_picture_is_refused_in_words_and_the_letter_waits(browser, community, director):
    letter = a_draft(left_behind_child(community), director)
    page = browser.get(letter.get_absolute_url())
    bad = SimpleUploadedFile("signature.jpg", b"<svg onload=x>", "image/jpeg")
    today = str(timezone.localdate())
    days = {f"day_{party}": today for party in ("father", "mother", "caregiver")}
    typed = filled(page, 1, **days, picture_caregiver=bad, witness="王敏")
    for name in ("picture_father", "picture_mother"):
        typed.pop(name, None)
    answer = browser.post(reverse("guardianship:sign", args=[letter.pk]), typed)
    assert "cannot be read as a picture" in answer.content.decode()
    assert 'value="王敏"' in answer.content.decode()
    assert Letter.objects.get().is_draft


def test_who_saves_second_sees_what_the_first_wrote(browser, community, director):
    letter = signing.prepare(left_behind_child(community), by=director)
    page = browser.get(letter.get_absolute_url())
    browser.post(letter.get_absolute_url(), filled(page, 0, school_told="刘老师"))
    answer = browser.post(letter.get_absolute_url(), filled(page, 0, school_told="马老师"))
    assert "Stored now: 刘老师" in words(answer)
    assert Letter.objects.get().school_told == "刘老师"


def test_dates_that_cannot_be_are_told(browser, community, director):
    letter = signing.prepare(left_behind_child(community), by=director)
    page = browser.get(letter.get_absolute_url())
    tomorrow = str(timezone.localdate() + dt.timedelta(days=1))
    typed = filled(page, 0, starts_on="2026-09-01", ends_on="2026-09-01", opinion_on=tomorrow)
    answer = words(browser.post(letter.get_absolute_url(), typed))
    assert "The last day must come after the first." in answer
    assert "This day lies in the future." in answer


def test_the_list_and_its_filters(browser, community, far_community, director, stranger):
    an_entrusted_child(community, director, days_ago(40), name="在期")
    lapsed, _letter = an_entrusted_child(community, director, days_ago(40), name="失效")
    change_caregiver(lapsed, None, by=director)
    draft = left_behind_child(community, name="未签")
    signing.prepare(draft, by=director)
    an_entrusted_child(far_community, stranger, days_ago(40), name="别处")

    def names(query):
        page = soup(browser.get(reverse("guardianship:letters") + query)).find("main")
        return {link.get_text() for link in page.select("tbody a")}

    assert names("") == {"在期", "失效", "未签"}
    assert names("?show=draft") == {"未签"}
    assert names("?show=in_force") == {"在期"}
    assert names("?show=lapsed") == {"失效"}
    assert names("?show=expiring") == names("?show=over") == set()
    assert names("?q=在期") == {"在期"}
    without = words(browser.get(reverse("guardianship:letters") + "?show=without"))
    assert [name in without for name in ("失效", "未签", "在期", "别处")] == [True, True, False, False]
    silent = words(browser.get(reverse("guardianship:letters") + "?show=silent"))
    assert "在期" in silent
    assert "nobody is on file any more" in words(browser.get(reverse("guardianship:letters") + "?show=lapsed"))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_queries_for_one_and_three(
    browser, community, director, count, django_assert_max_num_queries
):
    for _n in range(count):
        an_entrusted_child(community, director)
    browser.get(reverse("guardianship:letters"))
    with django_assert_max_num_queries(24):
        browser.get(reverse("guardianship:letters"))


def test_renewing_from_the_list_is_looked_over_first(browser, community, director):
    child, old = an_entrusted_child(community, director, days_ago(40))
    review = browser.get(reverse("guardianship:renew"), {"letter": [old.pk]})
    assert child.name in words(review)
    data = filled(review, -1)
    answer = browser.post(reverse("guardianship:renew"), {**data, "letter": [old.pk]}, follow=True)
    assert "1 letter is prepared" in answer.content.decode()
    assert Letter.objects.filter(child=child, status="draft").count() == 1
    nothing = browser.post(reverse("guardianship:renew"), {"letter": ["x", "9" * 30]}, follow=True)
    assert "Choose at least one signed letter" in nothing.content.decode()


def test_the_paper_has_two_copies_in_both_languages(browser, community, director):
    _child, letter = an_entrusted_child(community, director)
    paper = browser.get(reverse("paper", args=["guardianship_letter", letter.pk]))
    text = words(paper)
    assert len(soup(paper).select("article.sheet")) == 2
    assert [
        one in text for one in ("监护责任书", "Guardianship responsibility letter", "王秀英", "陈建国", "我愿意")
    ] == [True] * 5


def test_a_stranger_sees_neither_letter_nor_scan_nor_paper(signed_in, stranger, supervisor, community, director):
    _child, letter = an_entrusted_child(community, director)
    scan = letter.signatures.get(party="caregiver")
    places = [
        letter.get_absolute_url(),
        reverse("paper", args=["guardianship_letter", letter.pk]),
        reverse("records:attachment", args=["guardianship.signature", scan.pk, "picture"]),
    ]
    assert [signed_in(stranger).get(place).status_code for place in places] == [404, 404, 404]
    assert [signed_in(supervisor).get(place).status_code for place in places] == [200, 200, 200]
    assert signed_in(supervisor).post(reverse("guardianship:cancel", args=[letter.pk])).status_code == 404


def test_contacts_are_noted_from_the_file(browser, community):
    child = left_behind_child(community)
    page = browser.get(reverse("children:file", args=[child.pk]) + "?tab=family")
    token = soup(page).find("input", {"name": "once_token"})["value"]
    data = {"made_on": str(days_ago(12)), "who": "mother", "how": "video", "minutes": "20", "once_token": token}
    answer = browser.post(reverse("guardianship:contact", args=[child.pk]), data, follow=True)
    assert "Last contact 12 days ago" in words(answer)
    assert FamilyContact.objects.get().minutes == 20
    browser.post(reverse("guardianship:contact", args=[child.pk]), data)
    assert FamilyContact.objects.count() == 1
    later = {**data, "made_on": str(timezone.localdate() + dt.timedelta(days=1)), "once_token": str(uuid.uuid4())}
    answer = browser.post(reverse("guardianship:contact", args=[child.pk]), later, follow=True)
    assert "lies in the future" in answer.content.decode()


@pytest.mark.parametrize(("heard", "is_silent"), [(None, True), (14, True), (13, False), (0, False)])
def test_silence_is_counted_from_two_weeks(community, director, heard, is_silent):
    child, _letter = an_entrusted_child(community, director, days_ago(40))
    an_entrusted_child(community, director, days_ago(3), name="新签")
    if heard is not None:
        contacting.note_contact(child, made_on=days_ago(heard), who="both", how="call", by=director)
    rows = measures.get("without_weekly_contact").rows(Scope.of(community.pk), Period.day(timezone.localdate()))
    assert list(rows) == ([child] if is_silent else [])


def test_a_contact_before_birth_is_refused(community, director):
    child = left_behind_child(community)
    with pytest.raises(Refused, match="before the child's birth"):
        contacting.note_contact(child, made_on=dt.date(1999, 1, 1), who="both", how="call", by=director)
