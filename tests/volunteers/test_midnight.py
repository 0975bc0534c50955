"""Access ends at local midnight, everywhere: each way in which it ends, against every route of the portal.

The portal's routes are found, not listed: a new one fails here until it is said what it is.
"""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from activities.models import HandoutSheet
from children.models import Child
from communities.models import Posting
from records.attachments import owner_attachment_url, store_image
from records.drafts import Draft
from records.lifecycle import Refused
from tests.activities.factories import make_activity
from tests.appraisal.factories import a_call, a_nomination
from tests.homes.factories import make_home
from tests.sweeps.test_routes import ROUTES
from tests.volunteers.factories import a_child, a_helper, a_pairing, a_term, consents, days
from tests.volunteers.test_access import at
from tests.volunteers.test_portal import picture
from volunteers import contacts, home_roster
from volunteers.models import (
    Certificate,
    ChildLetter,
    CloseOut,
    Deputy,
    Evidence,
    HomeDay,
    HomeDuty,
    HomeShift,
    Pairing,
    PledgeText,
    Promise,
    RecordCheck,
    Requirement,
    Thanks,
    Volunteer,
)

pytestmark = pytest.mark.django_db
PORTAL = {name for name in ROUTES if name.startswith(("portal:", "portal_activities:", "portal_appraisal:"))}
# What of a child could be read on a page.
TRACES = ["小雨", "写作业", "风筝", "谢谢阿姨", "李红", "周老师"]

# Open to a helper who is not cleared: nothing of a child, but thanks of families, which end with the pairing.
OWN = {"portal:me", "portal:ask_certificate", "portal:certificate_print", "portal:standing", "portal:asked"}
OWN |= {"portal:pledge", "portal:training"}
# One's own nomination, in words that tell of no child.
HONOURS = {f"portal_appraisal:{name}" for name in ("honours", "agree", "take_back", "certificate")}
OWN |= HONOURS
# About one child, letter or entry: gone with the pairing like a row that never existed.
OF_A_CHILD = {"portal:child", "portal:reveal", "portal:child_photo", "portal:entry_photo", "portal:letter"}
OF_A_CHILD |= {"portal:letter_scan", "portal:letter_print", "portal:entry_correct", "portal:goodbye", "portal:handover"}
# What is sent about a child, a promise or an entry.
WRITES = {"portal:promise", "portal:keep_promise", "portal:wish", "portal:entry_answer"}
# Pages that stay without a child, and then show none.
PAGES = {f"portal:{name}" for name in ["children", "due", "log", "concern", "call", "entries", "letters", "letter_new"]}
# Of these a deputy has none, on the days in which the deputy stands in as before and after them.
NOT_FOR_A_DEPUTY = {"portal:letter", "portal:letter_scan", "portal:letter_print", "portal:goodbye", "portal:handover"}
NOT_FOR_A_DEPUTY |= {"portal:promise", "portal:wish"}
# The Children's Home: no child's data, but only for the cleared.
AT_HOME = {"portal:home", "portal:home_cannot", "portal:home_check_in", "portal:home_check_out", "portal:home_take"}
# Activities: no child's data either, and only for the cleared.
HANDOUTS = {"portal_activities:handout", "portal_activities:handout_file"}
HELPING_SHOWN = {"portal_activities:activities", "portal_activities:feed", *HANDOUTS}
HELPING = {"portal_activities:come", "portal_activities:cannot", "portal_activities:feed_end", *HELPING_SHOWN}
SENT = {"portal:reveal", "portal:ask_certificate", *WRITES, *AT_HOME, *HELPING} - {"portal:home", *HELPING_SHOWN}
SENT |= HONOURS - {"portal_appraisal:honours", "portal_appraisal:certificate"}
SHOW_NOTHING = {"portal:child_photo", "portal:entry_photo", "portal:letter_scan", "portal:call"}


def test_every_route_of_the_portal_is_known_here():
    assert PORTAL == OWN | OF_A_CHILD | WRITES | PAGES | AT_HOME | HELPING, (
        "Say in tests/volunteers/test_midnight.py what the route is."
    )


