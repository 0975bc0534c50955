"""Meetings of the leading group: planned with an agenda that draws itself, held, and what was promised followed up."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Max, Min
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities import agenda
from communities.meeting_forms import (
    CallOffForm,
    DecisionForm,
    DropForm,
    MeetingForm,
    OutcomeForm,
    OwnerForm,
    PlanForm,
    WriteUpForm,
)
from communities.models import Decision, Meeting
from communities.places import bodies_of, chosen_body, seats_to_add
from records.acting import act_once
from records.policy import visible_or_404
from records.trail import log_act

ON_A_PAGE = 50
SHOWN = Meeting.objects.select_related("community")


@require_safe
def meeting_list(request):
    rows = Meeting.objects.visible_to(request.user)
    places = bodies_of(request.user, Meeting)
    place = next((one for one in places if one.pk == request.GET.get("community")), None)
    if place:
        rows = rows.filter(community=place)
    span = rows.aggregate(first=Min("day"), last=Max("day"))
    years = list(range(span["last"].year, span["first"].year - 1, -1)) if span["last"] else []
    asked = request.GET.get("year", "")
    year = int(asked) if asked in map(str, years) else next(iter(years), timezone.localdate().year)
    found = rows.filter(day__year=year).with_figures().select_related("community").order_by("-day", "-pk")
    context = {
        "page": Paginator(found, ON_A_PAGE).get_page(request.GET.get("page")),
        "years": years,
        "year": year,
        "place": place,
        "places": places if len(places) > 1 else [],
        "open_decisions": Decision.objects.visible_to(request.user).open().count(),
        "may_plan": seats_to_add(request.user, Meeting).exists(),
    }
    return render(request, "meetings/list.html", context)


def plan(request):
    form = PlanForm(request.POST or None, by=request.user)

    def again():
        return render(request, "meetings/form.html", {"form": form})

    if request.method != "POST":
        return again()

    def do(data):
        made = form.save()
        log_act(request.user, "planned", made)

    return act_once(request, do, to="meetings:list", said=_("Planned."), form=form, again=again)


@require_safe
def meeting(request, pk):
    return _page(request, visible_or_404(SHOWN, request.user, pk=pk))


def _page(request, shown, **bound):
    """`bound`: a form that came back as it was typed, by name."""
    may_change = Meeting.objects.visible_to(request.user, "change").filter(pk=shown.pk).exists()
    context = {"meeting": shown, "may_change": may_change, **agenda_of(shown, request.user)}
    if shown.is_held:
        there = list(shown.came.defer("phone").order_by("position", "pk"))
        context |= {
            "came": there,
            "absent": shown.absent(there),
            "decisions": shown.decisions.select_related("owner").defer("owner__phone"),
        }
        if may_change:
            context["decision_form"] = DecisionForm(community=shown.community_id)
    return render(request, "meetings/meeting.html", {**context, **bound})


def agenda_of(shown, user, figures=None):
    """What was promised and what grew worse since the meeting before, as far as `user` sees it.

    `figures` keeps those of today by community for whoever draws many.
    """
    last, figures = shown.last, {} if figures is None else figures
    if shown.is_planned and shown.community_id not in figures:
        figures[shown.community_id] = agenda.take_figures(shown.community_id)
    now = shown.figures if shown.is_held else figures.get(shown.community_id, {}) if shown.is_planned else {}
    promised = Decision.objects.visible_to(user).looked_at_by(shown).defer("owner__phone")
    lines = agenda.compare(now, last.figures if last else {}, user, shown.community_id)
    return {"last": last, "promised": promised, "course": agenda.by_course(lines)}


def change(request, pk):
    changed = visible_or_404(SHOWN, request.user, "change", pk=pk)
    if not changed.is_planned:
        messages.error(request, _("This meeting is held or called off: its plan stays as it was."))
        return redirect(changed)
    form = MeetingForm(request.POST or None, instance=changed)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            log_act(request.user, "changed", changed, fields=[n for n in form.changed_data if n != "seen_version"])
        messages.success(request, _("Saved."))
        return redirect(changed)
    return render(request, "meetings/form.html", {"form": form, "meeting": changed})


def write_up(request, pk):
    held = visible_or_404(SHOWN, request.user, "change", pk=pk)
    if held.status == Meeting.Status.CALLED_OFF or not held.has_come:
        messages.error(request, _("A meeting is written up once its day has come."))
        return redirect(held)
    form = WriteUpForm(request.POST or None, instance=held)

    def again():
        return render(request, "meetings/write_up.html", {"form": form, "meeting": held})

    if request.method != "POST":
        return again()

    def do(data):
        written = {name: data[name] for name in ("came", "guests", "minutes")}
        if held.is_held:
            form.save()
            log_act(request.user, "changed", held, fields=[n for n in form.changed_data if n != "seen_version"])
        else:
            Meeting.objects.get(pk=pk).hold(**written, by=request.user)

    return act_once(request, do, to=held, said=_("The meeting is written up."), form=form, again=again)


def call_off(request, pk):
    called_off = visible_or_404(SHOWN, request.user, "change", pk=pk)
    form = CallOffForm(request.POST or None)

    def again():
        return render(request, "meetings/call_off.html", {"form": form, "meeting": called_off})

    if request.method != "POST":
        return again()

    def do(data):
        called_off.call_off(**data, by=request.user)

    return act_once(request, do, to=called_off, said=_("The meeting is called off."), form=form, again=again)


@require_POST
def decide(request, pk):
    held = visible_or_404(SHOWN, request.user, "change", pk=pk)
    form = DecisionForm(request.POST, community=held.community_id)

    def do(data):
        held.decide(**data, by=request.user)

    address = f"{held.get_absolute_url()}#decisions"
    again = lambda: _page(request, held, decision_form=form)  # noqa: E731
    return act_once(request, do, to=address, said=_("The decision is put down."), form=form, again=again)


@require_safe
def decisions(request):
    """Open decisions, the first due on top; `?mine=1` those of the person who looks."""
    place, places = chosen_body(request, Decision)
    mine = request.GET.get("mine") == "1"
    rows = Decision.objects.visible_to(request.user).open()
    rows = rows.filter(owner__account=request.user) if mine else rows.filter(community=place)
    rows = rows.select_related("owner", "meeting", "community").defer("owner__phone").order_by("due_on", "pk")
    context = {
        "page": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page")),
        "mine": mine,
        "all": not mine,
        "place": place,
        "places": places if len(places) > 1 and not mine else [],
    }
    return render(request, "meetings/decisions.html", context)


FOUND = Decision.objects.select_related("owner", "meeting", "community", "settled_by")


@require_safe
def decision(request, pk):
    return _decision_page(request, visible_or_404(FOUND, request.user, pk=pk))


def _decision_page(request, shown, **bound):
    may_change = Decision.objects.visible_to(request.user, "change").filter(pk=shown.pk).exists()
    context = {"decision": shown, "may_change": may_change and shown.is_open}
    if context["may_change"]:
        now = {"owner": shown.owner_id, "due_on": shown.due_on}
        context["outcome_form"], context["drop_form"] = OutcomeForm(), DropForm()
        context["owner_form"] = OwnerForm(initial=now, community=shown.community_id)
    return render(request, "meetings/decision.html", {**context, **bound})


def _settled(request, found, name, form, act, said):
    again = lambda: _decision_page(request, found, **{name: form})  # noqa: E731
    do = lambda data: act(**data, by=request.user)  # noqa: E731
    return act_once(request, do, to=found, said=said, form=form, again=again)


@require_POST
def done(request, pk):
    found = visible_or_404(FOUND, request.user, "change", pk=pk)
    form = OutcomeForm(request.POST)
    return _settled(request, found, "outcome_form", form, found.finish, _("Noted as done."))


@require_POST
def drop(request, pk):
    found = visible_or_404(FOUND, request.user, "change", pk=pk)
    form = DropForm(request.POST)
    return _settled(request, found, "drop_form", form, found.drop, _("Dropped, with its reason."))


@require_POST
def pass_on(request, pk):
    found = visible_or_404(FOUND, request.user, "change", pk=pk)
    form = OwnerForm(request.POST, community=found.community_id)
    return _settled(request, found, "owner_form", form, found.pass_on, _("Saved."))
