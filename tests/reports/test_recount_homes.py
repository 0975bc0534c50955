"""Homes, their checks, and what goes on in them recounted."""

import datetime as dt
import random
from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import timezone

from children.models import Child
from homes.models import Home, Inspection, OpenTime, Standard
from premises.models import Asset, Booking, ChildVisit, HomeDayLog, Loan
from tests.children.factories import a_child
from tests.homes.factories import make_home
from tests.reports.recounting import SEEDS, a_day, a_day_after, all_communities, compare_all, inside, recounts
from tests.volunteers.factories import days

pytestmark = pytest.mark.django_db
KEYS = [
    "homes_open",
    "home_hours",
    "home_hours_in_holidays",
    "homes_scored",
    "home_points",
    "homes_inspected",
    "homes_excellent",
]
KEYS += ["homes_qualified", "homes_open_enough"]
KEYS_INSIDE = ["home_visits", "children_at_home", "calls_from_home", "books_lent"]
GRADES = [("excellent", "92.5"), ("qualified", "70.0"), ("qualified", "89.9"), ("rectify", "41.5")]


def several_homes(chance, place, most):
    """Homes that closed, one after another, and sometimes one that is open still."""
    for _n in range(most):
        opened = a_day(chance, -400, 20)
        yield make_home(
            place,
            opened_on=opened,
            closed_on=a_day_after(chance, opened, 40),
            weekly_hours=chance.choice([Decimal("0"), Decimal("15.5"), Decimal("16"), Decimal("18.5")]),
        )
    if chance.random() < 0.8:
        yield make_home(place, opened_on=a_day(chance, -400, 20), weekly_hours=Decimal("16.5"))


@pytest.fixture(params=SEEDS)
def places(request, community, sister_community, far_community, director):
    """Homes open, closed and to be opened, with checks of both kinds, under way and submitted."""
    chance = random.Random(request.param)
    places = all_communities(community, sister_community, far_community)
    editions = {code: _an_edition(code, director) for code in {place.pk[:6] for place in places}}
    for place in places:
        for home in several_homes(chance, place, 4):
            _hours_in_holidays(chance, home)
            for _n in range(chance.randint(0, 4)):
                _a_check(chance, home, editions[place.pk[:6]], director)
            for kind in chance.sample(Inspection.Kind.values, chance.randint(0, 2)):
                Inspection.objects.create(
                    **{"community": place, "home": home, "standard": editions[place.pk[:6]], "kind": kind},
                    **{"begun_on": days(-20), "begun_by": director, "measured_on": days(-20)},
                )
    return places


def _hours_in_holidays(chance, home):
    """Hours of their own on some days; on others it is closed then."""
    for weekday in chance.sample(range(7), chance.choice([0, 0, 4])):
        opens = (
            {"opens_at": dt.time(8, 30), "closes_at": dt.time(chance.randint(10, 17))} if chance.random() < 0.8 else {}
        )
        place = {"community_id": home.community_id, "district": home.district, "home": home}
        OpenTime.objects.create(season="holiday", weekday=weekday, **place, **opens)


def _an_edition(district, by):
    return Standard.objects.create(
        district_id=district, edition=2026, title_en="Standard", title_zh="标准", drafted_by=by
    )


def _a_check(chance, home, standard, by):
    grade, score = chance.choice(GRADES)
    on = a_day(chance, -400, 0)
    return Inspection.objects.create(
        **{"community_id": home.community_id, "home": home, "standard": standard, "status": "submitted"},
        **{"kind": chance.choice(Inspection.Kind.values), "begun_on": on, "begun_by": by, "measured_on": on},
        **{"submitted_on": on, "submitted_at": timezone.now(), "submitted_by": by},
        **{"grade": grade, "score": Decimal(score)},
    )


def last_check(home, day):
    """The check, of either kind, submitted last up to `day`; None where there is none."""
    checks = [one for one in Inspection.objects.filter(home=home) if one.status == "submitted"]
    return max(
        (one for one in checks if one.submitted_on <= day), key=lambda one: (one.submitted_on, one.pk), default=None
    )


def graded(*grades):
    def rows(period):
        last = {home: last_check(home, period.end) for home in homes_open(period)}
        return [home for home, check in last.items() if check and check.grade in grades]

    return rows


def grade_of(home, period):
    check = last_check(home, period.end)
    return check.grade if check else "unchecked"


@recounts("homes_open", grade=grade_of)
def homes_open(period):
    """The day of closing is no longer one on which it is open."""
    return [
        home
        for home in Home.objects.all()
        if home.opened_on <= period.end and (home.closed_on is None or period.end < home.closed_on)
    ]


