"""The roster whose every row has a known answer."""

import csv
import datetime
from pathlib import Path

from children.roster.duplicates import KnownChild, KnownChildren, settle_known
from children.roster.parse import Roster
from children.roster.report import COLUMNS, write_verdicts_to

DATA = Path(__file__).parent / "data"
SURVEY_DAY = datetime.date(2026, 9, 10)


def read():
    with (DATA / "A_community_60.xlsx").open("rb") as file:
        return Roster(file, as_of=SURVEY_DAY).read()


def test_every_cell_of_the_report_is_as_the_key_says(tmp_path):
    write_verdicts_to(tmp_path / "report.csv", read(), file_name="A_community_60.xlsx")
    with (DATA / "A_community_60_key.csv").open(encoding="utf-8-sig", newline="") as key:
        want = list(csv.reader(key))
    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as report:
        got = list(csv.reader(report))
    assert tuple(got[0]) == COLUMNS
    assert got == want


def test_importing_it_again_finds_every_child_on_the_register():
    register = KnownChildren(id_key="hash of {}".format)
    for row in read():
        if row.disposition == "accepted":
            values = row.values
            number = values.get("id_number")
            child = KnownChild(f"file {row.row}", values["child_name"], values["birth_date"], bool(number))
            register.add(
                child,
                id_key=f"hash of {number}" if number else "",
                phone_keys=[values.get("guardian_phone", "")],
                fathers=[values.get("father_name", "")],
            )
    rows = read()
    settle_known(rows, register)
    assert sum(row.disposition == "accepted" for row in rows) == 0
    assert sum(row.disposition == "duplicate" for row in rows) == 51
    assert {row.duplicate_of for row in rows if row.row == 6} == {"file 6"}
