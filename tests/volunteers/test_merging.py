"""Two files of one child become one: which pairing, which line of a proposal and which exclusion goes on."""

import pytest
from django.utils import timezone

from tests.volunteers.factories import a_child, a_helper, a_pairing, a_proposal, a_term, consents, days, heard
from volunteers.merging import end_one_of_two_pairings, keep_one_line_and_one_exclusion
from volunteers.models import MatchLine, MatchRun, MatchVeto, Pairing

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(community):
    a_term()
    kept, gone = a_child(community), a_child(community)
    consents(kept), consents(gone)
    return kept, gone


@pytest.fixture
def helper(community, director):
    return a_helper(community, director, capacity=9)


@pytest.fixture
def other_helper(community, director):
    return a_helper(community, director, name="赵敏", capacity=9)


def statuses():
    return dict(Pairing.objects.values_list("pk", "status"))


def merged(two, director):
    end_one_of_two_pairings(*two, by=director)
    return statuses()


@pytest.mark.parametrize(("of_kept", "of_gone", "stays"), [(-50, -40, 0), (-40, -50, 1), (-40, -40, 0)])
def test_of_two_active_of_a_kind_the_one_that_began_first_goes_on(
    of_kept, of_gone, stays, two, helper, other_helper, director
):
    both = [
        a_pairing(two[0], helper, director, starts=of_kept),
        a_pairing(two[1], other_helper, director, starts=of_gone),
    ]
    after = merged(two, director)
    assert after == {both[stays].pk: "active", both[1 - stays].pk: "ended"}
    ended = Pairing.objects.get(pk=both[1 - stays].pk)
    assert (ended.end_reason, ended.end_note) == ("other", "two files of one child")


def test_what_is_paused_holds_its_place_as_well(two, helper, other_helper, director):
    first, second = a_pairing(two[0], helper, director, starts=-50), a_pairing(two[1], other_helper, director)
    second.pause(reason="family_wish", by=director)
    Pairing.objects.filter(pk=second.pk).update(starts_on=days(-60))
    assert merged(two, director) == {first.pk: "ended", second.pk: "paused"}


@pytest.mark.parametrize("active", [0, 1])
def test_of_the_same_helper_the_active_one_goes_on(active, two, helper, director):
    proposed = a_proposal(two[1 - active], helper, director)
    Pairing.objects.filter(pk=proposed.pk).update(proposed_on=days(-90))
    going_on = a_pairing(two[active], helper, director, starts=-10)
    assert merged(two, director) == {going_on.pk: "active", proposed.pk: "ended"}


def test_of_two_proposals_of_the_same_helper_the_first_goes_on(two, helper, director):
    later, first = (heard(a_proposal(child, helper, director), director) for child in two)
    Pairing.objects.filter(pk=first.pk).update(proposed_on=days(-9))
    assert merged(two, director) == {first.pk: "proposed", later.pk: "ended"}


def test_what_does_not_collide_goes_on(two, helper, other_helper, director):
    """Two proposals of two helpers, two kinds of the same helper, an active one beside another's proposal."""
    kept, gone = two
    rows = [
        a_proposal(kept, helper, director, "tutor"),
        a_proposal(gone, other_helper, director, "tutor"),
        a_pairing(kept, helper, director, "loving_mother"),
        a_pairing(gone, helper, director, "acting_parent"),
        a_proposal(gone, other_helper, director, "loving_mother"),
    ]
    before = statuses()
    assert len(before) == len(rows)
    assert merged(two, director) == before


def test_what_had_ended_already_ends_nothing(two, helper, other_helper, director):
    ended, active = a_pairing(two[0], helper, director, starts=-50), a_pairing(two[1], other_helper, director)
    Pairing.objects.get(pk=ended.pk).end(by=director)
    before = Pairing.objects.values().get(pk=ended.pk)
    assert merged(two, director) == {ended.pk: "ended", active.pk: "active"}
    assert Pairing.objects.values().get(pk=ended.pk) == before


def test_nobody_elses_pairing_is_touched(two, helper, other_helper, community, director):
    brother = a_child(community, name="周明")
    consents(brother)
    his = a_pairing(brother, helper, director)
    a_pairing(two[0], helper, director, starts=-50), a_pairing(two[1], other_helper, director, starts=-40)
    assert merged(two, director)[his.pk] == "active"
    assert sorted(statuses().values()) == ["active", "active", "ended"]


# Proposals and exclusions ---------------------------------------------------------------------------------------------


def a_line(run, child, **details):
    return MatchLine.objects.create(run=run, child=child, community=child.community, **details)


def test_of_two_lines_in_one_proposal_the_kept_files_goes_on(two, community, director):
    kept, gone = two
    run = MatchRun.objects.create(division=community, kind="tutor")
    elsewhere = MatchRun.objects.create(division=community, kind="loving_mother")
    mine, same = a_line(run, kept), a_line(run, gone, is_locked=True)
    alone = a_line(elsewhere, gone, is_locked=True)
    a_line(elsewhere, kept, is_over=True)
    keep_one_line_and_one_exclusion(kept, gone, by=director)
    now = {
        line.pk: (line.is_over, line.is_locked)
        for line in MatchLine.objects.filter(pk__in=[mine.pk, same.pk, alone.pk])
    }
    assert now == {mine.pk: (False, False), same.pk: (True, False), alone.pk: (False, True)}


def test_an_exclusion_holds_once(two, helper, other_helper, director):
    kept, gone = two

    def veto(child, volunteer, **details):
        return MatchVeto.objects.create(child=child, volunteer=volunteer, community=child.community, **details).pk

    mine, same, only_there = veto(kept, helper), veto(gone, helper), veto(gone, other_helper)
    lifted = veto(kept, other_helper, lifted_at=timezone.now(), lifted_by=director)
    keep_one_line_and_one_exclusion(kept, gone, by=director)
    in_force = set(MatchVeto.objects.filter(lifted_at=None).values_list("pk", flat=True))
    assert in_force == {mine, only_there}
    assert MatchVeto.objects.get(pk=same).lifted_by == director
    assert MatchVeto.objects.count() == 4 and lifted not in in_force
