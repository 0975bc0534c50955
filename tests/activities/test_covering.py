"""People in a picture covered: what stood there is gone, and the covered version alone may leave the office."""

import io
import itertools
import uuid
import zipfile

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from activities import covering
from activities.models import PhotoTag, SessionPhoto
from children import consenting
from children.models import Consent
from records.attachments import Attachment
from records.lifecycle import Refused
from records.trail import TrailEntry
from tests.activities.factories import make_activity, today
from tests.children.factories import left_behind_child
from tests.conftest import freshly_signed_in

PHOTO, PUBLICITY = Consent.Purpose.PHOTO, Consent.Purpose.PUBLICITY


def striped(width, height, shift=0):
    """A picture in which every point differs from its neighbours."""
    image = Image.new("RGB", (width, height))
    sums = (37 * (x + y) + shift for y in range(height) for x in range(width))
    image.putdata([(n % 256, 3 * n % 256, 7 * n % 256) for n in sums])
    return image


# The picture ---------------------------------------------------------------------------------------------------------


@given(
    width=st.integers(1, 90),
    height=st.integers(1, 90),
    fields=st.sets(st.tuples(st.integers(0, 13), st.integers(0, 13)), min_size=1),
)
def test_every_point_of_a_ticked_field_is_the_one_colour_and_no_other_point_changes(width, height, fields):
    columns, rows = covering.grid_of(width, height)
    fields = {(row % rows, column % columns) for row, column in fields}
    before = striped(width, height)
    after, colours = covering.covered(before, fields), set()
    for y, x in itertools.product(range(height), range(width)):
        point = after.getpixel((x, y))
        if any(_meets(y, row, height, rows) and _meets(x, column, width, columns) for row, column in fields):
            colours.add(point)
        else:
            assert point == before.getpixel((x, y))
    assert len(colours) == 1


def _meets(point, field, length, fields):
    """Whether any part of this point lies in this one of the equal `fields` of a side."""
    return point * fields < (field + 1) * length and (point + 1) * fields > field * length


def test_two_pictures_with_one_average_cannot_be_told_apart():
    """Nothing but the average is left: another face with the same one would look the same."""
    left = striped(280, 200)
    right = left.copy()
    box = (20, 20, 40, 40)
    right.paste(left.crop(box).transpose(Image.Transpose.ROTATE_180), box)
    assert left.tobytes() != right.tobytes()
    assert covering.covered(left, {(1, 1)}).tobytes() == covering.covered(right, {(1, 1)}).tobytes()


@pytest.mark.parametrize(("size", "grid"), [((1600, 1200), (14, 10)), ((300, 400), (10, 14)), ((1600, 100), (14, 4))])
def test_the_grid_fits_the_picture(size, grid):
    assert covering.grid_of(*size) == grid
    with pytest.raises(ValueError, match="beyond"):
        covering.covered(Image.new("RGB", size), {(grid[1], 0)})


# What may leave ------------------------------------------------------------------------------------------------------


@pytest.fixture
def club(director, community):
    return make_activity(community, director, title="合唱", kind="club", art="music")


@pytest.fixture
def session(club):
    return club.sessions.get()


@pytest.fixture
def a_child(session, director, community):
    def make(*purposes, **details):
        child = left_behind_child(community, **details)
        for purpose in purposes:
            consenting.give_consent(child, purpose, given_by="奶奶", on=today(), by=director)
        session.join_late(child, by=director)
        return child

    return make


@pytest.fixture
def add(session, director):
    """add(): a picture of the session, 280 by 200 points."""

    def make():
        stream = io.BytesIO()
        striped(280, 200, SessionPhoto.objects.count()).save(stream, "PNG")
        uploaded = SimpleUploadedFile("p.png", stream.getvalue(), "image/png")
        return SessionPhoto.add(session, uploaded, caption="大合唱", consents_checked=True, by=director)

    return make


@pytest.fixture
def picture(add):
    return add()


def again(photo):
    return SessionPhoto.objects.select_related("photo", "covered").get(pk=photo.pk)


def shown():
    return list(SessionPhoto.objects.for_publicity())


def test_a_covered_child_needs_no_consent_once_somebody_has_looked(picture, a_child, director):
    silent = a_child(PHOTO)
    picture.name_children([silent], nobody_else=True, by=director)
    assert shown() == []
    again(picture).cover({(2, 3)}, by=director)
    assert shown() == []
    again(picture).vouch_for_cover(by=director)
    assert shown() == [picture]
    assert (again(picture).public_field, PhotoTag.objects.get().is_covered) == ("covered", True)
    again(picture).cover({(2, 4)}, by=director)
    assert shown() == []


def test_a_consent_withdrawn_by_a_child_who_is_to_be_seen_keeps_it_in(picture, a_child, director):
    silent, agreed = a_child(PHOTO), a_child(PHOTO, PUBLICITY)
    picture.name_children([silent, agreed], nobody_else=True, by=director)
    again(picture).cover({(2, 3)}, by=director)
    again(picture).vouch_for_cover(by=director)
    assert shown() == [picture]
    consenting.withdraw_consent(agreed.consents.in_force().get(purpose=PUBLICITY), by=director)
    assert shown() == []


