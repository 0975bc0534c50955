import datetime as dt
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from children.models import Concern, Consent
from records.lifecycle import Refused
from records.trail import TrailEntry
from tests.volunteers.factories import (
    a_child,
    a_helper,
    a_pairing,
    a_proposal,
    an_adult,
    consents,
    days,
    heard,
)
from volunteers.models import Duty, MatchVeto, Pairing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_term")]


def test_from_proposal_to_end(community, director, helper):
    child = a_child(community)
    consents(child)
    pairing = a_proposal(child, helper, director)
    heard(pairing, director).agree(card_signed_on=days(-3), by=director)
    pairing.activate(by=director)
    assert (pairing.status, pairing.starts_on) == ("active", days(0))
    assert pairing.missing == ["visit", "talk", "teacher", "guardian", "letter"]
    assert list(helper.pairings.current()) == [pairing]
    pairing.end(reason="helper_left", by=director)
    assert (pairing.ends_on, pairing.missing, pairing.next_due_on) == (days(0), [], None)
    assert not helper.pairings.current().exists()
    assert {d.excuse for d in pairing.duties.all()} == {"pairing_ended"}
    verbs = list(TrailEntry.objects.about(pairing).values_list("verb", flat=True))
    assert verbs == ["ended", "began", "agreed", "heard guardian and child", "proposed"]


def test_no_pairing_begins_before_its_card_was_signed(community, director, helper):
    """A slip in the first day would open what was owed in terms that are over, and nobody could take it back."""
    child = a_child(community)
    consents(child)
    pairing = a_proposal(child, helper, director)
    heard(pairing, director).agree(card_signed_on=days(-3), by=director)
    with pytest.raises(Refused, match="once its card is signed"):
        pairing.activate(starts_on=days(-4), by=director)
    pairing.activate(starts_on=days(-3), by=director)
    assert (pairing.status, pairing.starts_on) == ("active", days(-3))


def test_no_check_no_pairing(community, director):
    with pytest.raises(Refused, match="record check"):
        a_proposal(a_child(community), a_helper(community, director, checked=False), director)


def test_a_check_that_ran_out_meanwhile_stops_activation(community, director, helper):
    child = a_child(community)
    consents(child)
    pairing = a_proposal(child, helper, director)
    heard(pairing, director).agree(by=director)
    helper.record_check(checked_on=days(0), result="not_clear", by=director)
    with pytest.raises(Refused, match="record check"):
        pairing.activate(by=director)


def test_nothing_begins_without_consent_or_card(community, director, helper):
    child = a_child(community)
    pairing = a_proposal(child, helper, director)
    with pytest.raises(Refused):
        pairing.activate(by=director)  # no card
    heard(pairing, director).agree(by=director)
    with pytest.raises(Refused, match="guardian"):
        pairing.activate(by=director)
    consents(child)
    pairing.activate(by=director)


def test_a_card_signed_tomorrow_is_refused(community, director, helper):
    with pytest.raises(Refused):
        heard(a_proposal(a_child(community), helper, director), director).agree(card_signed_on=days(1), by=director)


def test_one_active_pairing_of_a_kind_per_child(community, director, helper):
    child = a_child(community)
    a_pairing(child, helper, director)
    a_pairing(child, helper, director, kind="tutor")  # another kind may
    other = a_helper(community, director, name="赵敏")
    with pytest.raises(Refused, match="already"):
        a_pairing(child, other, director)
    pairing = Pairing.objects.get(volunteer=other)
    with pytest.raises(IntegrityError), transaction.atomic():
        Pairing.objects.filter(pk=pairing.pk).update(status="active", starts_on=days(0))


def test_capacity_counts_children(community, director):
    helper = a_helper(community, director, capacity=1)
    child = a_child(community)
    a_pairing(child, helper, director)
    a_pairing(child, helper, director, kind="tutor")  # the same child takes no second place
    with pytest.raises(Refused, match="as many"):
        a_pairing(a_child(community), helper, director)


def test_a_kind_the_helper_did_not_offer_is_refused(community, director):
    helper = a_helper(community, director, kinds=["tutor"])
    with pytest.raises(Refused):
        a_proposal(a_child(community), helper, director, "loving_mother")


BARRED = [
    ("loving_mother", {"sex": "M"}, {"sex": "M"}, "Loving mothers are women"),
    ("acting_parent", {"sex": "M"}, {}, "a man visits girls at home only"),
    ("tutor", {"sex": "M"}, {}, "a man visits girls at home only"),
    ("loving_mother", {"birth_date": days(-25 * 365)}, {}, "not older than the child by the years"),
    ("tutor", {"birth_date": None}, {}, "no date of birth on file"),
]


