import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from children.consenting import withdraw_consent
from children.models import Consent
from records.attachments import store_image
from records.drafts import Draft
from records.lifecycle import Refused
from records.trail import TrailEntry
from tests.volunteers.factories import a_helper, a_paired_child, days
from tests.volunteers.test_access import at
from tests.volunteers.test_portal import picture, token_of
from volunteers.models import ChildLetter, Contact, Duty, Thanks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_term")]
Status = ChildLetter.Status


@pytest.fixture
def pairing(community, director, helper):
    return a_paired_child(community, helper, director).pairings.get()


@pytest.fixture
def written(pairing, volunteer_user):
    return ChildLetter.write(pairing, text="小雨，你好！风筝飞得真高。", by=volunteer_user)


@pytest.fixture
def desk(signed_in, director):
    return signed_in(director)


def stored(letter):
    return ChildLetter.objects.get(pk=letter.pk)


def give(portal, **answers):
    """Write a letter as a person does."""
    page = portal.get(reverse("portal:letter_new"))
    return portal.post(reverse("portal:letter_new"), {"once_token": token_of(page), **answers})


def test_every_letter_stands_in_one_of_the_three_lists(pairing, volunteer_user, director):
    def write():
        return ChildLetter.write(pairing, text="你好", by=volunteer_user)

    waiting, passed, returned, handed = (write() for _letter in range(4))
    answer = ChildLetter.note_answer(pairing, text="谢谢", by=director)
    for letter in (passed, handed, answer):
        letter.pass_on(by=director)
    handed.deliver(by=director)
    returned.send_back(remark="请写短一点", by=director)
    rows = ChildLetter.objects
    assert set(rows.waiting()) == {waiting}
    assert set(rows.to_deliver()) == {passed}
    assert set(rows.over()) == {returned, handed, answer}


def test_a_letter_goes_from_the_portal_over_the_desk_to_the_child_and_back(portal, desk, pairing, helper):
    assert give(portal, child=pairing.child_id, text="你好，小雨").url == reverse("portal:letters")
    letter = ChildLetter.objects.get()
    assert (letter.status, letter.text, letter.pairing, letter.written_by) == (
        *[Status.WAITING, "你好，小雨", pairing],
        helper.user,
    )
    page = desk.get(letter.get_absolute_url())
    assert "你好，小雨" in page.content.decode()
    desk.post(reverse("letters:pass_on", args=[letter.pk]), {"once_token": token_of(page)})
    page = desk.get(letter.get_absolute_url())
    answers = {"on": str(days(0)), "delivered_by": "李老师", "once_token": token_of(page)}
    desk.post(reverse("letters:hand_over", args=[letter.pk]), answers)
    letter = stored(letter)
    assert (letter.status, letter.delivered_on, letter.delivered_by) == (Status.DELIVERED, days(0), "李老师")
    duty = Duty.objects.get(pairing=pairing, kind="letter")
    assert duty.done_on == days(0)
    assert duty.fulfilled_by.contact == letter.contact
    page = desk.get(reverse("letters:answer", args=[pairing.pk]) + f"?to={letter.pk}")
    sent = {"text": "谢谢阿姨", "to": letter.pk, "once_token": token_of(page)}
    desk.post(reverse("letters:answer", args=[pairing.pk]), sent)
    answer = letter.answered_by.get()
    assert "谢谢阿姨" not in portal.get(reverse("portal:letters")).content.decode()
    assert portal.get(reverse("portal:letter", args=[answer.pk])).status_code == 404
    desk.post(
        reverse("letters:pass_on", args=[answer.pk]), {"once_token": token_of(desk.get(answer.get_absolute_url()))}
    )
    assert "谢谢阿姨" in portal.get(reverse("portal:letter", args=[answer.pk])).content.decode()


