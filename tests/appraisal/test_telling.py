"""What the words around a nomination must not tell, who reads it, and what ends that."""

import threading

import pytest
from django.db import connection, transaction
from django.urls import reverse

from appraisal.models import Ballot, Call, Nomination, NominationEvidence
from children.consenting import withdraw_consent
from children.merging import merge
from communities.models import Posting
from records import measures
from records.erasing import blank
from records.lifecycle import Refused
from records.measures import Period
from records.scoping import Scope
from tests.activities.factories import make_activity
from tests.appraisal.factories import (
    a_call,
    a_demand,
    a_nomination,
    a_visit,
    days,
    decided,
    held,
    sent,
    voted,
    voting,
)
from tests.homes.factories import make_home
from tests.volunteers.factories import a_child, a_helper, consents

pytestmark = pytest.mark.django_db


def waiting_for(key, user):
    """What the first page of `user` counts."""
    found = measures.get(key)
    return found.count_to(99, user, Scope.of(*user.codes_for(found.model)), Period.day(days(0)))


def leaves(user):
    """The post is over since yesterday."""
    Posting.objects.filter(user=user).update(ends_on=days(-1))
    return type(user).objects.get(pk=user.pk)


# Words --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["case", "home"])
def test_no_child_of_the_community_stands_in_the_words_of_a_home_or_a_piece_of_work(
    kind, district, federation, community, far_community, director
):
    child = a_child(community, name="陈小雨")
    a_child(far_community, name="王大力")
    a_child(community, name="陈")  # one sign alone tells nobody
    call = a_call(district, federation, kind)
    nominee = make_home(community) if kind == "home" else community
    for words in ("陈小雨进步很大", "陈 小雨进步很大", f"档案 {child.number.lower()}"):
        with pytest.raises(Refused, match="tell who a child is"):
            a_nomination(call, nominee, director, words=words)
    with pytest.raises(Refused, match="tell who a child is"):
        a_nomination(call, nominee, director, title="陈小雨的家")
    made = a_nomination(call, nominee, director, words="陈老师和王大力都说好")
    assert list(Nomination.objects.all()) == [made]


def test_a_child_called_like_the_helper_is_not_what_is_refused(call, helper, director, community):
    a_child(community, name=helper.name)
    with pytest.raises(Refused, match="Do not name the helper"):
        a_nomination(call, helper, director, words=f"{helper.name}坚持走访")


def test_a_helpers_name_and_phone_numbers_are_in_no_words(call, helper, director):
    for words in ("赵春梅坚持走访", "赵 春梅坚持走访"):
        with pytest.raises(Refused, match="Do not name the helper"):
            a_nomination(call, helper, director, words=words)
    with pytest.raises(Refused, match="Do not name the helper"):
        a_nomination(call, helper, director, title="赵春梅")
    for words in ("电话15412345678", "154-1234-5678", "154 1234 5678", "1５412345678"):
        with pytest.raises(Refused, match="no phone number"):
            a_nomination(call, helper, director, words=words)
    a_nomination(call, helper, director, words="2024-09-01至2025-06-30共走访120次，赵老师很受欢迎")


def test_reasons_tell_no_child_and_no_helper(call, nomination, officers, federation, director, community):
    a_child(community, name="陈小雨")
    voting(call)
    for user in officers:
        voted(nomination, user)
    for reason, said in (("陈小雨说好", "tell who a child is"), ("赵春梅事迹突出", "Do not name the helper")):
        with pytest.raises(Refused, match=said):
            decided(nomination, federation, reason=reason)
    decided(nomination, federation)
    with pytest.raises(Refused, match="tell who a child is"):
        nomination.revoke(reason="陈小雨的家长反映", by=federation)
    nomination.refresh_from_db()
    assert (nomination.status, nomination.reason) == ("awarded", "事迹突出")


@pytest.mark.parametrize(("model", "field"), [(Nomination, "why_ended"), (NominationEvidence, "note")])
def test_what_was_typed_about_a_nominee_goes_with_an_erased_file(model, field):
    assert field in model.personal
    assert blank(model, model._meta.get_field(field)) == ""


# The committee ------------------------------------------------------------------------------------------------------


