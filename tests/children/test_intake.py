import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from children import closing, consenting, intake, referring
from children.intake import FamilyMember
from children.models import Adult, Away, Child, Consent, FileNumber, Household, Kinship
from records.attachments import Attachment
from records.lifecycle import Refused
from records.trail import TrailEntry
from tests.children.factories import a_child, an_adult, id_number
from tests.records.threads import at_once

BORN = dt.date(2016, 5, 1)
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\x00\x00\x00"
    b"\x0cIDATx\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\x00IEND\xaeB`\x82"
)


def child(name="陈小雨", **details):
    return Child(**{"name": name, "sex": "F", "birth_date": BORN, **details})


def family():
    return [
        FamilyMember(Adult(name="陈建国", phone="16100000001"), "father", is_away=True, away_since=dt.date(2025, 1, 1)),
        FamilyMember(Adult(name="王秀英"), "grandmother_p", is_caregiver=True),
    ]


def test_a_household_comes_onto_the_register_whole(director, community):
    kids = [child(), child("陈小雪", birth_date=dt.date(2018, 1, 1))]
    home = intake.register_household(Household(grid="3"), kids, family(), community=community, by=director)
    assert [c.number for c in home.children.order_by("pk")] == ["150902001001-0001", "150902001001-0002"]
    assert Kinship.objects.filter(is_caregiver=True, relation="grandmother_p").count() == 2
    assert Away.objects.get().since == dt.date(2025, 1, 1)
    assert {k.district for k in Kinship.objects.all()} == {"150902"}
    assert set(TrailEntry.objects.values_list("verb", flat=True)) == {
        *("registered", "opened the file", "added", "noted a stay away")
    }
    assert TrailEntry.objects.filter(community=community.pk).count() == TrailEntry.objects.count()


def test_an_act_that_fails_leaves_nothing(director, community):
    a_child(community, id_number=id_number(BORN), birth_date=BORN)
    twice = child("同号", id_number=id_number(BORN))
    with pytest.raises(Refused, match="ID number"):
        intake.register_household(Household(), [child("另一个"), twice], family(), community=community, by=director)
    assert Child.objects.count() == 1
    assert Adult.objects.count() == 0
    assert FileNumber.objects.get().last == 1


def test_a_household_without_a_child_is_refused(director, community):
    with pytest.raises(Refused):
        intake.register_household(Household(), [], family(), community=community, by=director)


def test_a_later_child_belongs_to_the_adults_already_there(director, community):
    home = intake.register_household(Household(), [child()], family(), community=community, by=director)
    intake.update_household(home, [(child("陈小宝"), [])], [], by=director)
    newest = Child.objects.get(name="陈小宝")
    assert set(newest.kinships.values_list("relation", "is_caregiver")) == {("father", False), ("grandmother_p", True)}


def test_who_comes_back_ends_the_stay(director, community):
    home = intake.register_household(Household(), [child()], family(), community=community, by=director)
    father = Adult.objects.get(name="陈建国")
    day = dt.date(2026, 1, 20)
    back = FamilyMember(father, "father", is_away=False, came_back_on=day, changed=["whereabouts"])
    intake.update_household(home, [], [back], by=director)
    assert father.aways.get().until == day
    early = FamilyMember(father, "father", is_away=True, away_since=dt.date(2026, 3, 1), changed=["whereabouts"])
    intake.update_household(home, [], [early], by=director)
    wrong = FamilyMember(father, "father", came_back_on=dt.date(2026, 2, 1), changed=["whereabouts"])
    with pytest.raises(Refused, match="before leaving"):
        intake.update_household(home, [], [wrong], by=director)
    assert father.aways.filter(until=None).count() == 1


