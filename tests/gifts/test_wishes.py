"""A small wish from the file to a giver and back, without telling who the child is."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from children import caring, transfer
from children.caring import note_wish
from children.consenting import give_consent, withdraw_consent
from children.models import Wish
from gifts import giving, wishing
from gifts.models import WishCard
from records.lifecycle import Refused
from tests.children.factories import left_behind_child, offered
from tests.children.pages import filled, soup, words
from tests.gifts.factories import a_gift, a_giver, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def child(community, director):
    born = today() - dt.timedelta(days=10 * 366)
    child = left_behind_child(community, name="陈小雨", school="第一小学", birth_date=born)
    give_consent(child, "publicity", given_by="王秀英", on=today(), by=director)
    return child


@pytest.fixture
def wish(child, director):
    return note_wish(child, text="陈小雨想要一个书包", by=director)


@pytest.fixture
def card(wish, director):
    return wishing.write_card(wish, "想要一个书包", by=director)


@pytest.fixture
def shown(card, director):
    wishing.show(card, seen=card.text, by=director)
    return card


@pytest.fixture
def taken(shown, community, director):
    wishing.take(shown, a_giver(community), by=director)
    return shown


def handed(child, by):
    line = a_gift(child.community, by, received_on=today()).lines.get()
    return giving.hand_out_to_children(line, [(child, "王秀英")], to="child", quantity=1, on=today(), by=by)[0]


def press(client, page, path, **typed):
    form = soup(page).find("form", action=path)
    data = {tag["name"]: tag.get("value", "") for tag in form.find_all("input") if tag.get("type") == "hidden"}
    return client.post(path, {**data, **typed}, follow=True)


def test_from_the_file_to_the_poster_and_fulfilled(signed_in, director, child, wish, community):
    client, giver = signed_in(director), a_giver(community)
    assert "陈小雨" in words(client.get(reverse("gifts:wishes"), {"show": "open"}))
    url = reverse("gifts:write", args=[wish.pk])
    page = client.post(url, filled(client.get(url)))
    assert "names the child" in words(page) and not WishCard.objects.exists()
    page = client.post(url, filled(page, text="想要一个书包"), follow=True)
    card = WishCard.objects.get()
    own = card.get_absolute_url()
    page = press(client, page, f"{own}show/")
    poster = client.get(reverse("papers", args=["wish_poster"]), {"keys": str(card.pk)}).content.decode()
    assert "想要一个书包" in poster and "9–11" in poster
    assert not any(told in poster for told in ("陈小雨", child.number, "第一小学", "王秀英"))
    page = press(client, page, f"{own}take/", giver=giver.pk)
    assert "First note the giver" in words(page)
    hand_out = handed(child, director)
    page = press(client, client.get(own), f"{own}fulfil/", hand_out=hand_out.pk)
    assert WishCard.objects.get().status == "fulfilled"
    wish.refresh_from_db()
    assert (wish.status, wish.fulfilled_by) == ("fulfilled", "")  # who gave it stands with the card
    with pytest.raises(Refused, match="not taken back"):
        giving.take_back(hand_out, why="写错了", by=director)
    assert "fulfilled" in words(client.get(reverse("gifts:wishes"), {"show": "over"}))


def test_what_the_family_got_fulfils_the_wish_of_a_sister(taken, child, community, director):
    sister = left_behind_child(community, household=child.household, name="陈小花")
    line = a_gift(community, director, received_on=today()).lines.get()
    own = giving.hand_out_to_children(line, [(sister, "王秀英")], to="child", quantity=1, on=today(), by=director)[0]
    to_all = giving.hand_out_to_children(line, [(sister, "王秀英")], to="family", quantity=1, on=today(), by=director)[
        0
    ]
    with pytest.raises(Refused, match="to this child or its family after the wish was taken"):
        wishing.fulfil(taken, own, by=director)
    wishing.fulfil(taken, to_all, by=director)
    taken.refresh_from_db()
    assert taken.status == "fulfilled"


def test_what_was_given_before_the_wish_was_taken_fulfils_nothing(taken, child, director):
    hand_out = handed(child, director)
    WishCard.objects.update(taken_on=today() + dt.timedelta(days=1))
    taken.refresh_from_db()
    with pytest.raises(Refused, match="after the wish was taken"):
        wishing.fulfil(taken, hand_out, by=director)


def test_only_the_words_that_were_read_are_shown(director, card):
    read = card.text
    wishing.rewrite(card, "想要一双红色的球鞋", seen=read, by=director)
    with pytest.raises(Refused, match="meanwhile"):
        wishing.show(card, seen=read, by=director)
    with pytest.raises(Refused, match="meanwhile"):
        wishing.rewrite(card, "想要一本书", seen=read, by=director)
    card.refresh_from_db()
    assert (card.status, card.text) == ("written", "想要一双红色的球鞋")


def test_of_a_closed_file_nothing_is_shown(director, child, card):
    type(child).objects.filter(pk=child.pk).update(left_on=today(), left_reason="moved_out")
    with pytest.raises(Refused, match="closed"):
        wishing.show(card, seen=card.text, by=director)


def test_a_card_names_no_brother_and_no_address(director, child, wish, community):
    type(child.household).objects.filter(pk=child.household_id).update(address="恩和路 3 号楼 201")
    left_behind_child(community, household=child.household, name="陈小明")
    for told in ("给弟弟小明买书包", "请送到恩和路3号楼201"):
        with pytest.raises(Refused, match="names the child"):
            wishing.write_card(Wish.objects.get(pk=wish.pk), told, by=director)


def test_without_consent_it_is_not_shown_and_comes_down_at_once(director, child, card):
    consent = child.consents.in_force().get(purpose="publicity")
    wishing.show(card, seen=card.text, by=director)
    withdraw_consent(consent, by=director)
    card.refresh_from_db()
    assert (card.status, card.shown_on) == ("written", None) and card.why
    with pytest.raises(Refused, match="no consent for publicity"):
        wishing.show(card, seen=card.text, by=director)


def test_a_giver_gives_up_and_it_is_read_again(signed_in, director, taken):
    client, own = signed_in(director), taken.get_absolute_url()
    page = press(client, client.get(own), f"{own}give-up/", why="")
    assert "This field is required." in page.content.decode()
    press(client, page, f"{own}give-up/", why="经费不足")
    taken.refresh_from_db()
    assert (taken.status, taken.giver, taken.why) == ("written", None, "经费不足")


def test_a_card_is_ended_with_its_reason_and_another_may_follow(signed_in, director, shown, wish):
    client, own = signed_in(director), shown.get_absolute_url()
    with pytest.raises(Refused, match="already"):
        wishing.write_card(wish, "想要书包", by=director)
    press(client, client.get(own), f"{own}end/", why="已经有了")
    shown.refresh_from_db()
    assert (shown.status, shown.why) == ("ended", "已经有了")
    assert wishing.write_card(wish, "想要书包", by=director).pk != shown.pk


@pytest.mark.parametrize(
    "end", [lambda wish, by: wish.drop(by=by), lambda wish, by: caring.strike(wish, because="记错了", by=by)]
)
def test_what_is_over_on_the_file_is_on_no_poster(end, signed_in, director, shown, wish):
    end(wish, director)
    poster = signed_in(director).get(reverse("papers", args=["wish_poster"]), {"keys": str(shown.pk)})
    assert "想要一个书包" not in poster.content.decode()
    with pytest.raises(Refused, match="no longer open"):
        wishing.take(shown, a_giver(shown.community), by=director)


def test_only_what_the_child_was_given_since_fulfils_it(director, community, taken):
    other = left_behind_child(community, name="李小一")
    with pytest.raises(Refused, match="handed out to this child"):
        wishing.fulfil(taken, handed(other, director), by=director)
    assert WishCard.objects.get().status == "taken"


def test_the_card_ends_with_the_file_or_goes_no_further(director, stranger, child, taken, far_community, signed_in):
    transfer.accept(offered([child], far_community, by=director), by=stranger)
    taken.refresh_from_db()
    assert (taken.status, taken.community) == ("ended", far_community)
    page = signed_in(stranger).get(taken.get_absolute_url())
    assert "晨光文具店" not in page.content.decode()
    assert signed_in(director).get(taken.get_absolute_url()).status_code == 404


def test_the_database_keeps_one_running_card_and_its_giver(director, card, wish):
    with pytest.raises(IntegrityError), transaction.atomic():
        WishCard.objects.create(wish=wish, community_id=wish.community_id, text="x", written_by=director)
    for status in ("taken", "fulfilled"):
        with pytest.raises(IntegrityError), transaction.atomic():
            WishCard.objects.filter(pk=card.pk).update(status=status)


def test_supervisors_read_and_strangers_see_nothing(signed_in, supervisor, stranger, federation, shown):
    own = shown.get_absolute_url()
    assert signed_in(supervisor).get(own).status_code == 200
    assert signed_in(supervisor).post(f"{own}end/", {"why": "x"}).status_code == 404
    for user in (stranger, federation):
        assert signed_in(user).get(own).status_code == 404
    assert Wish.objects.count() == 1


def test_wishes_on_file_are_read_one_community_at_a_time(
    signed_in, director, supervisor, community, sister_community, far_community
):
    for place, text in ((community, "一个足球"), (sister_community, "一盒彩笔"), (far_community, "一本字典")):
        note_wish(left_behind_child(place), text=text, by=director)
    client, first = signed_in(supervisor), min(community.pk, sister_community.pk)
    text_of = {community.pk: "一个足球", sister_community.pk: "一盒彩笔"}
    for chosen in ("", community.pk, sister_community.pk, far_community.pk, "x"):
        page = client.get(reverse("gifts:wishes"), {"show": "open", "community": chosen})
        shown = text_of[chosen if chosen in text_of else first]
        assert [wish.text for wish in page.context["page"]] == [shown]
        kept = soup(page).select_one("form.filter-bar input[type=hidden]")
        assert (kept["name"], kept["value"]) == ("show", "open")
    assert "filter-bar" not in signed_in(director).get(reverse("gifts:wishes"), {"show": "open"}).content.decode()


@pytest.mark.parametrize("show", ["", "open"])
def test_lists_ask_as_much_for_one_row_as_for_three(
    show, signed_in, director, community, django_assert_max_num_queries
):
    client, asked = signed_in(director), []
    client.get(reverse("gifts:wishes"))
    for number in (1, 3):
        for n in range(number):
            child = left_behind_child(community, name=f"李小{number}{n}")
            wishing.write_card(note_wish(child, text="书", by=director), "想要一本书", by=director)
            note_wish(child, text="球", by=director)
        with django_assert_max_num_queries(30) as queries:
            client.get(reverse("gifts:wishes"), {"show": show})
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_a_thing_counts_once(director, community, taken, child):
    """What fulfilled one wish fulfils no other."""
    hand_out = handed(child, director)
    wishing.fulfil(taken, hand_out, by=director)
    second = wishing.write_card(note_wish(child, text="球", by=director), "想要一个球", by=director)
    wishing.show(second, seen=second.text, by=director)
    wishing.take(second, a_giver(community, "另一家"), by=director)
    assert not wishing.may_fulfil(second).exists()
