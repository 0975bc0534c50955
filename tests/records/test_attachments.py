import io
import os
import struct
import time
import zlib
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import transaction
from django.http import Http404
from django.test import RequestFactory
from PIL import Image

from records import views
from records.attachments import MAX_BYTES, MAX_SIDE, Attachment, owner_attachment_url, store_image
from records.policy import NotVisible
from records.trail import TrailEntry
from tests.conftest import COMMUNITY

GPS = 0x8825


def picture(kind="JPEG", size=(60, 40), mode="RGB", colour="red", **options):
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, kind, **options)
    return out.getvalue()


def upload(data, name="IMG_2026.jpg"):
    return SimpleUploadedFile(name, data)


def files(root):
    return [path for path in root.rglob("*") if path.is_file()]


def test_a_photo_is_kept_under_a_random_name_for_the_server_only(worker, private_root):
    attachment = store_image(upload(picture(), "张三.jpg"), worker)
    (path,) = files(private_root)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path == private_root / attachment.file.name
    assert len(path.stem) == 32
    assert path.parts[-3:-1] == (path.stem[:2], path.stem[2:4])
    attachment.refresh_from_db()
    assert (attachment.created_by, attachment.size) == (worker, path.stat().st_size)
    with pytest.raises(ValueError, match="no address"):
        _ = attachment.file.url


def test_place_camera_comments_and_profiles_are_gone(worker, private_root):
    exif = Image.Exif()
    exif[0x010F] = "Somephone"
    exif.get_ifd(GPS)[1] = "N"
    secret = picture(exif=exif, comment=b"Somephone", icc_profile=b"Somephone" * 20)
    assert b"Somephone" in secret
    store_image(upload(secret), worker)
    (path,) = files(private_root)
    assert b"Somephone" not in path.read_bytes()
    with Image.open(path) as kept:
        assert not kept.getexif()
        assert not {"comment", "icc_profile", "exif"} & kept.info.keys()


def test_a_sideways_photo_is_turned_upright(worker, private_root):
    exif = Image.Exif()
    exif[0x0112] = 6
    attachment = store_image(upload(picture(exif=exif)), worker)
    assert (attachment.width, attachment.height) == (40, 60)


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (picture("PNG"), ".jpg"),
        (picture("PNG", mode="RGBA", colour=(255, 0, 0, 10)), ".png"),
        (picture("PNG", mode="RGBA", colour=(255, 0, 0, 255)), ".jpg"),
        (picture("PNG", mode="P", colour=0), ".jpg"),
        (picture("PNG", mode="P", colour=0, transparency=0), ".png"),
        (picture("PNG", mode="1", colour=1), ".jpg"),
        (picture("PNG", mode="I;16", colour=1), ".jpg"),
        (picture("WEBP"), ".jpg"),
        (picture(mode="L", colour=9), ".jpg"),
        (picture(mode="CMYK", colour=(0, 0, 0, 0)), ".jpg"),
        (picture("MPO", save_all=True, append_images=[Image.new("RGB", (60, 40))]), ".jpg"),
    ],
)
def test_pictures_of_every_usual_kind_are_taken(worker, private_root, data, suffix):
    attachment = store_image(upload(data), worker)
    assert attachment.suffix == suffix
    assert attachment.content_type == {".jpg": "image/jpeg", ".png": "image/png"}[suffix]
    assert (attachment.width, attachment.height) == (60, 40)


def test_large_photos_are_made_smaller(worker, private_root):
    attachment = store_image(upload(picture(size=(4000, 3000))), worker)
    assert (attachment.width, attachment.height) == (MAX_SIDE, 1200)


def png_of(width, height):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    points = zlib.compress(b"\0" * 1_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", points) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "unreadable"),
        (b"\x00" * 100, "unreadable"),
        (picture()[:300], "unreadable"),
        (picture("GIF"), "unreadable"),
        (picture("BMP"), "unreadable"),
        (picture("TIFF"), "unreadable"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><circle r="9"/></svg>', "unreadable"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "unreadable"),
        (picture("PNG", save_all=True, append_images=[Image.new("RGB", (60, 40))]), "moving"),
        (picture("WEBP", save_all=True, append_images=[Image.new("RGB", (60, 40), "blue")]), "moving"),
        (picture() + b"<ScRiPt>alert(1)</script>", "not_only_a_picture"),
        (picture(comment=b"<?php system($_GET[0]); ?>"), "not_only_a_picture"),
        (picture() + b"PK\x05\x06" + b"\0" * 18, "not_only_a_picture"),
        (picture(comment=b"%PDF-1.7"), "not_only_a_picture"),
        (picture() + b"\0" * MAX_BYTES, "too_large"),
        (png_of(60_000, 60_000), "too_many"),
        (png_of(7_000, 7_000), "too_many"),
        (png_of(2**31 - 1, 2**31 - 1), "too_many"),
        (png_of(0, 5), "unreadable"),
    ],
)
@pytest.mark.filterwarnings("error::PIL.Image.DecompressionBombWarning")
def test_what_is_no_plain_photo_is_refused_in_words_and_at_once(worker, private_root, data, code):
    began = time.monotonic()
    with pytest.raises(ValidationError) as caught:
        store_image(upload(data), worker)
    assert caught.value.code == code
    assert time.monotonic() - began < 1
    assert files(private_root) == []
    assert not Attachment.objects.exists()


