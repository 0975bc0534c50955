"""Lists that leave the system: who may take what, what for, and the second person."""

import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from children import erasing
from children.models import Child
from communities.models import Posting
from records import export_files, file_parts
from records.export_files import ExportPart
from records.exports import ExportRequest, division_of
from records.jobs import Job
from records.lifecycle import Refused
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


def fetch(client, asked, follow=True):
    return client.post(reverse("records:export_fetch", args=[asked.pk]), follow=follow)


def decide(client, asked, decision="release"):
    return client.post(reverse("records:export_decide", args=[asked.pk]), {"decision": decision}, follow=True)


def test_a_large_list_waits_for_a_second_person_and_is_fetched_once(large, client, signed_in, supervisor):
    assert "Another person must release" in words(fetch(client, large))
    assert "Another person must release" in words(decide(client, large))
    other = freshly_signed_in(signed_in(supervisor))
    assert "Released." in words(decide(other, large))
    assert fetch(other, large).status_code == 404  # it is not theirs
    assert built(client, large).status == "ready"
    assert fetch(other, large).status_code == 404
    assert names(fetch(client, large)) == ["王一", "陈小雨"]
    assert "fetched already" in words(fetch(client, large))


def built(client, asked):
    """The list after its job was asked for and done."""
    answer = fetch(client, asked, follow=False)
    assert answer.url == Job.objects.get(status="waiting").get_absolute_url()
    call_command("run_jobs", "--once", stdout=io.StringIO())
    asked.refresh_from_db()
    return asked


@pytest.fixture
def released(large, signed_in, supervisor):
    decide(freshly_signed_in(signed_in(supervisor)), large)
    large.refresh_from_db()
    return large


def test_a_second_click_while_the_first_fetches_is_told_in_words_and_drops_nothing(released, director, caplog):
    export_files.build(released.pk, by=director, progress=lambda *_: None)
    looked_up = [ExportRequest.objects.get(pk=released.pk) for _ in range(2)]
    export_files.take(looked_up[0], by=director)
    with pytest.raises(Refused, match="fetched already"):
        export_files.take(looked_up[1], by=director)
    assert not caplog.records


def test_a_large_list_is_prepared_by_the_worker_and_is_gone_once_fetched(released, client, director, monkeypatch):
    monkeypatch.setattr(file_parts, "PART_BYTES", 1000)
    assert "Prepare the list" in words(client.get(released.get_absolute_url()))
    work = fetch(client, released)
    assert "Waiting for its turn" in words(work)
    assert "This list is being prepared" in words(client.get(released.get_absolute_url()))
    fetch(client, released)  # pressed again it is the same job
    call_command("run_jobs", "--once", stdout=io.StringIO())
    job = Job.objects.get()
    assert (job.status, client.get(job.get_absolute_url()).url) == ("done", released.get_absolute_url())
    assert "Written on" in words(client.get(released.get_absolute_url()))
    assert released.parts.count() > 3
    assert names(fetch(client, released)) == ["王一", "陈小雨"]
    assert not released.parts.exists()
    verbs = list(TrailEntry.objects.about(released).order_by("id").values_list("verb", flat=True))
    assert verbs[-3:] == ["prepared an export", "fetched an export", "exported"]


def test_a_prepared_list_in_chinese(released, client, director, settings):
    settings.LANGUAGE_CODE = "zh-hans"
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    assert "生成名单" in words(client.get(released.get_absolute_url()))
    built(client, released)
    assert "取走" in words(client.get(released.get_absolute_url()))
    header, *rows = cells(fetch(client, released))[1:]
    assert sorted(row[header.index("姓名")] for row in rows) == ["王一", "陈小雨"]


def test_the_kept_file_is_ciphertext(released, client):
    built(client, released)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM records_exportpart")
        assert not any(b"PK\x03\x04" in bytes(content) for (content,) in cursor.fetchall())


def test_a_right_that_ends_before_it_is_built_ends_the_export(released, client, director):
    work = fetch(client, released)
    director.postings.update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    call_command("run_jobs", "--once", stdout=io.StringIO())
    job = Job.objects.get()
    assert job.status == "failed" and "may no longer take it out" in job.message
    assert work.status_code == 200 and not released.parts.exists()
    director.postings.update(ends_on=None)
    assert "may no longer take it out" in words(client.get(job.get_absolute_url()))
    assert "Prepare the list" in words(client.get(released.get_absolute_url()))  # and may be asked anew
    built(client, released)
    assert names(fetch(client, released)) == ["王一", "陈小雨"]


def test_a_right_that_ends_before_it_is_fetched_ends_the_export(released, client, director):
    built(client, released)
    director.postings.update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    assert client.post(reverse("records:export_fetch", args=[released.pk])).status_code in (302, 404)
    released.refresh_from_db()
    assert released.status == "ready"