def test_a_consent_withdrawn_while_the_page_is_read_is_looked_at_first(picture, a_child, director):
    silent, agreed = a_child(PHOTO), a_child(PHOTO, PUBLICITY)
    picture.name_children([silent, agreed], nobody_else=True, by=director)
    again(picture).cover({(2, 3)}, by=director)
    seen = again(picture).what_is_covered()
    consenting.withdraw_consent(agreed.consents.in_force().get(purpose=PUBLICITY), by=director)
    with pytest.raises(Refused, match="meanwhile"):
        again(picture).vouch_for_cover(seen=seen, by=director)
    assert not PhotoTag.objects.filter(is_covered=True).exists() and shown() == []


def test_a_child_named_afterwards_is_not_covered(picture, a_child, director):
    again(picture).cover({(2, 3)}, by=director)
    again(picture).vouch_for_cover(by=director)
    assert shown() == [picture]
    again(picture).name_children([a_child(PHOTO)], nobody_else=True, by=director)
    assert shown() == []


def test_without_consent_for_photos_no_version_leaves(picture, a_child, director):
    child = a_child(PHOTO)
    picture.name_children([child], nobody_else=True, by=director)
    again(picture).cover({(2, 3)}, by=director)
    again(picture).vouch_for_cover(by=director)
    consenting.withdraw_consent(child.consents.in_force().get(purpose=PHOTO), by=director)
    assert shown() == []
    with pytest.raises(Refused, match="withheld"):
        again(picture).cover({(2, 3)}, by=director)


def test_the_cover_taken_off_leaves_the_clear_picture_to_its_consents(picture, a_child, director):
    picture.name_children([a_child(PHOTO)], nobody_else=True, by=director)
    again(picture).cover({(2, 3)}, by=director)
    again(picture).vouch_for_cover(by=director)
    again(picture).uncover(by=director)
    assert (shown(), Attachment.objects.count()) == ([], 1)
    for act in ("uncover", "vouch_for_cover"):
        with pytest.raises(Refused, match="Nobody is covered"):
            getattr(again(picture), act)(by=director)
    with pytest.raises(IntegrityError, match="who_looked_at_a_covered"), transaction.atomic():
        SessionPhoto.objects.update(cover_looked_at=picture.added_at, cover_looked_by=director)


def test_removing_a_picture_takes_both_versions_along(picture, director):
    again(picture).cover({(0, 0)}, by=director)
    assert Attachment.objects.count() == 2
    again(picture).remove(by=director)
    assert not Attachment.objects.exists()


# On the page ---------------------------------------------------------------------------------------------------------


def seen(client, page):
    return BeautifulSoup(client.get(page).content, "html.parser").find("input", {"name": "seen"})["value"]


def send(client, page, address=None, **form):
    return client.post(address or page, {"once_token": uuid.uuid4(), "seen": seen(client, page), **form}, follow=True)


def words(answer):
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


def test_fields_are_ticked_looked_at_and_shown(picture, a_child, director, signed_in, club):
    child = a_child(PHOTO, name="欧阳娜娜")
    picture.name_children([child], nobody_else=True, by=director)
    client, page = signed_in(director), f"/activities/picture/{picture.pk}/cover/"
    boxes = BeautifulSoup(client.get(page).content, "html.parser").select("input[name=field]")
    assert (len(boxes), boxes[0]["aria-label"]) == (140, "row 1, column 1")
    assert "欧阳娜娜" in words(client.get(page))
    assert "Look at the covered picture now." in words(send(client, page, field=["2-3", "2-4"]))
    refused = send(client, page, f"{page}vouch/")
    assert "This field is required" in words(refused)
    assert shown() == []
    assert "The covered picture may be shown." in words(send(client, page, f"{page}vouch/", sure="on"))
    album = client.get(f"/activities/{club.pk}/album/").content.decode()
    assert f"/attachments/activities.sessionphoto/{picture.pk}/covered/" in album
    assert f"/attachments/activities.sessionphoto/{picture.pk}/photo/" not in album
    assert "Nobody is covered any more." in words(send(client, page, f"{page}off/"))


@pytest.mark.parametrize("field", [[], ["x"], ["99-99"], ["-1-0"], ["٣-٣"], ["1-1-1"], ["1" * 400 + "-1"]])
def test_what_is_no_field_covers_nothing(field, picture, director, signed_in):
    client, page = signed_in(director), f"/activities/picture/{picture.pk}/cover/"
    answer = send(client, page, field=field)
    assert answer.status_code == 200
    assert "Tick" in words(answer)
    assert again(picture).covered_id is None


def test_what_somebody_else_did_meanwhile_is_looked_at_first(picture, director, signed_in):
    client, page = signed_in(director), f"/activities/picture/{picture.pk}/cover/"
    again(picture).cover({(1, 1)}, by=director)
    old = seen(client, page)
    again(picture).cover({(5, 5)}, by=director)
    form = {"once_token": uuid.uuid4(), "seen": old, "sure": "on"}
    assert "meanwhile" in words(client.post(f"{page}vouch/", form, follow=True))
    assert again(picture).cover_looked_at is None


