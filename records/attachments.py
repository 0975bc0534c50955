"""Pictures and PDF files: kept outside the web root and reached only through the record they belong to.

No picture that was uploaded is kept: it is decoded and written anew, so place, camera and whatever else was hidden
in the file are gone. A PDF is kept as it came, if it only shows pages (`records.pdf_files`), and is handed out to be
saved, never shown by the browser. A file's name on disk is random and tells nothing. The file is whole and on disk
before its row is written; if the transaction is undone, `sweep_attachments` removes the file that has no row.
"""

import hashlib
import io
import logging
import os
import re
import secrets
import tempfile
import warnings
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db import models, transaction
from django.db.models import Q
from django.http import FileResponse, Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from records.pdf_files import ZIP_END, ZIP_TAIL, calls_itself_pdf, refuse_all_but_pages
from records.privacy import BASIC
from records.text import clean_text

logger = logging.getLogger(__name__)

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_SIDE = 1600
FORMATS = ["JPEG", "PNG", "WEBP"]
PHONE_BURST = "MPO"  # what many phones call .jpg: a JPEG with further pictures behind the first
HIDDEN = [b"<script", b"<?php", b"<!doctype", b"<html"]
NAME_AT_MOST = 100
NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|]+')  # what some system or other does not take in a file's name

Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


class PrivateStorage(FileSystemStorage):
    """Files for the server's own eyes: mode 0600, whole or absent, without an address."""

    @property
    def base_location(self):
        return settings.PRIVATE_ROOT

    @property
    def location(self):
        return os.path.abspath(self.base_location)

    def url(self, name):
        raise ValueError("A private file has no address: use owner_attachment_url().")

    def _save(self, name, content):
        path = Path(self.path(name))
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, part = tempfile.mkstemp(dir=path.parent, suffix=".part")  # mode 0600
        with os.fdopen(descriptor, "wb") as file:
            for chunk in content.chunks():
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        os.rename(part, path)
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)  # the name is on disk as well
        os.close(folder)
        return name


def private_storage():
    return PrivateStorage()


class Attachment(models.Model):
    class Kind(models.TextChoices):
        IMAGE = "image", _("picture")
        PDF = "pdf", _("PDF file")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.IMAGE)
    file = models.FileField(_("file"), storage=private_storage, max_length=60, unique=True)
    sha256 = models.CharField(_("digest"), max_length=64)
    name = models.CharField(_("name of the file"), max_length=NAME_AT_MOST, blank=True)  # a picture is kept without
    width = models.PositiveIntegerField(_("width"), null=True)
    height = models.PositiveIntegerField(_("height"), null=True)
    size = models.PositiveIntegerField(_("size in bytes"))
    created_at = models.DateTimeField(_("stored at"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("stored by")
    )

    personal = {"file": BASIC, "sha256": BASIC, "name": BASIC, "created_by": BASIC}
    not_personal = ["id", "kind", "width", "height", "size", "created_at"]

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="image", name="", width__isnull=False, height__isnull=False)
                | Q(kind="pdf", name__gt="", width=None, height=None),
                name="a_picture_has_its_measures_and_a_pdf_its_name",
                violation_error_message=_("This file is neither a picture nor a PDF."),
            )
        ]

    def __str__(self):
        return str(self.pk)

    @property
    def suffix(self):
        return Path(self.file.name).suffix

    @property
    def content_type(self):
        return {".png": "image/png", ".jpg": "image/jpeg", ".pdf": "application/pdf"}[self.suffix]

    @property
    def is_pdf(self):
        return self.kind == self.Kind.PDF


def owner_attachment_url(owner, field):
    """Where the file in `owner.<field>` is handed out to those who may see the owner."""
    return reverse("records:attachment", args=[owner._meta.label_lower, owner.pk, field])


def bytes_of(attachment):
    """What the file holds; None, and a line in the log, where the disk has lost it."""
    try:
        with attachment.file.open("rb") as file:
            return file.read()
    except FileNotFoundError:
        logger.error("Attachment %s has no file.", attachment.pk)
        return None


