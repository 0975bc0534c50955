"""Families for the tests of the register."""

import datetime as dt

from django.utils import timezone

from children import transfer
from children.models import Adult, Away, Child, FileNumber, Household, Kinship
from children.stays import string_together
from communities.identity import check_character


def id_number(birth_date, sex="F", sequence=996, place="150902"):
    """A valid ID number with a sequence that is never issued."""
    digits = f"{place}{birth_date:%Y%m%d}{sequence + (sequence % 2 != (sex == 'M')):03}"
    return digits + check_character(digits)


def a_child(community, household=None, **details):
    household = household or Household.objects.create(community=community)
    today = timezone.localdate()
    facts = {
        "name": "陈小雨",
        "sex": "F",
        "birth_date": today - dt.timedelta(days=10 * 365),
        "registered_on": today - dt.timedelta(days=400),
        "number": FileNumber.take(community.pk)[0],
        **details,
    }
    return Child.objects.create(community=community, household=household, **facts)


def an_adult(child, relation="mother", *, cares=False, away_since=None, **details):
    """An adult of the child's household; `away_since` opens a stay in another county."""
    adult = Adult.objects.create(
        community_id=child.community_id, household=child.household, **{"name": "李红", **details}
    )
    kin(child, adult, relation, cares=cares)
    if away_since:
        away(adult, away_since)
    return adult


def kin(child, adult, relation, *, cares=False):
    return Kinship.objects.create(
        community_id=child.community_id, child=child, adult=adult, relation=relation, is_caregiver=cares
    )


def away(adult, since, **details):
    reported = details.pop("reported_on", since or timezone.localdate())
    verified = details.pop("verified_on", max(reported, timezone.localdate() - dt.timedelta(days=1)))
    stay = Away.objects.create(
        community_id=adult.community_id,
        adult=adult,
        since=since,
        reported_on=reported,
        verified_on=verified,
        **details,
    )
    string_together(adult)
    return stay


def left_behind_child(community, **details):
    """Both parents a year in another province, the grandmother cares."""
    child = a_child(community, **details)
    year_ago = timezone.localdate() - dt.timedelta(days=365)
    an_adult(child, "father", name="陈建国", away_since=year_ago)
    an_adult(child, "mother", name="李红", away_since=year_ago)
    an_adult(child, "grandmother_p", name="王秀英", cares=True)
    return child


def migrant_child(community, **details):
    year_ago = timezone.localdate() - dt.timedelta(days=365)
    child = a_child(community, registered_county="140202", came_on=year_ago, **details)
    an_adult(child, "mother", cares=True)
    return child


def offered(children, to, *, by, **details):
    """An offer of these children to another community."""
    facts = {"reason": "moved", "moves_on": timezone.localdate(), "contact": "王敏 0474-1234567", **details}
    return transfer.offer(children, to, by=by, **facts)


def siblings(community, **details):
    """Two children of one household with parents away and a grandmother at home, all three tied to both."""
    one = left_behind_child(community, **details)
    two = a_child(community, one.household, name="陈小雪", birth_date=dt.date(2018, 1, 1))
    for kinship in list(one.kinships.all()):
        kin(two, kinship.adult, kinship.relation, cares=kinship.is_caregiver)
    return one, two
