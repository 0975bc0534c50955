"""What a guardian may ask of a file: who sees it, a copy, a correction, its erasure; consents that end everywhere."""

import datetime as dt
import json
import os

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.utils import timezone

from children import caring, closing, consenting, erasing, referring
from children.access import seers
from children.guardian_copy import LEFT_OUT, rows_of
from children.models import Adult, Child, Concern, Consent, Correction, Erasure, GrowthNote, Household
from communities.models import Posting
from records.attachments import Attachment, store_image
from records.erasing import EARLIEST
from records.lifecycle import Refused
from records.trail import TrailEntry
from tests.children.factories import a_child, id_number, kin, left_behind_child
from tests.children.pages import copied, filled, soup, words
from tests.children.test_intake import PNG
from tests.conftest import freshly_signed_in
from tests.volunteers.factories import a_helper, a_pairing
from volunteers import contacts

TODAY = timezone.localdate


def picture(name="sheet.png"):
    return SimpleUploadedFile(name, PNG, "image/png")


@pytest.fixture
def child(community):
    return left_behind_child(
        community,
        name="欧阳未删",
        birth_date=dt.date(2016, 5, 1),
        id_number=id_number(dt.date(2016, 5, 1)),
        registered_address="老家村未删号",
        remark="未删的备注",
    )


@pytest.fixture
def client(director, signed_in):
    return freshly_signed_in(signed_in(director))


# Consents -------------------------------------------------------------------------------------------------------------


def test_a_consent_keeps_the_signed_sheet_for_those_who_see_the_file(client, child, signed_in, stranger):
    page = client.get(f"/children/{child.pk}/?tab=care")
    data = filled(page, purpose="processing", given_by="李红", given_on=str(TODAY()))
    assert client.post(f"/children/{child.pk}/consent/", {**data, "scan": picture()}).status_code == 302
    consent = child.consents.get()
    address = f"/attachments/children.consent/{consent.pk}/scan/"
    shown = client.get(address)
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert signed_in(stranger).get(address).status_code == 404


def test_a_sheet_that_is_no_picture_is_refused_and_nothing_noted(client, child):
    page = client.get(f"/children/{child.pk}/?tab=care")
    data = filled(page, purpose="photo", given_by="李红", given_on=str(TODAY()))
    answer = client.post(
        f"/children/{child.pk}/consent/", {**data, "scan": SimpleUploadedFile("x.png", b"no")}, follow=True
    )
    assert "cannot be read as a picture" in answer.content.decode()
    assert not child.consents.exists()


def test_who_no_longer_agrees_to_the_file_agrees_to_nothing_done_with_it(child, director):
    for purpose in Consent.Purpose.values:
        consenting.give_consent(child, purpose, given_by="李红", on=TODAY(), by=director)
    consenting.withdraw_consent(child.consents.get(purpose="publicity"), by=director)
    assert child.consents.in_force().count() == 3
    consenting.withdraw_consent(child.consents.get(purpose="processing"), by=director)
    assert not child.consents.in_force().exists()
    assert TrailEntry.objects.about(child).filter(verb="withdrew a consent").count() == 4


def test_without_consent_pictures_in_helpers_entries_are_gone_too(community, child, director, term):
    helper = a_helper(community, director)
    pairing = a_pairing(child, helper, director)
    consent = consenting.give_consent(child, "photo", given_by="李红", on=TODAY(), by=director)
    photo = store_image(picture(), director)
    entry = contacts.log(helper, pairings=[pairing], kinds=["visit"], photo=photo, by=director)
    stored = entry.photo
    consenting.withdraw_consent(consent, by=director)
    entry.refresh_from_db()
    assert entry.photo is None
    assert not Attachment.objects.filter(pk=stored.pk).exists()


# Who sees it ----------------------------------------------------------------------------------------------------------


def test_everybody_who_can_open_the_file_is_named_and_nobody_else(
    child, director, supervisor, counsellor, stranger, federation, administrator, community, make_user
):
    gone = make_user("community_worker", community, "gone", name="走了的人")
    Posting.objects.filter(user=gone).update(ends_on=TODAY() - dt.timedelta(days=1))
    referring.refer(child, counsellor, by=director)
    a_pairing(child, a_helper(community, director, name="赵帮手"), director)
    assert [seer.name for seer in seers(child)] == [director.name, supervisor.name, counsellor.name, "赵帮手"]
    for user in (director, supervisor, counsellor):
        assert child in Child.objects.visible_to(user)
    for user in (stranger, federation, administrator, gone):
        assert child not in Child.objects.visible_to(user)


def test_the_sheet_for_the_guardian_names_them_and_the_looks(client, child, director):
    client.get(f"/children/{child.pk}/")
    sheet = client.get(f"/papers/file_access/{child.pk}/")
    text = sheet.content.decode()
    assert sheet.status_code == 200
    assert director.name in text
    assert "Nobody has looked yet" not in text


