"""Exactly who reads a word of counselling, and who only learns that it takes place."""

import datetime as dt

import pytest
from django.utils import timezone

from children import referring, transfer
from children.erasing import ask, erase
from children.guardian_copy import LEFT_OUT, copy_of
from children.models import Child, Referral
from communities.models import Posting
from counselling import caring
from counselling.models import Admission, Case, CaseWords, CounsellingSession, SessionWords
from records.lifecycle import Refused
from records.trail import TrailEntry
from tests.children.factories import offered
from tests.children.pages import copied, filled, soup
from tests.conftest import freshly_signed_in
from tests.counselling.factories import COURSE, WORDS

OPEN_TO_STAFF = (Case, CounsellingSession)
CLOSED_TO_STAFF = (CaseWords, SessionWords, Admission)


def seen(user):
    """The children whose case, sessions, notes on the case and notes on sessions this person finds."""
    paths = {Case: "child", CounsellingSession: "case__child", CaseWords: "case__child"}
    paths[SessionWords] = "session__case__child"
    fresh = type(user).objects.get(pk=user.pk)
    return [
        {
            key
            for action in ("view", "change")
            for key in model.objects.visible_to(fresh, action).values_list(path, flat=1)
        }
        for model, path in paths.items()
    ]


def days_from_now(n):
    return timezone.localdate() + dt.timedelta(days=n)


def test_each_role_finds_exactly_its_rows(
    case, elsewhere, counsellor, second, director, supervisor, stranger, federation, administrator, make_user, community
):
    volunteer = make_user("volunteer", community, "helper")
    here, there, none = {case.child_id}, {elsewhere.child_id}, set()
    assert seen(counsellor) == [here, here, here, here]
    assert seen(second) == [there, there, there, there]
    assert seen(director) == seen(supervisor) == [here, here, none, none]
    assert seen(stranger) == [there, there, none, none]
    for nobody in (federation, administrator, volunteer):
        assert seen(nobody) == [none] * 4
    for model in CLOSED_TO_STAFF:
        for user in (director, supervisor, stranger, federation, administrator, volunteer):
            assert not model.objects.visible_to(user).exists(), (model, user)


def test_an_admitted_counsellor_reads_until_the_last_day_or_the_taking_back(case, elsewhere, counsellor, second):
    both = {case.child_id, elsewhere.child_id}
    admission = caring.admit(case, second, until=days_from_now(3), by=counsellor)
    assert seen(second) == [both] * 4
    assert not Child.objects.visible_to(second).filter(pk=case.child_id).exists(), "the file stays closed"
    assert not Admission.objects.visible_to(second).filter(case=case).exists()
    Admission.objects.filter(pk=admission.pk).update(starts_on=days_from_now(-4), ends_on=days_from_now(-1))
    assert seen(second) == [{elsewhere.child_id}] * 4
    again = caring.admit(case, second, by=counsellor)
    assert seen(second) == [both] * 4
    caring.revoke(again, by=counsellor)
    assert seen(second) == [{elsewhere.child_id}] * 4
    with pytest.raises(Refused, match="already been taken back"):
        caring.revoke(again, by=counsellor)
    acts = TrailEntry.objects.about(case).values_list("verb", flat=True)
    assert list(acts[:3]) == ["took back an admission", "admitted to a case", "admitted to a case"]


def test_whose_last_day_is_past_is_not_named_among_those_admitted(case, counsellor, second, signed_in):
    admission = caring.admit(case, second, until=days_from_now(3), by=counsellor)
    nobody = "Nobody but you reads this case."
    assert nobody not in soup(signed_in(counsellor).get(case.get_absolute_url())).get_text()
    Admission.objects.filter(pk=admission.pk).update(starts_on=days_from_now(-4), ends_on=days_from_now(-1))
    assert nobody in soup(signed_in(counsellor).get(case.get_absolute_url())).get_text()


def test_only_the_own_counsellor_admits_and_only_another_counsellor(case, counsellor, second, director, federation):
    for person in (director, federation, counsellor):
        with pytest.raises(Refused, match="Only another counsellor"):
            caring.admit(case, person, by=counsellor)
    with pytest.raises(Refused, match="no longer referred to you"):
        caring.admit(case, second, by=second)
    with pytest.raises(Refused, match="before it starts"):
        caring.admit(case, second, until=days_from_now(-1), by=counsellor)
    caring.admit(case, second, by=counsellor)
    with pytest.raises(Refused, match="already admitted"):
        caring.admit(case, second, by=counsellor)


def end_referrals(case, days_ago):
    Referral.objects.filter(child=case.child_id).update(
        starts_on=days_from_now(-5000), ends_on=days_from_now(-days_ago)
    )