def test_others_cover_nothing(picture, signed_in, supervisor, stranger, federation):
    page = f"/activities/picture/{picture.pk}/cover/"
    for user in (supervisor, stranger, federation):
        assert signed_in(user).get(page).status_code == 404
        for address in (page, f"{page}vouch/", f"{page}off/"):
            assert signed_in(user).post(address, {"once_token": uuid.uuid4(), "field": "1-1"}).status_code == 404


# Taken out -----------------------------------------------------------------------------------------------------------


def taken_out(client, club, **form):
    answer = client.post(f"/activities/{club.pk}/album/take-out/", {"reason": "report", **form})
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def test_the_zip_holds_what_may_leave_today_and_a_list(add, a_child, director, signed_in, club):
    agreed, silent = a_child(PHOTO, PUBLICITY, name="欧阳娜娜"), a_child(PHOTO, name="诸葛小明")
    clear, covered, left_out, waiting = (add() for _n in range(4))
    clear.name_children([agreed], nobody_else=True, by=director)
    for photo in (covered, left_out):
        photo.name_children([silent], nobody_else=True, by=director)
    again(covered).cover({(2, 3)}, by=director)
    again(covered).vouch_for_cover(by=director)
    archive = taken_out(freshly_signed_in(signed_in(director)), club)
    day = f"{clear.session.day}"
    assert archive.namelist() == [f"001-{day}.jpg", f"002-{day}.jpg", "list.xlsx"]
    files = {photo.pk: again(photo) for photo in (clear, covered, left_out, waiting)}
    stored = [files[clear.pk].photo, files[covered.pk].covered]
    for name, attachment in zip(archive.namelist(), stored, strict=False):
        with attachment.file.open("rb") as file:
            assert archive.read(name) == file.read()
    book = zipfile.ZipFile(io.BytesIO(archive.read("list.xlsx")))
    texts = "".join(book.read(name).decode() for name in book.namelist())
    assert "大合唱" in texts
    assert [name for name in ("欧阳娜娜", "诸葛小明", director.name) if name in texts] == []
    entry = TrailEntry.objects.get(verb="took out an album")
    assert (entry.object_key, entry.keys) == (str(club.pk), {"purpose": "report", "pictures": [clear.pk, covered.pk]})
    reads = TrailEntry.objects.reads().filter(page="activities:album_take_out", actor=director)
    assert set(reads.values_list("object_key", flat=True)) == {str(clear.pk), str(covered.pk)}


def test_a_consent_withdrawn_is_out_of_the_next_zip(add, a_child, director, signed_in, club):
    agreed = a_child(PHOTO, PUBLICITY)
    for photo in (first := add(), add()):
        photo.name_children([agreed] if photo == first else [], nobody_else=True, by=director)
    client = freshly_signed_in(signed_in(director))
    assert len(taken_out(client, club).namelist()) == 3
    consenting.withdraw_consent(agreed.consents.in_force().get(purpose=PUBLICITY), by=director)
    assert len(taken_out(client, club).namelist()) == 2


def test_it_asks_for_purpose_and_password_and_goes_to_nobody_else(
    picture, director, signed_in, club, supervisor, stranger, federation
):
    picture.name_children([], nobody_else=True, by=director)
    page = f"/activities/{club.pk}/album/take-out/"
    client = signed_in(director)
    assert client.post(page, {"reason": "report"}).status_code == 302
    assert "This field is required" in words(freshly_signed_in(client).post(page, {"reason": ""}))
    for user in (stranger, federation):
        assert signed_in(user).get(page).status_code == 404
        assert signed_in(user).post(page, {"reason": "report"}).status_code == 404
    assert not TrailEntry.objects.filter(verb="took out an album").exists()
    assert signed_in(supervisor).get(page).status_code == 200


def test_too_many_pictures_need_to_be_taken_out_in_parts(add, director, signed_in, club, settings):
    settings.EXPORT_ROWS_ALONE = 1
    for _n in range(2):
        add().name_children([], nobody_else=True, by=director)
    answer = freshly_signed_in(signed_in(director)).post(f"/activities/{club.pk}/album/take-out/", {"reason": "report"})
    assert "too many pictures" in words(answer)


def test_the_pages_ask_no_more_for_many_pictures(add, a_child, director, signed_in, club):
    client, counts, made = signed_in(director), {}, 0
    for total in (1, 3):
        for _n in range(made, total):
            photo = add()
            photo.name_children([a_child(PHOTO)], nobody_else=True, by=director)
            again(photo).cover({(2, 3)}, by=director)
            again(photo).vouch_for_cover(by=director)
        made = total
        for page in (
            f"/activities/{club.pk}/album/",
            f"/activities/{club.pk}/album/take-out/",
            f"/papers/album/{club.pk}/",
        ):
            client.get(page)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(page).status_code == 200
            counts.setdefault(page, set()).add(len(captured))
    assert {page: n for page, n in counts.items() if len(n) > 1} == {}
