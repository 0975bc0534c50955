"""Every rule that allows one row of a kind per child, and two files that both have such a row."""

import datetime as dt

import pytest
from django.apps import apps
from django.db.models import UniqueConstraint
from django.utils import timezone

from activities.models import Attendance, ChildrenGroup, Enrolment, Told
from children import erasing, transfer
from children.caring import note_hardship, note_need
from children.merging import merge
from children.models import Child, Likeness, SchoolPeriod
from children.moving import reached
from counselling.models import Case, CaseWords
from guardianship import signing
from guardianship.issuing import issue
from guardianship.models import Card
from homes.models.opening import set_hours
from premises.models import Booking, HomeDayLog
from records.lifecycle import Refused
from support import applying
from support.models import Application
from surveys.models import RosterLine
from tests.activities.factories import a_picture, make_activity
from tests.appraisal.factories import a_call, a_nomination
from tests.children.factories import kin, left_behind_child, offered
from tests.children.test_merging import consent
from tests.counselling.factories import COMPLAINT, a_case
from tests.guardianship.factories import a_letter
from tests.homes.factories import make_home
from tests.premises.factories import pieces
from tests.support.factories import a_girl, a_kind, submitted
from tests.surveys.roster_factories import a_round, handed_in
from tests.volunteers.factories import a_helper, a_pairing, a_proposal, a_term
from volunteers.matching import proposing
from volunteers.models import CareGroup, MatchVeto

TODAY = timezone.localdate


def same_adult(kept, gone, cast):
    kin(gone, kept.kinships.first().adult, "")


def fathers_and_caregivers(kept, gone, cast):
    assert kept.kinships.filter(relation="father").exists() and gone.kinships.filter(is_caregiver=True).exists()


def consents(kept, gone, cast):
    consent(kept), consent(gone)


def needs(kept, gone, cast):
    for child in (kept, gone):
        note_need(child, Child.Topic.values[0], by=cast.director)


def hardships(kept, gone, cast):
    for child in (kept, gone):
        note_hardship(child, "illness", by=cast.director)


def classes(kept, gone, cast):
    for child in (kept, gone):
        SchoolPeriod.objects.create(child=child, community_id=child.community_id, school="一小", until=TODAY())


def pairings(kept, gone, cast):
    a_term()
    for child in (kept, gone):
        a_pairing(child, a_helper(child.community, cast.director), cast.director)


def proposals(kept, gone, cast):
    helper = a_helper(kept.community, cast.director, capacity=5)
    for child in (kept, gone):
        consent(child, "sharing")
        a_proposal(child, helper, cast.director)


def places_in_a_care_group(kept, gone, cast):
    group = CareGroup.set_up(kept.community, by=cast.director)
    member = group.take_in(role="committee", user=cast.director, by=cast.director)
    for child in (kept, gone):
        group.assign(child, member, by=cast.director)


def places_in_a_group(kept, gone, cast):
    for child in (kept, gone):
        facts = {"name": str(child.pk), "grid": "1", "place": "x"}
        ChildrenGroup.objects.create(community=kept.community, **facts).take_in([child], by=cast.director)


def lines_of_a_group_meeting(kept, gone, cast):
    facts = {"name": "x", "grid": "1", "place": "x"}
    group = ChildrenGroup.objects.create(community=kept.community, **facts)
    group.take_in([kept, gone], by=cast.director)
    group.note_meeting(day=TODAY(), what="x", came=[gone], by=cast.director)


def lines_of_a_proposal(kept, gone, cast):
    run = proposing.make(kept.community, "loving_mother", by=cast.director)
    assert {line.child_id for line in run.lines.all()} == {kept.pk, gone.pk}


def exclusions(kept, gone, cast):
    helper = a_helper(kept.community, cast.director)
    for child in (kept, gone):
        MatchVeto.objects.create(child=child, volunteer=helper, community=kept.community, set_by=cast.director)


def enrolments(kept, gone, cast):
    club = make_activity(kept.community, cast.director)
    for child in (kept, gone):
        club.enrol(child, by=cast.director)


def waitings(kept, gone, cast):
    club = make_activity(kept.community, cast.director, capacity=1)
    for child in (left_behind_child(kept.community), kept, gone):
        club.wait_for_place(child, by=cast.director)


def marks(kept, gone, cast):
    enrolments(kept, gone, cast)
    session = Enrolment.objects.first().activity.sessions.get()
    session.mark(kept, "absent", by=cast.director)
    session.mark(gone, "present", by=cast.director)


