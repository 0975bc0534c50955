"""How far a Home is in a year's evaluation, step by step, each with its day."""

import datetime as dt
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from homes.models import Evaluation, Inspection

Status = Evaluation.Status
DONE, NOW, LATE, AHEAD = "done", "now", "late", "ahead"


@dataclass(frozen=True)
class Step:
    """`on`: the day it was done, else by when it is due (or planned for); None where no day is set yet."""

    words: Any
    state: str
    on: dt.date | None = None
    is_planned: bool = False


def _step(words, *, done, due, is_next=True, is_planned=False):
    if done:
        return Step(words, DONE, done)
    if due and due < timezone.localdate():
        return Step(words, LATE, due, is_planned)
    return Step(words, NOW if is_next else AHEAD, due, is_planned)


def steps_of(evaluation, waiting):
    """The steps so far and those ahead: self-check, inspection, draft, hearing, decision; then each rectification.

    `waiting`: the inspection that the next verdict may rest upon, or None."""
    year, rulings = evaluation.year, list(evaluation.rulings.select_related("inspection").order_by("number"))
    checks = evaluation.home.inspections.submitted().filter(kind=Inspection.Kind.SELF_CHECK)
    self_check = checks.filter(submitted_on__gte=year.self_check_from).order_by("submitted_on").last()
    steps = [_step(_("Self-check"), done=self_check and self_check.submitted_on, due=year.self_check_by)]
    first = rulings[0] if rulings else None
    steps += _look(evaluation, first, waiting, _("Inspection"), year.inspect_until, year.decide_by)
    for before, after in zip_longest(rulings, rulings[1:]):
        if before.decided == Inspection.Grade.RECTIFY:
            words = _("Second look, after rectification")
            steps += _look(evaluation, after, waiting, words, before.decided_rectify_by, None)
    return steps


def _look(evaluation, ruling, waiting, words, inspect_by, decide_by):
    """The steps of one inspection and the verdict on it; `ruling`: None until it is drafted."""
    if ruling is None:
        planned = evaluation.visit_on
        return [
            _step(words, done=waiting and waiting.submitted_on, due=planned or inspect_by, is_planned=bool(planned)),
            _step(_("Draft verdict"), done=None, due=None, is_next=waiting is not None),
            _step(_("Hearing of the community"), done=None, due=None, is_next=False),
            _step(_("The decision"), done=None, due=decide_by, is_next=False),
        ]
    heard = _day(ruling.stated_at) or (ruling.heard_until if ruling.is_ready else None)
    return [
        _step(words, done=ruling.inspection.submitted_on, due=None),
        _step(_("Draft verdict"), done=_day(ruling.drafted_at), due=None),
        # The end of a hearing is nobody's delay.
        Step(_("Hearing of the community"), DONE, heard)
        if heard
        else Step(_("Hearing of the community"), NOW, ruling.heard_until),
        _step(_("The decision"), done=_day(ruling.decided_at), due=decide_by, is_next=ruling.is_ready),
    ]


def _day(moment):
    return timezone.localdate(moment) if moment else None
