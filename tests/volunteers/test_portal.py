import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from children.models import Child, Concern
from records.drafts import Draft
from records.trail import TrailEntry
from tests.volunteers.factories import a_child, a_helper, a_paired_child, a_pairing, an_adult, consents, days
from volunteers import contacts
from volunteers.models import Contact, Pairing
from volunteers.seen import age_words, children_of, given_name

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_term")]
PAGES = ["children", "due", "log", "letters", "letter_new", "entries", "concern", "call", "me"]


def token_of(page):
    return page.content.decode().split('name="once_token" value="')[1].split('"')[0]


def write(portal, pairing=None, **answers):
    """Fill the form as a person does, and send it."""
    page = portal.get(reverse("portal:log"))
    data = {"children": [pairing.child_id] if pairing else [], "kinds": ["visit"], "made_on": str(days(0))}
    return portal.post(reverse("portal:log"), {**data, "once_token": token_of(page), **answers})


def picture():
    file = io.BytesIO()
    Image.new("RGB", (20, 20), "blue").save(file, "JPEG")
    file.seek(0)
    file.name = "photo.jpg"
    return file


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("陈小雨", "小雨"),
        ("李明", "明"),
        ("欧阳文博", "文博"),
        ("欧阳", "阳"),
        ("阿依努尔·买买提", "阿依努尔"),
        ("Bob Li", "Bob"),
    ],
)
def test_only_the_given_name_is_shown(name, given):
    assert given_name(name) == given


def test_age_counts_birthdays():
    assert age_words(dt.date(2016, 11, 24), dt.date(2026, 11, 23)) == "9 years old"
    assert age_words(dt.date(2016, 11, 23), dt.date(2026, 11, 23)) == "10 years old"


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_in_both_languages(page, portal, community, director, helper):
    a_paired_child(community, helper, director)
    for language in ("en", "zh-hans"):
        portal.cookies["language"] = language
        assert portal.get(reverse(f"portal:{page}")).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_kind_without_any_child(page, portal, helper):
    assert portal.get(reverse(f"portal:{page}")).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_as_much_for_many_children_as_for_one(page, portal, community, director, helper):
    helper.capacity = 20
    helper.save()
    counts = []
    portal.get(reverse("portal:me"))
    for more in (1, 2, 7):
        for number in range(more):
            child = a_paired_child(community, helper, director, name=f"张小{number}")
            contacts.log(helper, pairings=child.pairings.all(), kinds=["visit"], by=director)
        with CaptureQueriesContext(connection) as asked:
            portal.get(reverse(f"portal:{page}"))
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2], counts


def test_hidden_columns_are_not_even_loaded(community, director, helper):
    a_paired_child(community, helper, director, health="哮喘", id_number="", remark="x")
    child = children_of(helper)[0].child
    hidden = {"id_number", "health", "disability_type", "illness", "guardianship_quality", "remark"}
    hidden |= {"registered_address", "class_teacher", "class_teacher_phone", "reported_as", "former_name", "sex"}
    assert hidden <= child.get_deferred_fields()


def test_the_childs_page_shows_no_more_than_it_should(portal, community, director, helper):
    child = a_paired_child(community, helper, director, school="新体路小学", health="哮喘")
    an_adult(child, "grandmother_p", cares=True, name="陈奶奶", phone="16112345678")
    text = portal.get(reverse("portal:child", args=[child.pk])).content.decode()
    assert "小雨" in text
    assert "新体路小学" in text
    for hidden in ("陈小雨", "哮喘", "陈奶奶", "16112345678", child.number, str(child.birth_date)):
        assert hidden not in text


