"""The visits of a year that are planned and still to be made, as they are printed and taken out."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from communities.models import Division
from homes.managers import Manager, managers_of
from homes.models import Evaluation
from records.scoping import Scope
from records.text import clean_code


@dataclass(frozen=True)
class PlannedVisit:
    """`manager`: None where this reader may not know who manages the Home."""

    on: dt.date
    inspector: str
    home: str
    community: Any
    street: Any
    address: str
    manager: Manager | None


def streets_of(user):
    """The streets and towns whose evaluations this person may see whole."""
    scope = Scope.of(*user.codes_for(Evaluation))
    return Division.objects.filter(scope.at("code"), level=Division.Level.STREET).order_by("code")


def street_asked(user, code):
    """The one of `streets_of` with this code; None where there is none."""
    return streets_of(user).filter(pk=clean_code(code)).first()


def planned_visits(user, year, street=None):
    """[PlannedVisit] in reach, by day and person; of one street where it is given."""
    rows = Evaluation.objects.visible_to(user).filter(year=year)
    rows = rows.within(Scope.of(street.pk)) if street else rows
    found = list(rows.planned().select_related("home", "community__parent", "inspector"))
    managers = managers_of([visit.home for visit in found], user)
    return [
        PlannedVisit(
            visit.visit_on,
            visit.inspector.name,
            visit.home.name,
            visit.community,
            visit.community.parent,
            visit.home.address,
            managers.get(visit.home_id),
        )
        for visit in found
    ]
