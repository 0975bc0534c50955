"""The giver reads what became of the gift, and never which child it was."""

from decimal import Decimal

import pytest
from django.urls import reverse

from gifts import giving
from gifts.models import Gift, Giver, HandOut
from gifts.statements import statement_of
from tests.children.factories import left_behind_child
from tests.children.pages import filled, words
from tests.conftest import freshly_signed_in
from tests.gifts.factories import a_gift, a_giver, a_thing, money, today
from tests.homes.factories import make_home

pytestmark = pytest.mark.django_db


@pytest.fixture
def giver(community):
    return a_giver(community)


@pytest.fixture
def told(community, director, giver):
    """20 bags: 3 to children (one came back), 4 to a family, 5 to the Home, 2 lost; and 500 yuan untouched."""
    gift = a_gift(community, director, a_thing(quantity=20), money(500), giver=giver)
    a_gift(community, director, a_thing("别人的", 7), giver=a_giver(community, "另一家"))
    bags = gift.lines.get(kind="goods")
    children = [left_behind_child(community, name=name) for name in ("李小一", "李小二", "李小三", "李小四")]
    day = {"on": today(), "by": director}
    one_each = [(child, "王秀英") for child in children[:3]]
    made = giving.hand_out_to_children(bags, one_each, to="child", quantity=1, **day)
    giving.take_back(made[0], why="退回", by=director)
    giving.hand_out_to_children(bags, [(children[3], "王秀英")], to="family", quantity=4, **day)
    giving.hand_out_to_home(bags, make_home(community), quantity=5, signed_by="钱淑芬", **day)
    counted = {"counted": Decimal(7), "seen": Decimal(9), "why": "受潮", "handler": "王敏", "counter": "钱淑芬"}
    giving.put_right(bags, by=director, **counted)
    return children


def test_every_unit_stands_somewhere(told, giver):
    statement = statement_of(Gift.objects.filter(giver=giver))
    bags, cash = statement.lines
    assert (bags.to_children, bags.to_families, bags.to_home, bags.written_off, bags.left) == (2, 4, 5, 2, 7)
    assert bags.thing.quantity == 2 + 4 + 5 + 2 + 7
    assert (cash.to_children, cash.left) == (0, 500)
    assert (statement.children, statement.families, statement.value) == (2, 1, 1700)


def test_page_and_paper_name_no_child(signed_in, director, told, giver):
    client = signed_in(director)
    paper = client.get(reverse("paper", args=["giver_statement", giver.pk])).content.decode()
    page = client.get(giver.get_absolute_url()).content.decode()
    for told_there in (paper, page):
        assert "书包" in told_there and "开学" not in told_there and "给孩子们添置学习用品" in told_there
        assert "别人的" not in told_there
        assert not any(child.name in told_there or child.number in told_there for child in told)
        assert "王秀英" not in told_there
    assert "晨光文具店" in paper


def test_a_gift_says_what_became_of_it(signed_in, director, told, giver):
    page = words(signed_in(director).get(Gift.objects.get(giver=giver).get_absolute_url()))
    assert "Where each thing went" in page and "500 yuan" in page


def test_a_giver_is_forgotten_and_the_gifts_stay(signed_in, director, supervisor, told, giver):
    Giver.objects.filter(pk=giver.pk).update(contact_name="店主")
    client = freshly_signed_in(signed_in(director))
    forget = reverse("gifts:forget", args=[giver.pk])
    assert signed_in(supervisor).post(forget).status_code == 404
    page = client.post(forget, filled(client.get(giver.get_absolute_url())), follow=True)
    giver.refresh_from_db()
    assert (giver.name, giver.contact_name, giver.phone, giver.phone_last4) == ("", "", "", "")
    assert "forgotten giver" in words(page) and "书包" in words(page)
    assert "晨光文具店" not in words(client.get(reverse("gifts:gifts")))
    assert HandOut.objects.count() == 5
    client.get(reverse("gifts:change_giver", args=[giver.pk]))
    assert not Giver.objects.filter(name="晨光文具店").exists()
    assert "forgotten" not in client.get(reverse("gifts:new")).content.decode()


@pytest.mark.parametrize("what", ["giver", "gift", "paper"])
def test_pages_ask_as_much_for_one_thing_as_for_three(
    what, signed_in, director, community, giver, django_assert_max_num_queries
):
    client, asked = signed_in(director), []
    for number in (1, 3):
        gift = a_gift(community, director, *[a_thing(f"书{n}") for n in range(number)], giver=giver)
        url = {
            "giver": giver.get_absolute_url(),
            "gift": gift.get_absolute_url(),
            "paper": reverse("paper", args=["giver_statement", giver.pk]),
        }[what]
        client.get(url)
        with django_assert_max_num_queries(40) as queries:
            client.get(url)
        asked.append(len(queries))
    assert asked[0] == asked[1]
