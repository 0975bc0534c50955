import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from activities.models import Activity, Enrolment, Waiting
from children.leaving import end_what_is_local
from children.merging import merge
from children.models import Child
from records.lifecycle import Refused
from records.trail import TrailEntry
from tests.activities.factories import days_ago, make_activity
from tests.records.threads import at_once


@pytest.fixture
def client(director, signed_in):
    return signed_in(director)


@pytest.fixture
def club(director, community):
    return make_activity(community, director, first_day=days_ago(1), capacity=1)


@pytest.fixture
def children(community, make_child):
    return [make_child(community, name=f"孩子{n}") for n in "甲乙丙丁"]


@pytest.fixture
def full(club, children, director):
    """The first child has the place, the others wait in their order."""
    for child in children:
        club.wait_for_place(child, by=director)
    return club


def placed(activity):
    return [place.child.name for place in activity.enrolments.open().select_related("child")]


def waiting(activity):
    return [waits.child.name for waits in activity.waitings.open().select_related("child")]


def test_who_asks_while_a_place_is_free_gets_it(full):
    assert placed(full) == ["孩子甲"]
    assert waiting(full) == ["孩子乙", "孩子丙", "孩子丁"]


def test_a_freed_place_goes_to_who_waited_longest(full, director):
    full.enrolments.open().get().leave(by=director)
    assert placed(full) == ["孩子乙"]
    assert waiting(full) == ["孩子丙", "孩子丁"]
    moved = Waiting.objects.get(child__name="孩子乙")
    assert (moved.got_place, moved.ended_at is not None) == (True, True)
    assert TrailEntry.objects.filter(verb="enrolled", actor=director).count() == 2


def test_asked_twice_a_child_keeps_its_turn(full, children, director):
    for child in children:
        full.wait_for_place(child, by=director)
    assert waiting(full) == ["孩子乙", "孩子丙", "孩子丁"]
    assert placed(full) == ["孩子甲"]


def test_more_places_take_in_who_waits(client, full):
    form = {
        **{"title": full.title, "kind": full.kind, "audience": "children", "venue": full.venue, "capacity": "3"},
        "seen_version": Activity.objects.get(pk=full.pk).version,
    }
    page = client.post(f"/activities/{full.pk}/change/", form, follow=True).content.decode()
    assert "these have a place now: 孩子乙, 孩子丙. Tell their families." in page
    assert placed(full) == ["孩子甲", "孩子乙", "孩子丙"]
    assert waiting(full) == ["孩子丁"]


def test_names_are_listed_as_chinese_does(client, full, director):
    director.language = "zh-hans"
    director.save(update_fields=["language"])
    form = {
        **{"title": full.title, "kind": full.kind, "audience": "children", "venue": full.venue, "capacity": "3"},
        "seen_version": Activity.objects.get(pk=full.pk).version,
    }
    page = client.post(f"/activities/{full.pk}/change/", form, follow=True).content.decode()
    assert "孩子乙、孩子丙" in page


def test_an_activity_with_children_stays_for_children(client, full):
    form = {
        **{"title": full.title, "kind": full.kind, "audience": "public", "venue": full.venue, "capacity": "1"},
        "seen_version": Activity.objects.get(pk=full.pk).version,
    }
    answer = client.post(f"/activities/{full.pk}/change/", form)
    assert "it stays for children" in answer.content.decode()
    assert Activity.objects.get(pk=full.pk).audience == "children"
    assert (placed(full), waiting(full)) == (["孩子甲"], ["孩子乙", "孩子丙", "孩子丁"])
    assert client.post(f"/activities/{full.pk}/change/", {**form, "audience": "families"}).status_code == 302
    assert Activity.objects.get(pk=full.pk).audience == "families"


def test_a_file_that_leaves_frees_its_place_and_waits_no_more(full, children, director):
    end_what_is_local(children[1], by=director)
    end_what_is_local(children[0], by=director)
    assert placed(full) == ["孩子丙"]
    assert waiting(full) == ["孩子丁"]


def test_who_has_left_the_register_is_passed_over(full, children, director):
    Child.objects.filter(pk=children[1].pk).update(left_on=days_ago(1), left_reason="moved")
    full.enrolments.open().get().leave(by=director)
    assert placed(full) == ["孩子丙"]
    taken_off = TrailEntry.objects.get(verb="took off the waiting list")
    assert (taken_off.actor, taken_off.object_key) == (director, str(Waiting.objects.get(child=children[1]).pk))


def test_an_activity_that_is_over_has_nobody_waiting(full, director):
    full.cancel(reason="场地维修", by=director)
    assert waiting(full) == []
    with pytest.raises(Refused, match="takes no more children"):
        full.wait_for_place(Enrolment.objects.first().child, by=director)


