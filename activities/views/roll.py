"""Roll call on a phone: one tap per child, each saved at once. Plain forms; htmx swaps only the line tapped."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from activities.candidates import late_joiners
from activities.models import Attendance, Session
from children.models import Child
from records.lifecycle import refusals_shown
from records.policy import visible_or_404

MARKS = [
    (Attendance.Mark.PRESENT, "check", "done"),
    (Attendance.Mark.ABSENT, "close", "stop"),
    (Attendance.Mark.EXCUSED, "letter", "info"),
]


def _session(request, pk):
    return visible_or_404(Session.objects.select_related("activity", "home"), request.user, "change", pk=pk)


def roll(request, pk):
    session = _session(request, pk)
    text, found = late_joiners(request, session)
    lines = _lines(session)
    context = {"session": session, "activity": session.activity, "lines": lines, "text": text, "found": found}
    return render(request, "activities/roll.html", {**context, **_figures(lines)})


@require_POST
def mark(request, pk):
    session = _session(request, pk)
    child = visible_or_404(Child.objects.all(), request.user, pk=request.POST.get("child"))
    with refusals_shown(request):
        session.mark(child, request.POST.get("mark", ""), by=request.user)
    if not request.htmx:
        return redirect(f"{reverse('activities:roll', args=[session.pk])}#child-{child.pk}")
    lines = _lines(session)
    line = next((line for line in lines if line["child"] == child), _line(child, ""))
    context = {"session": session, "line": line, "swapped": True, **_figures(lines)}
    return render(request, "activities/_roll_line.html", context)


@require_POST
def everyone(request, pk):
    session = _session(request, pk)
    with refusals_shown(request):
        session.mark_all_present(by=request.user)
    return redirect("activities:roll", pk=session.pk)


@require_POST
def late(request, pk):
    session = _session(request, pk)
    child = visible_or_404(Child.objects.all(), request.user, pk=request.POST.get("child"))
    with refusals_shown(request):
        session.join_late(child, by=request.user)
    return redirect(f"{reverse('activities:roll', args=[session.pk])}#child-{child.pk}")


def _lines(session):
    marks = dict(session.attendances.marked().values_list("child", "mark"))
    return [_line(child, marks.get(child.pk, "")) for child in session.roll().defer("name_grams")]


def _line(child, mark):
    choices = [{"mark": m, "label": m.label, "icon": icon, "tone": tone, "now": m == mark} for m, icon, tone in MARKS]
    return {"child": child, "mark": mark, "choices": choices}


def _figures(lines):
    return {
        "total": len(lines),
        "present": sum(line["mark"] == Attendance.Mark.PRESENT for line in lines),
        "unmarked": sum(not line["mark"] for line in lines),
    }