def told_of_a_change(kept, gone, cast):
    enrolments(kept, gone, cast)
    for child in (kept, gone):
        Told.note(Enrolment.objects.first().activity, "child", child, by=cast.director)


def names_in_a_picture(kept, gone, cast):
    enrolments(kept, gone, cast)
    consent(kept, "photo"), consent(gone, "photo")
    picture = a_picture(Enrolment.objects.first().activity.sessions.get(), cast.director)
    picture.name_children([kept, gone], nobody_else=True, by=cast.director)


def cards(kept, gone, cast):
    for child in (kept, gone, gone):
        issue([child], ["contact"], by=cast.director)


def letters(kept, gone, cast):
    for child in (kept, gone):
        a_letter(child, cast.director)


def drafts_of_letters(kept, gone, cast):
    for child in (kept, gone):
        signing.prepare(child, by=cast.director)


def cases(kept, gone, cast):
    for child in (kept, gone):
        a_case(child, cast.counsellor, by=cast.director)


def applications(kept, gone, cast):
    kind = a_kind(cast.district, sex="")
    for child in (kept, gone):
        applying.prepare(child, kind, by=cast.director)


def nominations(kept, gone, cast):
    call = a_call(cast.district, cast.supervisor, "example")
    for child in (kept, gone):
        consent(child, "publicity")
        a_nomination(call, child, cast.director)


def roster_lines(kept, gone, cast):
    handed_in(kept.community, a_round(cast.district, cast.supervisor), by=cast.director)
    assert RosterLine.objects.filter(child__in=[kept, gone]).count() == 2


def one_offer_taken_back(kept, gone, cast):
    Child.objects.filter(pk=gone.pk).update(household=kept.household)
    files = list(Child.objects.filter(pk__in=[kept.pk, gone.pk]))
    transfer.withdraw(offered(files, cast.sister_community, by=cast.director), by=cast.director)


def visits_of_a_day(kept, gone, cast):
    log = HomeDayLog.begin(make_home(kept.community), by=cast.director)
    for child in (kept, gone):
        log.tap(child, came=True, by=cast.director)


def calls_at_one_time(kept, gone, cast):
    home = make_home(kept.community)
    set_hours(home, {day: (dt.time(0), dt.time(23)) for day in range(7)}, by=cast.director)
    tomorrow = TODAY() + dt.timedelta(days=1)
    for child, thing in zip((kept, gone), pieces(home, cast.director, number=2, kind="telephone"), strict=True):
        Booking.book(thing, child, day=tomorrow, starts_at=dt.time(16), by=cast.director)


ROOM = {
    "one_kinship_between_a_child_and_an_adult": same_adult,
    "one_father_and_one_mother_per_child": fathers_and_caregivers,
    "one_caregiver_per_child": fathers_and_caregivers,
    "one_consent_in_force_per_child_and_purpose": consents,
    "nobody_leaves_two_classes_on_one_day": classes,
    "one_open_need_per_child_and_topic": needs,
    "one_open_hardship_of_a_kind_per_child": hardships,
    "a_child_stands_once_in_a_transfer": one_offer_taken_back,
    "one_active_pairing_of_a_kind_per_child": pairings,
    "one_open_pairing_per_child_helper_and_kind": proposals,
    "a_child_stands_in_a_proposal_once": lines_of_a_proposal,
    "a_pairing_is_excluded_once": exclusions,
    "one_mark_per_child_and_session": marks,
    "one_open_enrolment_per_child_and_activity": enrolments,
    "a_child_waits_once_for_an_activity": waitings,
    "a_child_is_named_once_in_a_picture": names_in_a_picture,
    "a_child_is_told_once_of_an_activity": told_of_a_change,
    "one_card_per_child_kind_and_edition": cards,
    "one_latest_card_per_child_and_kind": cards,
    "one_signed_letter_in_force_per_child": letters,
    "one_unsigned_letter_per_child": drafts_of_letters,
    "one_open_case_per_child_and_counsellor": cases,
    "one_running_application_per_child_and_kind": applications,
    "a_child_stands_once_on_a_roster": roster_lines,
    "one_nomination_of_a_child_per_call": nominations,
    "a_child_is_in_one_children_group": places_in_a_group,
    "a_child_comes_once_to_a_meeting": lines_of_a_group_meeting,
    "a_child_is_in_a_care_group_once": places_in_a_care_group,
    "a_child_comes_once_a_day": visits_of_a_day,
    "a_child_is_booked_once_at_a_time": calls_at_one_time,
}


