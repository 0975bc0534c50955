"""Lists that leave the system: who may take what, what for, and the second person."""

import datetime as dt
import io

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from records.exports import ExportRequest, division_of
from records.trail import TrailEntry
from tests.children.factories import a_child, id_number, left_behind_child
from tests.children.pages import filled, words
from tests.conftest import freshly_signed_in

pytestmark = pytest.mark.django_db
REGISTER = reverse("records:export", args=["register"])
PURPOSE = {"reason": "check", "purpose": "核对学籍"}


@pytest.fixture
def client(signed_in, director):
    return freshly_signed_in(signed_in(director))


def ask(client, query="", **changed):
    page = client.get(REGISTER + query)
    assert page.status_code == 200
    return client.post(REGISTER + query, filled(page, **{**PURPOSE, **changed}))


def cells(response):
    content = io.BytesIO(b"".join(response.streaming_content))
    return CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()


def names(response):
    header, *rows = cells(response)[1:]
    return sorted(row[header.index("name")] for row in rows)


def test_the_rows_are_those_on_screen_and_inside_the_scope(client, community, sister_community):
    left_behind_child(community, name="陈小雨")
    a_child(community, name="不计入", sex="M")
    a_child(sister_community, name="别处人")
    a_child(community, name="已离开", left_on=timezone.localdate(), left_reason="moved_out")
    assert names(ask(client)) == ["不计入", "陈小雨"]
    assert names(ask(client, "?status=left_behind")) == ["陈小雨"]
    assert names(ask(client, "?sex__exact=M")) == ["不计入"]
    assert names(ask(client, "?q=chen")) == ["陈小雨"]
    assert names(ask(client, "?open=left")) == ["已离开"]


def test_a_filter_that_is_none_gives_nothing(client):
    assert client.get(REGISTER + "?household__note__startswith=x").status_code == 404
    assert client.get(REGISTER + "?q=" + "x" * 3000).status_code == 404


def test_who_why_and_how_many_are_on_the_trail_in_keys(client, community, director):
    left_behind_child(community)
    assert ask(client, "?q=陈小雨").status_code == 200
    asked = ExportRequest.objects.get()
    assert (asked.status, asked.rows, asked.division, asked.asked_by) == ("fetched", 1, community.pk, director)
    entries = TrailEntry.objects.about(asked).order_by("id")
    assert [e.verb for e in entries] == ["asked for an export", "fetched an export", "exported"]
    assert entries[2].keys == {"list": "register", "purpose": "check", "rows": 1}
    assert "陈小雨" not in str([e.keys for e in entries]) and "核对" not in str([e.keys for e in entries])


def test_without_a_purpose_nothing_leaves(client, community):
    a_child(community)
    page = ask(client, purpose="  ")
    assert "This field is required." in words(page)
    assert not ExportRequest.objects.exists()


def test_the_password_is_asked_first(signed_in, director, community):
    a_child(community)
    answer = ask(signed_in(director))
    assert answer.status_code == 302 and "/reauthenticate/" in answer.url
    assert not ExportRequest.objects.exists()


def test_sent_twice_it_leaves_once(client, community):
    a_child(community)
    page = client.get(REGISTER)
    data = filled(page, **PURPOSE)
    assert client.post(REGISTER, data).status_code == 200
    again = client.post(REGISTER, data)
    assert again.status_code == 302 and again.url == ExportRequest.objects.get().get_absolute_url()


def test_only_columns_the_role_sees(client, community, monkeypatch):
    born = dt.date(timezone.localdate().year - 9, 3, 5)
    left_behind_child(community, birth_date=born, id_number=id_number(born))
    monkeypatch.setattr("communities.models.User.sees", lambda user, facts: facts == "basic")
    sheet = cells(ask(client))
    assert "name" in sheet[1] and "ID number" not in sheet[1] and "father" not in sheet[1]
    assert id_number(born) not in str(sheet)


@pytest.mark.parametrize("who", ["federation", "counsellor", "administrator"])
def test_others_take_nothing_out(who, request, signed_in):
    client = freshly_signed_in(signed_in(request.getfixturevalue(who)))
    for url in (REGISTER, reverse("records:exports")):
        assert client.get(url).status_code == 404


@pytest.fixture
def large(client, community, settings):
    """A list of two rows, where more than one needs a second person; asked for."""
    settings.EXPORT_ROWS_ALONE = 1
    a_child(community, name="陈小雨")
    a_child(community, name="王一")
    assert "second person" in words(client.get(REGISTER))
    answer = ask(client)
    asked = ExportRequest.objects.get()
    assert answer.status_code == 302 and answer.url == asked.get_absolute_url()
    return asked


def fetch(client, asked):
    return client.post(reverse("records:export_fetch", args=[asked.pk]), follow=True)


def decide(client, asked, decision="release"):
    return client.post(reverse("records:export_decide", args=[asked.pk]), {"decision": decision}, follow=True)


def test_a_large_list_waits_for_a_second_person_and_is_fetched_once(large, client, signed_in, supervisor):
    assert "Another person must release" in words(fetch(client, large))
    assert "Another person must release" in words(decide(client, large))
    other = freshly_signed_in(signed_in(supervisor))
    assert "Released." in words(decide(other, large))
    assert other.post(reverse("records:export_fetch", args=[large.pk])).status_code == 404  # it is not theirs
    assert names(client.post(reverse("records:export_fetch", args=[large.pk]))) == ["王一", "陈小雨"]
    assert "fetched already" in words(fetch(client, large))


def test_a_release_runs_out(large, client, signed_in, supervisor):
    decide(freshly_signed_in(signed_in(supervisor)), large)
    ExportRequest.objects.update(decided_at=timezone.now() - dt.timedelta(hours=24, minutes=1))
    assert "has run out" in words(fetch(client, large))


def test_a_refused_list_stays(large, client, signed_in, supervisor):
    assert "Refused." in words(decide(freshly_signed_in(signed_in(supervisor)), large, "refuse"))
    assert "cannot become" in words(fetch(client, large))


def test_somebody_of_another_scope_can_neither_see_nor_release(large, signed_in, stranger, make_user, far_street):
    for user in (stranger, make_user("street_officer", far_street)):
        other = freshly_signed_in(signed_in(user))
        missing = other.get(reverse("records:export_request", args=[10**9]))
        hidden = other.get(large.get_absolute_url())
        assert (hidden.status_code, hidden.content) == (404, missing.content)
        assert decide(other, large).status_code == 404
    large.refresh_from_db()
    assert large.status == "asked"


def test_the_database_knows_that_two_people_are_needed(large, director):
    with pytest.raises(IntegrityError), transaction.atomic():
        ExportRequest.objects.filter(pk=large.pk).update(decided_by=director)


def test_the_filter_and_the_purpose_are_ciphertext(client, community):
    from django.db import connection

    left_behind_child(community)
    ask(client, "?q=陈小雨")
    with connection.cursor() as cursor:
        cursor.execute("SELECT params, purpose FROM records_exportrequest")
        assert not any("陈" in text or "核对" in text or "%E9" in text for text in cursor.fetchone())


@pytest.mark.parametrize(
    ("codes", "division"),
    [
        (["150902001001"], "150902001001"),
        (["150902001001", "150902001002"], "150902001"),
        (["150902001", "150902001002"], "150902001"),
        (["150902001001", "150902002001"], "150902"),
        (["150902", "140202"], ""),
    ],
)
def test_a_request_stands_in_the_smallest_division_around_its_rows(codes, division):
    assert division_of(codes) == division
