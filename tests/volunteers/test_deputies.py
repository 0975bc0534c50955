"""A deputy sees the child within the named days alone, and what the deputy does counts for the pairing."""

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from children.access import seers
from records.attachments import store_image
from records.lifecycle import Refused
from records.measures import Period, get
from records.scoping import Scope
from tests.records.threads import at_once
from tests.volunteers.factories import a_child, a_helper, a_paired_child, a_pairing, an_adult, consents, days
from tests.volunteers.test_access import at
from tests.volunteers.test_portal import picture, token_of
from tests.volunteers.test_races import outcome
from volunteers import contacts, correcting
from volunteers.models import ChildLetter, Contact, Deputy, Duty, MatchVeto, Pairing, Promise, Volunteer
from volunteers.seen import children_of
from volunteers.vetting import lapse_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_term")]


@pytest.fixture
def away(community, director):
    """The helper who will be away."""
    return a_helper(community, director, name="赵敏", capacity=4)


@pytest.fixture
def pairing(community, director, away):
    child = a_child(community, name="林小月")
    consents(child, "sharing", "photo")
    return a_pairing(child, away, director)


def named(pairing, helper, by, first=0, last=6, **details):
    span = {"from_day": days(first), "until_day": days(last)}
    facts = {"guardian": "李红", "guardian_told_on": days(-1), **span, **details}
    return Deputy.name(pairing, volunteer=helper, by=by, **facts)


def pages_of(pairing):
    return [
        reverse("portal:child", args=[pairing.child_id]),
        reverse("portal:child_photo", args=[pairing.child_id]),
    ]


def test_from_midnight_of_the_first_day_to_midnight_of_the_last(portal, pairing, helper, director):
    named(pairing, helper, director, first=2, last=4)
    url = reverse("portal:child", args=[pairing.child_id])
    for day, hour, minute, status in [(1, 23, 59, 404), (2, 0, 0, 200), (4, 23, 59, 200), (5, 0, 0, 404)]:
        with time_machine.travel(at(days(day), hour, minute), tick=False):
            portal.force_login(helper.user)
            assert portal.get(url).status_code == status, (day, hour)
            assert Pairing.objects.open_to(helper).filter(pk=pairing.pk).exists() == (status == 200)


def test_the_pairings_of_a_helper_are_found_by_their_keys(pairing, helper, director):
    deputy = named(pairing, helper, director)
    assert "UNION ALL" in str(Pairing.objects.open_to(helper).query)  # with an OR no index would do
    assert list(Pairing.objects.open_to(helper)) == [pairing]
    deputy.end(by=director)
    assert not Pairing.objects.open_to(helper).exists()


def test_a_child_page_asks_as_much_for_many_duties_as_for_none(pairing, helper, director):
    named(pairing, helper, director)
    with CaptureQueriesContext(connection) as active:
        assert children_of(helper)[0].duties
    pairing.pause(reason="helper_away", by=director)
    with CaptureQueriesContext(connection) as paused:
        assert [duty.excuse for duty in children_of(helper)[0].duties] == [""] * 4
    assert len(paused) == len(active) == 2


def test_what_was_excused_before_the_pause_stays_excused_for_the_deputy(pairing, helper, director):
    pairing.pause(reason="helper_away", by=director)
    tomorrow, after = days(1), days(2)
    with time_machine.travel(at(tomorrow, 9), tick=False):
        pairing.resume(by=director)
    Duty.objects.filter(pairing=pairing, kind="visit").update(excuse="paused", excused_on=days(0))
    with time_machine.travel(at(after, 9), tick=False):
        Pairing.objects.get(pk=pairing.pk).pause(reason="helper_away", by=director)
        named(pairing, helper, director)
        shown = {duty.kind: bool(duty.excused_on) for duty in children_of(helper)[0].duties}
    assert shown == {"visit": True, "talk": False, "teacher": False, "guardian": False}


def test_pictures_and_entries_close_with_the_days(portal, pairing, helper, director):
    named(pairing, helper, director, last=1)
    photo = store_image(SimpleUploadedFile("photo.jpg", picture().read()), helper.user)
    contact = contacts.log(helper, pairings=[pairing], kinds=["talk"], photo=photo, by=helper.user)
    url = reverse("portal:entry_photo", args=[contact.pk])
    assert portal.get(url).status_code == 200
    with time_machine.travel(at(days(2), 0), tick=False):
        portal.force_login(helper.user)
        assert portal.get(url).status_code == 404
        assert portal.get(reverse("portal:child_photo", args=[pairing.child_id])).status_code == 404
        assert portal.post(reverse("portal:reveal", args=[pairing.child_id])).status_code == 404
        assert "小月" not in portal.get(reverse("portal:entries")).content.decode()


