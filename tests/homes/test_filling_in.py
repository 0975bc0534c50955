"""Filling in a section on a phone: what is kept, what is asked again, and two phones at once."""

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from homes import checking
from homes.models import AnswerPhoto
from records.trail import TrailEntry
from tests.homes.factories import fill_in, make_home, managed, picture, standard_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _private(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path


@pytest.fixture
def home(community, district, director):
    standard_in_force(district)
    home = make_home(community)
    managed(home, director)
    return home


@pytest.fixture
def check(home, director):
    return checking.begin(home, "self_check", by=director)


def section_url(check, section="hardware"):
    return reverse("homes:section", args=[check.pk, section])


def drawn(client, check, section="hardware"):
    """What the browser would send back untouched."""
    page = BeautifulSoup(client.get(section_url(check, section)).content, "html.parser")
    data = {}
    for field in page.select("main form input, main form textarea"):
        kind = field.get("type")
        if field.name == "textarea":
            data[field["name"]] = field.text.strip()
        elif kind in ("radio", "checkbox"):
            if field.has_attr("checked"):
                data[field["name"]] = field["value"]
        elif kind != "file":
            data[field["name"]] = field.get("value", "")
    return data


def answer_to(check, code):
    return check.answers.get(item__code=code)


def test_a_section_is_saved_as_it_is(check, director, signed_in):
    client = signed_in(director)
    data = drawn(client, check) | {"H01-number": "42.5", "H02-yes": "True", "H03-choice": "1", "H05-number": "180"}
    data |= {"H13-not_applicable": "on", "H13-comment": "Park next door"}
    response = client.post(section_url(check), data)
    assert response.status_code == 302
    assert response.url == section_url(check, "software")
    assert answer_to(check, "H01").number == 42.5
    assert answer_to(check, "H02").yes is True
    assert answer_to(check, "H03").choice == 1
    assert answer_to(check, "H13").not_applicable
    touched = check.answers.filter(answered_by=director).values_list("item__code", flat=True)
    assert sorted(touched) == ["H01", "H02", "H03", "H05", "H13"]
    assert "5/17" in client.get(section_url(check)).content.decode()
    entry = TrailEntry.objects.about(check).get(verb="answered")
    assert entry.keys["items"] == ["H01", "H02", "H03", "H05", "H13"]


def test_sent_back_untouched_changes_nothing(check, director, signed_in):
    fill_in(check, director)
    client = signed_in(director)
    before = list(check.answers.order_by("pk").values())
    for section in ("hardware", "software", "operation"):
        assert client.post(section_url(check, section), drawn(client, check, section)).status_code == 302
    assert list(check.answers.order_by("pk").values()) == before


def test_saving_twice_with_one_token_saves_once(check, director, signed_in):
    client = signed_in(director)
    data = drawn(client, check) | {"H04-nobody_shown": "on"}
    for _n in range(2):
        client.post(section_url(check), {**data, "H04-photos": picture()})
    assert AnswerPhoto.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"H13-not_applicable": "on"}, "Say why this does not apply."),
        ({"H01-number": "-3"}, "greater than or equal to 0"),
        ({"H01-number": "a lot"}, "Enter a number"),
        ({"H03-choice": "7"}, "Select a valid choice"),
        ({"H05-comment": "bad\u202etext"}, "invisible control characters"),
    ],
)
def test_what_is_wrong_is_shown_and_the_rest_is_saved(check, director, signed_in, typed, words):
    client = signed_in(director)
    response = client.post(section_url(check), drawn(client, check) | {"H12-yes": "True"} | typed)
    assert response.status_code == 200
    assert words in response.content.decode()
    assert answer_to(check, "H12").yes is True
    assert check.answers.filter(answered_by=director).count() == 1


def test_a_barred_requirement_always_applies(check, director, signed_in):
    client = signed_in(director)
    data = drawn(client, check) | {"H02-not_applicable": "on", "H02-comment": "no"}
    client.post(section_url(check), data)
    assert not answer_to(check, "H02").not_applicable


