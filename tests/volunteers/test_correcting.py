"""A correction keeps what stood there, counts the duties anew, and takes nothing of a past term away unseen."""

import datetime as dt

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from children.models import Consent
from communities.models import Term
from records.attachments import store_image
from records.lifecycle import Refused
from records.trail import TrailEntry
from tests.volunteers.factories import a_child, a_helper, a_paired_child, a_pairing, a_term, consents, days
from tests.volunteers.test_portal import picture, token_of
from volunteers import contacts, correcting
from volunteers.kinds import DutyKind
from volunteers.models import ChildLetter, Contact, Duty, DutyRule, Pairing
from volunteers.models.duty_rule import Owed
from volunteers.terms import end_what_has_run_out

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_term")]


def log(helper, *kinds, by=None, **facts):
    return contacts.log(helper, pairings=helper.pairings.current(), kinds=kinds, by=by or helper.user, **facts)


def correct(contact, by, seen=None, **facts):
    more = {name: facts.pop(name) for name in ("photo", "reason", "confirmed") if name in facts}
    seen = contact.versions.count() if seen is None else seen
    return correcting.correct(contact, seen=seen, facts=facts, **more, by=by)


def done():
    return set(Duty.objects.exclude(done_on=None).values_list("kind", flat=True))


def test_every_version_stays_with_who_and_when(community, director, helper):
    a_paired_child(community, helper, director)
    entry = log(helper, "visit", note="第一", answers={"home": {"words": "冷"}}, minutes=20)
    correct(entry, helper.user, note="第二", minutes=40, reason="写错了")
    correct(Contact.objects.get(), director, note="第三")
    stored = Contact.objects.get()
    assert (stored.note, stored.minutes, stored.answers) == ("第三", 40, {"home": {"words": "冷"}})
    assert list(stored.versions.values_list("number", "note", "minutes", "reason", "replaced_by")) == [
        (1, "第一", 20, "写错了", helper.user.pk),
        (2, "第二", 40, "", director.pk),
    ]
    assert [entry.fields for entry in TrailEntry.objects.about(stored).filter(verb="corrected a contact")] == [
        ["note"],
        ["minutes", "note"],
    ]


def test_another_kind_opens_one_duty_and_fulfils_another(community, director, helper):
    first = a_paired_child(community, helper, director)
    a_paired_child(community, helper, director, name="陈小雪", household=first.household)
    entry = log(helper, "visit", "talk")
    correct(entry, helper.user, kinds=["talk", "guardian"])
    assert done() == {"talk", "guardian"}
    assert sorted(entry.lines.values_list("kind", flat=True)) == ["guardian", "guardian", "talk", "talk"]
    for pairing in Pairing.objects.all():
        assert pairing.missing == ["visit", "teacher", "letter"]
    correct(entry, helper.user, kinds=[])
    assert done() == set()
    assert set(entry.lines.values_list("kind", flat=True)) == {""}


def test_a_second_entry_takes_the_place_of_the_first(community, director, helper):
    a_paired_child(community, helper, director)
    first, second = log(helper, "visit", made_on=days(-5)), log(helper, "visit", made_on=days(-2))
    correct(first, helper.user, kinds=["talk"])
    assert Duty.objects.get(kind="visit").done_on == days(-2)
    assert second.lines.get().duty.kind == "visit"
    assert "visit" not in Pairing.objects.get().missing


def test_what_a_correction_opens_in_a_pairing_that_ended_is_not_owed(community, director, helper):
    pairing = a_paired_child(community, helper, director).pairings.get()
    entry = log(helper, "visit")
    pairing.end(by=director)
    correct(entry, director, kinds=["talk"])
    opened = Duty.objects.get(kind="visit")
    assert (opened.status, opened.excuse, opened.excused_on) == ("excused", "pairing_ended", days(0))
    assert TrailEntry.objects.about(opened).filter(verb="opened a duty again").count() == 1


def test_what_a_correction_opens_in_a_pause_rests_and_comes_back_with_it(community, director, helper):
    pairing = a_paired_child(community, helper, director).pairings.get()
    entry = log(helper, "visit", made_on=days(-1))
    pairing.pause(reason="helper_ill", by=director)
    correct(entry, director, kinds=["talk"])
    opened = Duty.objects.get(kind="visit")
    assert (opened.status, opened.excuse, opened.excused_by) == ("excused", "paused", director)
    pairing.resume(by=director)
    assert "visit" in Pairing.objects.get().missing


