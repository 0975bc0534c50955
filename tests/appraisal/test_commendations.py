"""What is told in public: by whose agreement, and how it is taken back; certificates and pages."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisal.models import Call, Nomination
from children.consenting import withdraw_consent
from records.lifecycle import Refused
from records.trail import TrailEntry
from tests.appraisal.factories import a_call, a_nomination, days, sent
from tests.volunteers.factories import a_child, a_helper, consents

pytestmark = pytest.mark.django_db


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
            "number": f"{name}{more.pk}",
            "decided_on": days(0),
            "decided_by": federation,
            "explanation": awarded.explanation,
        }
        rows = Nomination.objects.filter(pk=more.pk)
        rows.update(**facts, published_on=days(0), helper_agreed_on=days(0))
    assert asked() <= one
