"""Status against a plain model that walks from day to day, in Python, in the database and in the history."""

import calendar
import datetime as dt

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from children import status
from children.models import Child, EarlierLeaving
from children.status import Definition, Facts, Parent, Stay
from children.status_words import LEFT, LEFT_BEHIND, MIGRANT, NEITHER, NOT_YET, counts_as, history
from tests.children.factories import a_child, an_adult, away

ONE = dt.timedelta(days=1)
FIRST, LAST = dt.date(2023, 1, 1), dt.date(2025, 12, 31)
month_ends = [
    dt.date(year, month, calendar.monthrange(year, month)[1]) for year in (2023, 2024, 2025) for month in range(1, 13)
]
days = st.sampled_from([*month_ends, *(day + ONE for day in month_ends[:-1])]) | st.dates(FIRST, LAST)

# Random facts -----------------------------------------------------------------------------------------------------


@st.composite
def stays(draw):
    """Up to three stays that follow each other, sometimes without a day between them."""
    marks = sorted(draw(st.lists(days, max_size=6, unique=True)))
    found = []
    while len(marks) >= 2:
        begins, until = marks[0], marks[1]
        marks = marks[1:] if draw(st.booleans()) else marks[2:]
        known = draw(st.integers(0, 3)) > 0
        found.append(Stay(begins if known else None, begins, until, draw(st.integers(0, 3)) > 0))
    if marks and draw(st.booleans()):
        found.append(Stay(marks[0], marks[0], None, True))
    return tuple(draw(st.permutations(found)))


@st.composite
def spans(draw, how_many):
    """Up to so many pairs of days, one after the other."""
    marks = sorted(draw(st.lists(days, max_size=2 * how_many, unique=True)))
    return tuple(zip(marks[::2], marks[1::2], strict=False))


@st.composite
def parents(draw, relation):
    unable = draw(st.sampled_from([0, 0, 1, 2])) and draw(spans(1))
    since, until = unable[0] if unable else (None, None)
    return Parent(relation, draw(stays()), since, draw(st.sampled_from([None, until])))


@st.composite
def facts(draw):
    registered = draw(st.dates(FIRST, dt.date(2023, 6, 30)))
    off = [(left, back) for left, back in draw(spans(3)) if left >= registered]
    left_on = off.pop()[0] if off and draw(st.booleans()) else None
    both = [draw(st.none() | parents(relation)) for relation in ("father", "mother")]
    return Facts(
        birth_date=draw(st.sampled_from([dt.date(2008, 2, 29), dt.date(2007, 8, 31), dt.date(2009, 5, 5), FIRST])),
        registered_on=registered,
        district="150902",
        left_on=left_on,
        registered_county=draw(st.sampled_from(["", "150902", "140202"])),
        came_on=draw(st.none() | days),
        reported_as=draw(st.sampled_from(["", "migrant", "left_behind"])),
        parents=tuple(parent for parent in both if parent),
        gaps=tuple(off),
    )


# The plain model --------------------------------------------------------------------------------------------------


def age(born, day):
    years = 0
    while (born.year + years + 1, born.month, born.day) <= (day.year, day.month, day.day):
        years += 1
    return years


def months_ago(day, months):
    year, month = day.year, day.month
    for _each in range(months):
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    number = day.day
    while number > calendar.monthrange(year, month)[1]:
        number -= 1
    return dt.date(year, month, number)


def stay_of(parent, day, far):
    for stay in parent.stays:
        if (stay.since or stay.reported_on) <= day and (stay.until is None or day < stay.until):
            return stay if stay.is_other_county or not far else None
    return None


def row_of_days(parent, day, far):
    """The first day of the row of days away that `day` is in, walking back; None where nobody knows it."""
    stay = stay_of(parent, day, far)
    while before := stay_of(parent, day - ONE, far):
        day, stay = day - ONE, before
    return day if stay.since else None


def is_away(parent, day, months, far=False):
    if parent is None or not stay_of(parent, day, far):
        return False
    first = row_of_days(parent, day, far)
    return first is None or first <= months_ago(day, months)


def is_unable(parent, day):
    return bool(parent and parent.unable_since and parent.unable_since <= day) and not (
        parent.unable_until and parent.unable_until <= day
    )


