from django.utils.translation import gettext_lazy as _

from records.papers import paper
from surveys.layout import PLACE, boxes_for

# The place stands above the table; what the form has no box for is in the workbook.
NOT_PRINTED = (
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
    """The boxes of the national form, as the roster stands or as it was frozen, on wide paper."""
    return {"sheets": [_sheet(found, user) for found in rosters]}


def _sheet(found, user):
    boxes = [box for _place, box in boxes_for(user) if box.field not in (*PLACE, *NOT_PRINTED)]
    return {
        "roster": found,
        "day": found.as_of,
        "headers": [(box.words[-1], " · ".join(box.words[:-1])) for box in boxes],
        "lines": [[line.get(box.field) for box in boxes] for line in found.lines()],
    }
