"""Attendance, the parent school and publicity as workbooks: as the pages show them, in the person's scope."""

from itertools import islice

from django.db.models import Q
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.coverage_filter import CoverageFilter
from activities.families import missing_families, with_members
from activities.filters import AttendanceFilter
from activities.models import Activity, Attendance, Enrolment
from activities.parent_school import came_last_year
from activities.publicity import PublicityFilter
from children.models import Child, Kinship
from records.exports import export
from records.privacy import BASIC, FAMILY
from records.text import clean_key
from records.wording import listed
from records.workbooks import Column, Sheet

AT_A_TIME = 500
SIGNS = {"present": "√", "absent": "×", "excused": "○"}


def _by_chunks(rows):
    found = rows.iterator(chunk_size=AT_A_TIME)
    while chunk := list(islice(found, AT_A_TIME)):
        yield chunk


def _children(user, keys):
    """{key: child} of those whom this person sees and whose names the role may read."""
    if not user.sees(BASIC):
        return {}
    rows = Child.objects.visible_to(user).filter(pk__in=keys)
    return rows.only("name", "number", "community_id").in_bulk()


def _mark(mark):
    return SIGNS.get(mark, "")


def _legend():
    return [(SIGNS[mark.value], str(mark.label)) for mark in Attendance.Mark if mark.value in SIGNS]


# One activity: a line for each child, a column for each session


@export("activity_attendance", title=gettext_lazy("Attendance of an activity"), needs="activities.view_attendance")
def activity_attendance(request, params):
    user, key = request.user, clean_key(QueryDict(params).get("activity"))
    activity = Activity.objects.visible_to(user).filter(pk=key).first()
    if activity is None or not activity.takes_children:
        raise Http404
    sessions = [session for session in activity.sessions.not_cancelled() if session.has_come]
    marks: dict[int, dict[int, str]] = {}
    rows = Attendance.objects.visible_to(user).marked().filter(session__in=sessions)
    for child, session, mark in rows.order_by().values_list("child", "session", "mark"):
        marks.setdefault(child, {})[session] = mark
    places = {}  # the last place of each child
    for place in Enrolment.objects.visible_to(user).filter(activity=activity).order_by("joined_on", "pk"):
        places[place.child_id] = place
    children = Child.objects.visible_to(user).filter(Q(pk__in=places) | Q(pk__in=marks), merged_into=None)
    return Sheet(
        title=_("Attendance of an activity"),
        subtitle=f"{activity.title} · {activity.community}",
        count=children.order_by().count(),
        rows=children.defer("name_grams").order_by("name_pinyin", "pk").iterator(chunk_size=AT_A_TIME),
        columns=_of_an_activity(user, sessions, marks, places),
        back_url=activity.get_absolute_url(),
        numbered="#",
        file_name="attendance",
        legend=_legend(),
    )


def _of_an_activity(user, sessions, marks, places):
    def came(child):
        return sum(mark == Attendance.Mark.PRESENT for mark in marks.get(child.pk, {}).values())

    def day(child, name):
        found = getattr(places.get(child.pk), name, None)
        return found.isoformat() if found else ""

    names = [Column((_("child"),), lambda child: child.name, 14)] if user.sees(BASIC) else []
    return [
        *names,
        Column((_("file number"),), lambda child: child.number, 18),
        Column((_("joined"),), lambda child: day(child, "joined_on"), 12),
        Column((_("left"),), lambda child: day(child, "left_on"), 12),
        *(
            Column((f"{session.day:%m-%d} {session.starts_at:%H:%M}",), _mark_at(session, marks), 8)
            for session in sessions
        ),
        Column((_("times present"),), lambda child: str(came(child)), 10),
        Column((_("sessions held"),), lambda child: str(len(sessions)), 10),
    ]


def _mark_at(session, marks):
    return lambda child: _mark(marks.get(child.pk, {}).get(session.pk))


# The sessions of a period


def _sessions_asked(request, params):
    found = AttendanceFilter(QueryDict(params), by=request.user)
    back = f"{reverse('activities:attendance')}?{found.address}"
    return found, found.sessions(request.user), f"{found.period.start} – {found.period.end}", back


