from django.utils.translation import gettext_lazy as _

from activities.models import ChildrenGroup, GroupPlace, Session
from records.papers import Both, paper

SPARE_LINES = 5


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
