"""Handouts kept with an activity: words, a picture or a PDF, printed, and there for the helpers who lead or help."""

import io
import uuid
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import TestCase
from PIL import Image

from activities.models import HandoutSheet
from records.attachments import MAX_BYTES, Attachment
from records.lifecycle import Refused
from records.trail import TrailEntry
from tests.activities.factories import make_activity, pdf_bytes, picture_bytes
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
    address = f"/attachments/activities.handoutsheet/{kept.pk}/file/"
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
    with HandoutSheet.objects.get().file.file.open("rb") as file:
        assert b"secret place" not in file.read()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7 \n1 0 obj", "This PDF is not whole or cannot be read."),
        (pdf_bytes().replace(b"xref\n", b"<< /S /JavaScript >> xref\n", 1), "This PDF does more than show pages"),
        (pdf_bytes() + b"\0" * MAX_BYTES, "The PDF is larger than 10 MB."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "This file is neither a PDF nor a JPEG, PNG or WebP photo."),
        (b"PK\x03\x04 docx", "This file is neither a PDF nor a JPEG, PNG or WebP photo."),
    ],
)
def test_what_is_neither_is_refused_in_words_and_what_was_typed_stays(content, said, director, signed_in, school):
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
    assert said in words(page)
    assert not HandoutSheet.objects.exists()
    assert not Attachment.objects.exists()


def test_an_empty_sheet_and_a_picture_nobody_looked_at_are_refused(director, signed_in, school):
    client, form = signed_in(director), f"/activities/{school.pk}/handout/"
    assert "Write what it says, or add a picture of the page or a PDF." in words(send(client, form, title="手册"))
    page = send(client, form, title="手册", uploaded=upload())
    assert "Look at the file first, then tick here." in words(page)
    assert not HandoutSheet.objects.exists()
    with pytest.raises(IntegrityError, match="says_or_shows"), transaction.atomic():
        HandoutSheet.objects.create(activity=school, community=school.community, title="x", added_by=director)


def test_a_refused_form_says_that_its_file_is_to_be_chosen_again(director, signed_in, school):
    client, form = signed_in(director), f"/activities/{school.pk}/handout/"
    page = BeautifulSoup(send(client, form, title="手册", uploaded=upload()).content, "html.parser")
    assert page.select_one(".choose-again").get_text() == "The file was not kept. Choose it again."
    summary = page.select_one("[role=alert] li").get_text()
    assert summary.startswith("No child can be recognised in it, and no child is named: "), summary
    page = BeautifulSoup(send(client, form, title="", text="", nobody="on").content, "html.parser")
    assert page.select_one(".choose-again") is None


def test_another_picture_takes_the_place_of_the_one_before(director, signed_in, school):
    sheet = HandoutSheet(activity=school, community=school.community, title="手册").keep(uploaded=upload(), by=director)
    first, client = sheet.file_id, signed_in(director)
    form = {"title": "手册二", "text": "", "uploaded": upload(), "nobody": "on", "seen_version": sheet.version}
    assert send(client, f"/activities/handout/{sheet.pk}/change/", **form).status_code == 200
    sheet.refresh_from_db()
    assert (sheet.title, sheet.file_id != first) == ("手册二", True)
    assert list(Attachment.objects.values_list("pk", flat=True)) == [sheet.file_id]
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
    ways = [f"/portal/activities/handout/{sheet.pk}/", f"/portal/activities/handout/{sheet.pk}/file/"]
    assert [client.get(way).status_code for way in ways] == [404, 404]
    place = school.take_helper(helper, by=director)
    assert [client.get(way).status_code for way in ways] == [200, 200]
    assert "按时睡觉" in words(client.get(ways[0]))
    assert ways[0] in client.get("/portal/activities/").content.decode()
    assert TrailEntry.objects.reads().filter(refused=False, page="portal_activities:handout_file").count() == 1
    place.say_cannot(by=user)
    assert [client.get(way).status_code for way in ways] == [404, 404]


def test_keep_refuses_what_says_nothing(school, director):
    with pytest.raises(Refused, match="Write what it says"):
        HandoutSheet(activity=school, community=school.community, title="x").keep(by=director)


@pytest.fixture
def manual(school, director):
    uploaded = upload(pdf_bytes(), "家长手册 2026.pdf", "application/pdf")
    blank = HandoutSheet(activity=school, community=school.community, title="家长手册")
    return blank.keep(uploaded=uploaded, by=director)


def test_a_pdf_is_added_shown_and_saved_under_its_name(director, signed_in, school):
    client, form = signed_in(director), f"/activities/{school.pk}/handout/"
    sent = upload(pdf_bytes(), "家长手册.pdf", "application/pdf")
    page = send(client, form, title="手册", uploaded=sent, nobody="on")
    assert "The handout is kept with the activity." in words(page)
    kept = HandoutSheet.objects.get()
    address = f"/attachments/activities.handoutsheet/{kept.pk}/file/"
    shown = client.get(kept.get_absolute_url())
    assert (address in shown.content.decode(), "家长手册.pdf" in words(shown)) == (True, True)
    assert f"/papers/handout/{kept.pk}/" not in shown.content.decode()
    got = client.get(address)
    assert b"".join(got) == pdf_bytes()
    assert (got["Content-Type"], got["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert got["Content-Disposition"] == f"attachment; filename*=utf-8''{quote('家长手册.pdf')}"
    assert TrailEntry.objects.reads().filter(page="records:attachment", actor=director, refused=False).exists()


def test_a_pdf_without_words_is_not_printed_and_one_with_words_names_it(manual, director, signed_in):
    client, paper = signed_in(director), f"/papers/handout/{manual.pk}/"
    refused = client.get(paper)
    assert (refused.status_code, "save it, and print it as it is" in words(refused)) == (403, True)
    manual.text = "请先读第三页"
    manual.keep(by=director)
    assert "Together with this sheet: 家长手册 2026.pdf" in words(client.get(paper))


def test_a_pdf_is_reached_by_those_who_see_the_activity_alone(
    manual, school, director, community, make_user, signed_in, stranger, federation, supervisor, counsellor
):
    address = f"/attachments/activities.handoutsheet/{manual.pk}/file/"
    assert [signed_in(user).get(address).status_code for user in (stranger, federation, counsellor)] == [404] * 3
    assert signed_in(supervisor).get(address).status_code == 200
    user = make_user("volunteer", community, "volunteer", name="王爱华")
    helper, client = a_helper(community, director, user=user), signed_in(user)
    portal = f"/portal/activities/handout/{manual.pk}/file/"
    assert [client.get(way).status_code for way in (portal, address)] == [404, 404]
    school.take_helper(helper, by=director)
    assert "家长手册 2026.pdf" in words(client.get(f"/portal/activities/handout/{manual.pk}/"))
    got = client.get(portal)
    assert got["Content-Disposition"].startswith("attachment; ")
    assert b"".join(got) == pdf_bytes()


def test_a_picture_takes_the_place_of_a_pdf_and_the_file_goes(manual, director, signed_in):
    client, (was,) = signed_in(director), Attachment.objects.all()
    assert was.file.storage.exists(was.file.name)
    form = {"title": "手册", "text": "", "uploaded": upload(), "nobody": "on", "seen_version": manual.version}
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert send(client, f"/activities/handout/{manual.pk}/change/", **form).status_code == 200
    assert [kept.kind for kept in Attachment.objects.all()] == ["image"]
    assert not was.file.storage.exists(was.file.name)