def test_two_files_of_one_child_wait_once(full, children, director):
    merge(children[1], children[2], by=director)
    assert sorted(waiting(full)) == ["孩子丁", "孩子乙"]


def test_two_files_of_one_child_do_not_wait_beside_the_place(full, children, director):
    merge(children[0], children[3], by=director)
    assert placed(full) == ["孩子甲"]
    assert waiting(full) == ["孩子乙", "孩子丙"]


def test_the_list_is_kept_on_the_pages(client, full, community, make_child):
    late = make_child(community, name="孩子戊")
    page = BeautifulSoup(client.get(f"/activities/{full.pk}/enrol/?q=孩子").content, "html.parser")
    assert [button["name"] for button in page.select("li.row button")] == ["wait"]
    assert page.select_one("main").get_text().count("waits for a place") == 3
    answer = client.post(f"/activities/{full.pk}/enrol/", {"child": late.pk, "wait": "1"}, follow=True)
    assert "孩子戊 is on the waiting list." in answer.content.decode()
    page = BeautifulSoup(client.get(full.get_absolute_url()).content, "html.parser")
    assert [row.get_text().split()[1] for row in page.select("ol .row-title")] == [
        "孩子乙",
        "孩子丙",
        "孩子丁",
        "孩子戊",
    ]
    waits = Waiting.objects.get(child=late)
    for _twice in range(2):
        assert client.post(f"/activities/waiting/{waits.pk}/off/").status_code == 302
    assert waiting(full) == ["孩子乙", "孩子丙", "孩子丁"]
    file = client.get(f"/children/{Waiting.objects.open().first().child_id}/?tab=activities").content.decode()
    assert "On the waiting list of" in file


def test_a_list_elsewhere_is_not_found(full, stranger, signed_in):
    waits = Waiting.objects.open().first()
    assert signed_in(stranger).post(f"/activities/waiting/{waits.pk}/off/").status_code == 404


def test_the_database_holds_one_turn_a_child(full, children):
    with pytest.raises(IntegrityError, match="a_child_waits_once_for_an_activity"), transaction.atomic():
        Waiting.objects.create(activity=full, child=children[1], community_id=full.community_id)


def test_the_pages_ask_no_more_with_a_long_list(client, full, director, community, make_child):
    counts: dict[str, list[int]] = {full.get_absolute_url(): [], f"/activities/{full.pk}/enrol/": []}
    for total in (1, 3, 12):
        while full.waitings.open().count() < total:
            full.wait_for_place(make_child(community), by=director)
        while full.waitings.open().count() > total:
            full.waitings.open().last().take_off(by=director)
        make_child(community)
        for address in counts:
            client.get(address)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            counts[address].append(len(captured))
    assert {a: c for a, c in counts.items() if len(set(c)) > 1} == {}


def outcome(act):
    def run():
        try:
            act()
        except Refused as refusal:
            return refusal.message
        return "done"

    return run


@pytest.mark.django_db(transaction=True)
def test_the_freed_place_goes_to_the_first_also_when_others_ask_at_that_moment(full, director, community, make_child):
    rivals = [make_child(community, name=f"后来{n}") for n in range(3)]
    place = full.enrolments.open().get()

    def ask(child):
        return outcome(lambda: Activity.objects.get(pk=full.pk).enrol(child, by=director))

    results = at_once(outcome(lambda: Enrolment.objects.get(pk=place.pk).leave(by=director)), *map(ask, rivals))
    assert results == ["done"] + ["All 1 places are taken."] * 3
    assert placed(full) == ["孩子乙"]


@pytest.mark.django_db(transaction=True)
def test_the_last_place_asked_for_at_once_goes_to_one_and_the_others_wait(club, children, director):
    ask = [outcome(lambda c=c: Activity.objects.get(pk=club.pk).wait_for_place(c, by=director)) for c in children]
    assert at_once(*ask) == ["done"] * 4
    assert len(placed(club)) == 1
    assert sorted([*placed(club), *waiting(club)]) == sorted(child.name for child in children)


@pytest.mark.django_db(transaction=True)
def test_two_places_freed_at_once_take_in_two(director, community, children):
    club = make_activity(community, director, first_day=days_ago(1), capacity=2)
    for child in children:
        club.wait_for_place(child, by=director)
    leave = [
        outcome(lambda k=k: Enrolment.objects.get(pk=k).leave(by=director))
        for k in club.enrolments.open().values_list("pk", flat=True)
    ]
    assert at_once(*leave) == ["done"] * 2
    assert sorted(placed(club)) == ["孩子丁", "孩子丙"]
    assert waiting(club) == []


def test_of_two_files_of_one_child_the_earlier_turn_stays(full, children, director):
    merge(children[3], children[1], by=director)  # the kept file asked last, the other one first
    full.enrolments.open().get().leave(by=director)
    assert placed(full) == ["孩子丁"]
