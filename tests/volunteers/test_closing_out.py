"""What a pairing leaves behind: promises, farewell, hand-over, feedback; done when each is there or left out."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from children.models import Concern, Need
from records.lifecycle import Refused
from records.measures import Period, get
from records.scoping import Scope
from records.trail import TrailEntry
from tests.records.threads import at_once
from tests.volunteers.factories import a_child, a_helper, a_paired_child, a_pairing, a_proposal, consents, days
from tests.volunteers.test_portal import token_of
from tests.volunteers.test_races import outcome
from volunteers import contacts
from volunteers.models import CareGroup, ChildLetter, CloseOut, Contact, Feedback, Pairing, Promise

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_term")]


@pytest.fixture
def pairing(community, director, helper):
    return a_pairing(a_child(community, name="陈小雨", hobbies=["painting"]), helper, director)


@pytest.fixture
def staff(signed_in, director):
    return signed_in(director)


def promised(pairing, by, text="一起去图书馆"):
    return Promise.give(pairing, text=text, due_on=days(10), by=by)


def farewell(pairing, by, text="谢谢你陪我折纸鹤"):
    return ChildLetter.write(pairing, text=text, is_farewell=True, by=by)


def closing(pairing):
    return CloseOut.objects.get(pairing=pairing)


def once_data(client, page, data):
    """What a person sends from a page: with its one-time token."""
    return {"once_token": token_of(client.get(page)), **data}


def seen_on(client, page):
    """The version of the words that a page shows."""
    return client.get(page).content.decode().split('name="seen_version" value="')[1].split('"')[0]


def measured(community):
    return list(get("pairings_to_close_out").rows(Scope.of(community.pk), Period.day(days(0))))


def test_the_end_of_a_pairing_opens_its_close_out(pairing, director, community):
    pairing.end(by=director)
    assert closing(pairing).missing_steps() == ["letter", "pack", "helper", "child", "guardian"]
    assert measured(community) == [pairing]
    assert list(CloseOut.objects.still_open()) == [closing(pairing)]


def test_a_proposal_that_comes_to_nothing_leaves_nothing_to_close_out(community, director, helper):
    child = a_child(community)
    consents(child)
    a_proposal(child, helper, director).end(by=director)
    assert not CloseOut.objects.exists()


def test_it_is_done_once_each_step_is_there_or_left_out_with_a_reason(pairing, director, helper, community):
    promise = promised(pairing, helper.user)
    farewell(pairing, helper.user)
    CloseOut.write(pairing, works_well="先陪他画一会儿画", by=helper.user)
    Feedback.note(pairing, side="helper", ticks=["again", "got_on"], by=helper.user)
    pairing.end(by=director)
    close_out = closing(pairing)
    assert close_out.missing_steps() == ["promises", "pack", "child", "guardian"]
    close_out.release(by=director)
    promise.give_up(why="下个学期由新的志愿者陪着去", by=director)
    Feedback.note(pairing, side="child", words="我会想阿姨的", by=director)
    assert closing(pairing).done_on is None
    closing(pairing).leave_out("guardian", why="电话打不通，已留言", by=director)
    assert closing(pairing).done_on == days(0)
    assert measured(community) == []
    assert Feedback.objects.get(side="helper").ticks == ["got_on", "again"]
    verbs = set(TrailEntry.objects.filter(verb__in=["left a step out", "passed a hand-over on"]).values_list("verb"))
    assert len(verbs) == 2


def test_a_farewell_letter_sent_back_opens_the_step_again(pairing, director, helper):
    letter = farewell(pairing, helper.user)
    pairing.end(by=director)
    assert "letter" not in closing(pairing).missing_steps()
    letter.send_back(remark="请去掉电话", by=director)
    assert "letter" in closing(pairing).missing_steps()


def test_a_farewell_goes_to_the_child_after_the_end_and_is_no_contact_then(pairing, director, helper):
    letter = farewell(pairing, helper.user)
    pairing.end(by=director)
    letter.pass_on(by=director)
    letter.deliver(by=director)
    assert (letter.status, letter.contact) == ("delivered", None)
    assert not Contact.objects.exists()
    assert pairing.duties.get(kind="letter").done_on is None


def test_a_farewell_given_before_the_end_counts_as_the_letter_of_the_term(pairing, director, helper):
    letter = farewell(pairing, helper.user)
    letter.pass_on(by=director)
    letter.deliver(by=director)
    assert pairing.duties.get(kind="letter").done_on == days(0)


def test_any_other_letter_stays_where_it_is_once_the_pairing_ended(pairing, director, helper):
    letter = ChildLetter.write(pairing, text="你好", by=helper.user)
    pairing.end(by=director)
    with pytest.raises(Refused, match="not in force"):
        letter.pass_on(by=director)


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda p, by: closing(p).leave_out("child", why="", by=by), "few words"),
        (lambda p, by: closing(p).leave_out("promises", why="x", by=by), "settled already"),
        (lambda p, by: closing(p).release(by=by), "Write first"),
        (lambda p, by: promised(p, by), "while the pairing is in force"),
        (lambda p, by: Feedback.note(p, side="child", by=by), "Tick what holds"),
    ],
)
def test_refusals_after_the_end(act, said, pairing, director):
    pairing.end(by=director)
    with pytest.raises(Refused, match=said):
        act(pairing, director)


def test_nothing_is_left_out_before_the_end_and_nobody_says_it_twice(pairing, director):
    CloseOut.write(pairing, works_well="画画", by=director)
    with pytest.raises(Refused, match="still in force"):
        closing(pairing).leave_out("child", why="x", by=director)
    Feedback.note(pairing, side="child", words="好", by=director)
    with pytest.raises(Refused, match="had its say"):
        Feedback.note(pairing, side="child", words="不好", by=director)
    assert Feedback.objects.get().words == "好"


@pytest.mark.parametrize("due", [-1, 400])
def test_a_promise_has_a_day_ahead(due, pairing, director):
    with pytest.raises(Refused, match="year from now"):
        Promise.give(pairing, text="看电影", due_on=days(due), by=director)


def test_a_settled_promise_stays_settled(pairing, director):
    promise = promised(pairing, director)
    promise.keep(by=director)
    with pytest.raises(Refused, match="settled"):
        promise.give_up(why="x", by=director)


# Pages of staff -------------------------------------------------------------------------------------------------------


def test_ending_on_the_page_of_a_pairing_leads_to_its_close_out(staff, pairing):
    url = reverse("admin:volunteers_pairing_changelist")
    data = {"action": "end", "_selected_action": pairing.pk, "from_row": "1", "apply": "1", "reason": "helper_left"}
    answer = staff.post(url, data)
    assert answer.url == reverse("pairings:close_out", args=[pairing.pk])
    page = staff.get(answer.url).content.decode()
    assert "This pairing has ended" in page and "Leave it out, with this reason" in page


def test_staff_close_a_pairing_out_on_one_page(staff, pairing, director):
    pairing.end(by=director)
    page = reverse("pairings:close_out", args=[pairing.pk])
    for route, data in [
        ("words", {"works_well": "先陪他画一会儿画"}),
        ("pass_on", {}),
        ("feedback", {"side": "helper", "words": "很高兴认识他"}),
        ("feedback", {"side": "child", "ticks": ["got_on"]}),
        ("feedback", {"side": "guardian", "ticks": ["helped", "kept"]}),
        ("leave_out", {"step": "letter", "why": "志愿者已搬走"}),
    ]:
        data = {"seen_version": seen_on(staff, page), **data} if route == "pass_on" else data
        answer = staff.post(reverse(f"pairings:{route}", args=[pairing.pk]), once_data(staff, page, data))
        assert answer.status_code == 302, answer.content.decode()
    assert closing(pairing).done_on == days(0)
    shown = staff.get(page).content.decode()
    assert "很高兴认识他" in shown and "志愿者已搬走" in shown
    listed = staff.get(reverse("admin:volunteers_pairing_changelist") + "?closing=open").content.decode()
    assert "陈小雨" not in listed


def test_what_was_typed_comes_back_with_the_reason(staff, pairing, director):
    page = reverse("pairings:close_out", args=[pairing.pk])
    data = {"text": "一起放风筝", "due_on": str(days(-3))}
    answer = staff.post(reverse("pairings:promise", args=[pairing.pk]), once_data(staff, page, data))
    assert "一起放风筝" in answer.content.decode() and "year from now" in answer.content.decode()
    assert not Promise.objects.exists()


def test_the_hand_over_on_paper(staff, pairing, director, helper):
    Concern.raise_for(pairing.child, what="夜里常听到哭声", by=director)
    contacts.log(helper, pairings=[pairing], kinds=["visit"], note="家中整洁", by=helper.user)
    promised(pairing, director)
    CloseOut.write(pairing, works_well="先陪他画一会儿画", by=director)
    url = reverse("paper", args=["hand_over", pairing.pk])
    assert staff.get(url).status_code == 404
    closing(pairing).release(by=director)
    page = staff.get(url).content.decode()
    assert "先陪他画一会儿画" in page and "一起去图书馆" in page and "小雨" in page and "× 1" in page
    for hidden in ("陈小雨", "夜里", "家中整洁", helper.name, pairing.child.number):
        assert hidden not in page


def test_hand_overs_of_many_children_ask_as_much_as_of_one(staff, community, director, helper):
    keys = []
    for name in ("陈小雨", "周明", "吴婷"):
        child = a_child(community, name=name)
        for topic in ("study", "safety"):
            Need.objects.create(child=child, topic=topic, noted_on=days(-9), community=community)
        ended = a_pairing(child, helper, director)
        CloseOut.write(ended, works_well="慢慢来", by=helper.user).release(by=director)
        keys.append(str(ended.pk))
    with CaptureQueriesContext(connection) as one:
        staff.get(reverse("papers", args=["hand_over"]) + f"?keys={keys[0]}")
    with CaptureQueriesContext(connection) as three:
        assert staff.get(reverse("papers", args=["hand_over"]) + f"?keys={','.join(keys)}").status_code == 200
    assert len(three) - len(one) <= 2  # a line on the trail for each


def test_each_look_at_the_pages_around_a_pairing_is_on_the_trail(staff, pairing, community, director):
    group = CareGroup.set_up(community, by=director)
    group.assign(pairing.child, group.take_in(role="committee", user=director, by=director), by=director)
    for name in ("pairings:close_out", "pairings:deputy", "letters:on_paper", "letters:answer"):
        staff.get(reverse(name, args=[pairing.pk]))
        assert TrailEntry.objects.about(pairing).filter(verb="read", page=name).count() == 1, name
    staff.get(reverse("pairings:care_group"))
    assert TrailEntry.objects.about(pairing.child).filter(verb="read", page="pairings:care_group").count() == 1
    staff.post(reverse("pairings:promise", args=[pairing.pk]), {"text": "去公园"})
    assert TrailEntry.objects.about(pairing).filter(verb="read", page="pairings:close_out").count() == 2


def test_of_two_who_write_at_once_the_second_is_told_and_loses_nothing(staff, portal, pairing, director):
    office, own = reverse("pairings:close_out", args=[pairing.pk]), reverse("portal:goodbye", args=[pairing.pk])
    seen = once_data(staff, office, {"works_well": "先陪他画一会儿画", "seen_version": ""})
    said = {"works_well": "慢慢来", "ticks": ["again"], "seen_version": seen_on(portal, own)}
    portal.post(own, once_data(portal, own, said))
    answer = staff.post(reverse("pairings:words", args=[pairing.pk]), seen)
    page = answer.content.decode()
    assert answer.status_code == 200 and "Somebody else wrote this" in page
    assert "慢慢来" in page and "先陪他画一会儿画" in page
    assert (closing(pairing).works_well, closing(pairing).written_by) == ("慢慢来", pairing.volunteer.user)
    again = {
        **seen,
        "once_token": token_of(answer),
        "seen_version": answer.context["words_form"]["seen_version"].value(),
    }
    assert staff.post(reverse("pairings:words", args=[pairing.pk]), again).status_code == 302
    assert (closing(pairing).works_well, closing(pairing).written_by) == ("先陪他画一会儿画", director)


def test_the_helper_is_told_as_well_and_the_feedback_waits(portal, pairing, director):
    page = reverse("portal:goodbye", args=[pairing.pk])
    sent = once_data(portal, page, {"works_well": "慢慢来", "ticks": ["again"], "seen_version": "0"})
    CloseOut.write(pairing, works_well="先陪他画一会儿画", by=director)
    answer = portal.post(page, sent)
    assert "Somebody else wrote this" in answer.content.decode() and "慢慢来" in answer.content.decode()
    assert "先陪他画一会儿画" in answer.content.decode() and not Feedback.objects.exists()
    version = answer.context["form"]["seen_version"].value()
    portal.post(page, {**sent, "once_token": token_of(answer), "seen_version": version})
    assert closing(pairing).works_well == "慢慢来" and Feedback.objects.exists()


def test_only_what_was_read_is_passed_on(staff, pairing, helper, director):
    CloseOut.write(pairing, works_well="慢慢来", by=helper.user)
    page = reverse("pairings:close_out", args=[pairing.pk])
    sent = once_data(staff, page, {"seen_version": seen_on(staff, page)})
    CloseOut.write(pairing, works_well="慢慢来，他家在三楼", by=helper.user)
    answer = staff.post(reverse("pairings:pass_on", args=[pairing.pk]), sent, follow=True)
    assert "changed meanwhile" in answer.content.decode()
    assert closing(pairing).released_on is None


def test_the_same_words_again_change_nothing_nor_who_wrote_them(pairing, helper, director):
    CloseOut.write(pairing, works_well="慢慢来", by=helper.user)
    CloseOut.write(pairing, works_well="慢慢来", by=director)
    assert (closing(pairing).written_by, closing(pairing).version) == (helper.user, 2)


@pytest.mark.django_db(transaction=True)
def test_of_two_first_words_at_the_same_moment_one_stands(pairing, helper, director):
    people = [("慢慢来", helper.user), ("先画画", director)]
    results = at_once(
        *(
            outcome(lambda words=words, by=by: CloseOut.write(pairing, works_well=words, seen=0, by=by) and "done")
            for words, by in people
        )
    )
    assert sorted(results) == ["done", "refused"]


# Portal ---------------------------------------------------------------------------------------------------------------


def test_a_helper_notes_a_promise_and_ticks_it_off(portal, pairing):
    page = reverse("portal:child", args=[pairing.child_id])
    data = {"text": "一起放风筝", "due_on": str(days(5))}
    portal.post(reverse("portal:promise", args=[pairing.child_id]), once_data(portal, page, data))
    promise = Promise.objects.get()
    assert (promise.pairing, promise.text) == (pairing, "一起放风筝")
    assert "一起放风筝" in portal.get(page).content.decode()
    portal.post(reverse("portal:keep_promise", args=[promise.pk]))
    promise.refresh_from_db()
    assert promise.kept_on == days(0)
    assert "一起放风筝" not in portal.get(page).content.decode()


def test_a_helper_says_goodbye_before_the_last_day(portal, pairing, director):
    page = reverse("portal:goodbye", args=[pairing.pk])
    data = {"works_well": "慢慢来", "ticks": ["again"], "words": "舍不得"}
    assert portal.post(page, once_data(portal, page, data)).status_code == 302
    new = reverse("portal:letter_new") + f"?child={pairing.child_id}&farewell=1"
    letter = {"child": pairing.child_id, "text": "再见，好好读书", "farewell": "1"}
    portal.post(reverse("portal:letter_new"), once_data(portal, new, letter))
    pairing.end(by=director)
    assert closing(pairing).missing_steps() == ["pack", "child", "guardian"]
    assert closing(pairing).works_well == "慢慢来"
    assert portal.get(page).status_code == 404
    assert portal.get(reverse("portal:letter", args=[ChildLetter.objects.get().pk])).status_code == 404


def test_a_helper_takes_up_the_own_words_and_reads_those_of_the_office(portal, pairing, helper, director):
    page = reverse("portal:goodbye", args=[pairing.pk])
    CloseOut.write(pairing, works_well="慢慢来", by=helper.user)
    assert portal.get(page).context["form"].initial["works_well"] == "慢慢来"
    CloseOut.write(pairing, works_well="先问她今天怎么样", by=director)
    answer = portal.get(page)
    assert answer.context["form"].initial["works_well"] == ""
    text = answer.content.decode()
    assert "先问她今天怎么样" in text and f"Written by {director.name}" in text


def test_another_helpers_promise_and_goodbye_do_not_exist(portal, community, director, pairing):
    a_paired_child(community, a_helper(community, director, name="赵敏"), director)
    theirs = Pairing.objects.exclude(pk=pairing.pk).get()
    promise = promised(theirs, director)
    for url in (reverse("portal:goodbye", args=[theirs.pk]), reverse("portal:goodbye", args=[10**18])):
        assert portal.get(url).status_code == 404
    assert portal.post(reverse("portal:keep_promise", args=[promise.pk])).status_code == 404
    assert portal.post(reverse("portal:promise", args=[theirs.child_id])).status_code == 404
    promise.refresh_from_db()
    assert promise.kept_on is None


def test_the_next_helper_reads_the_hand_over_while_the_pairing_holds(portal, community, director, helper):
    before = a_helper(community, director, name="赵敏")
    child = a_child(community, name="林小月")
    earlier = a_pairing(child, before, director)
    Concern.raise_for(child, what="夜里常听到哭声", by=director)
    promised(earlier, director)
    contacts.log(before, pairings=[earlier], kinds=["visit"], note="家中整洁", by=director)
    CloseOut.write(earlier, works_well="先陪她画一会儿画", by=director)
    earlier.end(by=director)
    mine = a_pairing(child, helper, director, starts=0)
    url = reverse("portal:handover", args=[child.pk])
    assert portal.get(url).status_code == 404  # not passed on yet
    closing(earlier).release(by=director)
    page = portal.get(url).content.decode()
    assert "先陪她画一会儿画" in page and "一起去图书馆" in page
    for hidden in ("赵敏", "夜里", "家中整洁", "林小月"):
        assert hidden not in page
    assert "helper before" in portal.get(reverse("portal:child", args=[child.pk])).content.decode()
    mine.end(by=director)
    assert portal.get(url).status_code == 404


def test_who_accompanied_the_child_beside_the_other_reads_no_hand_over(portal, community, director, helper):
    child = a_child(community)
    a_pairing(child, helper, director, starts=-40)
    other = a_pairing(child, a_helper(community, director, name="赵敏"), director, kind="tutor", starts=-30)
    CloseOut.write(other, works_well="先陪她画一会儿画", by=director)
    other.end(by=director)
    closing(other).release(by=director)
    assert portal.get(reverse("portal:handover", args=[child.pk])).status_code == 404