def two_erasures(kept, gone, cast):
    for child in (kept, gone):
        erasing.ask(child, ground="guardian", by=cast.director)


def two_offers(kept, gone, cast):
    for child in (kept, gone):
        offered([child], cast.sister_community, by=cast.director)


# A person of their own answers each of these; a merge must not answer for them.
REFUSED = {"one_erasure_asked_for_per_child": two_erasures, "one_open_transfer_per_child": two_offers}


def rules_of_a_child():
    """The unique constraints that two rows of different files meet once they point at the same child."""
    for model in apps.get_models():
        keys = {f.name for f in model._meta.concrete_fields if f.related_model is Child}
        for rule in model._meta.constraints:
            if isinstance(rule, UniqueConstraint) and keys & set(rule.fields) and model is not Likeness:
                yield rule.name


def test_every_rule_of_one_row_per_child_is_tried_here():
    assert set(rules_of_a_child()) == {*ROOM, *REFUSED}


def counted():
    return {model._meta.label: model._default_manager.count() for model in reached()}


@pytest.mark.parametrize("rule", ROOM)
def test_two_files_that_both_have_a_row_become_one_and_lose_none(rule, two, cast):
    kept, gone = two
    ROOM[rule](kept, gone, cast)
    before = counted()
    merge(kept, gone, by=cast.director)
    gone.refresh_from_db()
    assert gone.merged_into == kept
    after = counted()
    assert {label: n for label, n in after.items() if n < before[label]} == {}


@pytest.mark.parametrize(("rule", "said"), [(r, "there can be only one of") for r in REFUSED])
def test_what_another_person_must_answer_first_is_refused_in_words(rule, said, two, cast):
    kept, gone = two
    REFUSED[rule](kept, gone, cast)
    before = counted()
    with pytest.raises(Refused, match=said):
        merge(kept, gone, by=cast.director)
    gone.refresh_from_db()
    assert gone.merged_into is None and counted() == before


def test_the_cards_of_the_closed_file_keep_their_numbers_and_count_as_old(two, cast):
    kept, gone = two
    cards(kept, gone, cast)
    issue([gone], ["phone"], by=cast.director)
    merge(kept, gone, by=cast.director)
    stands = set(Card.objects.values_list("child", "kind", "edition", "is_latest"))
    assert stands == {
        (kept.pk, "contact", 1, True),
        (gone.pk, "contact", 1, False),
        (gone.pk, "contact", 2, False),
        (kept.pk, "phone", 1, True),
    }


def test_the_words_of_both_cases_stay_with_their_counsellor(two, cast, make_user):
    kept, gone = two
    cases(kept, gone, cast)
    other = make_user("counsellor", cast.district)
    third = a_case(gone, other, by=cast.director)
    merge(kept, gone, by=cast.director)
    assert list(Case.objects.order_by("pk").values_list("child", "status")) == [
        (kept.pk, "open"),
        (kept.pk, "closed"),
        (kept.pk, "open"),
    ]
    assert {c.pk for c in Case.objects.told_to(other)} == {third.pk}
    assert Case.objects.told_to(cast.counsellor).count() == 2
    assert [w.complaint for w in CaseWords.objects.all()] == [COMPLAINT] * 3


def test_the_application_that_has_come_further_goes_on(community, cast, director):
    kind = a_kind(cast.district)
    kept, gone = a_girl(community, director), a_girl(community, director)
    mine, other = applying.prepare(kept, kind, by=director), submitted(gone, kind, director)
    merge(kept, gone, by=director)
    mine.refresh_from_db(), other.refresh_from_db()
    assert (mine.status, mine.withdrawn_why, other.status) == ("withdrawn", "two files of one child", "submitted")
    assert set(Application.objects.values_list("child", flat=True)) == {kept.pk}


def test_lines_of_a_roster_that_was_handed_in_stay_as_they_were(two, cast):
    kept, gone = two
    roster_lines(kept, gone, cast)
    before = list(RosterLine.objects.order_by("pk").values_list("pk", "child"))
    merge(kept, gone, by=cast.director)
    assert list(RosterLine.objects.order_by("pk").values_list("pk", "child")) == before


def test_of_two_marks_the_kept_file_has_the_one_that_says_more(two, cast):
    kept, gone = two
    marks(kept, gone, cast)
    merge(kept, gone, by=cast.director)
    assert dict(Attendance.objects.values_list("child", "mark")) == {kept.pk: "present", gone.pk: "absent"}
