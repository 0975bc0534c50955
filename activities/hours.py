"""An activity that a helper led counts as service, by the clock of its sessions."""

from activities.models import Session
from volunteers.hours import counts_hours


@counts_hours
def led(helpers, first, last):
    rows = Session.objects.filter(activity__helper__in=helpers, day__gte=first, day__lte=last).recorded()
    yield from rows.values_list("activity__helper", "day", "starts_at", "ends_at")