def test_a_seat_tells_nothing_to_who_has_no_post_in_the_division_any_more(
    nomination, call, officers, signed_in, make_user, district
):
    voting(call)
    for user in officers:
        voted(nomination, user)
    decided(nomination, officers[1])
    gone = officers[2]
    assert Ballot.objects.visible_to(gone).count() == 3
    gone = leaves(gone)
    elsewhere = type(district).objects.create(code="150981", name="丰镇市", level="district", parent=district.parent)
    Posting.objects.create(user=gone, division=elsewhere, role="federation_officer", starts_on=days(-1))
    gone = type(gone).objects.get(pk=gone.pk)
    assert gone.codes_for(Nomination, "view")
    assert not Nomination.objects.visible_to(gone).exists()
    assert not Ballot.objects.visible_to(gone).exists()
    assert signed_in(gone).get(nomination.get_absolute_url()).status_code == 404
    assert Nomination.objects.visible_to(officers[1]).get() == nomination


def test_who_left_is_taken_off_while_the_committee_votes_and_votes_that_were_cast_stay(
    nomination, call, officers, federation, signed_in, community, director
):
    voting(call)
    voted(nomination, officers[0])
    seats = {seat.member_id: seat.pk for seat in call.seats.all()}
    with pytest.raises(Refused, match="members stay as they are"):
        call.unseat(seats[officers[2].pk], by=federation)
    for user in (officers[0], officers[2]):
        leaves(user)
    page = call.get_absolute_url()
    office = signed_in(federation)
    assert office.get(page).content.decode().count("Take off") == 1
    to = reverse("appraisal:unseat", args=[call.pk])
    assert sent(office, page, to, seat=seats[officers[2].pk]).status_code == 302
    assert not call.seats.filter(member=officers[2]).exists()
    with pytest.raises(Refused, match="members stay as they are"):
        call.unseat(seats[officers[0].pk], by=federation)
    assert list(Ballot.objects.order_by("pk").values_list("member", "choice")) == [
        (officers[0].pk, "for"),
        (officers[1].pk, ""),
    ]
    voted(nomination, federation)
    assert decided(nomination, federation).votes == {"for": 2, "against": 0, "abstained": 0, "entitled": 2}


def test_a_member_who_becomes_a_counsellor_sits_no_more(nomination, call, officers, federation, community, district):
    voting(call)
    moved = leaves(officers[2])
    Posting.objects.create(user=moved, division=district, role="counsellor", starts_on=days(-1))
    assert [seat.member for seat in call.seats_left()] == [moved]
    with pytest.raises(Refused, match="members stay as they are"):
        call.unseat(call.seats.get(member=officers[1]).pk, by=federation)
    call.unseat(call.seats.get(member=moved).pk, by=federation)
    assert not call.seats.filter(member=moved).exists()


def test_a_second_call_of_a_title_and_year_is_said_in_words(signed_in, federation, district):
    a_call(district, federation)
    form, office = reverse("appraisal:draft"), signed_in(federation)
    data = {"kind": "individual", "year": days(0).year, "title": "年度先进", "who": "志愿者", "places": 2}
    page = sent(office, form, form, **data, nominate_until=days(5).isoformat())
    assert page.status_code == 200
    assert "There is already a call with this title in this year." in page.content.decode()
    assert Call.objects.count() == 1


def test_nothing_is_linked_once_the_committee_votes_and_what_is_linked_counts_as_a_change(
    nomination, call, director, community, signed_in
):
    before = Nomination.objects.get().version
    NominationEvidence.link(nomination, row=make_activity(community, director), by=director)
    assert Nomination.objects.get().version == before + 1
    desk, words = signed_in(director), "Link a record"
    assert words in desk.get(nomination.get_absolute_url()).content.decode()
    voting(call)
    with pytest.raises(Refused, match="nothing is added any more"):
        NominationEvidence.link(
            Nomination.objects.get(), row=make_activity(community, director, title="远足"), by=director
        )
    assert NominationEvidence.objects.count() == 1
    assert words not in desk.get(nomination.get_absolute_url()).content.decode()


# Helpers who are not cleared ------------------------------------------------------------------------------------------


def test_who_is_not_cleared_is_neither_nominated_nor_awarded(call, nomination, helper, officers, director, community):
    with pytest.raises(Refused, match="Something asked of this helper"):
        a_nomination(call, a_helper(community, director, name="李娟", checked=False), director)
    voting(call)
    for user in officers:
        voted(nomination, user)
    helper.record_check(checked_on=days(0), result="not_clear", by=director)
    with pytest.raises(Refused, match="Something asked of this helper"):
        decided(nomination, officers[1])
    assert decided(nomination, officers[1], is_awarded=False).status == "declined"


