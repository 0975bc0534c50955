"""When repairs of the Homes are due."""

from django.utils.translation import gettext as _

from homes.models import Repair
from records.deadlines import MOST_OF_A_KIND, Deadline, falls_due


@falls_due
def repairs(user, first, last):
    due = Repair.objects.visible_to(user, "change").filter(
        status=Repair.Status.OPEN, due_on__range=(first, last), home__closed_on=None
    )
    for repair in due.order_by("due_on", "pk")[:MOST_OF_A_KIND]:
        yield Deadline(repair.due_on, repair.what, repair.get_absolute_url(), note=_("repair of the Home"))
