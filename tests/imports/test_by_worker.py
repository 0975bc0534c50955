"""From which number of rows a worker reads and takes in, with a bar, while the person goes on."""

import pytest

from children import import_taking, import_undo, imports, jobs
from children.models import ImportBatch
from children.models import imports as import_models
from records.jobs import Job
from tests.imports.factories import SURVEY_DAY, upload, workbook

pytestmark = pytest.mark.django_db


def test_a_roster_is_large_from_a_thousand_rows():
    assert import_models.LARGE == import_taking.LARGE == 1000


@pytest.mark.parametrize(("rows", "by_worker"), [(999, False), (1000, True)])
def test_an_uploaded_roster_is_read_at_once_or_by_the_worker(rows, by_worker, director, signed_in, community):
    """The header is a row like others: what counts is how many the sheet has."""
    lines = [[f"王{chr(0x4E00 + number)}", "男", "2015.3.16"] for number in range(rows - 1)]
    answer = upload(signed_in(director), workbook(*lines, header=["姓名", "性别", "出生年月"]))
    batch = ImportBatch.objects.get()
    assert batch.most_rows == rows
    work = Job.objects.filter(kind=jobs.READ).first()
    assert answer.url == (work if by_worker else batch).get_absolute_url()
    assert (work is not None, batch.counts.get("rows")) == (by_worker, None if by_worker else rows)


@pytest.mark.parametrize(("rows", "by_worker"), [(999, False), (1000, True)])
@pytest.mark.parametrize(
    ("act", "kind", "module", "verb"),
    [
        (import_taking.take_in_now_or_later, jobs.TAKE_IN, imports, "confirm"),
        (import_taking.take_back_now_or_later, jobs.TAKE_BACK, import_undo, "undo"),
    ],
)
def test_a_roster_that_was_read_is_taken_in_or_back_at_once_or_by_the_worker(
    rows, by_worker, act, kind, module, verb, director, community, monkeypatch
):
    done = []
    monkeypatch.setattr(module, verb, lambda batch, by: done.append((batch, by)))
    batch = ImportBatch.objects.create(
        division=community, as_of=SURVEY_DAY, uploaded_by=director, sha256="0" * 64, counts={"rows": rows}
    )
    leads_to = act(batch, by=director)
    if by_worker:
        assert (leads_to, done) == (Job.objects.get(kind=kind).get_absolute_url(), [])
    else:
        assert (leads_to, done) == (batch.get_absolute_url(), [(batch, director)])
        assert not Job.objects.exists()
