"""Contact and phone cards: issued, printed after the password, handed over, out of date when a printed fact changed."""

import datetime as dt
import re

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from children.models import Adult, Away, Child
from communities.models import Division
from guardianship import issuing
from guardianship.models import Card
from guardianship.printed_facts import facts_of, fingerprint_of, stale_among
from records import measures
from records.lifecycle import Refused
from records.measures import Period
from records.scoping import Scope
from records.trail import TrailEntry
from tests.children.factories import left_behind_child
from tests.children.pages import soup, words
from tests.conftest import freshly_signed_in

pytestmark = pytest.mark.django_db
PHONE, OTHER_PHONE, PHONE_THERE = "13800138000", "13900139000", "13600136000"


@pytest.fixture
def child(community):
    child = left_behind_child(community, class_teacher="刘老师", class_teacher_phone="13700137000", school="第一小学")
    father = child.kinships.get(relation="father").adult
    father.phone = PHONE
    father.save()
    return child


def stale():
    return set(Card.objects.filter(pk__in=stale_among(Card.objects.latest())).values_list("kind", flat=True))


def change_phone(child):
    father = child.kinships.get(relation="father").adult
    father.phone = OTHER_PHONE
    father.save()


def change_phone_there(child):
    stay = child.kinships.get(relation="father").adult.aways.get()
    stay.phone = PHONE_THERE
    stay.save()


def change_work_place(child):
    child.kinships.get(relation="father").adult.aways.update(place="广东省深圳市")


def change_teacher(child):
    type(child).objects.filter(pk=child.pk).update(class_teacher="马老师")


def change_wish(child):
    type(child).objects.filter(pk=child.pk).update(remark="想要一本书", grade="G3", name_pinyin="x")


def change_note(child):
    child.kinships.get(relation="father").adult.aways.update(is_other_county=False)


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        (change_phone, {"contact", "phone"}),
        (change_phone_there, {"contact", "phone"}),
        (change_work_place, {"contact"}),
        (change_teacher, {"contact", "phone"}),
        (change_wish, set()),
        (change_note, set()),
    ],
)
def test_a_card_is_out_of_date_when_and_only_when_a_printed_fact_changed(child, director, change, kinds):
    issuing.issue([child], Card.Kind.values, by=director)
    assert stale() == set()
    change(child)
    assert stale() == kinds


def test_the_number_where_a_parent_works_now_stands_first(child):
    def phones_of_father():
        return facts_of([child.pk])[child.pk].parents[0].phones

    stay = child.kinships.get(relation="father").adult.aways.get()
    assert phones_of_father() == [PHONE]
    change_phone_there(child)
    assert phones_of_father() == [PHONE_THERE, PHONE]
    stay.phone = PHONE
    stay.save()
    assert phones_of_father() == [PHONE], "the same number is printed once"
    change_phone_there(child)
    Away.objects.filter(pk=stay.pk).update(until=timezone.localdate())
    assert phones_of_father() == [PHONE], "nobody answers any more where the parent was"


@pytest.mark.parametrize(("size", "beside"), [("family_cards", True), ("family_cards_small", False)])
def test_a_card_prints_the_number_of_the_work_place_above_the_own(child, director, signed_in, size, beside):
    change_phone_there(child)
    Adult.objects.filter(kinships__child=child, kinships__relation="father").update(phone_alt=OTHER_PHONE)
    keys = ",".join(str(card.pk) for card in issuing.issue([child], Card.Kind.values, by=director))
    text = words(freshly_signed_in(signed_in(director)).get(reverse("papers", args=[size]) + f"?keys={keys}"))
    contact, phone = text.split("亲情电话卡")
    assert contact.index(PHONE_THERE) < contact.index(PHONE)
    assert (OTHER_PHONE in contact) is beside, "a wallet has room for two numbers of one person"
    assert (PHONE_THERE in phone, PHONE in phone) == (True, False)


