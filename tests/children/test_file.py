import datetime as dt
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

import children
from children import consenting, referring
from children.models import Child, Concern, Consent, Hardship, Referral
from children.trail_verbs import VERBS
from records.trail import READ, TrailEntry
from tests.children.factories import a_child, an_adult, id_number, kin, left_behind_child
from tests.children.pages import filled, soup, words
from tests.children.test_intake import PNG
from tests.conftest import freshly_signed_in

BORN = dt.date(2016, 5, 1)
TABS = ["overview", "family", "school", "growth", "care", "history"]


@pytest.fixture
def child(community):
    one = left_behind_child(
        community,
        birth_date=BORN,
        id_number=id_number(BORN),
        health="哮喘",
        registered_address="老家村 7 号",
    )
    Hardship.objects.create(child=one, kind="other", note="贫困")
    one.household.address = "恩和路 1 号"
    one.household.save()
    father = one.household.adults.get(name="陈建国")
    father.phone, father.id_number = "16100000001", id_number(dt.date(1985, 1, 1), "M")
    father.save()
    return one


@pytest.fixture
def client(director, signed_in):
    return freshly_signed_in(signed_in(director))


SECRETS = ["16100000001", "恩和路 1 号", "老家村", id_number(BORN), id_number(dt.date(1985, 1, 1), "M")]


def test_the_file_says_what_the_child_counts_as_and_why(client, child):
    page = words(client.get(f"/children/{child.pk}/"))
    assert "left behind" in page
    assert "Father: away in another county since" in page
    assert "Mother: away in another county since" in page
    assert "both parents away" in page


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_opens_masked_and_the_look_is_on_the_trail(client, director, child, tab):
    page = client.get(f"/children/{child.pk}/?tab={tab}")
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store"
    assert not [s for s in SECRETS if s in page.content.decode()]
    look = TrailEntry.objects.reads().get()
    assert (look.actor, look.object_key, look.page, look.refused) == (director, str(child.pk), "children:file", False)


def test_showing_secrets_is_an_act_of_its_own(client, child):
    url = f"/children/{child.pk}/reveal/"
    assert client.get(url).status_code == 405
    overview = client.post(url, {"tab": "overview"}).content.decode()
    family = client.post(url, {"tab": "family"}).content.decode()
    assert [s for s in SECRETS[1:4] if s not in overview] == []
    assert "16100000001" in family
    acts = TrailEntry.objects.about(child).filter(verb="revealed")
    assert [act.fields for act in acts] == [[], ["id_number", "registered_address"]]  # the newest first
    assert not [s for s in SECRETS if any(s in str(row) for row in TrailEntry.objects.values())]


def test_showing_secrets_asks_for_the_password_again_after_a_while(director, signed_in, child):
    answer = signed_in(director).post(f"/children/{child.pk}/reveal/", {"tab": "overview"})
    assert answer.status_code == 302
    assert "reauthenticate" in answer.url
    assert not TrailEntry.objects.filter(verb="revealed").exists()


def test_readers_are_shown_to_those_who_keep_the_file(client, supervisor, signed_in, child):
    supervisor.name = "孙督导"
    supervisor.save()
    signed_in(supervisor).get(f"/children/{child.pk}/")
    assert "孙督导" in words(client.get(f"/children/{child.pk}/?tab=history"))


PAGES = ["", "edit/", "leave/", "concern/"]
ACTS = ["edit/", "leave/", "concern/", "reveal/", "photo/", "consent/", "caregiver/", "refer/", "return/"]


def test_out_of_scope_answers_as_if_it_never_existed(child, signed_in, stranger, federation, administrator):
    for user in (stranger, federation, administrator):
        web = freshly_signed_in(signed_in(user))
        for path in PAGES:
            here, nowhere = web.get(f"/children/{child.pk}/{path}"), web.get(f"/children/999999/{path}")
            assert here.status_code == nowhere.status_code == 404
            assert here.content == nowhere.content
        for path in ACTS:
            assert web.post(f"/children/{child.pk}/{path}", {"tab": "overview"}).status_code == 404, path
    assert not Concern.objects.exists()
    assert TrailEntry.objects.filter(refused=True, actor=stranger, object_key=str(child.pk)).exists()
    assert not TrailEntry.objects.filter(actor=stranger, refused=False).exists()


