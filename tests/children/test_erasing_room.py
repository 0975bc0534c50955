"""A file is erased whatever it holds: every rule that a table keeps about a personal column meets a blank one here."""

import datetime as dt

import pytest
from django.db.models import F

from children import erasing, stays, transfer
from children.caring import end_hardship, meet_need, note_hardship, note_need, note_wish
from children.guardian_copy import copied_models, copy_of, shared_models
from children.models import Adult, Child, SchoolPeriod, Transfer, Wish
from children.rating import rate
from guardianship import contacting
from guardianship.issuing import hand_over, issue
from tests.activities.factories import make_activity
from tests.children.factories import away, id_number, offered, siblings
from tests.children.test_merging_room import ROOM
from tests.children.test_striking import struck_of_each_kind
from tests.counselling.factories import a_case, a_session
from tests.guardianship.factories import days_ago
from tests.surveys.factories import a_round, a_visit
from tests.volunteers.factories import a_helper, a_pairing, a_term
from volunteers import contacts


def erase(child, cast):
    erasing.erase(erasing.ask(child, ground="guardian", by=cast.director), by=cast.supervisor)


def id_numbers_and_health(one, two, cast):
    born = dt.date(2016, 5, 1)
    for number, child in enumerate((one, two)):
        Child.objects.filter(pk=child.pk).update(disability_type="hearing", disability_level=2, is_immunised=True,
                                                 immunisation_checked_on=days_ago(9))  # fmt: skip
        child.refresh_from_db()
        child.id_number, child.birth_date = id_number(born, sequence=900 + 2 * number), born
        child.save()


def a_father_who_was_ill(one, two, cast):
    Adult.objects.filter(name="陈建国").update(unable_since=days_ago(90), unable_until=days_ago(60), unable_reason="病")


def stays_in_a_row(one, two, cast):
    for adult in Adult.objects.filter(name="李红"):
        stays.end_stay(adult.aways.get(), on=days_ago(200), by=cast.director)
        for since, until in ((150, 120), (100, 80)):
            away(adult, days_ago(since), until=days_ago(until))
        away(adult, None, reported_on=days_ago(10))


def a_card_handed_over(one, two, cast):
    for card in issue([one, two], ["contact", "phone"], by=cast.director):
        hand_over(card, on=days_ago(0), to="王秀英", by=cast.director)


def rows_struck_out(one, two, cast):
    for child in (one, two):
        struck_of_each_kind(child, cast.director)
        call = contacting.note_contact(child, made_on=days_ago(0), who="mother", how="video", by=cast.director)
        contacting.strike_contact(call, because="误记未删", by=cast.director)


def needs_open_and_met(one, two, cast):
    for topic in Child.Topic.values[:2]:
        meet_need(note_need(one, topic, by=cast.director), by=cast.director)
        for child in (one, two):
            note_need(child, topic, by=cast.director)


def wishes_in_every_state(one, two, cast):
    for text, end in (("画笔", None), ("书包", Wish.fulfil), ("球", Wish.drop)):
        wish = note_wish(one, text, by=cast.director)
        if end:
            end(wish, by=cast.director)


def hardships_open_and_over(one, two, cast):
    end_hardship(note_hardship(one, "illness", since=days_ago(9), by=cast.director), on=days_ago(2), by=cast.director)
    for kind in ("illness", "low_income"):
        note_hardship(one, kind, note="爷爷病重", by=cast.director)


def classes_one_after_another(one, two, cast):
    for days in (800, 400, 30):
        since = {"since": days_ago(days + 100)} if days > 30 else {}
        SchoolPeriod.objects.create(
            child=one, community_id=one.community_id, school="一小", until=days_ago(days), **since
        )


def nobody_in_charge(one, two, cast):
    rate(one, "poor", reasons=["nobody"], by=cast.director)


def a_visit_of_the_household(one, two, cast):
    a_visit(a_round(cast.district, cast.supervisor), one.household, cast.director)


def an_hour_of_counselling(one, two, cast):
    a_session(a_case(one, cast.counsellor, by=cast.director))


def an_entry_of_a_helper(one, two, cast):
    a_term()
    helper = a_helper(one.community, cast.director)
    pairing = a_pairing(one, helper, cast.director)
    contacts.log(helper, pairings=[pairing], kinds=["talk"], note="想妈妈", by=cast.director)
    contacts.excuse(pairing.duties.filter(done_on=None).first(), reason="helper_ill", by=cast.director)


def a_grandmother_at_the_parent_school(one, two, cast):
    school = make_activity(one.community, cast.director, kind="parent_school", audience="carers", theme="habits")
    school.sessions.get().note_carer(one.kinships.get(is_caregiver=True).adult, "room", by=cast.director)


def refused_transfers(one, two, cast):
    made = offered([one], cast.sister_community, by=cast.director, message="孩子父亲刚出事")
    transfer.refuse(made, answer="不住我处的陈家", by=cast.supervisor)


