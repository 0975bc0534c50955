"""Long work: seen by who asked, done once, resumed after a death, and ended in words."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from children import imports, jobs
from children.import_taking import read_now_or_later, take_in_now_or_later
from children.models import Child, ImportBatch
from children.models import imports as import_models
from records.jobs import Job, JobProgress, ask, work_one
from records.lifecycle import Refused
from tests.children.pages import words
from tests.imports.factories import SURVEY_DAY, confirm, read, somebody, upload, workbook
from tests.imports.test_races_and_faults import _same_database
from tests.records.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)
TOP = Path(__file__).parent.parent.parent
DIE = """
import os, signal
import django
django.setup()
from children import imports
from records import jobs
imports.AT_A_TIME = 4
class Dying(jobs.Progress):
    def __call__(self, done, of):
        self._written = 0
        super().__call__(done, of)
        if done >= 8:
            os.kill(os.getpid(), signal.SIGKILL)
jobs.Progress = Dying
jobs.work_one()
"""


@pytest.fixture(autouse=True)
def large(monkeypatch):
    monkeypatch.setattr(import_models, "LARGE", 10)
    monkeypatch.setattr("children.import_taking.LARGE", 10)


def test_a_large_roster_is_read_and_taken_in_by_the_worker(director, signed_in, community):
    client = signed_in(director)
    answer = upload(client, workbook(*map(somebody, range(20))))
    work = Job.objects.get()
    assert answer.url == work.get_absolute_url()
    assert "Waiting for its turn" in words(client.get(answer.url))
    assert "This roster is being worked on" in words(client.get(ImportBatch.objects.get().get_absolute_url()))
    call_command("run_jobs", "--once")
    batch = ImportBatch.objects.get()
    assert client.get(answer.url).url == batch.get_absolute_url() and batch.counts["accepted"] == 20
    assert client.get(answer.url, headers={"hx-request": "true"})["HX-Redirect"] == batch.get_absolute_url()
    leads_to = confirm(client, batch).url
    assert Child.objects.count() == 0 and Job.objects.filter(status="waiting").count() == 1
    call_command("run_jobs", "--once")
    assert Child.objects.count() == 20 and client.get(leads_to).url == batch.get_absolute_url()
    assert JobProgress.objects.get(job__kind=jobs.TAKE_IN).percent == 100


def test_a_job_is_seen_by_who_asked_alone(director, supervisor, signed_in, community):
    work = ask(jobs.READ, 1, by=director, leads_to="/")
    assert signed_in(director).get(work.get_absolute_url()).status_code == 200
    there, nowhere = (signed_in(supervisor).get(f"/jobs/{pk}/") for pk in (work.pk, work.pk + 1000))
    assert there.status_code == nowhere.status_code == 404 and there.content == nowhere.content
    assert ask(jobs.READ, 1, by=director, leads_to="/") == work
    with pytest.raises(Refused, match="Somebody else"):
        ask(jobs.READ, 1, by=supervisor, leads_to="/")


def test_a_refusal_ends_in_words_and_changes_nothing(director, stranger, signed_in, community):
    batch = read(community, *map(somebody, range(12)))
    work = ask(jobs.TAKE_IN, batch.pk, by=stranger, leads_to="/")
    assert work_one() and not work_one()
    said = words(signed_in(stranger).get(work.get_absolute_url()))
    assert "no longer yours to work on" in said and "Nothing was changed" in said
    assert not Child.objects.exists()


def test_a_fault_is_not_shown_and_not_tried_again(director, community, monkeypatch):
    batch = read(community, *map(somebody, range(12)))
    monkeypatch.setattr(imports, "confirm", lambda *_args, **_more: 1 / 0)
    work = ask(jobs.TAKE_IN, batch.pk, by=director, leads_to="/")
    assert work_one() and not work_one()
    work.refresh_from_db()
    assert work.status == "failed" and "division" not in work.message


def test_two_workers_do_it_once(director, community):
    batch = read(community, *map(somebody, range(30)))
    take_in_now_or_later(batch, by=director)
    assert sorted(at_once(work_one, work_one)) == [False, True]
    assert Child.objects.count() == 30


def test_a_worker_that_is_killed_leaves_nothing_and_another_begins_anew(director, community):
    batch = read(community, *map(somebody, range(20)))
    ask(jobs.TAKE_IN, batch.pk, by=director, leads_to=batch.get_absolute_url())
    killed = subprocess.run(
        [sys.executable, "-c", DIE], cwd=TOP, env=_same_database(), check=False, capture_output=True, text=True
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    progress = JobProgress.objects.get()
    assert (progress.done, progress.of, progress.tries) == (8, 20, 1)  # seen though nothing of the work is
    assert not Child.objects.exists()
    deadline = time.monotonic() + 20
    while not work_one() and time.monotonic() < deadline:
        time.sleep(0.1)  # until the server has noticed the death
    assert Child.objects.count() == 20 and Job.objects.get().status == "done"


def test_a_job_that_kills_its_workers_is_given_up(director, community):
    work = ask(jobs.READ, 1, by=director, leads_to="/")
    JobProgress.objects.update(tries=3)
    assert work_one()
    work.refresh_from_db()
    assert work.status == "failed" and "begun several times" in work.message


def test_the_worker_ends_when_it_is_asked_to(community):
    command = [sys.executable, "manage.py", "run_jobs"]
    with subprocess.Popen(command, cwd=TOP, env=_same_database(), stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout.readline() == "Waiting for work.\n"
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(60) == 0


def test_columns_said_of_a_large_roster_are_read_by_the_worker(director, community):
    batch = imports.receive(
        workbook(*map(somebody, range(20))), division=community, as_of=SURVEY_DAY, name="a.xlsx", by=director
    )
    assert "/jobs/" in read_now_or_later(batch, by=director)
    assert work_one() and connection.in_atomic_block is False
    batch.refresh_from_db()
    assert batch.is_open