def test_a_deputy_writes_for_the_pairing_and_says_who_did_it(portal, pairing, helper, director):
    named(pairing, helper, director)
    page = portal.get(reverse("portal:log"))
    data = {"children": [pairing.child_id], "kinds": ["visit"], "made_on": str(days(0)), "note": "一起写作业"}
    answer = portal.post(reverse("portal:log"), {"once_token": token_of(page), **data})
    assert answer.status_code == 302
    contact = Contact.objects.get()
    duty = pairing.duties.get(kind="visit")
    assert (contact.volunteer, duty.done_on, duty.fulfilled_by.contact) == (helper, days(0), contact)
    pairing.refresh_from_db()
    assert pairing.missing == ["talk", "teacher", "guardian", "letter"]


def test_in_a_pause_the_deputy_does_what_rests_and_the_rest_comes_back_with_the_helper(pairing, helper, director):
    pairing.pause(reason="helper_away", by=director)
    named(pairing, helper, director)
    contacts.log(helper, pairings=[pairing], kinds=["visit"], by=helper.user)
    duty = pairing.duties.get(kind="visit")
    assert (duty.done_on, duty.excused_on, duty.excuse) == (days(0), None, "")
    assert {d.excuse for d in pairing.duties.exclude(kind="visit")} == {"paused"}
    pairing.resume(by=director)
    assert pairing.missing == ["talk", "teacher", "guardian", "letter"]


def test_the_helper_who_is_away_in_a_pause_writes_nothing(pairing, helper, away, director):
    pairing.pause(reason="helper_away", by=director)
    named(pairing, helper, director)
    with pytest.raises(Refused, match="no longer accompany"):
        contacts.log(away, pairings=[pairing], kinds=["visit"], by=director)


def test_a_deputy_writes_of_the_own_days_alone(pairing, helper, director):
    named(pairing, helper, director)
    with pytest.raises(Refused, match="did not stand in"):
        contacts.log(helper, pairings=[pairing], kinds=["visit"], made_on=days(-1), by=helper.user)


def test_a_deputy_sees_neither_letters_nor_the_pages_of_goodbye(portal, pairing, helper, away, director):
    letter = ChildLetter.write(pairing, text="小月你好", by=director)
    named(pairing, helper, director)
    a_paired_child(pairing.community, helper, director, name="陈小雨")
    page = portal.get(pages_of(pairing)[0]).content.decode()
    assert "standing in until" in page and "Write the letter" not in page
    assert portal.get(reverse("portal:letter", args=[letter.pk])).status_code == 404
    assert portal.get(reverse("portal:goodbye", args=[pairing.pk])).status_code == 404
    assert "小月" not in portal.get(reverse("portal:letter_new")).content.decode()


def test_the_letter_stays_for_the_helper_to_write(pairing, helper, away, director):
    named(pairing, helper, director)
    with pytest.raises(Refused, match="own helper"):
        contacts.log(helper, pairings=[pairing], kinds=["letter"], by=helper.user)
    entry = contacts.log(helper, pairings=[pairing], kinds=["visit"], by=helper.user)
    for by in (helper.user, director):
        with pytest.raises(Refused, match="own helper"):
            correcting.correct(entry, seen=0, facts={"kinds": ["visit", "letter"]}, by=by)
    contacts.log(away, pairings=[pairing], kinds=["letter"], by=director)
    assert pairing.duties.get(kind="letter").done_on == days(0)


def test_a_deputy_ticks_a_promise_off_and_makes_none(portal, pairing, helper, director):
    promise = Promise.give(pairing, text="去公园", due_on=days(3), by=director)
    named(pairing, helper, director)
    assert portal.post(reverse("portal:promise", args=[pairing.child_id]), {}).status_code == 404
    portal.post(reverse("portal:keep_promise", args=[promise.pk]))
    promise.refresh_from_db()
    assert promise.kept_on == days(0)


def test_ended_early_the_deputy_sees_nothing_at_once(portal, pairing, helper, director):
    deputy = named(pairing, helper, director)
    url = pages_of(pairing)[0]
    assert portal.get(url).status_code == 200
    deputy.end(by=director)
    assert portal.get(url).status_code == 404
    with pytest.raises(Refused, match="no longer stands in"):
        deputy.end(by=director)


