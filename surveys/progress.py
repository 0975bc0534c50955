"""Whom a round asks, and how far it has come: per grid, per community, per street, always in one query."""

from dataclasses import dataclass

from django.db.models import Count, Exists, FilteredRelation, OuterRef, Q

from children.models import Child, Household
from communities.models import Division
from records.scoping import Scope
from surveys.models import HouseholdVisit
from surveys.models.round import LEVELS
from surveys.walking import natural

Result = HouseholdVisit.Result


@dataclass
class Progress:
    """Households of one place: how many there are, were visited, found nobody at home, are new, have changed."""

    households: int = 0
    visited: int = 0
    nobody_home: int = 0
    new: int = 0
    changed: int = 0

    COUNTED = ("households", "visited", "nobody_home", "new", "changed")

    def __add__(self, other):
        return Progress(*(getattr(self, name) + getattr(other, name) for name in self.COUNTED))

    @property
    def to_visit(self):
        return self.households - self.visited


def reach_of(codes, survey_round):
    """What lies both in the divisions with these codes and in the round."""
    asked = survey_round.division_id
    inside = [max(code, asked, key=len) for code in codes if code.startswith(asked) or asked.startswith(code)]
    return Scope.of(*inside)


def places_in(user, survey_round, action="view"):
    """The round's communities whose households this person may look at."""
    reach = reach_of(user.codes_for(HouseholdVisit, action), survey_round)
    return list(Division.objects.within(reach).filter(level="community")) if reach.codes else []


def chosen_place(asked, places):
    """The community asked for, the only one there is, or None."""
    if len(places) == 1:
        return places[0]
    return next((place for place in places if place.pk == asked.get("community")), None)


def asked_by(survey_round, scope):
    """Households the round asks, each with its `visit` there: those with a child on the register, and those visited."""
    of_round = FilteredRelation("survey_visits", condition=Q(survey_visits__round=survey_round))
    on_register = Child.objects.on_register(survey_round.last_day).filter(household=OuterRef("pk"))
    households = Household.objects.within(scope).annotate(visit=of_round)
    return households.filter(Exists(on_register) | Q(visit__isnull=False))


def to_visit(households):
    return households.filter(Q(visit__isnull=True) | Q(visit__result=Result.NOBODY_HOME))


def done(households):
    return households.filter(visit__isnull=False).exclude(visit__result=Result.NOBODY_HOME)


def _counted(households, *by):
    nobody = Q(visit__result=Result.NOBODY_HOME)
    rows = (
        households.order_by()
        .values(*by)
        .annotate(
            households=Count("pk"),
            attempts=Count("visit"),
            nobody_home=Count("visit", filter=nobody),
            new=Count("visit", filter=Q(visit__result=Result.NEW_FAMILY)),
            changed=Count("visit", filter=Q(visit__has_changes=True)),
        )
    )
    for row in rows:
        key = row[by[0]]
        visited = row["attempts"] - row["nobody_home"]
        yield key, Progress(row["households"], visited, row["nobody_home"], row["new"], row["changed"])


def per_grid(survey_round, community):
    """[(grid, progress)] in walking order; households without a grid last, as grid ""."""
    found = dict(_counted(asked_by(survey_round, Scope.of(community.pk)), "grid"))
    return sorted(found.items(), key=lambda pair: (not pair[0], natural(pair[0]), pair[0]))


def per_division(survey_round, scope):
    """{code: progress} of communities, and of the streets and districts they add up to."""
    found: dict[str, Progress] = {}
    for code, progress in _counted(asked_by(survey_round, scope), "community_id"):
        for digits in LEVELS:
            found[code[:digits]] = found.get(code[:digits], Progress()) + progress
    return found
