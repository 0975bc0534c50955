"""One adult on file twice in a household becomes one, with everything noted of either entry."""

import pytest
from django.db import connection
from django.utils import timezone

from activities.models import CarerAttendance, Enrolment
from children import stays
from children.facts_of_two import stay_name
from children.joining import join_adults
from children.models import Adult, Away, AwayRevision, JoinedAdult, Kinship, ParentContact, ToldApart
from children.twice_on_file import adults_twice
from guardianship.issuing import issue
from guardianship.lapsing import State, standing_of
from guardianship.models import Card
from guardianship.printed_facts import stale_among
from records.lifecycle import Refused
from records.trail import TrailEntry
from tests.activities.factories import make_activity
from tests.children.conftest import NUMBER, PHONE
from tests.children.factories import a_child, an_adult, away, left_behind_child
from tests.children.pages import filled
from tests.guardianship.factories import a_letter, days_ago
from tests.records.threads import at_once

TODAY = timezone.localdate


def test_everything_that_points_at_the_one_points_at_the_one_kept(grandmothers, director):
    kept, gone = grandmothers
    child, brother = (one.kinships.get().child for one in grandmothers)
    stays.log_contact(gone, on=TODAY(), reached=True, by=director)
    away(gone, days_ago(90), until=days_ago(60), place="广东省")
    school = make_activity(child.community, director, kind="parent_school", audience="carers", theme="habits")
    school.sessions.get().note_carer(gone, "room", by=director)
    club = make_activity(child.community, director)
    club.enrol(brother, by=director, asked_by=gone)
    letter = a_letter(brother, director)
    assert letter.caregiver == gone
    key = gone.pk
    assert join_adults(kept, gone, by=director) == kept
    kept.refresh_from_db()
    assert not Adult.objects.filter(pk=key).exists()
    assert (kept.phone, kept.id_number, kept.note) == (PHONE, NUMBER, "耳背")
    assert kept.phone_hash and kept.id_number_hash and kept.phone_last4 == PHONE[-4:]
    family = set(kept.kinships.values_list("child", "relation", "is_caregiver"))
    assert family == {(child.pk, "grandmother_p", True), (brother.pk, "grandmother_p", True)}
    assert kept.contacts.count() == 1 and kept.aways.get().gone_since == days_ago(90)
    assert CarerAttendance.objects.get().adult == kept and Enrolment.objects.get().asked_by == kept
    letter.refresh_from_db()
    assert letter.caregiver == kept and standing_of(letter, TODAY()).state == State.IN_FORCE
    record = JoinedAdult.objects.get()
    assert (record.kept, record.gone_key, record.joined_by) == (kept, key, director)
    assert record.facts["phone"] == [[""], [PHONE]] and record.facts["note"] == [[""], ["耳背"]]
    for file in (child, brother):
        assert TrailEntry.objects.about(file).filter(verb="joined two entries of an adult").exists()
    assert TrailEntry.objects.about(kept).filter(verb="joined another entry into this one").exists()


def test_the_person_chooses_where_both_say_something_else(grandmothers, director):
    kept, gone = grandmothers
    kept.phone, kept.note, kept.unable_since = "16100000002", "腿脚不便", days_ago(30)
    kept.save()
    gone.unable_since, gone.unable_until, gone.unable_reason = days_ago(90), days_ago(60), "住院"
    gone.save()
    join_adults(kept, gone, taken={"phone", "unable_since"}, by=director)
    kept.refresh_from_db()
    assert (kept.phone, kept.note) == (PHONE, "腿脚不便")
    assert (kept.unable_since, kept.unable_until, kept.unable_reason) == (days_ago(90), days_ago(60), "住院")
    facts = JoinedAdult.objects.get().facts
    assert facts["phone"] == [["16100000002"], [PHONE]] and facts["note"] == [["腿脚不便"], ["耳背"]]
    assert facts["unable_since"] == [[str(days_ago(30)), "", ""], [str(days_ago(90)), str(days_ago(60)), "住院"]]


def test_the_record_is_unreadable_in_the_table(grandmothers, director):
    kept, gone = grandmothers
    join_adults(kept, gone, by=director)
    with connection.cursor() as cursor:
        cursor.execute("SELECT facts FROM children_joinedadult")
        assert PHONE not in cursor.fetchone()[0]


