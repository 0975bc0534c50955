"""Two people at once, and a machine that stops in the middle, on real PostgreSQL."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from children import imports
from children.models import Adult, Away, Child, FileNumber, Household, ImportBatch, ImportRow, Kinship
from records.lifecycle import Refused
from tests.imports.factories import KNOWN, SURVEY_DAY, read, row, somebody
from tests.records.threads import at_once
from tests.roster.workbooks import resident_id

pytestmark = pytest.mark.django_db(transaction=True)
TOP = Path(__file__).parent.parent.parent
WRITTEN = (Child, Household, Adult, Kinship, Away, FileNumber)
DIE = """
import os, signal
import django
django.setup()
from children import imports
from children.importing import writing
from children.models import ImportBatch
imports.AT_A_TIME = 7
written = 0
copy_in, point = writing.copy_in, imports._point_to_children
def dying(act):
    def acting(*args):
        global written
        written += 1
        if written == {after}:
            os.kill(os.getpid(), signal.SIGKILL)
        return act(*args)
    return acting
writing.copy_in, imports._point_to_children = dying(copy_in), dying(point)
imports.confirm(ImportBatch.objects.get(pk={batch}), by=None)
"""


def confirming(batch, by):
    def act():
        try:
            imports.confirm(ImportBatch.objects.get(pk=batch.pk), by=by)
        except Refused:
            return "refused"
        return "confirmed"

    return act


def test_two_people_confirm_one_roster_at_once(community, director, supervisor):
    batch = read(community, *map(somebody, range(40)), by=director)
    results = at_once(confirming(batch, director), confirming(batch, supervisor))
    assert sorted(results) == ["confirmed", "refused"]
    assert Child.objects.count() == Household.objects.count() == 40


def test_two_rosters_with_the_same_children_at_once(community, director):
    sister = row(姓名="陈小雪", 身份证号码=resident_id("20160420", 998))
    first, second = read(community, row(), sister), read(community, sister, somebody(1), row())
    assert at_once(confirming(first, director), confirming(second, director)) == ["confirmed", "confirmed"]
    assert sorted(Child.objects.values_list("name", flat=True)) == sorted(["陈小雨", "陈小雪", somebody(1)[0]])
    assert Household.objects.count() == 2
    numbers = Child.objects.order_by("number").values_list("number", flat=True)
    assert [number[-4:] for number in numbers] == ["0001", "0002", "0003"]


def test_confirming_and_discarding_at_once_is_one_of_them(community, director):
    batch = read(community, row())

    def discarding():
        try:
            imports.discard(ImportBatch.objects.get(pk=batch.pk), by=director)
        except Refused:
            return "refused"
        return "discarded"

    assert "refused" in at_once(confirming(batch, director), discarding)
    batch.refresh_from_db()
    assert Child.objects.count() == (batch.status == "confirmed")


@pytest.mark.parametrize("after", [1, 4, 6, 14, 27, 42, 43])
def test_killed_in_the_middle_leaves_nothing_and_the_next_try_is_exact(community, after):
    with KNOWN.open("rb") as file:
        batch = imports.read_roster(file, division=community, as_of=SURVEY_DAY, name=KNOWN.name, by=None)
    killed = subprocess.run(
        [sys.executable, "-c", DIE.format(after=after, batch=batch.pk)], cwd=TOP, env=_same_database(), check=False,
        capture_output=True, text=True,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    batch.refresh_from_db()
    assert batch.is_open
    assert [model.objects.count() for model in WRITTEN] == [0] * len(WRITTEN)
    _confirm_once_the_death_is_noticed(batch)
    assert [model.objects.count() for model in WRITTEN] == [48, 43, 120, 135, 77, 1]
    assert FileNumber.objects.get().last == 48
    assert ImportRow.objects.filter(child=None, disposition__in=["accepted", "duplicate"]).count() == 0


def _confirm_once_the_death_is_noticed(batch):
    """The server lets go of a dead client's locks when it sees the broken line, not in the same instant."""
    deadline = time.monotonic() + 20
    while True:
        try:
            return imports.confirm(batch, by=None)
        except Refused:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _same_database():
    """The environment of a process that works on the tests' own database."""
    server = urlsplit(os.environ["DATABASE_URL"])
    address = urlunsplit(server._replace(path=f"/{connection.settings_dict['NAME']}"))
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {**keep, "DATABASE_URL": address, "DEMO": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}
