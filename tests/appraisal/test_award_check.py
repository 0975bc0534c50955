"""Whoever holds the paper sees whether it is true: kind, year, community, valid or not; a name only if it is public."""

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisal.models import Nomination
from records.codes import LENGTH, in_groups
from tests.appraisal.factories import a_call, a_nomination, days, decided, voted, voting
from tests.children.pages import soup, words
from tests.homes.factories import make_home

pytestmark = pytest.mark.django_db


def looked_up(nomination):
    answer = Client().get(nomination.check_url)
    assert answer.status_code == 200
    return words(answer)


def test_a_certificate_tells_everybody_kind_year_and_community(awarded):
    text = looked_up(awarded)
    told = ["Yes, this certificate is valid.", "outstanding individual", str(awarded.community), str(days(0).year)]
    for fact in [*told, "集宁区", in_groups(awarded.number)]:
        assert fact in text
    for hidden in ("赵春梅", "赵**", awarded.title, awarded.words, awarded.reason, awarded.helper.phone):
        assert hidden not in text


def test_a_helper_is_named_while_the_award_is_public_and_no_longer(awarded, director, federation):
    awarded.agree(by=director)
    assert "赵春梅" not in looked_up(awarded)  # agreed, and not published
    awarded.publish(by=federation)
    assert "赵春梅" in looked_up(awarded)
    awarded.take_agreement_back(by=director)
    assert "赵春梅" not in looked_up(awarded)


def test_a_child_is_never_named(of_child, federation):
    child = of_child.child
    for text in (looked_up(of_child), of_child.publish(by=federation) or looked_up(of_child)):
        assert "good example of a child or parent" in text
        for hidden in (child.name, "小雨", child.school, child.number, of_child.title, of_child.words):
            assert hidden not in text
    assert "Commended a child" in text


@pytest.mark.parametrize("kind", ["home", "case"])
def test_a_home_and_a_piece_of_work_are_named_once_they_are_published(
    kind, district, federation, officers, community, director
):
    nominee = make_home(community, name="恩和路儿童之家") if kind == "home" else community
    call = a_call(district, federation, kind, title="推荐", seats=officers)
    made = a_nomination(call, nominee, director, title="四点半课堂")
    voting(call)
    for user in officers:
        voted(made, user)
    decided(made, federation)
    name = {"home": "恩和路儿童之家", "case": "四点半课堂"}[kind]
    assert name not in looked_up(made)
    made.publish(by=federation)
    assert name in looked_up(made)


def test_an_award_taken_back_says_so_and_names_nobody(awarded, director, federation):
    awarded.agree(by=director)
    awarded.publish(by=federation)
    awarded.revoke(reason="情况不实", by=federation)
    text = looked_up(Nomination.objects.get(pk=awarded.pk))
    assert "No: this award was taken back." in text
    assert "Yes" not in text
    assert "情况不实" not in text and "赵春梅" not in text


def test_the_page_loads_nothing_of_a_person_where_nothing_is_public(of_child):
    with CaptureQueriesContext(connection) as asked:
        Client().get(of_child.check_url)
    found, told = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
    for column in ('"child_id"', '"helper_id"', '"words"', '"title"', '"reason"'):
        assert column not in found.partition(" FROM ")[0]
    assert "children_child" not in found
    assert "children_child" not in told.partition(" FROM ")[0]


def test_only_an_award_has_a_number_and_nobody_finds_one_by_counting(awarded, of_child, nomination, call):
    assert len(awarded.number) == len(of_child.number) == LENGTH
    assert awarded.number != of_child.number
    other = a_nomination(
        a_call(call.division, call.drafted_by, title="再评"), nomination.helper, nomination.nominated_by
    )
    assert other.number == ""
    for change in ({"number": "X"}, {"status": "withdrawn", "number": "X"}):
        with pytest.raises(IntegrityError, match="an_award_alone_has_a_number"), transaction.atomic():
            Nomination.objects.filter(pk=other.pk).update(**change)
    with pytest.raises(IntegrityError, match="an_award_alone_has_a_number"), transaction.atomic():
        Nomination.objects.filter(pk=awarded.pk).update(number="")
    with pytest.raises(IntegrityError, match="given_once"), transaction.atomic():
        Nomination.objects.filter(pk=awarded.pk).update(number=of_child.number)


@pytest.mark.parametrize("number", ["x", "A" * 16, "A" * 200, "%00", "../..", "2345 6789", "{pk}"])
def test_an_unknown_number_is_answered_kindly(number, awarded):
    answer = Client().get(reverse("award_number"), {"number": number.format(pk=awarded.pk)}, follow=True)
    assert answer.status_code in (200, 400, 404)
    assert "Yes, this certificate" not in answer.content.decode()


def test_a_number_is_found_however_it_was_typed(awarded):
    answer = Client().get(reverse("award_number"), {"number": f" {in_groups(awarded.number).lower()} "}, follow=True)
    assert "Yes, this certificate is valid." in words(answer)
    unknown = Client().get(reverse("award", args=["ABCD2345EFGH6789"]))
    assert (unknown.status_code, soup(unknown).find(id="number")["value"]) == (404, "ABCD2345EFGH6789")
    assert "There is no certificate with this number." in words(unknown)


def test_one_address_looks_so_often_and_others_go_on(awarded, settings):
    cache.clear()
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "public_look": "2/m/ip"}
    here, there = Client(REMOTE_ADDR="198.51.100.7"), Client(REMOTE_ADDR="203.0.113.9")
    assert [here.get(awarded.check_url).status_code for _look in range(3)] == [200, 200, 429]
    answer = here.get(reverse("award_number"), {"number": awarded.shown_number}, follow=True)
    assert answer.status_code == 429
    assert soup(answer).find(id="number")["value"] == awarded.number
    assert "Yes, this certificate" not in words(answer)
    assert there.get(awarded.check_url).status_code == 200
    cache.clear()


def test_the_paper_shows_the_number_its_code_and_the_address(
    awarded, director, helper, community, make_user, signed_in
):
    account = make_user("volunteer", community, "helper")
    helper.give_account(account, by=director)
    papers = [
        signed_in(director).get(reverse("paper", args=["commendation", awarded.pk])),
        signed_in(account).get(reverse("portal_appraisal:certificate", args=[awarded.pk])),
    ]
    for paper in papers:
        sheet = soup(paper).select_one(".sheet")
        assert len(sheet.select(".qr svg")) == 1
        text = " ".join(sheet.get_text(" ").split())
        assert in_groups(awarded.number) in text
        assert f"http://testserver{awarded.check_url}" in text
    page = signed_in(director).get(awarded.get_absolute_url()).content.decode()
    assert awarded.check_url in page and in_groups(awarded.number) in page
