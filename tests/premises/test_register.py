"""The asset register: nothing comes in without approval or gift, nothing goes without approval, history stays."""

import pytest
from django.db import IntegrityError, transaction

from gifts import giving
from premises import registering
from premises.models import Asset, AssetNote, AssetRequest
from records.lifecycle import Refused
from records.trail import TrailEntry
from tests.gifts.factories import a_gift, a_giver, a_thing, days_ago, money, today
from tests.premises.factories import a_piece, asked_for, pieces, statuses

pytestmark = pytest.mark.django_db


def history(asset):
    return list(asset.notes.order_by("pk").values_list("kind", flat=True))


def test_from_asking_to_the_label(home, director, supervisor):
    asked = asked_for(home, director, quantity=3)
    with pytest.raises(Refused, match="not approved"):
        registering.check_in_purchase(asked, pieces=1, on=today(), by=director)
    with pytest.raises(Refused, match="Somebody else must decide"):
        asked.approve(by=director)
    asked.approve(remark="好", by=supervisor)
    first = registering.check_in_purchase(asked, pieces=2, place="窗边", unit_price=80, on=today(), by=director)
    assert [(one.code, one.name, one.place, one.status) for one in first] == [
        (f"{home.pk}-0001", "书桌", "窗边", "in_use"),
        (f"{home.pk}-0002", "书桌", "窗边", "in_use"),
    ]
    assert AssetRequest.objects.get().status == "approved"
    with pytest.raises(Refused, match="Only 1 of them"):
        registering.check_in_purchase(asked, pieces=2, on=today(), by=director)
    registering.check_in_purchase(asked, pieces=1, on=today(), by=director)
    assert AssetRequest.objects.get().status == "received"
    assert statuses(home) == {1: "in_use", 2: "in_use", 3: "in_use"}
    assert history(first[0]) == ["checked_in"]
    assert TrailEntry.objects.filter(verb="checked equipment in").count() == 3


def test_who_asks_never_decides_not_even_past_the_verbs(home, director):
    asked = asked_for(home, director)
    with pytest.raises(IntegrityError, match="who_asks_for_equipment_does_not_approve_it"), transaction.atomic():
        AssetRequest.objects.filter(pk=asked.pk).update(status="approved", decided_by=director, decided_on=today())


def test_a_refusal_has_words_and_ends_the_request(home, director, supervisor):
    asked = asked_for(home, director)
    with pytest.raises(Refused, match="Say why it is refused"):
        asked.refuse(remark="", by=supervisor)
    asked.refuse(remark="先修旧的", by=supervisor)
    with pytest.raises(Refused, match="cannot become"):
        asked.approve(by=supervisor)
    with pytest.raises(Refused):
        asked.withdraw(by=director)


def test_what_is_not_bought_after_all_is_closed_and_what_came_stays(home, director, supervisor):
    none_came, some_came = asked_for(home, director), asked_for(home, director)
    none_came.approve(by=supervisor), some_came.approve(by=supervisor)
    registering.check_in_purchase(some_came, pieces=1, on=today(), by=director)
    none_came.withdraw(by=director), some_came.withdraw(by=director)
    assert [none_came.status, some_came.status] == ["withdrawn", "received"]
    assert home.assets.count() == 1


def test_a_gift_handed_to_the_home_is_checked_in_once(home, community, director):
    gift = a_gift(community, director, a_thing("足球", 5), money(100), giver=a_giver(community))
    balls, cash = gift.lines.order_by("pk")
    assert registering.given_to(home) == []
    out = giving.hand_out_to_home(balls, home, quantity=3, on=days_ago(1), signed_by="王敏", by=director)
    giving.hand_out_to_home(cash, home, quantity=50, on=days_ago(1), signed_by="王敏", by=director)
    (waiting,) = registering.given_to(home)
    assert (waiting.line.name, waiting.pieces) == ("足球", 3)
    with pytest.raises(Refused, match="after that day"):
        registering.check_in_gift(home, waiting, pieces=1, kind="sport", on=days_ago(2), by=director)
    made = registering.check_in_gift(home, waiting, pieces=2, kind="sport", on=today(), by=director)
    assert [(one.name, one.origin, one.entry_id, one.unit_price) for one in made] == [
        ("足球", "gift", out.entry_id, 60),
        ("足球", "gift", out.entry_id, 60),
    ]
    with pytest.raises(Refused, match="Only 1 of them"):
        registering.check_in_gift(home, waiting, pieces=2, kind="sport", on=today(), by=director)
    registering.check_in_gift(home, waiting, pieces=1, kind="sport", on=today(), by=director)
    assert registering.given_to(home) == []


