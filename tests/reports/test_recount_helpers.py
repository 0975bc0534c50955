"""Helpers, pairings and the five ones recounted."""

import random

import pytest
from django.utils import timezone

from children.models import Child
from communities.models import Term
from records import measures
from records.measures import Period
from records.scoping import Scope
from tests.children.factories import a_child
from tests.reports.recounting import SEEDS, a_day, a_day_after, all_communities, compare_all, inside, recounts
from tests.volunteers.factories import a_helper, a_pairing, days
from volunteers.kinds import DutyKind
from volunteers.models import Duty, Pairing, RecordCheck, Volunteer

pytestmark = pytest.mark.django_db
KINDS = ["loving_mother", "tutor", "acting_parent"]
KEYS = ["helpers_in_service", "helpers_active", "helpers_with_valid_check", "children_paired"]
KEYS += ["pairings_active", "pairings_begun", "pairings_ended", "duties_due_base", "duties_done"]


@pytest.fixture(params=SEEDS)
def places(request, community, sister_community, far_community, director):
    """Helpers who joined, left and were checked at random, and pairings of every state with children of three
    communities and of another district."""
    chance = random.Random(request.param)
    places = all_communities(community, sister_community, far_community)
    helpers = [_a_helper(chance, chance.choice(places), director) for _n in range(24)]
    terms = [*_terms("150902", last=29), *_terms("150903", last=31)]
    for _n in range(30):
        child = _a_child(chance, chance.choice(places))
        near = [helper for helper in helpers if helper.district == child.district]
        for kind in chance.sample(KINDS, chance.randint(0, 3) if near else 0):
            pairing = _a_pairing(chance, child, chance.choice(near), kind)
            if pairing.starts_on:
                _duties(chance, pairing, [term for term in terms if term.district_id == pairing.district], director)
    return places


def _a_helper(chance, place, by):
    joined = a_day(chance, -400, 5)
    left = a_day_after(chance, joined, 40) if chance.random() < 0.4 else None
    helper = a_helper(place, by, checked=False, joined_on=joined)
    Volunteer.objects.filter(pk=helper.pk).update(left_on=left)
    for _n in range(chance.randint(0, 3)):
        checked = a_day(chance, -400, 0)
        until = a_day(chance, (checked - days(0)).days, min((checked - days(0)).days + 366, 300))
        result = chance.choice(["clear", "clear", "not_clear"])
        RecordCheck.objects.create(
            community=place, volunteer=helper, checked_on=checked, result=result, valid_until=until, recorded_by=by
        )
    return helper


def _a_child(chance, place):
    child = a_child(place, registered_on=a_day(chance, -400, 0))
    if chance.random() < 0.3:
        left = a_day_after(chance, child.registered_on, 0)
        Child.objects.filter(pk=child.pk).update(left_on=left, left_reason="moved_out")
    return child


def _a_pairing(chance, child, helper, kind):
    status = chance.choice(["proposed", "agreed", "active", "active", "paused", "ended", "ended", "ended"])
    heard = {"guardian_agreed_on": days(-300), "child_opinion": "agrees", "card_signed_on": days(-300)}
    facts = {} if status == "proposed" else heard
    begun = status in ("active", "paused") or (status == "ended" and chance.random() < 0.8)
    starts = a_day(chance, -400, 40) if begun else None
    ends = None
    if status == "ended":
        ends = a_day_after(chance, starts or days(-400), 40)
    elif begun and chance.random() < 0.3:
        ends = a_day_after(chance, starts, 40)
    reason = chance.choice(Pairing.EndReason.values) if status == "ended" else ""
    return Pairing.objects.create(
        **{"community_id": child.community_id, "child": child, "volunteer": helper, "kind": kind, "status": status},
        **{"starts_on": starts, "ends_on": ends, "end_reason": reason, **facts},
    )


def _terms(district, last):
    """A term that ends the day before the period, and one that begins with it."""
    facts = {"district_id": district, "school_year": timezone.localdate().year}
    yield Term.objects.create(kind="spring", starts_on=days(-200), ends_on=days(-61), **facts)
    yield Term.objects.create(kind="autumn", starts_on=days(-60), ends_on=days(last), **facts)