def test_no_entry_is_put_on_a_day_after_the_pairing_ended(community, director, helper):
    pairing = a_pairing(a_child(community), helper, director, starts=-20, ends_on=days(0))
    entry = log(helper, "visit", made_on=days(-3))
    with time_machine.travel(timezone.localtime() + dt.timedelta(days=4), tick=False):
        end_what_has_run_out()
        with pytest.raises(Refused, match="had ended already"):
            correct(entry, director, made_on=pairing.ends_on + dt.timedelta(days=1))
        correct(entry, director, made_on=pairing.ends_on)
    entry.refresh_from_db()
    assert entry.made_on == pairing.ends_on


def test_what_was_overdue_when_the_pairing_ended_stays_overdue(community, director, helper):
    pairing = a_paired_child(community, helper, director).pairings.get()
    entry = log(helper, "visit", made_on=days(-5))
    Duty.objects.filter(kind="visit").update(due_on=days(-1))
    pairing.end(by=director)
    correct(entry, director, kinds=[])
    assert Duty.objects.get(kind="visit").status == "overdue"


def test_nobody_reached_after_all_opens_the_duty(community, director, helper):
    a_paired_child(community, helper, director)
    entry = log(helper, "visit", met=["child"])
    correct(entry, helper.user, met=["nobody"])
    assert done() == set()
    correct(entry, helper.user, met=["family"])
    assert done() == {"visit"}


def test_the_day_moves_within_its_term_alone(community, director, helper):
    a_term(starts=-150, ends=-61, kind="spring", year=2025)
    a_pairing(a_child(community), helper, director, starts=-100)
    entry = log(helper, "visit", made_on=days(-10))
    correct(entry, helper.user, made_on=days(-20))
    assert Duty.objects.get(kind="visit", done_on__isnull=False).done_on == days(-20)
    assert entry.lines.get().made_on == days(-20)
    for day, words in ((-70, "stays within its term"), (1, "lie in the future"), (-101, "did not yet accompany")):
        with pytest.raises(Refused, match=words):
            correct(entry, helper.user, made_on=days(day))


def test_what_is_long_ago_is_set_right_by_the_office_alone(portal, community, director, helper):
    pairing = a_pairing(a_child(community), helper, director, starts=-250)
    entry, late = (log(helper, "visit", made_on=days(day)) for day in (-180, -3))
    with time_machine.travel(timezone.now() + dt.timedelta(days=1), tick=False):
        portal.force_login(helper.user)
        listed = portal.get(reverse("portal:entries")).content.decode()
        for one, is_offered in ((entry, False), (late, True)):
            assert (reverse("portal:entry_correct", args=[one.pk]) in listed) == is_offered
        Term.objects.update(starts_on=days(-300))
        for one, facts in ((entry, {"note": "补充"}), (entry, {"made_on": days(-5)}), (late, {"made_on": days(-181)})):
            with pytest.raises(Refused, match="more than 180 days ago"):
                correct(one, helper.user, **facts)
        correct(late, helper.user, made_on=days(-180))
        correct(entry, director, note="办公室改", made_on=days(-182))
    assert pairing.contact_lines.count() == 2


def test_what_fulfilled_a_duty_of_a_past_term_goes_only_with_a_confirmation_of_staff(community, director, helper):
    past = a_term(starts=-150, ends=-61, kind="spring", year=2025)
    a_pairing(a_child(community), helper, director, starts=-100)
    entry = log(helper, "visit", made_on=days(-70))
    with pytest.raises(Refused, match="tell the community office"):
        correct(entry, helper.user, kinds=["talk"], confirmed=True)
    with pytest.raises(correcting.TakesPastDutyAway, match="visit at home"):
        correct(entry, director, kinds=["talk"])
    assert set(Duty.objects.filter(term=past).exclude(done_on=None).values_list("kind", flat=True)) == {"visit"}
    correct(entry, director, kinds=["talk"], confirmed=True)
    assert set(Duty.objects.filter(term=past).exclude(done_on=None).values_list("kind", flat=True)) == {"talk"}
    reopened = Duty.objects.get(term=past, kind="visit")
    assert TrailEntry.objects.about(reopened).filter(verb="opened a duty again").count() == 1


