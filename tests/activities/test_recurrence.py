import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from activities.recurrence import LONGEST_HOLIDAYS, SESSIONS_AT_MOST, Every, Only, Rule, recurrence

DAY = dt.timedelta(days=1)
BEGIN = dt.date(2024, 1, 1)
DAYS = st.integers(0, 1500).map(lambda n: BEGIN + n * DAY)
SOME_DAYS = st.frozensets(st.integers(0, 2300).map(lambda n: BEGIN + n * DAY), max_size=120)


@st.composite
def terms(draw):
    spans, day = [], BEGIN - 100 * DAY
    for _n in range(draw(st.integers(0, 7))):
        first = day + draw(st.integers(1, 90)) * DAY
        day = first + draw(st.integers(30, 160)) * DAY
        spans.append((first, day))
    return spans


RULES = st.builds(
    lambda first, times, every, only: Rule(first, dt.time(9), dt.time(10), times, every, only),
    DAYS,
    st.integers(2, 70),
    st.sampled_from(Every.values),
    st.sampled_from(["", *Only.values]),
)


def is_its_turn(rule, day):
    first = rule.first_day
    if rule.every == Every.DAY:
        return True
    if day.weekday() != first.weekday():
        return False
    if rule.every == Every.WEEK:
        return True
    if rule.every == Every.FORTNIGHT:
        return ((day - first).days // 7) % 2 == 0
    of_first = len([n for n in range(1, first.day + 1) if first.replace(day=n).weekday() == first.weekday()])
    of_day = len([n for n in range(1, day.day + 1) if day.replace(day=n).weekday() == day.weekday()])
    return (day + 7 * DAY).month != day.month if of_first == 5 else of_day == of_first


@given(rule=RULES, spans=terms(), closed=SOME_DAYS, worked=SOME_DAYS)
def test_the_days_are_those_of_a_plain_calendar(rule, spans, closed, worked):
    in_school = {first + n * DAY for first, last in spans for n in range((last - first).days + 1)}
    near = LONGEST_HOLIDAYS.days

    def is_holiday(day):
        return day not in in_school and any(day + n * DAY in in_school for n in (*range(-near, 0), *range(1, near + 1)))

    def is_weekend(day):
        return day.strftime("%a") in ("Sat", "Sun") and day not in worked

    def fits(day):
        return {
            "": True,
            Only.WEEKENDS: is_weekend(day),
            Only.HOLIDAYS: is_holiday(day),
            Only.FREE: is_weekend(day) or is_holiday(day),
        }[rule.only]

    plain = []
    for n in range(731):
        day = rule.first_day + n * DAY
        if len(plain) < min(rule.times, SESSIONS_AT_MOST) and is_its_turn(rule, day):
            plain += [day] if day not in closed and fits(day) else []
    days, passed_over = recurrence(rule, spans, closed, worked)
    assert days == plain
    assert not set(days) & set(passed_over)
    assert all(is_its_turn(rule, day) and rule.first_day <= day < days[-1] for day in passed_over)


@given(first=DAYS, closed=SOME_DAYS)
def test_a_single_day_stays_as_it_was_chosen(first, closed):
    assert recurrence(Rule(first, dt.time(1), dt.time(2)), [], closed | {first}, frozenset()) == ([first], [])


def test_without_terms_no_day_is_known_to_be_a_holiday():
    rule = Rule(BEGIN, dt.time(1), dt.time(2), 3, Every.DAY, Only.HOLIDAYS)
    assert recurrence(rule, [], frozenset(), frozenset()) == ([], [])
