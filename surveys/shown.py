"""A roster's lines as people read them on the page: beside each the remark on it, and what was changed since."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator

from records.policy import NotVisible
from records.text import clean_key
from surveys.difference import changes, in_a_list
from surveys.layout import boxes_for
from surveys.models import Roster

PER_PAGE = 50
IN_THE_TABLE = ("gender", "birth_date", "category", "school", "grade", "guardian_name")


@dataclass
class ShownLine:
    number: int
    line: Any
    cells: list
    details: list
    key: int | None = None  # of the frozen line, which a remark is written beside
    remark: str = ""  # on this very line
    earlier_remark: str = ""  # on the edition before
    changed: tuple = ()  # since the edition before

    @property
    def name(self):
        return self.line.get("child_name")


@dataclass
class Before:
    """The edition that came before what is shown: its lines by child."""

    lines: dict

    @classmethod
    def of(cls, edition):
        return cls({kept.child_id: kept for kept in edition.lines.all()} if edition else {})

    def remark_on(self, child_id):
        kept = self.lines.get(child_id)
        return kept.remark if kept else ""

    def changes_of(self, line, user):
        kept = self.lines.get(line.child_id)
        return changes(kept.as_line(), line, user) if kept else ()

    def gone(self, lines):
        """Lines with a remark whose child does not stand on the roster any more."""
        still = {line.child_id for line in lines}
        return [kept for key, kept in self.lines.items() if kept.remark and key not in still]


def edition_shown(found, named):
    """The edition of a roster that an address names by its number. Where it names none (None): the one that stands,
    and None while the roster is open."""
    if named is None:
        return None if found.is_open else found.last_edition()
    number = clean_key(named)
    kept = found.editions.filter(number=number).select_related("submitted_by", "decided_by").first() if number else None
    if kept is None:
        raise NotVisible(Roster, None)
    return kept


def page_of(lines, number):
    return Paginator(lines, PER_PAGE).get_page(number)


def shown(page, user, *, before, kept=None, typed=None):
    """The page's lines. `kept`: frozen lines by child, where the roster is frozen; their remarks stand with them.

    `typed`: remarks by child that were sent and not kept; they stand in place of those on file."""
    first, kept, typed = page.start_index(), kept or {}, typed or {}
    lines = [_shown(first + n, line, user, before, kept.get(line.child_id)) for n, line in enumerate(page)]
    for one in lines:
        one.remark = typed.get(one.line.child_id, one.remark)
    return lines


def _shown(number, line, user, before, kept):
    boxes = boxes_for(user, line.layout)
    said = {box.field: line.texts[place] for place, box in boxes}
    details = [
        (box.label, in_a_list(box, said[box.field]))
        for _place, box in boxes
        if said[box.field] and box.field not in ("town", "village", "child_name", *IN_THE_TABLE)
    ]
    return ShownLine(
        number,
        line,
        [said.get(field, "") for field in IN_THE_TABLE],
        details,
        kept.pk if kept else None,
        kept.remark if kept else "",
        before.remark_on(line.child_id),
        before.changes_of(line, user) if before.remark_on(line.child_id) else (),
    )