def test_a_letter_that_came_back_is_written_anew_and_the_first_words_stay(portal, written, director, pairing):
    written.send_back(remark="请不要写电话号码", by=director)
    page = portal.get(reverse("portal:letter", args=[written.pk]))
    assert "请不要写电话号码" in page.content.decode()
    address = reverse("portal:letter_new") + f"?instead={written.pk}"
    page = portal.get(address)
    assert written.text in page.content.decode()
    data = {"child": pairing.child_id, "text": "小雨，你好！", "instead": written.pk, "once_token": token_of(page)}
    portal.post(reverse("portal:letter_new"), data)
    anew = ChildLetter.objects.get(replaces=written)
    assert (anew.text, anew.status) == ("小雨，你好！", Status.WAITING)
    assert (stored(written).text, stored(written).status) == ("小雨，你好！风筝飞得真高。", Status.RETURNED)
    with pytest.raises(Refused, match="no longer waits"):
        ChildLetter.write(pairing, text="x", replaces=written, by=written.written_by)


def test_the_words_of_a_letter_are_not_readable_in_the_database(written):
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM volunteers_childletter")
        assert "风筝" not in str(cursor.fetchall())


def test_an_empty_letter_is_refused(portal, pairing, volunteer_user):
    answer = give(portal, child=pairing.child_id, text="  ")
    assert "Write a few words, or add a picture of the letter." in answer.content.decode()
    with pytest.raises(Refused, match="few words"):
        ChildLetter.write(pairing, by=volunteer_user)


def test_what_was_typed_comes_back_with_the_error_and_a_draft_is_kept(portal, pairing, helper):
    Draft.keep(helper.user, "portal-letter", {"text": "写了一半", "child": str(pairing.child_id)})
    assert "写了一半" in portal.get(reverse("portal:letter_new")).content.decode()
    answer = give(portal, text="没有选孩子")
    assert answer.status_code == 200
    assert "没有选孩子" in answer.content.decode()
    assert Draft.find(helper.user, "portal-letter")
    give(portal, child=pairing.child_id, text="好了")
    assert Draft.find(helper.user, "portal-letter") is None


@pytest.mark.parametrize("junk", [{"child": "x"}, {"child": "9" * 30}, {"instead": "9" * 30}, {"text": "a\x00b"}])
def test_junk_makes_no_letter(junk, portal, pairing):
    answer = give(portal, **{"child": pairing.child_id, "text": "好", **junk})
    assert answer.status_code in (200, 404)
    assert not ChildLetter.objects.exists()


def test_a_second_submit_makes_no_second_letter(portal, pairing):
    token = token_of(portal.get(reverse("portal:letter_new")))
    for _time in range(2):
        give(portal, child=pairing.child_id, text="好", once_token=token)
    assert ChildLetter.objects.count() == 1


def test_a_photographed_letter_is_shown_to_those_two_sides_alone(
    portal, desk, pairing, signed_in, make_user, community
):
    give(portal, child=pairing.child_id, scan=picture())
    letter = ChildLetter.objects.get()
    own = portal.get(reverse("portal:letter_scan", args=[letter.pk]))
    assert b"".join(own.streaming_content)[:2] == b"\xff\xd8"
    scan = reverse("records:attachment", args=["volunteers.childletter", letter.pk, "scan"])
    assert b"".join(desk.get(scan).streaming_content)
    stranger = make_user("volunteer", community, "other")
    assert signed_in(stranger).get(scan).status_code == 404


def test_another_helpers_letter_does_not_exist(portal, community, director, helper, pairing):
    other = a_helper(community, director, name="赵敏")
    theirs = a_paired_child(community, other, director, name="周明").pairings.get()
    letter = ChildLetter.write(theirs, text="秘密", by=director)
    for page in ("letter", "letter_scan", "letter_print"):
        strange = portal.get(reverse(f"portal:{page}", args=[letter.pk]))
        never = portal.get(reverse(f"portal:{page}", args=[10**9]))
        assert strange.status_code == never.status_code == 404
        assert strange.content == never.content
    assert "秘密" not in portal.get(reverse("portal:letters")).content.decode()