# Kinships -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mine", "theirs", "taken", "relation"),
    [
        ("", "grandmother_p", False, "grandmother_p"),
        ("grandmother_p", "", False, "grandmother_p"),
        ("grandparent", "grandmother_m", False, "grandparent"),
        ("grandparent", "grandmother_m", True, "grandmother_m"),
    ],
)
def test_an_adult_is_kin_to_a_child_once(community, director, mine, theirs, taken, relation):
    child = a_child(community)
    kept, gone = an_adult(child, mine, name="王秀英"), an_adult(child, theirs, name="王秀英", cares=True)
    join_adults(kept, gone, taken={f"kin_{child.pk}"} if taken else (), by=director)
    assert list(child.kinships.values_list("adult", "relation", "is_caregiver")) == [(kept.pk, relation, True)]
    facts = JoinedAdult.objects.get().facts
    assert facts.get(f"kin_{child.pk}") == [mine, theirs]


# Stays ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def fathers(community):
    child = a_child(community)
    return an_adult(child, "father", name="陈建国", phone=PHONE), an_adult(child, "", name="陈建国", phone=PHONE)


def test_two_stays_of_the_same_time_are_one_and_what_was_said_is_kept(fathers, director):
    kept, gone = fathers
    mine = away(kept, days_ago(200), place="广东省", phone="16100000005")
    theirs = away(gone, days_ago(200), place="深圳", employer="华星厂", reported_on=days_ago(190))
    stays.correct_stay(theirs, ["place"], by=director)
    join_adults(kept, gone, by=director)
    stay = Away.objects.get()
    assert (stay.pk, stay.adult, stay.place, stay.employer, stay.phone) == (
        mine.pk, kept, "广东省", "华星厂", "16100000005",
    )  # fmt: skip
    assert (stay.reported_on, stay.gone_since) == (days_ago(200), days_ago(200))
    assert list(AwayRevision.objects.order_by("pk").values_list("stay", "place")) == [(mine.pk, "深圳")] * 2


def test_the_other_entry_of_a_stay_is_chosen(fathers, director):
    kept, gone = fathers
    mine, theirs = away(kept, days_ago(200), place="广东省", employer="大厂"), away(gone, days_ago(200), place="深圳")
    join_adults(kept, gone, taken={stay_name(mine, theirs)}, by=director)
    stay = Away.objects.get()
    assert (stay.pk, stay.place, stay.employer) == (mine.pk, "深圳", "大厂")
    assert [(one.place, one.employer) for one in stay.revisions.all()] == [("广东省", "大厂")]


def test_a_stay_of_which_only_the_report_is_known_is_filled(fathers, director):
    kept, gone = fathers
    away(kept, None, reported_on=days_ago(20))
    away(gone, days_ago(200), place="广东省")
    join_adults(kept, gone, by=director)
    stay = Away.objects.get()
    assert (stay.adult, stay.since, stay.gone_since, stay.reported_on) == (
        kept, days_ago(200), days_ago(200), days_ago(200),
    )  # fmt: skip


def test_stays_that_overlap_are_refused_with_their_days_and_nothing_is_lost(fathers, director):
    kept, gone = fathers
    away(kept, days_ago(200), until=days_ago(100), place="广东省")
    away(gone, days_ago(150), until=days_ago(50), place="上海市")
    with pytest.raises(Refused, match="same time: .*广东省; .*上海市. Correct the days of one of them first"):
        join_adults(kept, gone, by=director)
    assert (kept.aways.count(), gone.aways.count(), JoinedAdult.objects.count()) == (1, 1, 0)


def test_stays_one_after_another_are_strung_together(fathers, director):
    kept, gone = fathers
    away(kept, days_ago(100), place="广东省")
    away(gone, days_ago(300), until=days_ago(100), place="上海市")
    join_adults(kept, gone, by=director)
    assert [stay.gone_since for stay in kept.aways.order_by("pk")] == [days_ago(300), days_ago(300)]


# What is refused ------------------------------------------------------------------------------------------------------


def test_a_father_and_a_mother_are_two_people(community, director):
    child = a_child(community)
    one, other = an_adult(child, "father", phone=PHONE), an_adult(child, "mother", phone=PHONE)
    with pytest.raises(Refused, match="they are not one person"):
        join_adults(one, other, by=director)


def test_two_parties_of_one_letter_are_two_people(community, director):
    child = left_behind_child(community)
    letter = a_letter(child, director)
    with pytest.raises(Refused, match="named in a guardianship letter of 陈小雨"):
        join_adults(letter.caregiver, letter.mother, by=director)
    assert child.kinships.count() == 3


def test_adults_of_two_households_are_not_joined_alone(community, director):
    one, other = an_adult(a_child(community)), an_adult(a_child(community))
    with pytest.raises(Refused, match="Join the households first"):
        join_adults(one, other, by=director)


