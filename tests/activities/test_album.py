"""Who is in a picture, and an album that holds only what everyone in it agreed to."""

import uuid

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.models import PhotoTag, SessionPhoto
from children import consenting, erasing, transfer
from children.merging import merge
from children.models import Consent
from records.lifecycle import Refused
from tests.activities.factories import a_picture, make_activity, today
from tests.children.factories import left_behind_child, offered

PHOTO, PUBLICITY = Consent.Purpose.PHOTO, Consent.Purpose.PUBLICITY


@pytest.fixture
def club(director, community):
    return make_activity(community, director, title="合唱", kind="club", art="music")


@pytest.fixture
def session(club):
    return club.sessions.get()


@pytest.fixture
def a_child(club, session, director, community):
    """a_child(purpose, …): at the session, with these consents."""

    def make(*purposes):
        child = left_behind_child(community)
        for purpose in purposes:
            consenting.give_consent(child, purpose, given_by="奶奶", on=today(), by=director)
        session.join_late(child, by=director)
        return child

    return make


@pytest.fixture
def picture(session, director):
    return a_picture(session, director)


def name(picture, *children, by, nobody_else=True):
    picture.name_children(children, nobody_else=nobody_else, by=by)


def seen(client, page):
    return BeautifulSoup(client.get(page).content, "html.parser").find("input", {"name": "seen"})["value"]


def shown():
    return list(SessionPhoto.objects.for_publicity())


def test_a_picture_nobody_has_looked_through_is_in_no_album(picture, director):
    assert shown() == []
    name(picture, by=director)
    assert shown() == [picture]
    name(picture, by=director, nobody_else=False)
    assert shown() == []


def test_everyone_in_it_must_have_agreed(picture, a_child, director):
    agreed, silent = a_child(PHOTO, PUBLICITY), a_child(PHOTO)
    name(picture, agreed, by=director)
    assert shown() == [picture]
    name(picture, agreed, silent, by=director)
    assert shown() == []


def test_a_consent_withdrawn_counts_at_once(picture, a_child, director, signed_in, club):
    child = a_child(PHOTO, PUBLICITY)
    name(picture, child, by=director)
    client = signed_in(director)
    address = f"/attachments/activities.sessionphoto/{picture.pk}/photo/"
    for page in (f"/activities/{club.pk}/album/", f"/papers/album/{club.pk}/"):
        assert address in client.get(page).content.decode()
    consenting.withdraw_consent(child.consents.in_force().get(purpose=PUBLICITY), by=director)
    for page in (f"/activities/{club.pk}/album/", f"/papers/album/{club.pk}/"):
        assert address not in client.get(page).content.decode()
    assert "One picture is left out: somebody" in client.get(f"/activities/{club.pk}/album/").content.decode()


def test_a_child_without_consent_for_photos_withholds_the_picture(picture, a_child, director):
    child = a_child()
    name(picture, child, by=director)
    picture.refresh_from_db()
    assert picture.withheld_at is not None
    picture.show_again(by=director)  # the child is not in it after all
    assert not PhotoTag.objects.exists()
    assert shown() == []


def test_a_child_who_was_not_there_but_is_named_withholds_it_too(picture, a_child, director, session):
    child = a_child(PHOTO, PUBLICITY)
    name(picture, child, by=director)
    session.mark(child, "absent", by=director)
    consenting.withdraw_consent(child.consents.in_force().get(purpose=PHOTO), by=director)
    picture.refresh_from_db()
    assert picture.withheld_at is not None


def test_what_somebody_else_said_meanwhile_is_not_overwritten(picture, a_child, director, signed_in):
    mine, theirs = a_child(PHOTO, PUBLICITY), a_child(PHOTO)
    client, here = signed_in(director), f"/activities/picture/{picture.pk}/"
    form = {"children": [mine.pk], "nobody_else": "on", "once_token": str(uuid.uuid4()), "seen": seen(client, here)}
    name(picture, theirs, by=director)
    page = client.post(here, form, follow=True)
    assert "Somebody else said meanwhile who is in it. Look again." in page.content.decode()
    boxes = BeautifulSoup(page.content, "html.parser").select("input[name=children][checked]")
    assert [box["value"] for box in boxes] == [str(theirs.pk)]
    assert PhotoTag.objects.get().child == theirs
    client.post(here, {**form, "once_token": str(uuid.uuid4()), "seen": seen(client, here)})
    assert PhotoTag.objects.get().child == mine


def test_who_agreed_to_publicity_alone_is_in_no_album(picture, a_child, director):
    child = a_child(PHOTO, PUBLICITY)
    name(picture, child, by=director)
    child.consents.filter(purpose=PHOTO).update(withdrawn_on=today())
    assert shown() == []


