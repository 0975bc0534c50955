"""Visits: one tap for each child, figures that stay."""

import pytest

from premises.closing import close
from premises.measures import (
    asset_requests_to_decide,
    assets_to_scrap,
    books_lent,
    calls_from_home,
    children_at_home,
    home_days_not_closed,
    home_visits,
)
from premises.models import Booking, ChildVisit, HomeDayLog, Loan
from records.lifecycle import Refused
from records.measures import Period
from records.scoping import Scope
from records.trail import TrailEntry
from tests.children.factories import a_child
from tests.gifts.factories import days_ago, today
from tests.premises.factories import WEDNESDAY, T, a_piece, asked_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


@pytest.fixture
def log(home, director):
    return HomeDayLog.begin(home, by=director)


def test_a_day_from_opening_to_closing(home, log, community, director):
    one, two = a_child(community), a_child(community)
    for child, came in [(one, True), (two, True), (two, False), (one, True)]:
        log.tap(child, came=came, by=director)
    assert dict(log.visits.values_list("child", "came")) == {one.pk: True, two.pk: False}
    ended = log.end(guests=3, by=director)
    assert (ended.came, ended.guests, ended.is_open) == (1, 3, False)
    with pytest.raises(Refused, match="closed"):
        log.tap(two, came=True, by=director)
    with pytest.raises(Refused, match="closed"):
        log.end(guests=0, by=director)
    assert HomeDayLog.begin(home, by=director) == log
    assert (
        TrailEntry.objects.filter(verb="noted a visit to the Home").count() == 2
    )  # a second tap of the same says nothing new


def test_taking_back_what_was_never_noted_is_nothing(log, community, director):
    assert log.tap(a_child(community), came=False, by=director) is None
    assert not ChildVisit.objects.exists()


def test_a_child_of_elsewhere_or_gone_is_counted_as_a_guest(log, community, far_community, director):
    with pytest.raises(Refused, match="another community"):
        log.tap(a_child(far_community), came=True, by=director)
    with pytest.raises(Refused, match="file is closed"):
        log.tap(a_child(community, left_on=WEDNESDAY, left_reason="other"), came=True, by=director)
    with pytest.raises(Refused, match="0 to 999"):
        log.end(guests=1000, by=director)


def test_on_a_closed_day_no_day_is_opened(home, director):
    close(home, first_day=WEDNESDAY, last_day=WEDNESDAY, reason="weather", by=director)
    with pytest.raises(Refused, match="bad weather"):
        HomeDayLog.begin(home, by=director)


def test_figures_of_the_home(home, log, community, far_community, director):
    scope, week = Scope.of(community.pk), Period(days_ago(6), today())
    one, two = a_child(community), a_child(community)
    before = HomeDayLog.objects.create(home=home, community=community, day=days_ago(2), began_by=director)
    for day, child in [(before, one), (log, one), (log, two)]:
        day.tap(child, came=True, by=director)
    assert home_visits(scope, week).count() == 3
    assert set(children_at_home(scope, week)) == {one, two}
    assert set(children_at_home(scope, Period.day(days_ago(2)))) == {one}
    assert set(home_days_not_closed(scope, Period.day(today()))) == {before}
    assert not home_visits(Scope.of(far_community.pk), week).exists()


def test_calls_that_took_place_and_books_lent_are_those_of_the_period(home, community, far_community, director):
    scope, week = Scope.of(community.pk), Period(days_ago(6), today())
    computer, book = a_piece(home, director, kind="computer"), a_piece(home, director)
    facts = {"home": home, "community": community, "booked_by": director, "asset": computer, "starts_at": T(16)}
    for day, status in ((days_ago(1), "kept"), (days_ago(2), "missed"), (days_ago(7), "kept"), (today(), "booked")):
        Booking.objects.create(child=a_child(community), day=day, status=status, **facts)
    assert list(calls_from_home(scope, week).values_list("day", flat=True)) == [days_ago(1)]
    lent = Loan.lend(book, a_child(community), due_on=today(), by=director)
    assert list(books_lent(scope, week)) == [lent]
    Loan.objects.update(out_on=days_ago(7))
    assert not books_lent(scope, week).exists()
    assert not calls_from_home(Scope.of(far_community.pk), week).exists()


def test_what_waits_for_the_street_office(home, community, far_community, director):
    asked, piece, today_alone = asked_for(home, director), a_piece(home, director), Period.day(today())
    piece.ask_to_scrap(reason="坏了", by=director)
    for code, waiting in ((community.pk, [[asked], [piece]]), (far_community.pk, [[], []])):
        scope = Scope.of(code)
        assert [list(count(scope, today_alone)) for count in (asset_requests_to_decide, assets_to_scrap)] == waiting