def test_letters_and_their_prints_are_gone_at_midnight(portal, desk, pairing, written, director, signed_in):
    """With the pairing's last day, in Shanghai; pictures and prints too."""
    ChildLetter.objects.filter(pk=written.pk).update(scan=store_image(picture(), director))
    written = stored(written)
    written.pass_on(by=director)
    type(pairing).objects.filter(pk=pairing.pk).update(ends_on=days(3))
    pages = [reverse(f"portal:{name}", args=[written.pk]) for name in ("letter", "letter_scan", "letter_print")]
    with time_machine.travel(at(days(3), 23, 59), tick=False):
        portal.force_login(written.written_by)
        assert [portal.get(page).status_code for page in pages] == [200, 200, 200]
        assert "小雨" in portal.get(reverse("portal:letters")).content.decode()
    with time_machine.travel(at(days(4), 0), tick=False):
        portal.force_login(written.written_by)
        assert [portal.get(page).status_code for page in pages] == [404, 404, 404]
        assert "小雨" not in portal.get(reverse("portal:letters")).content.decode()
        with pytest.raises(Refused, match="not in force"):
            written.deliver(by=director)


def test_letters_are_gone_at_midnight_with_the_record_check(portal, written, helper, director):
    helper.refresh_from_db()
    after = at(helper.cleared_until + dt.timedelta(days=1), 0)
    with time_machine.travel(after, tick=False):
        portal.force_login(written.written_by)
        for name in ("letter", "letter_scan", "letter_print"):
            assert portal.get(reverse(f"portal:{name}", args=[written.pk])).url == reverse("portal:standing")
        with pytest.raises(Refused, match="Something asked of the helper"):
            written.pass_on(by=director)


def test_a_withdrawn_consent_stops_a_letter_and_hides_it(portal, written, director, pairing):
    written.pass_on(by=director)
    withdraw_consent(Consent.objects.get(child=pairing.child, purpose="sharing"), by=director)
    with pytest.raises(Refused, match="consent was withdrawn"):
        written.deliver(by=director)
    assert not Contact.objects.exists()
    assert portal.get(reverse("portal:letter", args=[written.pk])).status_code == 404
    stored(written).send_back(remark="监护人撤回了同意", by=director)


def test_nothing_unread_is_printed(portal, desk, written, director):
    papers = [reverse("paper", args=[name, written.pk]) for name in ("letter_paper", "letter_paper_small")]
    own = reverse("portal:letter_print", args=[written.pk])
    assert [desk.get(page).status_code for page in papers] == [404, 404]
    assert portal.get(own).status_code == 404
    written.pass_on(by=director)
    for client, page in [(desk, papers[0]), (desk, papers[1]), (portal, own), (portal, own + "?size=a5")]:
        answer = client.get(page)
        assert "风筝飞得真高" in answer.content.decode()
        assert "陈小雨" not in answer.content.decode()
        assert answer["Cache-Control"] == "no-store"
    assert TrailEntry.objects.about(written).filter(verb="printed letter_paper").count() == 3


def test_steps_out_of_order_are_refused_in_words(written, director, volunteer_user, pairing):
    with pytest.raises(Refused, match="cannot become"):
        written.deliver(by=director)
    assert not Contact.objects.exists()
    with pytest.raises(Refused, match="ask a colleague"):
        written.pass_on(by=volunteer_user)
    with pytest.raises(Refused, match="few words why"):
        written.send_back(remark="", by=director)
    written.pass_on(by=director)
    with pytest.raises(Refused, match="before it was written"):
        written.deliver(on=days(-1), by=director)
    with pytest.raises(Refused, match="future"):
        written.deliver(on=days(1), by=director)
    written.deliver(by=director)
    with pytest.raises(Refused, match="cannot become"):
        stored(written).deliver(by=director)
    assert Contact.objects.count() == 1
    answer = ChildLetter.note_answer(pairing, text="谢谢", by=director)
    answer.pass_on(by=director)
    with pytest.raises(Refused, match="not handed over"):
        answer.deliver(by=director)