def test_who_lost_the_race_is_told_and_loses_nothing(community, director, helper):
    a_paired_child(community, helper, director)
    entry = log(helper, "visit")
    correct(entry, director, note="先")
    with pytest.raises(Refused, match="while you had it open"):
        correct(entry, helper.user, seen=0, note="后")
    assert Contact.objects.get().note == "先"


@pytest.mark.parametrize(
    ("facts", "words"), [({}, "Nothing was changed"), ({"kinds": ["teacher"], "met": ["child"]}, "class teacher")]
)
def test_what_cannot_be_is_refused_in_words(facts, words, community, director, helper):
    a_paired_child(community, helper, director)
    with pytest.raises(Refused, match=words):
        correct(log(helper, "visit"), helper.user, **facts)


def test_a_letter_handed_over_keeps_its_day_its_kind_and_who_was_met(community, director, helper):
    pairing = a_paired_child(community, helper, director).pairings.get()
    letter = ChildLetter.write(pairing, text="你好", by=helper.user)
    letter.pass_on(by=director)
    letter.deliver(by=director)
    entry = Contact.objects.get()
    for facts in ({"kinds": ["visit"]}, {"met": ["nobody"]}, {"met": ["child"]}, {"made_on": days(-1)}):
        with pytest.raises(Refused, match="letter was handed over"):
            correct(entry, director, **facts)
    correct(entry, director, note="她很高兴")
    assert done() == {"letter"}


@pytest.mark.parametrize(("first", "then"), [(["visit"], ["letter"]), (["letter"], ["letter", "talk"])])
def test_a_photo_does_not_become_the_sheet_of_a_letter_nor_the_sheet_a_photo(first, then, community, director, helper):
    consents(a_paired_child(community, helper, director), "photo")
    entry = log(helper, *first, photo=store_image(picture(), helper.user))
    for by in (helper.user, director):
        with pytest.raises(Refused, match="picture on this entry"):
            correct(entry, by, kinds=then)
    assert done() == set(first)
    plain = log(helper, "guardian")
    correct(plain, helper.user, kinds=["teacher"], photo=store_image(picture(), helper.user))


def test_a_correction_brings_no_photo_where_the_district_wants_none(community, district, director, helper):
    facts = {"district": district, "pairing_kind": "loving_mother", "from_day": days(-90)}
    DutyRule.objects.create(**facts, duty_kind="talk", evidence="none")
    DutyRule.objects.create(**facts, duty_kind="visit")
    consents(a_paired_child(community, helper, director), "photo")
    photo = store_image(picture(), helper.user)
    entry = log(helper, "talk")
    for more in ({}, {"made_on": days(-1)}):
        with pytest.raises(Refused, match="wants no photo"):
            correct(entry, helper.user, photo=photo, **more)
    correct(entry, helper.user, photo=photo, kinds=["talk", "visit"])
    assert Contact.objects.get().photo == photo


def test_a_withdrawn_photo_opens_no_duty(community, director, helper, district):
    from children import consenting
    from volunteers import duty_rules

    duty_rules.DutyRule.objects.create(
        district=district, pairing_kind="loving_mother", duty_kind="visit", evidence="required", from_day=days(-90)
    )
    child = a_paired_child(community, helper, director)
    consents(child, "photo")
    assert Duty.objects.get().evidence == "required"
    entry = log(helper, "visit", photo=store_image(picture(), helper.user))
    consenting.withdraw_consent(Consent.objects.get(purpose="photo"), by=director)
    entry.refresh_from_db()
    assert entry.photo is None
    correct(entry, helper.user, made_on=days(-1))
    assert done() == {"visit"}


def test_a_checked_entry_that_changes_is_to_be_checked_again(community, director, helper):
    a_paired_child(community, helper, director)
    entry = log(helper, "visit")
    entry.verify(seen=entry.seen_mark, by=director)
    correct(entry, helper.user, note="补充")
    stored = Contact.objects.get()
    assert (stored.status, stored.verified_by, stored.note) == ("written", None, "补充")