def test_the_sheet_says_of_each_as_what_and_until_when(client, child, director, supervisor, counsellor, community):
    last = TODAY() + dt.timedelta(days=30)
    Posting.objects.filter(user=director).update(ends_on=last)
    since = {user: Posting.objects.get(user=user).starts_on for user in (director, supervisor)}
    referring.refer(child, counsellor, by=director)
    referral = child.referrals.get()
    pairing = a_pairing(child, a_helper(community, director, name="赵帮手"), director, ends_on=last)
    street = Posting.objects.get(user=supervisor).division
    first, looks = soup(client.get(f"/papers/file_access/{child.pk}/")).select("table")
    cells = [[" ".join(cell.get_text().split()) for cell in row.find_all("td")] for row in first.select("tbody tr")]
    days = lambda first, last: f"{first:%Y-%m-%d} – {last:%Y-%m-%d}" if last else f"{first:%Y-%m-%d} –"  # noqa: E731
    assert [(row[0], row[1], row[4]) for row in cells] == [
        (director.name, f"Child director · {community}", days(since[director], last)),
        (supervisor.name, f"Child supervisor · {street}", days(since[supervisor], None)),
        (counsellor.name, "Counsellor", days(referral.starts_on, referral.ends_on)),
        ("赵帮手", pairing.get_kind_display(), days(pairing.starts_on, pairing.ends_on)),
    ]
    assert [bool(row[2] and row[3]) for row in cells] == [True] * 4
    assert "Name, age, school and other basic facts" in cells[0][3] and "first name" in cells[3][3]


def test_the_copy_is_whole_and_only_for_those_who_may_reveal(client, child, signed_in, counsellor, director):
    note = GrowthNote(child=child, day=child.registered_on, title="跑步")
    consenting.give_consent(child, "photo", given_by="陈建国", on=child.registered_on, by=director)
    caring.write_note(note, picture=picture(), by=director)
    data, pictures = copied(client.get(f"/children/{child.pk}/copy.zip"))
    assert data["children.child"][0]["id_number"] == child.id_number
    assert pictures == [f"children.growthnote-{note.pk}-picture.jpg"]
    os.remove(note.picture.file.path)
    assert copied(client.get(f"/children/{child.pk}/copy.zip"))[1] == []
    assert TrailEntry.objects.about(child).filter(verb="copied for the guardian", actor=director).exists()
    referring.refer(child, counsellor, by=director)
    assert signed_in(counsellor).get(f"/children/{child.pk}/copy.zip").status_code == 404


def test_no_copy_for_the_guardian_tells_of_a_concern(client, child, director):
    concern = Concern.raise_for(child, what="怀疑照料人打孩子", by=director)
    concern.report(told="派出所王警官", by=director)
    texts = [
        json.dumps(copied(client.get(f"/children/{child.pk}/copy.zip"))[0], ensure_ascii=False),
        client.get(f"/papers/file_summary/{child.pk}/").content.decode(),
        client.get(f"/papers/file_access/{child.pk}/").content.decode(),
    ]
    assert not [text for text in texts if "怀疑照料人" in text or "派出所王警官" in text]
    assert json.loads(texts[0])["children.concern"] == LEFT_OUT


# Corrections ----------------------------------------------------------------------------------------------------------


def test_a_correction_is_asked_for_and_settled_with_what_was_done(client, child, director):
    address = f"/children/{child.pk}/correct/"
    answer = client.post(address, filled(client.get(address), wrong="名字写错了", asked_by="李红"))
    asked = Correction.objects.get()
    assert answer.url == f"/children/corrections/{asked.pk}/"
    assert "名字写错了" in words(client.get(answer.url))
    page = client.get(answer.url)
    assert client.post(answer.url, {**filled(page), "answer": "", "done": "yes"}).status_code == 200
    client.post(answer.url, {**filled(page), "answer": "已改", "done": "yes"})
    asked.refresh_from_db()
    assert (asked.status, asked.answer, asked.settled_by) == ("done", "已改", director)
    with pytest.raises(Refused, match="corrected and cannot become not corrected"):
        asked.settle(is_done=False, answer="晚了", by=director)


# Erasure --------------------------------------------------------------------------------------------------------------


