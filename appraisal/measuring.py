"""What logged work says of nominees: one value for each measured criterion, from the rows of the call's year.

`@measures_work` registers `(nominations, first, last) -> {nomination's key: value}`; what is absent counts as nought.
Each is asked once for all nominations of a call, and asks the database as often for one as for many.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models import Attendance, CarerAttendance, Session
from appraisal.kinds import Kind
from appraisal.models.evidence import NominationEvidence
from appraisal.scoring import TENTH, Line, score
from homes.models import Home, Repair
from volunteers import hours
from volunteers.models import Duty


@dataclass(frozen=True)
class Measured:
    key: str
    kind: str
    label: Any
    definition: Any
    source: Callable
    value: Callable = lambda found: found


MEASURED: dict[str, Measured] = {}


def measures_work(kind, label, definition):
    """Register the decorated function under its own name."""

    def register(function):
        name = function.__name__
        MEASURED[name] = Measured(name, kind, label, definition, function)
        return function

    return register


def days_of(year):
    """First and last day that count: the year, as far as it has come."""
    return dt.date(year, 1, 1), min(dt.date(year, 12, 31), timezone.localdate())


def choices_for(kind):
    return [(one.key, one.label) for one in MEASURED.values() if one.kind == kind]


def lines_of(nominations):
    """{nomination's key: [Line]} of nominations of one call: frozen where it is decided, else as rows stand today."""
    explained = {one.pk: [Line.from_data(data) for data in one.explanation] for one in nominations if one.explanation}
    waiting = [one for one in nominations if not one.explanation]
    if not waiting:
        return explained
    call = waiting[0].call
    criteria = list(call.criteria.all())
    first, last = days_of(call.year)
    used = [MEASURED[key] for key in {one.measured for one in criteria} if key in MEASURED]
    found = {source: source(waiting, first, last) for source in {one.source for one in used}}
    for one in waiting:
        values = {m.key: m.value(found[m.source][one.pk]) for m in used if one.pk in found[m.source]}
        explained[one.pk] = [
            Line(c.label, c.weight, c.measured, c.target, Decimal(values.get(c.measured, 0)))
            if c.measured in MEASURED
            else Line(c.label, c.weight)
            for c in criteria
        ]
    return explained


def scores_of(nominations):
    """{nomination's key: (points, the most that is measured)}"""
    return {key: score(lines) for key, lines in lines_of(nominations).items()}


def share(part, whole):
    """`part` of `whole` in per cent, rounded down to a tenth; nought of nothing."""
    return (Decimal(100 * part) / whole).quantize(TENTH, ROUND_DOWN) if whole else Decimal(0)


# Helpers --------------------------------------------------------------------------------------------------------------


def _worked(nominations, first, last):
    by_helper = {one.helper_id: one.pk for one in nominations if one.helper_id}
    sums = {key: hours.Worked() for key in by_helper.values()}
    for helper, days in hours.by_day(list(by_helper), first).items():
        for day, done in days:
            if day <= last:
                sums[by_helper[helper]].add(done)
    return sums


for _key, _label, _definition, _value in [
    ("hours", _("hours of service"), _("Hours on file in the year; an hour counts once."), lambda w: str(w.hours)),
    ("contacts", _("contacts"), _("Contacts in the year in which somebody was met."), lambda w: w.contacts),
    ("sessions", _("activities led"), _("Sessions led in the year that are written up."), lambda w: w.sessions),
    ("shifts", _("duties at the Home"), _("Duties at the Home in the year, with both times."), lambda w: w.shifts),
]:
    MEASURED[_key] = Measured(_key, Kind.INDIVIDUAL, _label, _definition, _worked, _value)


@measures_work(
    Kind.INDIVIDUAL,
    _("share of the five ones done, per cent"),
    _("Of the duties due in the year and not excused, those that were done."),
)
def duties_kept(nominations, first, last):
    by_helper = {one.helper_id: one.pk for one in nominations if one.helper_id}
    owed = Duty.objects.filter(pairing__volunteer__in=list(by_helper), due_on__range=(first, last), excused_on=None)
    counted = (
        owed.order_by()
        .values_list("pairing__volunteer")
        .annotate(owed=Count("pk"), done=Count("pk", filter=Q(done_on__lte=last)))
    )
    return {by_helper[helper]: share(done, all_owed) for helper, all_owed, done in counted}


# Pieces of work: what is linked as evidence ---------------------------------------------------------------------------


def _of_activities(nominations):
    """{activity's key: keys of the nominations that name it as evidence}"""
    keys = [one.pk for one in nominations]
    linked = NominationEvidence.objects.filter(nomination__in=keys, of=NominationEvidence.Of.ACTIVITY).values_list(
        "key", "nomination"
    )
    found: dict[int, set] = {}
    for activity, nomination in linked:
        found.setdefault(activity, set()).add(nomination)
    return found


def _summed(nominations, counted):
    by_activity = _of_activities(nominations)
    sums: dict[int, int] = {}
    for activity, number in counted(list(by_activity)):
        for nomination in by_activity[activity]:
            sums[nomination] = sums.get(nomination, 0) + number
    return sums


@measures_work(
    Kind.CASE,
    _("days of linked activities"),
    _("Sessions in the year, written up, of the activities linked as evidence."),
)
def case_sessions(nominations, first, last):
    def counted(activities):
        rows = Session.objects.recorded().filter(activity__in=activities, day__range=(first, last))
        return rows.order_by().values_list("activity").annotate(Count("pk", distinct=True))

    return _summed(nominations, counted)


@measures_work(
    Kind.CASE, _("attendances at linked activities"), _("Children marked present in the year at the activities linked.")
)
def case_attendances(nominations, first, last):
    def counted(activities):
        rows = Attendance.objects.present().filter(session__activity__in=activities, session__day__range=(first, last))
        return rows.order_by().values_list("session__activity").annotate(Count("pk"))

    return _summed(nominations, counted)


# Homes ----------------------------------------------------------------------------------------------------------------


def _by_home(nominations):
    return {one.home_id: one.pk for one in nominations if one.home_id}


@measures_work(Kind.HOME, _("score of the last inspection"), _("Of the last inspection from above in the year."))
def home_score(nominations, first, last):
    by_home = _by_home(nominations)
    checks = Home._meta.get_field("inspections").related_model.objects.submitted()
    rows = checks.filter(home__in=list(by_home), kind="inspection", submitted_on__range=(first, last))
    return {by_home[home]: found for home, found in rows.order_by("submitted_on", "pk").values_list("home", "score")}


@measures_work(Kind.HOME, _("open hours a week"), _("The opening hours by weekday in term time."))
def home_hours(nominations, first, last):
    by_home = _by_home(nominations)
    homes = Home.objects.filter(pk__in=list(by_home)).with_hours()
    return {by_home[home]: hours for home, hours in homes.values_list("pk", "hours")}


@measures_work(Kind.HOME, _("gaps put right"), _("Repairs confirmed in the year."))
def home_repairs(nominations, first, last):
    by_home = _by_home(nominations)
    rows = Repair.objects.filter(home__in=list(by_home), status="confirmed", settled_on__range=(first, last))
    return {by_home[home]: n for home, n in rows.order_by().values_list("home").annotate(Count("pk"))}


# Children and parents -------------------------------------------------------------------------------------------------


@measures_work(
    Kind.EXAMPLE,
    _("activities taken part in"),
    _("Sessions in the year at which the child was present; of a parent, those at which one of the family was."),
)
def attendances(nominations, first, last):
    found = {}
    for is_parent in (False, True):
        by_child = {one.child_id: one.pk for one in nominations if one.child_id and one.is_parent == is_parent}
        rows, path = (
            (CarerAttendance.objects.present(), "adult__kinships__child")
            if is_parent
            else (Attendance.objects.present(), "child")
        )
        rows = rows.filter(**{f"{path}__in": list(by_child)}, session__day__range=(first, last))
        counted = rows.order_by().values_list(path).annotate(Count("session", distinct=True))
        found.update({by_child[child]: n for child, n in counted if child in by_child})
    return found
