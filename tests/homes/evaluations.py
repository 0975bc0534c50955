"""Steps of a yearly evaluation, for tests."""

import datetime as dt

import time_machine
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from homes import checking
from homes.models import Inspection, Ruling, StandardItem
from tests.homes.factories import meet

POOR = ["H01", "H02", "H05", "H08", "H09", "H12", "S01", "S05", "S09", "S12", "O01", "O10", "O11", "O15"]


def days(number):
    return timezone.localdate() + dt.timedelta(days=number)


def at(number):
    """Noon of the day so many days from now."""
    return time_machine.travel(timezone.now() + dt.timedelta(days=number), tick=False)


def dates():
    return {
        "self_check_by": days(10),
        "inspect_from": days(-5),
        "inspect_until": days(30),
        "decide_by": days(60),
        "hearing_days": 7,
    }


def fresh(row):
    return type(row).objects.get(pk=row.pk)


@transaction.atomic
def inspected(home, by, but=()):
    """A submitted inspection that meets all that applies, but the requirements of the codes in `but`."""
    check = checking.begin(home, Inspection.Kind.INSPECTION, by=by)
    for section in StandardItem.Section.values:
        answers = [answer for answer in checking.open_section(check, section) if answer.item.code not in but]
        for answer in answers:
            if answer.item.kind == StandardItem.Kind.PHOTO:
                answer.not_applicable, answer.comment = True, "下次再拍"
            elif answer.measured:
                answer.number = answer.item.threshold
            else:
                meet(answer)
        checking.keep(check, answers, by=by)
    return checking.submit(check, by=by)


def drafted(evaluation, by, *, but=(), **facts):
    """Inspected and drafted by the same person; the verdict by the rules unless `facts` say otherwise."""
    check = inspected(evaluation.home, by, but)
    now = fresh(evaluation)
    by_rules = Ruling.upon(now, check).computed
    facts = {"proposed": by_rules, "rectify_by": days(30)} | facts
    return Ruling.draft(now, inspection=check.pk, seen=now.version, by=by, **facts)


def heard(evaluation, by, speaker=None, **facts):
    ruling = drafted(evaluation, by, **facts)
    ruling.open_hearing(seen=fresh(evaluation).version, by=by)
    if speaker:
        ruling.state(statement="我们已安排。", seen=fresh(evaluation).version, by=speaker)
    return fresh(ruling)


def decided(evaluation, by, speaker, chair, **facts):
    ruling = heard(evaluation, by, speaker, **facts)
    facts = {"decided": ruling.proposed, "rectify_by": ruling.rectify_by}
    ruling.decide(**facts, seen=fresh(evaluation).version, by=chair)
    return fresh(ruling)


def act_url(evaluation, act):
    return reverse(f"evaluations:{act}", args=[evaluation.pk])
