"""A roster's rows as people read them: grouped by verdict, a page at a time, reasons in words."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from children.grades import grade_word
from children.importing.stored import as_roster_row
from children.models import Child
from children.register import ID_NUMBER
from children.roster.words import DISPOSITIONS, KINDS, explain
from communities.models import Division
from records.secrets import masked

PER_PAGE = 30
TABS = {
    "rejected": (_("To be corrected"), {"disposition": "rejected"}),
    "accepted": (_("Good"), {"disposition": "accepted"}),
    "noted": (_("Good, with a remark"), {"disposition": "accepted", "warnings__len__gt": 0}),
    "duplicate": (_("Already named"), {"disposition": "duplicate"}),
    "ignored": (_("Not about a child"), {"disposition": "ignored"}),
    "all": (_("All rows"), {}),
}
TONES = {"accepted": "done", "rejected": "todo", "duplicate": "info", "ignored": "neutral"}


@dataclass
class Tab:
    key: str
    title: Any
    count: int
    is_current: bool
    rows: dict

    @property
    def is_mixed(self):
        """Rows of several verdicts, or of kinds, stand here together."""
        return self.key in ("all", "ignored")


def tabs_of(batch, asked):
    counts = {**batch.counts, "all": batch.counts.get("rows", 0)}
    first = next((key for key in TABS if counts.get(key)), "all")
    current = asked if asked in TABS else first
    return [Tab(key, title, counts.get(key, 0), key == current, rows) for key, (title, rows) in TABS.items()]


@dataclass
class ShownRow:
    """One row on the page. `number` is the row's own number in its sheet."""

    sheet: str
    number: int
    name: str
    id_masked: str
    born: str
    facts: list
    disposition: str
    tone: str
    verdict: Any
    sentences: list
    community: Any = ""
    file: Any = None


def page_of(batch, tab, number):
    rows = batch.rows.of_children_here().filter(**tab.rows).order_by("position")
    return Paginator(rows, PER_PAGE).get_page(number)


def shown(page, user):
    """The page's rows in words. A file is named only where the person may open it."""
    kept = list(page.object_list)
    rows = [as_roster_row(row) for row in kept]
    places = _communities({row.community for row in rows if row.community})
    files = _files(kept, user)
    return [
        _shown(mine, row, places.get(row.community, ""), files.get(mine.child_id) or files.get(mine.duplicate_of))
        for mine, row in zip(kept, rows, strict=True)
    ]


def _communities(codes):
    return Division.objects.in_bulk(codes) if len(codes) > 1 else {}


def _files(kept, user):
    """The children these rows became, or are said to be already, by key and by file number."""
    numbers = {row.duplicate_of for row in kept if row.duplicate_of and "!" not in row.duplicate_of}
    keys = {row.child_id for row in kept if row.child_id}
    if not (numbers or keys):
        return {}
    found = Child.objects.visible_to(user).filter(Q(pk__in=keys) | Q(number__in=numbers))
    files = {}
    for child in found.only("pk", "number", "left_on"):
        files[child.pk] = files[child.number] = child
    return files


def _shown(mine, row, place, file):
    get = row.values.get
    schooling = " ".join(str(word) for word in (get("school"), grade_word(get("grade", ""))) if word)
    guardian = get("guardian_name") or get("mother_name") or get("father_name") or ""
    return ShownRow(
        row.sheet,
        row.row,
        get("child_name", ""),
        masked(get("id_number", "")[-4:] if ID_NUMBER.match(get("id_number", "")) else ""),
        get("birth_date", ""),
        [fact for fact in (schooling, guardian) if fact],
        row.disposition,
        TONES[row.disposition],
        KINDS.get(row.reasons[0], "")
        if row.disposition == "ignored" and row.reasons
        else DISPOSITIONS[row.disposition],
        explain(row),
        place,
        file,
    )