@pytest.mark.parametrize("close", ["end", "consent"])
def test_it_closes_with_the_pairing_and_with_the_consent(close, portal, pairing, helper, director):
    deputy = named(pairing, helper, director)
    if close == "end":
        pairing.end(by=director)
        deputy.refresh_from_db()
        assert deputy.ended_on == days(0)
    else:
        pairing.child.consents.filter(purpose="sharing").update(withdrawn_on=days(0))
    assert portal.get(pages_of(pairing)[0]).status_code == 404


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (lambda p, h, by: h.record_check(checked_on=days(0), result="not_clear", by=by), "record check"),
        (lambda p, h, by: h.record_check(checked_on=days(0), valid_until=days(3), by=by), "before these days are over"),
        (lambda p, h, by: p.end(by=by), "in force"),
        (lambda p, h, by: p.child.consents.update(withdrawn_on=days(0)), "not yet agreed"),
        (lambda p, h, by: Volunteer.objects.filter(pk=h.pk).update(kinds=["tutor"]), "did not offer"),
        (lambda p, h, by: named(p, a_helper(p.community, by, name="孙丽"), by, last=0), "on these days already"),
        (
            lambda p, h, by: MatchVeto.objects.create(child=p.child, volunteer=h, community=p.community, set_by=by),
            "excluded",
        ),
        (lambda p, h, by: Volunteer.objects.filter(pk=h.pk).update(sex="M"), "Loving mothers are women"),
        (lambda p, h, by: Volunteer.objects.filter(pk=h.pk).update(birth_date=None), "no date of birth on file"),
        (lambda p, h, by: an_adult(p.child, phone="15412345678"), "is of the child's family"),
        (lambda p, h, by: h.leave(on=days(3), by=by), "leaves the service"),
    ],
)
def test_who_may_not_stand_in_is_refused_in_words(prepare, said, pairing, helper, director):
    prepare(pairing, helper, director)
    with pytest.raises(Refused, match=said):
        named(pairing, helper, director)


@pytest.mark.parametrize(
    ("details", "said"),
    [
        ({"first": -1}, "today or later"),
        ({"first": 3, "last": 2}, "before the first"),
        ({"last": 92}, "At most 92"),
        ({"guardian": ""}, "Tell the guardian"),
        ({"guardian_told_on": days(1)}, "in the future"),
    ],
)
def test_days_and_guardian_are_said_rightly(details, said, pairing, helper, director):
    with pytest.raises(Refused, match=said):
        named(pairing, helper, director, **details)


def test_a_helper_of_another_community_or_the_own_helper_cannot(pairing, away, sister_community, director):
    with pytest.raises(Refused, match="for themselves"):
        named(pairing, away, director)
    with pytest.raises(Refused, match="same community"):
        named(pairing, a_helper(sister_community, director, name="孙丽"), director)


def test_one_child_more_than_agreed_is_possible_and_no_second(community, pairing, away, director):
    full = a_helper(community, director, name="孙丽", capacity=1)
    a_pairing(a_child(community), full, director)
    named(pairing, full, director)
    other = a_pairing(a_child(community), away, director)
    with pytest.raises(Refused, match="one more already"):
        named(other, full, director)
    named(other, full, director, first=7, last=9)


def test_who_stands_in_cannot_simply_leave(pairing, helper, director):
    named(pairing, helper, director)
    with pytest.raises(Refused, match="stands in for another"):
        helper.leave(by=director)


def test_the_guardian_is_told_all_that_a_helper_and_a_deputy_see(portal, signed_in, pairing, helper, away, director):
    named(pairing, helper, director)
    a_pairing(pairing.child, a_helper(pairing.community, director, name="孙丽"), director, kind="tutor")
    Promise.give(pairing, text="去公园", due_on=days(3), by=director)
    shown = portal.get(pages_of(pairing)[0]).content.decode()
    assert "去公园" in shown and "孙丽" in shown
    facts = {seer.name: " | ".join(map(str, seer.facts)) for seer in seers(pairing.child)}
    for name in (helper.name, away.name):
        for words in ("photo", "promises", "who else accompanies", "class teacher", "their own contacts"):
            assert words in facts[name], (name, words)
    for words in ("letters", "helper before"):
        assert words in facts[away.name] and words not in facts[helper.name]


