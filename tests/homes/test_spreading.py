"""Homes are spread over days and people: nobody goes where they may not, or more often in a day than they can."""

import datetime as dt
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from communities.models import ClosedDay
from homes.visiting import Waiting, spread
from records.scoping import Scope

MONDAY = dt.date(2026, 11, 23)
WEEK = [MONDAY + dt.timedelta(days=n) for n in range(5)]
ALL, NEAR, FAR = Scope.of("150902"), Scope.of("150902001"), Scope.of("150902002")


def waiting(key, community="150902001001", first=MONDAY, last=WEEK[-1]):
    return Waiting(key, community, first, last)


def test_the_first_in_need_go_first_and_the_work_is_shared():
    homes = [waiting(key) for key in (5, 3, 9, 1, 7)]
    assert spread(homes, WEEK, {1: ALL, 2: NEAR}, a_day=2, taken={}) == {
        5: (MONDAY, 1),
        3: (MONDAY, 2),
        9: (MONDAY, 1),
        1: (MONDAY, 2),
        7: (WEEK[1], 1),
    }


def test_each_goes_only_where_they_inspect_and_only_while_there_is_room():
    homes = [waiting(1), waiting(2, "150902002001"), waiting(3, "150903001001"), waiting(4)]
    assert spread(homes, WEEK[:1], {7: NEAR, 8: FAR}, a_day=1, taken={}) == {1: (MONDAY, 7), 2: (MONDAY, 8)}
    assert spread(homes, WEEK, {7: NEAR, 8: FAR}, a_day=1, taken={(MONDAY, 7): 1}) == {
        1: (WEEK[1], 7),
        2: (MONDAY, 8),
        4: (WEEK[2], 7),
    }


def test_a_home_waits_for_its_own_days():
    homes = [waiting(1, first=WEEK[2]), waiting(2, last=MONDAY - dt.timedelta(days=1))]
    assert spread(homes, WEEK, {7: ALL}, a_day=3, taken={}) == {1: (WEEK[2], 7)}
    assert spread(homes, [], {7: ALL}, a_day=3, taken={}) == spread(homes, WEEK, {}, a_day=3, taken={}) == {}


days = st.sampled_from(WEEK)
people = st.dictionaries(st.integers(1, 4), st.sampled_from([ALL, NEAR, FAR]), max_size=4)
places = st.sampled_from(["150902001001", "150902002001", "150902002002", "150903001001"])
homes = st.lists(st.tuples(places, days, days), max_size=12)
planned = st.dictionaries(st.tuples(days, st.integers(1, 4)), st.integers(1, 3), max_size=6)


@given(homes, st.sets(days), people, st.integers(1, 3), planned)
def test_nobody_is_sent_too_often_or_out_of_reach_and_no_room_is_left_unused(homes, days, reach, a_day, taken):
    asked = [Waiting(key, place, first, last) for key, (place, first, last) in enumerate(homes)]
    found = spread(asked, days, reach, a_day=a_day, taken=taken)
    visits = Counter(taken) + Counter(found.values())
    for home in asked:
        fitting = {
            (day, person)
            for day in days
            for person, scope in reach.items()
            if home.first <= day <= home.last and home.community in scope
        }
        if home.key in found:
            assert found[home.key] in fitting
            assert visits[found[home.key]] <= a_day
        else:
            assert all(visits[place] >= a_day for place in fitting)


def test_a_working_day_is_no_weekend_and_no_holiday(db, district):
    saturday = MONDAY + dt.timedelta(days=5)
    ClosedDay.objects.create(district=district, day=WEEK[1], name="放假")
    ClosedDay.objects.create(district=district, day=saturday, name="调休上班", is_worked=True)
    found = ClosedDay.working_days(district.pk, MONDAY, MONDAY + dt.timedelta(days=6))
    assert found == [MONDAY, *WEEK[2:], saturday]
