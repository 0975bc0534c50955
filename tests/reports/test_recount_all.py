"""No figure stands in a report, or beside it, without a plain recount."""

import importlib
from pathlib import Path

from records import measures
from records.measures import AHEAD, GAP
from reports import layout
from tests.reports.recounting import TABLE

HOW = (
    "write a recount in tests/reports/test_recount_*.py: a loop over all rows, from the words of the definition, "
    "registered with `recounts`, its key in the KEYS of that file, over a random population that holds rows of every "
    "state"
)


def modules():
    names = sorted(path.stem for path in Path(__file__).parent.glob("test_recount_*.py"))
    return [importlib.import_module(f"tests.reports.{name}") for name in names]


def test_every_figure_has_a_recount():
    modules()
    figures = [one.key for one in measures.all_measures() if one.kind not in (GAP, AHEAD)]
    in_the_table = [one.key for _title, lines in layout.sections() for one in lines]
    missing = [key for key in dict.fromkeys(in_the_table + figures) if key not in TABLE]
    assert missing == [], f"{missing}: {HOW}."


def test_every_recount_is_compared():
    lists = [keys for one in modules() for name, keys in vars(one).items() if name.startswith("KEYS")]
    compared = [key for keys in lists for key in keys]
    assert sorted(compared) == sorted(TABLE), f"Each key stands once in the KEYS of its file; {HOW}."
