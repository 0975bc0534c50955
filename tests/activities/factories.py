"""Activities, sessions and helpers through the real verbs."""

import datetime as dt
import io
import time

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from activities.models import Activity, SessionPhoto
from activities.planning import add_session, plan_activity
from activities.recurrence import Rule


def today():
    return timezone.localdate()


def days_ago(days):
    return today() - dt.timedelta(days=days)


def make_activity(community, by, *, first_day=None, times=1, hours=(9, 10), **details):
    """A planned activity, by default one session of a law class today."""
    venue = "" if details.get("home") else f"活动室 {Activity.objects.count()}"
    facts = {"title": "防溺水安全课", "kind": "safety", "venue": venue, **details}
    rule = Rule(first_day or today(), dt.time(hours[0]), dt.time(hours[1]), times)
    return plan_activity(Activity(community=community, **facts), rule, by=by)


def extra_session(activity, by, *, day=None, hours=(14, 15), venue=None, home=None):
    return add_session(
        activity,
        day=day or today(),
        starts_at=dt.time(hours[0]),
        ends_at=dt.time(hours[1]),
        home=home or (None if venue else activity.home),
        venue=venue or ("" if home else activity.venue),
        by=by,
    )


def picture_bytes():
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "orange").save(stream, "JPEG")
    return stream.getvalue()


def pdf_bytes():
    stream = io.BytesIO()
    epoch = time.gmtime(0)
    Image.new("RGB", (40, 30), "orange").save(stream, "PDF", creationDate=epoch, modDate=epoch)
    return stream.getvalue()


def a_picture(session, by):
    uploaded = SimpleUploadedFile("p.jpg", picture_bytes(), "image/jpeg")
    return SessionPhoto.add(session, uploaded, caption="大合唱", consents_checked=True, by=by)