def test_a_counsellor_sees_only_whom_was_referred_and_only_what_the_role_sees(
    child, community, director, counsellor, signed_in
):
    web = freshly_signed_in(signed_in(counsellor))
    assert web.get(f"/children/{child.pk}/").status_code == 404
    referral = referring.refer(child, counsellor, by=director)
    sibling = a_child(community, child.household, name="陈小雪")
    pages = {tab: web.get(f"/children/{child.pk}/?tab={tab}") for tab in TABS}
    text = {tab: words(page) for tab, page in pages.items()}
    assert "left behind" in text["overview"]
    assert "哮喘" in text["school"]
    assert "贫困" in text["care"]
    everything = " ".join(page.content.decode() for page in pages.values())
    assert not [s for s in [*SECRETS, "••••", "12号楼", sibling.name] if s in everything]
    assert "Edit" not in text["overview"]
    assert web.get("/admin/children/child/").status_code == 200
    names = words(web.get("/admin/children/child/"))
    assert child.name in names
    assert sibling.name not in names
    for path in ("edit/", "leave/"):
        assert web.get(f"/children/{child.pk}/{path}").status_code == 404
    assert web.post(f"/children/{child.pk}/reveal/").status_code == 404
    Referral.objects.filter(pk=referral.pk).update(
        starts_on=timezone.localdate() - dt.timedelta(9), ends_on=timezone.localdate() - dt.timedelta(1)
    )
    assert web.get(f"/children/{child.pk}/").status_code == 404


def test_a_concern_is_raised_with_an_empty_form(client, child, director):
    url = f"/children/{child.pk}/concern/"
    page = client.get(url)
    assert "110" in words(page)
    answer = client.post(url, filled(page))
    concern = Concern.objects.get()
    assert (concern.child, concern.raised_by, concern.status) == (child, director, "open")
    assert answer.url == f"/children/concerns/{concern.pk}/"
    assert client.post(url, filled(page)).status_code == 302
    assert Concern.objects.count() == 1, "one form, one concern"
    assert "not yet reported" in words(client.get(f"/children/{child.pk}/"))


def test_who_raised_a_concern_sees_it_and_no_other(child, director, counsellor, signed_in):
    referring.refer(child, counsellor, by=director)
    other = Concern.raise_for(child, what="手臂淤青", by=director)
    web, url = signed_in(counsellor), f"/children/{child.pk}/concern/"
    answer = web.post(url, filled(web.get(url), what="担心"))
    own = Concern.objects.get(raised_by=counsellor)
    assert answer.url == f"/children/concerns/{own.pk}/"
    assert "担心" in words(web.get(answer.url))
    assert web.get(f"/children/concerns/{other.pk}/").status_code == 404
    assert "手臂淤青" not in words(web.get(f"/children/{child.pk}/?tab=care"))