def test_a_broken_disk_leaves_neither_row_nor_name(worker, private_root, monkeypatch):
    def full(descriptor):
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"), transaction.atomic():
        store_image(upload(picture()), worker)
    assert not Attachment.objects.exists()
    assert not [path for path in files(private_root) if path.suffix != ".part"]


# Sweeping ---------------------------------------------------------------------------------------------------------


def sweep(minutes=60):
    out = StringIO()
    call_command("sweep_attachments", minutes=minutes, stdout=out)
    return out.getvalue()


def test_a_file_whose_upload_was_undone_is_swept(worker, private_root):
    kept = store_image(upload(picture()), worker)
    with transaction.atomic():
        store_image(upload(picture(colour="blue")), worker)
        transaction.set_rollback(True)
    (private_root / kept.file.name).with_name("tmpx.part").write_bytes(b"half")
    assert "0 files without a row" in sweep()
    long_ago = time.time() - 3700
    for path in files(private_root):
        os.utime(path, (long_ago, long_ago))
    assert "2 files without a row" in sweep()
    assert files(private_root) == [private_root / kept.file.name]


def test_a_row_whose_file_is_gone_does_not_go_unnoticed(worker, private_root):
    attachment = store_image(upload(picture()), worker)
    (private_root / attachment.file.name).unlink()
    with pytest.raises(CommandError, match=f"\\[{attachment.pk}\\]"):
        sweep()


# Serving ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def holder(samples, worker, private_root, monkeypatch):
    monkeypatch.setattr(views, "apps", samples.registry)
    monkeypatch.setattr(worker, "codes_for", lambda model, action="view": [COMMUNITY])
    return samples.Holder.objects.create(photo=store_image(upload(picture()), worker))


def look(user, holder=None, *, label="records.holder", pk=None, field="photo", method="get"):
    request = getattr(RequestFactory(), method)("/")
    request.user = user
    return views.attachment(request, label, pk or str(holder.pk), field)


def test_a_picture_is_shown_through_its_owner_and_the_look_is_on_the_trail(worker, holder):
    response = look(worker, holder)
    assert Image.open(io.BytesIO(b"".join(response))).size == (60, 40)
    assert response["Content-Type"] == "image/jpeg"
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == 'inline; filename="picture.jpg"'
    assert "sandbox" in response["Content-Security-Policy"]
    entry = TrailEntry.objects.get()
    assert (entry.actor, entry.page, entry.object_key) == (worker, "records:attachment", str(holder.pk))
    assert owner_attachment_url(holder, "photo").endswith(f"/attachments/records.holder/{holder.pk}/photo/")


@pytest.mark.parametrize(
    "place",
    [{"pk": "999"}, {"pk": "abc"}, {"pk": "9" * 30}, {"pk": "9" * 5000}, {"field": "phone"}, {"field": "nothing"},
     {"label": "records.shelf"}, {"label": "records"}, {"label": "a.b.c"}, {"label": "no.such"}],
)  # fmt: skip
def test_everything_else_is_not_found(worker, holder, place):
    with pytest.raises(Http404):
        look(worker, holder, **place)
    assert not TrailEntry.objects.exists()


def test_out_of_scope_answers_like_what_never_existed(worker, holder, samples):
    samples.Holder.objects.update(community="150902001002")
    with pytest.raises(NotVisible):
        look(worker, holder)


def test_a_role_without_that_class_of_facts_sees_no_picture(worker, holder, monkeypatch):
    monkeypatch.setattr(worker, "sees", lambda field_class: False)
    with pytest.raises(NotVisible):
        look(worker, holder)


def test_no_picture_is_not_found(worker, holder, samples):
    samples.Holder.objects.update(photo=None)
    with pytest.raises(NotVisible):
        look(worker, holder)


def test_a_picture_whose_file_is_gone_is_not_found(worker, holder, private_root):
    (private_root / holder.photo.file.name).unlink()
    with pytest.raises(Http404):
        look(worker, holder)


def test_only_looking_is_possible(worker, holder):
    assert look(worker, holder, method="post").status_code == 405


def test_strangers_see_nothing(holder):
    stranger = SimpleNamespace(is_authenticated=False, is_active=False, pk=None)
    with pytest.raises(Http404):
        look(stranger, holder)
