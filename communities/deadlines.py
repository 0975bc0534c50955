"""Meetings of the coming days, and what the person promised in meetings."""

from django.utils.translation import gettext as _

from communities.models import Decision, Meeting
from records.deadlines import MOST_OF_A_KIND, Deadline, falls_due


@falls_due
def meetings(user, first, last):
    planned = Meeting.objects.visible_to(user, "change").filter(status=Meeting.Status.PLANNED)
    for meeting in planned.filter(day__range=(first, last)).order_by("day", "pk")[:MOST_OF_A_KIND]:
        yield Deadline(meeting.day, meeting.title, meeting.get_absolute_url(), note=_("meeting"))


@falls_due
def promises(user, first, last):
    """What I said I would do: what is past its day stands here until it is settled."""
    mine = Decision.objects.visible_to(user, "change").open().filter(owner__account=user, due_on__lte=last)
    for decision in mine.order_by("due_on", "pk")[:MOST_OF_A_KIND]:
        yield Deadline(decision.due_on, decision.what, decision.get_absolute_url(), note=_("promised in a meeting"))
