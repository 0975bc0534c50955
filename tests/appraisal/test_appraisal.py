"""From the call to the score: criteria, nominations, evidence, the whole way to the public page."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError
from django.urls import reverse

from appraisal.measuring import lines_of, scores_of
from appraisal.models import Ballot, Call, Nomination, NominationEvidence
from records import measures
from records.lifecycle import Refused
from records.measures import Period
from records.scoping import Scope
from tests.activities.factories import make_activity
from tests.appraisal.factories import a_call, a_nomination, days, sent, voting
from tests.homes.factories import make_home, standard_in_force, submitted_check
from tests.volunteers.factories import a_child, a_helper, a_pairing, a_term, consents
from volunteers import contacts
from volunteers.models import Duty

pytestmark = pytest.mark.django_db


def gap(key, code, user=None):
    found = measures.get(key)
    return found.count_to(99, user, Scope.of(code), Period.day(days(0)))


# The whole way ------------------------------------------------------------------------------------------------------


def test_from_the_draft_to_the_public_page(
    signed_in, federation, director, supervisor, officers, helper, client, district
):
    office, desk = signed_in(federation), signed_in(director)
    form = reverse("appraisal:draft")
    data = {"kind": "individual", "year": days(0).year, "title": "年度先进个人", "who": "志愿者", "places": 2}
    assert sent(office, form, form, **data, nominate_until=days(5).isoformat()).status_code == 302
    call = Call.objects.get()
    assert (call.division_id, sum(call.criteria.values_list("weight", flat=True))) == (district.pk, 100)
    page = call.get_absolute_url()
    assert desk.get(page).status_code == 404  # a draft is for its office
    to = reverse("appraisal:open_call", args=[call.pk])
    assert (
        "three members or more" in office.post(to, {"once_token": _token(office, page)}, follow=True).content.decode()
    )
    for user in officers:
        to = reverse("appraisal:seat", args=[call.pk])
        assert sent(office, page, to, member=user.pk).status_code == 302
    assert sent(office, page, reverse("appraisal:open_call", args=[call.pk])).status_code == 302
    assert "Calls for nominations not yet answered" in desk.get("/admin/").content.decode()

    form = reverse("appraisal:nominate", args=[call.pk])
    data = {"helper": helper.pk, "title": "十年陪伴", "words": "每周走访，从不间断。"}
    assert sent(desk, form, form, **data).status_code == 302
    nomination = Nomination.objects.get()
    assert gap("calls_not_answered", "150902001001") == 0
    page = nomination.get_absolute_url()
    assert "赵春梅" in desk.get(page).content.decode()
    shown = office.get(page).content.decode()
    assert "赵**" in shown
    assert "赵春梅" not in shown
    to = reverse("appraisal:agreed", args=[nomination.pk])
    assert sent(desk, page, to, on=days(0).isoformat()).status_code == 302
    assert "赵春梅" in office.get(page).content.decode()

    voting(call)
    assert "My votes to cast" in office.get("/admin/").content.decode()
    for user in officers:
        browser = signed_in(user)
        assert (
            sent(browser, page, reverse("appraisal:declare", args=[nomination.pk]), conflict="none").status_code == 302
        )
        assert sent(browser, page, reverse("appraisal:vote", args=[nomination.pk]), choice="for").status_code == 302
    assert gap("votes_to_cast", "150902", federation) == 0
    nomination.refresh_from_db()
    to = reverse("appraisal:decide", args=[nomination.pk])
    data = {"outcome": "award", "reason": "长期坚持", "seen": nomination.version}
    assert sent(office, page, to, **data).status_code == 302
    nomination.refresh_from_db()
    assert (nomination.status, nomination.votes["for"], nomination.decided_by) == ("awarded", 3, federation)
    public = reverse("commended", args=["150902001001"])
    assert "赵春梅" not in client.get(public).content.decode()
    assert sent(office, page, reverse("appraisal:publish", args=[nomination.pk])).status_code == 302
    assert "赵春梅" in client.get(public).content.decode()
    assert "每周走访" in client.get(reverse("commended", args=["150902"])).content.decode()
    assert "赵春梅" not in client.get(reverse("commended", args=["150902002"])).content.decode()
    certificate = desk.get(reverse("paper", args=["commendation", nomination.pk])).content.decode()
    assert "赵春梅" in certificate
    assert "荣誉证书" in certificate
    assert "Certificate of commendation" in certificate


def _token(client, page):
    from tests.volunteers.test_portal import token_of

    return token_of(client.get(page))


# Calls --------------------------------------------------------------------------------------------------------------


def test_criteria_are_changed_in_the_draft_alone_and_must_weigh_a_hundred(district, federation, officers):
    call = Call.draft(
        district, kind="case", year=2026, title="创新案例", who="社区", nominate_until=days(9), places=3, by=federation
    )
    for user in officers:
        call.seat(user, by=federation)
    one = call.add_criterion(label="可推广", weight=10, by=federation)
    with pytest.raises(Refused, match="add up to 110"):
        call.open(by=federation)
    call.remove_criterion(one.pk, by=federation)
    call.open(by=federation)
    with pytest.raises(Refused, match="criteria stay"):
        call.add_criterion(label="可推广", weight=10, by=federation)
    with pytest.raises(Refused, match="three members"):
        call.unseat(call.seats.first().pk, by=federation)


def test_the_forms_of_a_call_say_what_is_wrong_and_keep_what_was_typed(signed_in, federation, district):
    office = signed_in(federation)
    form = reverse("appraisal:draft")
    data = {
        "kind": "case",
        "year": 1990,
        "title": "创新案例",
        "who": "社区",
        "nominate_until": "0202-02-02",
        "places": 0,
    }
    page = sent(office, form, form, **data).content.decode()
    assert "Choose this year or one close to it." in page
    assert "Choose a day within 2 years of today." in page
    assert "创新案例" in page
    call = Call.draft(
        district, kind="case", year=2026, title="创新案例", who="社区", nominate_until=days(9), places=3, by=federation
    )
    to = reverse("appraisal:add_criterion", args=[call.pk])
    page = sent(
        office, call.get_absolute_url(), to, label="可推广", weight=10, measured="case_sessions"
    ).content.decode()
    assert "Say which value gives all points" in page
    assert "可推广" in page


def test_a_call_of_a_street_asks_its_communities_and_no_others(street, supervisor, director, stranger, signed_in):
    call = a_call(street, supervisor)
    assert signed_in(director).get(call.get_absolute_url()).status_code == 200
    assert signed_in(stranger).get(call.get_absolute_url()).status_code == 404
    assert signed_in(director).post(reverse("appraisal:close_call", args=[call.pk])).status_code == 404
    with pytest.raises(Refused, match="does not ask"):
        a_nomination(call, a_helper(stranger.current_postings[0].division, stranger), stranger)


def test_a_supervisor_runs_no_call_of_the_district(call, supervisor, signed_in, nomination):
    browser = signed_in(supervisor)
    assert browser.post(reverse("appraisal:close_call", args=[call.pk])).status_code == 404
    assert browser.post(reverse("appraisal:decide", args=[nomination.pk])).status_code == 404


# Nominations --------------------------------------------------------------------------------------------------------


def test_words_that_tell_who_a_child_is_are_refused(call, helper, director, district, federation, community):
    a_term()
    child = a_child(community, name="陈小雨", school="集宁一小")
    a_pairing(child, helper, director)
    for words in ("陪伴陈小雨三年", "常去集宁一小", "小雨 很喜欢她"):
        with pytest.raises(Refused, match="tell who a child is"):
            a_nomination(call, helper, director, words=words)
    quiet = a_nomination(call, helper, director)
    with pytest.raises(Refused, match="tell who a child is"):
        quiet.withdraw(reason="小雨转学了", by=director)
    with pytest.raises(Refused, match="tell who a child is"):
        NominationEvidence.link(quiet, row=make_activity(community, director), note="陈小雨的画", by=director)
    of_child = a_call(district, federation, "example", title="好榜样")
    consents(child, "publicity")
    with pytest.raises(Refused, match="tell who a child is"):
        a_nomination(of_child, child, director, words="陈小雨照顾奶奶")
    assert list(Nomination.objects.values_list("pk", "status")) == [(quiet.pk, "proposed")]
    assert not NominationEvidence.objects.exists()


def test_who_may_be_nominated(call, nomination, helper, director, community, sister_community, federation, district):
    with pytest.raises(Refused, match="nominated already"):
        a_nomination(call, helper, director)
    with pytest.raises(Refused, match="your own community"):
        Nomination.propose(call, sister_community, helper=helper, title="x", words="y", by=director)
    of_child = a_call(district, federation, "example", title="好榜样")
    with pytest.raises(Refused, match="no consent to publicity"):
        a_nomination(of_child, a_child(community, name="陈小雨"), director)
    itself = a_helper(community, federation, name="孙丽", user=director)
    with pytest.raises(Refused, match="themselves"):
        a_nomination(call, itself, director)
    with pytest.raises(Refused, match="not taken any more"):
        a_nomination(voting(call), a_helper(community, director, name="李娟"), director)


def test_nominated_at_the_same_moment_is_nominated_once(transactional_db, call, helper, director):
    from tests.records.threads import at_once

    def nominate():
        try:
            return a_nomination(call, helper, director).pk
        except (Refused, IntegrityError):
            return None

    assert len([one for one in at_once(nominate, nominate) if one]) == 1
    assert Ballot.objects.count() == 3


def test_evidence_links_rows_of_the_own_community_and_each_reader_follows_their_own_rights(
    nomination, director, federation, signed_in, community, far_community, stranger
):
    activity = make_activity(community, director, title="春游")
    foreign = make_activity(far_community, stranger, title="远足")
    NominationEvidence.link(nomination, row=activity, note="组织春游", by=director)
    with pytest.raises(Refused, match="own community"):
        NominationEvidence.link(nomination, row=foreign, by=director)
    with pytest.raises(Refused, match="linked already"):
        NominationEvidence.link(nomination, row=activity, by=director)
    assert activity.get_absolute_url() in signed_in(director).get(nomination.get_absolute_url()).content.decode()
    page = signed_in(federation).get(nomination.get_absolute_url()).content.decode()
    assert activity.get_absolute_url() not in page
    assert "组织春游" in page
    desk, form = signed_in(director), reverse("appraisal:link", args=[nomination.pk])
    page = sent(desk, nomination.get_absolute_url(), form, row=f"activities.activity:{foreign.pk}").content.decode()
    assert "Select a valid choice" in page


# The score ----------------------------------------------------------------------------------------------------------


def test_the_score_of_a_helper_is_counted_from_the_rows_of_the_year(call, nomination, helper, director, community):
    """Held against a count by hand, with rows of another helper and another year that must not count."""
    a_term()
    child = a_child(community, name="陈小雨")
    pairing = a_pairing(child, helper, director)
    other = a_helper(community, director, name="李娟")
    theirs = a_pairing(a_child(community, name="王大力"), other, director)
    first = dt.date(days(0).year, 1, 1)
    for day, minutes in ((days(0), 90), (days(-1), 60)):
        contacts.log(helper, pairings=[pairing], kinds=["talk"], made_on=day, minutes=minutes, by=director)
    contacts.log(other, pairings=[theirs], kinds=["talk"], made_on=days(0), minutes=600, by=director)
    Duty.objects.filter(pairing=pairing).update(due_on=days(-2), done_on=None, excused_on=None)
    kept = Duty.objects.filter(pairing=pairing).order_by("pk").values_list("pk", flat=True)
    Duty.objects.filter(pk__in=list(kept[:2])).update(done_on=days(-3))
    owed = Duty.objects.filter(pairing=pairing).count()
    lines = {line.measured: line for line in lines_of([nomination])[nomination.pk] if line.measured}
    assert first <= days(-3)
    assert lines["hours"].value == Decimal("2.5")
    assert lines["contacts"].value == 2
    assert lines["duties_kept"].value == (Decimal(200) / owed).quantize(Decimal("0.1"), "ROUND_DOWN")
    expected = (Decimal(25) * Decimal("2.5") / 60).quantize(Decimal("0.1"), "ROUND_DOWN")
    assert lines["hours"].points == expected
    later = Nomination.objects.get(pk=nomination.pk)
    Call.objects.filter(pk=call.pk).update(year=days(0).year - 1)
    later.call.refresh_from_db()
    assert scores_of([later])[later.pk][0] == 0


def test_the_score_of_a_home_and_of_a_piece_of_work(district, federation, community, director, supervisor):
    standard_in_force(district)
    home = make_home(community, weekly_hours=Decimal(10))
    check = submitted_check(home, supervisor)
    check.refresh_from_db()
    of_home = a_nomination(a_call(district, federation, "home", title="示范之家"), home, director)
    lines = {line.measured: line.value for line in lines_of([of_home])[of_home.pk]}
    assert (lines["home_score"], lines["home_hours"], lines["home_repairs"]) == (check.score, Decimal(10), 0)
    case = a_nomination(a_call(district, federation, "case", title="创新案例"), community, director, title="四点半课堂")
    activity = make_activity(community, director, first_day=days(-3))
    NominationEvidence.link(case, row=activity, by=director)
    assert {line.value for line in lines_of([case])[case.pk] if line.measured} == {0}
    child = a_child(community, name="陈小雨")
    activity.enrol(child, by=director, on=days(-10))
    session = activity.sessions.first()
    session.mark(child, "present", by=director)
    session.write_record("读绘本", by=director)
    lines = {line.measured: line.value for line in lines_of([case])[case.pk]}
    assert (lines["case_sessions"], lines["case_attendances"]) == (1, 1)


def test_a_score_is_kept_as_it_stood_at_the_decision(awarded, helper, director, community):
    before = [line.as_data() for line in lines_of([awarded])[awarded.pk]]
    a_term()
    pairing = a_pairing(a_child(community, name="陈小雨"), helper, director)
    contacts.log(helper, pairings=[pairing], kinds=["talk"], made_on=days(0), minutes=300, by=director)
    assert [line.as_data() for line in lines_of([Nomination.objects.get(pk=awarded.pk)])[awarded.pk]] == before