def test_who_looked_before_somebody_changed_one_looks_again(grandmothers, director):
    kept, gone = grandmothers
    seen = {kept.pk: kept.version, gone.pk: gone.version}
    gone.note = "新的"
    gone.save()
    with pytest.raises(Refused, match="changed one of the two meanwhile"):
        join_adults(kept, gone, seen=seen, by=director)
    join_adults(kept, gone, by=director)
    with pytest.raises(Refused, match="joined already"):
        join_adults(kept, gone, by=director)


def test_of_two_lines_of_one_session_the_one_that_says_more_stays(community, director):
    child = left_behind_child(community)
    kept, gone = child.kinships.get(relation="mother").adult, an_adult(child, "", name="李红")
    session = make_activity(community, director, kind="parent_school", audience="carers", theme="habits").sessions.get()
    session.note_carer(kept, "remote", by=director)
    session.note_carer(kept, "unmarked", by=director)
    session.note_carer(gone, "room", by=director)
    join_adults(kept, gone, by=director)
    assert list(CarerAttendance.objects.values_list("adult", "how")) == [(kept.pk, "room")]
    assert JoinedAdult.objects.get().facts[f"session_{session.pk}"] == ["unmarked", "room"]


def test_a_card_whose_phone_changed_through_it_is_stale(grandmothers, director):
    kept, gone = grandmothers
    child = kept.kinships.get().child
    card = issue([child], ["phone"], by=director)[0]
    assert stale_among(Card.objects.all()) == set()
    join_adults(kept, gone, by=director)
    assert stale_among(Card.objects.all()) == {card.pk}


def test_who_was_told_apart_stays_so(grandmothers, director, community):
    kept, gone = grandmothers
    third = an_adult(gone.kinships.get().child, "", name="王秀英")
    ToldApart.note([(third.pk, gone.pk), (kept.pk, gone.pk)], community_id=community.pk, by=director)
    join_adults(kept, gone, by=director)
    assert list(ToldApart.objects.values_list("first", "second")) == [(kept.pk, third.pk)]


def test_what_was_joined_before_comes_along(grandmothers, director):
    kept, gone = grandmothers
    third = an_adult(gone.kinships.get().child, "", name="王秀英")
    keys = third.pk, gone.pk
    join_adults(gone, third, by=director)
    join_adults(kept, gone, by=director)
    assert {JoinedAdult.key_today(key) for key in keys} == {kept.pk}


@pytest.mark.django_db(transaction=True)
def test_two_joinings_at_once_make_one(grandmothers, director):
    kept, gone = grandmothers

    def one(a, b):
        try:
            return join_adults(a, b, by=director).pk
        except Refused as refusal:
            return refusal.message

    said = at_once(lambda: one(kept, gone), lambda: one(gone, kept))
    assert said.count("These two are joined already.") == 1
    assert JoinedAdult.objects.count() == 1 and Kinship.objects.filter(relation="grandmother_p").count() == 2


@pytest.mark.django_db(transaction=True)
def test_what_is_noted_of_the_other_at_the_same_moment_stands_at_the_one_kept(grandmothers, director, signed_in):
    kept, gone = grandmothers
    web, address = signed_in(director), f"/children/adults/{gone.pk}/contact/"
    sent = filled(web.get(address), reached="yes", note="通了")
    answers = at_once(lambda: join_adults(kept, gone, by=director), lambda: web.post(address, sent).status_code)
    assert answers[1] == 302
    assert list(ParentContact.objects.values_list("adult", "note")) == [(kept.pk, "通了")]


# Who looks alike ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ({"name": "王秀英", "phone": PHONE}, {"name": "王秀英", "phone": PHONE}, "same name and same phone"),
        ({"name": "王秀英", "phone": PHONE}, {"name": "王秀应", "phone": PHONE}, "sounds alike and the same phone"),
        ({"name": "王秀英"}, {"name": "王秀英"}, "the same name in one household"),
        (
            {"name": "王", "id_number": NUMBER},
            {"name": "不详", "id_number": NUMBER},
            "same ID number",
        ),
        ({"name": "不详", "phone": PHONE}, {"name": "不详", "phone": PHONE}, None),
        ({"name": "王秀英", "phone": PHONE}, {"name": "陈建国", "phone": PHONE}, None),
        ({"name": "王秀英"}, {"name": "王秀应"}, None),
    ],
)
def test_adults_of_a_household_who_look_like_one(community, director, one, other, why):
    child = a_child(community)
    adults = [an_adult(child, "", **facts) for facts in (one, other)]
    found = adults_twice(child.household, director)
    assert [(twice.first, twice.second) for twice in found] == ([tuple(adults)] if why else [])
    assert all(why in twice.why for twice in found)
    ToldApart.note([[adult.pk for adult in adults]], community_id=community.pk, by=director)
    assert adults_twice(child.household, director) == []
