import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from children.models import Child, Transfer
from communities.models import Division
from records.measures import Period, get
from records.scoping import Scope
from records.trail import TrailEntry
from tests.children.factories import a_child, offered, siblings
from tests.children.pages import filled, soup, words


def to_address(child, to=None):
    return reverse("children:transfer_to", args=[child.pk]) + (f"?to={to.pk}" if to else "")


@pytest.fixture
def here(signed_in, director):
    return signed_in(director)


@pytest.fixture
def there(signed_in, stranger):
    return signed_in(stranger)


def test_the_community_is_found_division_by_division(here, director, community, sister_community, far_community):
    child = a_child(community)
    own_street = here.get(to_address(child))
    assert "体育场社区" in words(own_street)
    assert "恩和路社区" not in [link.text for link in soup(own_street).select("main .rows a")]
    district = here.get(to_address(child) + "?at=150902")
    assert [link.text for link in soup(district).select("main .rows a")] == ["新体路街道", "桥东街道"]
    street = here.get(to_address(child) + "?at=150902002")
    assert soup(street).select_one("main .rows a")["href"] == f"?to={far_community.pk}"
    everywhere = here.get(to_address(child) + "?at=")
    assert [link.text for link in soup(everywhere).select("main .rows a")] == ["集宁区"]


def test_the_community_is_found_by_name_or_code(here, community, sister_community, far_community):
    child = a_child(community)
    a_child(far_community, name="不可见")
    by_name = here.get(to_address(child) + "?q=龙湾")
    assert "龙湾社区" in words(by_name)
    assert "集宁区 · 桥东街道 · 150902002001" in words(by_name)
    assert "nobody there works with the system yet" in words(by_name)
    by_code = here.get(to_address(child) + "?q=1509020")
    assert [link.text for link in soup(by_code).select("main .rows a")] == ["体育场社区", "龙湾社区"]
    assert "No community found" in words(here.get(to_address(child) + "?q=%E6%B2%A1%E6%9C%89"))
    for page in (by_name, by_code):
        assert "不可见" not in words(page)


@pytest.mark.parametrize("junk", ["150902001001", "150902", "x", "%00", "9" * 40])
def test_junk_for_a_community_leads_back_to_the_choice(here, community, far_community, junk):
    answer = here.get(to_address(a_child(community)) + f"?to={junk}")
    assert (
        answer.status_code == 400 if junk == "%00" else "Choose a community from the list." in answer.content.decode()
    )


def test_offering_the_household_and_accepting_it(here, there, director, community, far_community):
    one, two = siblings(community)
    page = here.get(to_address(one, far_community))
    assert "adults 3" in words(page)
    assert "away for work 2" in words(page)
    typed = filled(page, reason="moved", message="全家已搬走")
    answer = here.post(to_address(one, far_community), {**typed, "children": [one.pk, two.pk]})
    made = Transfer.objects.get()
    assert answer.url == made.get_absolute_url()
    assert made.contact == director.name
    waiting = there.get(made.get_absolute_url())
    text = words(waiting)
    assert "2 children of the family 陈" in text
    assert "全家已搬走" in text
    assert one.name not in text and one.number not in text
    assert there.get(reverse("children:file", args=[one.pk])).status_code == 404
    there.post(reverse("children:transfer_accept", args=[made.pk]))
    assert here.get(reverse("children:file", args=[one.pk])).status_code == 404
    file = there.get(reverse("children:file", args=[one.pk]))
    assert "Came from 恩和路社区" in words(file)
    assert f"file number there: {one.number}" in words(file)
    old_side = here.get(made.get_absolute_url())
    assert one.number in words(old_side)
    assert one.name not in words(old_side)
    listed = words(here.get(reverse("children:transfers") + "?side=going"))
    assert one.number in listed and one.name not in listed
    assert "transferred to 龙湾社区 on" in listed


def test_other_children_than_counted_are_counted_anew_before_offering(here, community, far_community):
    one, two = siblings(community)
    page = here.get(to_address(one, far_community))
    typed = {**filled(page, reason="school"), "children": [two.pk]}
    again = here.post(to_address(one, far_community), typed)
    assert Transfer.objects.count() == 0
    assert "You chose other children" in words(again)
    assert "1 brother or sister stays" in words(again)
    answer = here.post(to_address(one, far_community), filled(again, reason="school"))
    assert answer.status_code == 302
    assert [line.child for line in Transfer.objects.get().lines.all()] == [two]


def test_what_is_missing_is_said_and_what_was_typed_stays(here, community, far_community):
    child = a_child(community)
    page = here.get(to_address(child, far_community))
    answer = here.post(to_address(child, far_community), filled(page, reason="other", contact=""))
    assert "Please write the reason in words." in words(answer)
    assert Transfer.objects.count() == 0


def test_a_second_click_makes_one_offer(here, community, far_community):
    child = a_child(community)
    page = here.get(to_address(child, far_community))
    typed = {**filled(page, reason="moved"), "children": [child.pk]}
    first, second = (here.post(to_address(child, far_community), typed) for _n in range(2))
    assert first.url == second.url == Transfer.objects.get().get_absolute_url()
    assert here.get(to_address(child)).url == first.url


