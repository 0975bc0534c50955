"""Which adult of the family asked for a child's place, noted where one child is signed up."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.models import Activity, Enrolment, Waiting
from children import transfer
from children.guardian_copy import copy_of, readable
from children.merging import merge
from children.models import Adult, Child
from communities.models import User
from records.lifecycle import Refused
from tests.activities.factories import make_activity
from tests.activities.test_forgetting import erase
from tests.children.factories import a_child, left_behind_child, offered, siblings
from tests.children.pages import soup, words

NOTED = "asked for by 王秀英"


@pytest.fixture
def client(director, signed_in):
    return signed_in(director)


@pytest.fixture
def club(director, community):
    return make_activity(community, director, capacity=1)


@pytest.fixture
def child(community):
    return left_behind_child(community)


def grandmother(child):
    return child.kinships.get(is_caregiver=True).adult


def askers(model=Enrolment):
    return dict(model.objects.values_list("child", "asked_by"))


def test_who_asks_is_chosen_among_the_childs_adults(client, club, child, community, director):
    alone = a_child(community, name="李强")
    page = soup(client.get(f"/activities/{club.pk}/enrol/"))
    rows = {row.select_one(".row-title").get_text(): row for row in page.select("li.row")}
    options = rows[child.name].select("select[name=asked_by] option")
    said = {"王秀英": "grandmother (father's side)", "陈建国": "father", "李红": "mother"}
    assert [(one["value"], one.get_text()) for one in options] == [
        ("", "Asked by: the child, or not noted"),
        *[(str(Adult.objects.get(name=name).pk), f"{name} ({what})") for name, what in said.items()],
    ]
    assert not rows[alone.name].select("select")
    client.post(f"/activities/{club.pk}/enrol/", {"child": child.pk, "asked_by": grandmother(child).pk})
    assert askers() == {child.pk: grandmother(child).pk}
    assert NOTED in words(client.get(club.get_absolute_url()))
    assert NOTED in words(client.get(f"/children/{child.pk}/?tab=activities"))
    Enrolment.objects.get().leave(by=director)
    assert NOTED in words(client.get(club.get_absolute_url()))


def test_where_nobody_is_chosen_the_page_says_nothing(client, club, child):
    client.post(f"/activities/{club.pk}/enrol/", {"child": child.pk, "asked_by": ""})
    assert askers() == {child.pk: None}
    assert "asked for by" not in words(client.get(club.get_absolute_url()))


@pytest.mark.parametrize("button", [{}, {"wait": "1"}])
def test_who_is_not_of_the_family_is_refused_in_words(button, client, club, child, community, far_community):
    others = [grandmother(left_behind_child(place)).pk for place in (community, far_community)]
    for forged in (*others, 999_999, "x", "-1", "9" * 30):
        data = {"child": child.pk, "asked_by": forged, **button}
        page = words(client.post(f"/activities/{club.pk}/enrol/", data, follow=True))
        assert "This adult is not in the child's family." in page, forged
    assert (Enrolment.objects.count(), Waiting.objects.count()) == (0, 0)


def test_no_act_takes_a_stranger_for_one_of_the_family(club, child, community, director):
    stranger = grandmother(left_behind_child(community))
    for act in (club.enrol, club.wait_for_place):
        with pytest.raises(Refused, match="not in the child's family"):
            act(child, by=director, asked_by=stranger)
    assert (Enrolment.objects.count(), Waiting.objects.count()) == (0, 0)


def test_who_asked_is_kept_when_the_child_moves_up(client, club, child, director, community):
    first = club.enrol(a_child(community), by=director)
    client.post(f"/activities/{club.pk}/enrol/", {"child": child.pk, "asked_by": grandmother(child).pk, "wait": "1"})
    assert askers(Waiting) == {child.pk: grandmother(child).pk}
    assert NOTED in words(client.get(club.get_absolute_url()))
    assert NOTED in words(client.get(f"/children/{child.pk}/?tab=activities"))
    first.leave(by=director)
    assert Enrolment.objects.open().get().asked_by == grandmother(child)


def test_a_place_given_by_hand_to_who_waits_keeps_who_asked(club, child, director, community):
    club.enrol(a_child(community), by=director)
    club.wait_for_place(child, by=director, asked_by=grandmother(child))
    Activity.objects.update(capacity=2)
    mother = Adult.objects.get(kinships__child=child, kinships__relation="mother")
    assert club.enrol(child, by=director).asked_by == grandmother(child)
    assert club.enrol(child, by=director, asked_by=mother).asked_by == grandmother(child)


@pytest.mark.parametrize("who", ["kept", "gone"])
def test_two_files_keep_who_asked_for_either(who, community, director):
    kept, gone = left_behind_child(community), left_behind_child(community)
    asks = {who: kept if who == "kept" else gone}
    both, full, beside = (make_activity(community, director, capacity=n) for n in (2, 1, 1))
    full.enrol(a_child(community), by=director)
    for name, child in (("kept", kept), ("gone", gone)):
        asked_by = grandmother(child) if name in asks else None
        both.enrol(child, by=director, asked_by=asked_by)
        full.wait_for_place(child, by=director, asked_by=asked_by)
        beside.wait_for_place(child, by=director, asked_by=asked_by)
    asker = grandmother(asks[who])
    merge(kept, gone, by=director)
    assert both.enrolments.open().get().asked_by == asker
    assert full.waitings.open().get().asked_by == asker
    assert beside.enrolments.open().get().asked_by == asker
    assert asker.kinships.filter(child=kept).exists()


def test_a_family_that_parts_takes_a_copy_of_who_asked(community, far_community, director, stranger):
    moving, staying = siblings(community)
    asker = grandmother(moving)
    club = make_activity(community, director)
    for child in (moving, staying):
        club.enrol(child, by=director, asked_by=asker)
    transfer.accept(offered([moving], far_community, by=director), by=stranger)
    theirs = Adult.objects.get(kinships__child=moving, kinships__is_caregiver=True)
    assert theirs != asker
    assert askers() == {moving.pk: theirs.pk, staying.pk: asker.pk}


def test_an_erased_file_tells_nobody_who_asked(club, child, director, supervisor):
    club.enrol(child, by=director, asked_by=grandmother(child))
    club.wait_for_place(child, by=director)
    erase(child, asked_by=director, decided_by=supervisor)
    assert askers() == {child.pk: None}


def test_the_guardians_copy_says_who_asked(club, child, director):
    club.enrol(child, by=director, asked_by=grandmother(child))
    assert [row["asked_by"] for row in copy_of(child)["activities.enrolment"]] == [grandmother(child).pk]
    lines = dict(readable(child, director))
    assert ("asked for by", "王秀英") in lines[Enrolment._meta.verbose_name_plural][0]


def test_who_may_not_read_about_the_family_reads_no_asker(client, club, child, director, monkeypatch):
    club.enrol(child, by=director, asked_by=grandmother(child))
    monkeypatch.setattr(User, "sees", lambda self, facts: facts != "family")
    assert "王秀英" not in words(client.get(club.get_absolute_url()))
    assert "王秀英" not in words(client.get(f"/children/{child.pk}/?tab=activities"))
    left_behind_child(child.community)
    assert "王秀英" not in words(client.get(f"/activities/{club.pk}/enrol/"))


def test_no_page_asks_once_per_asker(client, director, community):
    club = make_activity(community, director, capacity=3)
    file = Child.objects.get(pk=left_behind_child(community).pk)
    pages = [club.get_absolute_url(), f"/activities/{club.pk}/enrol/", f"/children/{file.pk}/?tab=activities"]
    counts: dict[str, list[int]] = {page: [] for page in pages}
    for total in (1, 3):
        for _n in range(club.enrolments.count(), total):
            child = left_behind_child(community)
            club.enrol(child, by=director, asked_by=grandmother(child))
            other = make_activity(community, director)
            other.enrol(file, by=director, asked_by=grandmother(file))
            full = make_activity(community, director, capacity=1)
            full.enrol(child, by=director)
            full.wait_for_place(file, by=director, asked_by=grandmother(file))
            left_behind_child(community)
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(page).status_code == 200
            counts[page].append(len(captured))
    assert {page: n for page, n in counts.items() if len(set(n)) > 1} == {}
