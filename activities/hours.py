"""An activity that a helper led or helped at counts as service, by the clock of its sessions."""

from activities.models import HelperAttendance, Session
from volunteers.hours import counts_hours


@counts_hours
def took_part(helpers, first, last):
    """Led by the record, helped by the roll; a session counts once for a helper, whichever of both says so."""
    rows = Session.objects.filter(activity__helper__in=helpers, day__gte=first, day__lte=last).recorded()
    led = rows.values_list("activity__helper", "pk", "day", "starts_at", "ends_at")
    marks = HelperAttendance.objects.present().filter(volunteer__in=helpers, session__cancelled_at=None)
    marks = marks.filter(session__day__gte=first, session__day__lte=last)
    helped = marks.values_list("volunteer", "session", "session__day", "session__starts_at", "session__ends_at")
    for helper, _session, *when in {*led, *helped}:
        yield helper, *when
