"""Building a Home where there is none."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.models import LeadingGroupMember
from communities.places import may_at, places_to_add
from gifts.models import Drive, Gift
from gifts.statements import statement_of
from homes.models import Home
from premises.asset_views import page_of
from premises.building_forms import (
    BeginForm,
    DriveForm,
    GiveUpForm,
    LineForm,
    MilestoneForm,
    OpenForm,
    PutOffForm,
    ReachForm,
    SpendForm,
    usual_milestones,
)
from premises.models import BudgetLine, BuildingPlan, Milestone
from records.acting import act_once
from records.policy import visible_or_404
from records.privacy import BASIC


def without_home(user):
    """Communities in which this person may begin a plan: no open Home, no plan under way."""
    homes = Home.objects.filter(community=OuterRef("pk"), closed_on=None)
    plans = BuildingPlan.objects.under_way().filter(community=OuterRef("pk"))
    return places_to_add(user, BuildingPlan).exclude(Exists(homes)).exclude(Exists(plans))


@require_safe
def plans(request):
    """The plans in reach, those under way first, with how far they are."""
    today = timezone.localdate()
    is_open = Q(milestones__done_on=None, milestones__dropped_on=None)
    rows = (
        BuildingPlan.objects.visible_to(request.user)
        .select_related("community", "home")
        .annotate(
            steps=Count("milestones", filter=Q(milestones__dropped_on=None)),
            reached=Count("milestones", filter=Q(milestones__done_on__isnull=False)),
            late=Count("milestones", filter=is_open & Q(milestones__due_on__lt=today)),
        )
    )
    context = {
        "page": page_of(request, rows.order_by(F("ended_on").desc(nulls_first=True), "-begun_on", "pk")),
        "places": list(without_home(request.user)[:50]),
    }
    return render(request, "premises/plans.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request, code):
    """A plan for the community of that code."""
    place = get_object_or_404(without_home(request.user), pk=code)
    form = BeginForm(request.POST or None, initial={"name": _("Children's Home of %(place)s") % {"place": place}})
    today = timezone.localdate()
    context = {"place": place, "form": form, "usual": usual_milestones(today)}
    again = lambda: render(request, "premises/plan_begin.html", context)  # noqa: E731
    if request.method != "POST":
        return again()

    def act(typed):
        milestones = usual_milestones(today) if typed.pop("with_usual") else []
        return BuildingPlan.begin(place, milestones=milestones, by=request.user, **typed)

    return act_once(request, act, said=_("The plan is begun."), form=form, again=again)


@dataclass
class Budget:
    """The lines of a plan with what was spent on each."""

    lines: list
    planned: Any
    spent: Any

    @classmethod
    def of(cls, plan):
        lines = list(plan.lines.annotate(spent=Sum("spendings__amount", default=Decimal(0))).order_by("pk"))
        return cls(lines, sum(one.planned for one in lines), sum(one.spent for one in lines))

    @property
    def left(self):
        return self.planned - self.spent


def find_plan(request, pk, action="view"):
    return visible_or_404(
        BuildingPlan.objects.select_related("community", "drive", "home"), request.user, action, pk=pk
    )


def facts_of(plan, user):
    """What page and paper say of a plan."""
    today = timezone.localdate()
    group = LeadingGroupMember.objects.visible_to(user).on_day(today).filter(community=plan.community_id, group="home")
    gifts = Gift.objects.visible_to(user).filter(drive=plan.drive_id) if plan.drive_id else Gift.objects.none()
    return {
        "plan": plan,
        "milestones": list(plan.milestones.filter(dropped_on=None).order_by("due_on", "pk")),
        "budget": Budget.of(plan),
        "group": list(group.defer("phone")) if user.sees(BASIC) else [],
        "gifts": statement_of(gifts) if plan.drive_id else None,
        "today": today,
    }


@require_safe
def plan(request, pk):
    return _plan_page(request, find_plan(request, pk))


def _plan_page(request, found, **bound):
    user = request.user
    may_change = found.is_under_way and may_at(user, "change", BuildingPlan, found.community_id)
    drives = Drive.objects.visible_to(user).filter(community=found.community_id)
    context = {
        **facts_of(found, user),
        "may_change": may_change,
        "may_open": may_change and may_at(user, "add", Home, found.community_id),
        "milestone_form": MilestoneForm(),
        "line_form": LineForm(),
        "drive_form": DriveForm(drives=drives, initial={"drive": found.drive_id}),
        "open_form": OpenForm(initial={"address": found.place}),
        "give_up_form": GiveUpForm(),
        **bound,
    }
    return render(request, "premises/plan.html", context)


def _acted(request, found, act, said, form=None, name=""):
    again = lambda: _plan_page(request, find_plan(request, found.pk), **{name: form})  # noqa: E731
    return act_once(request, act, to=found, said=said, form=form, again=again)


@require_POST
def add_milestone(request, pk):
    found, form = find_plan(request, pk, "change"), MilestoneForm(request.POST)
    act = lambda typed: found.add_milestone(by=request.user, **typed)  # noqa: E731
    return _acted(request, found, act, _("The milestone is set."), form, "milestone_form")


@require_POST
def add_line(request, pk):
    found, form = find_plan(request, pk, "change"), LineForm(request.POST)
    act = lambda typed: found.add_line(by=request.user, **typed)  # noqa: E731
    return _acted(request, found, act, _("The line stands in the budget."), form, "line_form")


@require_POST
def choose_drive(request, pk):
    found = find_plan(request, pk, "change")
    form = DriveForm(request.POST, drives=Drive.objects.visible_to(request.user).filter(community=found.community_id))
    act = lambda typed: found.choose_drive(typed["drive"], by=request.user)  # noqa: E731
    return _acted(request, found, act, _("Saved."), form, "drive_form")


@require_POST
def open_home(request, pk):
    """The room is ready: the Home is made."""
    found, form = find_plan(request, pk, "change"), OpenForm(request.POST)
    act = lambda typed: found.open(by=request.user, **typed)  # noqa: E731
    said = _("The Home is open. Set its hours, post its rules and name who runs it.")
    again = lambda: _plan_page(request, find_plan(request, pk), open_form=form)  # noqa: E731
    return act_once(request, act, said=said, form=form, again=again)


@require_POST
def give_up(request, pk):
    found, form = find_plan(request, pk, "change"), GiveUpForm(request.POST)
    act = lambda typed: found.give_up(by=request.user, **typed)  # noqa: E731
    return _acted(request, found, act, _("Given up, with the reason."), form, "give_up_form")


# Milestones and budget lines ------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def milestone(request, pk):
    """Reached, put off or dropped."""
    found = visible_or_404(Milestone.objects.select_related("plan__community"), request.user, "change", pk=pk)
    sent = request.POST if request.method == "POST" else None
    chosen = (sent or {}).get("act", "")
    reach = ReachForm(sent if chosen == "reach" else None, auto_id="reach_%s")
    put_off = PutOffForm(sent if chosen == "put_off" else None)
    context = {"milestone": found, "plan": found.plan, "reach_form": reach, "put_off_form": put_off}
    again = lambda: render(request, "premises/milestone.html", context)  # noqa: E731
    acts = {
        "reach": (reach, lambda typed: found.reach(by=request.user, **typed), _("Reached.")),
        "put_off": (put_off, lambda typed: found.put_off(by=request.user, **typed), _("Put off.")),
        "drop": (None, lambda _typed: found.drop(by=request.user), _("Dropped.")),
    }
    if chosen not in acts:
        return again()
    form, act, said = acts[chosen]
    return act_once(request, act, to=found.plan, said=said, form=form, again=again)


@require_http_methods(["GET", "HEAD", "POST"])
def line(request, pk):
    """A line of the budget with what was spent on it."""
    found = visible_or_404(BudgetLine.objects.select_related("plan__community"), request.user, pk=pk)
    may_change = found.plan.is_under_way and may_at(request.user, "change", BudgetLine, found.community_id)
    form = SpendForm(request.POST or None)
    spendings = list(found.spendings.select_related("noted_by"))
    context = {"line": found, "plan": found.plan, "spendings": spendings, "form": form if may_change else None}
    context["spent"] = sum(one.amount for one in spendings)
    again = lambda: render(request, "premises/line.html", context)  # noqa: E731
    if request.method != "POST" or not may_change:
        return again()
    act = lambda typed: found.spend(by=request.user, **typed)  # noqa: E731
    to = reverse("premises:line", args=[found.pk])
    return act_once(request, act, to=to, said=_("Noted."), form=form, again=again)
