"""Applications that came to nothing are kept half a year, then only their number, days and reason."""

from django.db import transaction

from records.erasing import wipe
from records.trail import log_act
from volunteers.models import HelperApplication


@transaction.atomic
def forget_old_applications(day):
    """Blank every personal value of applications closed long ago; how many."""
    old = HelperApplication.long_closed(day)
    keys = list(old.values_list("pk", flat=True))
    if not keys:
        return 0
    rows = HelperApplication.objects.filter(pk__in=keys)
    wipe(rows)
    rows.update(forgotten_on=day)
    for application in rows:
        log_act(None, "removed old applications", application)
    return len(keys)