def test_reading_a_childs_page_and_revealing_are_on_the_trail(portal, community, director, helper):
    child = a_paired_child(community, helper, director, class_teacher="刘老师", class_teacher_phone="15412345699")
    child.household.address = "新体路5号楼"
    child.household.save()
    an_adult(child, "grandmother_p", cares=True, name="陈奶奶", phone="16112345678")
    portal.get(reverse("portal:child", args=[child.pk]))
    assert TrailEntry.objects.about(child).reads().get().actor == helper.user
    assert portal.get(reverse("portal:reveal", args=[child.pk])).status_code == 405
    text = portal.post(reverse("portal:reveal", args=[child.pk])).content.decode()
    for shown in ("陈奶奶", "16112345678", "新体路5号楼", "刘老师", "15412345699"):
        assert shown in text
    act = TrailEntry.objects.about(child).get(verb="revealed")
    assert act.fields == ["address", "class_teacher_phone", "phone"]


def test_a_tutor_is_not_told_the_teachers_phone(portal, community, director, helper):
    child = a_child(community, class_teacher="刘老师", class_teacher_phone="15412345699")
    a_pairing(child, helper, director, kind="tutor")
    text = portal.post(reverse("portal:reveal", args=[child.pk])).content.decode()
    assert "刘老师" not in text


def test_one_short_form_makes_one_entry(portal, community, director, helper):
    child = a_paired_child(community, helper, director)
    pairing = child.pairings.get()
    Draft.keep(helper.user, "portal-contact", {"note": "写了一半"})
    assert "写了一半" in portal.get(reverse("portal:log")).content.decode()
    answer = write(portal, pairing, kinds=["visit", "talk"], note="都好")
    assert answer.url == reverse("portal:children")
    contact = Contact.objects.get()
    assert (contact.kinds, contact.note, contact.created_by) == (["visit", "talk"], "都好", helper.user)
    assert Draft.find(helper.user, "portal-contact") is None
    assert "都好" in portal.get(reverse("portal:entries")).content.decode()


def test_logging_asks_at_most_20_questions(portal, community, director, helper):
    pairing = a_paired_child(community, helper, director).pairings.get()
    page = portal.get(reverse("portal:log"))
    data = {"children": [pairing.child_id], "kinds": ["visit"], "made_on": str(days(0)), "note": "都好"}
    with CaptureQueriesContext(connection) as asked:
        portal.post(reverse("portal:log"), {**data, "once_token": token_of(page)})
    work = [q["sql"] for q in asked if "SAVEPOINT" not in q["sql"]]
    assert Contact.objects.count() == 1
    assert len(work) <= 20, "\n".join(work)


def test_a_second_submit_of_the_same_form_makes_nothing(portal, community, director, helper):
    pairing = a_paired_child(community, helper, director).pairings.get()
    token = token_of(portal.get(reverse("portal:log")))
    for _time in range(2):
        assert write(portal, pairing, once_token=token).status_code == 302
    assert Contact.objects.count() == 1


def test_what_was_typed_stays_after_an_error(portal, community, director, helper):
    a_paired_child(community, helper, director)
    answer = write(portal, None, note="奶奶说很好")
    assert answer.status_code == 200
    assert "奶奶说很好" in answer.content.decode()
    assert "Choose at least one child" in answer.content.decode()


@pytest.mark.parametrize(
    "junk",
    [
        {"children": ["abc"]},
        {"children": ["99999999999999999999"]},
        {"kinds": ["party"]},
        {"made_on": "0000-99-99"},
        {"made_on": "99999-01-01"},
        {"minutes": "-5"},
        {"minutes": "9" * 30},
        {"place": "moon"},
        {"note": "a\x00b"},
        {"once_token": "junk"},
        {"once_token": ""},
    ],
)
def test_junk_is_a_form_error(junk, portal, community, director, helper):
    pairing = a_paired_child(community, helper, director).pairings.get()
    assert write(portal, pairing, **junk).status_code in (200, 302)
    assert not Contact.objects.exists()


def test_a_strange_child_cannot_be_written_about(portal, community, director, helper):
    a_paired_child(community, helper, director)
    other = a_helper(community, director, name="赵敏")
    theirs = a_paired_child(community, other, director, name="周明")
    answer = write(portal, theirs.pairings.get())
    assert answer.status_code == 200
    assert not Contact.objects.exists()