@pytest.mark.parametrize(
    ("mark", "is_withheld"), [("", True), ("present", True), ("absent", False), ("excused", False)]
)
def test_pictures_are_withheld_also_where_the_roll_was_not_called(
    mark, is_withheld, picture, club, session, director, community
):
    child = left_behind_child(community)
    consent = consenting.give_consent(child, PHOTO, given_by="奶奶", on=today(), by=director)
    club.enrol(child, by=director, on=session.day)
    if mark:
        session.mark(child, mark, by=director)
    elsewhere = a_picture(make_activity(community, director, venue="操场").sessions.get(), director)
    consenting.withdraw_consent(consent, by=director)
    picture.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (picture.withheld_at is not None, elsewhere.withheld_at) == (is_withheld, None)


def test_only_children_on_the_roll_are_named(picture, director, community, far_community):
    for place in (community, far_community):
        with pytest.raises(Refused, match="on the roll"):
            name(picture, left_behind_child(place), by=director)


def test_a_child_who_moved_away_stays_named_and_its_word_counts(
    picture, a_child, director, stranger, far_community, signed_in
):
    child = a_child(PHOTO, PUBLICITY)
    name(picture, child, by=director)
    transfer.accept(offered([child], far_community, by=director), by=stranger)
    client, here = signed_in(director), f"/activities/picture/{picture.pk}/"
    page = client.get(here).content.decode()
    assert "whose file has gone to another community" in page
    assert child.name not in page
    client.post(here, {"nobody_else": "on", "once_token": str(uuid.uuid4()), "seen": seen(client, here)})
    assert PhotoTag.objects.get().child == child
    assert shown() == [picture]
    consenting.withdraw_consent(child.consents.in_force().get(purpose=PUBLICITY), by=stranger)
    assert shown() == []


def test_an_erased_file_agrees_to_nothing(picture, a_child, director, supervisor):
    child = a_child(PHOTO, PUBLICITY)
    name(picture, child, a_child(PHOTO, PUBLICITY), by=director)
    erasing.ask(child, ground="guardian", by=director)
    erasing.erase(child.erasures.get(), by=supervisor)
    assert shown() == []
    picture.refresh_from_db()
    assert picture.withheld_at is not None


def test_two_files_of_one_child_in_one_picture_ask_one_consent(picture, a_child, director, signed_in):
    kept, gone = a_child(PHOTO, PUBLICITY), a_child(PHOTO)
    name(picture, kept, gone, by=director)
    merge(kept, gone, by=director)
    assert shown() == [picture]
    page = signed_in(director).get(f"/activities/picture/{picture.pk}/").content
    assert len(BeautifulSoup(page, "html.parser").select("input[name=children]")) == 1


def test_removing_a_picture_takes_its_names_along(picture, a_child, director):
    name(picture, a_child(PHOTO), by=director)
    picture.remove(by=director)
    assert not PhotoTag.objects.exists()


def test_naming_on_the_page(picture, a_child, director, signed_in, stranger, supervisor):
    child = a_child(PHOTO, PUBLICITY)
    client, here = signed_in(director), f"/activities/picture/{picture.pk}/"
    boxes = BeautifulSoup(client.get(here).content, "html.parser").select("input[name=children]")
    assert [box["value"] for box in boxes] == [str(child.pk)]
    form = {"children": [child.pk], "nobody_else": "on", "once_token": str(uuid.uuid4()), "seen": seen(client, here)}
    for _twice in range(2):
        assert client.post(here, form).status_code == 302
    assert shown() == [picture]
    for other in (stranger, supervisor):
        assert signed_in(other).post(here, form).status_code == 404


def test_the_album_says_what_is_left_out_and_why(picture, session, club, a_child, director, signed_in):
    client, here = signed_in(director), f"/activities/{club.pk}/album/"
    assert "nobody has looked through it" in client.get(here).content.decode()
    name(picture, a_child(PHOTO), by=director)
    a_picture(session, director)
    page = client.get(here)
    assert (page.context["without"], len(page.context["waiting"]), len(page.context["pictures"])) == (1, 1, 0)
    assert client.get(f"/activities/{make_activity(club.community, director, venue='x').pk}/album/").status_code == 200


def test_the_album_asks_nothing_once_per_picture(session, club, a_child, director, signed_in):
    client, counts, made = signed_in(director), {}, 0
    pages = [f"/activities/{club.pk}/album/", f"/papers/album/{club.pk}/", session.get_absolute_url()]
    for total in (1, 3, 8):
        for _n in range(made, total):
            name(a_picture(session, director), a_child(PHOTO, PUBLICITY), by=director)
            a_picture(session, director)
        made = total
        for page in [*pages, f"/activities/picture/{SessionPhoto.objects.first().pk}/"]:
            client.get(page)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(page).status_code == 200
            counts.setdefault(page, set()).add(len(captured))
    assert {page: n for page, n in counts.items() if len(n) > 1} == {}