def test_a_person_who_moved_on_gets_no_list_of_the_place_before(
    released, client, director, community, sister_community
):
    a_child(sister_community, name="别处人")
    built(client, released)
    director.postings.update(division=sister_community)
    assert "Your rights have changed" in words(fetch(client, released))
    released.refresh_from_db()
    assert released.status == "released" and not released.parts.exists()
    built(client, released)
    assert names(fetch(client, released)) == ["别处人"]


def test_a_kept_file_that_was_altered_is_not_handed_out_and_may_be_built_anew(released, client):
    built(client, released)
    assert released.parts.update(content=b"") == 1
    assert "was altered or is not complete" in words(fetch(client, released))
    released.refresh_from_db()
    assert released.status == "released" and not released.parts.exists()
    built(client, released)
    assert names(fetch(client, released)) == ["王一", "陈小雨"]


def test_facts_that_the_role_no_longer_sees_are_not_handed_out(released, client, monkeypatch):
    built(client, released)
    monkeypatch.setattr("communities.models.User.sees", lambda user, facts: facts == "basic")
    assert "Your rights have changed" in words(fetch(client, released))
    built(client, released)
    assert "ID number" not in cells(fetch(client, released))[1]


def test_a_fault_is_told_in_words_and_leaves_nothing(released, client, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(export_files, "write", lambda *_sheet: 1 / 0)
        fetch(client, released)
        call_command("run_jobs", "--once", stdout=io.StringIO())
    job = Job.objects.get()
    assert "Something went wrong" in words(client.get(job.get_absolute_url()))
    assert built(client, released).status == "ready"


def test_a_list_that_holds_a_child_is_dropped_when_the_child_is_erased(released, client, director, supervisor):
    built(client, released)
    child = Child.objects.get(name="王一")
    erasing.erase(erasing.ask(child, ground="guardian", by=director), by=supervisor)
    assert not ExportPart.objects.exists()
    released.refresh_from_db()
    assert (released.status, released.built_at) == ("released", None)
    built(client, released)
    assert names(client.post(reverse("records:export_fetch", args=[released.pk]))) == ["陈小雨"]


def test_a_list_that_is_being_prepared_holds_no_child_erased_meanwhile(
    released, client, director, supervisor, monkeypatch
):
    def erased_meanwhile(*sheet):
        written = write(*sheet)
        child = Child.objects.get(name="王一")
        erasing.erase(erasing.ask(child, ground="guardian", by=director), by=supervisor)
        return written

    write = export_files.write
    with monkeypatch.context() as slow:
        slow.setattr(export_files, "write", erased_meanwhile)
        fetch(client, released)
        call_command("run_jobs", "--once", stdout=io.StringIO())
    job = Job.objects.get()
    assert "was erased meanwhile. Please prepare the list again." in words(client.get(job.get_absolute_url()))
    assert not ExportPart.objects.exists()
    assert built(client, released).status == "ready", "here one transaction holds both: the erasure is undone too"


def test_a_file_that_nobody_fetched_in_time_is_erased(released, client):
    built(client, released)
    call_command("erase_unfetched_exports", stdout=io.StringIO())
    assert released.parts.exists()
    ExportRequest.objects.update(decided_at=timezone.now() - dt.timedelta(hours=24, minutes=1))
    said = io.StringIO()
    call_command("erase_unfetched_exports", stdout=said)
    assert "of 1 lists" in said.getvalue() and not released.parts.exists()
    assert "has run out" in words(fetch(client, released))
    assert "Fetch the list" not in words(client.get(released.get_absolute_url()))


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


def test_a_right_to_export_opens_no_list_of_another_post(make_user, district, community, signed_in):
    """Who takes Homes out for the federation and sees referred children as a counsellor takes no children out."""
    both = make_user("federation_officer", district)
    Posting.objects.create(user=both, division=district, role="counsellor", starts_on=dt.date(2020, 1, 1))
    both = type(both).objects.get(pk=both.pk)
    assert both.has_perm("children.view_child") and both.has_perm("records.add_exportrequest")
    client = freshly_signed_in(signed_in(both))
    assert client.get(REGISTER).status_code == 404
    assert client.get(reverse("records:export", args=["home_comparison"])).status_code == 200
    assert client.get(reverse("records:export", args=["asset_register"])).status_code == 404
    list_of_children = client.get("/admin/children/child/")
    assert list_of_children.status_code == 200 and "/exports/register/" not in list_of_children.content.decode()
    assert "/exports/home_comparison/" in client.get(reverse("evaluations:comparison")).content.decode()
