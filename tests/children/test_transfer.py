import datetime as dt

import pytest
from django.core.management import call_command
from django.utils import timezone, translation

from children import closing, moving, transfer
from children.models import Adult, Away, Child, Consent, Household, Kinship, Referral, Transfer, TransferLine
from records.lifecycle import Refused
from records.trail import TrailEntry
from tests.children.factories import a_child, an_adult, id_number, offered, siblings
from tests.records.threads import at_once


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


BORN = dt.date(2016, 5, 1)


def test_a_household_goes_as_a_whole_with_everything_about_it(director, stranger, community, far_community):
    one, two = siblings(community)
    Consent.objects.create(
        child=one, community=community, purpose="photo", given_by="王秀英", given_on=timezone.localdate()
    )
    made = offered([one, two], far_community, by=director)
    assert Child.objects.visible_to(stranger).count() == 0
    transfer.accept(made, by=stranger)
    assert set(Child.objects.values_list("community", "number")) == {
        (far_community.pk, f"{far_community.pk}-0001"),
        (far_community.pk, f"{far_community.pk}-0002"),
    }
    for model in (Household, Adult, Kinship, Away, Consent):
        assert set(model.objects.values_list("community", "district")) == {(far_community.pk, "150902")}, model
    assert Household.objects.count() == 1
    assert Adult.objects.count() == 3
    assert moving.misplaced() == {}
    assert Child.objects.visible_to(director).count() == 0
    assert set(Child.objects.visible_to(stranger)) == {one, two}
    assert set(made.lines.values_list("number_before", "number_after")) == {
        (f"{community.pk}-0001", f"{far_community.pk}-0001"),
        (f"{community.pk}-0002", f"{far_community.pk}-0002"),
    }


def test_across_districts_the_district_columns_follow(director, make_user, community, db):
    from communities.models import Division

    Division.objects.create(code="140202", name="城区", level="district")
    Division.objects.create(code="140202001", name="某街道", level="street", parent_id="140202")
    there = Division.objects.create(code="140202001001", name="某社区", level="community", parent_id="140202001")
    worker = make_user("community_worker", there)
    one, two = siblings(community)
    transfer.accept(offered([one, two], there, by=director), by=worker)
    for model in (Child, Household, Adult, Kinship, Away):
        assert set(model.objects.values_list("community", "district")) == {(there.pk, "140202")}, model
    assert moving.misplaced() == {}


def test_where_a_sibling_stays_each_side_has_adults_of_its_own(director, stranger, community, far_community):
    one, two = siblings(community)
    aunt = an_adult(two, "uncle_aunt", name="陈姨")
    transfer.accept(offered([two], far_community, by=director), by=stranger)
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.community, two.community) == (community, far_community)
    assert one.household != two.household
    names = ["陈建国", "李红", "王秀英"]
    assert sorted(one.kinships.values_list("adult__name", flat=True)) == sorted(names)
    assert sorted(two.kinships.values_list("adult__name", flat=True)) == sorted([*names, "陈姨"])
    assert not set(one.kinships.values_list("adult", flat=True)) & set(two.kinships.values_list("adult", flat=True))
    assert two.kinships.get(adult=aunt).adult.household == two.household
    assert Away.objects.filter(adult__kinships__child=one).count() == 2
    assert Away.objects.filter(adult__kinships__child=two).count() == 2
    assert moving.misplaced() == {}
    assert set(Adult.objects.visible_to(director)) == set(Adult.objects.filter(kinships__child=one))
    assert set(Adult.objects.visible_to(stranger)) == set(Adult.objects.filter(kinships__child=two))
    copied = Adult.objects.get(kinships__child=two, name="陈建国")
    original = Adult.objects.get(kinships__child=one, name="陈建国")
    assert (copied.phone_hash, copied.unable_since) == (original.phone_hash, original.unable_since)


def test_the_earlier_number_finds_the_file_on_the_new_side_only(director, stranger, community, far_community):
    one = a_child(community)
    before = one.number
    transfer.accept(offered([one], far_community, by=director), by=stranger)
    found = Child.objects.search(before)
    assert list(found.visible_to(stranger)) == [one]
    assert list(found.visible_to(director)) == []


def test_nothing_changes_while_an_offer_waits_or_is_refused(director, stranger, community, far_community):
    one = a_child(community)
    made = offered([one], far_community, by=director)
    with pytest.raises(Refused, match="Say why"):
        transfer.refuse(made, answer="", by=stranger)
    transfer.refuse(made, answer="此户不在本辖区", by=stranger)
    one.refresh_from_db()
    assert (one.community, one.number) == (community, f"{community.pk}-0001")
    with pytest.raises(Refused, match="refused and cannot become taken over"):
        transfer.accept(made, by=stranger)
    again = offered([one], far_community, by=director)
    transfer.withdraw(again, by=director)
    assert [t.status for t in Transfer.objects.order_by("pk")] == ["refused", "withdrawn"]
    assert not TransferLine.objects.filter(is_open=True).exists()


