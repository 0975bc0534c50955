"""Public pages answer a class behind one address, but not a machine; what was typed stays."""

import pytest
from django.core.cache import cache
from django.core.cache.backends.db import DatabaseCache
from django.test import Client
from django.urls import reverse

from tests.volunteers.test_applying import TYPED, send
from volunteers.models import HelperApplication

pytestmark = pytest.mark.django_db
HERE, THERE = "198.51.100.7", "203.0.113.9"
PATIENCE = "Many people behind the same connection are looking just now"


@pytest.fixture(autouse=True)
def _nobody_looked_yet():
    cache.clear()


@pytest.fixture
def few(settings):
    settings.ACCOUNT_RATE_LIMITS = {"helper_application": "2/h/ip,5/h/key", "public_look": "2/m/ip,5/m/key"}


LOOKS = {
    "card": ("/cards/x-1/", "not valid"),
    "certificate": ("/certificates/ABCD2345EFGH6789/", "no certificate with this number"),
    "award": ("/awards/ABCD2345EFGH6789/", "no certificate with this number"),
    "community": ("/apply/?q=恩和路", "恩和路社区"),
}


@pytest.mark.usefixtures("few", "community")
@pytest.mark.parametrize("page", LOOKS)
def test_one_address_looks_so_often_and_others_go_on(page):
    url, words = LOOKS[page]
    for _look in range(2):
        assert words in Client(REMOTE_ADDR=HERE).get(url).content.decode()
    answer = Client(REMOTE_ADDR=HERE).get(url)
    assert answer.status_code == 429
    assert PATIENCE in answer.content.decode()
    assert words not in answer.content.decode()
    assert words in Client(REMOTE_ADDR=THERE).get(url).content.decode()


@pytest.mark.usefixtures("few")
def test_everybody_together_is_counted_too():
    statuses = [Client(REMOTE_ADDR=f"203.0.113.{n}").get("/cards/x-1/").status_code for n in range(7)]
    assert statuses == [200] * 5 + [429] * 2


@pytest.mark.usefixtures("few")
def test_a_number_that_was_typed_is_still_there():
    for _look in range(3):
        answer = Client(REMOTE_ADDR=HERE).get("/certificates/?number=abcd-2345-efgh-6789", follow=True)
    assert answer.status_code == 429
    assert 'value="ABCD2345EFGH6789"' in answer.content.decode()


@pytest.mark.usefixtures("few")
def test_an_application_over_the_limit_keeps_what_was_typed_and_another_address_may_send(community):
    for _number in range(2):
        assert send(Client(REMOTE_ADDR=HERE), community).status_code == 302
    answer = send(Client(REMOTE_ADDR=HERE), community)
    assert answer.status_code == 429
    page = answer.content.decode()
    for words in ("Many applications came from here", TYPED["name"], TYPED["phone"], TYPED["motivation"]):
        assert words in page
    assert send(Client(REMOTE_ADDR=THERE), community).status_code == 302
    assert HelperApplication.objects.count() == 3


def test_a_school_class_applies_in_one_lesson(community):
    answers = [send(Client(REMOTE_ADDR=HERE), community) for _student in range(55)]
    assert {answer.status_code for answer in answers} == {302}


@pytest.mark.usefixtures("few")
def test_behind_a_proxy_the_address_is_the_one_our_proxy_wrote(settings):
    settings.BEHIND_PROXY, settings.ALLAUTH_TRUSTED_PROXY_COUNT = True, 1

    def look(forwarded):
        client = Client(REMOTE_ADDR="127.0.0.1", headers={"x-forwarded-for": forwarded})
        return client.get("/cards/x-1/").status_code

    assert [look(HERE) for _look in range(3)] == [200, 200, 429]
    assert look(THERE) == 200
    assert look(f"{THERE}, {HERE}") == 429  # nobody chooses their own address


@pytest.mark.usefixtures("few")
def test_without_a_proxy_nobody_is_believed():
    def look(n):
        return Client(REMOTE_ADDR=HERE, headers={"x-forwarded-for": f"192.0.2.{n}"}).get("/cards/x-1/").status_code

    assert [look(n) for n in range(3)] == [200, 200, 429]


def test_the_real_limits_count_addresses_and_everybody(settings):
    for action in ("helper_application", "public_look"):
        by_address, together = settings.ACCOUNT_RATE_LIMITS[action].split(",")
        assert by_address.endswith("/ip")
        assert together.endswith("/key")
        assert int(by_address.split("/")[0]) >= 60


def test_pages_without_a_question_are_never_refused(settings):
    settings.ACCOUNT_RATE_LIMITS = {"public_look": "1/m/ip"}
    for _look in range(3):
        assert Client().get(reverse("apply:where")).status_code == 200
        assert Client().get(reverse("certificate_number")).status_code == 200


def test_counts_of_tries_outlive_a_thousand_others(settings):
    in_the_database = DatabaseCache("cache", settings.CACHES["default"])
    addresses = [f"login_failed:{number:04}" for number in range(1001)]
    for address in addresses:
        in_the_database.set(address, [1.0], 900)
    assert len(in_the_database.get_many(addresses)) == 1001
