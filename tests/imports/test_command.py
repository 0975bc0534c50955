import csv
import datetime as dt
import io

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from children.models import Adult, Child, Household, ImportBatch
from tests.imports.factories import KNOWN, read, row

pytestmark = pytest.mark.django_db
KEY = KNOWN.with_name("A_community_60_key.csv")


def run(*options, file=KNOWN, division="150902001001"):
    said = io.StringIO()
    call_command("import_roster", str(file), "--division", division, "--as-of", "2026-09-10", *options, stdout=said)
    return said.getvalue()


def table(path):
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.reader(handle))


def test_the_report_is_the_key_dry_and_real_and_twice_adds_nothing(community, tmp_path):
    report = tmp_path / "report.csv"
    assert "nothing was taken in" in run("--dry-run", "--report", str(report))
    assert table(report) == table(KEY)
    assert not ImportBatch.objects.exists() and not Child.objects.exists()
    assert "Added 48 children" in run("--report", str(report))
    assert table(report) == table(KEY)
    before = (Child.objects.count(), Adult.objects.count(), Household.objects.count())
    assert "Added 0 children, completed 0 files." in run()
    assert (Child.objects.count(), Adult.objects.count(), Household.objects.count()) == before


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"division": "999"}, "no division"),
        ({"file": "/nowhere.xlsx"}, "No such file"),
        ({"file": __file__}, None),
    ],
)
def test_mistakes_are_said_in_words(community, options, words):
    if words:
        with pytest.raises(CommandError, match=words):
            run(**options)
    else:
        assert "accepted: 0" in run(**options)
    assert not Child.objects.exists()


def test_forgotten_rosters_are_wiped_by_a_command(community):
    with time_machine.travel(timezone.now() - dt.timedelta(days=31)):
        forgotten = read(community, row())
    kept = read(community, row())
    said = io.StringIO()
    call_command("wipe_forgotten_imports", stdout=said)
    assert said.getvalue() == "Discarded 1 rosters.\n"
    forgotten.refresh_from_db()
    kept.refresh_from_db()
    assert (forgotten.status, kept.status) == ("discarded", "previewed")
