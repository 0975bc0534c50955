"""What follows from where the parents are, as conditions on the child table: for measures and lists.

`children.follow_ups` says the same of one loaded file; a property test holds the two together.
"""

import datetime as dt

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, Value

from children import status_in_sql
from children.models.adult import PARENTS, Kinship
from children.models.away import Away
from children.models.standing import StatusReview
from children.reaching import signs_of
from children.status import COUNTED_UNDER, born_after, months_before

UNREACHED_DAYS = 60
SIXTEEN_YEARS = dt.timedelta(days=16 * 365 + 4)
ROSTER_IN, ROSTER_ON = 4, 22  # the day by which the roster is reported each year


def unreachable(day):
    """Both parents are away, and for 60 days neither was reached, nor in touch with a child of theirs, nor what is on
    file about them verified."""
    return _silent("father", day) & _silent("mother", day)


def _silent(relation, day):
    first = day - dt.timedelta(days=UNREACHED_DAYS)
    kin = Kinship.objects.filter(
        status_in_sql.stays_on(day) & (Q(adult__aways__verified_on=None) | Q(adult__aways__verified_on__lte=first)),
        child=OuterRef("pk"),
        relation=relation,
    )
    return Q(Exists(without_signs(kin, relation, first, day)))


def without_signs(kin, relation, first, day):
    """Of the kinships `kin`, those to a parent of whom nothing was heard after the day `first`."""
    for sign in signs_of(relation, first, day):
        kin = kin.exclude(Exists(sign))
    return kin


def expected_back(day):
    """A parent should have been back by `day` and is still on file as away."""
    return _parent_away(day, adult__aways__expected_back_on__lt=day)


def unverified(day):
    """A parent is on file as away, and nobody has verified it for some months."""
    last = months_before(day, settings.STAYS_VERIFIED_MONTHS)
    return _parent_away(day, adult__aways__verified_on__lte=last)


def _parent_away(day, **more):
    kin = Kinship.objects.filter(status_in_sql.stays_on(day), child=OuterRef("pk"), relation__in=PARENTS, **more)
    return Q(Exists(kin))


def parent_back(day):
    """A parent came back, the child no longer counts, and nobody has reviewed since whether the file stays open."""
    return _came_back(day) & ~(status_in_sql.left_behind(day) | status_in_sql.migrant(day))


def _came_back(day):
    here = Away.objects.filter(adult=OuterRef("adult")).filter(_covers(day))
    reviewed = StatusReview.objects.filter(child=OuterRef(OuterRef("pk")), reviewed_at__gte=OuterRef("noted_at"))
    ended = Away.objects.filter(
        ~Exists(here),
        ~Exists(reviewed),
        adult__kinships__child=OuterRef("pk"),
        adult__kinships__relation__in=PARENTS,
        until__lte=day,
        until__gt=OuterRef("registered_on"),
    )
    return Q(Exists(ended), birth_date__gt=born_after(day, COUNTED_UNDER))


def _covers(day):
    begun = Q(since__lte=day) | Q(since=None, reported_on__lte=day)
    return begun & (Q(until=None) | Q(until__gt=day))


def turned_16(day):
    """Sixteen since the last roster, and nobody has looked at the file since."""
    looked = StatusReview.objects.filter(
        child=OuterRef("pk"), reviewed_at__date__gte=OuterRef("birth_date") + Value(SIXTEEN_YEARS)
    )
    return Q(
        ~Exists(looked),
        birth_date__lte=born_after(day, COUNTED_UNDER),
        birth_date__gt=born_after(last_roster_day(day), COUNTED_UNDER),
    )


def last_roster_day(day):
    this_year = day.replace(month=ROSTER_IN, day=ROSTER_ON)
    return this_year if this_year <= day else this_year.replace(year=day.year - 1)


FOLLOW_UPS = {
    "unreachable": unreachable,
    "back": parent_back,
    "expected": expected_back,
    "unverified": unverified,
    "turned_16": turned_16,
}
