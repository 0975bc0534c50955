from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from activities.models import Activity, ChildrenGroup, GroupPlace, Scheme, SchemeAction, Session
from activities.month import month_of
from activities.schemes import by_part
from records.papers import Both, paper
from records.staff_filters import clean_search

SPARE_LINES = 5
SESSIONS_ON_A_POSTER = 300


@paper("sign_in_sheet", model="activities.Session", title=_("Sign-in sheet"))
def sign_in_sheet(rows, user):
    """The children on the roll with lines to sign, and empty lines for those who come unexpected."""
    sessions = {s.pk: s for s in Session.objects.filter(pk__in=[r.pk for r in rows]).select_related(*_SHOWN)}
    sheets = []
    for row in rows:
        session = sessions[row.pk]
        children = session.roll() if session.activity.takes_children else []
        names = [(child.name, child.number) for child in children]
        spare = range(len(names) + 1, len(names) + 1 + SPARE_LINES)
        sheets.append({"session": session, "names": names, "spare": spare})
    return {"sheets": sheets, "back_url": rows[0].get_absolute_url()}


@paper("scheme", model="activities.Scheme", title=_("Scheme"))
def scheme(rows, user):
    """The scheme as an official paper: its facts, and every action with its day and how it stands."""
    keys = [row.pk for row in rows]
    actions: dict[int, list] = {key: [] for key in keys}
    for action in SchemeAction.objects.filter(scheme__in=keys).select_related("activity"):
        actions[action.scheme_id].append(action)
    shown = Scheme.objects.filter(pk__in=keys).select_related("community")
    sheets = [(one, by_part(actions[one.pk])) for one in shown]
    return {"sheets": sheets, "back_url": rows[0].get_absolute_url()}


@paper("month_poster", model="communities.Division", title=_("Activities of the month"), has_choices=True)
def month_poster(rows, user, asked):
    """What a community holds in a month, to hang up: no leader, no helper, no child is named."""
    if not user.has_perm("activities.view_session"):
        raise Http404
    first, last = month_of(asked.get("month"))
    sheets = []
    for division in rows:
        sessions = Session.objects.visible_to(user).not_cancelled().filter(community=division.pk)
        sessions = sessions.filter(day__range=(first, last)).select_related("activity")
        sheets.append((division, list(_narrowed(sessions, asked)[:SESSIONS_ON_A_POSTER])))
    return {"sheets": sheets, "first": first, "back_url": reverse("activities:calendar")}


def _narrowed(sessions, asked):
    """As the calendar was narrowed; what is no choice narrows nothing."""
    for name, choices in (("kind", Activity.Kind), ("audience", Activity.Audience)):
        if (value := asked.get(name)) in choices.values:
            sessions = sessions.filter(**{f"activity__{name}": value})
    venue = clean_search(asked.get("venue", ""))
    return sessions.filter(venue=venue) if venue else sessions


_SHOWN = ["activity__leader", "activity__helper", "community"]


@paper("children_group", model="activities.ChildrenGroup", title=_("Children's group"))
def children_group(rows, user):
    """The members of neighbourhood groups, the child who leads on top."""
    keys = [row.pk for row in rows]
    groups = ChildrenGroup.objects.filter(pk__in=keys).select_related("community", "helper")
    places = GroupPlace.objects.visible_to(user).current().filter(group__in=keys).select_related("child")
    members: dict[int, list] = {}
    for place in places.defer("child__id_number").order_by("-is_leader", "child__name_pinyin", "pk"):
        members.setdefault(place.group_id, []).append(place)
    found = groups.defer("helper__phone", "helper__id_number").order_by("pk")
    return {
        "sheets": [{"group": group, "members": members.get(group.pk, [])} for group in found],
        "words": {name: Both(text) for name, text in GROUP_WORDS.items()},
        "back_url": rows[0].get_absolute_url(),
    }


GROUP_WORDS = {
    "title": _("Children's group"),
    "grid": _("Building or grid"),
    "place": _("Where they meet"),
    "helper": _("Helper"),
    "children": _("Children"),
    "number": _("No."),
    "name": _("Name"),
    "leader": _("leads the group"),
    "since": _("From"),
    "nobody": _("none"),
}