def test_a_helper_corrects_only_what_is_about_children_of_today(portal, community, director, helper):
    pairing = a_paired_child(community, helper, director).pairings.get()
    entry = log(helper, "visit")
    other = a_helper(community, director, name="赵敏")
    a_paired_child(community, other, director, name="周明")
    theirs = log(other, "visit", by=director)
    assert portal.get(reverse("portal:entry_correct", args=[theirs.pk])).status_code == 404
    address = reverse("portal:entry_correct", args=[entry.pk])
    page = portal.get(address)
    values = {"kinds": ["visit"], "made_on": str(days(0)), "note": "改", "seen": 0, "once_token": token_of(page)}
    assert portal.post(address, values).url == reverse("portal:entries")
    assert Contact.objects.get(pk=entry.pk).note == "改"
    pairing.end(by=director)
    assert portal.get(address).status_code == 404
    with pytest.raises(Refused, match="no longer accompany"):
        correct(entry, helper.user, note="再改")
    correct(entry, director, note="办公室改")


def test_staff_confirm_on_the_page_what_a_past_term_loses(signed_in, community, director, helper):
    a_term(starts=-150, ends=-61, kind="spring", year=2025)
    a_pairing(a_child(community), helper, director, starts=-100)
    entry = log(helper, "visit", made_on=days(-70))
    staff, address = signed_in(director), reverse("contacts:correct", args=[entry.pk])
    page = staff.get(address)
    assert b'name="confirmed"' not in page.content
    values = {"kinds": ["talk"], "made_on": str(days(-70)), "seen": 0, "once_token": token_of(page)}
    asked = staff.post(address, values | {"note": "改过"})
    text = asked.content.decode()
    assert "It will stand there as not done." in text
    assert "改过" in text
    values |= {"confirmed": "on", "once_token": token_of(asked)}
    assert staff.post(address, values).url == entry.get_absolute_url()
    assert "Version 1" in staff.get(entry.get_absolute_url()).content.decode()


# Plain model ----------------------------------------------------------------------------------------------------------

KINDS = st.lists(st.sampled_from(DutyKind.values[:3]), max_size=2, unique=True)
MET = st.sampled_from([[], ["nobody"], ["child", "teacher"]])
STEPS = st.one_of(
    st.tuples(st.just("log"), KINDS, MET, st.integers(-40, 0)),
    st.tuples(st.just("correct"), st.integers(0, 9), KINDS, MET, st.integers(-40, 0)),
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=2, max_size=9))
def test_a_duty_is_done_as_often_as_plain_counting_says(steps, community, director, helper, monkeypatch):
    two = {"loving_mother": tuple(Owed(kind, 1 + (kind == "visit"), 25, 0) for kind in DutyKind.values[:3])}
    monkeypatch.setattr("volunteers.models.duty_rule.DEFAULT", two)
    with transaction.atomic():
        pairing = a_pairing(a_child(community), helper, director)
        entries = []
        for step, *rest in steps:
            *which, kinds, met, day = rest
            facts = {"kinds": kinds, "met": met, "made_on": days(day)}
            if step == "log":
                made = contacts.log(helper, pairings=[pairing], **facts, by=director)
                entries.append([made, facts])
            elif entries:
                entry = entries[which[0] % len(entries)]
                if {**facts, "kinds": set(kinds)} == {**entry[1], "kinds": set(entry[1]["kinds"])}:
                    continue
                correct(entry[0], director, **facts)
                entry[1] = facts
        for kind, owed in (("visit", 2), ("talk", 1), ("teacher", 1)):
            good = [
                f for _e, f in entries if kind in f["kinds"] and f["met"] != ["nobody"] and f["made_on"] >= days(-35)
            ]
            duties = pairing.duties.filter(kind=kind)
            assert duties.exclude(done_on=None).count() == min(owed, len(good)), kind
            assert all(d.done_on == d.fulfilled_by.made_on for d in duties.exclude(done_on=None))
        stored = Pairing.objects.get(pk=pairing.pk)
        assert (stored.next_due_on, stored.missing) == stored.counted_duties()
        transaction.set_rollback(True)