def test_a_check_that_found_something_takes_the_commendation_from_the_public_page(
    awarded, helper, federation, director, client, signed_in
):
    awarded.agree(by=director)
    awarded.publish(by=federation)
    public, own = reverse("commended", args=["150902"]), awarded.get_absolute_url()
    desk = signed_in(director)
    assert "赵春梅" in client.get(public).content.decode()
    assert "Published on" in desk.get(own).content.decode()
    helper.record_check(checked_on=days(0), result="not_clear", by=director)
    assert "赵春梅" not in client.get(public).content.decode()
    page = desk.get(own).content.decode()
    assert "Published on" not in page
    assert "Not shown now" in page
    awarded.take_down(by=federation)
    with pytest.raises(Refused, match="record check is not clear"):
        Nomination.objects.get(pk=awarded.pk).publish(by=federation)


def test_a_check_that_ran_out_leaves_a_commendation_public(awarded, helper, federation, director):
    awarded.agree(by=director)
    awarded.publish(by=federation)
    helper.record_check(checked_on=days(-50), valid_until=days(-20), by=director)
    assert Nomination.objects.published().get() == awarded


# A decision at the same moment ----------------------------------------------------------------------------------------


def test_a_consent_is_taken_back_though_the_nomination_is_decided_at_this_moment(
    transactional_db, district, federation, officers, community, director
):
    child = a_child(community, name="陈小雨")
    consents(child, "publicity")
    nomination = a_nomination(a_call(district, federation, "example", seats=officers), child, director)
    voting(nomination.call)
    for user in officers:
        voted(nomination, user)
    is_decided = threading.Event()

    def decide():
        try:
            with transaction.atomic():
                decided(nomination, federation)
                is_decided.set()
                waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                for _ in range(50):
                    with connection.cursor() as cursor:
                        cursor.execute("SELECT pg_stat_clear_snapshot()")
                        cursor.execute(waits)
                        if cursor.fetchone()[0]:
                            return
                        cursor.execute("SELECT pg_sleep(0.05)")
        finally:
            connection.close()

    office = threading.Thread(target=decide)
    office.start()
    assert is_decided.wait(10)
    withdraw_consent(child.consents.in_force().get(purpose="publicity"), by=director)
    office.join(10)
    nomination.refresh_from_db()
    assert nomination.status == "awarded"
    assert not child.consents.in_force().exists()
    assert not Nomination.objects.agreed().exists()


def test_of_two_files_of_a_child_one_has_the_decision_and_no_second_award_comes(
    of_child, officers, federation, director, community
):
    gone = of_child.child
    kept = a_child(community, name="陈小雨")
    consents(kept, "publicity")
    call = of_child.call
    Call.objects.filter(pk=call.pk).update(nominate_until=days(1))
    waiting = a_nomination(call, kept, director, words="照顾家人。")
    merge(kept, gone, by=director)
    waiting.refresh_from_db(), of_child.refresh_from_db()
    assert (waiting.status, waiting.why_ended) == ("withdrawn", "two files of one child")
    assert (of_child.status, of_child.child) == ("awarded", kept)


# First pages and counts -----------------------------------------------------------------------------------------------


def test_the_first_page_counts_what_this_person_may_do(
    nomination, call, supervisor, federation, street, district, community, sister_community, director
):
    voting(call)
    of_district = a_visit(district, community, federation, day=0)
    of_street = a_visit(street, sister_community, supervisor, day=0)
    assert [waiting_for("visits_to_write_up", user) for user in (federation, supervisor)] == [2, 1]
    for visit, by in ((of_district, federation), (of_street, supervisor)):
        a_demand(held(visit, by), by).answer(text="已办", by=director)
    assert [waiting_for("answers_to_look_at", user) for user in (federation, supervisor)] == [2, 1]
    assert [waiting_for("nominations_to_decide", user) for user in (federation, supervisor)] == [1, 0]


def test_how_many_awards_are_given_is_the_same_for_every_reader(awarded, call, stranger, director, signed_in):
    for user in (stranger, director):
        assert "1 of 5" in signed_in(user).get(call.get_absolute_url()).content.decode()
