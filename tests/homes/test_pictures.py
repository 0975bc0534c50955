"""Plan and photos of the room: nobody in them, kept within the Home's scope."""

import pytest
from django.urls import reverse

from homes.models import RoomPicture
from records.attachments import owner_attachment_url
from records.lifecycle import Refused
from tests.children.pages import filled, soup
from tests.homes.factories import make_home, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(community):
    return make_home(community)


def test_a_picture_is_added_seen_and_taken_out(home, director, federation, stranger, signed_in):
    client, url = signed_in(director), reverse("homes:pictures", args=[home.pk])
    page = client.get(url)
    answer = client.post(url, {**filled(page, kind="plan", caption="平面图"), "picture": picture()})
    assert "This field is required." in answer.content.decode()  # nobody said that nobody is seen
    assert not RoomPicture.objects.exists()
    typed = filled(client.get(url), kind="plan", caption="平面图", nobody_shown="on")
    answer = client.post(url, {**typed, "picture": picture()}, follow=True)
    assert "平面图" in answer.content.decode()
    kept = RoomPicture.objects.get()
    image = owner_attachment_url(kept, "photo")
    assert [signed_in(user).get(image).status_code for user in (director, federation, stranger)] == [200, 200, 404]
    assert signed_in(federation).get(url).status_code == 200
    assert signed_in(stranger).get(url).status_code == 404
    out = reverse("homes:picture_out", args=[kept.pk])
    assert signed_in(federation).post(out).status_code == 404
    client.post(out, {"once_token": filled(client.get(url), form_index=0)["once_token"]})
    assert not RoomPicture.objects.kept().exists()
    assert [signed_in(user).get(image).status_code for user in (director, federation)] == [404, 404]


def test_there_is_an_end_to_them_and_people_are_refused(home, director):
    with pytest.raises(Refused, match="nobody can be recognised"):
        RoomPicture.add(home, kind="photo", picture=picture(), nobody_shown=False, by=director)
    for _number in range(12):
        RoomPicture.add(home, kind="photo", picture=picture(), nobody_shown=True, by=director)
    with pytest.raises(Refused, match="12 pictures"):
        RoomPicture.add(home, kind="photo", picture=picture(), nobody_shown=True, by=director)


def test_from_the_homes_page_the_federation_opens_a_picture_and_a_stranger_does_not(
    home, director, federation, stranger, signed_in
):
    RoomPicture.add(home, kind="photo", picture=picture(), caption="阅读角", nobody_shown=True, by=director)
    client = signed_in(federation)
    pictures = reverse("homes:pictures", args=[home.pk])
    assert pictures in [link["href"] for link in soup(client.get(home.get_absolute_url())).select("main a")]
    image = soup(client.get(pictures)).select_one("main img")["src"]
    answer = client.get(image)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    for url in (home.get_absolute_url(), pictures, image):
        assert signed_in(stranger).get(url).status_code == 404, url
