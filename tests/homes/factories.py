"""Homes, standards and checks for tests, made through the verbs wherever there is one."""

import datetime as dt
import io
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from communities.models import User
from homes import checking
from homes.models import Home, Inspection, OpenTime, StandardItem
from homes.standard_2026 import load_standard
from premises.models import DutyHolder

DAYS_A_WEEK = 6


def make_home(community, weekly_hours=0, **details):
    """A Home, and how many hours it is open in a week of term, from Monday to Saturday; 0: nobody has said."""
    facts = {
        "name": "儿童之家",
        "address": "1 号楼",
        "area": Decimal("42.5"),
        "opened_on": dt.date(2020, 5, 1),
    }
    home = Home.objects.create(community=community, **{**facts, **details})
    minutes, none_left = divmod(Decimal(weekly_hours) * 60, DAYS_A_WEEK)
    assert not none_left, "The hours of a week are shared out in whole minutes."
    hours, past = divmod(int(minutes), 60)
    closes = dt.time(9 + hours, past)
    if minutes:
        OpenTime.objects.bulk_create(
            OpenTime(
                home=home, community_id=home.community_id, district=home.district,
                weekday=day, opens_at=dt.time(9), closes_at=closes,
            )
            for day in range(DAYS_A_WEEK)
        )  # fmt: skip
    return home


def managed(home, by, name="王丽", phone="16112345678"):
    """Somebody of the staff becomes the manager of a Home."""
    since = timezone.localdate() - dt.timedelta(days=100)
    return DutyHolder.name_for(home, position="manager", name=name, phone=phone, since=since, by=by)


def approver():
    return User.objects.get_or_create(username="approver", defaults={"name": "approver"})[0]


def standard_in_force(district, since=dt.date(2020, 1, 1)):
    standard = load_standard(district)
    standard.in_force_from = since
    standard.save()
    standard.approve(by=approver())
    return standard


def meet(answer):
    """Give the best answer to a requirement answered by hand (photos aside)."""
    match answer.item.kind:
        case StandardItem.Kind.BOOL:
            answer.yes = True
        case StandardItem.Kind.CHOICE:
            answer.choice = 0
        case StandardItem.Kind.NUMBER | StandardItem.Kind.COMPUTED if not answer.measured:
            answer.number = answer.item.threshold


def fill_in(check, by, but=()):
    """Meet every requirement answered by hand but those of the codes in `but`, which stay unanswered."""
    for section in StandardItem.Section.values:
        answers = [a for a in checking.open_section(check, section) if a.item.code not in but]
        for answer in answers:
            meet(answer)
        checking.keep(check, answers, by=by)


def submitted_check(home, by, *, kind=Inspection.Kind.INSPECTION, on=None, but=()):
    check = checking.begin(home, kind, by=by)
    fill_in(check, by, but)
    check = checking.submit(check, by=by)
    if on is not None:
        Inspection.objects.filter(pk=check.pk).update(submitted_on=on)
    return check


def picture(name="room.jpg", size=(60, 40)):
    stream = io.BytesIO()
    Image.new("RGB", size, "wheat").save(stream, "JPEG")
    return SimpleUploadedFile(name, stream.getvalue(), "image/jpeg")


def today():
    return timezone.localdate()