def _session_columns():
    """What a session is, before the numbers."""
    return [
        Column((_("day"),), lambda s: s.day.isoformat(), 12),
        Column((_("hours"),), lambda s: s.hours, 12),
        Column((_("activity"),), lambda s: s.activity.title, 24),
        Column((_("kind"),), lambda s: s.activity.get_kind_display(), 14),
        Column((_("for whom"),), lambda s: s.activity.get_audience_display(), 14),
        Column((_("community"),), lambda s: str(s.community), 18),
        Column((_("venue"),), lambda s: s.venue_name, 20),
    ]


def _number(words, name):
    return Column((words,), lambda s: str(getattr(s, name)), 10)


@export("sessions_held", title=gettext_lazy("Attendance at sessions"), needs="activities.view_session")
def sessions_held(request, params):
    _found, rows, span, back = _sessions_asked(request, params)
    shown = rows.with_attendance_figures().select_related("activity", "community", "home")
    return Sheet(
        title=_("Attendance at sessions"),
        subtitle=span,
        count=rows.order_by().count(),
        rows=shown.iterator(chunk_size=AT_A_TIME),
        columns=[
            *_session_columns(),
            _number(_("on the roll"), "on_roll"),
            _number(_("children present"), "present"),
            _number(_("children absent"), "absent"),
            _number(_("children excused"), "excused"),
            _number(_("parents and caregivers"), "carers_came"),
            _number(_("helpers"), "helpers_came"),
            _number(_("others who came"), "others_present"),
            Column((_("record written"),), lambda s: _("yes") if s.record else _("no"), 10),
        ],
        back_url=back,
        numbered="#",
        file_name="sessions",
    )


def _with_children(user, rows):
    """(mark, its child) of each; no child where this reader may not see it."""
    for chunk in _by_chunks(rows):
        children = _children(user, {mark.child_id for mark in chunk})
        yield from ((mark, children.get(mark.child_id)) for mark in chunk)


@export("attendance_by_name", title=gettext_lazy("Attendance by name"), needs="activities.view_attendance")
def attendance_by_name(request, params):
    user = request.user
    found, sessions, span, back = _sessions_asked(request, params)
    rows = Attendance.objects.visible_to(user).marked().filter(session__in=sessions.order_by().values("pk"))
    shown = rows.select_related("session__activity", "session__community", "session__home")
    about = [Column(one.words, _of_session(one.value), one.width) for one in _session_columns()]
    return Sheet(
        title=_("Attendance by name"),
        subtitle=span,
        count=rows.order_by().count(),
        rows=_with_children(user, shown.order_by("session__day", "session__starts_at", "session", "pk")),
        columns=[
            *about,
            Column((_("child"),), lambda line: line[1].name if line[1] else "", 14),
            Column((_("file number"),), lambda line: line[1].number if line[1] else "", 18),
            Column((_("attendance"),), lambda line: line[0].get_mark_display(), 10),
        ],
        back_url=back,
        numbered="#",
        file_name="attendance",
    )


def _of_session(value):
    return lambda line: value(line[0].session)


# The parent school


def _with_families(user, rows):
    """(row, the adult's children whom this reader sees) of each."""
    for chunk in _by_chunks(rows):
        kinships = Kinship.objects.filter(adult__in={row.adult_id for row in chunk}).order_by("pk")
        pairs = list(kinships.values_list("adult", "child"))
        children = _children(user, {child for _adult, child in pairs})
        names: dict[int, list[str]] = {}
        for adult, child in pairs:
            if child in children:
                names.setdefault(adult, []).append(children[child].name)
        yield from ((row, listed(dict.fromkeys(names.get(row.adult_id, [])))) for row in chunk)


