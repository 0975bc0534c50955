"""The import as people meet it: who may, what they see, what they are told."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from children import imports
from children.models import Child, ImportBatch
from children.roster.parse import Roster
from records.models import TrailEntry
from tests.children.pages import words
from tests.conftest import freshly_signed_in
from tests.imports.factories import KNOWN, SURVEY_DAY, confirm, read, row, somebody, upload, workbook
from tests.roster.workbooks import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_work(director, signed_in):
    return signed_in(director)


def test_a_roster_is_uploaded_checked_and_taken_in(at_work, community):
    answer = upload(at_work, KNOWN.read_bytes())
    batch = ImportBatch.objects.get()
    assert answer.url == batch.get_absolute_url()
    page = at_work.get(answer.url)
    assert page["Cache-Control"] and "no-store" in page["Cache-Control"]
    said = words(page)
    assert "48 good rows become files on the register." in said and "9 rows stay out" in said
    assert "The last character of the ID number does not fit the others" in said
    assert not Child.objects.exists()
    assert confirm(at_work, batch).url == batch.get_absolute_url()
    assert Child.objects.count() == 48
    said = words(at_work.get(batch.get_absolute_url()))
    assert "48 children were registered." in said and "They live in 43 new households." in said
    assert set(TrailEntry.objects.about(batch).values_list("verb", flat=True)) == {"uploaded", "read", "confirmed"}


def test_a_double_click_takes_in_once_and_says_so(at_work, community):
    batch = read(community, row(), by=None)
    assert confirm(at_work, batch).status_code == confirm(at_work, batch).status_code == 302
    assert Child.objects.count() == 1
    assert "already been sent" in at_work.get("/children/import/").content.decode()


def test_rows_are_explained_and_lead_to_files(at_work, community):
    imports.confirm(read(community, row()), by=None)
    child = Child.objects.get()
    batch = read(community, row(), somebody(1, 民族="火星"), row(姓名="陈小雪"))
    said = words(at_work.get(f"{batch.get_absolute_url()}?show=duplicate"))
    assert f"Same ID number and name as file {child.number}." in said
    page = at_work.get(f"{batch.get_absolute_url()}?show=duplicate").content.decode()
    assert f'href="/children/{child.pk}/"' in page and child.id_number not in page
    assert "already belongs to a child with another name" in words(at_work.get(batch.get_absolute_url()))


@pytest.mark.parametrize(
    "show", ["", "accepted", "noted", "duplicate", "ignored", "rejected", "all", "x'\x00", "9" * 99]
)
def test_a_page_costs_the_same_whatever_it_shows(at_work, community, street, show, django_assert_max_num_queries):
    imports.confirm(read(community, *map(somebody, range(3))), by=None)
    batch = read(community, *map(somebody, range(70)), *[row(姓名=f"甲{n}", 身份证号码="1") for n in "一二三四五六"])
    for page in ("1", "2", "zz", "99999999999999999999"):
        with django_assert_max_num_queries(22):
            answer = at_work.get(batch.get_absolute_url(), {"show": show.replace("\x00", ""), "page": page})
        assert answer.status_code == 200


def test_queries_do_not_grow_with_rows(at_work, community):
    counts = []
    at_work.get("/children/import/")
    for number in (1, 3, 30):
        batch = read(community, *[somebody(100 * number + n) for n in range(number)])
        imports.confirm(batch, by=None)
        with CaptureQueriesContext(connection) as asked:
            at_work.get(f"{batch.get_absolute_url()}?show=accepted")
        counts.append(len(asked))
    assert len(set(counts)) == 1, counts


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "damaged"),
        (b"PK\x03\x04rubbish", "damaged"),
        (b"%PDF-1.4", "not a spreadsheet"),
    ],
)
def test_a_file_is_refused_in_words(at_work, community, content, said):
    answer = upload(at_work, content)
    assert answer.status_code == 200 and said in words(answer)
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize("as_of", ["2999-01-01", "0000-00-00", "99999", "", "1900-01-01"])
def test_a_survey_day_that_cannot_be_is_a_form_error(at_work, community, as_of):
    assert upload(at_work, workbook(row()), as_of=as_of).status_code == 200
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize("code", ["150902", "150902001", "150902002001", "x", "'", ""])
def test_nobody_uploads_for_a_division_of_somebody_else(at_work, community, far_community, code):
    upload(at_work, workbook(row()), division=code)
    assert {batch.division_id for batch in ImportBatch.objects.all()} <= {community.pk}


def test_a_street_officer_chooses_and_its_workers_do_not_see(
    supervisor, signed_in, at_work, street, community, far_community
):
    client = signed_in(supervisor)
    assert upload(client, workbook(row()), division=far_community.pk).status_code == 200
    answer = upload(client, workbook(row()), division=street.pk)
    assert answer.status_code == 302 and client.get(answer.url).status_code == 200
    assert at_work.get(answer.url).status_code == 404
    assert answer.url not in at_work.get("/children/import/").content.decode()
    mine = read(community, row())
    assert client.get(mine.get_absolute_url()).status_code == 200


def test_a_strangers_roster_is_like_none(stranger, signed_in, community):
    batch, client = read(community, row()), signed_in(stranger)
    freshly_signed_in(client)
    for path in ("", "to-correct.xlsx", "verdicts.csv"):
        there, nowhere = (client.get(f"/children/import/{pk}/{path}") for pk in (batch.pk, batch.pk + 1000))
        assert there.status_code == nowhere.status_code == 404 and there.content == nowhere.content
    for act in ("confirm", "discard"):
        there, nowhere = (client.post(f"/children/import/{pk}/{act}/") for pk in (batch.pk, batch.pk + 1000))
        assert there.status_code == nowhere.status_code == 404 and there.content == nowhere.content
    batch.refresh_from_db()
    assert batch.is_open


@pytest.mark.parametrize("role", ["federation", "counsellor", "administrator"])
def test_who_has_no_business_here_finds_nothing(role, request, signed_in, community):
    batch, client = read(community, row()), signed_in(request.getfixturevalue(role))
    assert client.get("/children/import/").status_code == 404
    assert client.get(batch.get_absolute_url()).status_code == 404
    assert client.post(f"{batch.get_absolute_url()}confirm/").status_code == 404


def test_a_volunteer_finds_nothing(make_user, signed_in, community):
    client = signed_in(make_user("volunteer", community))
    assert client.get("/children/import/").status_code == 404


def test_acts_are_posts(at_work, community):
    batch = read(community, row())
    for act in ("confirm", "discard"):
        assert at_work.get(f"{batch.get_absolute_url()}{act}/").status_code == 405
    batch.refresh_from_db()
    assert batch.is_open


def test_the_bad_rows_come_back_with_reasons_and_can_be_uploaded_again(at_work, community):
    batch = read(community, row(), row(姓名="王错", 身份证号码="150902", 备注="=1+1"))
    assert "reauthenticate" in at_work.get(f"{batch.get_absolute_url()}to-correct.xlsx").url
    answer = freshly_signed_in(at_work).get(f"{batch.get_absolute_url()}to-correct.xlsx")
    content = b"".join(answer.streaming_content)
    again = Roster(io.BytesIO(content), as_of=SURVEY_DAY)
    bad = [one for one in again.read() if one.disposition != "ignored"]
    assert [one.reasons for one in bad] == [["ID_LENGTH"]]
    assert "does not have 18 characters" in bad[0].cells[-2]
    assert TrailEntry.objects.about(batch).filter(verb="exported the rows to correct").get().keys == {"rows": 1}


def test_the_verdicts_are_a_table_without_formulas(at_work, community):
    batch = read(community, row(备注="=HYPERLINK(1)"), somebody(1, 家庭住址="@x"))
    answer = freshly_signed_in(at_work).get(f"{batch.get_absolute_url()}verdicts.csv")
    lines = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert len(lines) == 4
    assert not any(cell.startswith(("=H", "@", "+", "-")) for line in lines for cell in line)


def test_a_discarded_roster_shows_counts_only(at_work, community):
    batch = read(community, row())
    assert at_work.post(f"{batch.get_absolute_url()}discard/").status_code == 302
    page = at_work.get(batch.get_absolute_url()).content.decode()
    assert "陈小雨" not in page
    assert freshly_signed_in(at_work).get(f"{batch.get_absolute_url()}verdicts.csv").status_code == 404


def test_unknown_headers_are_named(at_work, community):
    table = [["姓名", "性别", "出生年月", "家里有几头羊"], ["王一", "男", "2015.3.16", "7"]]
    target = build(("甲", table))
    target.name = "a.xlsx"
    said = words(at_work.get(upload(at_work, target).url))
    assert "some headers are unknown" in said and "家里有几头羊" in said


def test_the_same_file_again_is_pointed_out(at_work, community):
    content = KNOWN.read_bytes()
    confirm(at_work, ImportBatch.objects.get(pk=int(upload(at_work, content).url.split("/")[-2])))
    said = words(at_work.get(upload(at_work, content).url))
    assert "You have taken in this very file before" in said and "No new child is in this roster" in said
