import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from records.codes import LENGTH, LETTERS, in_groups, new_number, typed_number
from records.lifecycle import Refused
from tests.activities.factories import make_activity
from tests.volunteers.factories import a_helper, a_paired_child, days
from tests.volunteers.test_portal import token_of
from volunteers import contacts, hours
from volunteers.models import Certificate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_term")]


@pytest.fixture
def worked(community, director, helper):
    """Three contacts: 100 minutes in the last ten days, and 45 before."""
    pairing = a_paired_child(community, helper, director).pairings.get()
    for ago, minutes in ((40, 45), (5, 60), (1, 40)):
        contacts.log(helper, pairings=[pairing], kinds=[], made_on=days(-ago), minutes=minutes, by=director)
    return helper


@pytest.fixture
def issued(worked, director):
    certificate = Certificate.ask(worked, from_day=days(-10), until_day=days(0), by=worked.user)
    certificate.issue(by=director)
    return certificate


@given(st.binary(max_size=1).map(lambda _seed: new_number()), st.booleans())
def test_a_number_is_found_however_it_is_typed(number, small):
    typed = in_groups(number)
    assert typed_number(f" {typed.lower() if small else typed} ") == number
    assert len(number) == LENGTH
    assert set(number) <= set(LETTERS)


def test_hours_are_what_is_on_file(worked, this_term, director, community):
    in_all, terms = hours.by_term(worked)
    assert (in_all.contacts, in_all.minutes, in_all.hours) == (3, 145, 2)
    assert [(term, sums.minutes) for term, sums in terms] == [(this_term, 145)]
    assert hours.between(worked, days(-10), days(0)).minutes == 100
    other = a_helper(community, director, name="赵敏")
    assert hours.by_term(other) == (hours.Worked(), [])


def test_an_activity_that_was_held_counts_once_it_is_recorded(worked, community, director):
    club = make_activity(community, director)
    type(club).objects.filter(pk=club.pk).update(helper=worked, leader=None)
    session = club.sessions.get()
    before = hours.between(worked, days(-400), days(400))
    type(session).objects.filter(pk=session.pk).update(
        day=days(-2),
        starts_at=dt.time(15),
        ends_at=dt.time(16, 30),
        record="放风筝",
        others_present=4,
        recorded_at=session.activity.created_at,
        recorded_by=director,
    )
    after = hours.between(worked, days(-400), days(400))
    assert (after.sessions - before.sessions, after.minutes - before.minutes) == (1, 90)


def test_a_certificate_is_asked_for_issued_printed_and_verified(portal, signed_in, director, worked):
    page = portal.get(reverse("portal:me"))
    data = {"from_day": str(days(-10)), "until_day": str(days(0)), "once_token": token_of(page)}
    assert portal.post(reverse("portal:ask_certificate"), data).url == reverse("portal:me")
    asked = Certificate.objects.get()
    desk = signed_in(director)
    page = desk.get(asked.get_absolute_url())
    desk.post(reverse("letters:issue", args=[asked.pk]), {"once_token": token_of(page)})
    asked.refresh_from_db()
    assert (asked.minutes, asked.contacts, asked.hours, asked.name) == (100, 2, 1.5, worked.name)
    paper = portal.get(reverse("portal:certificate_print", args=[asked.pk])).content.decode()
    for words in (worked.name, in_groups(asked.number), "Certificate of service", "志愿服务", "1.5", asked.check_url):
        assert words in paper
    assert desk.get(reverse("paper", args=["certificate_of_service", asked.pk])).status_code == 200
    shown = Client().get(asked.check_url)
    assert shown.status_code == 200
    text = shown.content.decode()
    assert in_groups(asked.number) in text and "1.5" in text and "Yes, this certificate is valid." in text
    for personal in (worked.name, "小雨", str(worked.community), worked.phone):
        assert personal not in text


def test_the_public_page_loads_nothing_of_a_person(issued):
    with CaptureQueriesContext(connection) as asked:
        Client().get(issued.check_url)
    looked = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert len(looked) == 1
    assert '"name"' not in looked[0]
    assert "volunteer_id" not in looked[0]


def test_a_revoked_certificate_says_so_everywhere(issued, director, portal):
    issued.revoke(reason="时间有误", by=director)
    text = Client().get(issued.check_url).content.decode()
    assert "No: it was revoked on" in text
    assert "时间有误" not in text
    assert (
        "This certificate was revoked."
        in portal.get(reverse("portal:certificate_print", args=[issued.pk])).content.decode()
    )
    with pytest.raises(Refused, match="cannot become"):
        issued.revoke(reason="x", by=director)


@pytest.mark.parametrize("number", ["x", "A" * 16, "A" * 200, "%00", "../..", "2345 6789"])
def test_an_unknown_number_is_answered_kindly(number, issued):
    answer = Client().get(reverse("certificate_number"), {"number": number}, follow=True)
    assert answer.status_code in (200, 400, 404)
    assert "Yes, this certificate" not in answer.content.decode()


def test_what_is_not_true_is_not_certified(worked, director, volunteer_user, community):
    idle = a_helper(community, director, name="赵敏")
    asked = Certificate.ask(idle, from_day=days(-10), until_day=days(0), by=director)
    with pytest.raises(Refused, match="Nothing is on file"):
        asked.issue(by=director)
    with pytest.raises(Refused, match="already asked"):
        Certificate.ask(idle, from_day=days(-10), until_day=days(0), by=director)
    with pytest.raises(Refused, match="few words why"):
        asked.decline(reason="", by=director)
    asked.decline(reason="还没有记录", by=director)
    with pytest.raises(Refused, match="days that are over"):
        Certificate.ask(idle, from_day=days(0), until_day=days(1), by=director)
    with pytest.raises(Refused, match="before the first"):
        Certificate.ask(idle, from_day=days(0), until_day=days(-1), by=director)
    own = Certificate.ask(worked, from_day=days(-10), until_day=days(0), by=volunteer_user)
    with pytest.raises(Refused, match="own service"):
        own.issue(by=volunteer_user)


def test_another_helpers_certificate_does_not_exist(portal, helper, community, director, this_term):
    other = a_helper(community, director, name="赵敏")
    pairing = a_paired_child(community, other, director).pairings.get()
    contacts.log(other, pairings=[pairing], kinds=[], minutes=30, by=director)
    theirs = Certificate.ask(other, from_day=days(-10), until_day=days(0), by=director)
    theirs.issue(by=director)
    assert portal.get(reverse("portal:certificate_print", args=[theirs.pk])).status_code == 404


def test_numbers_cannot_be_guessed_from_each_other():
    assert len({new_number() for _time in range(500)}) == 500
    assert len(LETTERS) ** LENGTH > 2**79
