"""A PDF is kept as it came, if it only shows pages; it is told by its own bytes, and handed out to be saved."""

import io
import random
import time
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image

from records.attachments import MAX_BYTES, Attachment, attachment_response, store_picture_or_pdf

END = b"\nstartxref\n9\n%%EOF\n"


def pdf(inside=b""):
    """A page as an ordinary program writes it, with `inside` as one more object."""
    stream = io.BytesIO()
    Image.new("RGB", (60, 40), "orange").save(stream, "PDF")
    return stream.getvalue().replace(b"xref\n", b"9 0 obj " + inside + b" endobj\nxref\n", 1)


def packed(objects, facts=b"/Type /ObjStm /Filter /FlateDecode"):
    return pdf(b"<< " + facts + b" >>\nstream\r\n" + zlib.compress(objects) + b"\nendstream\n")


def upload(data, name="手册.pdf"):
    return SimpleUploadedFile(name, data, "application/pdf")


def files(root):
    return [path for path in root.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    "data", [pdf(), packed(b"1 0 << /Type /Page >>"), pdf(b"(/JavaScripture and #6c)"), pdf() + b"\r\n\0"]
)
def test_a_pdf_that_shows_pages_is_kept_as_it_came(worker, private_root, data):
    kept = store_picture_or_pdf(upload(data), worker)
    (path,) = files(private_root)
    assert path.read_bytes() == data
    assert (path.stat().st_mode & 0o777, path.suffix, len(path.stem)) == (0o600, ".pdf", 32)
    assert (kept.kind, kept.name, kept.size, kept.width) == ("pdf", "手册.pdf", len(data), None)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%PDF-1.7 \n1 0 obj", "unreadable"),
        (b"%PDF-9.7 \n1 0 obj" + END, "unreadable"),
        (pdf()[:-40], "unreadable"),
        (b"\n" + pdf(), "unreadable"),
        (pdf() + b" " * 2000, "unreadable"),
        (b"PK\x03\x04 docx", "unreadable"),
        (b"<html><script>alert(1)</script>", "not_only_a_picture"),
        (pdf(b"<< /S /JavaScript /JS (app.alert(1)) >>"), "not_only_pages"),
        (pdf(b"<< /S /J#61va#53cript >>"), "not_only_pages"),
        (pdf(b"<< /S /Launch /F (a.exe) >>"), "not_only_pages"),
        (pdf(b"<< /EmbeddedFiles 3 0 R >>"), "not_only_pages"),
        (pdf(b"<< /S /SubmitForm >>"), "not_only_pages"),
        (packed(b"<< /S /JavaScript >>"), "not_only_pages"),
        (packed(b"<< /S /J#61vaScript >>", b"/Type /O#62jStm /Filter /FlateDecode"), "not_only_pages"),
        (packed(b"<< /S /JavaScript >>").replace(b"x\x9c", b"xx"), "unreadable"),
        (packed(b"0" * 68_000_000), "unreadable"),
        (pdf(b"<< /Encrypt 4 0 R >>"), "protected"),
        (pdf() + b"PK\x05\x06" + b"\0" * 18, "not_only_pages"),
        (pdf() + b"\0" * MAX_BYTES, "too_large"),
    ],
)
def test_what_is_no_plain_pdf_is_refused_in_words_and_at_once(worker, private_root, data, code):
    began = time.monotonic()
    with pytest.raises(ValidationError) as caught:
        store_picture_or_pdf(upload(data), worker)
    assert caught.value.code == code
    assert time.monotonic() - began < 1.5
    assert files(private_root) == []
    assert not Attachment.objects.exists()


def test_a_large_pdf_is_looked_through_in_a_moment(worker, private_root):
    noise = random.Random(5).randbytes(MAX_BYTES - 5000).replace(b"PK\x05\x06", b"")
    data = pdf(b"<< /Length 9 >>\nstream\n" + noise + b"\nendstream")
    began = time.monotonic()
    assert store_picture_or_pdf(upload(data), worker).size == len(data) <= MAX_BYTES
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("家长手册.PDF", "家长手册.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ('a"b\r\nSet-Cookie: x=1;.pdf', "a b Set-Cookie x=1;.pdf"),
        ("evil\u202efdp.exe", "evilfdp.exe.pdf"),
        (" . .pdf", "file.pdf"),
        ("名" * 200 + ".pdf", "名" * 96 + ".pdf"),
    ],
)
def test_its_name_is_kept_safely_and_it_is_handed_out_to_be_saved(worker, private_root, sent, kept):
    stored = store_picture_or_pdf(upload(pdf(), sent), worker)
    assert stored.name == kept
    response = attachment_response(stored)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; filename")
    assert "\n" not in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-store"
    response.close()


def test_a_picture_named_pdf_is_a_picture_and_is_shown(worker, private_root):
    stream = io.BytesIO()
    Image.new("RGB", (60, 40)).save(stream, "PNG")
    stored = store_picture_or_pdf(upload(stream.getvalue()), worker)
    assert (stored.kind, stored.name, stored.width) == ("image", "", 60)
    response = attachment_response(stored)
    assert (response["Content-Type"], response["Content-Disposition"]) == (
        "image/jpeg",
        'inline; filename="picture.jpg"',
    )
    response.close()


@pytest.mark.parametrize("facts", [{"kind": "image"}, {"kind": "pdf", "width": 1, "height": 1}, {"kind": "pdf"}])
def test_the_database_keeps_pictures_and_pdfs_apart(worker, facts):
    with pytest.raises(IntegrityError, match="measures_and_a_pdf"), transaction.atomic():
        Attachment.objects.create(file="x", sha256="0" * 64, size=1, created_by=worker, **facts)
