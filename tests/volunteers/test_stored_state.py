"""What is stored for lists to sort by equals what plain counting gives, whatever people did in whatever order."""

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from records.lifecycle import Refused
from tests.volunteers.factories import a_child, a_helper, a_pairing, a_term, days
from volunteers import contacts
from volunteers.kinds import DutyKind
from volunteers.models import Duty, Pairing, RecordCheck
from volunteers.terms import current_terms, open_term_duties

KINDS = st.lists(st.sampled_from(DutyKind.values), max_size=3, unique=True)
ACTS = st.one_of(
    st.tuples(st.just("log"), st.sets(st.integers(0, 2), min_size=1), KINDS, st.integers(-90, 0)),
    st.tuples(st.just("excuse"), st.integers(0, 40)),
    st.tuples(st.just("end"), st.integers(0, 2)),
    st.tuples(st.just("pause"), st.integers(0, 2)),
    st.tuples(st.just("resume"), st.integers(0, 2)),
    st.tuples(st.just("pair"), st.integers(0, 2), st.integers(-120, 0)),
    st.tuples(st.just("open")),
    st.tuples(st.just("check"), st.integers(-200, 0), st.sampled_from(["clear", "not_clear"])),
)


def perform(act, *, helper, children, director):
    match act:
        case ("log", chosen, kinds, made_on):
            pairings = [p for n in chosen for p in Pairing.objects.filter(child=children[n], status="active")]
            contacts.log(helper, pairings=pairings, kinds=kinds, made_on=days(made_on), by=director)
        case ("excuse", number):
            duties = list(Duty.objects.order_by("pk"))
            if duties:
                duties[number % len(duties)].forgive(reason="helper_ill", by=director)
        case ("end", n):
            for pairing in Pairing.objects.filter(child=children[n], status="active"):
                pairing.end(by=director)
        case ("pause", n):
            for pairing in Pairing.objects.filter(child=children[n], status="active"):
                pairing.pause(reason="helper_ill", by=director)
        case ("resume", n):
            for pairing in Pairing.objects.filter(child=children[n], status="paused"):
                pairing.resume(by=director)
        case ("pair", n, starts):
            a_pairing(children[n], helper, director, starts=starts)
        case ("open",):
            for term in current_terms():
                open_term_duties(term)
        case ("check", checked_on, result):
            helper.record_check(checked_on=days(checked_on), result=result, by=director)


def plain_state(pairing):
    """Next day and missing kinds by plain counting over all rows."""
    if pairing.status != "active":
        return None, []
    rows = [d for d in Duty.objects.select_related("term") if d.pairing_id == pairing.pk]
    terms = sorted({d.term.starts_on for d in rows})
    of_newest = [d for d in rows if d.term.starts_on == terms[-1]] if terms else []
    unsettled = [d for d in of_newest if d.done_on is None and d.excused_on is None]
    days_left = sorted(d.due_on for d in unsettled)
    return (days_left[0] if days_left else None), [k for k in DutyKind.values if k in {d.kind for d in unsettled}]


class Plain:
    """Which child's pairing is in which state, by the rules as one would tell them."""

    def __init__(self, places):
        self.places, self.is_cleared = places, True
        self.states = {}

    def tell(self, act):
        match act:
            case ("end", n) if self.states.get(n) == "active":
                del self.states[n]
            case ("pause", n) if self.states.get(n) == "active":
                self.states[n] = "paused"
            case ("resume", n) if self.states.get(n) == "paused" and self.is_cleared:
                self.states[n] = "active"
            case ("pair", n, _) if n not in self.states and self.is_cleared and len(self.states) < self.places:
                self.states[n] = "active"

    def seen(self):
        return {n for n, state in self.states.items() if state == "active"}


def plain_clearance(helper):
    checks = sorted(RecordCheck.objects.filter(volunteer=helper), key=lambda c: (c.checked_on, c.pk))
    return checks[-1].valid_until if checks and checks[-1].result == "clear" else None


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACTS, min_size=3, max_size=16))
def test_pairings_and_what_the_helper_sees_equal_a_plain_model(acts, community, director, district):
    a_term(starts=-60, ends=60)
    helper = a_helper(community, director, capacity=2)
    children = [a_child(community, name=name) for name in ("陈小雨", "周明", "吴婷")]
    plain = Plain(places=2)
    for act in acts:
        try:
            with transaction.atomic():
                perform(act, helper=helper, children=children, director=director)
        except Refused:
            pass
        plain.tell(act)
        helper.refresh_from_db()
        plain.is_cleared = helper.is_cleared_on(days(0))
        held = Pairing.objects.filter(volunteer=helper, status__in=Pairing.HOLDING).values_list("child", "status")
        assert dict(held) == {children[n].pk: state for n, state in plain.states.items()}
        assert {p.child_id for p in helper.pairings.current()} == {children[n].pk for n in plain.seen()}


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACTS, max_size=12))
def test_stored_state_equals_a_plain_recount(acts, community, director, district):
    a_term(starts=-60, ends=60)
    a_term(starts=-150, ends=-61, kind="spring", year=2025)
    helper = a_helper(community, director, capacity=5)
    children = [a_child(community, name=name) for name in ("陈小雨", "周明", "吴婷")]
    for act in acts:
        try:
            perform(act, helper=helper, children=children, director=director)
        except Refused:
            continue
    mine = Pairing.objects.filter(volunteer=helper)
    for pairing in mine:
        assert (pairing.next_due_on, pairing.missing) == plain_state(pairing)
    helper.refresh_from_db()
    assert helper.cleared_until == plain_clearance(helper)
    for duty in Duty.objects.filter(pairing__in=mine).select_related("fulfilled_by"):
        assert (duty.done_on is not None) == hasattr(duty, "fulfilled_by")
        assert not (duty.done_on and duty.excused_on)
        assert duty.status_on(timezone.localdate()) in Duty.Status.values