def test_a_helpers_letter_on_paper_is_put_on_file_by_the_office(desk, pairing, director):
    page = desk.get(reverse("letters:on_paper", args=[pairing.pk]))
    sent = {"text": "你好，小雨", "once_token": token_of(page)}
    desk.post(reverse("letters:on_paper", args=[pairing.pk]), sent)
    letter = ChildLetter.objects.get()
    assert (letter.direction, letter.status, letter.written_by) == ("to_child", Status.WAITING, director)
    letter.pass_on(by=director)


def test_an_answer_the_office_keeps_never_reaches_the_helper(portal, pairing, director):
    answer = ChildLetter.note_answer(pairing, text="我害怕", by=director)
    answer.send_back(remark="先处理", by=director)
    assert portal.get(reverse("portal:letter", args=[answer.pk])).status_code == 404
    assert not ChildLetter.objects.shown_to_helper([pairing]).exists()


def test_a_letter_with_the_office_is_said_beside_the_duty(portal, written):
    for page in ("children", "due"):
        text = portal.get(reverse(f"portal:{page}")).content.decode()
        if page == "due":
            assert "with the office" in text
        assert reverse("portal:letter_new") + "?child=" not in text


@pytest.mark.parametrize("name", ["letters:letters", "letters:certificates"])
def test_a_list_asks_as_much_for_three_rows_as_for_one(name, desk, community, director, helper):
    from volunteers.models import Certificate

    counts = []
    desk.get(reverse(name))
    for more in (1, 2):
        for number in range(more):
            child = a_paired_child(community, helper, director, name=f"张小{number}")
            ChildLetter.write(child.pairings.get(), text="好", by=helper.user)
            other = a_helper(community, director, name=f"李{number}")
            Certificate.ask(other, from_day=days(-9), until_day=days(0), by=director)
        with CaptureQueriesContext(connection) as asked:
            desk.get(reverse(name))
        counts.append(len(asked))
    assert counts[0] == counts[1], counts


def test_thanks_of_a_family_are_shown_while_the_pairing_holds(portal, desk, helper, pairing, director):
    page = desk.get(reverse("letters:thank", args=[helper.pk]))
    words = {"source": "family", "pairing": pairing.pk, "text": "孩子爱笑了", "said_on": str(days(0))}
    desk.post(reverse("letters:thank", args=[helper.pk]), {**words, "once_token": token_of(page)})
    Thanks.say(helper, text="一年辛苦了", by=director)
    text = portal.get(reverse("portal:me")).content.decode()
    assert "孩子爱笑了" in text and "一年辛苦了" in text and "小雨" in text and "陈小雨" not in text
    pairing.end(by=director)
    text = portal.get(reverse("portal:me")).content.decode()
    assert "孩子爱笑了" not in text and "小雨" not in text and "一年辛苦了" in text


def test_thanks_are_refused_in_words(helper, director, volunteer_user, community, pairing):
    with pytest.raises(Refused, match="Choose the child"):
        Thanks.say(helper, text="谢谢", source="child", by=director)
    with pytest.raises(Refused, match="another helper"):
        Thanks.say(a_helper(community, director, name="赵敏"), text="谢谢", pairing=pairing, by=director)
    with pytest.raises(Refused, match="themselves"):
        Thanks.say(helper, text="谢谢我", by=volunteer_user)
    with pytest.raises(Refused, match="not come"):
        Thanks.say(helper, text="谢谢", said_on=days(1), by=director)
    with pytest.raises(ValidationError):
        Thanks(volunteer=helper, community=community, text="x", source="child", noted_by=director).full_clean()