def test_a_deputy_who_is_no_longer_cleared_sees_nothing_and_staff_are_told(
    portal, signed_in, pairing, helper, community, director
):
    named(pairing, helper, director)
    assert portal.get(pages_of(pairing)[0]).status_code == 200
    helper.record_check(checked_on=days(0), result="not_clear", by=director)
    for page in pages_of(pairing):
        assert portal.get(page).url == reverse("portal:standing")
    assert lapse_on(days(0)) == 1
    helper.refresh_from_db()
    assert helper.lapsed_on == days(0)
    assert list(get("helpers_lapsed").rows(Scope.of(community.pk), Period.day(days(0)))) == [helper]
    page = signed_in(director).get(reverse("admin:volunteers_volunteer_changelist") + "?check=lapsed")
    assert helper.name in page.content.decode()
    assert helper.name not in {seer.name for seer in seers(pairing.child)}


def test_who_stood_in_on_a_day_is_told_of_it_afterwards(pairing, helper, director):
    deputy = named(pairing, helper, director)
    with time_machine.travel(at(days(2), 9), tick=False):
        deputy.end(by=director)
        standing = [Deputy.objects.standing_on(days(number)).exists() for number in (-3, -2, -1, 0)]
    assert standing == [False, True, True, False]


def test_the_guardian_can_see_who_stands_in(pairing, helper, away, director):
    named(pairing, helper, director)
    shown = {seer.name: seer.until for seer in seers(pairing.child) if seer.name in (helper.name, away.name)}
    assert shown == {away.name: None, helper.name: days(6)}


def test_staff_name_a_deputy_and_end_it(signed_in, pairing, helper, away, director):
    desk = signed_in(director)
    url = reverse("pairings:deputy", args=[pairing.pk])
    page = desk.get(url)
    assert f">{helper.name}<" in page.content.decode() and f">{away.name}<" not in page.content.decode()
    span = {"from_day": str(days(0)), "until_day": str(days(3))}
    told = {"guardian": "李红", "guardian_told_on": str(days(0))}
    desk.post(url, {"once_token": token_of(page), "volunteer": helper.pk, **span, **told})
    deputy = Deputy.objects.get()
    assert (deputy.volunteer, deputy.until_day, deputy.guardian) == (helper, days(3), "李红")
    assert "李红 was told" in desk.get(url).content.decode()
    desk.post(reverse("pairings:end_deputy", args=[deputy.pk]))
    deputy.refresh_from_db()
    assert deputy.ended_on == days(0)


def test_only_helpers_who_would_be_taken_are_offered(signed_in, pairing, helper, director, community):
    a_helper(community, director, name="孙丽", kinds=["tutor"])
    a_helper(community, director, name="何静").record_check(checked_on=days(-90), valid_until=days(-1), by=director)
    a_helper(community, director, name="郑洁").leave(by=director)
    vetoed = a_helper(community, director, name="冯兰")
    MatchVeto.objects.create(child=pairing.child, volunteer=vetoed, community=community, set_by=director)
    a_helper(community, director, name="褚强", sex="M")
    a_helper(community, director, name="卫青", birth_date=days(-20 * 365))
    an_adult(pairing.child, phone="15412345999")
    a_helper(community, director, name="蒋姨", phone="15412345999")
    page = signed_in(director).get(reverse("pairings:deputy", args=[pairing.pk]))
    assert list(page.context["form"].fields["volunteer"].queryset) == [helper]


def test_a_stranger_names_no_deputy(signed_in, pairing, helper, stranger):
    desk = signed_in(stranger)
    assert desk.get(reverse("pairings:deputy", args=[pairing.pk])).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_who_name_a_deputy_at_once_name_one(pairing, helper, director, community):
    other = a_helper(community, director, name="孙丽")
    results = at_once(*(outcome(lambda one=one: named(pairing, one, director)) for one in (helper, other)))
    assert sorted(str(result)[:6] for result in results) == ["Deputy", "refuse"]
    assert Deputy.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_deputy_is_ended_while_writing(pairing, helper, director):
    deputy = named(pairing, helper, director)
    ended, _logged = at_once(
        outcome(lambda: deputy.end(by=director)),
        outcome(lambda: contacts.log(helper, pairings=[pairing], kinds=["visit"], by=helper.user)),
    )
    assert ended == "done"
    with pytest.raises(Refused, match="no longer accompany"):
        contacts.log(helper, pairings=[pairing], kinds=["talk"], by=helper.user)
