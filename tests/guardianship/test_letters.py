"""The guardianship letter: prepared, filled in, signed, lapsed by date and by facts, renewed."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from children.closing import leave_register, return_to_register
from children.intake import change_caregiver
from children.models import Child
from guardianship import signing
from guardianship.lapsing import State, current_letters, standing_of, with_facts
from guardianship.models import Letter
from records import measures
from records.lifecycle import Refused
from records.measures import Period
from records.scoping import Scope
from records.trail import TrailEntry
from tests.children.factories import a_child, an_adult, away, kin, left_behind_child
from tests.children.pages import soup
from tests.guardianship.factories import a_draft, a_letter, an_entrusted_child, days_ago, filled_in, picture, signed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path


def standing(letter, day=None):
    return standing_of(with_facts(Letter.objects).get(pk=letter.pk), day or timezone.localdate())


def holds_in_sql(letter, day=None):
    return Letter.objects.in_force_on(day or timezone.localdate()).filter(pk=letter.pk).exists()


def test_a_letter_is_prepared_from_the_file(community, director):
    child = left_behind_child(community)
    letter = signing.prepare(child, by=director)
    assert (letter.father.name, letter.mother.name, letter.caregiver.name) == ("陈建国", "李红", "王秀英")
    assert (letter.starts_on, letter.status) == (timezone.localdate(), "draft")
    assert (letter.ends_on.month, letter.ends_on.day) == (8, 31)
    assert not holds_in_sql(letter)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (dt.date(2026, 9, 1), dt.date(2027, 8, 31)),
        (dt.date(2026, 3, 1), dt.date(2026, 8, 31)),
        (dt.date(2026, 7, 1), dt.date(2027, 8, 31)),
        (dt.date(2026, 11, 25), dt.date(2027, 8, 31)),
    ],
)
def test_the_usual_term_is_the_school_year(first, last):
    assert signing.usual_term(first) == (first, last)


def test_nothing_is_prepared_without_parents_without_caregiver_or_where_a_parent_cares(community, director):
    nobody = a_child(community)
    with pytest.raises(Refused, match="Neither father nor mother"):
        signing.prepare(nobody, by=director)
    an_adult(nobody, "father")
    with pytest.raises(Refused, match="Nobody is on file as looking after"):
        signing.prepare(nobody, by=director)
    with_mother = a_child(community)
    an_adult(with_mother, "mother", cares=True)
    with pytest.raises(Refused, match="A parent looks after"):
        signing.prepare(with_mother, by=director)


def test_brothers_and_sisters_in_the_same_care_get_a_letter_each(community, director):
    child = left_behind_child(community)
    sister = a_child(community, household=child.household, name="陈小云")
    for one in child.kinships.all():
        kin(sister, one.adult, one.relation, cares=one.is_caregiver)
    cousin = a_child(community, household=child.household, name="陈小风")
    an_adult(cousin, "father", name="陈建军")
    letter = signing.prepare_for_family(child, by=director)
    assert letter.child_id == child.pk
    assert set(Letter.objects.values_list("child", flat=True)) == {child.pk, sister.pk}
    filled_in(letter, director)
    signing.fill_in(letter, [], for_siblings=True, by=director)
    theirs = Letter.objects.get(child=sister)
    assert (theirs.harmed_minor, theirs.promises_contact, theirs.opinion) == (False, True, "")


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("harmed_minor", True, "harmed a minor"),
        ("has_habit", True, "gambles"),
        ("neglected_duty", True, "neglected such duties"),
        ("is_capable", False, "Only an adult able"),
        ("is_never_alone", False, "under 16 never lives alone"),
    ],
)
def test_who_is_barred_by_law_cannot_sign(community, director, name, answer, words):
    letter = a_draft(left_behind_child(community), director, **{name: answer})
    with pytest.raises(Refused, match=words):
        signed(letter, director)
    assert Letter.objects.get().status == "draft"
    with pytest.raises(IntegrityError, match="signed_letter_passed_the_exclusion_check"), transaction.atomic():
        Letter.objects.update(status="signed", signed_on=timezone.localdate())


@pytest.mark.parametrize(
    ("details", "words"),
    [
        ({"has_habit": None}, "Answer every question"),
        ({"opinion": ""}, "in the child's own words"),
        ({"opinion_on": None}, "day on which the child was heard"),
        ({"promises_contact": False}, "at least once a week"),
        ({"committee_told_on": None}, "committee must be told"),
        ({"school_told_on": None}, "school must be told"),
    ],
)
def test_what_is_missing_is_said_before_signing(community, director, details, words):
    letter = a_draft(left_behind_child(community, school="第一小学"), director, **details)
    with pytest.raises(Refused, match=words):
        signed(letter, director)


def test_a_small_child_need_not_speak_but_is_asked_or_observed(community, director):
    small = left_behind_child(community, birth_date=days_ago(3 * 365))
    letter = a_draft(small, director, opinion="", opinion_how="")
    with pytest.raises(Refused, match="how the child was asked or observed"):
        signed(letter, director)
    assert signed(filled_in(letter, director, opinion=""), director).is_signed


def test_every_party_signs_on_a_day_that_has_come_and_one_picture_is_kept(community, director):
    letter = a_draft(left_behind_child(community), director)
    today = timezone.localdate()
    with pytest.raises(Refused, match="Every party signs"):
        signing.sign(letter, days={"father": today}, pictures={}, witness="王敏", by=director)
    days = dict.fromkeys(["father", "mother", "caregiver"], today)
    with pytest.raises(Refused, match="Add a scan or photo"):
        signing.sign(letter, days=days, pictures={}, witness="王敏", by=director)
    later = {**days, "mother": today + dt.timedelta(days=1)}
    with pytest.raises(Refused, match="lies in the future"):
        signing.sign(letter, days=later, pictures={"mother": picture()}, witness="王敏", by=director)
    signing.sign(
        letter, days={**days, "father": days_ago(9)}, pictures={"father": picture()}, witness="王敏", by=director
    )
    assert letter.signed_on == today
    assert {(s.party, bool(s.picture_id)) for s in letter.signatures.all()} == {
        ("father", True),
        ("mother", False),
        ("caregiver", False),
    }
    assert standing(letter).state == State.IN_FORCE or standing(letter).state == State.EXPIRING
    entry = TrailEntry.objects.about(letter).get(verb="signed the letter")
    assert "王敏" not in str(entry.keys) + str(entry.fields)


def test_the_caregiver_must_be_the_one_on_file(community, director):
    child = left_behind_child(community)
    aunt = an_adult(child, "uncle_aunt", name="陈芳")
    letter = a_draft(child, director, caregiver=aunt)
    with pytest.raises(Refused, match="陈芳 is not on file as the one who looks after"):
        signed(letter, director)


def caregiver_changes(child, letter, director):
    aunt = an_adult(child, "uncle_aunt", name="陈芳")
    change_caregiver(child, aunt, by=director)


def nobody_cares(child, letter, director):
    change_caregiver(child, None, by=director)


def father_comes_back(child, letter, director):
    letter.father.aways.update(until=timezone.localdate())


def caregiver_is_ill(child, letter, director):
    type(letter.caregiver).objects.filter(pk=letter.caregiver_id).update(unable_since=timezone.localdate())


def turns_18(child, letter, director):
    Child.objects.filter(pk=child.pk).update(birth_date=days_ago(18 * 366))


def term_ends(child, letter, director):
    Letter.objects.filter(pk=letter.pk).update(ends_on=days_ago(1))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (caregiver_changes, "陈芳 looks after the child now, no longer 王秀英"),
        (nobody_cares, "nobody is on file any more as looking after the child"),
        (father_comes_back, "the father is back"),
        (caregiver_is_ill, "王秀英 is unable to look after the child since"),
        (turns_18, "the child is 18"),
        (term_ends, "its term ended on"),
    ],
)
def test_a_letter_lapses_when_facts_change_and_says_why(community, director, change, why):
    child, letter = an_entrusted_child(community, director, days_ago(40))
    _other, stays = an_entrusted_child(community, director, days_ago(40), name="周明")
    assert holds_in_sql(letter)
    assert standing(letter).is_valid
    change(child, letter, director)
    now = standing(letter)
    assert now.state == State.LAPSED
    assert [words for words in now.why if why in words] != []
    assert not holds_in_sql(letter)
    assert Letter.objects.lapsed_on(timezone.localdate()).get() == letter
    assert list(Letter.objects.in_force_on(timezone.localdate())) == [stays]
    assert Letter.objects.get(pk=letter.pk).status == "signed"


def test_a_mother_who_leaves_later_lapses_the_letter(community, director):
    child = a_child(community)
    an_adult(child, "father", away_since=days_ago(400))
    mother = an_adult(child, "mother", unable_since=days_ago(300))
    an_adult(child, "grandmother_p", name="王秀英", cares=True)
    letter = a_letter(child, director)
    assert standing(letter).is_valid
    away(mother, days_ago(0))
    assert standing(letter).why == ("the mother has gone away for work since",)
    assert not holds_in_sql(letter)


def test_the_letter_ends_with_the_file_and_stays(community, director):
    child, letter = an_entrusted_child(community, director)
    signing.prepare(child, by=director)
    leave_register(child, on=timezone.localdate(), reason=Child.LeftReason.MOVED_OUT, by=director)
    assert sorted(Letter.objects.values_list("status", flat=True)) == ["cancelled", "ended"]
    return_to_register(Child.objects.get(pk=child.pk), by=director)
    assert not holds_in_sql(letter)
    assert holds_in_sql(letter, days_ago(1)) is False
    assert a_letter(Child.objects.get(pk=child.pk), director).is_signed


def test_a_letter_held_on_the_days_of_its_term_only(community, director):
    _child, letter = an_entrusted_child(community, director, days_ago(40))
    assert [holds_in_sql(letter, days_ago(n)) for n in (41, 40, 0)] == [False, True, True]
    assert not holds_in_sql(letter, letter.ends_on + dt.timedelta(days=1))
    assert holds_in_sql(letter, letter.ends_on)
    assert [standing(letter, letter.ends_on - dt.timedelta(days=n)).state for n in (31, 30, 0)] == [
        State.IN_FORCE,
        State.EXPIRING,
        State.EXPIRING,
    ]


def test_renewing_prepares_a_letter_and_signing_it_ends_the_old(community, director):
    child, old = an_entrusted_child(community, director, days_ago(40))
    lapsed_child, lapsed = an_entrusted_child(community, director, days_ago(40), name="周明")
    change_caregiver(lapsed_child, None, by=director)
    made, refused = signing.renew([old, lapsed], by=director)
    assert [one.child_id for one in made] == [child.pk]
    assert [(one, words.split(".")[0]) for one, words in refused] == [
        (lapsed, "Nobody is on file as looking after the child")
    ]
    assert made[0].starts_on == old.ends_on + dt.timedelta(days=1)
    assert holds_in_sql(old)
    signed(filled_in(made[0], director, starts_on=timezone.localdate()), director)
    assert sorted(Letter.objects.filter(child=child).values_list("status", flat=True)) == ["renewed", "signed"]


def test_a_signed_letter_is_not_changed_and_cancelling_keeps_it(community, director):
    _child, letter = an_entrusted_child(community, director)
    with pytest.raises(Refused, match="A signed letter is not changed"):
        signing.fill_in(letter, [], by=director)
    letter.cancel(by=director)
    assert standing(letter).state == State.OVER
    with pytest.raises(Refused, match="cannot become"):
        letter.cancel(by=director)


def test_measures_of_letters(community, far_community, director, stranger):
    child, _letter = an_entrusted_child(community, director, days_ago(40))
    without = left_behind_child(community, name="周明")
    signing.prepare(without, by=director)
    lapsed, _old = an_entrusted_child(community, director, days_ago(40), name="赵敏")
    change_caregiver(lapsed, None, by=director)
    ending, soon = an_entrusted_child(community, director, days_ago(40), name="孙丽")
    Letter.objects.filter(pk=soon.pk).update(ends_on=timezone.localdate() + dt.timedelta(days=10))
    a_child(community, name="不用信")
    left_behind_child(far_community, name="别处")
    scope, period = Scope.of(community.pk), Period.day(timezone.localdate())

    def rows(key):
        return set(measures.get(key).rows(scope, period))

    assert rows("without_valid_letter") == {without, lapsed}
    assert rows("with_valid_letter") == {child, ending}
    assert rows("letters_expiring") == {soon}
    assert measures.get("with_valid_letter").per_community(Scope.of("150902"), period) == {community.pk: 2}
    assert measures.get("without_valid_letter").per_community(Scope.of("150902"), period) == {
        community.pk: 2,
        far_community.pk: 1,
    }


def test_a_letter_renewed_early_holds_until_the_new_one_begins(community, director):
    child, old = an_entrusted_child(community, director, days_ago(40))
    new = signed(filled_in(signing.renewal_for(old, by=director), director), director)
    begins = old.ends_on + dt.timedelta(days=1)
    assert new.starts_on == begins
    today = timezone.localdate()
    assert [holds_in_sql(old, day) for day in (today, old.ends_on, begins)] == [True, True, False]
    assert [holds_in_sql(new, day) for day in (today, old.ends_on, begins)] == [False, False, True]
    assert [standing(old, day).is_valid for day in (today, old.ends_on, begins)] == [True, True, False]
    assert standing(old).words == f"in force until {date_format(old.ends_on)}"
    assert standing(new).state == State.COMING
    assert [one.pk for one in current_letters(child, today)] == [old.pk, new.pk]
    assert [one.pk for one in current_letters(child, begins)] == [new.pk]
    scope = Scope.of(community.pk)
    eve = Period.day(old.ends_on - dt.timedelta(days=3))
    assert not measures.get("without_valid_letter").rows(scope, eve).exists()
    assert not measures.get("letters_expiring").rows(scope, eve).exists(), "it is renewed already"


def test_a_letter_renewed_twice_leaves_one_in_force_on_each_day(community, director):
    child, old = an_entrusted_child(community, director, days_ago(40))
    later = signed(filled_in(signing.renewal_for(old, by=director), director), director)
    at_once = signed(a_draft(child, director), director)
    assert at_once.starts_on == timezone.localdate()
    for day in (timezone.localdate(), old.ends_on, later.starts_on):
        assert list(Letter.objects.in_force_on(day)) == ([at_once] if day <= at_once.ends_on else [])


def test_a_letter_that_another_comes_before_never_begins_and_is_over_at_once(community, director):
    child, old = an_entrusted_child(community, director, days_ago(40))
    later = signed(filled_in(signing.renewal_for(old, by=director), director), director)
    between = a_draft(child, director)
    between.starts_on, between.ends_on = (later.starts_on - dt.timedelta(days=n) for n in (30, 1))
    between.save()
    between = signed(between, director)
    later.refresh_from_db()
    assert (later.ended_on, standing(later).state) == (timezone.localdate(), State.OVER)
    assert [one.pk for one in current_letters(child, timezone.localdate())] == [old.pk, between.pk]


def test_a_letter_that_still_holds_ends_with_the_file(community, director):
    child, old = an_entrusted_child(community, director, days_ago(40))
    new = signed(filled_in(signing.renewal_for(old, by=director), director), director)
    leave_register(child, on=timezone.localdate(), reason=Child.LeftReason.MOVED_OUT, by=director)
    assert {one.status for one in Letter.objects.all()} == {"ended"}
    return_to_register(Child.objects.get(pk=child.pk), by=director)
    assert not holds_in_sql(old) and not holds_in_sql(new, new.starts_on)


@pytest.mark.parametrize(("since", "until"), [(-20, None), (-20, -5), (-20, 0), (-20, 3), (0, 3), (2, 5), (2, None)])
def test_a_caregiver_who_is_able_again_counts_again(since, until, community, director):
    """Day by day, in words and in the table of letters."""
    _child, letter = an_entrusted_child(community, director, days_ago(40))
    day = lambda n: None if n is None else timezone.localdate() + dt.timedelta(days=n)  # noqa: E731
    carer = type(letter.caregiver).objects.filter(pk=letter.caregiver_id)
    carer.update(unable_since=day(since), unable_until=day(until))
    for n in range(-22, 8):
        is_able = n < since or (until is not None and n >= until)
        assert (standing(letter, day(n)).is_valid, holds_in_sql(letter, day(n))) == (is_able, is_able), n


def test_preparing_for_a_family_reads_no_other_familys_letters(community, director):
    child = left_behind_child(community)
    sister = a_child(community, household=child.household, name="陈小云")
    for one in child.kinships.all():
        kin(sister, one.adult, one.relation, cares=one.is_caregiver)
    an_entrusted_child(community, director, days_ago(40), name="周明")
    with CaptureQueriesContext(connection) as asked:
        signing.prepare_for_family(child, by=director)
    read = [
        one["sql"] for one in asked if one["sql"].startswith("SELECT") and 'FROM "guardianship_letter"' in one["sql"]
    ]
    assert read and not [sql for sql in read if 'child_id" = ' not in sql and 'child_id" IN (' not in sql]
    assert set(Letter.objects.filter(status="draft").values_list("child", flat=True)) == {child.pk, sister.pk}


def test_who_offers_a_file_sees_that_its_letters_end(community, director, far_community, signed_in):
    child, _letter = an_entrusted_child(community, director)
    page = signed_in(director).get(reverse("children:transfer_to", args=[child.pk]) + f"?to={far_community.pk}")
    ends = next(card for card in soup(page).select(".card") if "What ends first" in card.get_text())
    assert "guardianship responsibility letters 1" in " ".join(ends.get_text(" ").split())
