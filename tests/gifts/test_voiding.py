"""A gift that was noted by mistake: it stays on record, and counts nowhere."""

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, transaction
from django.urls import reverse

from gifts import giving
from gifts.models import Entry, Gift, GiftLine
from gifts.statements import statement_of
from records import measures
from records.lifecycle import Refused
from records.measures import Period
from records.scoping import Scope
from records.trail import TrailEntry
from tests.children.factories import left_behind_child
from tests.gifts.factories import a_gift, a_giver, a_thing, days_ago, money, today
from tests.gifts.test_drives import a_drive
from tests.volunteers.test_portal import token_of

pytestmark = pytest.mark.django_db
WHY = {"why": "重复登记", "handler": "王敏", "counter": "钱淑芬"}


@pytest.fixture
def gift(community, director):
    facts = {"giver": a_giver(community), "drive": a_drive(community)}
    return a_gift(community, director, a_thing(quantity=20), money(500), **facts)


def text_of(client, address):
    return BeautifulSoup(client.get(address).content, "html.parser").get_text(" ", strip=True)


def counted(community):
    scope, period = Scope.of(community.pk), Period(days_ago(9), today())
    return [measures.get(key).count(scope, period) for key in ("gifts_received", "gifts_of_money")]


def test_two_people_say_that_it_was_a_mistake_and_it_counts_nowhere(gift, director, community, signed_in):
    client, page, void = signed_in(director), gift.get_absolute_url(), reverse("gifts:void", args=[gift.pk])
    receipt, giver, drive = (
        reverse("paper", args=["gift_receipt", gift.pk]),
        reverse("paper", args=["giver_statement", gift.giver_id]),
        gift.drive.get_absolute_url(),
    )
    assert counted(community) == [1, 500]
    assert "VOID" not in text_of(client, receipt)
    assert "书包" in text_of(client, giver) and "书包" in text_of(client, drive)

    same = {**WHY, "counter": "王敏", "once_token": token_of(client.get(page))}
    assert "Two different people count." in client.post(void, same).content.decode()
    answer = client.post(void, {**WHY, "once_token": token_of(client.get(page))})
    assert (answer.status_code, answer.url) == (302, page)
    shown = text_of(client, page)
    assert "Noted by mistake 重复登记" in shown
    assert "王敏, 钱淑芬" in shown
    assert "VOID: noted by mistake" in text_of(client, receipt)
    assert "作废：登记有误" in text_of(client, receipt)
    assert "书包" not in text_of(client, giver)
    assert "No gift is noted." in text_of(client, giver)
    assert [(line.remaining, line.quantity) for line in gift.lines.order_by("pk")] == [(0, 20), (0, 500)]
    kept = Entry.objects.filter(kind="void").order_by("line").values_list("quantity", "why", "handler", "counter")
    assert list(kept) == [(-20, *WHY.values()), (-500, *WHY.values())]
    assert counted(community) == [0, 0]
    for address, numbers in (("gifts:drives", ["0", "0", "5,000"]), ("gifts:givers", ["0"])):  # 5,000: the target
        row = BeautifulSoup(client.get(reverse(address)).content, "html.parser").select_one("tbody tr")
        assert sorted(cell.get_text(strip=True) for cell in row.select("td.num")) == numbers, address
    assert "noted by mistake" in text_of(client, reverse("gifts:gifts"))
    assert "书包" not in text_of(client, reverse("gifts:stock") + "?show=used_up")
    assert TrailEntry.objects.about(gift).filter(verb="voided a gift", actor=director).count() == 1


def test_what_is_voided_is_neither_voided_again_nor_counted_nor_given_out(gift, director, community, signed_in):
    giving.void(gift, **WHY, by=director)
    line, child = gift.lines.get(kind="goods"), left_behind_child(community)
    for act in (
        lambda: giving.void(Gift.objects.get(pk=gift.pk), **WHY, by=director),
        lambda: giving.put_right(line, counted=3, seen=0, **WHY, by=director),
        lambda: giving.hand_out_to_children(line, [(child, "家长")], to="child", quantity=1, on=today(), by=director),
    ):
        with pytest.raises(Refused):
            act()
    assert GiftLine.objects.get(pk=line.pk).remaining == 0
    assert "Note what was counted" not in text_of(signed_in(director), line.get_absolute_url())


def test_a_gift_of_which_something_left_the_stock_was_no_mistake(gift, director, community, signed_in):
    client, words = signed_in(director), "Noted by mistake?"
    assert words in text_of(client, gift.get_absolute_url())
    line, child = gift.lines.get(kind="goods"), left_behind_child(community)
    one = giving.hand_out_to_children(line, [(child, "家长")], to="child", quantity=1, on=today(), by=director)[0]
    assert words not in text_of(client, gift.get_absolute_url())
    with pytest.raises(Refused, match="given out or counted anew"):
        giving.void(gift, **WHY, by=director)
    assert statement_of(Gift.objects.filter(pk=gift.pk)).lines[0].left == 19
    giving.take_back(one, why="发错", by=director)
    giving.void(gift, **WHY, by=director)
    assert statement_of(Gift.objects.filter(pk=gift.pk)).is_empty


def test_what_was_counted_back_may_still_be_with_a_child(gift, director, community, signed_in):
    line, child = gift.lines.get(kind="goods"), left_behind_child(community)
    giving.hand_out_to_children(line, [(child, "家长")], to="child", quantity=2, on=today(), by=director)
    giving.put_right(line, counted=20, seen=18, **WHY, by=director)
    assert GiftLine.objects.get(pk=line.pk).remaining == 20
    assert "Noted by mistake?" not in text_of(signed_in(director), gift.get_absolute_url())
    with pytest.raises(Refused, match="given out or counted anew"):
        giving.void(gift, **WHY, by=director)


def test_a_street_looks_and_another_community_finds_nothing(gift, supervisor, stranger, signed_in):
    void = reverse("gifts:void", args=[gift.pk])
    assert "Noted by mistake?" not in text_of(signed_in(supervisor), gift.get_absolute_url())
    for who in (supervisor, stranger):
        assert signed_in(who).post(void, WHY).status_code == 404
    assert not Entry.objects.filter(kind="void").exists()


def test_the_database_asks_for_two_people_and_once(gift, director):
    line = gift.lines.get(kind="goods")
    facts = {"line": line, "community_id": line.community_id, "kind": "void", "on": today(), "noted_by": director}
    with pytest.raises(IntegrityError, match="two_people_put_the_ledger_right"), transaction.atomic():
        Entry.objects.create(**facts, quantity=-1)
    with pytest.raises(IntegrityError, match="what_goes_out_is_below_nought"), transaction.atomic():
        Entry.objects.create(**facts, **WHY, quantity=1)
    Entry.objects.create(**facts, **WHY, quantity=-1)
    with pytest.raises(IntegrityError, match="a_thing_is_voided_once"), transaction.atomic():
        Entry.objects.create(**facts, **WHY, quantity=-1)
