"""Which families somebody came from to the parent school, and which nobody came from."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils import timezone

from activities.models import Activity, CarerAttendance, Session
from children.models import Adult, Child, Household

YEAR = dt.timedelta(days=365)
Theme = Activity.Theme


def came_to_school(theme="", since=None, until=None):
    """Adults at sessions of the parent school, of one theme or of all."""
    rows = CarerAttendance.objects.present().filter(session__activity__kind=Activity.Kind.PARENT_SCHOOL)
    if theme:
        rows = rows.filter(session__activity__theme=theme)
    if since:
        rows = rows.filter(session__day__gt=since)
    return rows.filter(session__day__lte=until) if until else rows


def came_last_year(theme="", day=None):
    """Those of the year up to `day`, or to today."""
    until = day or timezone.localdate()
    return came_to_school(theme, since=until - YEAR, until=until)


def of_the_family(rows):
    """Those of `rows` that were of the household outside; an adult belongs to the families of all their children."""
    return rows.filter(adult__kinships__child__household=OuterRef("pk")).order_by("-session__day")


def families_on(scope, day):
    """Households in the scope with a child on the register on `day`."""
    children = Child.objects.on_register(day).filter(household=OuterRef("pk"))
    return Household.objects.within(scope).filter(Exists(children.order_by()))


def without_school(scope, day, theme="", *, ever=False):
    """Families nobody came from: ever, or in the year up to `day`.

    Who came is looked up once, not for each family: of a street that is a quick list, and no statistics are needed.
    """
    rows = came_to_school(theme, since=None if ever else day - YEAR, until=day)
    rows = rows.filter(adult__in=Adult.objects.within(scope), adult__kinships__child__household__isnull=False)
    came = rows.order_by().values("adult__kinships__child__household")
    return families_on(scope, day).exclude(pk__in=came)


@dataclass
class ThemeLine:
    """One theme in the last twelve months."""

    theme: str
    label: Any
    sessions: int
    families: int


def by_theme(scope, day):
    """Every theme with its sessions and the families that came, in two queries."""
    held = Session.objects.within(scope).not_cancelled().filter(day__gt=day - YEAR, day__lte=day)
    held = held.filter(activity__kind=Activity.Kind.PARENT_SCHOOL).order_by()
    sessions = dict(held.values_list("activity__theme").annotate(Count("pk")))
    household = "adult__kinships__child__household"
    rows = came_to_school(since=day - YEAR, until=day).within(scope)
    rows = rows.filter(**{f"{household}__in": families_on(scope, day).order_by().values("pk")})
    counted = rows.order_by().values_list("session__activity__theme").annotate(Count(household, distinct=True))
    families = dict(counted)
    return [ThemeLine(key, label, sessions.get(key, 0), families.get(key, 0)) for key, label in Theme.choices]


def with_last_day(households, theme=""):
    """Each household with `last_came`, the last day somebody of it came."""
    days = of_the_family(came_to_school(theme, until=timezone.localdate())).values("session__day")[:1]
    return households.annotate(last_came=Subquery(days))


def figures(scope, day, theme=""):
    """How many families there are, came within a year, and never came."""
    days = of_the_family(came_to_school(theme, until=day)).values("session__day")[:1]
    return (
        families_on(scope, day)
        .order_by()
        .annotate(last=Subquery(days))
        .aggregate(
            total=Count("pk"),
            came=Count("pk", filter=Q(last__gt=day - YEAR)),
            never=Count("pk", filter=Q(last=None)),
        )
    )
