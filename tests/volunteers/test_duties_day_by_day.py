"""What a pairing owes, after every act and on every day, equals a plain model that knows only the rules as told."""

import datetime as dt
from dataclasses import dataclass, field

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communities.models import Term
from records.lifecycle import Refused
from tests.volunteers.factories import a_child, a_helper, a_pairing, days
from volunteers import contacts, totals
from volunteers.kinds import DutyKind
from volunteers.models import Duty, DutyReminder, DutyRule, Pairing, TermTotal
from volunteers.terms import current_terms, open_term_duties

FIVE = [(kind, 1, 0, 0) for kind in DutyKind.values]
RULES = st.lists(
    st.tuples(st.sampled_from(DutyKind.values), st.integers(0, 2), st.integers(0, 12), st.integers(0, 12)),
    max_size=4,
    unique_by=lambda rule: rule[0],
)
TERMS = st.lists(st.tuples(st.integers(0, 6), st.integers(14, 40), RULES), min_size=1, max_size=3)
ACTS = st.one_of(
    st.tuples(st.just("log"), st.sets(st.sampled_from(DutyKind.values), max_size=3), st.integers(0, 12)),
    st.tuples(st.just("excuse"), st.integers(0, 30)),
    st.tuples(st.just("pause")),
    st.tuples(st.just("resume")),
    st.tuples(st.just("remind")),
    st.tuples(st.just("open")),
    st.tuples(st.just("end")),
)
DAYS = st.lists(st.tuples(st.integers(0, 14), ACTS), max_size=18)


@dataclass
class PlainDuty:
    term: int
    kind: str
    number: int
    opens: int
    due: int
    done: int | None = None
    excused: int | None = None
    is_rest: bool = False  # excused because the pairing rests

    def status(self, day):
        if self.excused is not None:
            return "excused"
        if self.done is not None:
            return "done"
        return "overdue" if day > self.due else "due" if day >= self.opens else "later"

    @property
    def is_open(self):
        return self.excused is None and self.done is None


@dataclass
class Plain:
    """One pairing from day 0 on, days as numbers. `terms`: (first day, last day, rules or None)."""

    terms: list
    state: str = "active"
    duties: list = field(default_factory=list)
    paused_on: int | None = None
    reminded: set = field(default_factory=set)

    def open_term(self, number):
        first, last, rules = self.terms[number]
        for kind, times, after, before in FIVE if rules is None else rules:
            opens, due = max(first + after, 0), last - before
            for one in range(1, times + 1):
                known = any((d.term, d.kind, d.number) == (number, kind, one) for d in self.duties)
                if opens <= due and not known:
                    self.duties.append(PlainDuty(number, kind, one, opens, due))

    def open_all_begun(self, day):
        for number, (first, last, _rules) in enumerate(self.terms):
            if first <= day and last >= 0:
                self.open_term(number)

    def tell(self, act, day):
        """What the act changes, or False where it must be refused."""
        match act:
            case ("log", kinds, back):
                on = day - back
                if self.state != "active" or on < 0:
                    return False
                for kind in kinds:
                    self._settle(kind, on)
            case ("excuse", number):
                if not self.duties:
                    return True
                duty = self.ordered()[number % len(self.duties)]
                if not duty.is_open:
                    return False
                duty.excused = day
            case ("pause",):
                if self.state != "active":
                    return False
                self.state, self.paused_on = "paused", day
                for duty in self.duties:
                    if duty.is_open and duty.due >= day:
                        duty.excused, duty.is_rest = day, True
            case ("resume",):
                if self.state != "paused":
                    return False
                self._go_on(day)
            case ("remind",):
                if not self.missing() or day in self.reminded:
                    return False
                self.reminded.add(day)
            case ("open",):
                if self.state == "active":
                    for number, (first, last, _rules) in enumerate(self.terms):
                        if first <= day <= last:
                            self.open_term(number)
            case ("end",):
                if self.state == "ended":
                    return False
                self.state = "ended"
                for duty in self.duties:
                    if duty.is_open and duty.due >= day:
                        duty.excused = day
        return True

    def _settle(self, kind, on):
        fitting = [
            duty
            for duty in self.duties
            if duty.is_open
            and duty.kind == kind
            and duty.opens <= on
            and self.terms[duty.term][0] <= on <= self.terms[duty.term][1]
        ]
        if fitting:
            min(fitting, key=lambda duty: duty.number).done = on

    def _go_on(self, day):
        self.state = "active"
        self.open_all_begun(day)
        for duty in self.duties:
            rested = duty.is_rest and duty.excused == self.paused_on
            if not rested and not (duty.is_open and duty.due >= self.paused_on):
                continue
            lost = sum(self.paused_on <= one < day for one in range(duty.opens, duty.due + 1))
            due = max(duty.due, min(duty.due + lost, self.terms[duty.term][1]))
            if due >= day:
                duty.due, duty.excused, duty.is_rest = due, None, False
            else:
                duty.excused, duty.is_rest = self.paused_on, True

    def ordered(self):
        return sorted(self.duties, key=lambda duty: (duty.term, duty.kind, duty.number))

    def _still_open(self):
        newest = max((duty.term for duty in self.duties), default=None)
        return [d for d in self.duties if d.term == newest and d.is_open] if self.state == "active" else []

    def missing(self):
        return [kind for kind in DutyKind.values if any(duty.kind == kind for duty in self._still_open())]

    def next_due(self):
        return min((duty.due for duty in self._still_open()), default=None)