def test_the_caregiver_changes_in_one_step(director, community):
    one = a_child(community)
    grandmother, aunt = an_adult(one, "grandmother_m", cares=True), an_adult(one, "uncle_aunt")
    intake.change_caregiver(one, aunt, by=director)
    assert one.kinships.get(is_caregiver=True).adult == aunt
    stranger = an_adult(a_child(community, name="别人"))
    with pytest.raises(Refused):
        intake.change_caregiver(one, stranger, by=director)
    assert one.kinships.get(is_caregiver=True).adult == aunt
    intake.change_caregiver(one, None, by=director)
    assert not one.kinships.filter(is_caregiver=True).exists()
    assert grandmother.kinships.count() == 1


def test_leaving_the_register_needs_a_day_and_a_reason(director, community):
    one, today = a_child(community), timezone.localdate()
    for on, reason in [
        (one.registered_on - dt.timedelta(1), "moved_out"),
        (today + dt.timedelta(1), "moved_out"),
        (today, "because"),
    ]:
        with pytest.raises(Refused):
            closing.leave_register(one, on=on, reason=reason, by=director)
    closing.leave_register(one, on=today, reason="moved_out", by=director)
    assert not Child.objects.on_register(today).exists()
    assert Child.objects.on_register(today - dt.timedelta(1)).exists()
    with pytest.raises(Refused):
        closing.leave_register(one, on=today, reason="moved_out", by=director)
    closing.return_to_register(one, by=director)
    assert Child.objects.on_register(today).get() == one


@pytest.fixture
def photo(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path
    return lambda: SimpleUploadedFile("me.png", PNG, "image/png")


def test_a_photo_needs_consent_and_goes_with_it(
    director, community, photo, tmp_path, django_capture_on_commit_callbacks
):
    one, today = a_child(community), timezone.localdate()
    with pytest.raises(Refused, match="consent"):
        consenting.set_photo(one, photo(), by=director)
    consent = consenting.give_consent(one, "photo", given_by="陈建国", on=today, by=director)
    with pytest.raises(Refused):
        consenting.give_consent(one, "photo", given_by="陈建国", on=today, by=director)
    consenting.set_photo(one, photo(), by=director)
    consenting.set_photo(one, photo(), by=director)
    assert Attachment.objects.count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        consenting.withdraw_consent(consent, by=director)
    one.refresh_from_db()
    assert one.photo is None
    assert Attachment.objects.count() == 0
    assert Consent.objects.in_force().count() == 0
    with pytest.raises(Refused):
        consenting.withdraw_consent(consent, by=director)
    with pytest.raises(Refused):
        consenting.set_photo(one, photo(), by=director)


def test_a_referral_opens_and_ends_a_counsellors_view(director, counsellor, stranger, community):
    one = a_child(community)
    a_child(community, name="不相干")
    assert not Child.objects.visible_to(counsellor).exists()
    with pytest.raises(Refused):
        referring.refer(one, stranger, by=director)
    referral = referring.refer(one, counsellor, by=director)
    assert list(Child.objects.visible_to(counsellor)) == [one]
    with pytest.raises(Refused):
        referring.refer(one, counsellor, by=director)
    referring.end_referral(referral, by=director)
    referral.refresh_from_db()
    assert referral.ends_on == timezone.localdate()


@pytest.mark.django_db(transaction=True)
def test_people_registering_at_the_same_time_get_different_numbers(director, community):
    def register(name):
        def act():
            home = Household()
            intake.register_household(home, [child(name), child(name + "二")], [], community=community, by=director)
            return list(home.children.values_list("number", flat=True))

        return act

    numbers = sum(at_once(*(register(name) for name in "甲乙丙丁")), [])
    assert sorted(numbers) == [f"150902001001-{n:04}" for n in range(1, 9)]


@pytest.mark.django_db(transaction=True)
def test_two_people_registering_the_same_id_number_make_one_file(director, community):
    def act():
        try:
            twin = child(id_number=id_number(BORN))
            intake.register_household(Household(), [twin], [], community=community, by=director)
        except Refused as refusal:
            return refusal.message
        return "registered"

    assert sorted(at_once(act, act)) == ["This community already has a file with this ID number.", "registered"]
    assert Child.objects.count() == 1
    assert FileNumber.objects.get().last == 1
