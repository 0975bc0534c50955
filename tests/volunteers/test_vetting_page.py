"""What staff put on file on the page of what is asked of a helper: evidence with scans, exemptions, the photo."""

import pytest
from django.urls import reverse

from records.attachments import owner_attachment_url
from records.models import Attachment, TrailEntry
from tests.children.pages import filled, soup, words
from tests.volunteers.factories import a_helper, asks, days
from tests.volunteers.test_portal import picture
from volunteers.models import Evidence, PledgeText
from volunteers.models.record_check import months_after
from volunteers.models.requirement import Asked

pytestmark = pytest.mark.django_db
EVIDENCE, PHOTO = 0, 1  # the forms of the page, in their order


def page_of(helper):
    return reverse("admin:volunteers_volunteer_vetting", args=[helper.pk])


@pytest.fixture
def desk(signed_in, director):
    return signed_in(director)


def put(desk, helper, **typed):
    """Fill the form as a person does, and send it."""
    data = filled(desk.get(page_of(helper)), EVIDENCE, **typed)
    return desk.post(page_of(helper), {name: value for name, value in data.items() if name != "scan" or value})


def kept():
    fields = ["what", "result", "done_on", "valid_until", "note", "pledge_number"]
    return list(Evidence.objects.order_by("pk").values_list(*fields))


def linked(page, title):
    """Where the files under one heading of the page lead to, from above."""
    card = next(card for card in soup(page).select("section.card") if card.find("h2").text.strip() == title)
    return [link["href"] for link in card.select("li a")]


def test_an_interview_with_its_scan_is_on_file_and_leads_to_the_scan(desk, district, director, helper):
    asks(district, Asked.INTERVIEW, kind="tutor", valid_months=24)
    answer = put(desk, helper, what="interview", done_on=str(days(-3)), note="很有耐心", scan=picture())
    assert answer.url == page_of(helper)
    assert kept() == [("interview", "met", days(-3), months_after(days(-3), 24), "很有耐心", None)]
    evidence = Evidence.objects.get()
    assert (evidence.volunteer, evidence.recorded_by) == (helper, director)
    page = desk.get(answer.url)
    assert "It is on file." in words(page)
    scan = owner_attachment_url(evidence, "scan")
    assert linked(page, "What is asked") == [scan]
    assert linked(page, "On file so far") == [scan]
    assert desk.get(scan)["Content-Type"] == "image/jpeg"
    assert TrailEntry.objects.filter(verb="showed evidence", object_key=str(helper.pk)).count() == 1


def test_earlier_scans_are_found_among_what_is_on_file(desk, district, helper):
    asks(district, Asked.INTERVIEW)
    for day in (-30, -3):
        put(desk, helper, what="interview", done_on=str(days(day)), scan=picture())
    earlier, latest = (owner_attachment_url(one, "scan") for one in Evidence.objects.order_by("done_on"))
    put(desk, helper, what="references")
    page = desk.get(page_of(helper))
    assert linked(page, "What is asked") == [latest]
    assert linked(page, "On file so far") == [latest, earlier]  # what has none leads nowhere


def test_an_end_typed_by_hand_counts_and_never_lies_before_the_day(desk, helper):
    page = put(desk, helper, what="training", done_on=str(days(-3)), valid_until=str(days(-4)), note="社区课堂")
    assert "This cannot end before the day it was done." in words(page)
    assert filled(page, EVIDENCE)["note"] == "社区课堂"
    desk.post(page_of(helper), filled(page, EVIDENCE, valid_until=str(days(90)), scan=""))
    assert kept() == [("training", "met", days(-3), days(90), "社区课堂", None)]


