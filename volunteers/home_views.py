"""Staff keep the duty roster of a Children's Home: its shifts, its weeks, who is on a day, who came."""

import datetime as dt
from collections import defaultdict

from django.contrib import messages
from django.db.models import Prefetch
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.models import ClosedDay
from communities.places import may_at
from homes.models import Home, Season, Weekday
from homes.models.opening import hours_of
from records.acting import act_once
from records.days import clean_day
from records.lifecycle import refusals_shown
from records.policy import visible_or_404
from records.scoping import Scope
from volunteers import home_roster
from volunteers.home_forms import MakeForm, PutOnForm, ShiftForm, TickForm
from volunteers.letter_forms import WhyForm
from volunteers.models import HomeDay, HomeDuty, HomeShift, Team, Volunteer


@require_safe
def homes(request):
    """The Homes in reach, those first where somebody is needed; a single one opens at once."""
    today, reach = timezone.localdate(), rosters_of(request.user)
    open_ones = Home.objects.visible_to(request.user).within(reach).open_on(today)
    found = list(open_ones.select_related("community").order_by("pk"))
    if len(found) == 1:
        return redirect("home_duty:week", found[0].pk)
    ahead = HomeDay.objects.visible_to(request.user).filter(day__gte=today, day__lt=today + home_roster.LOOK_AHEAD)
    short = list(ahead.short().order_by().values_list("home", flat=True))
    lines = [(home, short.count(home.pk)) for home in found]
    lines.sort(key=lambda line: -line[1])
    return render(request, "home_duty/homes.html", {"lines": lines})


def rosters_of(user, action="view"):
    """Where this person may see, or keep, rosters: not everywhere where a Home is seen."""
    return Scope.of(*user.codes_for(HomeShift, action))


def _home(request, pk, action="view"):
    rows = Home.objects.within(rosters_of(request.user, action)).select_related("community")
    return visible_or_404(rows, request.user, pk=pk)


def monday_of(typed):
    """The Monday of the week in an address, else of this week."""
    day = clean_day(typed) or timezone.localdate()
    return day - dt.timedelta(days=day.weekday())


def _slots_of(homes, first):
    """The lines of a week's rosters with their people."""
    standing = HomeDuty.objects.exclude(status=HomeDuty.Status.OFF).select_related("volunteer", "slot", "team")
    standing = standing.defer("volunteer__phone", "volunteer__id_number").order_by("pk")
    rows = HomeDay.objects.filter(home__in=homes, day__gte=first, day__lt=first + home_roster.WEEK).with_manned()
    rows = rows.select_related("home").prefetch_related(Prefetch("duties", standing))
    return rows.order_by("day", "starts_at", "pk")


def weeks_of(homes, first):
    """{Home's key: [(day, name of its holiday, its lines)] from Monday to Sunday}"""
    lines = defaultdict(list)
    for slot in _slots_of(homes, first):
        lines[slot.home_id, slot.day].append(slot)
    days = [first + dt.timedelta(days=number) for number in range(7)]
    free = {code: ClosedDay.holidays(code, days[0], days[-1]) for code in {home.district for home in homes}}
    return {home.pk: [(day, free[home.district].get(day, ""), lines[home.pk, day]) for day in days] for home in homes}


@require_safe
def week(request, pk):
    return _week_page(request, _home(request, pk), monday_of(request.GET.get("week")))


def _week_page(request, home, first, **bound):
    today = timezone.localdate()
    context = {
        "home": home,
        "first": first,
        "last": first + dt.timedelta(days=6),
        "before": first - home_roster.WEEK,
        "after": first + home_roster.WEEK,
        "days": weeks_of([home], first)[home.pk],
        "today": today,
        "has_shifts": home.shifts.filter(ended_on=None).exists(),
        "may_change": may_at(request.user, "change", HomeDay, home.community_id),
        "make_form": MakeForm(initial={"first": max(first, today), "span": "week"}),
        **bound,
    }
    return render(request, "home_duty/week.html", context)


def _week_url(home, day):
    return reverse("home_duty:week", args=[home.pk]) + f"?week={day:%Y-%m-%d}"


@require_POST
def make(request, pk):
    """The roster of a week or of four, in one act."""
    home, form = _home(request, pk, "change"), MakeForm(request.POST)
    first = form.days["first"] if form.is_valid() else timezone.localdate()

    def act(cleaned):
        added = home_roster.make_roster(home, **form.days, again=cleaned["again"], by=request.user)
        said = ngettext("%(n)s duty is on the roster now.", "%(n)s duties are on the roster now.", added)
        messages.success(request, said % {"n": added})
        if home_roster.by_hours(home)[1]:
            words = _("Shifts outside the opening hours are left out. Give them up, or change the hours.")
            messages.warning(request, words)

    again = lambda: _week_page(request, home, monday_of(str(first)), make_form=form)  # noqa: E731
    return act_once(request, act, to=_week_url(home, first), form=form, again=again)


@require_http_methods(["GET", "HEAD", "POST"])
def shifts(request, pk):
    """The shifts of an ordinary week, and a form for one more."""
    if request.method != "POST":
        return _shifts_page(request, _home(request, pk), ShiftForm())
    home, form = _home(request, pk, "change"), ShiftForm(request.POST)
    act = lambda cleaned: HomeShift.plan(home, by=request.user, **cleaned)  # noqa: E731
    again = lambda: _shifts_page(request, home, form)  # noqa: E731
    said = _("The shift is planned. Make the roster to put it on days.")
    to = reverse("home_duty:shifts", args=[home.pk])
    return act_once(request, act, to=to, said=said, form=form, again=again)