def test_what_is_measured_is_disputed_never_typed_over(check, director, signed_in):
    client = signed_in(director)
    data = drawn(client, check, "operation") | {"O04-number": "9", "O04-disputed": "on"}
    response = client.post(section_url(check, "operation"), data)
    assert "Say why you dispute this figure." in response.content.decode()
    client.post(
        section_url(check, "operation"),
        drawn(client, check, "operation") | {"O04-disputed": "on", "O04-comment": "Two were held"},
    )
    answer = answer_to(check, "O04")
    assert (answer.number, answer.disputed, answer.comment) == (0, True, "Two were held")


def test_photos_are_kept_seen_and_taken_out(check, director, stranger, signed_in):
    client = signed_in(director)
    refused = client.post(section_url(check), drawn(client, check) | {"H04-photos": picture()})
    assert "Confirm that nobody can be recognised" in refused.content.decode()
    client.post(
        section_url(check), drawn(client, check) | {"H04-photos": [picture(), picture()], "H04-nobody_shown": "on"}
    )
    photos = list(AnswerPhoto.objects.all())
    assert len(photos) == 2
    address = f"/attachments/homes.answerphoto/{photos[0].pk}/photo/"
    assert address in client.get(section_url(check)).content.decode()
    assert client.get(address).status_code == 200
    assert signed_in(stranger).get(address).status_code == 404
    client.post(section_url(check), drawn(client, check) | {"H04-withdraw": str(photos[0].pk)})
    assert [p.pk for p in answer_to(check, "H04").photos_kept] == [photos[1].pk]
    assert address not in client.get(section_url(check)).content.decode()


def test_a_file_that_is_no_picture_is_refused_in_words(check, director, signed_in):
    client = signed_in(director)
    bad = SimpleUploadedFile("room.jpg", b"not a picture", "image/jpeg")
    response = client.post(section_url(check), drawn(client, check) | {"H04-photos": bad, "H04-nobody_shown": "on"})
    assert "cannot be read as a picture" in response.content.decode()
    assert not AnswerPhoto.objects.exists()


def test_of_two_phones_the_second_sees_both_values_and_decides(check, director, signed_in):
    client = signed_in(director)
    mine, theirs = drawn(client, check), drawn(client, check)
    client.post(section_url(check), theirs | {"H01-number": "30", "H03-choice": "2"})
    response = client.post(section_url(check), mine | {"H01-number": "44", "H03-choice": "0", "H12-yes": "True"})
    page = BeautifulSoup(response.content, "html.parser")
    assert "Stored now: 30" in page.select_one("#H01").text
    assert "Stored now: poor" in page.select_one("#H03").text
    assert page.select_one("[name=H01-number]")["value"] == "44"
    assert answer_to(check, "H01").number == 30
    assert answer_to(check, "H12").yes is True  # nobody else touched it
    again = mine | {"H01-number": "44", "H01-seen_version": page.select_one("[name=H01-seen_version]")["value"]}
    again["once_token"] = page.select_one("[name=once_token]")["value"]
    assert client.post(section_url(check), again).status_code == 302
    assert answer_to(check, "H01").number == 44


def test_two_phones_on_different_requirements_do_not_meet(check, director, signed_in):
    client = signed_in(director)
    mine, theirs = drawn(client, check), drawn(client, check)
    client.post(section_url(check), theirs | {"H01-number": "30"})
    assert client.post(section_url(check), mine | {"H12-yes": "False"}).status_code == 302
    assert (answer_to(check, "H01").number, answer_to(check, "H12").yes) == (30, False)


def test_late_answers_are_refused_in_words(check, director, signed_in):
    client = signed_in(director)
    data = drawn(client, check) | {"H01-number": "30"}
    client.post(reverse("homes:submit", args=[check.pk]))
    assert client.post(section_url(check), data).status_code == 404
    assert client.post(reverse("homes:submit", args=[check.pk])).status_code == 302
    check.refresh_from_db()
    assert check.status == "submitted"
    assert answer_to(check, "H01").number is None