def hours_of_a_week(time):
    minutes = (time.closes_at.hour - time.opens_at.hour) * 60 + time.closes_at.minute - time.opens_at.minute
    return Fraction(minutes, 60)


def open_times(season):
    def rows(period):
        homes = {home.pk for home in homes_open(period)}
        return [
            time for time in OpenTime.objects.all() if time.home_id in homes and time.season == season and time.opens_at
        ]

    return rows


recounts("home_hours", amount=hours_of_a_week)(open_times("term"))
recounts("home_hours_in_holidays", amount=hours_of_a_week)(open_times("holiday"))
recounts("homes_scored")(graded("excellent", "qualified", "rectify"))
recounts("homes_excellent")(graded("excellent"))
recounts("homes_qualified")(graded("qualified"))


@recounts("home_points", amount=lambda home: home.points)
def home_points(period):
    found = graded("excellent", "qualified", "rectify")(period)
    for home in found:
        home.points = last_check(home, period.end).score
    return found


@recounts("homes_inspected")
def homes_inspected(period):
    from_above = [one for one in Inspection.objects.all() if one.kind == "inspection" and one.status == "submitted"]
    inspected = {one.home_id for one in from_above if inside(one.submitted_on, period)}
    return [home for home in homes_open(period) if home.pk in inspected]


@recounts("homes_open_enough")
def homes_open_enough(period):
    hours = Counter()
    for time in open_times("term")(period):
        hours[time.home_id] += hours_of_a_week(time)
    return [home for home in homes_open(period) if hours[home.pk] >= 16]


def test_homes_and_their_checks_are_counted_as_a_plain_recount_counts_them(places):
    compare_all(KEYS, places)


@pytest.fixture(params=SEEDS)
def lively_places(request, community, sister_community, far_community, director):
    """Visits noted and taken back, calls of every outcome, books out, back and lost; of children whose file is open,
    closed, or merged into another."""
    chance = random.Random(request.param)
    places = all_communities(community, sister_community, far_community)
    for place in places:
        children = [a_child(place) for _n in range(5)]
        Child.objects.filter(pk=children[1].pk).update(left_on=days(-50), left_reason="moved_out")
        merged = {"left_on": days(-1), "left_reason": "merged", "merged_into": children[0]}
        Child.objects.filter(pk=children[2].pk).update(**merged)
        home = make_home(place)
        for day in sorted({a_day(chance, -230, 0) for _n in range(12)}):
            log = HomeDayLog.objects.create(community=place, home=home, day=day, began_by=director)
            for child in chance.sample(children, chance.randint(0, 4)):
                came = chance.random() < 0.7
                ChildVisit.objects.create(community=place, log=log, child=child, came=came, noted_by=director)
        _things(chance, home, children, director)
    return places


def _things(chance, home, children, by):
    facts = {"community_id": home.community_id, "home": home}
    book = {"kind": "book", "name": "小王子", "acquired_on": days(-400), "origin": "earlier"}
    others = [child for child in children if child != children[2]]  # what a merged file had goes to the other one
    for number in range(1, 16):
        asset = Asset.objects.create(number=number, **book, **facts)
        out, status = a_day(chance, -230, 0), chance.choice(Loan.Status.values)
        ended = None if status == "out" else a_day_after(chance, out, 0)
        Loan.objects.create(
            **{"asset": asset, "child": chance.choice(others), "title": "小王子", "out_on": out, "due_on": out},
            **{"ended_on": ended, "status": status, "lent_by": by, **facts},
        )
        Booking.objects.create(
            **{"asset": asset, "child": chance.choice(others), "day": a_day(chance, -230, 28)},
            **{"starts_at": dt.time(8 + number // 2, 30 * (number % 2)), "booked_by": by},
            **{"status": chance.choice(["kept", "kept", *Booking.Status.values]), **facts},
        )


@recounts("home_visits")
def home_visits(period):
    return [
        visit
        for visit in ChildVisit.objects.select_related("log", "child")
        if visit.came and visit.child.merged_into_id is None and inside(visit.log.day, period)
    ]


@recounts("children_at_home")
def children_at_home(period):
    came = {visit.child_id for visit in home_visits(period)}
    return [child for child in Child.objects.all() if child.pk in came]


@recounts("calls_from_home")
def calls_from_home(period):
    return [call for call in Booking.objects.all() if call.status == "kept" and inside(call.day, period)]


@recounts("books_lent")
def books_lent(period):
    return [loan for loan in Loan.objects.all() if inside(loan.out_on, period)]


def test_what_goes_on_in_the_homes_is_counted_as_a_plain_recount_counts_it(lively_places):
    compare_all(KEYS_INSIDE, lively_places)