def _shifts_page(request, home, form):
    hours, in_holidays = hours_of(home), hours_of(home, Season.HOLIDAY)
    context = {
        "home": home,
        "shifts": [(shift, shift.why_outside(hours, in_holidays)) for shift in home.shifts.filter(ended_on=None)],
        "hours": [(Weekday(day).label, *times) for day, times in sorted(hours.items())],
        "form": form,
        "may_change": may_at(request.user, "change", HomeShift, home.community_id),
        "may_set_hours": may_at(request.user, "change", Home, home.community_id),
    }
    return render(request, "home_duty/shifts.html", context)


@require_POST
def give_up(request, pk):
    shift = visible_or_404(HomeShift.objects.select_related("home"), request.user, "change", pk=pk)
    with refusals_shown(request):
        shift.give_up(by=request.user)
        messages.success(request, _("The shift is given up. Days already on the roster stay."))
    return redirect("home_duty:shifts", shift.home_id)


def _slot(request, pk, action="view"):
    rows = HomeDay.objects.select_related("home", "community").with_manned()
    return visible_or_404(rows, request.user, action, pk=pk)


@require_safe
def day(request, pk):
    return _day_page(request, _slot(request, pk))


def _can_be_put_on(slot):
    """Helpers of the community who are cleared on the day and not on this duty yet."""
    helpers = Volunteer.objects.filter(community=slot.community_id, cleared_until__gte=slot.day)
    there = slot.duties.holding().values("volunteer")
    return helpers.in_service_on(slot.day).exclude(pk__in=there).defer("phone", "id_number").order_by("name", "pk")


def _put_on_form(slot, typed=None):
    teams = Team.objects.filter(community=slot.community_id).standing_on(timezone.localdate())
    return PutOnForm(typed, helpers=_can_be_put_on(slot), teams=teams)


def _day_page(request, slot, ticked=None, **bound):
    """`ticked`: {duty's key: its form as it was sent}."""
    duties = slot.duties.select_related("volunteer", "slot", "team", "stands_in_for__volunteer")
    duties = duties.defer("volunteer__phone", "volunteer__id_number").exclude(status=HomeDuty.Status.OFF)
    may_change, ticked = may_at(request.user, "change", HomeDay, slot.community_id), ticked or {}
    context = {
        "slot": slot,
        "lines": [(duty, ticked.get(duty.pk) or TickForm.of(duty)) for duty in duties.order_by("pk")],
        "missing": max(0, slot.needed - slot.manned),
        "back": _week_url(slot.home, slot.day),
        "has_come": slot.has_begun,
        "may_change": may_change and slot.is_on,
        "put_on_form": _put_on_form(slot),
        "off_form": WhyForm(),
        **bound,
    }
    return render(request, "home_duty/day.html", context)


def _acted(request, slot, act, form=None, **drawn):
    """`drawn`: where the page shows the form again."""
    to = reverse("home_duty:day", args=[slot.pk])
    again = lambda: _day_page(request, _slot(request, slot.pk), **drawn)  # noqa: E731
    return act_once(request, act, to=to, form=form, again=again)


@require_POST
def put_on(request, pk):
    slot = _slot(request, pk, "change")
    form = _put_on_form(slot, request.POST)

    def act(cleaned):
        if helper := cleaned["helper"]:
            home_roster.put_on(slot, helper, by=request.user)
            messages.success(request, _("%(name)s is on the roster.") % {"name": helper.name})
            return
        put, words = home_roster.put_team_on(slot, cleaned["team"], by=request.user)
        said = ngettext("%(n)s member is on the roster.", "%(n)s members are on the roster.", len(put))
        messages.success(request, said % {"n": len(put)})
        for why in words:
            messages.warning(request, why)

    return _acted(request, slot, act, form, put_on_form=form)


@require_POST
def call_off(request, pk):
    slot, form = _slot(request, pk, "change"), WhyForm(request.POST)

    def act(cleaned):
        slot.call_off(by=request.user, **cleaned)
        said = _("Called off on %(day)s. Tell those who stand on the roster.")
        messages.success(request, said % {"day": date_format(slot.day)})

    return _acted(request, slot, act, form, off_form=form)


def _duty(request, pk):
    rows = HomeDuty.objects.select_related("volunteer", "slot").defer("volunteer__phone", "volunteer__id_number")
    return visible_or_404(rows, request.user, "change", pk=pk)


@require_POST
def tick(request, pk):
    duty = _duty(request, pk)
    form = TickForm.of(duty, request.POST)
    act = lambda cleaned: duty.tick(by=request.user, **cleaned)  # noqa: E731
    return _acted(request, duty.slot, act, form, ticked={duty.pk: form})


@require_POST
def absent(request, pk):
    duty = _duty(request, pk)
    return _acted(request, duty.slot, lambda _cleaned: duty.was_absent(by=request.user))


@require_POST
def cannot(request, pk):
    duty = _duty(request, pk)
    return _acted(request, duty.slot, lambda _cleaned: duty.say_cannot(by=request.user))


@require_POST
def take_off(request, pk):
    duty = _duty(request, pk)
    return _acted(request, duty.slot, lambda _cleaned: duty.take_off(by=request.user))