def attachment_response(attachment):
    """The file itself, for a view that has found its owner in scope and put the look on the trail. A picture is shown,
    a PDF is saved under the name it came with."""
    try:
        file = attachment.file.open("rb")
    except FileNotFoundError:
        logger.error("Attachment %s has no file.", attachment.pk)
        raise Http404 from None
    name = attachment.name or f"picture{attachment.suffix}"
    response = FileResponse(file, content_type=attachment.content_type, as_attachment=attachment.is_pdf, filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def store_image(uploaded, by):
    """Keep a picture somebody sent; raises ValidationError, in words for that person."""
    return _kept_picture(*_written_anew(_checked_bytes(uploaded)), by)


def store_drawn(image, by):
    """Keep a picture that was made here, out of one that is kept: a Pillow image, at most as large as those."""
    return _kept_picture(*_encoded(image), by)


def store_picture_or_pdf(uploaded, by):
    """Keep what somebody sent, told by its own bytes; raises ValidationError, in words for that person."""
    uploaded.seek(0)
    data = uploaded.read(MAX_BYTES + 1)
    if calls_itself_pdf(data):
        if len(data) > MAX_BYTES:
            raise ValidationError(_("The PDF is larger than 10 MB. Please send a smaller one."), "too_large")
        refuse_all_but_pages(data)
        return _kept(data, "pdf", by, kind=Attachment.Kind.PDF, name=_safe_name(uploaded.name))
    try:
        return store_image(uploaded, by)
    except ValidationError as error:
        if error.code != "unreadable":
            raise
        words = _("This file is neither a PDF nor a JPEG, PNG or WebP photo. Save it as PDF and send that.")
        raise ValidationError(words, "unreadable") from None


def _safe_name(sent):
    """The name a person knows the file by, as every system can store it."""
    stem = NOT_IN_NAMES.sub(" ", re.sub(r"(?i)\.pdf\Z", "", clean_text(sent)))
    stem = clean_text(stem)[: NAME_AT_MOST - len(".pdf")].strip(" .")
    return f"{stem or 'file'}.pdf"


def _kept_picture(content, suffix, size, by):
    return _kept(content, suffix, by, width=size[0], height=size[1])


def _kept(content, suffix, by, **facts):
    name = secrets.token_hex(16)
    attachment = Attachment(sha256=hashlib.sha256(content).hexdigest(), size=len(content), created_by=by, **facts)
    attachment.file.save(f"{name[:2]}/{name[2:4]}/{name}.{suffix}", ContentFile(content), save=False)
    attachment.save()
    return attachment


def drop_pictures(rows, field):
    """Take the pictures in `field` off the queryset `rows`: attachment and file go once the transaction stands."""
    keys = [key for key in rows.order_by("pk").values_list(f"{field}_id", flat=True).distinct() if key]
    rows.model._base_manager.filter(**{f"{field}__in": keys}).update(**{field: None})
    delete_attachments(keys)


def delete_attachments(keys):
    """A file left by a crash is swept."""
    pictures = list(Attachment.objects.filter(pk__in=keys))
    files = [(picture.file.storage, picture.file.name) for picture in pictures]
    Attachment.objects.filter(pk__in=keys).delete()
    for storage, name in files:
        transaction.on_commit(lambda storage=storage, name=name: storage.delete(name))


def _checked_bytes(uploaded):
    uploaded.seek(0)
    data = uploaded.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValidationError(_("The picture is larger than 10 MB. Please send a smaller one."), "too_large")
    lower = data.lower()
    hides = any(mark in lower for mark in HIDDEN) or calls_itself_pdf(data) or ZIP_END in data[-ZIP_TAIL:]
    if hides:
        raise ValidationError(_("This file is more than a picture. Please send a photo."), "not_only_a_picture")
    return data


def _written_anew(data):
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
        if image.width * image.height > MAX_PIXELS:
            raise Image.DecompressionBombError
        if getattr(image, "n_frames", 1) > 1 and image.format != PHONE_BURST:
            raise ValidationError(_("Moving pictures cannot be kept. Please send a photo."), "moving")
        image.thumbnail((MAX_SIDE, MAX_SIDE), reducing_gap=2.0)
        return _encoded(ImageOps.exif_transpose(image))
    except ValidationError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ValidationError(_("The picture has too many points. Please send a smaller one."), "too_many") from None
    except Exception:  # a decoder fed with hostile bytes fails in every way there is
        raise ValidationError(
            _("This file cannot be read as a picture. Please send a JPEG, PNG or WebP photo."), "unreadable"
        ) from None


def _encoded(image):
    """Only the points of the picture go into a new one; notes, profiles and previews stay behind."""
    see_through = image.has_transparency_data and image.convert("RGBA").getextrema()[3][0] < 255
    points = image.convert("RGBA" if see_through else "RGB")
    clean = Image.new(points.mode, points.size)
    clean.paste(points)
    out = io.BytesIO()
    if see_through:
        clean.save(out, "PNG", optimize=True)
    else:
        clean.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue(), "png" if see_through else "jpg", clean.size