@dataclass
class World:
    helper: Volunteer
    director: Any
    pairing: Pairing
    child: Child
    keys: dict
    attachments: list


@pytest.fixture
def world(community, district, director, volunteer_user):
    """A helper, a child with a photo, an entry with a photo, letters in both directions, thanks, a promise, what the
    helper before has left, a duty at the Home."""
    a_term()
    helper = a_helper(community, director, user=volunteer_user, capacity=5)
    child = a_child(community, name="陈小雨", class_teacher="周老师")
    _hand_over(child, a_helper(community, director, name="赵敏"), director)
    pairing = a_pairing(child, helper, director)
    consents(child, "photo")
    Child.objects.filter(pk=child.pk).update(photo=store_image(picture(), director))
    child.refresh_from_db()
    promise = Promise.give(pairing, text="一起放风筝", due_on=days(9), by=volunteer_user)
    photo = store_image(picture(), volunteer_user)
    facts = {"made_on": days(-1), "minutes": 60, "note": "在写作业", "by": volunteer_user, "photo": photo}
    contact = contacts.log(helper, pairings=[pairing], kinds=["visit"], **facts)
    letter = ChildLetter.write(pairing, text="风筝飞起来了", by=volunteer_user)
    letter.pass_on(by=director)
    answer = ChildLetter.note_answer(pairing, text="谢谢阿姨", scan=store_image(picture(), director), by=director)
    answer.pass_on(by=director)
    Thanks.say(helper, text="谢谢阿姨", source="family", pairing=pairing, by=director)
    certificate = Certificate.ask(helper, from_day=days(-10), until_day=days(0), by=volunteer_user)
    certificate.issue(by=director)
    Draft.keep(volunteer_user, "portal-contact", {"children": [str(child.pk)], "note": "周六又写作业"})
    Draft.keep(volunteer_user, "portal-letter", {"child": str(child.pk), "text": "风筝放好了"})
    day, home = days(3), make_home(community)
    facts = {"starts_at": dt.time(9), "ends_at": dt.time(11), "by": director}
    for needed in (1, 2):
        HomeShift.plan(home, weekday=day.weekday(), **{**facts, "starts_at": dt.time(8 + needed)}, needed=needed)
        facts["ends_at"] = dt.time(20)
    home_roster.make_roster(home, first=days(0), last=day, by=director)
    slot = HomeDay.objects.filter(day=day).first()
    duty = home_roster.put_on(slot, helper, by=director)
    outing = make_activity(community, director, title="春游", first_day=days(3), helpers_needed=2)
    place = outing.take_helper(helper, by=director)
    sheet = HandoutSheet(activity=outing, community=community, title="春游须知").keep(uploaded=picture(), by=director)
    nomination = a_nomination(a_call(district, director), helper, director)
    keys = {
        **dict.fromkeys(HANDOUTS, sheet.pk),
        **dict.fromkeys(HONOURS - {"portal_appraisal:honours"}, nomination.pk),
        **dict.fromkeys(["portal:child", "portal:reveal", "portal:child_photo"], child.pk),
        **dict.fromkeys(["portal:promise", "portal:handover"], child.pk),
        **dict.fromkeys(["portal:entry_photo", "portal:entry_correct", "portal:entry_answer"], contact.pk),
        **dict.fromkeys(["portal:goodbye", "portal:wish"], pairing.pk),
        "portal:keep_promise": promise.pk,
        "portal:letter": answer.pk,
        "portal:letter_scan": answer.pk,
        "portal:letter_print": letter.pk,
        "portal:certificate_print": certificate.pk,
        **dict.fromkeys(AT_HOME - {"portal:home", "portal:home_take"}, duty.pk),
        "portal:home_take": slot.pk,
        "portal_activities:come": outing.pk,
        "portal_activities:cannot": place.pk,
    }
    owners = [(child, "photo"), (contact, "photo"), (answer, "scan")]
    return World(helper, director, pairing, child, keys, [owner_attachment_url(*owner) for owner in owners])


