"""Kinds of support, and applications on their way, for the tests."""

import datetime as dt
from decimal import Decimal

from django.utils import timezone

from children.caring import note_hardship
from children.consenting import give_consent
from support import applying, deciding
from support.models import AidKind, Application
from tests.children.factories import left_behind_child


def today():
    return timezone.localdate()


def days_ago(number):
    return today() - dt.timedelta(days=number)


def a_kind(district, **details):
    facts = {
        "title_zh": "春蕾计划",
        "title_en": "Spring Bud",
        "giver": "春蕾基金",
        "sex": "F",
        "age_from": 6,
        "age_to": 17,
        "stages": ["primary"],
        "hardships": ["low_income", "illness"],
        "amount": Decimal(1200),
        "papers": "户口簿\n困难证明",
        "open_from": days_ago(60),
        **details,
    }
    return AidKind.objects.create(district=district, **facts)


def a_girl(community, by, **details):
    """Meets every rule of `a_kind`, and her guardian agrees to the public notice."""
    facts = {"name": "陈小雨", "grade": "G4", "school": "第一小学", **details}
    child = left_behind_child(community, **facts)
    note_hardship(child, "low_income", since=days_ago(100), by=by)
    give_consent(child, "publicity", given_by="王秀英", on=days_ago(5), by=by)
    return child


def filled_in(child, kind, by, **details):
    application = applying.prepare(child, kind, by=by)
    facts = {
        "reason": "家庭收入低，老人患病。",
        "reason_group": "hardship",
        "papers_seen": kind.rules.papers,
        **details,
    }
    for name, value in facts.items():
        setattr(application, name, value)
    applying.fill_in(application, list(facts), by=by)
    return application


def submitted(child, kind, by, **details):
    application = filled_in(child, kind, by, **details)
    applying.note_school(application, teacher="李老师", on=days_ago(3), opinion="情况属实，同意推荐。", by=by)
    applying.submit(application, by=by)
    return application


def checked(child, kind, worker, officer):
    application = submitted(child, kind, worker)
    deciding.check(application, by=officer)
    return application


def on_notice(child, kind, worker, officer):
    application = checked(child, kind, worker, officer)
    deciding.post_notice(application, by=worker)
    return application


def notice_run(application):
    """As if the days of the notice had passed."""
    rows = Application.objects.filter(pk=application.pk)
    rows.update(notice_from=days_ago(9), notice_until=days_ago(2))
    return rows.get()


def ready(child, kind, worker, officer):
    return notice_run(on_notice(child, kind, worker, officer))


def approved(child, kind, worker, officer, federation, **details):
    application = ready(child, kind, worker, officer)
    deciding.decide(application.sheets.get(), is_approved=True, reason="符合条件。", by=federation, **details)
    return Application.objects.get(pk=application.pk)
