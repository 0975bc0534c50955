"""Needs, wishes, hardships, growth notes and their pictures, priority, and the list of what is missing."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Q
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from children import caring, completeness, consenting
from children.completeness import Gaps, incomplete, must_have
from children.importing.care_words import hardships_in, read_disability
from children.models import Child, Consent, GrowthNote, Hardship, Need, Wish
from children.priority import REASONS, priority_on, reasons_for
from records.attachments import Attachment
from records.lifecycle import Refused
from records.trail import TrailEntry
from tests.children.factories import a_child, an_adult, left_behind_child
from tests.children.pages import filled, soup, words
from tests.children.test_intake import PNG
from tests.records.threads import at_once


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def child(community):
    return left_behind_child(community)


@pytest.fixture
def client(director, signed_in):
    return signed_in(director)


def sent_from(page, action, **typed):
    form = next(i for i, f in enumerate(soup(page).main.find_all("form")) if f.get("action", "").endswith(action))
    return filled(page, form, **typed)


def test_a_need_is_noted_once_and_met(client, child, today):
    tab = client.get(f"/children/{child.pk}/?tab=growth")
    sent = sent_from(tab, "/need/", **{"need-topic": "law", "need-note": "想知道怎么办户口"})
    url = f"/children/{child.pk}/need/"
    assert client.post(url, sent).status_code == client.post(url, sent).status_code == 302
    need = Need.objects.get()
    child.refresh_from_db()
    assert (need.topic, need.note, need.noted_on, child.needs_asked_on) == ("law", "想知道怎么办户口", today, today)
    again = sent_from(client.get(tab.request["PATH_INFO"] + "?tab=growth"), "/need/", **{"need-topic": "law"})
    page = client.post(url, {**again, "need-note": "又一次"})
    assert "This need is already on file." in words(page)
    assert "又一次" in page.content.decode(), "what was typed is still there"
    client.post(f"/children/needs/{need.pk}/met/")
    need.refresh_from_db()
    assert need.met_on == today
    assert "need met" in words(client.get(f"/children/{child.pk}/?tab=growth"))


def test_a_wish_comes_true_and_says_by_whom(client, child, director):
    wish = caring.note_wish(child, "想要一本故事书", by=director)
    tab = client.get(f"/children/{child.pk}/?tab=growth")
    sent = sent_from(tab, f"/wishes/{wish.pk}/end/", **{f"wish{wish.pk}-whom": "爱心企业"})
    client.post(f"/children/wishes/{wish.pk}/end/", sent)
    wish.refresh_from_db()
    assert (wish.status, wish.fulfilled_by) == ("fulfilled", "爱心企业")
    with pytest.raises(Refused):
        wish.drop(by=director)
    assert "Fulfilled by 爱心企业." in words(client.get(f"/children/{child.pk}/?tab=growth"))


def test_a_hardship_has_its_days(client, child, director, today):
    tab = client.get(f"/children/{child.pk}/?tab=care")
    sent = sent_from(tab, "/hardship/", **{"hardship-kind": "orphan", "hardship-since": str(today)})
    client.post(f"/children/{child.pk}/hardship/", sent)
    hardship = Hardship.objects.get()
    assert "orphan or de facto unattended" in words(client.get(f"/children/{child.pk}/"))
    with pytest.raises(Refused, match="before it began"):
        caring.end_hardship(hardship, on=today - dt.timedelta(1), by=director)
    caring.end_hardship(hardship, on=today, by=director)
    assert reasons_for(Child.objects.get(pk=child.pk), today) == []
    assert "priority child" not in words(client.get(f"/children/{child.pk}/"))


@pytest.fixture
def private(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path
    return tmp_path


def drawing():
    return SimpleUploadedFile("me.png", PNG, "image/png")


def test_a_picture_of_growing_up_needs_consent_and_goes_with_it(
    client, child, director, counsellor, signed_in, private, today, django_capture_on_commit_callbacks
):
    url = f"/children/{child.pk}/note/"
    page = client.get(url)
    assert 'type="file"' not in page.content.decode()
    with pytest.raises(Refused, match="consent"):
        caring.write_note(GrowthNote(child=child, day=today, title="跑步"), picture=drawing(), by=director)
    consent = consenting.give_consent(child, "photo", given_by="陈建国", on=today, by=director)
    sent = filled(client.get(url), **{"note-title": "运动会第二名", "note-kind": "award"})
    assert client.post(url, {**sent, "note-picture": drawing()}).status_code == 302
    note = GrowthNote.objects.get()
    picture = f"/attachments/children.growthnote/{note.pk}/picture/"
    tab = client.get(f"/children/{child.pk}/?tab=growth")
    assert "运动会第二名" in words(tab)
    assert picture in tab.content.decode()
    assert client.get(picture).status_code == 200
    assert signed_in(counsellor).get(picture).status_code == 404
    stored = [path for path in private.rglob("*") if path.is_file()]
    with django_capture_on_commit_callbacks(execute=True):
        consenting.withdraw_consent(consent, by=director)
    assert client.get(picture).status_code == 404
    assert picture not in client.get(f"/children/{child.pk}/?tab=growth").content.decode()
    assert len(stored) == 1
    assert not Attachment.objects.exists()
    assert not [path for path in private.rglob("*") if path.is_file()]


def test_a_note_is_changed_with_both_versions_in_sight_and_taken_back(client, child, director, supervisor, signed_in):
    note = GrowthNote(child=child, day=child.registered_on, title="第一次发言")
    caring.write_note(note, by=director)
    url = f"/children/notes/{note.pk}/"
    mine, theirs = filled(client.get(url), 0), filled(signed_in(supervisor).get(url), 0)
    assert client.post(url, {**mine, "note-title": "甲"}).status_code == 302
    page = signed_in(supervisor).post(url, {**theirs, "note-title": "乙"})
    assert "Stored now: 甲" in words(page)
    client.post(f"{url}strike/")
    assert client.get(url).status_code == 404
    assert "甲" not in words(client.get(f"/children/{child.pk}/?tab=growth"))
    assert GrowthNote.objects.get().struck_on is not None
    assert not TrailEntry.objects.filter(keys__icontains="甲").exists()


def test_the_disability_on_the_form_has_a_type_before_a_level(client, child):
    url = f"/children/{child.pk}/edit/"
    page = client.post(url, filled(client.get(url), **{"child-disability_level": "2"}))
    assert "Choose the type of disability as well." in words(page)
    seen_on = {"child-immunisation_checked_on": "2026-01-05"}
    assert "Say what the immunisation book showed." in words(client.post(url, filled(client.get(url), **seen_on)))


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("肢体残疾二级", ("physical", 2, "")),
        ("四级智力", ("intellectual", 4, "")),
        ("听力3级，佩戴助听器", ("hearing", 3, "听力3级，佩戴助听器")),
        ("视力、言语残疾一级", ("multiple", 1, "视力、言语残疾一级")),
        ("待鉴定", ("", None, "待鉴定")),
        ("无", ("", None, "")),
        ("", ("", None, "")),
    ],
)
def test_a_rosters_words_for_a_disability_are_read_or_kept(said, read):
    assert read_disability(said) == read


def test_a_rosters_words_for_hardship_become_kinds_and_are_kept():
    assert hardships_in("单亲、低保") == [("low_income", "单亲、低保"), ("one_parent", "")]
    assert hardships_in("家里老人多") == [("other", "家里老人多")]
    assert hardships_in("无") == []


# Priority and completeness: lists and pages in step ------------------------------------------------------------------


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts=st.data())
def test_why_a_child_is_a_priority_is_the_same_in_lists_and_on_the_file(community, facts):
    today, draw = timezone.localdate(), facts.draw
    child = a_child(
        community,
        grade=draw(st.sampled_from(["", "G3", "OUT", "NIS"])),
        guardianship_quality=draw(st.sampled_from(["", "good", "poor"])),
        is_household_registered=draw(st.booleans()),
        birth_date=today - dt.timedelta(days=draw(st.sampled_from([1500, 2191, 2192, 4000, 5843, 5844, 5845, 6000]))),
        registered_on=today,
    )
    if draw(st.booleans()):
        an_adult(child, "mother", cares=draw(st.booleans()))
    if draw(st.booleans()):
        since, until = draw(
            st.sampled_from([(None, None), (today, None), (None, today), (today + dt.timedelta(1), None)])
        )
        kind = draw(st.sampled_from(Hardship.Kind.values))
        Hardship.objects.create(child=child, kind=kind, since=since, until=until)
    rows = Child.objects.filter(pk=child.pk)
    on_file = {reason.key for reason in reasons_for(rows.get(), today)}
    assert on_file == {reason.key for reason in REASONS if rows.filter(reason.rows(today)).exists()}
    assert rows.filter(priority_on(today)).exists() == bool(on_file)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts=st.data())
def test_what_is_missing_is_the_same_in_lists_and_on_the_file(community, facts):
    draw = facts.draw
    some = {
        "ethnicity": draw(st.sampled_from(["", "01"])),
        "grade": draw(st.sampled_from(["", "G3", "K2", "OUT"])),
        "school": draw(st.sampled_from(["", "万春小学"])),
        "class_teacher": draw(st.sampled_from(["", "刘老师"])),
        "guardianship_quality": draw(st.sampled_from(["", "fair"])),
        "health": draw(st.sampled_from(["", "健康"])),
        "is_immunised": draw(st.sampled_from([None, True, False])),
        "needs_asked_on": draw(st.sampled_from([None, timezone.localdate()])),
        "hobbies": draw(st.sampled_from([[], ["music"]])),
        "birth_precision": draw(st.sampled_from(["day", "month"])),
        "registered_county": draw(st.sampled_from(["", community.pk[:6], "140202"])),
        "registered_address": draw(st.sampled_from(["", "恩和路1号"])),
        "is_household_registered": draw(st.booleans()),
        "reported_as": draw(st.sampled_from(["", "migrant", "left_behind"])),
        "came_on": draw(st.sampled_from([None, dt.date(2024, 9, 1)])),
    }
    child = a_child(community, **some)
    agreed = draw(st.booleans())
    if agreed:
        Consent.objects.create(child=child, community=community, purpose="processing", given_on=dt.date(2024, 9, 1))
    reported, county = some["reported_as"] == "migrant", some["registered_county"]
    plain = {
        "id_number": True,
        "birth_day": some["birth_precision"] == "month",
        "ethnicity": not some["ethnicity"],
        "address": True,
        "registered_county": reported and not county,
        "registered_address": some["is_household_registered"] and not some["registered_address"],
        "came_on": (reported or county == "140202") and not some["came_on"],
        "schooling": not some["grade"] or (some["grade"] in ("G3", "K2") and not some["school"]),
        "class_teacher": some["grade"] == "G3" and not some["class_teacher"],
        **dict.fromkeys(["parents", "caregiver", "phone"], True),
        "quality": not some["guardianship_quality"],
        "health": not some["health"],
        "immunisation": some["is_immunised"] is None,
        "needs": some["needs_asked_on"] is None,
        "hobbies": not some["hobbies"],
        "consent": not agreed,
        "photo": False,
        "letter": False,
    }
    assert [item.key for item in Gaps(child).missing] == [key for key, lacks in plain.items() if lacks]
    assert Child.objects.filter(incomplete(), pk=child.pk).exists()


def test_every_missing_item_leads_to_the_very_field(client, child, director, today):
    consenting.give_consent(child, "photo", given_by="陈建国", on=today, by=director)
    Child.objects.filter(pk=child.pk).update(birth_precision="month", reported_as="migrant")
    child.kinships.all().update(is_caregiver=False)
    child.refresh_from_db()
    links = dict(Gaps(child).links())
    assert len(links) == 18
    for words_of_item, address in links.items():
        path, _hash, field = address.partition("#")
        page = soup(client.get(path))
        assert page.find(id=field) is not None, (str(words_of_item), address)
    page = words(client.get(f"/children/{child.pk}/"))
    assert "2 of 20" in page


def test_a_higher_app_adds_what_a_file_must_hold(monkeypatch, child):
    monkeypatch.setattr(completeness, "_items", list(completeness._items))
    must_have("letter", "the letter", Q(name="陈小雨"), where=lambda gaps: f"/letters/{gaps.child.pk}/")
    assert ("the letter", f"/letters/{child.pk}/") in Gaps(child).links()
    assert Child.objects.filter(incomplete(), pk=child.pk).exists()


def test_what_a_person_does_not_see_is_not_asked_of_them(child, counsellor):
    asked = {item.key for item in Gaps(child, counsellor).asked}
    assert "id_number" not in asked
    assert {"health", "quality"} <= asked


@pytest.mark.django_db(transaction=True)
def test_two_people_noting_the_same_need_make_one(director, community):
    child = a_child(community)

    def act():
        try:
            return caring.note_need(child, "law", by=director).topic
        except Refused as refusal:
            return refusal.message

    assert sorted(at_once(act, act)) == ["This need is already on file.", "law"]
    assert Need.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_wish_is_fulfilled_by_one_of_two(director, community):
    wish = caring.note_wish(a_child(community), "画笔", by=director)

    def act():
        try:
            return Wish.objects.get(pk=wish.pk).fulfil(by=director)
        except Refused:
            return "refused"

    assert sorted(map(str, at_once(act, act))) == ["None", "refused"]


def test_the_file_tells_what_became_of_earlier_wishes(client, child, director):
    dropped, fulfilled, still = (caring.note_wish(child, text, by=director) for text in ("画笔", "书包", "篮球"))
    dropped.drop(by=director)
    fulfilled.fulfil(whom="李老师", by=director)
    card = soup(client.get(f"/children/{child.pk}/?tab=growth")).find(id="wishes")
    earlier = next(one for one in card.find_all("details") if one.summary.get_text(strip=True) == "Earlier wishes (2)")
    told = [row.get_text(" ", strip=True) for row in earlier.select("ul.rows > li")]
    assert ["书包" in told[0], "fulfilled" in told[0], "Fulfilled by 李老师." in told[0]] == [True] * 3
    assert ["画笔" in told[1], "no longer wished" in told[1], "Fulfilled" in told[1]] == [True, True, False]
    assert [row.get_text(" ", strip=True) for row in card.select("ul.rows > li") if "篮球" in row.get_text()]
    assert "篮球" not in earlier.get_text() and still.status == "open"
