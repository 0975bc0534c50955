"""What the parent school adds up to."""

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.parent_school import came_to_school, without_school
from children.models import Adult
from records.measures import FIGURE, GAP, IN_PERIOD, measure


def _coverage():
    return reverse("activities:parent_school")


@measure(
    _("Parents and caregivers reached by the parent school"),
    definition=_(
        "Parents and caregivers noted at one session at least of the parent school in the period, in the room or from "
        "afar. Everyone counts once."
    ),
    kind=FIGURE,
    page=_coverage,
    when=IN_PERIOD,
)
def carers_reached(scope, period):
    rows = came_to_school(until=min(period.end, timezone.localdate())).filter(session__day__gte=period.start)
    return Adult.objects.within(scope).filter(Exists(rows.filter(adult=OuterRef("pk"))))


@measure(
    _("Families not at the parent school for a year"),
    definition=_(
        "Families with a child on the register at the end of the period of which nobody was noted at a session of the "
        "parent school in the 365 days up to that day."
    ),
    kind=GAP,
    act=_("Invite them"),
    page=_coverage,
    needs="activities.change_session",
    urgency=3,
)
def families_without_parent_school(scope, period):
    return without_school(scope, period.end)
