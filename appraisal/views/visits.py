"""Supervision visits: the year's plan, one visit, what it found; and what a meeting may draw on."""

import datetime as dt

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Q
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from appraisal import drawing_on
from appraisal.forms import CallOffForm, DemandForm, PlanForm, VisitForm, WriteUpForm
from appraisal.lists import VisitFilter
from appraisal.measures import communities_not_visited
from appraisal.models import Demand, Visit
from records.acting import act_once
from records.measures import Period
from records.policy import NotVisible, visible_or_404
from records.scoping import Scope
from records.trail import log_act

PER_PAGE = 50
SHOWN = Visit.objects.select_related("community", "office", "planned_by", "written_by")


@require_safe
def visits(request):
    asked = VisitFilter(request.user, request.GET)
    rows = asked.rows().annotate(
        required=Count("demands", filter=~Q(demands__status=Demand.Status.WITHDRAWN)),
        waiting=Count("demands", filter=Q(demands__status__in=Demand.UNSETTLED)),
    )
    scope = Scope.of(*request.user.codes_for(Visit, "add"))
    context = {
        **asked.as_context(),
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "may_plan": bool(scope.codes),
        "not_visited": communities_not_visited(scope, Period.day(dt.date(asked.year, 12, 31))).order_by("code"),
        "open_demands": Demand.objects.visible_to(request.user).unsettled().count(),
    }
    return render(request, "supervision/visits.html", context)


def plan(request):
    """Visits to one or several communities; `?community=` ticks one."""
    ticked = request.GET.getlist("community")
    initial = {"communities": ticked, "day": request.GET.get("day")} if ticked else {}
    form = PlanForm(request.POST or None, by=request.user, initial=initial)

    def again():
        return render(request, "supervision/visit_form.html", {"form": form})

    def act(data):
        facts = {name: data[name] for name in ("day", "visitors", "points", "focus")}
        Visit.plan(data["office"], data["communities"], **facts, by=request.user)

    if request.method != "POST":
        return again()
    return act_once(request, act, to="supervision:visits", said=_("Planned."), form=form, again=again)


@require_safe
def visit(request, pk):
    return draw(request, visible_or_404(SHOWN, request.user, pk=pk))


def draw(request, shown, **bound):
    """`bound`: a form that came back as it was typed, by name."""
    is_mine = shown.is_of(request.user)
    context = {
        "visit": shown,
        "may_change": is_mine,
        "findings": shown.findings.all(),
        "demands": shown.demands.all(),
        "demand_form": DemandForm(visit=shown) if is_mine and shown.is_held else None,
    }
    return render(request, "supervision/visit.html", {**context, **bound})


def found_to_change(request, pk):
    """A visit that this person's office made; else as if there were none."""
    found = visible_or_404(SHOWN, request.user, "change", pk=pk)
    if not found.is_of(request.user):
        raise NotVisible(Visit, pk)
    return found


def change(request, pk):
    changed = found_to_change(request, pk)
    if not changed.is_planned:
        messages.error(request, _("This visit is held or called off: its plan stays as it was."))
        return redirect(changed)
    form = VisitForm(request.POST or None, instance=changed)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            log_act(request.user, "changed", changed, fields=[n for n in form.changed_data if n != "seen_version"])
        messages.success(request, _("Saved."))
        return redirect(changed)
    return render(request, "supervision/visit_form.html", {"form": form, "visit": changed})


def write_up(request, pk):
    held = found_to_change(request, pk)
    if not held.is_planned or not held.has_come:
        messages.error(request, _("A visit is written up once, when its day has come."))
        return redirect(held)
    form = WriteUpForm(request.POST or None, visit=held)

    def again():
        return render(request, "supervision/write_up.html", {"form": form, "visit": held})

    def act(data):
        held.hold(findings=form.findings(), summary=data["summary"], opinions=data["opinions"], by=request.user)

    if request.method != "POST":
        return again()
    return act_once(request, act, to=held, said=_("The visit is written up."), form=form, again=again)


def call_off(request, pk):
    found = found_to_change(request, pk)
    form = CallOffForm(request.POST or None)

    def again():
        return render(request, "supervision/call_off.html", {"form": form, "visit": found})

    def act(data):
        found.call_off(**data, by=request.user)

    if request.method != "POST":
        return again()
    return act_once(request, act, to=found, said=_("The visit is called off."), form=form, again=again)


@require_safe
def for_meetings(request):
    """What an exchange meeting or a special meeting of this year may draw on."""
    asked = VisitFilter(request.user, request.GET)
    context = {**asked.as_context(), **drawing_on.of_year(request.user, asked.year, asked.place)}
    return render(request, "supervision/for_meetings.html", context)
