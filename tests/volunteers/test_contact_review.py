"""What staff do with an entry: check it, thank, ask back, note, settle what it asks for."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from children.guardian_copy import LEFT_OUT, copy_of
from records.attachments import store_image
from records.lifecycle import Refused
from records.measures import Period, all_measures
from records.scoping import Scope
from records.trail import TrailEntry
from tests.volunteers.factories import a_child, a_helper, a_paired_child, a_pairing, consents, days
from tests.volunteers.test_portal import picture, token_of
from volunteers import contacts, correcting
from volunteers.models import Contact, ContactQuestion, ContactRemark, Deputy, Thanks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_term")]
FOLLOW_UP = {"follow_up": {"ticks": ["school"], "words": "请联系学校"}}


@pytest.fixture
def staff(signed_in, director):
    return signed_in(director)


@pytest.fixture
def entry(community, director, helper):
    a_paired_child(community, helper, director)
    pairings = helper.pairings.current()
    return contacts.log(helper, pairings=pairings, kinds=["talk"], note="想妈妈", answers=FOLLOW_UP, by=helper.user)


def act(person, name, entry, meanwhile=lambda: None, **typed):
    page = person.get(entry.get_absolute_url())
    meanwhile()
    address = reverse(f"contacts:{name}", args=[entry.pk])
    answer = person.post(address, {"seen": page.context["seen"], **typed, "once_token": token_of(page)})
    entry.refresh_from_db()
    return answer


def test_who_checked_it_and_when_stands_on_it(staff, director, entry):
    assert act(staff, "verify", entry).url == entry.get_absolute_url()
    assert (entry.status, entry.verified_by) == ("verified", director)
    assert director.name in staff.get(entry.get_absolute_url()).content.decode()
    with pytest.raises(Refused):
        entry.verify(seen=entry.seen_mark, by=director)
    assert TrailEntry.objects.about(entry).filter(verb="checked a contact").count() == 1


def with_another_note(entry, by):
    correcting.correct(entry, seen=0, facts={"note": "其实没见到孩子"}, by=by)


def with_a_photo(entry, by):
    consents(entry.lines.get().pairing.child, "photo")
    correcting.correct(entry, seen=0, facts={}, photo=store_image(picture(), by), by=by)


@pytest.mark.parametrize("change", [with_another_note, with_a_photo])
@pytest.mark.parametrize("name", ["verify", "settle"])
def test_only_what_was_read_is_checked_or_settled(name, change, staff, helper, entry):
    answer = act(staff, name, entry, meanwhile=lambda: change(entry, helper.user), note="已办")
    page = answer if answer.status_code == 200 else staff.get(answer.url)
    stored = Contact.objects.get()
    assert (stored.status, stored.is_to_follow_up) == ("written", True)
    assert "Please read it again." in page.content.decode()
    act(staff, name, entry, note="已办")
    stored = Contact.objects.get()
    assert (stored.status == "verified", stored.is_to_follow_up) == (name == "verify", name == "verify")


def test_nobody_checks_their_own(entry, helper):
    for verb in (
        lambda: entry.verify(seen="0.0", by=helper.user),
        lambda: entry.ask_back(question="?", by=helper.user),
        lambda: entry.remark(text="x", by=helper.user),
        lambda: entry.settle_follow_up(seen="0.0", by=helper.user),
    ):
        with pytest.raises(Refused, match="their own"):
            verb()


def test_asked_back_it_waits_on_the_list_until_the_helper_answers(staff, portal, director, helper, entry):
    listed = reverse("admin:volunteers_contact_changelist")
    assert act(staff, "ask", entry, question="哪天？").status_code == 302
    assert entry.status == "asked"
    assert "王爱华" in staff.get(listed + "?state=asked").content.decode()
    first = portal.get(reverse("portal:children"))
    assert "哪天？" in first.content.decode()
    address, typed = reverse("portal:entry_answer", args=[entry.pk]), {"once_token": token_of(first)}
    too_long = "星" * 1001
    assert too_long in portal.post(address, {**typed, "answer": too_long}).content.decode()
    portal.post(address, {**typed, "answer": " "})
    assert entry.asked_questions.get().answered_at is None
    portal.post(address, {**typed, "answer": "星期三"})
    portal.post(address, {**typed, "answer": "又一次"})
    entry.refresh_from_db()
    question = entry.asked_questions.get()
    assert (entry.status, question.answer, question.answered_by) == ("answered", "星期三", helper.user)
    assert "王爱华" not in staff.get(listed + "?state=asked").content.decode()
    assert "王爱华" in staff.get(listed + "?state=answered").content.decode()
    assert "哪天？" not in portal.get(reverse("portal:children")).content.decode()
    assert "星期三" in staff.get(entry.get_absolute_url()).content.decode()


def test_an_empty_question_comes_back_with_its_error(staff, entry):
    answer = act(staff, "ask", entry, question=" ")
    assert answer.status_code == 200
    assert entry.status == "written"


def test_an_answer_heard_on_the_phone_is_noted(staff, director, entry):
    entry.ask_back(question="哪天？", by=director)
    act(staff, "note_answer", entry, answer="电话里说星期三")
    assert entry.asked_questions.get().answered_by == director
    act(staff, "ask", entry, question="几点？")
    assert entry.status == "asked"
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactQuestion.objects.create(contact=entry, community=entry.community, question="x", asked_by=director)


def test_what_was_answered_meanwhile_is_read_before_it_is_checked(director, entry):
    seen = entry.seen_mark
    entry.ask_back(question="哪天？", by=director)
    entry.take_answer(answer="星期三", by=director)
    with pytest.raises(Refused):
        entry.verify(seen=seen, by=director)
    entry.verify(seen=entry.seen_mark, by=director)
    assert entry.status == "verified"


def test_an_answer_is_refused_once_the_pairing_ended(director, helper, entry, portal):
    entry.ask_back(question="哪天？", by=director)
    page = portal.get(reverse("portal:children"))
    helper.pairings.get().end(by=director)
    with pytest.raises(Refused):
        contacts.answer(entry, "星期三", by=helper.user)
    address = reverse("portal:entry_answer", args=[entry.pk])
    assert portal.post(address, {"answer": "x", "once_token": token_of(page)}).status_code == 404


def test_what_the_helper_asks_for_is_settled_once(staff, director, community, entry):
    gap = next(measure for measure in all_measures() if measure.key == "contacts_to_follow_up")
    today, scope = Period.day(days(0)), Scope.of(community.pk)
    assert gap.count(scope, today) == 1
    assert (
        "to follow up"
        in staff.get(reverse("admin:volunteers_contact_changelist") + "?state=follow_up").content.decode()
    )
    act(staff, "settle", entry, note="已联系班主任")
    assert (entry.settled_by, entry.settled_note) == (director, "已联系班主任")
    assert gap.count(scope, today) == 0
    with pytest.raises(Refused):
        entry.settle_follow_up(seen=entry.seen_mark, by=director)
    assert "已联系班主任" in staff.get(entry.get_absolute_url()).content.decode()


def test_what_is_asked_anew_is_to_be_settled_anew(staff, director, helper, entry):
    entry.settle_follow_up(seen=entry.seen_mark, note="已联系班主任", by=director)
    seen = {"seen": 0, "by": helper.user}
    correcting.correct(entry, facts={"note": "想妈妈，睡不好"}, **seen)
    stored = Contact.objects.get()
    assert not stored.is_to_follow_up
    more = {"follow_up": {"ticks": ["school", "doctor"], "words": "请联系学校"}}
    correcting.correct(stored, facts={"answers": more}, **{**seen, "seen": 1})
    stored = Contact.objects.get()
    assert stored.is_to_follow_up
    kept = ContactRemark.objects.get()
    assert (kept.text, kept.noted_by) == ("已联系班主任", director)
    stored.settle_follow_up(seen=stored.seen_mark, by=director)
    correcting.correct(stored, facts={"answers": {}}, **{**seen, "seen": 2})
    assert not Contact.objects.get().is_to_follow_up


def test_thanks_for_an_entry_stand_in_the_portal_once(staff, portal, director, helper, entry):
    act(staff, "thank", entry, text="很细心")
    act(staff, "thank", entry, text="再谢")
    said = Thanks.objects.get()
    assert (said.contact, said.pairing.volunteer, said.text) == (entry, helper, "很细心")
    assert "很细心" in portal.get(reverse("portal:me")).content.decode()
    with pytest.raises(Refused, match="thanked for this entry"):
        Thanks.say(helper, text="x", contact=entry, by=director)


def test_who_wrote_it_is_thanked_though_only_standing_in(staff, portal, community, director, helper):
    away = a_helper(community, director, name="赵敏")
    pairing = a_pairing(a_child(community), away, director)
    span = {"from_day": days(0), "until_day": days(3), "guardian": "李红"}
    Deputy.name(pairing, volunteer=helper, by=director, **span)
    theirs = contacts.log(helper, pairings=[pairing], kinds=["visit"], by=helper.user)
    assert act(staff, "thank", theirs, text="谢谢您代班").url == theirs.get_absolute_url()
    said = Thanks.objects.get()
    assert (said.volunteer, said.pairing, said.contact) == (helper, pairing, theirs)
    assert "谢谢您代班" in portal.get(reverse("portal:me")).content.decode()
    with pytest.raises(Refused, match="another helper"):
        Thanks.say(away, text="x", pairing=pairing, contact=theirs, by=director)


def test_thanks_for_an_entry_of_a_child_that_moved_away(staff, portal, sister_community, helper, entry):
    entry.lines.update(community=sister_community, district=sister_community.pk[:6])
    assert act(staff, "thank", entry, text="很细心").url == entry.get_absolute_url()
    assert Thanks.objects.get().volunteer == helper
    assert "很细心" in portal.get(reverse("portal:me")).content.decode()


def test_a_note_of_staff_reaches_neither_helper_nor_family(staff, portal, director, entry, community):
    act(staff, "remark", entry, text="奶奶说法不同")
    assert ContactRemark.objects.get().noted_by == director
    assert "奶奶说法不同" in staff.get(entry.get_absolute_url()).content.decode()
    for page in ("children", "entries", "due", "me"):
        assert "奶奶说法不同" not in portal.get(reverse(f"portal:{page}")).content.decode()
    assert "奶奶说法不同" not in portal.get(reverse("portal:entry_correct", args=[entry.pk])).content.decode()
    copied = copy_of(entry.lines.get().pairing.child, confidential=False)
    assert copied["volunteers.contactremark"] == LEFT_OUT
    assert copied["volunteers.contact"][0]["note"] == "想妈妈"


def test_an_entry_about_two_families_is_in_no_familys_copy(community, director, helper):
    first = a_paired_child(community, helper, director)
    second = a_child(community, name="周明")
    a_pairing(second, helper, director)
    sister = a_child(community, first.household, name="陈小雪")
    a_pairing(sister, helper, director)
    by_child = {p.child_id: p for p in helper.pairings.current()}
    for together in ((first, second), (first, sister)):
        contacts.log(helper, pairings=[by_child[c.pk] for c in together], kinds=["visit"], by=helper.user)
    siblings = Contact.objects.order_by("pk").last()
    assert [row["id"] for row in copy_of(first)["volunteers.contact"]] == [siblings.pk]
    assert copy_of(second)["volunteers.contact"] == []


def test_pages_and_acts_stop_at_the_community(signed_in, stranger, supervisor, federation, entry, director):
    for name in ("contact", "correct", "verify", "ask", "note_answer", "remark", "settle", "thank"):
        address = reverse(f"contacts:{name}", args=[entry.pk])
        for user in (stranger, federation):
            person = signed_in(user)
            assert person.get(address).status_code in (404, 405)
            assert person.post(address).status_code in (404, 405)
    entry.refresh_from_db()
    assert entry.status == "written"
    seen = signed_in(supervisor).get(entry.get_absolute_url())
    assert "想妈妈" in seen.content.decode()
    assert "Say thank you" not in seen.content.decode()  # the street reads thanks and says none


def test_the_page_asks_as_much_for_many_words_as_for_few(staff, director, entry):
    counts = []
    staff.get(entry.get_absolute_url())
    for more in (1, 3):
        for n in range(more):
            entry.remark(text=f"记{n}", by=director)
            entry.ask_back(question=f"问{n}", by=director)
            entry.take_answer(answer=f"答{n}", by=director)
        with CaptureQueriesContext(connection) as asked:
            staff.get(entry.get_absolute_url())
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_childs_file_shows_the_answers(staff, entry):
    child = entry.lines.get().pairing.child
    text = staff.get(reverse("children:file", args=[child.pk]) + "?tab=helpers").content.decode()
    assert "请联系学校" in text
    assert "to follow up" in text


def test_entries_shared_by_helpers_without_account_say_how_to_ask(staff, community, director):
    other = a_helper(community, director, name="赵敏")
    a_paired_child(community, other, director, name="周明")
    theirs = contacts.log(other, pairings=other.pairings.current(), kinds=["visit"], by=director)
    act(staff, "ask", theirs, question="哪天？")
    assert "ask by phone" in staff.get(theirs.get_absolute_url()).content.decode()


def test_a_concern_is_one_step_away_from_what_a_helper_wrote(staff, entry):
    child = entry.lines.get().pairing.child
    page = staff.get(entry.get_absolute_url()).content.decode()
    step = f"{reverse('children:raise_concern', args=[child.pk])}?next={entry.get_absolute_url()}"
    assert f'href="{step}"' in page
    assert f'value="{entry.get_absolute_url()}"' in staff.get(step).content.decode()
