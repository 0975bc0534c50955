from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.meeting_views import agenda_of
from communities.models import Decision, LeadingGroupMember, Meeting, OfficeDuty
from records.papers import Both, paper
from records.privacy import CONTACT


@paper("meeting", model="communities.Meeting", title=_("Meeting"))
def meeting(rows, user):
    """Before the meeting its agenda, afterwards its minutes with who came and what was decided."""
    found = Meeting.objects.filter(pk__in=[row.pk for row in rows]).select_related("community")
    sheets: list[dict] = []
    figures: dict[str, dict] = {}
    for one in found:
        there = list(one.came.defer("phone").order_by("position", "pk"))
        drawn = agenda_of(one, user, figures)
        sheets.append(
            {
                **drawn,
                "meeting": one,
                "kind": Both(Meeting.Kind(one.kind).label),
                "group": Both(Meeting.Group(one.group).label),
                "came": there,
                "absent": one.absent(there),
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
    "group": _("Leading group"),
    "kind": _("Kind"),
    "day": _("Day"),
    "venue": _("Venue"),
    "community": _("Community or street"),
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


@paper("leading_group", model="communities.Division", title=_("Leading group"), shows_secrets=True)
def leading_group(rows, user):
    """Members with phones and what they answer for, and the duty rota of the office."""
    if not user.has_perm("communities.view_leadinggroupmember"):
        raise Http404
    keys, today = [row.pk for row in rows], timezone.localdate()
    groups, positions, duties = (
        {one.value: Both(one.label) for one in choices}
        for choices in (LeadingGroupMember.Group, LeadingGroupMember.Position, LeadingGroupMember.Duty)
    )
    members: dict[str, list] = {key: [] for key in keys}
    found = LeadingGroupMember.objects.visible_to(user).on_day(today).filter(community__in=keys)
    for one in found.order_by("group", "rank", "since", "pk"):
        line = (one, groups[one.group], positions[one.position], [duties[duty] for duty in one.duties])
        members[one.community_id].append(line)
    rota: dict = {}
    on_duty = OfficeDuty.objects.visible_to(user).filter(community__in=keys).select_related("member")
    for row in on_duty.defer("member__phone"):
        rota[row.community_id, row.weekday] = row.member if row.member and row.member.is_member else None
    days = [(weekday, Both(name)) for weekday, name in OfficeDuty.WEEKDAYS]
    return {
        "sheets": [
            {"place": row, "members": members[row.pk], "rota": [(name, rota.get((row.pk, day))) for day, name in days]}
            for row in rows
        ],
        "words": {name: Both(text) for name, text in GROUP_WORDS.items()},
        "sees_contact": user.sees(CONTACT),
        "back_url": reverse("leading_group:group") + f"?community={rows[0].pk}",
    }


GROUP_WORDS = {
    "title": _("Leading group"),
    "group": _("leading group"),
    "position": _("position"),
    "name": _("name"),
    "duties": _("responsible for"),
    "phone": _("phone"),
    "rota": _("duty rota of the office"),
    "nobody": _("none"),
}