def test_consent_photo_and_withdrawal_on_the_page(client, child, settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path
    page = client.get(f"/children/{child.pk}/?tab=care")
    form = next(i for i, f in enumerate(soup(page).main.find_all("form")) if f["action"].endswith("/consent/"))
    sent = filled(page, form, purpose="photo", given_by="陈建国")
    url = f"/children/{child.pk}/consent/"
    assert client.post(url, sent).status_code == client.post(url, sent).status_code == 302
    consent = Consent.objects.get()
    photo = SimpleUploadedFile("me.png", PNG, "image/png")
    client.post(f"/children/{child.pk}/photo/", {"photo": photo})
    assert f"/attachments/children.child/{child.pk}/photo/" in client.get(f"/children/{child.pk}/").content.decode()
    junk = SimpleUploadedFile("me.png", b"<svg onload=alert(1)>", "image/png")
    answer = client.post(f"/children/{child.pk}/photo/", {"photo": junk}, follow=True)
    assert "cannot be read as a picture" in answer.content.decode()
    client.post(f"/children/consents/{consent.pk}/withdraw/")
    assert "/attachments/" not in client.get(f"/children/{child.pk}/").content.decode()
    assert client.get(f"/attachments/children.child/{child.pk}/photo/").status_code == 404
    assert consenting.Consent.objects.in_force().count() == 0


def test_the_second_editor_of_a_file_sees_both_values(client, child, signed_in, supervisor):
    url = f"/children/{child.pk}/edit/"
    mine, theirs = filled(client.get(url)), filled(signed_in(supervisor).get(url))
    assert client.post(url, {**mine, "child-former_name": "小一"}).status_code == 302
    page = signed_in(supervisor).post(url, {**theirs, "child-former_name": "小二"})
    assert "Stored now: 小一" in words(page)
    assert filled(page)["child-former_name"] == "小二"
    signed_in(supervisor).post(url, filled(page))
    child.refresh_from_db()
    assert (child.former_name, child.id_number) == ("小二", id_number(BORN))


def test_a_file_is_closed_and_opened_again(client, child):
    url = f"/children/{child.pk}/leave/"
    sent = filled(client.get(url))
    assert "This field is required" in words(client.post(url, sent))
    assert client.post(url, {**sent, "reason": "moved_out"}).status_code == 302
    child.refresh_from_db()
    assert child.left_on == timezone.localdate()
    assert "This file is closed" in words(client.get(f"/children/{child.pk}/"))
    back = f"/children/{child.pk}/return/"
    client.post(back, filled(client.get(back)))
    assert Child.objects.on_register(timezone.localdate()).filter(pk=child.pk).exists()


@pytest.mark.parametrize("tab", TABS)
def test_a_tab_costs_the_same_for_a_small_and_a_large_family(client, child, tab, django_assert_max_num_queries):
    url = f"/children/{child.pk}/?tab={tab}"

    def grow(n):
        an_adult(child, "uncle_aunt", name=f"叔{n}", away_since=dt.date(2025, 1, 1))
        kin(a_child(child.community, child.household, name=f"弟{n}"), child.household.adults.first(), "father")

    grow(0)
    client.get(url)
    with django_assert_max_num_queries(26) as first:
        client.get(url)
    for n in range(1, 4):
        grow(n)
    with django_assert_max_num_queries(26) as second:
        client.get(url)
    assert len(first) == len(second)


def test_junk_in_the_address_is_never_an_error(client, child):
    for path in (f"/children/{child.pk}/?tab=nothing", f"/children/{child.pk}/?tab=%F0%9F%98%80"):
        assert client.get(path).status_code == 200
    for path in ("/children/99999999999999999999/", f"/children/{child.pk}/?tab=%00", "/children/concerns/0/"):
        assert client.get(path).status_code in (400, 404)
    assert TrailEntry.objects.filter(verb=READ, refused=True).exists()


def test_every_act_of_this_app_can_be_read_in_every_language():
    written = set()
    for path in Path(children.__file__).parent.rglob("*.py"):
        written |= set(re.findall(r'log_act\(\s*[\w.]+,\s*"([^"]+)"', path.read_text()))
        written |= set(re.findall(r'verb="([^"]+)"', path.read_text()))
    assert written - set(VERBS) == set()


def test_after_the_password_the_secrets_are_shown_without_asking_twice(director, signed_in, child):
    web = signed_in(director)
    asked = web.post(f"/children/{child.pk}/reveal/", {"tab": "family"})
    shown = web.post(asked.url, {"password": "correct horse battery"}, follow=True)
    assert "16100000001" in shown.content.decode()
    assert TrailEntry.objects.about(child).get(verb="revealed").actor == director