@pytest.mark.parametrize(("kind", "helps", "is_helped", "said"), BARRED)
def test_what_no_score_outweighs_holds_for_a_pairing_proposed_by_hand(
    kind, helps, is_helped, said, community, director
):
    helper = a_helper(community, director, **helps)
    with pytest.raises(Refused, match=said):
        a_proposal(a_child(community, **is_helped), helper, director, kind)
    assert not Pairing.objects.exists()


def test_where_no_bar_holds_the_same_people_are_paired(community, director):
    man = a_helper(community, director, sex="M", capacity=3)
    girl = a_child(community, birth_date=days(-7 * 365), name="周小雪")
    a_proposal(a_child(community, sex="M"), man, director, "acting_parent")
    a_proposal(girl, man, director, "tutor")
    a_proposal(a_child(community), a_helper(community, director, birth_date=days(-27 * 365)), director)
    assert Pairing.objects.count() == 3


def test_a_relative_and_who_is_excluded_are_not_proposed(community, far_community, director, stranger, helper):
    niece, other = a_child(community), a_child(community, name="周明")
    an_adult(niece, phone="15412345678")
    an_adult(other, phone="15412345679")
    with pytest.raises(Refused, match="is of the child's family"):
        a_proposal(niece, helper, director)
    veto = MatchVeto.objects.create(child=other, volunteer=helper, community=community, set_by=director)
    with pytest.raises(Refused, match="This pairing is excluded"):
        a_proposal(other, helper, director)
    MatchVeto.objects.filter(pk=veto.pk).update(lifted_at=timezone.now(), lifted_by=director)
    assert a_proposal(other, helper, director).status == "proposed"


def test_an_illegal_move_is_refused(community, director, helper):
    pairing = a_pairing(a_child(community), helper, director)
    pairing.end(by=director)
    with pytest.raises(Refused):
        pairing.activate(by=director)
    pairing.refresh_from_db()
    assert pairing.status == "ended"


def test_withdrawn_consent_closes_the_portal_at_once(community, director, helper):
    pairing = a_pairing(a_child(community), helper, director)
    assert helper.pairings.current().get() == pairing
    Consent.objects.filter(purpose="sharing").update(withdrawn_on=days(0))
    assert not helper.pairings.current().exists()


def test_a_child_that_left_the_register_is_seen_no_more(community, director, helper):
    child = a_child(community)
    a_pairing(child, helper, director)
    type(child).objects.filter(pk=child.pk).update(left_on=days(0), left_reason="moved_out")
    assert not helper.pairings.current().exists()


def test_rows_stop_at_the_community(community, director, stranger, helper):
    pairing = a_pairing(a_child(community), helper, director)
    assert list(Pairing.objects.visible_to(director)) == [pairing]
    assert not Pairing.objects.visible_to(stranger).exists()
    assert not Pairing.objects.visible_to(helper.user).exists()


def test_what_has_run_out_is_ended_by_the_daily_command(community, director, helper):
    stays = a_pairing(a_child(community), helper, director)
    ran_out = a_pairing(a_child(community), helper, director, starts=-20, ends_on=days(-2))
    moved = a_pairing(a_child(community), helper, director)
    type(moved.child).objects.filter(pk=moved.child_id).update(left_on=days(0), left_reason="moved_out")
    for _time in range(2):
        call_command("open_duties", stdout=StringIO())
    for pairing in (stays, ran_out, moved):
        pairing.refresh_from_db()
    assert (stays.status, ran_out.status, moved.status) == ("active", "ended", "ended")
    assert (ran_out.ends_on, moved.end_reason) == (days(-2), "child_moved")
    assert helper.pairings.current().get() == stays


def test_what_fell_due_after_the_last_day_is_not_owed_however_late_the_end_is_written(community, director):
    """A concern keeps a pairing on the list past its last day, and a missed night does; access ended by itself."""
    ran_out = a_pairing(a_child(community), a_helper(community, director), director, starts=-20, ends_on=days(3))
    leaving = a_helper(community, director, name="赵敏")
    gone = a_pairing(a_child(community), leaving, director, starts=-20)
    concerns = [Concern.raise_for(pairing.child, by=director).pk for pairing in (ran_out, gone)]
    type(leaving).objects.filter(pk=leaving.pk).update(left_on=days(3))
    Duty.objects.filter(kind="visit").update(due_on=days(2))
    Duty.objects.filter(kind="talk").update(due_on=days(4))
    last = days(3)
    with time_machine.travel(timezone.localtime() + dt.timedelta(days=10), tick=False):
        for pairing in (ran_out, gone):
            pairing.end(seen=concerns, by=director)
            pairing.refresh_from_db()
            assert pairing.ends_on == last
            talk = pairing.duties.get(kind="talk")
            assert (talk.status, talk.excuse, talk.excused_on) == ("excused", "pairing_ended", last)
            assert pairing.duties.get(kind="visit").status == "overdue"
