"""Entrusted children and their letters, for the tests."""

import datetime as dt
import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from guardianship import signing
from guardianship.models import Letter
from guardianship.models.letter import PASSED
from tests.children.factories import left_behind_child


def picture(name="signature.jpg"):
    file = io.BytesIO()
    Image.new("RGB", (60, 30), "white").save(file, "JPEG")
    return SimpleUploadedFile(name, file.getvalue(), "image/jpeg")


def days_ago(number):
    return timezone.localdate() - dt.timedelta(days=number)


def filled_in(letter, by, **details):
    """The letter with every answer that lets it be signed, and `details` over it."""
    answers = {
        **PASSED,
        "opinion": "我愿意跟奶奶住",
        "opinion_how": "在家里单独谈",
        "opinion_on": days_ago(1),
        "school_told_on": days_ago(1),
        "committee_told_on": days_ago(1),
        "promises_contact": True,
        **details,
    }
    for name, value in answers.items():
        setattr(letter, name, value)
    signing.fill_in(letter, list(answers), by=by)
    return letter


def signed(letter, by, on=None):
    parties = [*letter.parents, "caregiver"]
    days = dict.fromkeys(parties, on or timezone.localdate())
    signing.sign(letter, days=days, pictures={"caregiver": picture()}, witness="王敏", by=by)
    return Letter.objects.get(pk=letter.pk)


def a_draft(child, by, **details):
    return filled_in(signing.prepare(child, by=by), by, **details)


def a_letter(child, by, on=None, **details):
    """A letter signed on `on`, whose term began that day."""
    first = on or timezone.localdate()
    return signed(a_draft(child, by, **{"starts_on": first, **details}), by, first)


def an_entrusted_child(community, director, on=None, **details):
    child = left_behind_child(community, **details)
    return child, a_letter(child, director, on)
