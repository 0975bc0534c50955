"""Each figure about gifts is exactly the rows meant, of the places asked for and no others."""

import datetime as dt

import pytest

from children.caring import note_wish
from children.consenting import give_consent
from gifts import giving, wishing
from gifts.models import GiftLine
from records import measures
from records.measures import Period
from records.scoping import Scope
from tests.children.factories import left_behind_child
from tests.gifts.factories import a_gift, a_giver, a_thing, days_ago, food, today

pytestmark = pytest.mark.django_db
HERE = {
    *["gifts_expired", "gifts_expiring", "gifts_received", "children_given_gifts"],
    *["wishes_to_be_read", "wishes_taken", "wishes_fulfilled", "gifts_of_money", "hand_outs_made"],
}


@pytest.fixture
def told(community, far_community, director, stranger):
    return {place.pk: a_story(place, by) for place, by in ((community, director), (far_community, stranger))}


def a_story(place, by):
    gift = a_gift(place, by, a_thing(), food("饼干", left=20), food("大米", left=300))
    old = a_gift(place, by, food("牛奶", left=1), received_on=days_ago(100))
    GiftLine.objects.filter(gift=old).update(expires_on=days_ago(1))
    used = a_gift(place, by, food("面粉", left=10, quantity=1), received_on=days_ago(100))
    child, other, back = (left_behind_child(place, name=name) for name in ("陈小雨", "李小一", "李小二"))
    given = {"to": "child", "quantity": 1, "by": by}
    thing = gift.lines.order_by("pk").first()
    made = giving.hand_out_to_children(thing, [(child, "家长"), (back, "家长")], on=today(), **given)
    giving.take_back(made[1], why="写错了", by=by)
    giving.hand_out_to_children(used.lines.get(), [(other, "家长")], on=days_ago(90), **given)
    cards = []
    for text in ("想要书", "想要球", "想要笔"):
        cards.append(wishing.write_card(note_wish(child, text=text, by=by), text, by=by))
    give_consent(child, "publicity", given_by="家长", on=today(), by=by)
    giver = a_giver(place)
    for card in cards[1:]:
        wishing.show(card, seen=card.text, by=by)
        wishing.take(card, giver, by=by)
    wishing.fulfil(cards[2], made[0], by=by)
    return {
        "gifts_expired": list(old.lines.all()),
        "gifts_expiring": [gift.lines.get(what="饼干")],
        "gifts_received": [gift],
        "children_given_gifts": [child],
        "wishes_to_be_read": [cards[0]],
        "wishes_taken": [cards[1]],
        "wishes_fulfilled": [cards[2]],
        "gifts_of_money": [],
        "hand_outs_made": [made[0]],
    }


def keys(rows):
    return sorted(row.pk for row in rows)


def test_each_figure_is_the_rows_meant(told, community, far_community, district):
    period = Period(days_ago(30), today())
    assert {m.key for m in measures.all_measures() if m.rows.__module__ == "gifts.measures"} == HERE
    for key in HERE:
        one = measures.get(key)
        for place, meant in told.items():
            assert keys(one.rows(Scope.of(place), period)) == keys(meant[key]), key
        everywhere = [row for meant in told.values() for row in meant[key]]
        assert keys(one.rows(Scope.of(district.pk), period)) == keys(everywhere), key
        assert sum(one.per_community(Scope.of(district.pk), period).values()) == len(everywhere), key


def test_what_expired_stands_on_the_first_page(told, signed_in, director, supervisor):
    page = signed_in(director).get("/admin/").content.decode()
    assert "Expired food and medicine in stock" in page and "Count and write off" in page
    assert "Count and write off" not in signed_in(supervisor).get("/admin/").content.decode()
    tomorrow = Period.day(today() + dt.timedelta(days=60))
    assert len(measures.get("gifts_expired").rows(Scope.of("150902"), tomorrow)) == 4


def test_what_a_family_was_given_counts_for_each_of_its_children(community, director):
    first = left_behind_child(community, name="陈小雨")
    sister = left_behind_child(community, household=first.household, name="陈小雪")
    left_behind_child(community, name="李小一")
    thing = a_gift(community, director, a_thing()).lines.get()
    giving.hand_out_to_children(thing, [(first, "家长")], to="family", quantity=1, on=today(), by=director)
    given = measures.get("children_given_gifts").rows(Scope.of(community.pk), Period(today(), today()))
    assert keys(given) == keys([first, sister])
