"""The log of cards issued: exactly the community's lines, a pile handed over at once, cards printed again."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from children.models import Away
from communities.models import Posting, User
from guardianship import card_log, issuing
from guardianship.models import Card
from records.trail import TrailEntry
from tests.children.factories import left_behind_child
from tests.children.pages import soup, words
from tests.conftest import freshly_signed_in
from tests.records.exported import table

pytestmark = pytest.mark.django_db
LOG = "guardianship:card_log"


def moved_back(card, days):
    Card.objects.filter(pk=card.pk).update(issued_at=timezone.now() - dt.timedelta(days=days))


def keys_on(page):
    """The cards of the lines, in their order."""
    return [line.card.pk for line in page.context["lines"]]


def sent(browser, cards, query="", **data):
    token = {"once_token": data.pop("once_token", str(uuid.uuid4()))}
    keys = [getattr(card, "pk", card) for card in cards]
    return browser.post(reverse(LOG) + query, {"card": keys, **token, **data})


def handed_to():
    return dict(Card.objects.exclude(handed_on=None).values_list("pk", "handed_to"))


# What is shown


def test_the_log_holds_the_communitys_cards_alone_the_newest_first(cards, director, signed_in):
    page = signed_in(director).get(reverse(LOG))
    in_order = ["newer", "replaced", "stale", "given", "waiting"]
    assert keys_on(page) == [cards[name].pk for name in in_order]
    lines = [
        [cell.get_text(" ", strip=True) for cell in line.find_all("td")][2:]
        for line in soup(page).select("main tbody tr")
    ]
    day = timezone.localdate().isoformat()
    assert [(line[0], line[1], line[3]) for line in lines] == [
        ("换新", "第4网格", "director"),
        ("换新", "第4网格", "director"),
        ("过时", "第3网格", "director"),
        ("已领", "第2网格", "director"),
        ("等待", "第1网格", "director"),
    ]
    assert "Family phone card, edition 2 up to date" in lines[0][2] and "not handed over yet" in lines[0][4]
    assert lines[1][2] == "Family phone card, edition 1 replaced" and lines[1][4] == "—"
    assert "Parent contact card, edition 1 out of date Issue a new one" in lines[2][2]
    assert lines[3][2] == "Parent contact card, edition 1 up to date" and lines[3][4] == f"handed to 王秀英 on {day}"
    assert "别处" not in page.content.decode()
    file = reverse("children:file", args=[cards["given"].child_id]) + "?tab=family"
    assert soup(page).select(f'main tbody a[href="{file}"]')


def test_the_pages_of_cards_lead_to_the_log_and_it_leads_back(cards, director, signed_in):
    browser = signed_in(director)
    assert soup(browser.get(reverse("guardianship:cards"))).find("a", href=reverse(LOG))
    assert soup(browser.get(reverse(LOG))).find("a", href=reverse("guardianship:cards"))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?show=kept", ["newer", "stale", "waiting"]),
        ("?show=stale", ["stale"]),
        ("?show=replaced", ["replaced"]),
        ("?kind=contact", ["stale", "given"]),
        ("?kind=phone&show=kept", ["newer", "waiting"]),
        (
            "?show=x&kind=x&start=0000-00-00&end=x&community=x&after=9_x",
            ["newer", "replaced", "stale", "given", "waiting"],
        ),
        (f"?after={10**17}_5", ["newer", "replaced", "stale", "given", "waiting"]),
        (f"?after={10**17}5_5", ["newer", "replaced", "stale", "given", "waiting"]),
    ],
)
def test_the_log_is_narrowed(cards, director, signed_in, query, names):
    assert keys_on(signed_in(director).get(reverse(LOG) + query)) == [cards[name].pk for name in names]


def test_a_span_of_days_counts_both_its_days(cards, director, signed_in):
    for name, days in (("waiting", 3), ("given", 2), ("stale", 1)):
        moved_back(cards[name], days)
    day = lambda back: (timezone.localdate() - dt.timedelta(days=back)).isoformat()  # noqa: E731
    page = signed_in(director).get(reverse(LOG), {"start": day(3), "end": day(2)})
    assert keys_on(page) == [cards["given"].pk, cards["waiting"].pk]
    assert keys_on(signed_in(director).get(reverse(LOG), {"start": day(1)})) == [
        cards[name].pk for name in ("newer", "replaced", "stale")
    ]


def test_a_supervisor_reads_all_communities_of_the_street_and_does_nothing(
    cards, supervisor, sister_community, director, signed_in
):
    sister = issuing.issue([left_behind_child(sister_community, name="邻社区")], ["phone"], by=director)[0]
    browser = signed_in(supervisor)
    page = browser.get(reverse(LOG))
    assert keys_on(page)[0] == sister.pk and len(keys_on(page)) == 6
    assert "体育场社区" in words(page) and "别处" not in page.content.decode()
    assert not soup(page).select("main form[method=post]") and not soup(page).select("input[name=card]")
    assert keys_on(browser.get(reverse(LOG), {"community": sister_community.pk})) == [sister.pk]
    assert sent(browser, [sister], on=timezone.localdate(), to="x").status_code == 404
    assert sister.pk not in handed_to()


def test_the_federation_and_a_far_community_see_nothing_of_it(cards, federation, stranger, elsewhere, signed_in):
    assert signed_in(federation).get(reverse(LOG)).status_code == 404
    assert signed_in(federation).get(reverse("records:export", args=["card_log"])).status_code == 404
    assert keys_on(signed_in(stranger).get(reverse(LOG))) == [elsewhere.pk]


def test_a_federation_post_beside_the_own_one_shows_no_further_card(
    cards, director, district, elsewhere, signed_in, rf
):
    Posting.objects.create(user=director, division=district, role="federation_officer", starts_on=dt.date(2020, 1, 1))
    both = User.objects.get(pk=director.pk)
    page = signed_in(both).get(reverse(LOG) + f"?community={elsewhere.community_id}")
    assert len(keys_on(page)) == 5 and elsewhere.pk not in keys_on(page)
    assert {line[11] for line in table(both, rf, "card_log")[1]} == {"恩和路社区"}


def test_an_empty_log_and_an_empty_filter_say_so(community, director, signed_in):
    browser = signed_in(director)
    assert "Each card that is issued writes its line by itself." in words(browser.get(reverse(LOG)))
    assert "Nothing fits these filters." in words(browser.get(reverse(LOG) + "?show=stale"))


@pytest.mark.parametrize("show", ["", "kept"])
def test_pages_follow_each_other_by_key(community, director, signed_in, monkeypatch, show):
    monkeypatch.setattr(card_log, "PER_PAGE", 2)
    made = issuing.issue([left_behind_child(community) for _n in range(3)], ["phone", "contact"], by=director)
    Card.objects.update(issued_at=timezone.now())  # one moment for all: the key tells them apart
    browser, found, query = signed_in(director), [], f"?show={show}"
    for _n in range(3):
        page = browser.get(reverse(LOG) + query)
        found += keys_on(page)
        query = page.context["next_url"]
    assert found == sorted((card.pk for card in made), reverse=True)
    assert query == "" and "Back to the beginning" in words(page)


def test_pages_of_cards_out_of_date_leave_out_those_that_are_not(community, director, signed_in, monkeypatch):
    monkeypatch.setattr(card_log, "PER_PAGE", 2)
    made = issuing.issue([left_behind_child(community) for _n in range(5)], ["contact"], by=director)
    places = dict(Away.objects.values_list("adult__kinships__child", "place"))
    Away.objects.update(place="广东省深圳市")
    for card in (made[1], made[3]):  # put right since: touched, and yet it says how things are
        Away.objects.filter(adult__kinships__child=card.child_id).update(place=places[card.child_id])
    browser = signed_in(director)
    first = browser.get(reverse(LOG) + "?show=stale")
    rest = browser.get(reverse(LOG) + first.context["next_url"])
    assert [keys_on(first), keys_on(rest)] == [[made[4].pk, made[2].pk], [made[0].pk]]
    assert not rest.context["next_url"]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("query", ["", "?show=stale", "?choose=all"])
def test_the_log_costs_the_same_queries_for_one_and_three(
    community, director, signed_in, count, query, django_assert_num_queries
):
    issuing.issue([left_behind_child(community) for _n in range(count)], ["contact"], by=director)
    Away.objects.update(place="广东省深圳市")
    browser = signed_in(director)
    browser.get(reverse(LOG))
    with django_assert_num_queries(13):
        assert len(keys_on(browser.get(reverse(LOG) + query))) == count


# Handing over


def test_a_pile_is_handed_over_on_one_day(cards, director, signed_in, elsewhere):
    browser, day = signed_in(director), timezone.localdate()
    page = browser.get(reverse(LOG) + "?show=kept&choose=all")
    assert len(soup(page).select("input[name=card][checked]")) == 3
    assert soup(page).find(id="id_to")["value"] == "Caregiver"
    token = soup(page).select_one("form#chosen input[name=once_token]")["value"]
    chosen = [cards["waiting"], cards["newer"]]
    data = {"on": day, "to": "Caregiver", "once_token": token}
    answer = sent(browser, chosen, "?show=kept", **data)
    assert answer.url == reverse(LOG) + "?show=kept"
    assert "Noted: 2 cards are handed over." in words(browser.get(answer.url))
    expected = {chosen[0].pk: "Caregiver", chosen[1].pk: "Caregiver"}
    assert handed_to() == {**expected, cards["given"].pk: "王秀英", elsewhere.pk: "别处领取人"}
    acts = TrailEntry.objects.filter(verb="handed over a card", object_key__in=[str(card.pk) for card in chosen])
    assert {(act.community, tuple(act.fields)) for act in acts} == {
        (chosen[0].community_id, ("handed_on", "handed_to"))
    }
    again = sent(browser, chosen, "?show=kept", **data)
    assert again.url == answer.url and acts.count() == 2
    assert "already been sent" in words(browser.get(again.url))


def test_a_pile_with_one_that_was_handed_over_is_refused_whole_and_keeps_what_was_typed(cards, director, signed_in):
    before = handed_to()
    chosen = [cards["waiting"], cards["given"], cards["newer"]]
    page = sent(signed_in(director), chosen, on=timezone.localdate(), to="李大爷")
    assert handed_to() == before
    text = words(page)
    assert "No handing over is noted. This card has already been handed over: 已领 (Parent contact card)" in text
    assert "等待 (" not in text
    ticked = {int(box["value"]) for box in soup(page).select("input[name=card][checked]")}
    assert ticked == {card.pk for card in chosen}
    assert soup(page).find(id="id_to")["value"] == "李大爷"


def test_an_edition_that_was_replaced_meanwhile_is_handed_over_to_nobody(cards, director, signed_in):
    before = handed_to()
    text = words(sent(signed_in(director), [cards["waiting"], cards["replaced"]], on=timezone.localdate(), to="李大爷"))
    assert "No handing over is noted. A newer card has been issued, so hand over that one" in text
    assert handed_to() == before


@pytest.mark.parametrize(
    ("days", "words_of_it"),
    [(1, "The day of handing over lies in the future."), (-1, "The card was issued after that day: 等待")],
)
def test_a_day_that_cannot_be_is_refused(cards, director, signed_in, days, words_of_it):
    before, day = handed_to(), timezone.localdate() + dt.timedelta(days=days)
    assert words_of_it in words(sent(signed_in(director), [cards["waiting"]], on=day, to="x"))
    assert handed_to() == before


def test_nothing_chosen_nothing_typed_and_a_foreign_card_are_said_to_be_wrong(cards, director, signed_in, elsewhere):
    browser, day, before = signed_in(director), timezone.localdate(), handed_to()
    assert "Choose at least one card." in words(sent(browser, [], on=day, to="x"))
    assert "This field is required." in words(sent(browser, [cards["waiting"]], on=day, to=""))
    for key in (elsewhere.pk, 10**30, "x"):
        page = sent(browser, [cards["waiting"], key], on=day, to="x")
        assert "no longer in this list" in words(page) and "别处" not in page.content.decode()
    assert handed_to() == before


def test_one_card_is_handed_over_from_its_line_and_one_returns_to_the_log(cards, director, signed_in):
    browser = signed_in(director)
    form = soup(browser.get(reverse(LOG) + "?show=kept")).find(
        "form", action=reverse("guardianship:hand_over", args=[cards["waiting"].pk]) + "?show=kept"
    )
    data = {"on": timezone.localdate(), "to": "奶奶", **{i["name"]: i["value"] for i in form.select("[type=hidden]")}}
    assert browser.post(form["action"], data).url == reverse(LOG) + "?show=kept"
    assert handed_to()[cards["waiting"].pk] == "奶奶"
    data.pop("from")
    file = reverse("children:file", args=[cards["newer"].child_id]) + "?tab=family"
    assert browser.post(reverse("guardianship:hand_over", args=[cards["newer"].pk]), data).url == file


def test_of_two_posts_only_the_own_community_can_be_chosen(cards, two_posts, far_street, elsewhere):
    page = two_posts.get(reverse(LOG))
    assert len(keys_on(page)) == 6
    ticks = {int(box["value"]) for box in soup(page).select("input[name=card]")}
    assert ticks == {cards[name].pk for name in ("waiting", "given", "stale", "newer")}
    sent(two_posts, [elsewhere], on=timezone.localdate(), to="x")
    assert handed_to()[elsewhere.pk] == "别处领取人"


# Printing again


@pytest.mark.parametrize("size", ["family_cards", "family_cards_small"])
def test_cards_are_printed_again_without_a_new_edition(cards, director, signed_in, size):
    browser, chosen = freshly_signed_in(signed_in(director)), [cards["waiting"], cards["given"]]
    count = Card.objects.count()
    answer = sent(browser, chosen, size=size)
    assert answer.url == reverse("papers", args=[size]) + f"?keys={chosen[0].pk},{chosen[1].pk}"
    paper = browser.get(answer.url)
    assert "等待" in words(paper) and "已领" in words(paper)
    assert Card.objects.count() == count
    assert TrailEntry.objects.filter(verb=f"printed {size}").count() == 2


def test_a_card_out_of_date_is_not_printed_again_and_a_new_one_is_offered(cards, director, signed_in):
    browser = freshly_signed_in(signed_in(director))
    page = sent(browser, [cards["stale"], cards["waiting"], cards["replaced"]], size="family_cards", to="李大爷")
    text = words(page)
    assert (
        "Nothing is printed. Out of date, so a new one must be issued first: 过时 (Parent contact card); "
        "A newer card has been issued, so print that one: 换新 (Family phone card)"
    ) in text
    assert soup(page).find(id="id_to")["value"] == "李大爷"
    form = next(one for one in soup(page).select("main details form") if one["action"] == reverse("guardianship:issue"))
    data = {one["name"]: one["value"] for one in form.select("[type=hidden]")}
    answer = browser.post(form["action"], {**data, "size": "family_cards_small"})
    newest = Card.objects.get(child=cards["stale"].child_id, is_latest=True)
    assert (newest.edition, newest.kind) == (2, "contact")
    assert answer.url == reverse("papers", args=["family_cards_small"]) + f"?keys={newest.pk}"


def test_many_cards_out_of_date_lead_to_where_new_ones_are_issued_together(cards, director, signed_in):
    page = soup(signed_in(director).get(reverse(LOG) + "?show=stale"))
    assert page.find("a", href=reverse("guardianship:cards") + "?show=stale")
    assert len(page.select("a[href*='choose=all']")) == 1
    issuing.hand_over(cards["stale"], on=timezone.localdate(), to="x", by=director)
    assert not soup(signed_in(director).get(reverse(LOG) + "?show=stale")).select("a[href*='choose=all']")


def test_the_file_offers_to_print_a_card_again_unless_it_is_out_of_date(cards, director, signed_in):
    browser = signed_in(director)
    for name, offered in (("waiting", 2), ("given", 2), ("stale", 0), ("newer", 2)):
        page = soup(browser.get(reverse("children:file", args=[cards[name].child_id]) + "?tab=family"))
        assert len(page.select(f'a[href$="?keys={cards[name].pk}"]')) == offered, name
    assert not page.select(f'a[href$="?keys={cards["replaced"].pk}"]')
