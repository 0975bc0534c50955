"""Who is a priority child, and why: the same reasons as conditions for lists and in words for one file."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from children.grades import COMPULSORY_FROM, COMPULSORY_UNDER, is_out_of_compulsory_school
from children.models import Child, Hardship, Kinship
from children.status import age_on, born_after
from records.privacy import BASIC, CARE, FAMILY

HARDEST = [Hardship.Kind.ORPHAN, Hardship.Kind.UNATTENDED]


@dataclass(frozen=True)
class Reason:
    """`rows(day)` is the condition on the child table, `holds(child, day)` the same of one loaded child."""

    key: str
    words: Any
    facts: str
    rows: Callable
    holds: Callable


def _has_hardest(child, day):
    return any(h.kind in HARDEST and _is_open(h, day) for h in child.hardships.all())


def _is_open(hardship, day):
    return (hardship.since is None or hardship.since <= day) and (hardship.until is None or hardship.until > day)


def _hardest(day):
    is_open = (Q(since=None) | Q(since__lte=day)) & (Q(until=None) | Q(until__gt=day))
    return Q(Exists(Hardship.objects.filter(is_open, child=OuterRef("pk"), kind__in=HARDEST)))


def _owes_school(day):
    of_age = Q(
        birth_date__lte=born_after(day, COMPULSORY_FROM), birth_date__gt=born_after(day, COMPULSORY_UNDER)
    )  # fmt: skip
    return Q(grade__in=["OUT", "NIS"]) & of_age


REASONS = [
    Reason(
        "nobody",
        _("nobody on file looks after the child"),
        FAMILY,
        lambda day: ~Q(Exists(Kinship.objects.filter(child=OuterRef("pk"), is_caregiver=True))),
        lambda child, day: not any(k.is_caregiver for k in child.kinships.all()),
    ),
    Reason(
        "poor",
        _("guardianship is rated poor"),
        CARE,
        lambda day: Q(guardianship_quality=Child.Quality.POOR),
        lambda child, day: child.guardianship_quality == Child.Quality.POOR,
    ),
    Reason(
        "out_of_school",
        _("out of school at compulsory age"),
        BASIC,
        _owes_school,
        lambda child, day: is_out_of_compulsory_school(child.grade, age_on(child.birth_date, day)),
    ),
    Reason(
        "unregistered",
        _("no household registration"),
        FAMILY,
        lambda day: Q(is_household_registered=False),
        lambda child, day: not child.is_household_registered,
    ),
    Reason("hardest", _("orphan or de facto unattended"), CARE, _hardest, _has_hardest),
]


def priority_on(day):
    """The condition on the child table that some reason holds on `day`."""
    condition = Q(pk__in=())
    for reason in REASONS:
        condition |= reason.rows(day)
    return condition


def reasons_for(child, day, user=None):
    """The reasons that hold of one child; for a person, only those whose facts the person sees."""
    return [r for r in REASONS if (user is None or user.sees(r.facts)) and r.holds(child, day)]
