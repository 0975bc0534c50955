from django.utils.translation import gettext_lazy as _

from records.papers import paper
from surveys.layout import boxes_for, header_rows

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


@paper("roster", model="surveys.Roster", title=_("Roster"), shows_secrets=True)
def roster(rosters, user):
    """The national form on wide paper, as the roster stands or as it was frozen; Chinese whoever prints it."""
    return {"sheets": [_sheet(found, user) for found in rosters]}


def _sheet(found, user):
    boxes = [box for _place, box in boxes_for(user) if box.field not in NOT_PRINTED]
    edition = None if found.is_open else found.last_edition()
    lines = edition.as_lines() if edition else found.lines()
    return {
        "roster": found,
        "edition": edition,
        "day": edition.as_of if edition else found.as_of,
        "header": header_rows([("序号",), *(box.words for box in boxes)]),
        "lines": [[line.get(box.field) for box in boxes] for line in lines],
    }