def test_after_the_referral_the_own_notes_stay_readable_three_years_and_nothing_is_written(
    case, counsellor, second, signed_in
):
    caring.admit(case, second, by=counsellor)
    end_referrals(case, 1)
    here, web = {case.child_id}, signed_in(counsellor)
    assert seen(counsellor) == [here] * 4
    assert seen(second) == [set()] * 4, "whoever was admitted reads no longer than the referral lasts"
    assert web.get(f"/children/{case.child_id}/").status_code == 404
    page = web.get(f"/counselling/cases/{case.pk}/").content.decode()
    assert COURSE in page
    assert f"/cases/{case.pk}/session/" not in page
    assert web.get(f"/counselling/cases/{case.pk}/session/").url == f"/counselling/cases/{case.pk}/"
    assert web.get(f"/counselling/cases/{case.pk}/concern/").status_code == 200, "the duty to report goes on"
    with pytest.raises(Refused, match="no longer referred to you"):
        caring.reopen(case, by=counsellor)
    end_referrals(case, 3 * 365)
    assert seen(counsellor) == [here] * 4
    end_referrals(case, 3 * 365 + 1)
    assert seen(counsellor) == [set()] * 4


def test_another_counsellor_of_the_same_child_reads_nothing(case, second, director):
    referring.refer(case.child, second, by=director)
    assert Child.objects.visible_to(second).filter(pk=case.child_id).exists()
    assert seen(second) == [set()] * 4


def test_the_case_goes_with_the_child_and_the_counsellor_keeps_it_where_posted(
    case, counsellor, director, stranger, far_community, street
):
    transfer.accept(offered([case.child], far_community, by=director), by=stranger)
    assert {m.objects.get().community_id for m in (*OPEN_TO_STAFF, CaseWords, SessionWords)} == {far_community.pk}
    assert seen(counsellor) == [{case.child_id}] * 4
    assert seen(director) == [set()] * 4
    assert seen(stranger) == [{case.child_id}, {case.child_id}, set(), set()]


def test_a_counsellor_who_is_not_posted_there_loses_the_case(
    case, counsellor, director, stranger, far_community, street
):
    Posting.objects.filter(user=counsellor).update(division=street)
    transfer.accept(offered([case.child], far_community, by=director), by=stranger)
    assert seen(counsellor) == [set()] * 4
    assert Case.objects.get().status == "closed"


def test_a_closed_file_closes_the_case_and_an_erased_one_blanks_every_word(case, counsellor, director, supervisor):
    erase(ask(case.child, ground="asked", by=director), by=supervisor)
    case.refresh_from_db()
    notes, words = SessionWords.objects.get(), CaseWords.objects.get()
    assert case.status == "closed"
    assert [words.complaint, words.aim, notes.course, notes.next_step, notes.risk, notes.form] == [""] * 6
    assert CounsellingSession.objects.get().minutes is None


# No response holds a word --------------------------------------------------------------------------------------------


@pytest.fixture
def people(director, supervisor, stranger, federation, administrator, second):
    return [director, supervisor, stranger, federation, administrator, second]


def addresses(case, session):
    file = f"/children/{case.child_id}/"
    yield from (f"{file}?tab={tab}" for tab in ("overview", "family", "school", "care", "history"))
    yield from (f"{file}copy.zip", f"{file}edit/", f"/children/household/{case.child.household_id}/")
    yield from (f"/papers/{name}/{case.child_id}/" for name in ("file_summary", "file_access"))
    yield f"/papers/counselling_record/{case.pk}/"
    yield from (f"/counselling/{path}/" for path in ("", f"cases/{case.pk}", f"cases/{case.pk}/words"))
    yield from (f"/counselling/cases/{case.pk}/{path}/" for path in ("session", "concern"))
    yield f"/counselling/sessions/{session.pk}/"
    yield from ("/admin/", "/admin/children/child/", "/admin/children/concern/", "/admin/records/trailentry/")
    yield from (f"/admin/children/child/?q={word}" for word in ("没有窗", "惊醒"))
    yield f"/admin/children/child/{case.child_id}/history/"
    yield from (f"/reports/measures/{key}/" for key in ("children_in_counselling", "counselling_sessions_held"))


def test_no_word_of_a_session_stands_in_any_response_of_another_role(case, elsewhere, people, counsellor, signed_in):
    session = case.sessions.get()
    opened = 0
    for user in people:
        web = freshly_signed_in(signed_in(user))
        for address in addresses(case, session):
            answer = web.get(address, follow=True)
            text = answer.getvalue().decode(errors="replace")
            assert answer.status_code < 500, (user, address)
            assert not [word for word in WORDS if word in text], (user, address)
            opened += answer.status_code == 200
            if address.startswith(("/counselling/cases", "/counselling/sessions", "/papers/counselling")):
                assert answer.status_code == 404, (user, address)
    assert opened > 30
    own = freshly_signed_in(signed_in(counsellor))
    assert all(word in own.get(f"/counselling/cases/{case.pk}/").content.decode() for word in WORDS)
    assert all(word in own.get(f"/papers/counselling_record/{case.pk}/").content.decode() for word in WORDS)
    summary = own.get(f"/papers/file_summary/{case.child_id}/").content.decode()
    assert not [word for word in WORDS if word in summary], "the file's own paper never holds them"