def _hand_over(child, helper, director):
    """An earlier pairing, ended, with what works well passed on."""
    earlier = a_pairing(child, helper, director, starts=-200)
    CloseOut.write(earlier, works_well="先陪他放风筝", by=director)
    earlier.end(by=director)
    Pairing.objects.filter(pk=earlier.pk).update(ends_on=days(-60))
    CloseOut.objects.get(pairing=earlier).release(by=director)


@pytest.fixture
def standing_in(world, make_user, community, director):
    """The same child for a deputy, who has written an entry with a photo and has drafts."""
    user = make_user("volunteer", community, "deputy", name="孙丽")
    deputy = a_helper(community, director, name="孙丽", user=user)
    span = {"from_day": days(0), "until_day": days(LAST + 1), "guardian": "李红"}
    Deputy.name(world.pairing, volunteer=deputy, by=director, **span)
    photo = store_image(picture(), user)
    facts = {"kinds": ["talk"], "note": "在写作业", "photo": photo, "by": user}
    contact = contacts.log(deputy, pairings=[world.pairing], **facts)
    Draft.keep(user, "portal-contact", {"children": [str(world.child.pk)], "note": "周六又写作业"})
    Draft.keep(user, "portal-letter", {"child": str(world.child.pk), "text": "风筝放好了"})
    keys = {
        **world.keys,
        **dict.fromkeys(["portal:entry_photo", "portal:entry_correct", "portal:entry_answer"], contact.pk),
    }
    attachments = [*world.attachments, owner_attachment_url(contact, "photo")]
    return replace(world, helper=deputy, keys=keys, attachments=attachments)


@dataclass
class Seen:
    status: int
    to: str
    traces: list


def look(client, world, name):
    keys = [world.keys[name]] if "pk" in ROUTES[name] else []
    answer = (client.post if name in SENT else client.get)(reverse(name, args=keys))
    content = b"".join(answer) if answer.streaming else answer.content
    words = content.decode(errors="ignore")
    return Seen(answer.status_code, getattr(answer, "url", ""), [trace for trace in TRACES if trace in words])


def look_at_all(client, world):
    return {name: look(client, world, name) for name in sorted(PORTAL)}


LAST, FIRST_WITHOUT = 3, 4


def _check_ends(world):
    RecordCheck.objects.filter(volunteer=world.helper).update(valid_until=days(LAST))


def _asked(what, from_day=-300, **shown):
    def arrange(world):
        Requirement.objects.create(
            district_id="150902", helper_kind="tutor", what=what, valid_months=0, from_day=days(from_day)
        )
        if shown:
            world.helper.show(what, done_on=days(-200), valid_until=days(LAST), by=world.director, **shown)

    return arrange


def _new_pledge(world):
    _asked("pledge")(world)
    world.helper.show("pledge", done_on=days(-200), pledge_number=0, by=world.director)
    PledgeText.publish(
        district=world.helper.community.parent.parent, text="新誓言", from_day=days(FIRST_WITHOUT), by=world.director
    )


def _posting_ends(world):
    Posting.objects.filter(user=world.helper.user).update(ends_on=days(LAST))


def _leaves(world):
    Volunteer.objects.filter(pk=world.helper.pk).update(left_on=days(FIRST_WITHOUT))


def _days_end(world):
    Deputy.objects.update(until_day=days(LAST))


def _pairing_ends(world):
    Pairing.objects.filter(pk=world.pairing.pk).update(ends_on=days(LAST))


def _child_leaves(world):
    Child.objects.update(left_on=days(FIRST_WITHOUT), left_reason="moved_out")


ENDS_FOR_THE_HELPER = {
    "the record check": _check_ends,
    "the pledge": _asked("pledge", pledge_number=0),
    "the training": _asked("training", score=8),
    "an exemption": _asked("interview", result="exempt", note="熟人"),
    "the district asks for more": _asked("references", from_day=FIRST_WITHOUT),
    "new words of the pledge": _new_pledge,
    "the helper leaves": _leaves,
}
ENDS_FOR_THE_CHILD = {"the pairing": _pairing_ends, "the child leaves the register": _child_leaves}
ENDS_FOR_A_DEPUTY = {"the days": _days_end, **ENDS_FOR_THE_CHILD}


