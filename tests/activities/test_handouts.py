"""Handouts kept with an activity: words and a picture, printed, and there for the helpers who lead or help."""

import io
import uuid

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image

from activities.models import HandoutSheet
from records.attachments import Attachment
from records.lifecycle import Refused
from records.trail import TrailEntry
from tests.activities.factories import make_activity, picture_bytes
from tests.volunteers.factories import a_helper

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(director, community):
    return make_activity(
        community, director, title="家长学校", kind="parent_school", theme="habits", audience="carers", helpers_needed=2
    )


@pytest.fixture
def sheet(school, director):
    facts = {"title": "好习惯二十条", "text": "按时睡觉\n多喝水"}
    return HandoutSheet(activity=school, community=school.community, **facts).keep(by=director)


def words(answer):
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


def upload(content=None, name="页.jpg", kind="image/jpeg"):
    return SimpleUploadedFile(name, content or picture_bytes(), kind)


def send(client, address, **form):
    return client.post(address, {"once_token": uuid.uuid4(), **form}, follow=True)


def test_it_is_added_shown_and_printed(director, signed_in, school):
    client, form = signed_in(director), f"/activities/{school.pk}/handout/"
    page = send(client, form, title="好习惯二十条", text="按时睡觉", uploaded=upload(), nobody="on")
    assert "The handout is kept with the activity." in words(page)
    kept = HandoutSheet.objects.get()
    assert (kept.activity, kept.added_by, kept.community) == (school, director, school.community)
    assert "好习惯二十条" in words(client.get(school.get_absolute_url()))
    printed = client.get(f"/papers/handout/{kept.pk}/")
    assert "按时睡觉" in words(printed)
    address = f"/attachments/activities.handoutsheet/{kept.pk}/picture/"
    assert address in printed.content.decode()
    assert client.get(address).status_code == 200
    assert TrailEntry.objects.filter(verb="printed handout", object_key=str(kept.pk)).exists()


def test_a_picture_is_written_anew_without_what_was_hidden_in_it(director, signed_in, school):
    stream = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    Image.new("RGB", (40, 30), "orange").save(stream, "JPEG", exif=exif)
    send(
        signed_in(director),
        f"/activities/{school.pk}/handout/",
        title="a",
        uploaded=upload(stream.getvalue()),
        nobody="on",
    )
    with HandoutSheet.objects.get().picture.file.open("rb") as file:
        assert b"secret place" not in file.read()


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7 \n1 0 obj", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"PK\x03\x04 docx"]
)
def test_what_is_no_picture_is_refused_in_words_and_what_was_typed_stays(content, director, signed_in, school):
    form = f"/activities/{school.pk}/handout/"
    page = send(
        signed_in(director),
        form,
        title="手册",
        text="一些话",
        uploaded=upload(content, "x.pdf", "application/pdf"),
        nobody="on",
    )
    assert "一些话" in page.content.decode()
    assert page.context["messages"]
    assert not HandoutSheet.objects.exists()
    assert not Attachment.objects.exists()


def test_an_empty_sheet_and_a_picture_nobody_looked_at_are_refused(director, signed_in, school):
    client, form = signed_in(director), f"/activities/{school.pk}/handout/"
    assert "Write what it says, or add a picture of the page." in words(send(client, form, title="手册"))
    page = send(client, form, title="手册", uploaded=upload())
    assert "Look at the picture first, then tick here." in words(page)
    assert not HandoutSheet.objects.exists()
    with pytest.raises(IntegrityError, match="says_or_shows"), transaction.atomic():
        HandoutSheet.objects.create(activity=school, community=school.community, title="x", added_by=director)


def test_another_picture_takes_the_place_of_the_one_before(director, signed_in, school):
    sheet = HandoutSheet(activity=school, community=school.community, title="手册").keep(uploaded=upload(), by=director)
    first, client = sheet.picture_id, signed_in(director)
    form = {"title": "手册二", "text": "", "uploaded": upload(), "nobody": "on", "seen_version": sheet.version}
    assert send(client, f"/activities/handout/{sheet.pk}/change/", **form).status_code == 200
    sheet.refresh_from_db()
    assert (sheet.title, sheet.picture_id != first) == ("手册二", True)
    assert list(Attachment.objects.values_list("pk", flat=True)) == [sheet.picture_id]
    assert "The handout is removed." in words(send(client, f"/activities/handout/{sheet.pk}/remove/"))
    assert not Attachment.objects.exists()


def test_who_has_an_old_page_open_sees_what_was_saved(sheet, director, signed_in):
    client = signed_in(director)
    form = {"title": "旧的", "text": "旧的", "seen_version": sheet.version}
    sheet.text = "新的"
    sheet.keep(by=director)
    page = words(send(client, f"/activities/handout/{sheet.pk}/change/", **form))
    assert "Somebody else saved this" in page
    sheet.refresh_from_db()
    assert sheet.text == "新的"


def test_others_find_no_sheet(sheet, school, signed_in, stranger, federation, supervisor, counsellor):
    for user in (stranger, federation, counsellor):
        client = signed_in(user)
        for address in (f"/activities/handout/{sheet.pk}/", f"/papers/handout/{sheet.pk}/"):
            assert client.get(address).status_code == 404
    reads = signed_in(supervisor)
    assert "按时睡觉" in words(reads.get(f"/activities/handout/{sheet.pk}/"))
    for address in (f"/activities/handout/{sheet.pk}/change/", f"/activities/{school.pk}/handout/"):
        assert reads.get(address).status_code == 404
    assert send(reads, f"/activities/handout/{sheet.pk}/remove/").status_code == 404
    assert HandoutSheet.objects.exists()


def test_helpers_of_the_activity_read_it_in_the_portal_and_no_others(
    sheet, school, director, community, make_user, signed_in
):
    user = make_user("volunteer", community, "volunteer", name="王爱华")
    helper, client = a_helper(community, director, user=user), signed_in(user)
    sheet.keep(uploaded=upload(), by=director)
    ways = [f"/portal/activities/handout/{sheet.pk}/", f"/portal/activities/handout/{sheet.pk}/picture/"]
    assert [client.get(way).status_code for way in ways] == [404, 404]
    place = school.take_helper(helper, by=director)
    assert [client.get(way).status_code for way in ways] == [200, 200]
    assert "按时睡觉" in words(client.get(ways[0]))
    assert ways[0] in client.get("/portal/activities/").content.decode()
    assert TrailEntry.objects.reads().filter(refused=False, page="portal_activities:handout_picture").count() == 1
    place.say_cannot(by=user)
    assert [client.get(way).status_code for way in ways] == [404, 404]


def test_keep_refuses_what_says_nothing(school, director):
    with pytest.raises(Refused, match="Write what it says"):
        HandoutSheet(activity=school, community=school.community, title="x").keep(by=director)