def test_the_fingerprint_is_keyed_and_tells_nothing(child, director, settings):
    facts = facts_of([child.pk])[child.pk]
    before = fingerprint_of(facts, "phone")
    assert re.fullmatch(r"[0-9a-f]{64}", before)
    settings.INDEX_KEY = b"another key of the same length.."
    assert fingerprint_of(facts, "phone") != before


def test_editions_follow_each_other_and_only_the_last_counts(child, director):
    first = issuing.issue([child], ["phone"], by=director)[0]
    change_phone(child)
    assert stale() == {"phone"}
    second = issuing.issue([child], ["phone"], by=director)[0]
    assert (first.edition, second.edition) == (1, 2)
    assert list(Card.objects.latest()) == [second]
    assert stale() == set()


def test_handing_over_is_noted_once(child, director):
    card = issuing.issue([child], ["contact"], by=director)[0]
    issuing.hand_over(card, on=timezone.localdate(), to="王秀英", by=director)
    with pytest.raises(Refused, match="already been handed over"):
        issuing.hand_over(card, on=timezone.localdate(), to="王秀英", by=director)
    assert PHONE not in str(list(TrailEntry.objects.values_list("keys", "fields")))


def test_measures_of_cards(child, community, far_community, director):
    bare = left_behind_child(community, name="周明")
    half = left_behind_child(community, name="赵敏")
    left_behind_child(far_community, name="别处")
    issuing.issue([child], Card.Kind.values, by=director)
    issuing.issue([half], ["phone"], by=director)
    scope, period = Scope.of(community.pk), Period.day(timezone.localdate())
    assert set(measures.get("without_card").rows(scope, period)) == {bare, half}
    assert set(measures.get("with_stale_card").rows(scope, period)) == set()
    change_phone(child)
    assert set(measures.get("with_stale_card").rows(scope, period)) == {child}
    assert measures.get("with_stale_card").per_community(scope, period) == {community.pk: 1}


@pytest.mark.parametrize("count", [1, 3])
def test_stale_cards_cost_the_same_queries_for_one_child_and_for_three(
    community, director, count, django_assert_num_queries
):
    children = [left_behind_child(community) for _n in range(count)]
    issuing.issue(children, Card.Kind.values, by=director)
    Away.objects.update(place="浙江省杭州市")
    Away.objects.update(place="广东省深圳市")
    with django_assert_num_queries(5):
        assert len(stale_among(Card.objects.latest())) == count


def test_only_cards_of_families_that_were_touched_are_compared(child, community, director):
    untouched = left_behind_child(community, name="周明")
    issuing.issue([child, untouched], Card.Kind.values, by=director)
    today, cards = timezone.localdate(), Card.objects.latest()
    Child.objects.update(remark="想要一本书", grade="G3")
    Adult.objects.update(note="常来电话")
    assert not cards.to_compare(today).exists()
    Adult.objects.filter(household=child.household_id).update(name="赵秀英")
    assert set(cards.to_compare(today).values_list("child", flat=True)) == {child.pk}
    Division.objects.filter(pk=community.pk).update(name="新名社区")
    assert set(cards.to_compare(today).values_list("child", flat=True)) == {child.pk, untouched.pk}
    issuing.issue([child, untouched], Card.Kind.values, by=director)
    assert not cards.to_compare(today).exists(), "a new edition says how things are"


def test_a_stay_that_ended_by_its_day_makes_the_card_stale(child, director):
    ends = timezone.localdate() + dt.timedelta(days=3)
    Away.objects.filter(adult__kinships__child=child).update(place="广东省深圳市", until=ends)
    issuing.issue([child], Card.Kind.values, by=director)
    assert stale() == set()
    with time_machine.travel(dt.datetime.combine(ends, dt.time(12), tzinfo=timezone.get_current_timezone())):
        assert stale() == {"contact"}


