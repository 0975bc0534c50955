"""Which helpers were at a session: one tap for each, like the roll of the children."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from activities.forms import HelperForm
from activities.models import HelperAttendance, Session
from records.acting import act_once
from records.lifecycle import refusals_shown
from records.policy import visible_or_404
from volunteers.models import Volunteer

Mark = HelperAttendance.Mark
MARKS = [(Mark.PRESENT, "check", "done"), (Mark.ABSENT, "close", "stop")]


def _session(request, pk):
    return visible_or_404(Session.objects.select_related("activity", "home"), request.user, "change", pk=pk)


@require_safe
def helpers_came(request, pk):
    return _page(request, _session(request, pk))


def _page(request, session, form=None):
    lines, others = _lines(session), session.other_helpers()
    context = {"session": session, "activity": session.activity, "lines": lines, **_figures(lines)}
    context |= {"form": form or HelperForm(helpers=others), "has_others": others.exists()}
    return render(request, "activities/helpers_came.html", context)


@require_POST
def mark_helper(request, pk):
    session = _session(request, pk)
    rows = Volunteer.objects.filter(pk__in=session.helpers_on_roll().order_by().values("pk"))
    helper = visible_or_404(rows.defer("phone", "id_number"), request.user, pk=request.POST.get("helper"))
    with refusals_shown(request):
        session.mark_helper(helper, request.POST.get("mark", ""), by=request.user)
    if not request.htmx:
        return redirect(f"{reverse('activities:helpers_came', args=[session.pk])}#helper-{helper.pk}")
    lines = _lines(session)
    line = next((line for line in lines if line["helper"] == helper), _line(helper, ""))
    context = {"session": session, "line": line, "swapped": True, **_figures(lines)}
    return render(request, "activities/_helper_line.html", context)


@require_POST
def other_helper(request, pk):
    """A helper who has no place at the activity and was there all the same."""
    session = _session(request, pk)
    form = HelperForm(request.POST, helpers=session.other_helpers())
    return act_once(
        request,
        lambda data: session.mark_helper(data["helper"], Mark.PRESENT, by=request.user),
        to=reverse("activities:helpers_came", args=[session.pk]),
        said=_("Noted as present."),
        form=form,
        again=lambda: _page(request, session, form),
    )


def _lines(session):
    marks = dict(session.helper_attendances.marked().values_list("volunteer", "mark"))
    return [_line(helper, marks.get(helper.pk, "")) for helper in session.helpers_on_roll()]


def _line(helper, mark):
    choices = [{"mark": m, "label": m.label, "icon": icon, "tone": tone, "now": m == mark} for m, icon, tone in MARKS]
    return {"helper": helper, "mark": mark, "choices": choices}


def _figures(lines):
    return {
        "total": len(lines),
        "present": sum(line["mark"] == Mark.PRESENT for line in lines),
        "unmarked": sum(not line["mark"] for line in lines),
    }
