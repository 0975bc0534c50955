"""The signed sheet is entered afterwards, all lines in one act."""

from django.db import transaction

from activities.models import Attendance, CarerAttendance
from records.trail import log_act

Mark, How = Attendance.Mark, CarerAttendance.How


@transaction.atomic
def enter_sheet(session, *, children, adults, guests, by):
    """Write the lines that somebody changed, {child: mark} and {adult: how}, and the number of guests.

    A line that was not touched says nothing: what a colleague tapped on the phone meanwhile stays.
    """
    session.must_be_held()
    for child, mark in children.items():
        session.mark(child, mark, by=by)
    for adult, how in adults.items():
        session.note_carer(adult, how, by=by)
    if guests is not None and guests != session.others_present:
        session.others_present = guests
        session.save(update_fields=["others_present"])
        log_act(by, "counted the guests", session, fields=["others_present"])
        session.begin_activity(by)


def changed_lines(data, name, rows, choices, unmarked):
    """{row: what was chosen} of the lines whose choice is no longer the one the page was drawn with."""
    found = {}
    for row in rows:
        chosen = data.get(f"{name}-{row.pk}") or unmarked
        if chosen in choices and chosen != (data.get(f"seen-{name}-{row.pk}") or unmarked):
            found[row] = chosen
    return found
