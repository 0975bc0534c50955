from django.utils.translation import gettext_lazy as _

from communities.meeting_views import agenda_of
from communities.models import Decision, Meeting
from records.papers import Both, paper


@paper("meeting", model="communities.Meeting", title=_("Meeting"))
def meeting(rows, user):
    """Before the meeting its agenda, afterwards its minutes with who came and what was decided."""
    found = Meeting.objects.filter(pk__in=[row.pk for row in rows]).select_related("community")
    sheets = []
    for one in found:
        there = list(one.came.defer("phone").order_by("position", "pk"))
        keys = {member.pk for member in there}
        drawn = agenda_of(one, user)
        sheets.append(
            {
                **drawn,
                "meeting": one,
                "kind": Both(Meeting.Kind(one.kind).label),
                "came": there,
                "absent": [member for member in one.group().defer("phone") if member.pk not in keys],
                "promised": [
                    (decision, Both(Decision.Status(decision.status).label)) for decision in drawn["promised"]
                ],
                "lines": [(Both(line.measure.label), line) for line in drawn["course"]["worse"]],
                "decisions": one.decisions.select_related("owner").defer("owner__phone"),
            }
        )
    return {
        "sheets": sheets,
        "words": {name: Both(text) for name, text in WORDS.items()},
        "back_url": rows[0].get_absolute_url(),
    }


WORDS = {
    "agenda": _("Agenda of the meeting"),
    "minutes": _("Minutes of the meeting"),
    "kind": _("Kind"),
    "day": _("Day"),
    "venue": _("Venue"),
    "community": _("Community"),
    "promised": _("What was promised"),
    "worse": _("What grew worse since the last meeting"),
    "points": _("Points of our own"),
    "came": _("Members who came"),
    "absent": _("Absent"),
    "guests": _("Guests"),
    "record": _("Record of the meeting"),
    "decisions": _("Decisions"),
    "what": _("What was decided"),
    "owner": _("Who does it"),
    "by": _("To be done by"),
    "status": _("Status"),
    "outcome": _("What came of it"),
    "now": _("At the meeting"),
    "then": _("Last time"),
    "none": _("none"),
    "chair": _("Chair (signature)"),
    "minutes_by": _("Minutes taken by (signature)"),
}