def test_a_card_that_goes_to_another_child_is_compared(child, community, director):
    other = left_behind_child(community, name="周明")
    issuing.issue([child], ["contact"], by=director)
    Card.objects.update(child=other)
    assert stale() == {"contact"}


def test_the_password_is_asked_before_cards_are_issued(child, director, signed_in):
    browser = signed_in(director)
    page = browser.get(reverse("guardianship:cards"))
    token = soup(page).find("input", {"name": "once_token"})["value"]
    data = {"child": [child.pk], "kind": "both", "size": "family_cards", "once_token": token}
    answer = browser.post(reverse("guardianship:issue"), data)
    assert answer.status_code == 302
    assert answer.url.startswith("/reauthenticate/")
    assert not Card.objects.exists()


@pytest.mark.parametrize("size", ["family_cards", "family_cards_small"])
def test_cards_are_issued_and_printed_with_what_the_file_says(child, director, signed_in, size):
    browser = freshly_signed_in(signed_in(director))
    token = soup(browser.get(reverse("guardianship:cards"))).find("input", {"name": "once_token"})["value"]
    data = {"child": [child.pk], "kind": "both", "size": size, "once_token": token}
    answer = browser.post(reverse("guardianship:issue"), data)
    paper = browser.get(answer.url)
    text = words(paper)
    assert [one in text for one in ("家长联系卡", "亲情电话卡", PHONE, "13700137000", "110", "12355")] == [True] * 6
    assert Card.objects.count() == 2
    again = browser.post(reverse("guardianship:issue"), data)
    assert again.url == answer.url
    assert Card.objects.count() == 2
    assert TrailEntry.objects.filter(verb=f"printed {size}").count() == 2
    change_phone(child)
    assert "已有变动" in words(browser.get(answer.url)) or "has changed since" in words(browser.get(answer.url))


@pytest.mark.parametrize("size", ["family_cards", "family_cards_small"])
def test_a_card_that_was_replaced_says_so_instead_of_what_it_said(child, director, signed_in, size):
    browser = freshly_signed_in(signed_in(director))
    (old,) = issuing.issue([child], ["contact"], by=director)
    (new,) = issuing.issue([child], ["contact"], by=director)
    replaced, newer = (words(browser.get(reverse("papers", args=[size]), {"keys": card.pk})) for card in (old, new))
    assert "A newer card has been issued. Print that one." in replaced and PHONE not in replaced
    assert "A newer card" not in newer and PHONE in newer


def test_a_stranger_finds_and_issues_nothing(child, stranger, signed_in):
    browser = freshly_signed_in(signed_in(stranger))
    page = browser.get(reverse("guardianship:cards"))
    assert child.name not in page.content.decode()
    answer = browser.post(reverse("guardianship:issue"), {"child": [child.pk], "kind": "both", "size": "family_cards"})
    assert answer.url == reverse("guardianship:cards")
    assert not Card.objects.exists()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"陈小雨", "周明"}),
        ("?show=none", {"周明"}),
        ("?show=stale", set()),
        ("?show=kept", {"陈小雨"}),
        ("?school=第一小学", {"陈小雨"}),
        ("?grid=第一网格", set()),
    ],
)
def test_the_list_is_narrowed(child, community, director, signed_in, query, names):
    left_behind_child(community, name="周明")
    issuing.issue([child], Card.Kind.values, by=director)
    page = soup(signed_in(director).get(reverse("guardianship:cards") + query)).find("main")
    assert {one.get_text() for one in page.select("tbody a")} == names


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_queries_for_one_and_three(
    community, director, signed_in, count, django_assert_max_num_queries
):
    issuing.issue([left_behind_child(community) for _n in range(count)], Card.Kind.values, by=director)
    browser = signed_in(director)
    browser.get(reverse("guardianship:cards"))
    with django_assert_max_num_queries(26):
        assert browser.get(reverse("guardianship:cards")).status_code == 200
