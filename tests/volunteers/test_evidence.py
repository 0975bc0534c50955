"""A duty whose rule asks for a photo; who was met; what the guided questions keep."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from records.attachments import store_image
from records.lifecycle import Refused
from tests.volunteers.factories import a_child, a_helper, a_paired_child, a_pairing, consents, days
from tests.volunteers.test_portal import picture, token_of, write
from volunteers import contacts, questions
from volunteers.kinds import DutyKind
from volunteers.models import ChildLetter, Contact, Duty, DutyRule

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_term")]
MOST_QUERIES = 20


@pytest.fixture
def visit_needs_photo(district):
    for kind in DutyKind.values:
        DutyRule.objects.create(
            district=district,
            pairing_kind="loving_mother",
            duty_kind=kind,
            evidence={"visit": "required", "letter": "required", "talk": "none"}.get(kind, "allowed"),
            from_day=days(-100),
        )


def log(helper, *kinds, **facts):
    return contacts.log(helper, pairings=helper.pairings.current(), kinds=kinds, by=helper.user, **facts)


def done():
    return set(Duty.objects.exclude(done_on=None).values_list("kind", flat=True))


def test_without_its_photo_the_entry_is_kept_and_the_duty_stays_open(community, director, helper, visit_needs_photo):
    child = a_paired_child(community, helper, director)
    consents(child, "photo")
    entry = log(helper, "visit", "guardian", note="都好")
    assert entry.lacking == ["visit"]
    assert done() == {"guardian"}
    assert Contact.objects.get().note == "都好"
    assert log(helper, "visit", photo=store_image(picture(), helper.user)).lacking == []
    assert done() == {"guardian", "visit"}


def test_nobody_is_asked_for_a_photo_that_the_family_does_not_want(community, director, helper, visit_needs_photo):
    a_paired_child(community, helper, director)
    assert log(helper, "visit").lacking == []
    assert done() == {"visit"}


def test_of_brothers_and_sisters_only_the_one_with_consent_is_asked(community, director, helper, visit_needs_photo):
    first = a_paired_child(community, helper, director)
    consents(first, "photo")
    second = a_paired_child(community, helper, director, name="陈小雪", household=first.household)
    assert log(helper, "visit").lacking == ["visit"]
    assert Duty.objects.get(kind="visit", pairing__child=second).done_on == days(0)
    assert Duty.objects.get(kind="visit", pairing__child=first).done_on is None


def test_of_brothers_and_sisters_it_is_said_whose_consent_is_missing(
    community, director, helper, visit_needs_photo, portal
):
    first = a_paired_child(community, helper, director)
    consents(first, "photo")
    second = a_paired_child(community, helper, director, name="陈小雪", household=first.household)
    typed = {"children": [first.pk, second.pk], "kinds": ["visit"], "note": "都好"}
    back = write(portal, None, **typed, photo=picture())
    assert "There is no consent to photos of 小雪." in back.content.decode()
    assert "都好" in back.content.decode()
    again = {**typed, "made_on": str(days(0)), "once_token": token_of(back)}
    answer = portal.post(reverse("portal:log"), again)
    assert answer.url == reverse("portal:children")
    assert "please send the photo with an entry of its own" in portal.get(answer.url).content.decode()
    entry = Contact.objects.get()
    page = portal.get(reverse("portal:entry_correct", args=[entry.pk])).content.decode()
    assert "No photo here: there is no consent to photos of 小雪." in page
    assert write(portal, first.pairings.get(), photo=picture()).url == reverse("portal:children")
    assert not Duty.objects.filter(kind="visit", done_on=None).exists()


def test_a_scan_of_a_letter_needs_no_consent_to_photos(community, director, helper, visit_needs_photo):
    a_paired_child(community, helper, director)
    assert log(helper, "letter").lacking == ["letter"]
    scan = store_image(picture(), helper.user)
    with pytest.raises(Refused, match="consent to photos"):
        log(helper, "letter", "talk", photo=scan)
    log(helper, "letter", photo=scan)
    assert done() == {"letter"}


def test_a_letter_handed_over_has_shown_itself(community, director, helper, visit_needs_photo):
    pairing = a_paired_child(community, helper, director).pairings.get()
    letter = ChildLetter.write(pairing, text="你好", by=helper.user)
    letter.pass_on(by=director)
    letter.deliver(by=director)
    assert done() == {"letter"}


def test_where_the_district_wants_no_photo_none_is_taken(community, director, helper, visit_needs_photo):
    child = a_paired_child(community, helper, director)
    consents(child, "photo")
    with pytest.raises(Refused, match="wants no photo"):
        log(helper, "talk", photo=store_image(picture(), helper.user))
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    ("kinds", "met", "fits"),
    [
        (["talk"], ["child"], True),
        (["talk"], ["guardian"], False),
        (["guardian"], ["child", "guardian"], True),
        (["guardian"], ["family"], False),
        (["teacher"], ["child"], False),
        (["visit", "letter"], ["family"], True),
        (["talk", "teacher"], [], True),
        (["talk"], ["nobody"], True),
        ([], ["nobody", "child"], False),
    ],
)
def test_who_was_met_fits_what_it_was(kinds, met, fits, community, director, helper):
    a_paired_child(community, helper, director)
    if fits:
        assert log(helper, *kinds, met=met).met == met
    else:
        with pytest.raises(Refused):
            log(helper, *kinds, met=met)


def test_a_try_settles_nothing_and_is_seen(community, director, helper, signed_in):
    a_paired_child(community, helper, director)
    log(helper, "visit", "talk", met=["nobody"])
    assert done() == set()
    assert Contact.objects.get().kinds == ["visit", "talk"]
    shown = signed_in(director).get(reverse("admin:volunteers_contact_changelist") + "?state=tried")
    assert "nobody reached" in shown.content.decode()


def test_answers_are_kept_unreadable_and_without_what_nobody_asked(community, director, helper):
    a_paired_child(community, helper, director)
    given = {"home": {"ticks": ["tidy", "gold"], "words": "炉子新"}, "mood": {"ticks": []}, "bank": {"words": "x"}}
    log(helper, "visit", answers=given)
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM volunteers_contact")
        assert "tidy" not in cursor.fetchone()[0]
    stored = Contact.objects.get()
    assert stored.answers == {"home": {"ticks": ["tidy"], "words": "炉子新"}}
    assert stored.get_answers_display() == "What was it like at home? clean and tidy, 炉子新"
    assert not stored.follow_up


def test_every_kind_of_contact_but_the_letter_has_a_question_and_a_follow_up_has_all():
    asked = {kind for question in questions.QUESTIONS for kind in question.kinds}
    assert asked == set(DutyKind.values) - {"letter"}
    assert [q.key for q in questions.QUESTIONS if not q.kinds] == [questions.FOLLOW_UP]


# The portal's form ----------------------------------------------------------------------------------------------------


def test_the_form_says_beforehand_what_needs_a_photo(portal, community, director, helper, visit_needs_photo):
    child = a_paired_child(community, helper, director)
    text = portal.get(reverse("portal:log")).content.decode()
    assert "letter to the child (小雨)" in text  # a scan needs no consent
    assert "visit at home (小雨)" not in text
    consents(child, "photo")
    page = portal.get(reverse("portal:log"))
    assert "visit at home (小雨)" in page.content.decode()
    assert "photo needed" in portal.get(reverse("portal:due")).content.decode()


def test_a_missing_photo_leads_to_where_it_can_be_added(portal, community, director, helper, visit_needs_photo):
    child = a_paired_child(community, helper, director)
    consents(child, "photo")
    answer = write(portal, child.pairings.get())
    entry = Contact.objects.get()
    address = reverse("portal:entry_correct", args=[entry.pk])
    assert answer.url == address
    page = portal.get(address)
    assert "a photo is needed: visit at home" in page.content.decode()
    values = {"kinds": ["visit"], "made_on": str(days(0)), "seen": 0, "once_token": token_of(page), "photo": picture()}
    assert portal.post(address, values).url == reverse("portal:entries")
    entry.refresh_from_db()
    assert entry.photo_id
    assert done() == {"visit"}


def test_the_form_keeps_answers_and_says_who_does_not_fit(portal, community, director, helper):
    pairing = a_paired_child(community, helper, director).pairings.get()
    wrong = write(portal, pairing, kinds=["talk"], met=["guardian"], mood_ticks=["calm"], mood_words="想妈妈")
    text = wrong.content.decode()
    assert "is with the child itself" in text
    assert "想妈妈" in text
    assert not Contact.objects.exists()
    write(portal, pairing, kinds=["talk"], met=["child"], mood_ticks=["calm"], follow_up_ticks=["call"])
    stored = Contact.objects.get()
    assert stored.answers == {"mood": {"ticks": ["calm"]}, "follow_up": {"ticks": ["call"]}}
    assert stored.follow_up
    own = portal.get(reverse("portal:entries")).content.decode()
    assert "How is the child feeling?" in own
    assert "calm" in own


@pytest.mark.parametrize(("children", "kinds"), [(1, ["visit"]), (1, ["visit", "talk", "guardian"]), (4, ["visit"])])
@pytest.mark.parametrize("with_photo", [False, True])
def test_logging_is_one_request_of_under_20_queries(children, kinds, with_photo, portal, community, director, helper):
    first = a_paired_child(community, helper, director)
    for n in range(1, children):
        a_paired_child(community, helper, director, name=f"陈小{n}", household=first.household)
    chosen = list(helper.pairings.values_list("child", flat=True))
    for pairing in helper.pairings.all():
        consents(pairing.child, "photo")
    page = portal.get(reverse("portal:log"))
    values = {"children": chosen, "kinds": kinds, "made_on": str(days(0)), "met": ["child", "guardian"]}
    values |= {"home_ticks": ["tidy"], "note": "都好", "once_token": token_of(page)}
    if with_photo:
        values["photo"] = picture()
    with CaptureQueriesContext(connection) as asked:
        assert portal.post(reverse("portal:log"), values).status_code == 302
    told = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"][:20]]  # no round trip for data
    assert len(told) < MOST_QUERIES, "\n".join(told)
    assert len(done()) == len(kinds)


def test_another_helpers_duties_stay_as_they_are(community, director, helper):
    a_paired_child(community, helper, director)
    other = a_pairing(a_child(community, name="周明"), a_helper(community, director, name="赵敏"), director)
    log(helper, "visit")
    assert other.duties.exclude(done_on=None).count() == 0
