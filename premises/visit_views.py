"""Visits of children to the Home on a phone: open the day, tap once for each child, close the day."""

import datetime as dt

from django import forms
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from children.models import Child
from communities.places import may_at
from premises.asset_views import page_of
from premises.models import ChildVisit, HomeDayLog
from premises.models.visit import GUESTS_AT_MOST
from premises.reach import chosen_home, find_home
from premises.who import children_of, found_by
from records.acting import act_once
from records.lifecycle import refusals_shown
from records.policy import visible_or_404
from records.text import clean_key
from records.trail import log_read

REGULARS = dt.timedelta(days=60)
SHOWN_AT_MOST = 120


class EndForm(forms.Form):
    use_required_attribute = False
    guests = forms.IntegerField(
        label=gettext_lazy("Other children, not on file here"), min_value=0, max_value=GUESTS_AT_MOST, initial=0
    )


@require_safe
def visits(request):
    """The days of a Home with how many children came."""
    home, homes = chosen_home(request, HomeDayLog)
    rows = HomeDayLog.objects.visible_to(request.user).filter(home=home)
    today = timezone.localdate()
    page = page_of(request, rows.order_by("-day"))
    context = {
        "home": home,
        "homes": homes,
        "page": page,
        "today": rows.filter(day=today).first(),
        "may_add": home is not None and may_at(request.user, "add", HomeDayLog, home.community_id),
    }
    return render(request, "premises/visits.html", context)


@require_POST
def begin(request, pk):
    home = find_home(request, pk, HomeDayLog, "add")
    made = []
    with refusals_shown(request):
        made.append(HomeDayLog.begin(home, by=request.user))
    return redirect("premises:day", made[0].pk) if made else redirect(f"{reverse('premises:visits')}?home={home.pk}")


def _log(request, pk, action="view"):
    return visible_or_404(HomeDayLog.objects.select_related("home", "community"), request.user, action, pk=pk)


@require_safe
def day(request, pk):
    return _day_page(request, _log(request, pk))


def _day_page(request, log, **bound):
    text, found = found_by(request, log.home)
    lines = _lines(request.user, log)
    shown = {line["child"].pk for line in lines}
    found = [child for child in found if child.pk not in shown]
    log_read(request.user, [line["child"] for line in lines] + found, page="premises:day")
    context = {
        "log": log,
        "lines": lines,
        "present": log.visits.came().count(),
        "text": text,
        "found": found,
        "may_change": log.is_open and may_at(request.user, "change", HomeDayLog, log.community_id),
        "end_form": EndForm(initial={"guests": log.guests}),
        **bound,
    }
    return render(request, "premises/day.html", context)


def _lines(user, log):
    """All noted on the day, and while it is open so many of the regulars of the last weeks; in the order of names."""
    noted = dict(ChildVisit.objects.visible_to(user).filter(log=log).values_list("child", "came"))
    keys = set(noted) if log.is_open else {key for key, came in noted.items() if came}
    if log.is_open:
        lately = ChildVisit.objects.filter(log__home=log.home_id, log__day__gte=log.day - REGULARS, came=True)
        regulars = lately.exclude(child__in=noted).order_by("child").values_list("child", flat=True).distinct()
        keys |= set(regulars[: max(0, SHOWN_AT_MOST - len(noted))])
        children = children_of(user, log.home).filter(pk__in=keys)
    else:
        rows = Child.objects.visible_to(user).filter(pk__in=keys, merged_into=None)
        children = rows.only("name", "number", "community_id").order_by("name_pinyin", "pk")
    return [{"child": child, "came": noted.get(child.pk, False)} for child in children]


@require_POST
def tap(request, pk):
    """One tap: the child came; a second one takes it back."""
    log = _log(request, pk, "change")
    key = clean_key(request.POST.get("child"))
    child = visible_or_404(children_of(request.user, log.home), request.user, pk=key)
    with refusals_shown(request):
        log.tap(child, came=request.POST.get("mark") == "came", by=request.user)
    if not request.htmx:
        return redirect(f"{reverse('premises:day', args=[log.pk])}#child-{child.pk}")
    came = log.visits.filter(child=child, came=True).exists()
    context = {"log": log, "line": {"child": child, "came": came}, "may_change": True, "swapped": True}
    return render(request, "premises/_visit_line.html", {**context, "present": log.visits.came().count()})


@require_POST
def end(request, pk):
    log, form = _log(request, pk, "change"), EndForm(request.POST)
    act = lambda typed: log.end(by=request.user, **typed)  # noqa: E731
    again = lambda: _day_page(request, _log(request, pk), end_form=form)  # noqa: E731
    return act_once(
        request, act, to=reverse("premises:day", args=[log.pk]), said=_("The day is closed."), form=form, again=again
    )