@export(
    "parent_school_attendance",
    title=gettext_lazy("Attendance at the parent school"),
    needs="activities.view_carerattendance",
)
def parent_school_attendance(request, params):
    """Of the last twelve months, as the page counts them."""
    user, found = request.user, CoverageFilter(QueryDict(params), by=request.user)
    if not user.sees(FAMILY):
        raise Http404
    rows = came_last_year(found.of_theme).visible_to(user).within(found.scope)
    shown = rows.select_related("adult", "session__activity", "community")
    shown = shown.defer("adult__phone", "adult__phone_alt", "adult__id_number")
    return Sheet(
        title=_("Attendance at the parent school"),
        subtitle=_words_of(found, "theme"),
        count=rows.order_by().count(),
        rows=_with_families(user, shown.order_by("session__day", "session__starts_at", "session", "line", "pk")),
        columns=[
            Column((_("day"),), lambda line: line[0].session.day.isoformat(), 12),
            Column((_("activity"),), lambda line: line[0].session.activity.title, 24),
            Column((_("theme of the parent school"),), lambda line: line[0].session.activity.get_theme_display(), 16),
            Column((_("community"),), lambda line: str(line[0].community), 18),
            Column((_("who came"),), lambda line: line[0].adult.name, 14),
            Column((_("children of the family"),), lambda line: line[1], 24),
            Column((_("how they took part"),), lambda line: line[0].get_how_display(), 14),
        ],
        back_url=f"{reverse('activities:parent_school')}?{found.query}",
        numbered="#",
        file_name="parent-school",
    )


def _words_of(found, *names):
    """What the filter says, in words."""
    said = [dict(found.fields[name].choices).get(found.cleaned_data.get(name, ""), "") for name in names]
    return " · ".join(str(words) for words in said if words)


def _families(user, rows):
    children = Child.objects.visible_to(user)
    for chunk in _by_chunks(rows):
        yield from with_members(chunk, children)


@export(
    "parent_school_coverage",
    title=gettext_lazy("Families nobody came from"),
    needs="activities.view_carerattendance",
)
def parent_school_coverage(request, params):
    """Of a year or ever, to any theme or to one, with the last day somebody came."""
    user, found = request.user, CoverageFilter(QueryDict(params), by=request.user)
    if not user.sees(FAMILY):
        raise Http404
    rows = missing_families(user, found)
    return Sheet(
        title=_("Families nobody came from"),
        subtitle=_words_of(found, "which", "theme"),
        count=rows.order_by().count(),
        rows=_families(user, rows),
        columns=[
            Column((_("community"),), lambda family: str(family.household.community), 18),
            Column((_("building or grid"),), lambda family: family.household.grid, 14),
            Column((_("children of the family"),), lambda family: family.names, 24),
            Column((_("parents and caregivers"),), _adults, 30),
            Column((_("last came"),), _last_came, 12),
        ],
        back_url=f"{reverse('activities:parent_school')}?{found.query}",
        numbered="#",
        file_name="parent-school",
    )


def _adults(family):
    return listed(
        f"{kinship.adult.name} ({kinship.get_relation_display()})" if kinship.relation else kinship.adult.name
        for kinship in family.adults.values()
    )


def _last_came(family):
    day = family.household.last_came
    return day.isoformat() if day else _("never")


# Publicity


@export("publicity_items", title=gettext_lazy("Publicity"), needs="activities.view_publicityitem")
def publicity_items(request, params):
    """Of a year, without what a guardian does not agree to any more; no child is named."""
    user, found = request.user, PublicityFilter(QueryDict(params), by=request.user)
    rows = found.items()
    noted = [Column((_("noted by"),), lambda item: item.noted_by.name, 12)] if user.sees(BASIC) else []
    return Sheet(
        title=_("Publicity"),
        subtitle=str(found.in_year),
        count=rows.order_by().count(),
        rows=rows.select_related("community", "noted_by").iterator(chunk_size=AT_A_TIME),
        columns=[
            Column((_("day"),), lambda item: item.made_on.isoformat(), 12),
            Column((_("community"),), lambda item: str(item.community), 18),
            Column((_("title"),), lambda item: item.title, 28),
            Column((_("channel"),), lambda item: item.get_channel_display(), 14),
            Column((_("place"),), lambda item: item.place, 20),
            Column((_("people reached"),), lambda item: "" if item.reach is None else str(item.reach), 10),
            Column((_("good example"),), lambda item: _("yes") if item.example_of_id else "", 10),
            Column(
                (_("taken down on"),), lambda item: item.taken_down_on.isoformat() if item.taken_down_on else "", 12
            ),
            *noted,
        ],
        back_url=f"{reverse('activities:publicity')}?{found.address}",
        numbered="#",
        file_name="publicity",
    )
