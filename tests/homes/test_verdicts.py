"""Which verdict the rules give: laws of a pure function."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homes.scoring import Found, Grade, Rule, judge
from homes.verdicts import WORST_FIRST, highest, open_to, verdict_of
from tests.homes.test_scoring import answered, better

GRADES = st.sampled_from(WORST_FIRST)
RANK = WORST_FIRST.index


@pytest.mark.parametrize(
    ("grade", "is_barred", "again", "expected"),
    [
        ("excellent", False, False, Grade.EXCELLENT),
        ("qualified", False, False, Grade.QUALIFIED),
        ("rectify", False, False, Grade.RECTIFY),
        ("excellent", True, False, Grade.QUALIFIED),
        ("rectify", True, False, Grade.RECTIFY),
        ("excellent", False, True, Grade.QUALIFIED),  # rectified, and no more than that in this year
        ("rectify", False, True, Grade.RECTIFY),
    ],
)
def test_the_verdict_by_the_rules(grade, is_barred, again, expected):
    assert verdict_of(grade, is_barred=is_barred, again=again) == expected


@given(GRADES, st.booleans(), st.booleans())
def test_the_verdict_never_passes_the_grade_nor_what_is_open(grade, is_barred, again):
    verdict = verdict_of(grade, is_barred=is_barred, again=again)
    assert RANK(verdict) <= RANK(grade)
    assert verdict in open_to(is_barred=is_barred, again=again)
    assert verdict_of(verdict, is_barred=is_barred, again=again) == verdict
    assert open_to(is_barred=is_barred, again=again)[0] == highest(is_barred=is_barred, again=again)


@given(GRADES, GRADES, st.booleans(), st.booleans())
def test_a_better_grade_never_gives_a_worse_verdict(one, other, is_barred, again):
    low, high = sorted([one, other], key=RANK)
    facts = {"is_barred": is_barred, "again": again}
    assert RANK(verdict_of(low, **facts)) <= RANK(verdict_of(high, **facts))


@given(GRADES, st.booleans())
def test_a_bar_never_helps(grade, again):
    barred = verdict_of(grade, is_barred=True, again=again)
    assert RANK(barred) <= RANK(verdict_of(grade, is_barred=False, again=again))
    assert barred != Grade.EXCELLENT


def of(pairs, *, again=False):
    found = judge(pairs)
    return verdict_of(found.grade, is_barred=bool(found.bars), again=again)


@given(st.lists(answered(), min_size=1, max_size=12), st.booleans(), st.data())
def test_meeting_more_never_worsens_the_verdict(pairs, again, data):
    n = data.draw(st.integers(0, len(pairs) - 1))
    rule, found = pairs[n]
    lifted = [*pairs[:n], (rule, better(rule, found)), *pairs[n + 1 :]]
    assert RANK(of(lifted, again=again)) >= RANK(of(pairs, again=again))


@given(st.lists(answered(), max_size=12), st.booleans())
def test_what_must_be_met_bars_excellent_whatever_the_score(pairs, yes):
    must = Rule("H02", "hardware", "bool", 3, threshold=None, is_bar=True)
    met = [(rule, found) for rule, found in pairs if judge([(rule, found)]).score == Decimal(100)]
    verdict = of([*met, (must, Found(yes=yes))])
    assert (verdict == Grade.EXCELLENT) == yes
