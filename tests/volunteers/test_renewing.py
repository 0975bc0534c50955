"""At the start of a term pairings are reviewed in one act; whoever comes second, or sends twice, changes nothing."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from children.models import Concern
from communities.models import Term
from records.lifecycle import Refused
from records.measures import Period, get
from records.scoping import Scope
from records.trail import TrailEntry
from tests.children.pages import soup
from tests.records.threads import at_once
from tests.volunteers.factories import a_child, a_helper, a_pairing, a_term, days
from tests.volunteers.test_portal import token_of
from volunteers import renewing
from volunteers.models import Duty, Pairing, Renewal

pytestmark = pytest.mark.django_db


@pytest.fixture
def last_term(district):
    return a_term(starts=-150, ends=-31, kind="spring", year=2025)


@pytest.fixture
def term(district, last_term):
    return a_term(starts=-30, ends=90)


@pytest.fixture
def pairing(community, director, helper, term):
    return a_pairing(a_child(community, name="陈小雨"), helper, director, starts=-100)


@pytest.fixture
def desk(signed_in, director):
    return signed_in(director)


def sent(desk, **answers):
    page = desk.get(reverse("pairings:renewals"))
    return desk.post(reverse("pairings:renewals"), {"once_token": token_of(page), **answers})


def measured(community, day=None):
    return list(get("pairings_not_reviewed").rows(Scope.of(community.pk), Period.day(day or days(0))))


def test_all_go_on_unless_changed_and_the_page_says_who_confirmed(desk, pairing, director, term, community):
    Duty.objects.filter(pairing=pairing, term__starts_on=days(-150), kind="visit").update(done_on=days(-40))
    page = desk.get(reverse("pairings:renewals")).content.decode()
    assert "1 of 5 done" in page and "4 missed" in page
    assert measured(community) == [pairing]
    sent(desk, **{f"decision_{pairing.pk}": "go_on", f"family_{pairing.pk}": "go_on"})
    renewal = Renewal.objects.get()
    assert (renewal.decision, renewal.decided_by, renewal.decided_on) == ("go_on", director, days(0))
    assert (renewal.family_wish, measured(community)) == ("go_on", [])
    pairing.refresh_from_db()
    assert pairing.status == "active"
    assert director.name in desk.get(reverse("pairings:renewals")).content.decode()
    assert TrailEntry.objects.filter(verb="reviewed for a term").count() == 1


def test_whose_pairings_were_looked_at_is_on_the_trail_and_nothing_else_is_loaded(desk, pairing):
    with CaptureQueriesContext(connection) as asked:
        desk.get(reverse("pairings:renewals"))
    assert TrailEntry.objects.about(pairing).filter(verb="read", page="pairings:renewals").exists()
    loaded = next(
        q["sql"] for q in asked if '"volunteers_volunteer"."cleared_until"' in q["sql"] and "decided" in q["sql"]
    )
    for column in ("phone", "id_number", "child_words", "end_note", "registered_address"):
        assert column not in loaded.partition(" FROM ")[0], column


def test_a_pause_begins_at_once_and_an_end_goes_through_its_own_words(desk, pairing, community, director, helper):
    ending = a_pairing(a_child(community, name="周明"), helper, director, starts=-100)
    concern = Concern.raise_for(ending.child, what="手臂有淤青", by=director)
    answers = {f"decision_{pairing.pk}": "pause", f"reason_{pairing.pk}": "child_away", f"decision_{ending.pk}": "end"}
    sent(desk, **answers)
    pairing.refresh_from_db(), ending.refresh_from_db()
    assert (pairing.status, pairing.pauses.get().reason, ending.status) == ("paused", "child_away", "active")
    assert "To be ended" in desk.get(reverse("pairings:renewals")).content.decode()
    url = reverse("admin:volunteers_pairing_changelist")
    end = {"action": "end", "_selected_action": ending.pk, "apply": "1", "reason": "family_wish"}
    desk.post(url, end)
    ending.refresh_from_db()
    assert ending.status == "active"  # the concern was not looked at
    desk.post(url, {**end, "seen": concern.pk})
    ending.refresh_from_db()
    assert ending.status == "ended"
    assert "To be ended" not in desk.get(reverse("pairings:renewals")).content.decode()


def test_a_second_review_changes_nothing(pairing, director, term):
    assert Renewal.decide(pairing, term, decision="go_on", by=director)
    assert not Renewal.decide(pairing, term, decision="pause", by=director)
    pairing.refresh_from_db()
    assert (pairing.status, Renewal.objects.get().decision) == ("active", "go_on")


def test_who_was_to_end_may_go_on_after_all(pairing, director, term):
    Renewal.decide(pairing, term, decision="end", by=director)
    assert not Renewal.decide(pairing, term, decision="end", by=director)
    assert Renewal.decide(pairing, term, decision="go_on", by=director)
    assert Renewal.objects.get().decision == "go_on"


def test_sent_twice_it_is_one_review(desk, pairing):
    page = desk.get(reverse("pairings:renewals"))
    data = {"once_token": token_of(page), f"decision_{pairing.pk}": "go_on"}
    for _time in range(2):
        assert desk.post(reverse("pairings:renewals"), data).status_code == 302
    assert Renewal.objects.count() == 1


def test_one_left_for_later_stays_on_the_page_and_goes_on(desk, pairing, community):
    sent(desk, **{f"decision_{pairing.pk}": ""})
    assert not Renewal.objects.exists() and measured(community) == [pairing]
    assert Pairing.objects.current().get() == pairing


def test_it_is_shown_as_not_reviewed_from_the_third_week_on(pairing, community, term):
    assert measured(community, term.starts_on + dt.timedelta(days=20)) == []
    assert measured(community, term.starts_on + dt.timedelta(days=21)) == [pairing]


def test_a_pairing_of_this_term_has_nothing_to_renew(community, director, helper, term):
    new = a_pairing(a_child(community), helper, director, starts=-5)
    assert list(renewing.to_review(Pairing.objects.all(), term)) == [] and measured(community) == []
    with pytest.raises(Refused, match="nothing to renew"):
        Renewal.decide(new, term, decision="go_on", by=director)


def test_the_helper_says_a_wish_until_the_office_has_decided(portal, pairing, desk, director, term):
    child = reverse("portal:child", args=[pairing.child_id])
    portal.force_login(pairing.volunteer.user)
    assert "Going on this term?" in portal.get(child).content.decode()
    portal.post(reverse("portal:wish", args=[pairing.pk]), {"wish": "pause"})
    assert Renewal.objects.get().helper_wish == "pause"
    assert ">would like a pause</td>" in desk.get(reverse("pairings:renewals")).content.decode()
    Renewal.decide(pairing, term, decision="go_on", by=director)
    with pytest.raises(Refused, match="decided for this term"):
        Renewal.wish(pairing, term, wish="end", by=director)
    assert Renewal.objects.get().helper_wish == "pause"


def test_a_wish_that_nobody_has_seen_is_not_decided_over(desk, pairing, community, director, helper, term):
    other = a_pairing(a_child(community, name="周明"), helper, director, starts=-100)
    page = desk.get(reverse("pairings:renewals"))
    Renewal.wish(pairing, term, wish="end", by=helper.user)
    shown = {name: field for name, field in fields_of(page).items() if name.startswith("wish_")}
    assert shown == {f"wish_{pairing.pk}": "", f"wish_{other.pk}": ""}
    answers = {f"decision_{one.pk}": "go_on" for one in (pairing, other)}
    answer = desk.post(reverse("pairings:renewals"), {"once_token": token_of(page), **shown, **answers}, follow=True)
    text = answer.content.decode()
    assert f"{helper.name} has said meanwhile: would like to stop." in text and "1 pairing is reviewed." in text
    assert Renewal.objects.get(pairing=pairing).decision == ""
    assert Renewal.objects.get(pairing=other).decision == "go_on"
    again = fields_of(answer)
    assert again[f"wish_{pairing.pk}"] == "end"
    seen = {name: again[name] for name in ("once_token", f"wish_{pairing.pk}")}
    desk.post(reverse("pairings:renewals"), {**seen, f"decision_{pairing.pk}": "go_on"})
    assert Renewal.objects.get(pairing=pairing).decision == "go_on"
    decided = soup(desk.get(reverse("pairings:renewals"))).find("ul", class_="rows").text
    assert "Wish of the helper: would like to stop" in decided


def test_the_wish_stands_beside_what_is_to_end_and_it_can_still_go_on(desk, pairing, community, director, helper, term):
    silent = a_pairing(a_child(community, name="周明"), helper, director, starts=-100)
    Renewal.wish(pairing, term, wish="go_on", by=helper.user)
    Renewal.decide(pairing, term, decision="end", seen="go_on", family_wish="pause", by=director)
    Renewal.decide(silent, term, decision="end", by=director)
    page = desk.get(reverse("pairings:renewals"))
    rows = {row.find("a").text: row for row in soup(page).select("ul.rows > li")}
    wished, unsaid = rows["陈小雨 and 王爱华"], rows["周明 and 王爱华"]
    assert "Wish of the helper: would like to go on" in wished.text
    assert "Wish of the family: would like a pause" in wished.text and "Wish of" not in unsaid.text
    button = wished.find("button")
    fields = {field["name"]: field["value"] for field in wished.select("input[type=hidden], button")}
    assert button.text == "Goes on after all" and fields[f"wish_{pairing.pk}"] == "go_on"
    desk.post(reverse("pairings:renewals"), fields)
    assert dict(Renewal.objects.values_list("pairing", "decision")) == {pairing.pk: "go_on", silent.pk: "end"}


def test_a_wish_that_comes_while_it_is_decided(pairing, director, term, helper):
    Renewal.wish(pairing, term, wish="pause", by=helper.user)
    for seen in ("", "end"):
        with pytest.raises(Refused, match="would like a pause"):
            Renewal.decide(pairing, term, decision="pause", seen=seen, by=director)
    pairing.refresh_from_db()
    assert (pairing.status, Renewal.objects.get().decision) == ("active", "")
    assert Renewal.decide(pairing, term, decision="pause", seen="pause", by=director)


def fields_of(page):
    return {field["name"]: field.get("value", "") for field in soup(page).select("main input[type=hidden]")}


def test_another_community_is_neither_shown_nor_decided(desk, signed_in, stranger, pairing):
    theirs = signed_in(stranger)
    assert "陈小雨" not in theirs.get(reverse("pairings:renewals")).content.decode()
    token = token_of(desk.get(reverse("pairings:renewals")))
    theirs.post(reverse("pairings:renewals"), {"once_token": token, f"decision_{pairing.pk}": "pause"})
    assert not Renewal.objects.exists()


def decisions_of(page, pairing):
    return [one["value"] for one in soup(page).select(f"select[name=decision_{pairing.pk}] option")]


def test_a_pairing_that_rests_stays_paused_unless_it_is_let_go_on(desk, pairing, community, director, helper):
    resting = a_pairing(a_child(community, name="周明"), helper, director, starts=-100)
    for one in (pairing, resting):
        one.pause(reason="helper_ill", by=director)
    page = desk.get(reverse("pairings:renewals"))
    assert decisions_of(page, pairing) == ["pause", "go_on", "end", ""]
    sent(desk, **{f"decision_{pairing.pk}": "go_on", f"decision_{resting.pk}": "pause"})
    pairing.refresh_from_db(), resting.refresh_from_db()
    assert (pairing.status, resting.status) == ("active", "paused")
    assert resting.pauses.count() == 1 and measured(community) == []


def test_one_that_cannot_go_on_out_of_its_pause_is_told_with_its_names(desk, pairing, helper, director):
    pairing.pause(reason="helper_ill", by=director)
    helper.record_check(checked_on=days(0), result="not_clear", by=director)
    page = desk.get(reverse("pairings:renewals"))
    data = {"once_token": token_of(page), f"decision_{pairing.pk}": "go_on"}
    said = desk.post(reverse("pairings:renewals"), data, follow=True).content.decode()
    assert "陈小雨 and 王爱华 cannot go on: This helper has no valid record check" in said
    pairing.refresh_from_db()
    assert (pairing.status, Renewal.objects.exists()) == ("paused", False)


def test_what_goes_on_does_so_to_the_last_day_of_the_term(desk, community, director, helper, term):
    short, longer = (
        a_pairing(a_child(community, name=name), helper, director, starts=-100, ends_on=days(last))
        for name, last in (("陈小雨", 10), ("周明", 200))
    )
    assert f"last day {days(10)}" in desk.get(reverse("pairings:renewals")).content.decode()
    sent(desk, **{f"decision_{one.pk}": "go_on" for one in (short, longer)})
    short.refresh_from_db(), longer.refresh_from_db()
    assert (short.ends_on, longer.ends_on) == (term.ends_on, days(200))
    assert TrailEntry.objects.about(short).filter(verb="put off the last day").count() == 1


def test_a_pairing_whose_last_day_is_over_is_not_brought_back(desk, community, director, helper, term):
    """It waits for a person to end it, who has looked at the concern."""
    over = a_pairing(a_child(community, name="陈小雨"), helper, director, starts=-100, ends_on=days(-1))
    page = desk.get(reverse("pairings:renewals"))
    assert decisions_of(page, over) == ["", "pause", "end"]
    data = {"once_token": token_of(page), f"decision_{over.pk}": "go_on"}
    said = desk.post(reverse("pairings:renewals"), data, follow=True).content.decode()
    assert "cannot go on: The last day of this pairing is over." in said
    over.refresh_from_db()
    assert (over.ends_on, Renewal.objects.exists()) == (days(-1), False)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_makes_as_many_queries_at_three_rows(
    count, desk, community, director, term, django_assert_max_num_queries
):
    for number in range(count):
        a_pairing(a_child(community), a_helper(community, director, name=f"王{number}"), director, starts=-100)
    with django_assert_max_num_queries(18):
        desk.get(reverse("pairings:renewals"))


@pytest.mark.django_db(transaction=True)
def test_two_people_who_confirm_at_once_decide_once(pairing, director, supervisor, term):
    answers = {pairing.pk: {"decision": "pause"}}
    acts = [lambda by=by: renewing.review(Pairing.objects.all(), term, answers, by=by) for by in (director, supervisor)]
    results = at_once(*acts)
    assert sorted(decided for decided, _refused in results) == [0, 1]
    assert pairing.pauses.count() == 1 and Renewal.objects.count() == 1


def test_without_a_calendar_the_page_says_so(desk, community):
    Term.objects.all().delete()
    assert "No term in the calendar" in desk.get(reverse("pairings:renewals")).content.decode()


def test_a_decision_is_a_verb_and_not_the_list_of_pauses():
    with translation.override("zh-hans"):
        assert [str(label) for label in Renewal.Decision.labels] == ["继续", "暂停", "将解除"]
