"""The ledger always balances: whatever is tried, and however many try it at once."""

from decimal import Decimal

import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from children.caring import note_wish
from children.consenting import give_consent
from gifts import giving, wishing
from gifts.models import Entry, Gift, GiftLine, Giver, HandOut, WishCard
from gifts.receiving import add_giver
from homes.models import Home
from records.lifecycle import Refused
from tests.children.factories import left_behind_child
from tests.gifts.factories import a_gift, a_giver, a_thing, today
from tests.homes.factories import make_home as a_home
from tests.records.threads import at_once

SOME = st.integers(1, 900).map(lambda number: Decimal(number) / 100)
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("child"), SOME),
        st.tuples(st.just("home"), SOME),
        st.tuples(st.just("back"), st.integers(0, 20)),
        st.tuples(st.just("count"), SOME),
        st.tuples(st.just("void"), st.just(0)),
    ),
    max_size=25,
)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(quantity=SOME, acts=ACTS)
def test_every_unit_is_accounted_for(quantity, acts, community, director):
    """What came in = what is left + what is out with somebody + what was written off − what was found, or was a
    mistake as a whole."""
    child = left_behind_child(community)
    home = community_home(community)
    line = a_gift(community, director, a_thing(quantity=quantity)).lines.get()
    expected = quantity
    for act, number in acts:
        try:
            expected = tried(act, number, line, child, home, director, expected)
        except Refused:
            pass
        left = GiftLine.objects.get(pk=line.pk).remaining
        assert left == expected >= 0
    sums = dict(Entry.objects.filter(line=line).order_by().values_list("kind").annotate(Sum("quantity")))
    out = -sums.get("out", 0) - sums.get("back", 0)
    assert sums["in"] == quantity
    assert sums["in"] == left_of(line) + out - sums.get("off", 0) - sums.get("found", 0) - sums.get("void", 0)
    assert sums.get("void", 0) in (0, -quantity)
    assert (left_of(line), out) == (0, 0) or "void" not in sums
    standing = HandOut.objects.standing().filter(entry__line=line).aggregate(out=Sum("entry__quantity"))["out"] or 0
    assert -standing == out


def community_home(community):
    return Home.objects.filter(community=community).first() or a_home(community)


def left_of(line):
    return GiftLine.objects.get(pk=line.pk).remaining


def tried(act, number, line, child, home, by, left):
    day = {"on": today(), "by": by}
    if act == "child":
        giving.hand_out_to_children(line, [(child, "家长")], to="child", quantity=number, **day)
        return left - number
    if act == "home":
        giving.hand_out_to_home(line, home, quantity=number, signed_by="钱淑芬", **day)
        return left - number
    if act == "back":
        given_out = list(HandOut.objects.filter(entry__line=line).order_by("pk"))
        if not given_out:
            return left
        one = given_out[number % len(given_out)]
        giving.take_back(one, why="退回", by=by)
        return left - one.entry.quantity
    if act == "void":
        giving.void(Gift.objects.get(pk=line.gift_id), why="重复登记", handler="王敏", counter="钱淑芬", by=by)
        return Decimal(0)
    giving.put_right(line, counted=number, seen=left, why="清点", handler="王敏", counter="钱淑芬", by=by)
    return number


def outcome(act):
    def attempt():
        try:
            act()
        except Refused:
            return "refused"
        return "done"

    return attempt


@pytest.mark.django_db(transaction=True)
def test_the_last_one_goes_to_one_child(community, director):
    line = a_gift(community, director, a_thing(quantity=1)).lines.get()
    children = [left_behind_child(community, name=f"李小{n}") for n in "一二三四"]
    details = {"to": "child", "quantity": 1, "on": today(), "by": director}
    acts = [
        outcome(lambda child=child: giving.hand_out_to_children(line, [(child, "家长")], **details))
        for child in children
    ]
    assert sorted(at_once(*acts)) == ["done", "refused", "refused", "refused"]
    assert (left_of(line), HandOut.objects.count()) == (0, 1)


@pytest.mark.django_db(transaction=True)
def test_it_is_taken_back_once_though_two_try(community, director):
    line = a_gift(community, director, a_thing(quantity=5)).lines.get()
    child = left_behind_child(community)
    one = giving.hand_out_to_children(line, [(child, "家长")], to="child", quantity=2, on=today(), by=director)[0]
    acts = [outcome(lambda: giving.take_back(HandOut.objects.get(pk=one.pk), why="退回", by=director))] * 2
    assert sorted(at_once(*acts)) == ["done", "refused"]
    assert left_of(line) == 5


@pytest.mark.django_db(transaction=True)
def test_two_enter_the_same_giver_and_one_is_told(community, director):
    acts = [outcome(lambda: add_giver(Giver(community_id=community.pk, kind="firm", name="晨光"), by=director))] * 2
    assert sorted(at_once(*acts)) == ["done", "refused"]


@pytest.mark.django_db(transaction=True)
def test_what_fulfils_a_wish_fulfils_one_and_is_not_taken_back(community, director):
    child, giver = left_behind_child(community), a_giver(community)
    give_consent(child, "publicity", given_by="王秀英", on=today(), by=director)
    cards = [wishing.write_card(note_wish(child, text=text, by=director), text, by=director) for text in ("书", "球")]
    for card in cards:
        wishing.show(card, seen=card.text, by=director)
        wishing.take(card, giver, by=director)
    line = a_gift(community, director, received_on=today()).lines.get()
    one = giving.hand_out_to_children(line, [(child, "家长")], to="child", quantity=1, on=today(), by=director)[0]
    acts = [
        outcome(lambda key=card.pk: wishing.fulfil(WishCard.objects.get(pk=key), one, by=director)) for card in cards
    ]
    acts.append(outcome(lambda: giving.take_back(HandOut.objects.get(pk=one.pk), why="退回", by=director)))
    assert sorted(at_once(*acts)) == ["done", "refused", "refused"]


@pytest.mark.django_db(transaction=True)
def test_a_gift_is_given_out_or_was_a_mistake_and_not_both(community, director):
    line, child = a_gift(community, director, a_thing(quantity=5)).lines.get(), left_behind_child(community)
    details = {"to": "child", "quantity": 2, "on": today(), "by": director}
    twice = {"why": "重复登记", "handler": "王敏", "counter": "钱淑芬", "by": director}
    void = outcome(lambda: giving.void(Gift.objects.get(pk=line.gift_id), **twice))
    give = outcome(lambda: giving.hand_out_to_children(line, [(child, "家长")], **details))
    assert sorted(at_once(void, give, void)) in (["done", "refused", "refused"],)
    assert left_of(line) in (0, 3)
    assert left_of(line) == (3 if HandOut.objects.exists() else 0)
