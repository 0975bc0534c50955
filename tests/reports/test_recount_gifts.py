"""Gifts in and out, and small wishes recounted."""

import random
from decimal import Decimal

import pytest

from children.models import Child, EarlierLeaving, Wish
from gifts.models import Entry, Gift, GiftLine, HandOut, WishCard
from records import measures
from records.measures import Period
from records.scoping import Scope
from tests.children.factories import a_child
from tests.gifts.factories import a_giver
from tests.homes.factories import make_home
from tests.reports.recounting import SEEDS, a_day, a_day_after, all_communities, compare_all, inside, recounts
from tests.volunteers.factories import days

pytestmark = pytest.mark.django_db
KEYS = ["gifts_received", "gifts_of_money", "hand_outs_made", "children_given_gifts", "wishes_fulfilled"]
MISTAKEN = ("mistake", "merged", "erased")


@pytest.fixture(params=SEEDS)
def places(request, community, sister_community, far_community, director):
    """Money and things received at random, given to children, families and Homes, now and then taken back; families
    with a sister who left, came back, or whose file was a mistake or merged into another; wishes of every state."""
    chance = random.Random(request.param)
    places = all_communities(community, sister_community, far_community)
    for place in places:
        families = [_siblings(chance, place) for _n in range(5)]
        lines = _gifts(chance, place, director)
        home = make_home(place)
        for line in lines:
            for _n in range(chance.randint(1, 3)):
                _a_hand_out(chance, line, home, chance.choice(families), director)
        _wishes(chance, place, families, director)
    return places


def _siblings(chance, place):
    """Brothers and sisters; the first is open all the time."""
    first = a_child(place)
    children = [first]
    for _n in range(3):
        registered = a_day(chance, -400, 0)
        child = a_child(place, first.household, registered_on=registered)
        if chance.random() < 0.7:
            left = a_day_after(chance, registered, 0)
            reason = chance.choice(["moved_out", "adult", *MISTAKEN])
            if reason == "moved_out" and chance.random() < 0.5:
                returned = a_day_after(chance, left, 0)
                EarlierLeaving.objects.create(
                    child=child, community=place, left_on=left, left_reason=reason, returned_on=returned
                )
            else:
                into = first if reason == "merged" else None
                Child.objects.filter(pk=child.pk).update(left_on=left, left_reason=reason, merged_into=into)
        children.append(child)
    return children


def _gifts(chance, place, by):
    giver = a_giver(place)
    for _n in range(12):
        gift = Gift.objects.create(
            **{"community": place, "giver": chance.choice([giver, None]), "received_on": a_day(chance, -230, 0)},
            voided_on=chance.choice([None, None, None, days(0)]),
            **{"purpose": "学习用品", "handler": "王敏", "counter": "钱淑芬", "noted_by": by},
        )
        for _m in range(chance.randint(1, 2)):
            money = {"kind": "money", "quantity": Decimal(chance.choice(["0.40", "100.60", "33.33"])), "unit_price": 1}
            thing = {"kind": "goods", "what": "书包", "unit": "个", "quantity": 9}
            line = GiftLine.objects.create(community=place, gift=gift, **chance.choice([money, thing]))
            Entry.objects.create(**_entry(line, "in", line.quantity, gift.received_on, by))
            if not gift.voided_on:
                yield line


def _entry(line, kind, quantity, on, by, **details):
    facts = {"community_id": line.community_id, "line": line, "kind": kind, "quantity": quantity}
    return {**facts, "on": on, "noted_by": by, **details}


def _a_hand_out(chance, line, home, children, by):
    on = a_day_after(chance, line.gift.received_on, 0)
    entry = Entry.objects.create(**_entry(line, "out", Decimal("-0.10"), on, by))
    to = chance.choice(HandOut.To.values)
    child = chance.choice([child for child in children if not _is_merged(child)])
    whom = {"home": home} if to == "home" else {"child": child}
    HandOut.objects.create(
        community_id=line.community_id, entry=entry, to=to, what="书包", given_on=on, signed_by="王秀英", **whom
    )
    if chance.random() < 0.3:
        Entry.objects.create(**_entry(line, "back", Decimal("0.10"), days(0), by, why="弄错了", corrects=entry))


