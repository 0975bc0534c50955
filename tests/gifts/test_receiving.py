"""A gift comes in: who gave, what, and the two people who counted."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from gifts.models import Gift, GiftLine, Giver
from records.models import TrailEntry
from tests.children.pages import filled, soup, words
from tests.conftest import freshly_signed_in
from tests.gifts.factories import a_gift, a_giver, a_thing, days_ago, food, money, today

pytestmark = pytest.mark.django_db
NEW = "gifts:new"


def typed(**more):
    gift = {"received_on": str(today()), "purpose": "开学用品", "handler": "王敏", "counter": "钱淑芬"}
    line = {"kind": "goods", "what": "书包", "quantity": "20", "unit": "个", "unit_price": "60"}
    data = {f"gift-{k}": v for k, v in gift.items()} | {f"line0-{k}": v for k, v in line.items()}
    return {**data, **more}


def send(client, **more):
    return client.post(reverse(NEW), filled(client.get(reverse(NEW)), **typed(**more)), follow=True)


def test_from_the_page_to_the_database_and_back(signed_in, director):
    client = signed_in(director)
    page = send(client, **{"gift-new_name": "晨光文具店", "gift-new_kind": "firm"})
    gift = Gift.objects.get()
    assert (gift.giver.name, gift.giver.kind, gift.community_id) == (
        "晨光文具店",
        "firm",
        director.postings.get().division_id,
    )
    line = gift.lines.get()
    assert (line.name, line.quantity, line.unit, line.unit_price) == ("书包", 20, "个", 60)
    assert "晨光文具店" in words(page) and "书包" in words(page) and "1,200" in words(page)
    assert "书包 20 个" in words(client.get(reverse("gifts:gifts")))
    receipt = client.get(reverse("paper", args=["gift_receipt", gift.pk]))
    assert "内部收据" in receipt.content.decode() and "钱淑芬" in receipt.content.decode()
    assert {"noted a gift", "added a giver"} <= set(TrailEntry.objects.values_list("verb", flat=True))


def test_money_needs_no_name_and_no_unit(signed_in, director):
    send(signed_in(director), **{"line0-kind": "money", "line0-what": "", "line0-unit": "", "line0-quantity": "500"})
    line = GiftLine.objects.get()
    assert (line.what, line.unit, line.value) == ("", "", 500)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"gift-counter": "王敏"}, "Who counts is another person"),
        ({"line0-unit": ""}, "in which unit"),
        ({"line0-what": ""}, "Say what it is."),
        ({"line0-quantity": "0"}, "above nought"),
        ({"line0-quantity": "-3"}, "above nought"),
        ({"line0-kind": "food"}, "have a last day of use"),
        ({"line0-kind": "food", "line0-expires_on": str(days_ago(1))}, "do not take it in"),
        ({"gift-received_on": "2099-01-01"}, "in the future"),
        ({"gift-received_on": "0000-01-01"}, "Enter a valid date"),
        ({"gift-received_on": "0202-01-01"}, "within 100 years of today"),
        ({"line0-kind": "food", "line0-expires_on": "9999-01-01"}, "within 100 years of today"),
    ],
)
def test_what_is_wrong_is_said_and_kept(signed_in, director, wrong, said):
    page = send(signed_in(director), **wrong)
    assert said in words(page)
    assert not Gift.objects.exists()
    assert "开学用品" in page.content.decode()


def test_another_row_keeps_what_was_typed(signed_in, director):
    client = signed_in(director)
    page = send(client, add_row="yes")
    assert not Gift.objects.exists()
    assert soup(page).find("input", {"name": "line0-what"})["value"] == "书包"
    both = {"line1-kind": "money", "line1-quantity": "300"}
    client.post(reverse(NEW), filled(page, **both), follow=True)
    assert sorted(line.name for line in GiftLine.objects.all()) == sorted(["书包", "money"])


def test_a_double_click_is_one_gift(signed_in, director):
    client = signed_in(director)
    data = filled(client.get(reverse(NEW)), **typed())
    for _ in range(2):
        client.post(reverse(NEW), data)
    assert Gift.objects.count() == 1


def test_a_giver_who_is_on_the_list_is_not_entered_again(signed_in, director, community):
    a_giver(community)
    page = send(signed_in(director), **{"gift-new_name": "晨光文具店", "gift-new_kind": "firm"})
    assert "on the list already" in words(page)
    assert (Gift.objects.count(), Giver.objects.count()) == (0, 1)


def test_the_database_itself_asks_for_two_people(director, community):
    gift = a_gift(community, director)
    with pytest.raises(IntegrityError), transaction.atomic():
        Gift.objects.filter(pk=gift.pk).update(counter=gift.handler)
    with pytest.raises(IntegrityError), transaction.atomic():
        GiftLine.objects.update(quantity=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        GiftLine.objects.update(kind="food")


def test_the_phone_of_a_giver_is_masked_and_showing_it_is_recorded(signed_in, director, supervisor, community):
    giver = a_giver(community, phone="16112345678")
    client = freshly_signed_in(signed_in(director))
    page = client.get(giver.get_absolute_url())
    assert "••••5678" in words(page) and "16112345678" not in words(page)
    shown = client.post(reverse("gifts:reveal", args=[giver.pk]))
    assert "16112345678" in words(shown)
    assert TrailEntry.objects.filter(verb="revealed a giver's phone", object_key=str(giver.pk)).exists()
    assert signed_in(supervisor).post(reverse("gifts:reveal", args=[giver.pk])).status_code == 404


def test_a_giver_is_entered_changed_and_kept_apart(signed_in, director, community):
    client = signed_in(director)
    page = client.get(reverse("gifts:new_giver"))
    page = client.post(
        reverse("gifts:new_giver"), filled(page, kind="person", name="热心居民", phone="16112345678"), follow=True
    )
    giver = Giver.objects.get()
    assert "热心居民" in words(page) and giver.phone == "16112345678"
    change = reverse("gifts:change_giver", args=[giver.pk])
    client.post(change, filled(client.get(change), name="热心居民乙"))
    giver.refresh_from_db()
    assert (giver.name, giver.phone) == ("热心居民乙", "16112345678")
    again = client.post(
        reverse("gifts:new_giver"), filled(client.get(reverse("gifts:new_giver")), kind="person", name="热心居民乙")
    )
    assert "on the list already" in words(again)


def test_only_ones_own_community_is_seen(signed_in, director, supervisor, stranger, federation, community):
    gift = a_gift(community, director, giver=a_giver(community))
    for user, seen in ((director, 200), (supervisor, 200), (stranger, 404), (federation, 404)):
        assert signed_in(user).get(gift.get_absolute_url()).status_code == seen
        assert signed_in(user).get(gift.giver.get_absolute_url()).status_code == seen
    assert "晨光" not in words(signed_in(stranger).get(reverse("gifts:gifts")))
    assert signed_in(supervisor).get(reverse(NEW)).status_code == 404


def test_the_empty_lists_say_what_to_do(signed_in, director):
    client = signed_in(director)
    assert "note it here at once" in words(client.get(reverse("gifts:gifts")))
    assert "with the first gift" in words(client.get(reverse("gifts:givers")))


@pytest.mark.parametrize("name", ["gifts:gifts", "gifts:givers"])
def test_lists_ask_as_much_for_one_row_as_for_three(
    name, signed_in, director, community, django_assert_max_num_queries
):
    client, asked = signed_in(director), []
    client.get(reverse(name))  # what is asked once only
    for number in (1, 3):
        for n in range(number):
            a_gift(community, director, a_thing(), money(100), food(), giver=a_giver(community, f"店{number}{n}"))
        with django_assert_max_num_queries(30) as queries:
            client.get(reverse(name))
        asked.append(len(queries))
    assert asked[0] == asked[1]