def test_refusing_needs_a_reason_which_the_other_side_reads(here, there, director, community, far_community):
    made = offered([a_child(community)], far_community, by=director)
    address = reverse("children:transfer_refuse", args=[made.pk])
    assert "This field is required." in words(there.post(address, {"answer": " "}))
    there.post(address, {"answer": "此户不在本辖区"})
    assert "此户不在本辖区" in words(here.get(made.get_absolute_url()))
    assert "此户不在本辖区" in words(here.get(reverse("children:transfers") + "?side=going"))


def test_each_side_may_only_its_own_part(
    here, there, signed_in, make_user, director, community, far_community, sister_community
):
    made = offered([a_child(community)], far_community, by=director)
    third = signed_in(make_user("community_worker", sister_community))
    for client, name in [
        (here, "transfer_accept"),
        (here, "transfer_refuse"),
        (there, "transfer_withdraw"),
        (third, "transfer_accept"),
        (third, "transfer_withdraw"),
    ]:
        assert client.post(reverse(f"children:{name}", args=[made.pk])).status_code == 404
    assert third.get(made.get_absolute_url()).status_code == 404
    assert Transfer.objects.get().is_open
    here.post(reverse("children:transfer_withdraw", args=[made.pk]))
    assert Transfer.objects.get().status == "withdrawn"


def test_a_street_officer_sees_both_directions_and_decides_for_a_community(
    signed_in,
    supervisor,
    director,
    stranger,
    community,
    far_community,
):
    client = signed_in(supervisor)
    going = offered([a_child(community)], far_community, by=director)
    coming = offered([a_child(far_community)], community, by=stranger)
    assert client.get(going.get_absolute_url()).status_code == 200
    assert client.post(reverse("children:transfer_accept", args=[going.pk])).status_code == 404
    client.post(reverse("children:transfer_accept", args=[coming.pk]))
    coming.refresh_from_db()
    assert (coming.status, coming.ended_by) == ("accepted", supervisor)


def test_an_offer_that_waits_for_me_is_on_the_workdesk(there, here, director, community, far_community):
    offered([a_child(community)], far_community, by=director)
    today = Period.day(timezone.localdate())
    waiting = get("transfers_waiting")
    assert waiting.count(Scope.of(far_community.pk), today) == 1
    assert waiting.count(Scope.of(community.pk), today) == 0
    line = "Files offered to us, waiting for an answer"
    assert line in words(there.get(reverse("admin:index")))
    assert line not in words(here.get(reverse("admin:index")))


def test_on_the_day_after_its_last_an_offer_is_over_whether_or_not_anybody_noted_it(
    there, here, director, community, far_community
):
    child = a_child(community)
    made = offered([child], far_community, by=director)
    Transfer.objects.update(expires_on=timezone.localdate())
    assert "Accept" in words(there.get(made.get_absolute_url())), "its last day is one of its days"
    Transfer.objects.update(expires_on=timezone.localdate() - dt.timedelta(days=1))
    page = there.get(made.get_absolute_url())
    assert "lapsed without an answer" in words(page) and "Accept" not in words(page)
    assert "lapsed without an answer" in words(there.get(reverse("children:transfers")))
    assert "Files offered to us" not in words(there.get(reverse("admin:index")))
    assert "Offered to" not in words(here.get(reverse("children:file", args=[child.pk])))
    for client, act, sent in ((there, "accept", {}), (there, "refuse", {"answer": "没有搬来"}), (here, "withdraw", {})):
        said = client.post(reverse(f"children:transfer_{act}", args=[made.pk]), sent, follow=True)
        assert "This offer lapsed after" in soup(said).get_text()
    child.refresh_from_db()
    assert (child.community, Transfer.objects.get().status) == (community, "offered")
    again = offered([child], far_community, by=director)
    assert set(Transfer.objects.values_list("pk", "status")) == {(made.pk, "lapsed"), (again.pk, "offered")}


def test_looking_at_an_offer_is_on_the_trail(there, director, community, far_community):
    made = offered([a_child(community)], far_community, by=director)
    there.get(made.get_absolute_url())
    assert TrailEntry.objects.reads().filter(model_label="children.transfer", object_key=str(made.pk)).count() == 1


def test_moved_away_asks_first_whether_the_new_community_is_here(here, community, far_community):
    child = a_child(community)
    address = reverse("children:leave", args=[child.pk])
    typed = {"on": timezone.localdate(), "reason": "moved_out"}
    asked = here.post(address, typed)
    assert "Does the new community work with this system?" in words(asked)
    assert soup(asked).select_one(f'main a[href="{to_address(child)}"]')
    assert Child.objects.get().left_on is None
    here.post(address, {**typed, "not_here": "yes"})
    assert Child.objects.get().left_reason == "moved_out"


def test_where_no_other_community_is_known_nothing_is_asked(here, community):
    child = a_child(community)
    here.post(reverse("children:leave", args=[child.pk]), {"on": timezone.localdate(), "reason": "moved_out"})
    assert Child.objects.get().left_reason == "moved_out"
    assert Division.objects.filter(level="community").count() == 1


def test_a_closed_file_is_not_offered(here, community, far_community):
    child = a_child(community, left_on=timezone.localdate(), left_reason="adult")
    answer = here.get(to_address(child), follow=True)
    assert "A closed file is not transferred." in answer.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_ask_the_database_as_often_for_three_rows_as_for_one(
    here, there, director, community, far_community, rows, django_assert_max_num_queries
):
    for _n in range(rows):
        offered([a_child(community)], far_community, by=director)
    for client, side in ((here, "going"), (there, "coming")):
        with django_assert_max_num_queries(17):
            client.get(reverse("children:transfers") + f"?side={side}")
