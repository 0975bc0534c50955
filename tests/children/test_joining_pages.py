"""Two entries of one adult in the browser: found, compared, joined, told apart; and what old pages still send."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from children.joining import join_adults
from children.models import JoinedAdult, ToldApart
from records.drafts import Draft
from records.trail import TrailEntry
from tests.children.conftest import PHONE
from tests.children.factories import a_child, an_adult
from tests.children.pages import filled, soup, words
from tests.conftest import freshly_signed_in
from tests.guardianship.factories import days_ago

# In the browser -------------------------------------------------------------------------------------------------------


def test_the_family_leads_there_and_it_is_joined_after_the_password(grandmothers, director, signed_in):
    kept, gone = grandmothers
    kept.phone = "16100000002"
    kept.save()
    child = kept.kinships.get().child
    web, address = signed_in(director), f"/children/adults/{kept.pk}/join/{gone.pk}/"
    for page in (f"/children/{child.pk}/?tab=family", f"/children/household/{child.household_id}/"):
        assert address in web.get(page).content.decode(), page
    page = web.get(address)
    assert "••••0002" in words(page) and "••••0001" in words(page) and PHONE not in page.content.decode()
    assert child.number in words(page) and "the same name in one household" in words(page)
    assert TrailEntry.objects.about(child).filter(verb="read", page="children:join_adults").exists()
    sent = filled(page, take_phone=str(gone.pk))
    assert web.post(address, sent).url.startswith("/reauthenticate/")
    assert not JoinedAdult.objects.exists()
    freshly_signed_in(web)
    assert web.post(address, sent).url == f"/children/{child.pk}/?tab=family"
    kept.refresh_from_db()
    assert (kept.phone, kept.note) == (PHONE, "耳背")
    assert "on file twice" not in words(web.get(f"/children/{child.pk}/?tab=family"))
    again = web.post(address, sent, follow=True)
    assert "joined already" in again.content.decode() and again.redirect_chain[0][1] == 302


def test_the_page_keeps_what_was_chosen_when_it_is_refused(grandmothers, director, signed_in):
    kept, gone = grandmothers
    kept.phone = "16100000002"
    kept.save()
    web, address = freshly_signed_in(signed_in(director)), f"/children/adults/{gone.pk}/join/{kept.pk}/"
    sent = filled(web.get(address), take_phone=str(gone.pk), keep=str(gone.pk))
    kept.note = "新的"
    kept.save()
    again = web.post(address, sent)
    assert "changed one of the two" in again.content.decode()
    assert (filled(again)["take_phone"], filled(again)["keep"]) == (str(gone.pk), str(gone.pk))
    assert "Choose which entry is kept" in web.post(address, {**sent, "keep": "x"}).content.decode()
    assert not JoinedAdult.objects.exists()


def test_two_people_are_told_apart_and_nobody_is_asked_again(grandmothers, director, signed_in):
    kept, gone = grandmothers
    child = kept.kinships.get().child
    web = signed_in(director)
    answer = web.post(f"/children/adults/{gone.pk}/join/{kept.pk}/apart/", follow=True)
    assert "two people" in answer.content.decode()
    assert "on file twice" not in words(web.get(f"/children/{child.pk}/?tab=family"))
    entry = TrailEntry.objects.about(kept).get(verb="told apart from another entry")
    assert str(entry.keys["other"]) == str(gone.pk)
    assert list(ToldApart.objects.values_list("first", "second", "told_by")) == [(kept.pk, gone.pk, director.pk)]


def test_adults_of_others_are_not_joined(grandmothers, stranger, federation, counsellor, signed_in, director,
                                         community):  # fmt: skip
    kept, gone = grandmothers
    elsewhere = an_adult(a_child(community))
    for user in (stranger, federation, counsellor):
        for end in ("", "apart/"):
            assert freshly_signed_in(signed_in(user)).post(
                f"/children/adults/{kept.pk}/join/{gone.pk}/{end}"
            ).status_code == 404  # fmt: skip
    web = signed_in(director)
    for one, other in ((kept, kept), (kept, elsewhere)):
        assert web.get(f"/children/adults/{one.pk}/join/{other.pk}/").status_code == 404


def test_the_family_page_costs_the_same_for_one_pair_and_for_three(community, director, signed_in):
    child, web = a_child(community), signed_in(director)
    pages = [f"/children/{child.pk}/?tab=family"]

    def pair(n):
        for _ in range(2):
            an_adult(child, "", name=f"王秀{'英梅兰'[n]}")

    pair(0)
    web.get(pages[0])
    with CaptureQueriesContext(connection) as one:
        web.get(pages[0])
    pair(1), pair(2)
    with CaptureQueriesContext(connection) as three:
        assert len(soup(web.get(pages[0])).select("a[href*='/join/']")) == 3
    assert len(one) == len(three)


# Old tabs -------------------------------------------------------------------------------------------------------------


def test_what_is_sent_from_an_old_page_of_the_other_stands_at_the_one_kept(grandmothers, director, signed_in):
    kept, gone = grandmothers
    child, brother = (one.kinships.get().child for one in grandmothers)
    web = signed_in(director)
    contact, stay = f"/children/adults/{gone.pk}/contact/", f"/children/adults/{gone.pk}/stay/"
    called = filled(web.get(contact), reached="yes", note="通了")
    went = filled(web.get(stay), **{"stay-since": str(days_ago(9)), "stay-place": "广东省"})
    Draft.keep(director, f"children.household.{gone.household_id}.contact.{gone.pk}", {"note": "没打完"})
    join_adults(kept, gone, by=director)
    assert web.post(contact, called).status_code == 302
    assert web.post(stay, went).status_code == 302
    assert list(kept.contacts.values_list("note", flat=True)) == ["通了"]
    assert kept.aways.get().place == "广东省"
    assert Draft.find(director, f"children.household.{kept.household_id}.contact.{kept.pk}") is None  # used up
    said = web.post(f"/children/{brother.pk}/kin/{gone.pk}/", {f"kin{gone.pk}-relation": "mother"}, follow=True)
    assert "one entry now" in said.content.decode()
    assert child.kinships.filter(adult=kept, relation="grandmother_p").exists()


def test_an_old_form_of_the_household_names_what_was_typed_of_the_other(grandmothers, director, signed_in):
    kept, gone = grandmothers
    web, address = signed_in(director), f"/children/household/{kept.household_id}/"
    typed = {f"adult{gone.pk}-name": "王秀兰", f"adult{gone.pk}-phone": "16100000009", "home-income_source": "务工"}
    sent = filled(web.get(address), **typed)
    join_adults(kept, gone, by=director)
    again = web.post(address, sent)
    said = words(again)
    assert "王秀兰" in said and "16100000009" in said and "Nothing has been saved yet" in said
    kept.household.refresh_from_db()
    assert kept.household.income_source == ""
    saved = web.post(address, filled(again, **{f"adult{kept.pk}-name": "王秀兰"}))
    if saved.status_code == 200:  # the entry changed through the joining: what is stored stands beside it
        saved = web.post(address, filled(saved))
    assert saved.status_code == 302
    kept.refresh_from_db(), kept.household.refresh_from_db()
    assert (kept.name, kept.household.income_source) == ("王秀兰", "务工")
