"""An activity that a helper led counts as service, by the clock of its sessions."""

from activities.models import Session
from volunteers.hours import counts_hours


@counts_hours
def led(volunteer):
    rows = Session.objects.filter(activity__helper=volunteer).recorded()
    for day, starts, ends in rows.values_list("day", "starts_at", "ends_at"):
        yield day, (ends.hour - starts.hour) * 60 + ends.minute - starts.minute
