"""What follows from where one child's parents are: the conditions of `children.parents_in_sql` on a loaded file.

The database takes longer to plan those conditions than to answer all the rest of a file. What the family's rows leave
open is asked of it, and nothing else.
"""

import datetime as dt

from django.conf import settings
from django.utils import timezone

from children.models import Kinship
from children.parents_in_sql import FOLLOW_UPS, SIXTEEN_YEARS, UNREACHED_DAYS, last_roster_day, without_signs
from children.status import COUNTED_UNDER, PARENTS, Facts, born_after, left_behind, migrant, months_before


def follow_ups(child, day):
    """The keys of what follows for `child`; reads its kinships, their adults and stays, prefetched or not."""
    if child.left_on and child.left_on <= day:
        return []
    parents = {kin.relation: kin for kin in child.kinships.all() if kin.relation in PARENTS}
    stays = {relation: list(kin.adult.aways.all()) for relation, kin in parents.items()}
    away = {relation: [stay for stay in rows if stay.covers(day)] for relation, rows in stays.items()}
    last_verified = months_before(day, settings.STAYS_VERIFIED_MONTHS)
    open_stays = [stay for rows in away.values() for stay in rows]
    follows = {
        "unreachable": _nobody_heard_of(parents, away, day),
        "back": _is_back(child, stays, away, day),
        "expected": any(stay.expected_back_on and stay.expected_back_on < day for stay in open_stays),
        "unverified": any(stay.verified_on and stay.verified_on <= last_verified for stay in open_stays),
        "turned_16": _turned_16(child, day),
    }
    return [key for key in FOLLOW_UPS if follows[key]]


def _nobody_heard_of(parents, away, day):
    first = day - dt.timedelta(days=UNREACHED_DAYS)
    for relation in PARENTS:
        if not any(stay.verified_on is None or stay.verified_on <= first for stay in away.get(relation, ())):
            return False
    silent = [
        without_signs(Kinship.objects.filter(pk=parents[relation].pk), relation, first, day) for relation in PARENTS
    ]
    return all(kin.exists() for kin in silent)


def _is_back(child, stays, away, day):
    """A parent came back, the child no longer counts, and nobody has reviewed since whether the file stays open."""
    if child.birth_date <= born_after(day, COUNTED_UNDER):
        return False
    ended = [
        stay
        for relation, rows in stays.items()
        if not away[relation]
        for stay in rows
        if stay.until and child.registered_on < stay.until <= day
    ]
    if not ended or left_behind(facts := Facts.of(child, past=False), day) or migrant(facts, day):
        return False
    reviewed = _last_reviewed(child)
    return reviewed is None or any(stay.noted_at > reviewed for stay in ended)


def _turned_16(child, day):
    first, last = born_after(last_roster_day(day), COUNTED_UNDER), born_after(day, COUNTED_UNDER)
    if not first < child.birth_date <= last:
        return False
    looked = _last_reviewed(child)
    return looked is None or timezone.localdate(looked) < child.birth_date + SIXTEEN_YEARS


def _last_reviewed(child):
    return child.status_reviews.order_by("-reviewed_at").values_list("reviewed_at", flat=True).first()