def model(one, day):
    """(on the register, civil affairs, school code, federation, migrant)"""
    father, mother = one.parent("father"), one.parent("mother")
    off = [gap for gap in one.gaps if gap[0] <= day < gap[1]]
    on = one.registered_on <= day and not off and (one.left_on is None or day < one.left_on)
    long = [is_away(parent, day, 6, far=True) for parent in (father, mother)]
    unable = [is_unable(parent, day) for parent in (father, mother)]
    alone = all(long) or (father and mother and ((long[0] and unable[1]) or (long[1] and unable[0])))
    young = age(one.birth_date, day) < 16
    code = is_away(father, day, 3) + is_away(mother, day, 3)
    federation = age(one.birth_date, day) < 18 and (is_away(father, day, 0) or is_away(mother, day, 0))
    if one.registered_county:
        elsewhere = one.registered_county != one.district
    else:
        elsewhere = one.reported_as == "migrant"
    if one.came_on:
        settled = one.came_on <= months_ago(day, 6)
    else:
        settled = one.reported_as == "migrant" and one.registered_on <= day
    return on, young and bool(alone), code, federation, young and not alone and elsewhere and settled


# The properties ---------------------------------------------------------------------------------------------------


@settings(max_examples=300)
@given(facts(), days)
def test_the_functions_say_what_the_plain_model_says(one, day):
    found = (
        status.on_register(one, day),
        status.left_behind(one, day),
        status.school_register_code(one, day),
        status.left_behind(one, day, Definition.FEDERATION),
        status.migrant(one, day),
    )
    assert found == model(one, day)


@settings(max_examples=100)
@given(facts(), st.lists(days, min_size=1, max_size=5))
def test_the_history_says_of_every_day_what_the_day_itself_says(one, some_days):
    found = history(one, LAST)
    assert all(older.end == newer.start for newer, older in zip(found, found[1:], strict=False))
    for day in [*some_days, *(day - ONE for day in status.turning_points(one))]:
        if not one.registered_on <= day <= LAST:
            continue
        span = next(s for s in found if s.start <= day and (s.end is None or day < s.end))
        on, left_behind, _code, federation, migrant = model(one, day)
        expected = LEFT_BEHIND if left_behind else MIGRANT if migrant else NEITHER
        assert span.counts_as == (expected if on else LEFT) == counts_as(one, day)
        assert (span.is_left_behind, span.for_federation) == (left_behind, federation)
    assert all(span.reasons for span in found)
    assert counts_as(one, one.registered_on - ONE) == NOT_YET


@given(st.dates(FIRST, LAST), st.integers(0, 200))
def test_months_after_is_the_first_day_that_is_so_many_months_on(day, months):
    found = status.months_after(day, months)
    assert status.months_before(found, months) >= day > status.months_before(found - ONE, months)


def stored(one, community):
    left = {"left_on": one.left_on, "left_reason": "moved_out"} if one.left_on else {}
    child = a_child(
        community,
        birth_date=min(one.birth_date, one.registered_on),
        registered_on=one.registered_on,
        registered_county=one.registered_county,
        came_on=one.came_on,
        reported_as=one.reported_as,
        **left,
    )
    for left_on, returned_on in one.gaps:
        EarlierLeaving.objects.create(
            child=child, community=community, left_on=left_on, left_reason="moved_out", returned_on=returned_on
        )
    for parent in one.parents:
        adult = an_adult(child, parent.relation, unable_since=parent.unable_since, unable_until=parent.unable_until)
        for stay in parent.stays:
            away(
                adult, stay.since, reported_on=stay.reported_on, until=stay.until, is_other_county=stay.is_other_county
            )
    return child.pk


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(facts(), min_size=1, max_size=3), st.lists(days, min_size=1, max_size=4))
def test_the_database_counts_as_the_plain_model_does(community, families, some_days):
    with transaction.atomic():
        kept = {stored(one, community): one for one in families}
        rows = Child.objects.filter(pk__in=kept)
        for day in some_days:
            expected = {pk: model(one, day) for pk, one in kept.items()}
            asked = {
                0: rows.on_register(day),
                1: rows.left_behind_on(day),
                3: rows.left_behind_on(day, Definition.FEDERATION),
                4: rows.migrant_on(day),
            }
            for place, answer in asked.items():
                found = set(answer.values_list("pk", flat=True))
                assert found == {pk for pk, said in expected.items() if said[place]}, (place, day)
            schooled = set(rows.left_behind_on(day, Definition.SCHOOL_REGISTER).values_list("pk", flat=True))
            assert schooled == {pk for pk, said in expected.items() if said[2]}
            counted = set(rows.counted_on(day).values_list("pk", flat=True))
            assert counted == {pk for pk, said in expected.items() if said[0] and (said[1] or said[4])}
        read = rows.prefetch_related("kinships__adult__aways", "earlier_leavings")
        assert all(counts_as(Facts.of(c), day) == counts_as(kept[c.pk], day) for c in read for day in some_days)
        transaction.set_rollback(True)
