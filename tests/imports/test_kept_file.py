"""The uploaded file waits in pieces until its roster is decided."""

import io

import pytest

from children import imports
from children.import_taking import read_now_or_later
from children.models import Child, ImportPart
from records import file_parts
from records.jobs import Job, work_one
from records.lifecycle import Refused
from tests.imports.factories import SURVEY_DAY, read, row, somebody, verdicts, workbook
from tests.roster.test_formats import FORMATS

pytestmark = pytest.mark.django_db


@pytest.fixture
def small_pieces(monkeypatch):
    monkeypatch.setattr(file_parts, "PART_BYTES", 300)


def receive(file, division, by=None):
    return imports.receive(file, division=division, as_of=SURVEY_DAY, name="a", by=by)


@pytest.mark.parametrize("form", FORMATS)
def test_read_out_of_its_pieces_a_roster_is_the_same(form, community, small_pieces):
    content = FORMATS[form]
    batch = receive(io.BytesIO(content), community)
    assert batch.parts.count() == -(-len(content) // 300) > 1
    imports.read(batch, by=None)
    assert [verdict[0] for verdict in verdicts(batch)] == ["accepted"] * 3 + ["rejected", "duplicate"]
    assert batch.most_rows == batch.rows.count() == 8
    imports.confirm(batch, by=None)
    assert Child.objects.count() == 3 and not ImportPart.objects.exists()


def test_a_file_is_read_again_as_often_as_its_columns_are_said_anew(community, small_pieces):
    batch = read(community, row())
    before = verdicts(batch)
    imports.read(batch, by=None)
    assert verdicts(batch) == before == [("accepted",)]


def swapped(parts):
    first, second = parts.order_by("position")[:2]
    first.content, second.content = second.content, first.content
    first.save()
    second.save()


BROKEN = {
    "a piece missing": lambda parts: parts.filter(position=1).delete(),
    "the end missing": lambda parts: parts.order_by("position").last().delete(),
    "a piece altered": lambda parts: parts.filter(position=2).update(content=b"PK"),
    "two in each other's place": swapped,
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_file_that_is_not_whole_is_refused_in_words(case, community, small_pieces):
    batch = receive(workbook(row()), community)
    BROKEN[case](batch.parts)
    with pytest.raises(Refused) as refused:
        imports.read(batch, by=None)
    assert refused.value.message == "The file was altered or is no longer complete. Please upload it again."
    batch.refresh_from_db()
    assert batch.status == "waiting" and not batch.rows.exists()
    imports.discard(batch, by=None)
    assert not ImportPart.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_worker_says_so_as_well(community, director, small_pieces, monkeypatch):
    monkeypatch.setattr("children.import_taking.LARGE", 10)
    batch = receive(workbook(*map(somebody, range(12))), community, by=director)
    assert "/jobs/" in read_now_or_later(batch, by=director)
    batch.parts.filter(position=0).delete()
    assert work_one()
    work = Job.objects.get()
    assert (work.status, work.message) == (
        "failed",
        "The file was altered or is no longer complete. Please upload it again.",
    )


def test_a_file_that_is_gone_is_said_to_be(community):
    batch = read(community, row())
    batch.parts.all().delete()
    with pytest.raises(Refused, match="no longer here"):
        imports.read(batch, by=None)
