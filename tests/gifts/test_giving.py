"""What was given goes out against a signature; the ledger is never changed."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from children import closing, erasing, transfer
from children.guardian_copy import rows_of
from children.models import Child, Transfer
from gifts import giving
from gifts.models import Entry, GiftLine, HandOut
from records.lifecycle import Refused
from records.trail import READ, TrailEntry
from tests.children.factories import left_behind_child, offered
from tests.children.pages import filled, words
from tests.gifts.factories import a_gift, a_thing, days_ago, food, today
from tests.homes.factories import make_home as a_home
from tests.homes.factories import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(community, director):
    return a_gift(community, director, a_thing(quantity=10)).lines.get()


@pytest.fixture
def child(community):
    return left_behind_child(community)


def give(line, child, by, quantity=1, to="child", signed_by="王秀英", on=None):
    return giving.hand_out_to_children(line, [(child, signed_by)], to=to, quantity=quantity, on=on or today(), by=by)[0]


def left(line):
    return GiftLine.objects.get(pk=line.pk).remaining


def test_from_the_stock_to_a_signature_and_the_file(signed_in, director, line, child):
    client = signed_in(director)
    assert "10 个" in words(client.get(reverse("gifts:stock")))
    url = reverse("gifts:give", args=[line.pk])
    page = client.get(url)
    signed = {"child": str(child.pk), f"signed-{child.pk}": "王秀英", "quantity": "2", "to": "child"}
    page = client.post(url, filled(page, **signed), follow=True)
    hand_out = HandOut.objects.get()
    assert (hand_out.child, hand_out.signed_by, hand_out.given_on, hand_out.what) == (
        child,
        "王秀英",
        today(),
        "书包 2 个",
    )
    assert left(line) == 8
    assert child.name in words(page) and "given out" in words(page)
    file = client.get(reverse("children:file", args=[child.pk]) + "?tab=care")
    assert "书包 2 个" in words(file)
    shown = client.get(hand_out.get_absolute_url())
    assert "王秀英" in words(shown)
    assert "书包" in words(client.get(reverse("gifts:ledger")))


def test_who_signs_is_asked_and_what_was_typed_stays(signed_in, director, line, child):
    client, url = signed_in(director), reverse("gifts:give", args=[line.pk])
    typed = {"child": str(child.pk), f"signed-{child.pk}": " ", "quantity": "3", "to": "child"}
    page = client.post(url, filled(client.get(url), **typed))
    assert "Who signed?" in words(page)
    assert not HandOut.objects.exists()
    page = client.post(url, filled(client.get(url), **{**typed, "child": "", f"signed-{child.pk}": "王秀英"}))
    assert "Tick the children" in page.content.decode()


def test_nobody_who_was_ticked_is_dropped_in_silence(signed_in, director, line, child, far_community, community):
    client, url = signed_in(director), reverse("gifts:give", args=[line.pk])
    far = left_behind_child(far_community, name="远方人")
    both = [str(child.pk), str(far.pk)]
    typed = {"child": both, f"signed-{child.pk}": "王秀英", f"signed-{far.pk}": "某", "quantity": "1", "to": "child"}
    page = client.post(url, filled(client.get(url), **typed))
    assert "no longer on the register here" in words(page) and "远方人" not in page.content.decode()
    assert not HandOut.objects.exists()
    other = left_behind_child(community, name="李小一")
    typed = {**typed, "child": [str(child.pk), str(other.pk)], f"signed-{other.pk}": "家长"}
    client.post(f"{url}?q=李小一", filled(client.get(f"{url}?q=李小一"), **typed))
    assert HandOut.objects.count() == 2


def test_many_children_get_all_or_none(director, line, child, community):
    others = [left_behind_child(community, name=f"李小{n}") for n in "一二三"]
    everyone = [(one, "家长") for one in (child, *others)]
    details = {"to": "child", "on": today(), "by": director}
    with pytest.raises(Refused, match="12 个 are needed and 10 个 are there"):
        giving.hand_out_to_children(line, everyone, quantity=3, **details)
    giving.hand_out_to_children(line, everyone, quantity=2, **details)
    assert (left(line), HandOut.objects.count()) == (2, 4)


def test_the_family_reads_it_on_the_file_of_a_brother(signed_in, director, line, child, community):
    brother = left_behind_child(community, household=child.household, name="陈小弟")
    give(line, child, director, to="family")
    page = signed_in(director).get(reverse("children:file", args=[brother.pk]) + "?tab=care")
    assert "书包 1 个" in words(page)


def test_a_hundredth_can_be_given(signed_in, director, community, child):
    line = a_gift(community, director, food(quantity=1)).lines.get()
    client, url = signed_in(director), reverse("gifts:give", args=[line.pk])
    typed = {"child": str(child.pk), f"signed-{child.pk}": "王秀英", "quantity": "0.01", "to": "child"}
    client.post(url, filled(client.get(url), **typed))
    assert left(line) == Decimal("0.99")


def test_looks_at_children_are_on_the_trail(signed_in, director, line, child):
    client, looks = signed_in(director), TrailEntry.objects.filter(verb=READ, object_key=str(child.pk))
    client.get(reverse("gifts:give", args=[line.pk]))
    assert looks.filter(page="gifts:give").count() == 1
    client.get(line.get_absolute_url())
    assert not looks.filter(page="gifts:line").exists()
    give(line, child, director)
    client.get(line.get_absolute_url())
    assert looks.filter(page="gifts:line").count() == 1


def test_to_the_homes_equipment(signed_in, director, line, community):
    home = a_home(community)
    client = signed_in(director)
    page = client.get(line.get_absolute_url())
    typed = {"quantity": "4", "on": str(today()), "signed_by": "钱淑芬"}
    page = client.post(reverse("gifts:give_home", args=[line.pk]), filled(page, 0, **typed), follow=True)
    assert (HandOut.objects.get().home, left(line)) == (home, 6)
    assert home.name in words(page)


def test_what_expired_is_not_given_out(signed_in, director, community, child):
    line = a_gift(community, director, food(left=5), received_on=days_ago(3)).lines.get()
    GiftLine.objects.filter(pk=line.pk).update(expires_on=days_ago(1))
    with pytest.raises(Refused, match="expired on"):
        give(line, child, director)
    give(line, child, director, on=days_ago(1))  # noted late, given in time
    page = signed_in(director).get(line.get_absolute_url())
    assert "Expired: do not give it out" in words(page)
    assert "Give to children" not in words(page)


def test_what_was_signed_for_before_it_expired_is_entered_afterwards(signed_in, director, community, child):
    client, old = signed_in(director), a_gift(community, director, food(left=-1)).lines.get()
    address = reverse("gifts:give", args=[old.pk])
    assert f'href="{address}"' in client.get(old.get_absolute_url()).content.decode()
    page, signed = client.get(address), {"child": str(child.pk), f"signed-{child.pk}": "王秀英", "quantity": "2"}
    assert "This expired on" in words(client.post(address, filled(page, **signed, to="child", on=str(today()))))
    client.post(address, filled(page, **signed, to="child"))
    assert (HandOut.objects.get().given_on, left(old)) == (days_ago(1), 8)


@pytest.mark.parametrize(
    ("details", "said"),
    [
        ({"quantity": 11}, "not so much left"),
        ({"on": days_ago(-1)}, "future"),
        ({"on": days_ago(9)}, "received after that day"),
    ],
)
def test_what_cannot_be_is_refused(director, line, child, details, said):
    with pytest.raises(Refused, match=said):
        give(line, child, director, **details)
    assert left(line) == 10


def test_a_child_of_another_community_gets_nothing_here(director, line, far_community):
    with pytest.raises(Refused, match="another community"):
        give(line, left_behind_child(far_community), director)


def test_it_is_taken_back_once_by_a_counter_entry(signed_in, director, line, child):
    hand_out, client = give(line, child, director, quantity=3), signed_in(director)
    page = client.get(hand_out.get_absolute_url())
    url = reverse("gifts:take_back", args=[hand_out.pk])
    page = client.post(url, filled(page, why="写错了人"), follow=True)
    assert "写错了人" in words(page)
    assert left(line) == 10
    with pytest.raises(Refused, match="already"):
        giving.take_back(HandOut.objects.get(), why="再来", by=director)
    file = client.get(reverse("children:file", args=[child.pk]) + "?tab=care")
    assert "Nothing was handed out" in words(file)


def test_two_people_put_the_ledger_right(signed_in, director, line):
    client = signed_in(director)
    url = reverse("gifts:count", args=[line.pk])
    page = client.get(line.get_absolute_url())
    wrong = {"counted": "7", "why": "受潮", "handler": "王敏", "counter": "王敏"}
    page = client.post(url, filled(page, **wrong))
    assert "Two different people" in page.content.decode() and "受潮" in page.content.decode()
    client.post(url, filled(page, counter="钱淑芬"))
    entry = Entry.objects.get(kind="off")
    assert (entry.quantity, entry.why, entry.counter, left(line)) == (-3, "受潮", "钱淑芬", 7)
    stale = filled(client.get(line.get_absolute_url()), **{**wrong, "counter": "钱淑芬", "counted": "9", "seen": "10"})
    assert "count anew" in client.post(url, stale).content.decode()
    client.post(
        url, filled(client.get(line.get_absolute_url()), counted="9", why="又找到了", handler="王敏", counter="钱淑芬")
    )
    assert (Entry.objects.get(kind="found").quantity, left(line)) == (2, 9)


def test_the_database_keeps_every_entry_and_lets_nothing_below_nought(director, line):
    for act in (
        lambda: Entry.objects.update(quantity=5),
        lambda: Entry.objects.all()._raw_delete("default"),
        lambda: Entry.objects.create(
            line=line, community_id=line.community_id, kind="out", quantity=-11, on=today(), noted_by=director
        ),
        lambda: Entry.objects.create(
            line=line, community_id=line.community_id, kind="in", quantity=1, on=today(), noted_by=director
        ),
        lambda: Entry.objects.create(
            line=line, community_id=line.community_id, kind="off", quantity=-1, on=today(), noted_by=director
        ),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert left(line) == 10


def test_the_signed_sheet_is_kept(signed_in, director, line, child):
    hand_out, client = give(line, child, director), signed_in(director)
    page = client.get(hand_out.get_absolute_url())
    url = reverse("gifts:scan", args=[hand_out.pk])
    sent = filled(page, 0) | {"scan": picture()}
    page = client.post(url, sent, follow=True)
    assert "Show the scan or photo" in words(page)
    assert HandOut.objects.get().scan_id


def test_a_child_that_moved_away_is_named_to_the_new_community_alone(
    signed_in, director, stranger, line, child, far_community
):
    hand_out = give(line, child, director, quantity=2)
    transfer.accept(offered([child], far_community, by=director), by=stranger)
    assert Transfer.objects.count() == 1
    page = signed_in(director).get(line.get_absolute_url())
    assert child.name not in page.content.decode() and "王秀英" not in page.content.decode()
    assert "a child whose file is elsewhere now" in words(page)
    assert signed_in(director).get(hand_out.get_absolute_url()).status_code == 404
    assert left(line) == 8
    there = signed_in(stranger)
    assert "书包 2 个" in words(there.get(reverse("children:file", args=[child.pk]) + "?tab=care"))
    assert "王秀英" in words(there.get(hand_out.get_absolute_url()))
    with pytest.raises(Refused, match="Another community"):
        giving.take_back(HandOut.objects.get(), why="退回", by=stranger)
    with pytest.raises(Refused, match="Another community"):
        giving.add_scan(HandOut.objects.get(), picture(), by=stranger)


def test_erasing_a_file_leaves_the_ledger_whole(director, supervisor, line, child):
    give(line, child, director, quantity=2)
    assert HandOut.objects.get() in rows_of(child)[HandOut]
    erasing.erase(erasing.ask(child, ground="guardian", by=director), by=supervisor)
    hand_out = HandOut.objects.get()
    assert (hand_out.what, hand_out.signed_by) == ("", "")
    assert (left(line), Entry.objects.get(kind="out").quantity) == (8, -2)


@pytest.mark.parametrize("name", ["stock", "ledger", "line", "give", "file"])
def test_pages_ask_as_much_for_one_row_as_for_three(
    name, signed_in, director, community, django_assert_max_num_queries
):
    client, asked = signed_in(director), []
    line = a_gift(community, director, a_thing(quantity=100)).lines.get()
    child = left_behind_child(community)
    url = {
        "line": line.get_absolute_url(),
        "give": reverse("gifts:give", args=[line.pk]),
        "file": reverse("children:file", args=[child.pk]) + "?tab=care",
    }.get(name) or reverse(f"gifts:{name}")
    give(line, child, director)
    client.get(url)
    for number in (1, 3):
        for n in range(number):
            give(line, left_behind_child(community, name=f"李小{number}{n}"), director)
            give(a_gift(community, director).lines.get(), child, director)
        with django_assert_max_num_queries(60) as queries:
            client.get(url)
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_what_was_signed_for_before_a_file_was_closed_is_entered_afterwards(signed_in, director, line, child):
    client, url = signed_in(director), reverse("gifts:give", args=[line.pk])
    closing.leave_register(child, on=days_ago(1), reason="moved_out", by=director)
    page = client.get(url)
    assert "file closed on" in words(page)
    signed = {"child": str(child.pk), f"signed-{child.pk}": "王秀英", "quantity": "1", "to": "child"}
    with translation.override("en"):
        refused = f"was closed on {date_format(days_ago(1))}: after that day"
    assert refused in words(client.post(url, filled(page, **signed, on=str(today()))))
    client.post(url, filled(client.get(url), **signed, on=str(days_ago(2))))
    assert (HandOut.objects.get().child, HandOut.objects.get().given_on) == (child, days_ago(2))


def test_whose_file_was_closed_before_the_gift_came_is_not_offered(signed_in, director, line, child):
    client, url = signed_in(director), reverse("gifts:give", args=[line.pk])
    assert child.name in words(client.get(url))
    Child.objects.filter(pk=child.pk).update(left_on=days_ago(4), left_reason="moved_out")
    assert child.name not in words(client.get(url))
    Child.objects.filter(pk=child.pk).update(left_on=today(), left_reason="erased")
    assert "No child found" in words(client.get(url))
