"""The sessions held in a period and who came to them, as numbers."""

from django.core.paginator import Paginator
from django.db.models import Sum
from django.shortcuts import render
from django.views.decorators.http import require_safe

from activities.filters import AttendanceFilter
from activities.models import Attendance, CarerAttendance, Session

SESSIONS_ON_A_PAGE = 30


@require_safe
def attendance(request):
    found = AttendanceFilter(request.GET, by=request.user)
    held = found.sessions(request.user)
    keys = held.order_by().values("pk")
    page = Paginator(held.reverse().values_list("pk", flat=True), SESSIONS_ON_A_PAGE).get_page(request.GET.get("page"))
    shown = Session.objects.with_attendance_figures().select_related("activity", "community", "home")
    rows = shown.in_bulk(list(page.object_list))
    page.object_list = [rows[key] for key in page.object_list if key in rows]
    context = {
        "filter": found,
        "page": page,
        "period": found.period,
        "held": page.paginator.count,
        "children": Attendance.objects.filter(session__in=keys).present().count(),
        "carers": CarerAttendance.objects.filter(session__in=keys)
        .present()
        .values("session", "line")
        .distinct()
        .count(),
        "others": held.aggregate(n=Sum("others_present"))["n"] or 0,
    }
    return render(request, "activities/attendance.html", context)