def test_a_gift_taken_back_or_of_another_home_is_not_checked_in(home, far_home, community, director):
    balls = a_gift(community, director, a_thing("足球", 5)).lines.get()
    out = giving.hand_out_to_home(balls, home, quantity=3, on=today(), signed_by="王敏", by=director)
    assert registering.given_to(far_home) == []
    with pytest.raises(Refused, match="Only 0"):
        registering.check_in_gift(far_home, out.entry, pieces=1, kind="sport", on=today(), by=director)
    giving.take_back(out, why="记错了", by=director)
    assert registering.given_to(home) == []
    with pytest.raises(Refused, match="Only 0"):
        registering.check_in_gift(home, out.entry, pieces=1, kind="sport", on=today(), by=director)


def test_a_piece_goes_its_way_and_every_step_is_kept(home, director):
    piece = a_piece(home, director)
    for status, words in [("broken", "封面掉了"), ("in_use", "补好了"), ("lent", "借给学校"), ("missing", "没还")]:
        piece.turn(status, words=words, by=director)
    with pytest.raises(Refused, match="cannot become"):
        piece.turn("lent", by=director)
    assert history(piece) == ["checked_in", "broken", "in_use", "lent", "missing"]
    assert list(piece.notes.order_by("pk").values_list("words", flat=True))[1:] == [
        "封面掉了", "补好了", "借给学校", "没还"
    ]  # fmt: skip


def test_scrapping_is_asked_with_a_reason_and_decided_by_another(home, director, supervisor):
    piece = a_piece(home, director)
    with pytest.raises(Refused, match="Say why"):
        piece.ask_to_scrap(reason="", by=director)
    piece.turn("broken", by=director)
    piece.ask_to_scrap(reason="修不好", by=director)
    with pytest.raises(Refused, match="Somebody else"):
        piece.scrap(seen=piece.newest_note(), by=director)
    with pytest.raises(Refused, match="changed meanwhile"):
        piece.scrap(seen=piece.newest_note() - 1, by=supervisor)
    piece.scrap(seen=piece.newest_note(), by=supervisor)
    stored = Asset.objects.get()
    assert (stored.status, stored.scrapped_by, stored.scrap_reason) == ("scrapped", supervisor, "修不好")
    assert history(piece) == ["checked_in", "broken", "asked", "scrapped"]
    with pytest.raises(Refused):
        stored.turn("in_use", by=director)
    with pytest.raises(Refused, match="not changed any more"):
        registering.change(stored, name="别的", place="", unit_price=None, seen=stored.newest_note(), by=director)


@pytest.mark.parametrize("before", ["in_use", "broken", "missing"])
def test_what_may_not_be_scrapped_is_again_what_it_was(home, director, supervisor, before):
    piece = a_piece(home, director)
    if before != "in_use":
        piece.turn(before, by=director)
    piece.ask_to_scrap(reason="旧了", by=director)
    piece.keep(seen=piece.newest_note(), remark="还能用", by=supervisor)
    stored = Asset.objects.get()
    assert (stored.status, stored.scrap_reason, stored.scrap_asked_by) == (before, "", None)
    assert history(piece)[-2:] == ["asked", "kept"]


def test_the_approval_is_of_the_reason_that_was_read(home, director, supervisor):
    """Refused and asked again with another reason meanwhile: the first reading decides nothing."""
    piece = a_piece(home, director)
    piece.ask_to_scrap(reason="旧了", by=director)
    read = piece.newest_note()
    piece.keep(seen=read, remark="", by=supervisor)
    piece.ask_to_scrap(reason="丢了", by=director)
    with pytest.raises(Refused, match="changed meanwhile"):
        piece.scrap(seen=read, by=supervisor)


def test_an_entry_is_put_right_by_whoever_saw_it_as_it_is(home, director):
    piece = a_piece(home, director)
    seen = piece.newest_note()
    registering.change(piece, name="小王子（精装）", place="书架", unit_price=30, seen=seen, by=director)
    with pytest.raises(Refused, match="changed meanwhile"):
        registering.change(piece, name="x", place="", unit_price=None, seen=seen, by=director)
    stored = Asset.objects.get()
    assert (stored.name, stored.place, stored.unit_price) == ("小王子（精装）", "书架", 30)
    assert AssetNote.objects.filter(kind="changed").count() == 1


def test_a_closed_home_takes_nothing_in(home, director):
    home.close(by=director, on=today())
    for act in (lambda: a_piece(home, director), lambda: asked_for(home, director)):
        with pytest.raises(Refused, match="closed"):
            act()


def test_numbers_go_on_after_each_other_in_each_home(home, far_home, director, stranger):
    pieces(home, director, number=2), pieces(far_home, stranger, number=1), pieces(home, director, number=1)
    assert list(home.assets.values_list("number", flat=True)) == [1, 2, 3]
    assert list(far_home.assets.values_list("number", flat=True)) == [1]


@pytest.mark.parametrize("number", [0, 201])
def test_so_many_pieces_at_a_time(home, director, number):
    with pytest.raises(Refused, match="1 to 200"):
        pieces(home, director, number=number)