HELD = {
    "one_file_per_id_number_in_a_community": id_numbers_and_health,
    "child_is_a_boy_or_a_girl": id_numbers_and_health,
    "child_is_born_before_being_registered": id_numbers_and_health,
    "a_disability_has_a_type_before_a_level": id_numbers_and_health,
    "a_checked_immunisation_is_known": id_numbers_and_health,
    "who_is_able_again_was_unable_before": a_father_who_was_ill,
    "one_father_and_one_mother_per_child": id_numbers_and_health,
    "one_caregiver_per_child": id_numbers_and_health,
    "who_comes_back_went_before": stays_in_a_row,
    "one_open_stay_away_per_adult": stays_in_a_row,
    "stays_away_of_an_adult_do_not_overlap": stays_in_a_row,
    "card_handed_over_has_day_and_person": a_card_handed_over,
    "who_strikes_a_family_contact_is_named": rows_struck_out,
    "who_strikes_a_parent_contact_is_named": rows_struck_out,
    "who_strikes_a_need_is_named": rows_struck_out,
    "who_strikes_a_wish_is_named": rows_struck_out,
    "who_strikes_a_hardship_is_named": rows_struck_out,
    "one_open_need_per_child_and_topic": needs_open_and_met,
    "need_is_met_after_it_is_noted": needs_open_and_met,
    "a_wish_that_is_not_open_has_its_day": wishes_in_every_state,
    "one_open_hardship_of_a_kind_per_child": hardships_open_and_over,
    "hardship_ends_after_it_begins": hardships_open_and_over,
    "nobody_leaves_two_classes_on_one_day": classes_one_after_another,
    "school_period_ends_after_it_begins": classes_one_after_another,
    "nobody_in_charge_is_always_poor": nobody_in_charge,
    "survey_visit_has_a_known_result": a_visit_of_the_household,
    "counselling_session_lasts_eight_hours_at_most": an_hour_of_counselling,
    "contact_met_people_or_nobody": an_entry_of_a_helper,
    "contact_takes_a_minute_to_a_day": an_entry_of_a_helper,
    "duty_is_excused_with_a_reason": an_entry_of_a_helper,
    "how_an_adult_took_part_is_known": a_grandmother_at_the_parent_school,
    "transfer_is_refused_with_a_reason": refused_transfers,
    "pairing_is_agreed_after_guardian_and_child_were_heard": ROOM["one_active_pairing_of_a_kind_per_child"],
    "letter_is_from_a_parent": ROOM["one_signed_letter_in_force_per_child"],
    "signed_letter_passed_the_exclusion_check": ROOM["one_signed_letter_in_force_per_child"],
    "each_party_signs_a_letter_once": ROOM["one_signed_letter_in_force_per_child"],
    "a_half_hour_is_booked_once": ROOM["a_child_is_booked_once_at_a_time"],
    "a_child_is_booked_once_at_a_time": ROOM["a_child_is_booked_once_at_a_time"],
    "mark_is_a_known_one": ROOM["one_mark_per_child_and_session"],
}


def columns(rule):
    """The columns that a rule of a table compares."""
    names = set(getattr(rule, "fields", ()))
    if getattr(rule, "condition", None):
        names |= rule.condition.referenced_base_fields
    for expression, _operator in getattr(rule, "expressions", ()):
        names |= {part.name for part in expression.flatten() if isinstance(part, F)}
    return names


def test_every_rule_that_a_blank_column_may_break_is_tried_here():
    rules = {
        rule.name
        for model in (*copied_models(), *shared_models())
        for rule in model._meta.constraints
        if columns(rule) & set(model.personal)
    }
    assert rules == set(HELD), "Hold a row here that this rule is about, and see whether it can be erased."


@pytest.mark.parametrize("make", sorted({*HELD.values(), *ROOM.values()}, key=lambda make: make.__name__))
def test_a_file_with_such_rows_is_erased(make, two, cast):
    make(*two, cast)
    for child in two:
        erase(child, cast)
    assert set(Child.objects.filter(household__in={c.household_id for c in two}).values_list("name", flat=True)) == {""}


def test_nothing_that_was_said_is_left(two, cast):
    one, two = two
    for make in (a_father_who_was_ill, a_card_handed_over, rows_struck_out, needs_open_and_met, wishes_in_every_state,
                 hardships_open_and_over, nobody_in_charge, an_entry_of_a_helper, refused_transfers):  # fmt: skip
        make(one, two, cast)
    said = str(copy_of(one))
    erase(one, cast)
    left = str(copy_of(one))
    words = ["陈建国", "王秀英", "画笔", "误记未删", "想妈妈", "孩子父亲刚出事", "不住我处", "爷爷病重", "helper_ill"]
    assert [word for word in words if word not in said] == []
    assert [word for word in words if word in left] == []


def test_an_offer_of_two_siblings_keeps_its_words_until_both_are_erased(community, cast):
    one, two = siblings(community)
    transfer.refuse(offered([one, two], cast.sister_community, by=cast.director, message="一起走"), answer="查无此户",
                    by=cast.supervisor)  # fmt: skip
    erase(one, cast)
    assert (Transfer.objects.get().message, Transfer.objects.get().answer) == ("一起走", "查无此户")
    erase(two, cast)
    assert (Transfer.objects.get().message, Transfer.objects.get().answer) == ("", "-")