def before_and_after(world, signed_in):
    """All routes in the last second of the last day and in the first of the next, in one session."""
    Volunteer.objects.get(pk=world.helper.pk).recount_clearance()
    last = days(LAST)
    with time_machine.travel(at(last, 23, 59) + dt.timedelta(seconds=59), tick=False):
        client = signed_in(type(world.helper.user).objects.get(pk=world.helper.user_id))
        before = look_at_all(client, world)
        own = {address: client.get(address).status_code for address in world.attachments}
    with time_machine.travel(at(last + dt.timedelta(days=1), 0), tick=False):
        after = look_at_all(client, world)
        for address in world.attachments:
            assert client.get(address).status_code == own[address] == 404, address
        for route in ("papers", "paper"):
            keys = ["pairing_card", world.pairing.pk][: 1 + (route == "paper")]
            assert client.get(reverse(route, args=keys)).status_code == 404
    return before, after


def assert_open(before):
    for name in OF_A_CHILD | PAGES | HELPING_SHOWN | {"portal:home", "portal:me"}:
        assert before[name].status == 200, (name, before[name])
    for name in (OF_A_CHILD | PAGES | {"portal:me"}) - SHOW_NOTHING:
        assert before[name].traces, name
    for name in AT_HOME - {"portal:home"}:
        assert before[name].to == reverse("portal:home"), name
    for name in HELPING - HELPING_SHOWN:
        back = "feed" if name.endswith("feed_end") else "activities"
        assert before[name].to == reverse(f"portal_activities:{back}"), name
    for name in WRITES:
        assert before[name].status == 200 or before[name].to.startswith(reverse("portal:children")), name
        assert before[name].to != reverse("portal:standing"), name


@pytest.mark.parametrize("way", ENDS_FOR_THE_HELPER)
def test_at_midnight_a_helper_who_is_not_cleared_sees_no_child_anywhere(way, world, signed_in):
    ENDS_FOR_THE_HELPER[way](world)
    before, after = before_and_after(world, signed_in)
    assert_open(before)
    for name in OF_A_CHILD | WRITES | PAGES | AT_HOME | HELPING:
        assert (after[name].status, after[name].to) == (302, reverse("portal:standing")), (name, after[name])
    assert {name: seen.traces for name, seen in after.items() if seen.traces} == {}
    assert HomeDuty.objects.get().status == "on"


@pytest.mark.parametrize("way", ENDS_FOR_THE_CHILD)
def test_at_midnight_a_child_that_is_no_longer_accompanied_is_gone(way, world, signed_in):
    ENDS_FOR_THE_CHILD[way](world)
    before, after = before_and_after(world, signed_in)
    assert_open(before)
    for name in OF_A_CHILD | WRITES:
        assert after[name].status == 404, (name, after[name])
    for name in PAGES | {"portal:me", "portal:home"}:
        assert after[name].status == 200, (name, after[name])
    assert {name: seen.traces for name, seen in after.items() if seen.traces} == {}


def test_at_midnight_what_was_written_of_a_sister_too_is_gone_with_her(world, signed_in, volunteer_user):
    """The brother is still accompanied; an entry about both would go on telling of the sister."""
    sister = a_child(world.child.community, world.child.household, name="陈小雪")
    theirs = a_pairing(sister, world.helper, world.director, ends_on=days(LAST))
    consents(sister, "photo")
    photo = store_image(picture(), volunteer_user)
    facts = {"kinds": ["talk"], "note": "小雪生病了", "photo": photo, "by": volunteer_user}
    both = contacts.log(world.helper, pairings=[world.pairing, theirs], **facts)
    both.ask_back(question="小雪好些了吗？", by=world.director)
    Thanks.say(world.helper, text="小雪说谢谢", pairing=world.pairing, contact=both, by=world.director)
    last = days(LAST)
    ways = [reverse(f"portal:{name}", args=[both.pk]) for name in ("entry_photo", "entry_correct")]
    pages = [reverse(name) for name in sorted(PAGES | {"portal:me"})]
    pages.append(reverse("portal:child", args=[world.child.pk]))
    with time_machine.travel(at(last, 23, 59), tick=False):
        client = signed_in(volunteer_user)
        assert [client.get(way).status_code for way in ways] == [200, 200]
        told = {page for page in pages if "小雪" in client.get(page).content.decode()}
        assert told >= {reverse(f"portal:{name}") for name in ("children", "entries", "me")}
    with time_machine.travel(at(last + dt.timedelta(days=1), 0), tick=False):
        assert [client.get(way).status_code for way in ways] == [404, 404]
        assert client.post(reverse("portal:entry_answer", args=[both.pk]), {"answer": "x"}).status_code == 404
        told = [page for page in pages if "小雪" in client.get(page).content.decode()]
        with pytest.raises(Refused, match="no longer accompany"):
            contacts.answer(both, "好些了", by=volunteer_user)
    assert told == []