def test_an_exemption_gives_its_reason(desk, helper):
    page = put(desk, helper, what="references", result="exempt", done_on=str(days(-2)))
    assert page.status_code == 200
    assert "Say why this is not asked of this helper." in words(page)
    typed = filled(page, EVIDENCE)
    assert (typed["what"], typed["result"], typed["done_on"]) == ("references", "exempt", str(days(-2)))
    assert kept() == []
    desk.post(page_of(helper), {**typed, "note": "退休教师，本社区熟知", "scan": ""})
    assert kept() == [("references", "exempt", days(-2), None, "退休教师，本社区熟知", None)]


def test_a_pledge_on_paper_is_of_the_version_in_use_on_its_day(desk, district, director, helper):
    PledgeText.publish(district=district, text="新的承诺", from_day=days(20), by=director)
    PledgeText.objects.update(published_on=days(-10))
    for day in (-11, -10, 0):
        put(desk, helper, what="pledge", done_on=str(days(day)))
    assert [(done_on, number) for _what, _result, done_on, _until, _note, number in kept()] == [
        *[(days(-11), 0), (days(-10), 1), (days(0), 1)],
    ]


def test_a_second_click_makes_no_second_row(desk, helper):
    data = filled(desk.get(page_of(helper)), EVIDENCE, what="interview", scan="")
    first, second = (desk.post(page_of(helper), data) for _click in range(2))
    assert first.url == second.url == page_of(helper)
    assert len(kept()) == 1
    assert "This form had already been sent." in words(desk.get(second.url))


def test_without_a_token_nothing_is_kept_but_what_was_typed(desk, helper):
    page = desk.post(page_of(helper), {"what": "interview", "result": "met", "done_on": str(days(0)), "note": "面谈"})
    assert "This form could not be recognised." in words(page)
    assert filled(page, EVIDENCE)["note"] == "面谈"
    assert kept() == []


def test_what_is_no_picture_leaves_nothing_behind(desk, helper):
    forged = picture()
    forged.write(b"%PDF-1.4 no picture at all")
    forged.seek(0)
    page = put(desk, helper, what="interview", note="面谈", scan=forged)
    assert page.status_code == 200
    assert filled(page, EVIDENCE)["note"] == "面谈"
    assert (kept(), Attachment.objects.count()) == ([], 0)


def test_nobody_puts_their_own_interview_on_file(signed_in, community, director):
    own = a_helper(community, None, user=director)
    page = put(signed_in(director), own, what="interview", note="自己写的")
    assert "Nobody records this about themselves: ask a colleague." in words(page)
    assert filled(page, EVIDENCE)["note"] == "自己写的"
    assert kept() == []


def test_a_photo_is_kept_and_shown(desk, helper):
    answer = desk.post(page_of(helper), {"photo": picture()})
    assert answer.url == page_of(helper)
    helper.refresh_from_db()
    address = owner_attachment_url(helper, "photo")
    assert soup(desk.get(answer.url)).find("main").find("img", src=address)
    assert desk.get(address)["Content-Type"] == "image/jpeg"
    assert TrailEntry.objects.get(verb="added a picture").object_key == str(helper.pk)


def test_a_new_photo_takes_the_place_of_the_earlier_one(desk, helper):
    for _time in range(2):
        desk.post(page_of(helper), {"photo": picture()})
    helper.refresh_from_db()
    assert Attachment.objects.get() == helper.photo


def test_no_photo_chosen_is_said_beside_the_photo_alone(desk, helper):
    page = desk.post(page_of(helper), {"photo": ""})
    helper.refresh_from_db()
    assert helper.photo_id is None
    forms = soup(page).find("main").find_all("form")
    assert [[said.text for said in form.select(".errorlist li")] for form in forms] == [[], ["This field is required."]]


def test_a_stranger_finds_nothing(signed_in, stranger, helper, desk):
    typed = filled(desk.get(page_of(helper)), EVIDENCE, what="interview", scan="")
    far = signed_in(stranger)
    for data in (typed, {"photo": picture()}):
        assert far.post(page_of(helper), data).status_code == 404
    assert far.get(page_of(helper)).status_code == 404
    helper.refresh_from_db()
    assert (kept(), helper.photo_id) == ([], None)