def _is_merged(child):
    """What a merged file held went to the other one."""
    return Child.objects.get(pk=child.pk).merged_into_id is not None


def _wishes(chance, place, families, by):
    taken = {"giver": a_giver(place, name="蓝天公司"), "taken_on": days(-300)}
    given = [one for one in HandOut.objects.filter(community=place) if one.to != "home" and not _taken_back(one)]
    for status in ["fulfilled"] * 8 + WishCard.Status.values:
        child = chance.choice(families)[0]
        wish = Wish.objects.create(community=place, child=child, text="一个书包", noted_on=days(-300))
        facts = taken if status in ("taken", "fulfilled") else {}
        if status == "fulfilled":
            if not given:
                continue
            facts = {**facts, "entry": given.pop().entry}
        WishCard.objects.create(community=place, wish=wish, text="书包", status=status, written_by=by, **facts)


def _taken_back(hand_out):
    return Entry.objects.filter(corrects=hand_out.entry_id).exists()


@recounts("gifts_received")
def gifts_received(period):
    """A gift is what stands on one receipt, unless it was a mistake."""
    return [gift for gift in Gift.objects.all() if inside(gift.received_on, period) and not gift.voided_on]


@recounts("gifts_of_money", amount=lambda line: line.quantity)
def gifts_of_money(period):
    money = [line for line in GiftLine.objects.select_related("gift") if line.kind == "money"]
    return [line for line in money if inside(line.gift.received_on, period) and not line.gift.voided_on]


@recounts("hand_outs_made", to=lambda hand_out, period: hand_out.to)
def hand_outs_made(period):
    given = [one for one in HandOut.objects.all() if inside(one.given_on, period)]
    return [one for one in given if not _taken_back(one)]


def on_register(child, day):
    if child.registered_on > day or (child.left_on and child.left_on <= day):
        return False
    return not any(gap.left_on <= day < gap.returned_on for gap in child.earlier_leavings.all())


@recounts("children_given_gifts")
def children_given_gifts(period):
    """What a family was given reaches the children on the register that day; a file that is no child of its own is
    none of them."""
    given = [one for one in hand_outs_made(period) if one.child_id]
    named = {one.child_id for one in given}
    to_family = [(one.child.household_id, one.given_on) for one in given if one.to == "family"]

    def is_of_a_family(child):
        reached = [day for household, day in to_family if household == child.household_id and on_register(child, day)]
        return bool(reached) and child.left_reason not in MISTAKEN

    children = Child.objects.prefetch_related("earlier_leavings")
    return [child for child in children if child.pk in named or is_of_a_family(child)]


@recounts("wishes_fulfilled")
def wishes_fulfilled(period):
    fulfilled = [card for card in WishCard.objects.select_related("entry") if card.status == "fulfilled"]
    return [card for card in fulfilled if inside(card.entry.on, period)]


def test_gifts_and_wishes_are_counted_as_a_plain_recount_counts_them(places):
    compare_all(KEYS, places)


def test_a_gift_to_a_family_reaches_each_child_of_it_once(community, director):
    """Two files of one child are one child after they were merged, and who had left was given nothing."""
    kept = a_child(community)
    twin = a_child(community, kept.household)
    gone = a_child(community, kept.household)
    Child.objects.filter(pk=twin.pk).update(left_on=days(0), left_reason="merged", merged_into=kept)
    Child.objects.filter(pk=gone.pk).update(left_on=days(-30), left_reason="moved_out")
    gift = Gift.objects.create(
        community=community, received_on=days(-9), purpose="学习", handler="王敏", counter="钱淑芬", noted_by=director
    )
    line = GiftLine.objects.create(community=community, gift=gift, what="书包", unit="个", quantity=9)
    Entry.objects.create(**_entry(line, "in", 9, days(-9), director))
    entry = Entry.objects.create(**_entry(line, "out", -1, days(-5), director))
    HandOut.objects.create(
        **{"community": community, "entry": entry, "to": "family", "child": kept, "what": "书包"},
        **{"given_on": days(-5), "signed_by": "王秀英"},
    )
    one = measures.get("children_given_gifts")
    assert list(one.rows(Scope.of(community.pk), Period(days(-9), days(0)))) == [kept]