def assert_open_to_a_deputy(before):
    """What of the child a deputy sees and sends; letters and the course of the pairing are the helper's own."""
    for name in OF_A_CHILD | WRITES:
        assert (before[name].status == 404) == (name in NOT_FOR_A_DEPUTY), (name, before[name])
    for name in OF_A_CHILD - NOT_FOR_A_DEPUTY | PAGES:
        assert before[name].status == 200, (name, before[name])
    for name in WRITES - NOT_FOR_A_DEPUTY:
        assert before[name].status == 200 or before[name].to.startswith(reverse("portal:children")), name
        assert before[name].to != reverse("portal:standing"), name
    assert before["portal:child"].traces and before["portal:entries"].traces
    assert {name for name, seen in before.items() if "谢谢阿姨" in seen.traces} == set()


@pytest.mark.parametrize("way", ENDS_FOR_THE_HELPER)
def test_at_midnight_a_deputy_who_is_not_cleared_sees_no_child_anywhere(way, standing_in, signed_in):
    ENDS_FOR_THE_HELPER[way](standing_in)
    before, after = before_and_after(standing_in, signed_in)
    assert_open_to_a_deputy(before)
    for name in OF_A_CHILD | WRITES | PAGES | AT_HOME:
        assert (after[name].status, after[name].to) == (302, reverse("portal:standing")), (name, after[name])
    assert {name: seen.traces for name, seen in after.items() if seen.traces} == {}


@pytest.mark.parametrize("way", ENDS_FOR_A_DEPUTY)
def test_at_midnight_of_the_last_day_a_deputy_sees_the_child_nowhere(way, standing_in, signed_in):
    ENDS_FOR_A_DEPUTY[way](standing_in)
    before, after = before_and_after(standing_in, signed_in)
    assert_open_to_a_deputy(before)
    for name in OF_A_CHILD | WRITES:
        assert after[name].status == 404, (name, after[name])
    for name in PAGES | {"portal:me", "portal:home"}:
        assert after[name].status == 200, (name, after[name])
    assert {name: seen.traces for name, seen in after.items() if seen.traces} == {}


def test_at_midnight_an_account_whose_posting_ended_has_no_portal(world, signed_in):
    _posting_ends(world)
    before, after = before_and_after(world, signed_in)
    assert_open(before)
    assert {seen.status for seen in after.values()} == {404}
    assert [seen.traces for seen in after.values() if seen.traces] == []


def test_a_pause_closes_at_once_and_going_on_opens_again(world, signed_in, volunteer_user):
    client = signed_in(volunteer_user)
    assert_open(look_at_all(client, world))
    world.pairing.refresh_from_db()
    world.pairing.pause(reason="other", note="休息", by=world.director)
    paused = look_at_all(client, world)
    assert {paused[name].status for name in OF_A_CHILD | WRITES} == {404}
    assert {name: seen.traces for name, seen in paused.items() if seen.traces} == {}
    world.pairing.resume(by=world.director)
    assert look(client, world, "portal:child").status == 200


def test_evidence_is_kept_though_it_has_ended(world):
    _asked("training", score=8)(world)
    assert Evidence.objects.filter(volunteer=world.helper, valid_until=days(LAST)).exists()
