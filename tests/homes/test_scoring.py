"""The score is a pure function; these are its laws."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homes.scoring import Found, Grade, Outcome, Rule, Verdict, judge, outcome

NUMBER = Rule("N", "hardware", "number", 4, threshold=Decimal(30))
EXACT = Rule("E", "software", "computed", 3, threshold=Decimal(100), exactly=True, is_bar=True)
BOOL = Rule("B", "hardware", "bool", 3)
CHOICE = Rule("C", "hardware", "choice", 2, choices=3)
PHOTO = Rule("P", "operation", "photo", 1, threshold=Decimal(2))


@pytest.mark.parametrize(
    ("rule", "found", "expected"),
    [
        (NUMBER, Found(number=Decimal("29.9")), Outcome.NOT_MET),
        (NUMBER, Found(number=Decimal(30)), Outcome.MET),
        (NUMBER, Found(), Outcome.UNANSWERED),
        (NUMBER, Found(number=Decimal(0)), Outcome.NOT_MET),
        (EXACT, Found(number=Decimal("99.9")), Outcome.NOT_MET),
        (EXACT, Found(number=Decimal(100)), Outcome.MET),
        (BOOL, Found(yes=True), Outcome.MET),
        (BOOL, Found(yes=False), Outcome.NOT_MET),
        (BOOL, Found(), Outcome.UNANSWERED),
        (CHOICE, Found(choice=0), Outcome.MET),
        (CHOICE, Found(choice=1), Outcome.PARTLY),
        (CHOICE, Found(choice=2), Outcome.NOT_MET),
        (PHOTO, Found(photos=1), Outcome.NOT_MET),
        (PHOTO, Found(photos=2), Outcome.MET),
        (PHOTO, Found(), Outcome.UNANSWERED),
        (BOOL, Found(yes=False, left_out=True), Outcome.LEFT_OUT),
    ],
)
def test_outcome_of_each_kind(rule, found, expected):
    assert outcome(rule, found) == expected


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="no kind"):
        outcome(Rule("X", "hardware", "smell", 1), Found())


def hundred(met, *, bar=False):
    """A standard of 100 items of weight 1, `met` of them met; the last one may be a bar."""
    rules = [Rule(f"I{n}", "hardware", "bool", 1, is_bar=bar and n == 99) for n in range(100)]
    return judge((rule, Found(yes=n < met)) for n, rule in enumerate(rules))


@pytest.mark.parametrize(
    ("met", "grade"),
    [(100, "excellent"), (90, "excellent"), (89, "qualified"), (70, "qualified"), (69, "rectify"), (0, "rectify")],
)
def test_grades_by_score(met, grade):
    verdict = hundred(met)
    assert (verdict.score, verdict.grade) == (Decimal(met), grade)


def test_a_barred_item_not_met_keeps_excellent_away():
    verdict = hundred(99, bar=True)
    assert (verdict.score, verdict.grade, verdict.bars) == (Decimal(99), Grade.QUALIFIED, ("I99",))


def test_a_barred_item_does_not_lift_a_low_grade():
    assert hundred(50, bar=True).grade == Grade.RECTIFY


def test_a_barred_item_with_nothing_to_measure_bars_nothing():
    verdict = judge([(BOOL, Found(yes=True)), (EXACT, Found(left_out=True))])
    assert (verdict.score, verdict.grade, verdict.bars) == (Decimal(100), Grade.EXCELLENT, ())


def test_what_does_not_apply_leaves_both_sides():
    verdict = judge([(NUMBER, Found(number=Decimal(40))), (BOOL, Found(left_out=True)), (CHOICE, Found(choice=1))])
    assert verdict.score == Decimal("83.3")  # (4 + 1) of (4 + 2), rounded down
    assert verdict.of_section("hardware") == (Fraction(5), 6)


def test_nothing_applies_scores_nothing():
    verdict = judge([(BOOL, Found(left_out=True))])
    assert (verdict.score, verdict.grade) == (Decimal(0), Grade.RECTIFY)


def test_a_score_just_below_a_grade_is_not_rounded_into_it():
    rules = [(Rule(f"{n}", "hardware", "bool", 1), Found(yes=n < 2249)) for n in range(2500)]
    verdict = judge(rules)  # 89.96
    assert (verdict.score, verdict.grade) == (Decimal("89.9"), Grade.QUALIFIED)


WEIGHTS = st.integers(0, 20)
RULES = st.one_of(
    st.builds(Rule, st.just("B"), st.just("hardware"), st.just("bool"), WEIGHTS, is_bar=st.booleans()),
    st.builds(
        Rule,
        st.just("N"),
        st.just("software"),
        st.sampled_from(["number", "computed"]),
        WEIGHTS,
        threshold=st.integers(0, 100).map(Decimal),
        is_bar=st.booleans(),
    ),
    st.builds(Rule, st.just("C"), st.just("operation"), st.just("choice"), WEIGHTS, choices=st.integers(2, 5)),
    st.builds(
        Rule, st.just("P"), st.just("operation"), st.just("photo"), WEIGHTS, threshold=st.integers(1, 4).map(Decimal)
    ),
)


@st.composite
def answered(draw):
    """A rule with something found for it, or nothing."""
    rule = draw(RULES)
    match rule.kind:
        case "bool":
            found = Found(yes=draw(st.none() | st.booleans()))
        case "choice":
            found = Found(choice=draw(st.none() | st.integers(0, rule.choices - 1)))
        case "photo":
            found = Found(photos=draw(st.integers(0, 5)))
        case _:
            found = Found(number=draw(st.none() | st.decimals(0, 120, places=1)))
    return rule, found


def better(rule, found):
    """Something at least as good for the same rule."""
    match rule.kind:
        case "bool":
            return Found(yes=True)
        case "choice":
            return Found(choice=max((rule.choices if found.choice is None else found.choice) - 1, 0))
        case "photo":
            return Found(photos=found.photos + 1)
    return Found(number=(found.number or Decimal(0)) + 10)


RANK = [Grade.RECTIFY, Grade.QUALIFIED, Grade.EXCELLENT]


@given(st.lists(answered(), min_size=1, max_size=12), st.data())
def test_meeting_more_never_lowers(pairs, data):
    n = data.draw(st.integers(0, len(pairs) - 1))
    rule, found = pairs[n]
    lifted = [*pairs[:n], (rule, better(rule, found)), *pairs[n + 1 :]]
    before, after = judge(pairs), judge(lifted)
    assert after.score >= before.score
    assert RANK.index(after.grade) >= RANK.index(before.grade)
    assert set(after.bars) <= set(before.bars)


@given(st.lists(answered(), max_size=12))
def test_a_score_lies_between_0_and_100_and_its_parts_add_up(pairs):
    verdict = judge(pairs)
    assert 0 <= verdict.score <= 100
    parts = [verdict.of_section(s) for s in ("hardware", "software", "operation")]
    assert sum(earned for earned, _whole in parts) == sum(line.earned for line in verdict.lines)
    assert sum(whole for _earned, whole in parts) == sum(rule.weight for rule, _found in pairs)
    assert all(0 <= line.earned <= line.weight for line in verdict.lines)


@given(st.lists(answered(), max_size=12), st.lists(answered(), max_size=4))
def test_what_is_left_out_changes_nothing(pairs, others):
    left_out = [(rule, Found(left_out=True)) for rule, _found in others]
    assert judge([*pairs, *left_out]).score == judge(pairs).score


@given(st.lists(answered(), max_size=12))
def test_a_kept_verdict_reads_as_it_was(pairs):
    verdict = judge(pairs)
    kept = Verdict.from_data(verdict.as_data(), score=verdict.score, grade=str(verdict.grade))
    assert kept == verdict
