from django.db.models import Count, Q

from activities.models import Attendance, CarerAttendance, Enrolment, GroupPlace, MeetingAttendance, Waiting
from children.sections import file_section
from children.status_words import with_family
from records.privacy import FAMILY

SESSIONS_SHOWN = 30


@file_section(tab="activities", order=10, needs="activities.view_attendance")
def attendance(request, child):
    """What the child is enrolled in, how often it came, and the last sessions one by one."""
    marks = Attendance.objects.visible_to(request.user).of_child(child)
    by_activity: dict[int, dict[str, int]] = {}
    for activity, mark in marks.order_by().values_list("session__activity", "mark"):
        counts = by_activity.setdefault(activity, {"present": 0, "marked": 0})
        counts["marked"] += 1
        counts["present"] += mark == Attendance.Mark.PRESENT
    places = Enrolment.objects.visible_to(request.user).filter(child=child).with_asker().select_related("activity")
    rows = []
    for place in places.order_by("-joined_on", "-pk"):
        counts = by_activity.get(place.activity_id, {"present": 0, "marked": 0})
        rows.append({"place": place, **counts})
    waiting = Waiting.objects.visible_to(request.user).open().filter(child=child).with_asker()
    context = {
        "places": rows,
        "waiting": list(waiting.select_related("activity")),
        "marks": list(marks[:SESSIONS_SHOWN]),
        "sees_family": request.user.sees(FAMILY),
    }
    return "activities/file_section.html", context


@file_section(tab="activities", order=20, needs="activities.view_groupplace")
def children_group(request, child):
    """The neighbourhood groups the child is or was in, with the meetings it came to, the last one first."""
    rows = MeetingAttendance.objects.visible_to(request.user).by_name().filter(child=child).order_by()
    noted = rows.values_list("meeting__group").annotate(came=Count("pk", filter=Q(came=True)), noted=Count("pk"))
    figures = {group: {"came": came, "noted": of} for group, came, of in noted}
    lines: dict[int, dict] = {}
    places = GroupPlace.objects.visible_to(request.user).filter(child=child).select_related("group")
    for place in places.order_by("-joined_on", "-pk"):
        lines.setdefault(place.group_id, {"place": place, **figures.get(place.group_id, {})})
    return ("activities/file_group.html", {"lines": list(lines.values())}) if lines else None


@file_section(tab="family", order=60, needs="activities.view_carerattendance")
def training(request, child):
    """At which sessions the child's parents and caregivers were, newest first."""
    if not request.user.sees(FAMILY):
        return None
    adults = {kin.adult_id: kin.adult for kin in with_family(child).kinships.all()}
    rows = CarerAttendance.objects.visible_to(request.user).present().filter(adult__in=adults)
    rows = rows.select_related("session__activity").order_by("-session__day", "-session__starts_at", "line")
    came = list(rows[:SESSIONS_SHOWN])
    for attendance in came:
        attendance.adult = adults[attendance.adult_id]
    return "activities/file_training.html", {"came": came}