def laid_out(terms):
    """(first day, last day, rules in force) of each; the first began twenty days ago."""
    first, rules, found = -20, None, []
    for gap, length, own in terms:
        first += gap
        rules = own or rules
        found.append((first, first + length, rules))
        first += length + 1
    return found


def written_down(terms, given, district):
    for number, ((first, last, _rules), (_gap, _length, own)) in enumerate(zip(terms, given, strict=True)):
        Term.objects.create(
            district=district,
            school_year=2026 + number // 2,
            kind=["autumn", "spring"][number % 2],
            starts_on=days(first),
            ends_on=days(last),
        )
        DutyRule.objects.bulk_create(
            DutyRule(
                district=district, pairing_kind="loving_mother", duty_kind=kind, times=times,
                opens_after=after, due_before=before, from_day=days(first),
            )
            for kind, times, after, before in own
        )  # fmt: skip


def perform(act, pairing, by):
    rows = Duty.objects.filter(pairing=pairing).order_by("term__starts_on", "kind", "number")
    match act:
        case ("log", kinds, back):
            contacts.log(pairing.volunteer, pairings=[pairing], kinds=kinds, made_on=days(-back), by=by)
        case ("excuse", number):
            if duties := list(rows):
                duties[number % len(duties)].forgive(reason="helper_ill", by=by)
        case ("pause",):
            pairing.pause(reason="helper_away", by=by)
        case ("resume",):
            pairing.resume(by=by)
        case ("remind",):
            DutyReminder.send(pairing, by=by)
        case ("open",):
            for term in current_terms():
                open_term_duties(term)
        case ("end",):
            pairing.end(by=by)
    return True


def told(pairing, start, day):
    """What the database says, days as numbers from `start`."""
    number = {term.pk: n for n, term in enumerate(Term.objects.order_by("starts_on"))}
    rows = [
        (number[d.term_id], d.kind, d.number, (d.opens_on - start).days, (d.due_on - start).days, d.status_on(day))
        for d in Duty.objects.filter(pairing=pairing)
    ]
    next_due = pairing.next_due_on and (pairing.next_due_on - start).days
    return pairing.status, next_due, pairing.missing, sorted(rows)


def expected(plain, day):
    rows = [(d.term, d.kind, d.number, d.opens, d.due, str(d.status(day))) for d in plain.duties]
    return plain.state, plain.next_due(), plain.missing(), sorted(rows)


@pytest.mark.django_db
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given_terms=TERMS, acts=DAYS)
def test_what_is_owed_equals_a_day_by_day_model(given_terms, acts, community, director, district):
    terms, start, noon = laid_out(given_terms), timezone.localdate(), timezone.localtime().replace(hour=12)
    with transaction.atomic():
        written_down(terms, given_terms, district)
        pairing = a_pairing(a_child(community), a_helper(community, director), director, starts=0)
        plain, day = Plain(terms), 0
        plain.open_all_begun(0)
        for forward, act in acts:
            day += forward
            with time_machine.travel(noon + dt.timedelta(days=day), tick=False):
                try:
                    with transaction.atomic():
                        done = perform(act, Pairing.objects.get(pk=pairing.pk), director)
                except Refused:
                    done = False
                assert done == plain.tell(act, day), (day, act)
                stored = Pairing.objects.get(pk=pairing.pk)
                assert told(stored, start, days(0)) == expected(plain, day), (day, act)
        with time_machine.travel(noon + dt.timedelta(days=day), tick=False):
            check_totals(plain, day, terms)
        transaction.set_rollback(True)


def check_totals(plain, day, terms):
    """What the night counts is what the model's duties add up to."""
    for number, term in enumerate(Term.objects.order_by("starts_on")):
        totals.count(term)
        mine = [duty.status(day) for duty in plain.duties if duty.term == number]
        stored = TermTotal.objects.filter(term=term).first()
        if not mine:
            assert stored is None
            continue
        counted = (stored.pairings, stored.done, stored.overdue, stored.excused, stored.owed)
        excused = mine.count("excused")
        assert counted == (1, mine.count("done"), mine.count("overdue"), excused, len(mine) - excused)
