"""The score and the count of votes, held against plain recounts of all that could come."""

from decimal import Decimal
from fractions import Fraction
from math import floor

from hypothesis import given
from hypothesis import strategies as st

from appraisal.counting import tally
from appraisal.kinds import Choice, Conflict, Kind
from appraisal.measuring import MEASURED
from appraisal.scoring import Line, points, score
from appraisal.usual import USUAL

WEIGHTS = st.integers(1, 100)
VALUES = st.decimals(min_value=-5, max_value=10_000, places=1)
TARGETS = st.decimals(min_value="0.1", max_value=10_000, places=1)
MEASURED_LINES = st.builds(Line, st.just("x"), WEIGHTS, st.just("hours"), TARGETS, VALUES)
JUDGED_LINES = st.builds(Line, st.just("y"), WEIGHTS)
CONFLICTS = ["", *Conflict.values]
BALLOTS = st.lists(st.tuples(st.sampled_from(CONFLICTS), st.sampled_from(["", *Choice.values])), max_size=15)


@given(WEIGHTS, VALUES, TARGETS)
def test_points_are_a_plain_share_of_the_weight_in_tenths(weight, value, target):
    part = min(max(Fraction(value), 0), Fraction(target)) / Fraction(target)
    assert points(weight, value, target) == Decimal(floor(weight * part * 10)) / 10


@given(WEIGHTS, VALUES, VALUES, TARGETS)
def test_more_work_never_gives_fewer_points(weight, one, other, target):
    less, more = sorted([one, other])
    assert points(weight, less, target) <= points(weight, more, target) <= weight


@given(WEIGHTS, WEIGHTS, VALUES, TARGETS)
def test_more_weight_never_gives_fewer_points(one, other, value, target):
    light, heavy = sorted([one, other])
    assert points(light, value, target) <= points(heavy, value, target)


@given(st.lists(MEASURED_LINES | JUDGED_LINES, max_size=8))
def test_the_score_is_the_sum_of_what_is_measured(lines):
    total, most = score(lines)
    measured = [line for line in lines if line.measured]
    assert total == sum(points(line.weight, line.value, line.target) for line in measured)
    assert most == sum(line.weight for line in measured)
    assert 0 <= total <= most
    assert [line.points for line in lines if not line.measured] == [None] * (len(lines) - len(measured))


@given(st.lists(MEASURED_LINES | JUDGED_LINES, max_size=5))
def test_what_is_kept_of_a_score_reads_back_the_same(lines):
    again = [Line.from_data(line.as_data()) for line in lines]
    assert again == lines
    assert score(again) == score(lines)


@given(BALLOTS)
def test_the_tally_equals_a_plain_recount(ballots):
    found = tally(ballots)
    counts = dict.fromkeys(Choice.values, 0)
    entitled = 0
    for conflict, choice in ballots:
        entitled += conflict in ("", "none")
        if conflict == "none" and choice:
            counts[choice] += 1
    assert (found.votes_for, found.votes_against, found.abstained) == tuple(counts.values())
    assert found.entitled == entitled
    assert found.is_quorate == (2 * sum(counts.values()) > entitled)


@given(BALLOTS, st.sampled_from([c for c in Conflict.values if c != "none"]), st.sampled_from(["", *Choice.values]))
def test_who_declared_a_conflict_never_counts(ballots, conflict, choice):
    assert tally([*ballots, (conflict, choice)]) == tally(ballots)


@given(BALLOTS)
def test_one_more_vote_for_it_never_takes_it_away(ballots):
    if tally(ballots).is_carried:
        assert tally([*ballots, (Conflict.NONE, Choice.FOR)]).is_carried


def test_usual_criteria_weigh_a_hundred_and_measure_what_can_be_measured():
    assert set(USUAL) == set(Kind)
    for kind, criteria in USUAL.items():
        assert sum(weight for _label, weight, _measured, _target in criteria) == 100
        for _label, _weight, measured, target in criteria:
            assert bool(measured) == (target is not None)
            assert not measured or MEASURED[measured].kind == kind
