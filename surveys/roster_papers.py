from django.utils.translation import gettext_lazy as _

from records.papers import paper
from surveys.layout import boxes_for, header_rows
from surveys.shown import edition_shown

# What the national form has no box for is in the workbook.
NOT_PRINTED = (
    "category",
    "school",
    "former_name",
    "head_teacher",
    "head_teacher_phone",
    "father_id",
    "father_since",
    "mother_id",
    "mother_since",
)


@paper("roster", model="surveys.Roster", title=_("Roster"), shows_secrets=True, has_choices=True)
def roster(rosters, user, asked):
    """The national form on wide paper: as the roster stands or was frozen, or the edition that is asked for.

    Chinese whoever prints it."""
    return {"sheets": [_sheet(found, edition_shown(found, asked.get("edition")), user) for found in rosters]}


def _sheet(found, edition, user):
    boxes = [box for _place, box in boxes_for(user) if box.field not in NOT_PRINTED]
    lines = edition.as_lines() if edition else found.lines()
    return {
        "roster": found,
        "edition": edition,
        "day": edition.as_of if edition else found.as_of,
        "header": header_rows([("序号",), *(box.words for box in boxes)]),
        "lines": [[line.get(box.field) for box in boxes] for line in lines],
    }