def test_an_offer_is_refused_in_words(director, community, far_community, sister_community, street):
    one, other = a_child(community), a_child(community)
    for children, to, words, details in [
        ([], far_community, "at least one child", {}),
        ([one], community, "already in this community", {}),
        ([one], street, "Choose a community", {}),
        ([one, other], far_community, "of one household", {}),
        ([one], far_community, "Check the day", {"moves_on": timezone.localdate() - dt.timedelta(days=400)}),
        ([one], far_community, "Check the day", {"moves_on": timezone.localdate() + dt.timedelta(days=100)}),
    ]:
        with pytest.raises(Refused, match=words):
            offered(children, to, by=director, **details)
    offered([one], far_community, by=director)
    with pytest.raises(Refused, match="already offered"):
        offered([one], sister_community, by=director)
    closing.leave_register(other, on=timezone.localdate(), reason="moved_out", by=director)
    with pytest.raises(Refused, match="closed file"):
        offered([other], far_community, by=director)
    assert Transfer.objects.count() == 1


def test_who_offers_does_not_accept(supervisor, director, community, sister_community):
    one = a_child(community)
    mine = offered([one], sister_community, by=supervisor)
    with pytest.raises(Refused, match="cannot accept it"):
        transfer.accept(mine, by=supervisor)
    transfer.withdraw(mine, by=supervisor)
    transfer.accept(offered([one], sister_community, by=director), by=supervisor)
    one.refresh_from_db()
    assert one.community == sister_community


def test_a_file_closed_meanwhile_is_no_longer_offered(director, stranger, community, far_community):
    one = a_child(community)
    made = offered([one], far_community, by=director)
    closing.leave_register(one, on=timezone.localdate(), reason="parent_returned", by=director)
    made.refresh_from_db()
    assert made.status == "withdrawn"
    with pytest.raises(Refused, match="taken back and cannot become taken over"):
        transfer.accept(made, by=stranger)


def test_what_changed_meanwhile_is_refused_in_words(director, stranger, community, far_community):
    one = a_child(community, id_number=id_number(BORN), birth_date=BORN)
    made = offered([one], far_community, by=director)
    Child.objects.filter(pk=one.pk).update(left_on=timezone.localdate(), left_reason="adult")
    with pytest.raises(Refused, match="was closed"):
        transfer.accept(made, by=stranger)
    Child.objects.filter(pk=one.pk).update(left_on=None, left_reason="")
    a_child(far_community, id_number=id_number(BORN), birth_date=BORN)
    with pytest.raises(Refused, match="already has a file with this ID number"):
        transfer.accept(Transfer.objects.get(), by=stranger)
    assert Transfer.objects.get().status == "offered"
    assert Child.objects.get(pk=one.pk).community == community


def test_a_referral_ends_where_the_counsellor_does_not_reach(
    director, stranger, make_user, street, district, community, far_community
):
    one, today = a_child(community), timezone.localdate()
    near, everywhere = make_user("counsellor", street), make_user("counsellor", district)
    for counsellor in (near, everywhere):
        Referral.objects.create(
            child=one, community=community, counsellor=counsellor, starts_on=today - dt.timedelta(days=9)
        )
    transfer.accept(offered([one], far_community, by=director), by=stranger)
    assert dict(Referral.objects.values_list("counsellor", "ends_on")) == {near.pk: today, everywhere.pk: None}
    assert list(Child.objects.visible_to(near)) == []
    assert list(Child.objects.visible_to(everywhere)) == [one]


def test_offers_lapse_and_lapse_once(director, stranger, community, far_community, settings):
    settings.TRANSFER_DAYS = 3
    made = offered([a_child(community)], far_community, by=director)
    assert made.expires_on == timezone.localdate() + dt.timedelta(days=3)
    assert transfer.lapse_unanswered() == 0
    Transfer.objects.update(expires_on=timezone.localdate() - dt.timedelta(days=1))
    call_command("lapse_transfers", verbosity=0)
    made.refresh_from_db()
    assert (made.status, made.ended_by) == ("lapsed", None)
    assert transfer.lapse_unanswered() == 0
    assert TrailEntry.objects.filter(verb="lapsed").count() == 1
    with pytest.raises(Refused, match="lapsed"):
        transfer.accept(made, by=stranger)


def test_both_sides_find_it_on_their_trail(director, stranger, community, far_community):
    one = a_child(community)
    transfer.accept(offered([one], far_community, by=director), by=stranger)
    acts = TrailEntry.objects.filter(model_label="children.child").order_by("pk")
    assert list(acts.values_list("verb", "community")) == [
        ("offered", community.pk),
        ("transferred away", community.pk),
        ("transferred here", far_community.pk),
    ]


@pytest.mark.django_db(transaction=True)
def test_two_people_deciding_at_once_decide_once(director, stranger, make_user, community, far_community):
    colleague = make_user("community_worker", far_community)
    made = offered([a_child(community)], far_community, by=director)

    def act(do, **details):
        def run():
            try:
                do(Transfer.objects.get(pk=made.pk), **details)
            except Refused as refusal:
                return refusal.message
            return "done"

        return run

    said = at_once(
        act(transfer.accept, by=stranger),
        act(transfer.accept, by=colleague),
        act(transfer.refuse, answer="不是", by=colleague),
        act(transfer.withdraw, by=director),
    )
    assert said.count("done") == 1
    assert all(words == "done" or "cannot become" in words for words in said)
    assert TrailEntry.objects.filter(model_label="children.transfer").count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_people_offering_at_once_make_one_offer(director, supervisor, community, far_community, sister_community):
    one = a_child(community)

    def act(to, by):
        def run():
            try:
                offered([one], to, by=by)
            except Refused as refusal:
                return refusal.message
            return "done"

        return run

    said = at_once(act(far_community, director), act(sister_community, supervisor))
    assert sorted(said) == ["This child is already offered to a community.", "done"]
    assert Transfer.objects.count() == 1
