"""The mechanisms' own pages through the whole product: sign-in, policy, middleware, transaction."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from records.attachments import owner_attachment_url, store_image
from records.drafts import Draft
from records.trail import TrailEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def child(make_child, community, director, private_root):
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(out, "JPEG")
    return make_child(community, photo=store_image(SimpleUploadedFile("a.jpg", out.getvalue()), director))


def test_a_worker_sees_the_photo_of_a_child_of_theirs(signed_in, director, child):
    response = signed_in(director).get(owner_attachment_url(child, "photo"))
    assert response.status_code == 200
    assert b"".join(response.streaming_content)[:2] == b"\xff\xd8"
    assert "no-store" in response["Cache-Control"]
    entry = TrailEntry.objects.about(child).reads().get()
    assert (entry.actor, entry.community, entry.refused) == (director, child.community_id, False)


@pytest.mark.parametrize("who", ["stranger", "federation", "administrator", "counsellor"])
def test_others_cannot_tell_the_photo_from_one_that_never_existed(signed_in, request, child, who):
    client = signed_in(request.getfixturevalue(who))
    there = client.get(owner_attachment_url(child, "photo"))
    nowhere = client.get(reverse("records:attachment", args=["children.child", 10**6, "photo"]))
    assert there.status_code == nowhere.status_code == 404
    assert there.content == nowhere.content
    refused = TrailEntry.objects.filter(refused=True).order_by("id")
    assert [entry.object_key for entry in refused] == [str(child.pk), str(10**6)]
    assert {entry.page for entry in refused} == {"records:attachment"}


def test_nobody_sees_anything_without_signing_in(client, child):
    assert client.get(owner_attachment_url(child, "photo")).status_code == 302
    assert client.post(reverse("records:draft", args=["a"]), {"x": 1}).status_code == 302
    assert not Draft.objects.exists()


def test_a_draft_is_kept_and_survives_signing_out(signed_in, director):
    client = signed_in(director)
    answer = client.post(reverse("records:draft", args=["volunteers:contact.12"]), {"note": "孩子很好"})
    assert answer.status_code == 204
    client.logout()
    assert Draft.find(director, "volunteers:contact.12") == {"note": "孩子很好"}


def test_a_draft_needs_the_forms_own_token_and_a_proper_key(director):
    client = Client(enforce_csrf_checks=True)
    client.force_login(director)
    assert client.post(reverse("records:draft", args=["a"]), {"x": 1}).status_code == 403
    assert client.post("/drafts/a%00b/", {"x": 1}).status_code in (400, 403, 404)
    assert client.post(f"/drafts/{'x' * 201}/", {"x": 1}).status_code in (403, 404)


def test_the_watching_machine_needs_no_sign_in(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/health/live").content == b"alive\n"
    assert client.get("/health/ready").content == b"ready\n"
