from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from activities import posters  # noqa: F401 - they register their papers
from activities.album import pictures_of
from activities.coverage_filter import CoverageFilter
from activities.families import families, of_community, with_members
from activities.models import Activity, ChildrenGroup, GroupPlace, HandoutSheet, Scheme, SchemeAction, Session
from activities.parent_school import with_last_day, without_school
from activities.publicity import PublicityFilter, sums
from activities.schemes import by_part
from children.models import Child
from records.attachments import owner_attachment_url
from records.lifecycle import Refused
from records.papers import Both, paper
from records.privacy import FAMILY
from records.scoping import Scope

SPARE_LINES = 5


@paper("sign_in_sheet", model="activities.Session", title=_("Sign-in sheet"))
def sign_in_sheet(rows, user):
    """The children on the roll and the families invited, with lines to sign; empty lines for who comes unexpected."""
    sessions = {s.pk: s for s in Session.objects.filter(pk__in=[r.pk for r in rows]).select_related(*_SHOWN)}
    sheets = []
    for row in rows:
        session = sessions[row.pk]
        children = session.roll() if session.activity.takes_children else []
        homes = of_community(user, session.community_id) if session.activity.takes_carers else Child.objects.none()
        names = [(child.name, child.number) for child in children]
        spare = range(len(names) + 1, len(names) + 1 + SPARE_LINES)
        sheets.append(
            {"session": session, "names": names, "spare": spare, "families": with_members(families(homes), homes)}
        )
    return {"sheets": sheets, "back_url": rows[0].get_absolute_url()}


@paper("session_record", model="activities.Session", title=_("Record of an activity"))
def session_record(rows, user):
    """What was done on a day, what came of it and how many came; it names no child by itself."""
    shown = Session.objects.filter(pk__in=[row.pk for row in rows]).with_attendance_figures()
    sessions = list(shown.select_related(*_SHOWN, "recorded_by").order_by("day", "starts_at", "pk"))
    if not all(session.record for session in sessions):
        raise Refused(gettext("Nothing is written yet."))
    return {
        "sheets": [(session, Both(Activity.Kind(session.activity.kind).label)) for session in sessions],
        "words": {name: Both(text) for name, text in RECORD_WORDS.items()},
        "back_url": rows[0].get_absolute_url(),
    }


RECORD_WORDS = {
    "title": _("Record of an activity"),
    "day": _("Day"),
    "hours": _("Hours"),
    "venue": _("Venue"),
    "leader": _("Led by"),
    "kind": _("Kind"),
    "community": _("Community"),
    "children": _("Children"),
    "carers": _("Parents and caregivers"),
    "helpers": _("Helpers"),
    "others": _("Others who came"),
    "record": _("What we did"),
    "result": _("Result of the activity"),
    "none": _("none"),
    "written": _("Written by"),
    "signature": _("Signature"),
}


@paper("scheme", model="activities.Scheme", title=_("Scheme"))
def scheme(rows, user):
    """The scheme as an official paper: its facts, and every action with its day and how it stands."""
    keys = [row.pk for row in rows]
    actions: dict[int, list] = {key: [] for key in keys}
    for action in SchemeAction.objects.with_activity().filter(scheme__in=keys).select_related("activity__home"):
        actions[action.scheme_id].append(action)
    shown = Scheme.objects.filter(pk__in=keys).select_related("community", "home")
    sheets = [(one, by_part(actions[one.pk])) for one in shown]
    return {"sheets": sheets, "back_url": rows[0].get_absolute_url()}


_SHOWN = ["activity__leader", "activity__helper", "community", "home"]


@paper("parent_school", model="communities.Division", title=_("Parent school: families to invite"), has_choices=True)
def parent_school(rows, user, asked):
    """The families of each community nobody came from, as the page shows them."""
    if not user.has_perm("activities.view_carerattendance") or not user.sees(FAMILY):
        raise Http404
    day, found = timezone.localdate(), CoverageFilter(asked, by=user)
    sheets = []
    for division in rows:
        missing = without_school(Scope.of(division.pk), day, found.of_theme, ever=found.ever).visible_to(user)
        children = Child.objects.visible_to(user).filter(household__in=missing.values("pk"))
        households = with_last_day(families(children, found.text), found.of_theme)
        sheets.append({"division": division, "families": with_members(households, children)})
    words = dict(found.fields["which"].choices), dict(found.fields["theme"].choices)
    which, theme = words[0]["never" if found.ever else ""], words[1][found.of_theme] if found.of_theme else ""
    return {"sheets": sheets, "today": day, "which": which, "theme": theme}


@paper("album", model="activities.Activity", title=_("Album"))
def album(rows, user):
    """The pictures of each activity in which everyone has agreed to publicity; without names."""
    kept = Activity.objects.filter(pk__in=[row.pk for row in rows]).select_related("community")
    return {"sheets": [{"activity": activity, **pictures_of(activity, user)} for activity in kept]}


@paper("handout", model="activities.HandoutSheet", title=_("Handout"))
def handout(rows, user):
    """What goes with an activity, one sheet for each."""
    shown = ["activity", "community", "file"]
    kept = HandoutSheet.objects.filter(pk__in=[row.pk for row in rows]).select_related(*shown)
    if not all(one.is_printed for one in kept):
        raise Refused(gettext("This handout is a PDF: save it, and print it as it is."))
    sheets = [(one, owner_attachment_url(one, "file") if one.file_id else "") for one in kept]
    return {"sheets": sheets, "back_url": rows[0].get_absolute_url()}


@paper("publicity", model="communities.Division", title=_("Publicity"), has_choices=True)
def publicity(rows, user, asked):
    """What each community published in a year, without what a guardian does not agree to any more."""
    if not user.has_perm("activities.view_publicityitem"):
        raise Http404
    found, sheets = PublicityFilter(asked, by=user), []
    for division in rows:
        items = found.items(Scope.of(division.pk))
        sheets.append({"division": division, "rows": items, **sums(items)})
    return {"sheets": sheets, "year": found.in_year}


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
    "uncleared": _("checks not in order"),
    "children": _("Children"),
    "number": _("No."),
    "name": _("Name"),
    "leader": _("leads the group"),
    "since": _("From"),
    "nobody": _("none"),
}
