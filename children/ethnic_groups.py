"""Ethnic groups by GB/T 3304 code, in the reader's language."""

import csv
from functools import cache
from pathlib import Path

from django.utils.translation import get_language


@cache
def _ethnic_groups():
    path = Path(__file__).parent / "data" / "ethnicities.csv"
    with path.open(encoding="utf-8", newline="") as table:
        return [(row["code"], row["name_zh"], row["name_en"]) for row in csv.DictReader(table)]


def ethnic_choices():
    chinese = (get_language() or "").startswith("zh")
    return [("", "—"), *((code, zh if chinese else en) for code, zh, en in _ethnic_groups())]


def ethnic_word(code):
    return dict(ethnic_choices()).get(code, code)
