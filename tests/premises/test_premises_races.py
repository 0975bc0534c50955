"""Two people at the same moment, on real connections."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError
from django.utils import timezone

from homes.models.opening import set_hours
from premises import registering
from premises.closing import close
from premises.models import Asset, AssetRequest, Booking, BuildingPlan, ChildVisit, HomeDayLog, Loan
from records.lifecycle import Refused
from tests.children.factories import a_child
from tests.homes.factories import make_home
from tests.premises.factories import T, a_piece, asked_for, pieces
from tests.records.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def outcome(act):
    def run():
        try:
            act()
        except (Refused, IntegrityError) as refusal:
            return getattr(refusal, "message", "constraint")
        return "done"

    return run


@pytest.fixture
def home(community, director):
    home = make_home(community)
    set_hours(home, {day: (T(0), T(23, 30)) for day in range(7)}, by=director)
    return home


def soon(days=1):
    return timezone.localdate() + dt.timedelta(days=days)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_a_half_hour_is_booked_once(home, community, director):
    computer = a_piece(home, director, kind="computer")
    children = [a_child(community) for _n in range(4)]
    book = lambda child: Booking.book(fresh(computer), child, day=soon(), starts_at=T(16), by=director)  # noqa: E731
    results = at_once(*[outcome(lambda c=c: book(c)) for c in children])
    assert sorted(results) == ["This half hour is taken already."] * 3 + ["done"]
    assert Booking.objects.count() == 1


def test_a_child_is_at_one_place_at_a_time(home, community, director):
    things, child = pieces(home, director, number=3, kind="telephone"), a_child(community)
    book = lambda thing: Booking.book(thing, child, day=soon(), starts_at=T(16), by=director)  # noqa: E731
    results = at_once(*[outcome(lambda t=t: book(t)) for t in things])
    assert sorted(results) == ["This child has another booking at that time."] * 2 + ["done"]


def test_a_copy_goes_to_one_child(home, community, director):
    book = a_piece(home, director)
    children = [a_child(community) for _n in range(3)]
    results = at_once(*[outcome(lambda c=c: Loan.lend(fresh(book), c, due_on=soon(), by=director)) for c in children])
    assert sorted(results) == ["This copy is out already."] * 2 + ["done"]
    assert Loan.objects.get().asset.status == "lent"


def test_taps_of_two_phones_make_one_visit(home, community, director):
    log, child = HomeDayLog.begin(home, by=director), a_child(community)
    assert at_once(*[outcome(lambda: fresh(log).tap(child, came=True, by=director))] * 3) == ["done"] * 3
    assert ChildVisit.objects.count() == 1


def test_a_day_is_opened_once(home, director):
    assert at_once(*[outcome(lambda: HomeDayLog.begin(home, by=director))] * 3) == ["done"] * 3
    assert HomeDayLog.objects.count() == 1


def test_no_more_is_checked_in_than_was_approved(home, director, supervisor):
    asked = asked_for(home, director, quantity=3)
    asked.approve(by=supervisor)
    take = lambda: registering.check_in_purchase(  # noqa: E731
        AssetRequest.objects.get(pk=asked.pk), pieces=2, on=timezone.localdate(), by=director
    )
    results = at_once(*[outcome(take)] * 3)
    assert sorted(results) == ["Only 1 of them are still to come."] * 2 + ["done"]
    assert sorted(Asset.objects.values_list("number", flat=True)) == [1, 2]


def test_a_booking_and_a_closure_at_once_leave_no_call_on_a_closed_day(home, community, director):
    computer, children = a_piece(home, director, kind="computer"), [a_child(community) for _n in range(4)]
    shut = lambda: close(home, first_day=soon(), last_day=soon(), reason="repair", by=director)  # noqa: E731
    book = lambda child, hour: Booking.book(computer, child, day=soon(), starts_at=T(hour), by=director)  # noqa: E731
    at_once(outcome(shut), *[outcome(lambda c=c, n=n: book(c, 10 + n)) for n, c in enumerate(children)])
    assert not Booking.objects.filter(status="booked").exists()


def test_a_home_that_closes_and_a_booking_at_once_leave_no_call(home, community, director):
    computer, child = a_piece(home, director, kind="computer"), a_child(community)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    acts = [
        lambda: Booking.book(computer, child, day=tomorrow, starts_at=T(16), by=director),
        lambda: type(home).objects.get(pk=home.pk).close(by=director, on=timezone.localdate()),
    ]
    results = at_once(*map(outcome, acts))
    home.refresh_from_db()
    assert results.count("done") == 1
    assert home.is_open == Booking.objects.exists()


def test_a_plan_opens_one_home(community, director):
    plan = BuildingPlan.begin(community, name="儿童之家", by=director)
    facts = {"address": "1 号楼", "area": Decimal(40), "opened_on": timezone.localdate(), "by": director}
    results = at_once(*[outcome(lambda: BuildingPlan.objects.get(pk=plan.pk).open(**facts))] * 3)
    assert sorted(results)[-1:] == ["done"] and results.count("done") == 1