def _duties(chance, pairing, terms, by):
    for term in terms:
        for kind in chance.sample(DutyKind.values, chance.randint(0, 3)):
            fate = chance.choice(["done", "excused", "open"])
            on = a_day(chance, -200, 40)
            settled = {"done_on": on} if fate == "done" else {}
            if fate == "excused":
                settled = {"excused_on": on, "excuse": "child_away", "excused_by": by}
            Duty.objects.create(
                **{"community_id": pairing.community_id, "pairing": pairing, "term": term, "kind": kind, **settled},
                **{"opens_on": term.starts_on, "due_on": term.ends_on},
            )


def in_service(helper, day):
    return helper.joined_on <= day and (helper.left_on is None or day < helper.left_on)


def in_force(pairing, day):
    """Begun, and not past its last day."""
    return bool(pairing.starts_on) and pairing.starts_on <= day and (pairing.ends_on is None or day <= pairing.ends_on)


@recounts("helpers_in_service")
def helpers_in_service(period):
    return [helper for helper in Volunteer.objects.all() if in_service(helper, period.end)]


@recounts("helpers_active")
def helpers_active(period):
    busy = {pairing.volunteer_id for pairing in Pairing.objects.all() if in_force(pairing, period.end)}
    return [helper for helper in helpers_in_service(period) if helper.pk in busy]


@recounts("helpers_with_valid_check")
def helpers_with_valid_check(period):
    found = []
    for helper in helpers_in_service(period):
        by_then = [check for check in RecordCheck.objects.filter(volunteer=helper) if check.checked_on <= period.end]
        latest = max(by_then, key=lambda check: (check.checked_on, check.pk), default=None)
        if latest and latest.result == "clear" and latest.valid_until >= period.end:
            found.append(helper)
    return found


@recounts("children_paired")
def children_paired(period):
    paired = {pairing.child_id for pairing in Pairing.objects.all() if in_force(pairing, period.end)}
    open_then = [
        child
        for child in Child.objects.all()
        if child.registered_on <= period.end and (child.left_on is None or period.end < child.left_on)
    ]
    return [child for child in open_then if child.pk in paired]


@recounts("pairings_active")
def pairings_active(period):
    return [pairing for pairing in Pairing.objects.all() if in_force(pairing, period.end)]


@recounts("pairings_begun")
def pairings_begun(period):
    return [pairing for pairing in Pairing.objects.all() if inside(pairing.starts_on, period)]


@recounts("pairings_ended", reason=lambda pairing, period: pairing.end_reason)
def pairings_ended(period):
    ended = [pairing for pairing in Pairing.objects.all() if pairing.status == "ended" and pairing.starts_on]
    return [pairing for pairing in ended if inside(pairing.ends_on, period)]


@recounts("duties_due_base", kind=lambda duty, period: duty.kind)
def duties_due_base(period):
    return [
        duty
        for duty in Duty.objects.select_related("term", "pairing")
        if duty.term.starts_on <= period.end <= duty.term.ends_on
        and duty.pairing.starts_on
        and duty.pairing.starts_on <= period.end
        and not (duty.excused_on and duty.excused_on <= period.end)
    ]


@recounts("duties_done", kind=lambda duty, period: duty.kind)
def duties_done(period):
    return [duty for duty in duties_due_base(period) if duty.done_on and duty.done_on <= period.end]


def test_helpers_pairings_and_the_five_ones_are_counted_as_a_plain_recount_counts_them(places):
    compare_all(KEYS, places)


def test_a_pairing_that_ends_before_its_first_day_never_began(community, director):
    """The first day may lie ahead; what ends before it is no pairing begun, in force or ended on that day."""
    pairing = a_pairing(a_child(community), a_helper(community, director), director, starts=5)
    pairing.end(reason="family_wish", by=director)
    for key in ("pairings_active", "pairings_begun", "pairings_ended"):
        assert measures.get(key).count(Scope.of(community.pk), Period(days(0), days(5))) == 0, key
