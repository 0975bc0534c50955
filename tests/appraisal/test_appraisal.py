"""From the call to the certificate: criteria, nominations, conflicts, secret votes, decisions, public notice."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisal.measuring import lines_of, scores_of
from appraisal.models import Ballot, Call, Nomination, NominationEvidence
from children.consenting import withdraw_consent
from records import measures
from records.lifecycle import Refused
from records.measures import Period
from records.scoping import Scope
from records.trail import TrailEntry
from tests.activities.factories import make_activity
from tests.appraisal.factories import a_call, a_nomination, days, decided, sent, voted, voting
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


# Conflicts and votes ------------------------------------------------------------------------------------------------


def test_a_declared_conflict_takes_the_vote_and_stays(call, nomination, officers):
    voting(call)
    ballot = voted(nomination, officers[0])
    ballot.declare(conflict="relative", words="表妹", by=officers[0])
    ballot.refresh_from_db()
    assert (ballot.conflict, ballot.choice, ballot.cast_at) == ("relative", "", None)
    with pytest.raises(Refused, match="it stays"):
        ballot.declare(conflict="none", by=officers[0])
    with pytest.raises(Refused, match="does not vote"):
        ballot.cast(choice="for", by=officers[0])
    with pytest.raises(IntegrityError, match="who_declared_a_conflict_has_no_vote"), transaction.atomic():
        Ballot.objects.filter(pk=ballot.pk).update(choice="for", cast_at=dt.datetime.now(dt.UTC))


def test_own_nominations_and_own_helpers_are_conflicts_without_being_said(
    district, federation, officers, community, director, helper, make_user
):
    colleague = make_user("community_worker", community, "colleague")
    call = a_call(district, federation, seats=[*officers, director, colleague])
    nomination = a_nomination(call, helper, director)
    voting(call)
    for user in (director, colleague):
        ballot = Ballot.objects.get(nomination=nomination, member=user)
        with pytest.raises(Refused, match="my own nomination"):
            ballot.declare(conflict="none", by=user)
        with pytest.raises(Refused, match="First say"):
            ballot.cast(choice="for", by=user)
    helper.give_account(officers[0], by=federation)
    nomination = Nomination.objects.get(pk=nomination.pk)
    with pytest.raises(Refused, match="There is one"):
        Ballot.objects.get(nomination=nomination, member=officers[0]).declare(conflict="none", by=officers[0])


def test_nobody_votes_before_the_time_is_over_or_for_somebody_else(call, nomination, officers, signed_in, director):
    ballot = Ballot.objects.get(nomination=nomination, member=officers[0])
    with pytest.raises(Refused, match="not voted on"):
        ballot.declare(conflict="none", by=officers[0])
    voting(call)
    with pytest.raises(Ballot.DoesNotExist):
        ballot.declare(conflict="none", by=officers[1])
    assert signed_in(director).post(reverse("appraisal:vote", args=[nomination.pk])).status_code == 404


def test_votes_are_secret_until_the_decision(call, nomination, officers, signed_in, director):
    voting(call)
    for user, choice in zip(officers, ["for", "against", "for"], strict=True):
        voted(nomination, user, choice)
    for user in officers:
        assert [one.member_id for one in Ballot.objects.visible_to(user)] == [user.pk]
    assert not Ballot.objects.visible_to(director).exists()
    page = signed_in(officers[2]).get(nomination.get_absolute_url()).content.decode()
    assert "3 of 3 members have voted" in page
    assert "against" not in page.partition("Reasons")[0].split('id="vote"')[0]
    assert not TrailEntry.objects.filter(verb="voted").exclude(fields=[], keys={}).exists()
    decided(nomination, officers[1])
    assert Ballot.objects.visible_to(officers[2]).count() == 3
    assert not Ballot.objects.visible_to(director).exists()


def test_one_vote_each_though_sent_twice_at_once(transactional_db, call, nomination, officers):
    from tests.records.threads import at_once

    voting(call)
    user = officers[0]
    Ballot.objects.get(nomination=nomination, member=user).declare(conflict="none", by=user)

    def vote(choice):
        Ballot.objects.get(nomination=nomination, member=user).cast(choice=choice, by=user)

    at_once(lambda: vote("for"), lambda: vote("against"))
    assert Ballot.objects.exclude(choice="").count() == 1


def test_a_conflict_declared_while_it_is_decided_counts_wholly_or_not_at_all(
    transactional_db, call, nomination, officers
):
    from tests.records.threads import at_once

    voting(call)
    for user in officers:
        voted(nomination, user)

    def declare():
        try:
            Ballot.objects.get(nomination=nomination, member=officers[2]).declare(conflict="relative", by=officers[2])
            return "declared"
        except Refused:
            return "refused"

    def decide():
        decided(nomination, officers[1])
        return "decided"

    first, _second = at_once(declare, decide)
    nomination.refresh_from_db()
    counted = nomination.votes["for"]
    assert counted == (2 if first == "declared" else 3)
    assert Ballot.objects.exclude(choice="").count() == counted


# Decisions ----------------------------------------------------------------------------------------------------------


def test_a_decision_needs_votes_reasons_and_somebody_without_a_conflict(call, nomination, officers, federation):
    voting(call)
    with pytest.raises(Refused, match="More than half"):
        decided(nomination, federation)
    voted(nomination, officers[0], "against")
    voted(nomination, officers[2], "against")
    with pytest.raises(Refused, match="did not vote for it"):
        decided(nomination, federation)
    Ballot.objects.get(nomination=nomination, member=federation).declare(conflict="relative", by=federation)
    with pytest.raises(Refused, match="does not decide"):
        decided(nomination, federation, is_awarded=False)
    with pytest.raises(Refused, match="changed meanwhile"):
        nomination.decide(is_awarded=False, reason="x", seen=99, by=officers[2])


def test_no_more_awards_than_the_call_gives_though_decided_at_once(
    transactional_db, district, federation, officers, community, director, make_user
):
    from tests.records.threads import at_once

    call = a_call(district, federation, seats=officers, places=1)
    both = [a_nomination(call, a_helper(community, director, name=name), director) for name in ("王芳", "刘洋")]
    voting(call)
    for nomination in both:
        for user in officers:
            voted(nomination, user)

    def decide(nomination):
        try:
            return decided(nomination, federation).status
        except Refused:
            return "refused"

    assert sorted(at_once(*[lambda one=one: decide(one) for one in both])) == ["awarded", "refused"]
    assert Nomination.objects.awarded().count() == 1


def test_a_call_is_closed_when_all_is_decided(call, nomination, officers, federation):
    voting(call)
    with pytest.raises(Refused, match="not decided"):
        call.close(by=federation)
    for user in officers:
        voted(nomination, user, "against")
    decided(nomination, federation, is_awarded=False)
    call.close(by=federation)
    assert call.status == "closed"


# What is told -------------------------------------------------------------------------------------------------------


def test_a_nomination_of_a_child_is_its_words_alone_to_those_without_the_file(
    of_child, federation, supervisor, director, signed_in, client, officers
):
    for user in (federation, officers[2]):
        page = signed_in(user).get(of_child.get_absolute_url()).content.decode()
        assert "照顾家人" in page
        for trace in ("陈小雨", "小雨", "集宁一小", of_child.child.number):
            assert trace not in page
        assert "read only by those who may see the file" in page
        assert "陈小雨" not in signed_in(user).get(of_child.call.get_absolute_url()).content.decode()
        assert signed_in(user).get(reverse("paper", args=["commendation", of_child.pk])).status_code == 403
    desk = signed_in(director)
    assert "陈小雨" in desk.get(of_child.get_absolute_url()).content.decode()
    assert TrailEntry.objects.about(of_child.child).reads().filter(actor=director).exists()
    assert "陈小雨" in desk.get(reverse("paper", args=["commendation", of_child.pk])).content.decode()


def test_withdrawing_consent_takes_the_commendation_down_at_once(of_child, federation, director, client):
    of_child.publish(by=federation)
    public = reverse("commended", args=["150902"])
    page = client.get(public).content.decode()
    assert "照顾家人" in page
    assert "陈小雨" not in page
    consent = of_child.child.consents.in_force().get(purpose="publicity")
    withdraw_consent(consent, by=director)
    assert "照顾家人" not in client.get(public).content.decode()
    of_child.refresh_from_db()
    assert of_child.taken_down_on == days(0)
    consents(of_child.child, "publicity")
    assert "照顾家人" not in client.get(public).content.decode()  # a new consent publishes nothing by itself


def test_withdrawing_consent_withdraws_what_is_not_decided(district, federation, community, director):
    child = a_child(community, name="陈小雨")
    consents(child, "publicity")
    nomination = a_nomination(a_call(district, federation, "example"), child, director)
    withdraw_consent(child.consents.in_force().get(purpose="publicity"), by=director)
    nomination.refresh_from_db()
    assert nomination.status == "withdrawn"


def test_taking_a_consent_back_is_never_refused_for_old_words(district, federation, community, director):
    child = a_child(community, name="陈小雨")
    consents(child, "publicity")
    nomination = a_nomination(a_call(district, federation, "example"), child, director)
    child.former_name = "耐心"  # a word of the nomination
    child.save(update_fields=["former_name"])
    withdraw_consent(child.consents.in_force().get(purpose="publicity"), by=director)
    nomination.refresh_from_db()
    assert nomination.status == "withdrawn"


def test_nothing_is_published_without_agreement(awarded, of_child, federation, director):
    with pytest.raises(Refused, match="not agreed"):
        awarded.publish(by=federation)
    awarded.agree(by=director)
    awarded.publish(by=federation)
    assert list(Nomination.objects.published()) == [awarded]
    awarded.take_agreement_back(by=director)
    assert not Nomination.objects.published().exists()
    of_child.child.consents.update(withdrawn_on=days(0))  # even where nobody was told
    with pytest.raises(Refused, match="no consent"):
        of_child.publish(by=federation)


def test_consent_withdrawn_while_it_is_published_leaves_nothing_public(
    transactional_db, of_child, federation, director
):
    from tests.records.threads import at_once

    consent = of_child.child.consents.in_force().get(purpose="publicity")

    def publish():
        try:
            Nomination.objects.get(pk=of_child.pk).publish(by=federation)
        except Refused:
            pass

    at_once(publish, lambda: withdraw_consent(consent, by=director))
    assert not Nomination.objects.published().exists()
    of_child.refresh_from_db()
    assert not of_child.is_public


def test_a_revoked_award_is_gone_from_the_public_page(awarded, federation, director, client):
    awarded.agree(by=director)
    awarded.publish(by=federation)
    Nomination.objects.get(pk=awarded.pk).revoke(reason="情况不实", by=federation)
    assert not Nomination.objects.published().exists()
    assert "坚持走访" not in client.get(reverse("commended", args=["150902"])).content.decode()


def test_a_helper_agrees_and_takes_it_back_in_the_portal(
    district, federation, community, director, make_user, signed_in, helper
):
    account = make_user("volunteer", community, "helper")
    helper.give_account(account, by=director)
    call = a_call(district, federation)
    mine = a_nomination(call, helper, director)
    theirs = a_nomination(call, a_helper(community, director, name="李娟"), director, title="别人的")
    portal, page = signed_in(account), reverse("portal_appraisal:honours")
    shown = portal.get(page).content.decode()
    assert mine.title in shown
    assert "别人的" not in shown
    assert sent(portal, page, reverse("portal_appraisal:agree", args=[mine.pk])).status_code == 302
    mine.refresh_from_db()
    assert (mine.helper_agreed_on, mine.agreed_by) == (days(0), account)
    assert sent(portal, page, reverse("portal_appraisal:take_back", args=[mine.pk])).status_code == 302
    mine.refresh_from_db()
    assert mine.helper_agreed_on is None
    for name in ("agree", "take_back"):
        assert portal.post(reverse(f"portal_appraisal:{name}", args=[theirs.pk])).status_code == 404
    assert portal.get(reverse("portal_appraisal:certificate", args=[mine.pk])).status_code == 404


def test_a_commendation_stands_on_the_helpers_page_and_prints_in_the_portal(
    awarded, helper, director, community, make_user, signed_in
):
    page = signed_in(director).get(reverse("admin:volunteers_volunteer_change", args=[helper.pk])).content.decode()
    assert awarded.title in page
    account = make_user("volunteer", community, "helper")
    helper.give_account(account, by=director)
    paper = signed_in(account).get(reverse("portal_appraisal:certificate", args=[awarded.pk])).content.decode()
    assert "赵春梅" in paper


def test_the_public_page_is_counted_and_knows_its_divisions(client, settings, district):
    assert client.get(reverse("commended", args=["999999"])).status_code == 404
    assert client.get(reverse("commended", args=["150902"])).status_code == 200


@pytest.mark.parametrize("page", ["call", "nomination", "commendations", "public"])
def test_pages_ask_the_database_as_often_for_one_row_as_for_three(
    page, awarded, call, community, director, federation, signed_in, officers
):
    Call.objects.filter(pk=call.pk).update(nominate_until=days(3))
    address = {
        "call": call.get_absolute_url(),
        "nomination": awarded.get_absolute_url(),
        "commendations": reverse("appraisal:commendations"),
        "public": reverse("commended", args=["150902"]),
    }[page]
    browser = signed_in(director)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        return len(queries)

    awarded.agree(by=director)
    Nomination.objects.filter(pk=awarded.pk).update(published_on=days(0))
    a_nomination(Call.objects.get(pk=call.pk), a_helper(community, director, name="王芳"), director)
    asked()
    one = asked()
    for name in ("李娟", "刘洋"):
        a_nomination(Call.objects.get(pk=call.pk), a_helper(community, director, name=name), director)
        more = a_nomination(Call.objects.get(pk=call.pk), a_helper(community, director, name=name), director)
        facts = {
            "status": "awarded",
            "decided_on": days(0),
            "decided_by": federation,
            "explanation": awarded.explanation,
        }
        rows = Nomination.objects.filter(pk=more.pk)
        rows.update(**facts, published_on=days(0), helper_agreed_on=days(0))
    assert asked() <= one