def everywhere(word):
    """Tables and columns in which the database still holds `word`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND data_type IN ('text', 'character varying', 'ARRAY', 'jsonb')"
        )
        found = []
        for table, column in cursor.fetchall():
            cursor.execute(f'SELECT 1 FROM "{table}" WHERE "{column}"::text LIKE %s LIMIT 1', [f"%{word}%"])
            found += [(table, column)] if cursor.fetchone() else []
        return found


def test_who_asks_does_not_decide(child, director):
    asked = erasing.ask(child, ground="guardian", by=director)
    with pytest.raises(Refused, match="another person must"):
        erasing.erase(asked, by=director)
    with pytest.raises(IntegrityError, match="who_asks_for_an_erasure_does_not_decide_it"):
        Erasure.objects.filter(pk=asked.pk).update(status="done", decided_by=director)


def test_an_erased_file_holds_keys_only_in_every_table(
    child, director, supervisor, counsellor, community, term, django_capture_on_commit_callbacks
):
    name, family = child.name, child.household.adults.get(name="陈建国")
    number = child.number
    consenting.give_consent(child, "photo", given_by="监护人未删", on=TODAY(), scan=picture(), by=director)
    consenting.set_photo(child, picture(), by=director)
    pairing = a_pairing(child, a_helper(community, director), director)
    contacts.log(pairing.volunteer, pairings=[pairing], kinds=["visit"], note="谈到未删", by=director)
    referring.refer(child, counsellor, by=director)
    Concern.raise_for(child, what="淤青", by=director)
    other = left_behind_child(community, name="别家孩子")
    asked = erasing.ask(child, ground="guardian", note="未删的理由", by=director)
    with pytest.raises(Refused, match="concern about this child that is not closed"):
        erasing.erase(asked, by=supervisor)
    concern = child.concerns.get()
    concern.report(told="派出所", by=director)
    concern.close(outcome="查清", by=director)
    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase(asked, by=supervisor)
    assert everywhere("未删") == []
    assert everywhere(name) == []
    assert not Adult.objects.filter(pk=family.pk).exclude(name="").exists()
    for model, rows in rows_of(child).items():
        if model is not TrailEntry:
            for row in rows:
                held = {n: getattr(row, n) for n in model.personal if n not in getattr(model, "erased", {})}
                assert {n for n, value in held.items() if value not in ("", None, False, [], {}, EARLIEST)} == set(), (
                    model
                )
    assert not Attachment.objects.exists()
    shell = Child.objects.get(pk=child.pk)
    assert (shell.number, shell.left_reason, shell.id_number_hash) == (number, "erased", None)
    assert not Child.objects.on_register(shell.registered_on).filter(pk=shell.pk).exists()
    other.refresh_from_db()
    assert other.name == "别家孩子"
    assert pairing.__class__.objects.get(pk=pairing.pk).status == "ended"


def test_brothers_and_sisters_keep_household_and_parents(child, director, supervisor, community):
    sister = a_child(community, child.household, name="欧阳小妹")
    mother = child.household.adults.get(name="李红")
    kin(sister, mother, "mother")
    Household.objects.filter(pk=child.household_id).update(note="家里的事")
    erasing.erase(erasing.ask(child, ground="guardian", by=director), by=supervisor)
    mother.refresh_from_db()
    assert mother.name == "李红"
    assert not Adult.objects.filter(name="陈建国").exists()
    assert Household.objects.get(pk=child.household_id).note == "家里的事"
    sister.refresh_from_db()
    assert sister.name == "欧阳小妹"


def test_a_child_on_the_register_is_not_erased_because_its_time_is_over(child, director):
    with pytest.raises(Refused, match="on the register"):
        erasing.ask(child, ground="over", by=director)
    erasing.ask(child, ground="guardian", by=director)
    with pytest.raises(Refused, match="already been asked"):
        erasing.ask(child, ground="guardian", by=director)


def test_a_child_that_came_back_meanwhile_is_not_erased_because_its_time_is_over(child, director, supervisor):
    closing.leave_register(child, on=timezone.localdate(), reason="moved_out", by=director)
    asked = erasing.ask(child, ground="over", by=director)
    closing.return_to_register(child, by=director)
    with pytest.raises(Refused, match="on the register"):
        erasing.erase(asked, by=supervisor)
    assert Child.objects.get(pk=child.pk).name == child.name
    closing.leave_register(Child.objects.get(pk=child.pk), on=timezone.localdate(), reason="moved_out", by=director)
    erasing.erase(asked, by=supervisor)
    assert Child.objects.get(pk=child.pk).left_reason == "erased"


def test_two_persons_erase_on_their_pages(client, child, signed_in, supervisor, director):
    address = f"/children/{child.pk}/erase/"
    answer = client.post(address, filled(client.get(address), ground="guardian"))
    asked = Erasure.objects.get()
    mine = client.get(answer.url)
    assert b'name="erase"' not in mine.content
    assert client.post(answer.url, {"erase": "yes"}).status_code == 200
    above = freshly_signed_in(signed_in(supervisor))
    assert b'name="erase"' in above.get(answer.url).content
    assert above.post(answer.url, {"decline": "yes", "answer": ""}).status_code == 200
    asked.refresh_from_db()
    assert asked.status == "asked"
    assert above.post(answer.url, {"erase": "yes"}).status_code == 302
    asked.refresh_from_db()
    assert (asked.status, asked.decided_by) == ("done", supervisor)
    assert client.get(f"/children/{child.pk}/").status_code == 200


def test_a_counsellor_whose_post_ended_is_not_told_to_see_the_file(community, director, counsellor, signed_in):
    child = left_behind_child(community)
    referring.refer(child, counsellor, by=director)
    assert [seer.name for seer in seers(child)] == [director.name, counsellor.name]
    web, care = signed_in(director), f"/children/{child.pk}/?tab=care"
    assert "sees the file" in words(web.get(care))
    Posting.objects.filter(user=counsellor).update(ends_on=TODAY() - dt.timedelta(days=1))
    assert [seer.name for seer in seers(child)] == [director.name]
    page = words(web.get(care))
    assert "not posted here any more: does not see the file" in page
    assert "End today" in page, "the referral itself still stands"
