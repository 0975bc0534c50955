import pytest

from children.models import Child, Concern
from communities.models import Term
from records.lifecycle import Refused
from tests.volunteers.factories import a_child, a_helper, a_paired_child, a_pairing, a_term, days
from volunteers import contacts
from volunteers.models import Contact, Duty, DutyRule, Pairing
from volunteers.terms import open_term_duties

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_term")]


def test_one_entry_for_brothers_and_sisters_and_two_duties(community, director, helper):
    first = a_paired_child(community, helper, director)
    second = a_paired_child(community, helper, director, name="陈小雪", household=first.household)
    pairings = list(helper.pairings.current())
    contact = contacts.log(helper, pairings=pairings, kinds=["visit", "talk"], note="都好", by=helper.user)
    assert contact.lines.count() == 4
    assert Duty.objects.done_by(days(0)).count() == 4
    for pairing in Pairing.objects.all():
        assert pairing.missing == ["teacher", "guardian", "letter"]
    assert {line.pairing.child_id for line in contact.lines.all()} == {first.pk, second.pk}


def test_a_second_visit_is_kept_but_settles_nothing(community, director, helper):
    a_paired_child(community, helper, director)
    for _time in range(2):
        contacts.log(helper, pairings=helper.pairings.current(), kinds=["visit"], by=helper.user)
    assert Contact.objects.count() == 2
    assert Duty.objects.filter(kind="visit", done_on=days(0)).count() == 1


def test_what_was_said_is_unreadable_in_the_table(community, director, helper):
    from django.db import connection

    a_paired_child(community, helper, director)
    contacts.log(helper, pairings=helper.pairings.current(), kinds=[], note="奶奶病了", by=helper.user)
    with connection.cursor() as cursor:
        cursor.execute("SELECT note FROM volunteers_contact")
        assert "奶奶" not in cursor.fetchone()[0]
    assert Contact.objects.get().note == "奶奶病了"


@pytest.mark.parametrize("made_on", [1, -51, -200])
def test_days_out_of_reach_are_refused(made_on, community, director, helper):
    a_paired_child(community, helper, director)
    with pytest.raises(Refused):
        contacts.log(helper, pairings=helper.pairings.current(), kinds=["visit"], made_on=days(made_on), by=helper.user)


def test_an_ended_pairing_is_refused_at_the_moment_of_writing(community, director, helper):
    a_paired_child(community, helper, director)
    seen = list(helper.pairings.current())  # the form was drawn
    Pairing.objects.get().end(by=director)
    with pytest.raises(Refused, match="no longer"):
        contacts.log(helper, pairings=seen, kinds=["visit"], by=helper.user)
    assert not Contact.objects.exists()


def test_a_check_that_ended_is_refused_at_the_moment_of_writing(community, director, helper):
    a_paired_child(community, helper, director)
    seen = list(helper.pairings.current())
    helper.record_check(checked_on=days(0), result="not_clear", by=director)
    with pytest.raises(Refused, match="asked of you is missing"):
        contacts.log(helper, pairings=seen, kinds=["visit"], by=helper.user)


def test_another_helpers_pairing_is_refused(community, director, helper):
    other = a_helper(community, director, name="赵敏")
    pairing = a_pairing(a_child(community), other, director)
    with pytest.raises(Refused):
        contacts.log(helper, pairings=[pairing], kinds=["visit"], by=helper.user)


def test_children_of_two_communities_need_two_entries(community, sister_community, director, helper):
    a_paired_child(community, helper, director)
    a_paired_child(sister_community, helper, director, name="周明")
    with pytest.raises(Refused, match="different communities"):
        contacts.log(helper, pairings=helper.pairings.current(), kinds=["visit"], by=helper.user)


def test_a_photo_needs_consent(community, director, helper):
    from records.attachments import Attachment

    a_paired_child(community, helper, director)
    photo = Attachment.objects.create(file="x", sha256="0" * 64, width=1, height=1, size=1)
    with pytest.raises(Refused, match="photos"):
        contacts.log(helper, pairings=helper.pairings.current(), kinds=["visit"], photo=photo, by=helper.user)


def test_an_excuse_needs_a_reason_and_settles(community, director, helper):
    a_paired_child(community, helper, director)
    duty = Duty.objects.get(kind="letter")
    with pytest.raises(Refused):
        duty.forgive(reason="other", by=director)
    contacts.excuse(duty, reason="child_away", by=director)
    assert duty.status == "excused"
    assert "letter" not in Pairing.objects.get().missing
    with pytest.raises(Refused):
        duty.forgive(reason="child_away", by=director)
    contacts.log(helper, pairings=helper.pairings.current(), kinds=["letter"], by=helper.user)
    duty.refresh_from_db()
    assert duty.done_on is None  # what is excused stays excused


def test_done_needs_no_excuse(community, director, helper):
    a_paired_child(community, helper, director)
    contacts.log(helper, pairings=helper.pairings.current(), kinds=["visit"], by=helper.user)
    with pytest.raises(Refused):
        Duty.objects.get(kind="visit").forgive(reason="child_away", by=director)


def test_one_concern_for_each_child_with_nothing_else_needed(community, director, helper):
    child = a_paired_child(community, helper, director)
    a_pairing(child, helper, director, kind="tutor")
    contacts.raise_concerns(helper.pairings.current().select_related("child"), by=helper.user)
    assert Concern.objects.get().child == Child.objects.get()


def test_opening_a_term_twice_adds_nothing(community, director, helper, this_term):
    a_paired_child(community, helper, director)
    assert Duty.objects.count() == 5
    assert open_term_duties(this_term) == 0


def test_a_tutor_owes_talk_and_guardian(community, director, helper):
    a_pairing(a_child(community), helper, director, kind="tutor")
    assert set(Duty.objects.values_list("kind", flat=True)) == {"talk", "guardian"}


def test_new_rules_do_not_rewrite_past_terms(community, director, helper, this_term, district):
    a_paired_child(community, helper, director)
    DutyRule.objects.create(
        district=district, pairing_kind="loving_mother", duty_kind="visit", times=2, from_day=days(61)
    )
    following = Term.objects.create(
        district=district, school_year=2026, kind="spring", starts_on=days(61), ends_on=days(200)
    )
    assert len(DutyRule.objects.owed_in(this_term)["loving_mother"]) == 5
    assert open_term_duties(this_term) == 0
    assert open_term_duties(following) == 2
    pairing = Pairing.objects.get()
    assert (pairing.missing, pairing.next_due_on) == (["visit"], days(200))


def test_windows_inside_the_term(community, director, helper, district):
    DutyRule.objects.create(
        district=district,
        pairing_kind="tutor",
        duty_kind="talk",
        opens_after=70,
        due_before=20,
        from_day=days(-100),
    )
    pairing = a_pairing(a_child(community), helper, director, kind="tutor")
    duty = pairing.duties.get()
    assert (duty.opens_on, duty.due_on, duty.status) == (days(10), days(40), "later")
    assert duty.status_on(days(10)) == "due"
    assert duty.status_on(days(41)) == "overdue"


def test_a_contact_of_a_past_term_settles_that_term(community, director, helper):
    past = a_term(starts=-150, ends=-61, kind="spring", year=2025)
    pairing = a_pairing(a_child(community), helper, director, starts=-100)
    assert pairing.duties.count() == 10
    contacts.log(helper, pairings=[pairing], kinds=["visit"], made_on=days(-70), by=helper.user)
    assert Duty.objects.get(term=past, kind="visit").done_on == days(-70)
    pairing.refresh_from_db()
    assert "visit" in pairing.missing