def test_a_pairing_that_ended_meanwhile_is_refused_in_words(portal, community, director, helper):
    pairing = a_paired_child(community, helper, director).pairings.get()
    token = token_of(portal.get(reverse("portal:log")))
    pairing.end(by=director)
    answer = write_blind(portal, pairing, token)
    assert answer.status_code == 200
    assert not Contact.objects.exists()


def write_blind(portal, pairing, token):
    data = {"children": [pairing.child_id], "kinds": ["visit"], "made_on": str(days(0)), "once_token": token}
    return portal.post(reverse("portal:log"), data)


def test_a_photo_only_with_consent(portal, community, director, helper):
    pairing = a_paired_child(community, helper, director).pairings.get()
    assert b'name="photo"' not in portal.get(reverse("portal:log")).content
    answer = write(portal, pairing, photo=picture())
    assert "no consent to photos" in answer.content.decode()
    consents(pairing.child, "photo")
    assert write(portal, pairing, photo=picture()).status_code == 302
    contact = Contact.objects.get()
    shown = portal.get(reverse("portal:entry_photo", args=[contact.pk]))
    assert shown["Content-Type"] == "image/jpeg"
    assert "no-store" in shown["Cache-Control"]
    assert b"".join(shown.streaming_content)[:2] == b"\xff\xd8"
    pairing.end(by=director)
    assert portal.get(reverse("portal:entry_photo", args=[contact.pk])).status_code == 404


def test_the_childs_photo_needs_pairing_and_consent(portal, community, director, helper):
    from records.attachments import store_image

    child = a_paired_child(community, helper, director)
    Child.objects.filter(pk=child.pk).update(photo=store_image(picture(), director))
    address = reverse("portal:child_photo", args=[child.pk])
    assert portal.get(address).status_code == 404
    consents(child, "photo")
    answer = portal.get(address)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content)
    Pairing.objects.get().end(by=director)
    assert portal.get(address).status_code == 404


def test_a_worry_is_passed_on_even_when_the_form_is_wrong(portal, community, director, helper):
    pairing = a_paired_child(community, helper, director).pairings.get()
    answer = write(portal, pairing, made_on="yesterday", worried="on", worry="手臂有伤")
    assert answer.status_code == 200
    concern = Concern.objects.get()
    assert (concern.child_id, concern.what, concern.raised_by) == (pairing.child_id, "手臂有伤", helper.user)
    assert "passed on" in answer.content.decode()
    assert not Contact.objects.exists()


def test_a_worry_with_a_contact_leads_to_whom_to_call(portal, community, director, helper):
    pairing = a_paired_child(community, helper, director).pairings.get()
    answer = write(portal, pairing, worried="on")
    assert answer.url == reverse("portal:call")
    assert Concern.objects.count() == Contact.objects.count() == 1


def test_words_of_worry_count_without_the_tick(portal, community, director, helper):
    pairing = a_paired_child(community, helper, director).pairings.get()
    assert write(portal, pairing, worry="手臂有伤").url == reverse("portal:call")
    assert Concern.objects.get().what == "手臂有伤"


def test_the_worry_page_shows_numbers_first_and_asks_only_for_the_child(portal, community, director, helper):
    child = a_paired_child(community, helper, director)
    page = portal.get(reverse("portal:concern"))
    text = page.content.decode()
    assert text.index("110") < text.index('name="children"')
    data = {"children": [child.pk], "once_token": token_of(page)}
    assert portal.post(reverse("portal:concern"), data).url == reverse("portal:call")
    portal.post(reverse("portal:concern"), data)
    assert Concern.objects.count() == 1


def test_entries_about_a_child_no_longer_accompanied_are_gone(portal, community, director, helper):
    pairing = a_paired_child(community, helper, director).pairings.get()
    write(portal, pairing, note="都好")
    pairing.end(by=director)
    text = portal.get(reverse("portal:entries")).content.decode()
    assert "都好" not in text
    assert "小雨" not in text
