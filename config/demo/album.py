"""Pictures of a club: drawn, nobody is to be seen; one is looked through, one names a child who is covered,
one waits."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from activities.models import SessionPhoto
from children.models import Consent

CAPTIONS = ["孩子们的书画作品", "作品展示", "小组练习"]


def fill(session, *, by):
    agreed = Consent.objects.in_force().filter(purpose=Consent.Purpose.PHOTO, child__community=session.community_id)
    on_roll = session.roll().filter(pk__in=agreed.values("child")).order_by("pk")
    pictures = [
        SessionPhoto.add(session, _drawing(number), caption=caption, consents_checked=True, by=by)
        for number, caption in enumerate(CAPTIONS)
    ]
    pictures[0].name_children([], nobody_else=True, by=by)
    pictures[1].name_children(on_roll[:1], nobody_else=True, by=by)
    pictures[1].cover({(2, 1), (2, 2), (3, 1), (3, 2)}, by=by)
    pictures[1].vouch_for_cover(by=by)


def _drawing(number):
    """Sheets of paper on a wall."""
    image = Image.new("RGB", (480, 320), "#f7efe0")
    draw = ImageDraw.Draw(image)
    for sheet in range(6):
        left, top = 30 + 150 * (sheet % 3), 30 + 140 * (sheet // 3)
        draw.rectangle((left, top, left + 120, top + 110), fill="#ffffff", outline="#c9b18c", width=3)
        hue = (sheet * 57 + number * 90) % 360
        draw.ellipse((left + 25, top + 20, left + 95, top + 90), fill=f"hsl({hue}, 55%, 65%)")
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=80)
    return SimpleUploadedFile("drawing.jpg", stream.getvalue(), "image/jpeg")
