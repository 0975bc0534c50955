"""Helpers, pairings and families for the tests, made through the verbs people use."""

import datetime as dt

from django.utils import timezone

from children.models import Consent
from communities.models import Term
from tests.children.factories import a_child, an_adult
from volunteers.kinds import HelperKind
from volunteers.models import Pairing, Requirement, Volunteer


def days(number):
    """So many days from today."""
    return timezone.localdate() + dt.timedelta(days=number)


def a_term(code="150902", starts=-60, ends=60, kind="autumn", year=2026):
    return Term.objects.get_or_create(
        district_id=code[:6],
        school_year=year,
        kind=kind,
        defaults={"starts_on": days(starts), "ends_on": days(ends)},
    )[0]


def a_helper(community, by, *, checked=True, user=None, **details):
    facts = {"name": "王爱华", "sex": "F", "birth_date": dt.date(1980, 3, 1), **details}
    facts = {"kinds": ["loving_mother", "tutor", "acting_parent"], **facts}
    helper = Volunteer.join(community=community, by=by, **{"joined_on": days(-300), "phone": "15412345678", **facts})
    if checked:
        helper.record_check(checked_on=days(-100), reference="R-1", by=by)
    if user:
        helper.give_account(user, by=by)
    return helper


def asks(district, what, *, kind=HelperKind.TUTOR, from_day=None, **details):
    """A district asks this of its helpers of a kind, for long where no day is given."""
    line = {"helper_kind": kind, "what": what, "from_day": from_day or days(-400), **details}
    return Requirement.objects.create(district=district, **line)


def consents(child, *purposes):
    for purpose in purposes or ["sharing"]:
        Consent.objects.get_or_create(
            child=child,
            purpose=purpose,
            withdrawn_on=None,
            defaults={"community_id": child.community_id, "given_by": "李红", "given_on": days(-90)},
        )


def a_proposal(child, helper, by, kind="loving_mother"):
    return Pairing.propose(child=child, volunteer=helper, kind=kind, by=by)


def heard(pairing, by, **details):
    pairing.hear(**{"guardian": "李红", "opinion": "agrees", "by": by, **details})
    return pairing


def a_pairing(child, helper, by, kind="loving_mother", starts=-50, ends_on=None):
    """An active pairing; consent to sharing comes with it."""
    consents(child)
    pairing = a_proposal(child, helper, by, kind)
    heard(pairing, by)
    pairing.agree(card_signed_on=days(min(starts, 0)), by=by)
    pairing.activate(starts_on=days(starts), ends_on=ends_on, by=by)
    return pairing


def a_paired_child(community, helper, by, name="陈小雨", household=None, **details):
    child = a_child(community, household, name=name, **details)
    a_pairing(child, helper, by)
    return child


__all__ = ["a_child", "a_helper", "a_paired_child", "a_pairing", "a_proposal", "a_term", "an_adult", "consents", "days"]
__all__ += ["asks", "heard"]
