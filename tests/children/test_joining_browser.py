"""A family on file as two households is found, looked at side by side and joined, on a phone and in both languages."""

import pytest

from children.models import Household, JoinedAdult
from tests.children.test_joining_households import a_family, the_father
from tests.journeys.on_a_phone import LANGUAGES, on_a_phone
from tests.journeys.page_checks import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOMES = {"sister": "恩和路9号院3栋201", "brother": "恩和路11号院5栋102"}


@pytest.fixture(params=LANGUAGES)
def worker(request, chromium, live_server, monkeypatch, settings, director):
    kept = {"chromium": chromium, "live_server": live_server, "monkeypatch": monkeypatch, "settings": settings}
    with on_a_phone(director, request.param, **kept) as person:
        yield person
        assert person.faults == []


def test_a_family_on_file_twice_becomes_one(worker, community):
    sister = a_family(community, "陈小雨", address=HOMES["sister"])
    brother = a_family(community, "陈小山", father={"name": "陈建国", "note": "夜班"}, address=HOMES["brother"])
    assert faults_of(worker, worker.open("/children/duplicates/")) == []
    worker.reads("Families on file twice")
    worker.follow("Compare and join")
    assert faults_of(worker, worker.page.reload()) == []
    assert "陈小雨" in worker.main() and "陈小山" in worker.main()
    worker.page.locator(f"input[name=take_home_address][value='{brother.household_id}']").check(force=True)
    worker.press("Join the two households")
    worker.reads("The two households are one. All children and adults stand there.")
    kept = Household.objects.get()
    assert (kept.pk, kept.address) == (sister.household_id, HOMES["brother"])
    assert set(kept.children.all()) == {sister, brother}
    assert list(kept.adults.values_list("name", "note")) == [("陈建国", "夜班")]
    assert JoinedAdult.objects.get().kept == the_father(brother)
    worker.open("/children/duplicates/")
    worker.reads("No family on file twice")