def test_staff_see_on_the_file_that_sessions_took_place(case, director, counsellor, signed_in):
    text = signed_in(director).get(f"/children/{case.child_id}/?tab=care").content.decode()
    assert case.number in text
    assert ">47<" in text
    assert counsellor.name in text
    assert f"/counselling/cases/{case.pk}/" not in text
    assert "acute" not in text


def test_the_copy_that_staff_make_says_what_it_leaves_out_and_the_operators_holds_it(case, director, signed_in):
    web = freshly_signed_in(signed_in(director))
    data, _pictures = copied(web.get(f"/children/{case.child_id}/copy.zip"))
    left_out = {"counselling.casewords", "counselling.sessionwords", "counselling.admission"}
    assert {label for label in data if label.startswith("counselling.") and data[label] == LEFT_OUT} == left_out
    assert data["counselling.counsellingsession"][0]["minutes"] == 47
    assert copy_of(case.child)["counselling.sessionwords"][0]["course"] == COURSE


def test_the_trail_holds_keys_and_no_word(case):
    rows = TrailEntry.objects.filter(model_label__startswith="counselling.")
    assert {row.verb for row in rows} == {"opened a case", "noted a counselling session"}
    assert not [row for row in rows if row.fields]


def test_a_counsellor_cannot_print_or_open_the_case_of_another(case, elsewhere, second, signed_in):
    web = freshly_signed_in(signed_in(second))
    for path in ("close", "reopen", "admit"):
        assert web.post(f"/counselling/cases/{case.pk}/{path}/").status_code == 404
    page = web.get(f"/counselling/cases/{elsewhere.pk}/words/")
    assert web.post(f"/counselling/cases/{elsewhere.pk}/words/", filled(page, aim="新目标")).status_code == 302
    assert CaseWords.objects.get(case=elsewhere).aim == "新目标"


def test_the_own_counsellor_closes_after_the_referral_and_nobody_else(case, counsellor, second, signed_in):
    caring.admit(case, second, by=counsellor)
    with pytest.raises(Refused, match="Only the counsellor who keeps the case"):
        caring.close(case, by=second)
    end_referrals(case, 1)
    web = signed_in(counsellor)
    page = web.get(f"/counselling/cases/{case.pk}/")
    assert "Close the case" in page.content.decode()
    assert web.post(f"/counselling/cases/{case.pk}/close/").status_code == 302
    case.refresh_from_db()
    assert case.status == "closed"
    assert "Open the case again" not in web.get(f"/counselling/cases/{case.pk}/").content.decode()


def test_who_is_no_counsellor_there_any_more_closes_nothing(case, counsellor):
    Posting.objects.filter(user=counsellor).update(ends_on=days_from_now(-1))
    with pytest.raises(Refused, match="Only the counsellor who keeps the case"):
        caring.close(case, by=type(counsellor).objects.get(pk=counsellor.pk))


def test_a_post_of_another_kind_makes_no_case_readable(case, counsellor, second, community, street, far_community):
    """Counsellor of another street now, and child director of the community: the notes stay closed."""
    elsewhere = Posting.objects.get(user=counsellor)
    elsewhere.division = far_community.parent
    elsewhere.save()
    Posting.objects.create(user=counsellor, division=community, role="community_worker", starts_on=dt.date(2020, 1, 1))
    person = type(counsellor).objects.get(pk=counsellor.pk)
    for model in CLOSED_TO_STAFF:
        assert not model.objects.visible_to(person).exists(), model
    assert not Case.objects.told_to(person).exists() and not Case.objects.open_to(person).exists()
    assert Case.objects.visible_to(person).count() == 1, "that it takes place, as every child director knows"


def test_the_notes_on_a_case_are_corrected_by_its_counsellor_and_each_look_is_on_the_trail(
    case, counsellor, second, signed_in
):
    caring.admit(case, second, by=counsellor)
    address = f"/counselling/cases/{case.pk}/words/"
    assert signed_in(second).get(address).status_code == 404
    looks = TrailEntry.objects.reads().filter(page="counselling:words")
    assert not looks.filter(refused=False).exists()
    assert signed_in(counsellor).get(address).status_code == 200
    seen = looks.get(refused=False)
    assert (seen.actor, seen.model_label, seen.object_key) == (counsellor, "counselling.case", str(case.pk))
