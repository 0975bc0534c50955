"""Calls to the parents by booking: the half hours of a day, who has them, whom to tell when the Home is closed."""

import datetime as dt

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_time
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.places import may_at
from homes.open_days import opening_of
from premises.models import Asset, Booking
from premises.models.booking import AHEAD, end_of, slots_within
from premises.reach import chosen_home
from premises.who import children_of, found_by
from records.acting import act_once
from records.days import clean_day
from records.lifecycle import Refused
from records.policy import visible_or_404
from records.text import clean_key
from records.trail import log_read

A_DAY = dt.timedelta(days=1)
Status = Booking.Status


@require_safe
def calls(request):
    """The computers and telephones of a Home on one day, half hour by half hour."""
    home, homes = chosen_home(request, Booking)
    today = timezone.localdate()
    day = clean_day(request.GET.get("day"), years_around=2) or today
    context = {"home": home, "homes": homes, "day": day, "today": today, "before": day - A_DAY, "after": day + A_DAY}
    if home is not None:
        context |= _plan_of(request.user, home, day)
        context["export_query"] = urlencode({"home": home.pk, "day": day.isoformat()})
    return render(request, "premises/calls.html", context)


def _plan_of(user, home, day):
    bookings = Booking.objects.visible_to(user).filter(home=home, day=day).exclude(status=Status.GIVEN_BACK)
    bookings = list(bookings.select_related("child", "asset").order_by("starts_at", "pk"))
    log_read(user, {booking.child for booking in bookings}, page="premises:calls")
    opening = opening_of(home, day)[day]
    things = home.assets.kept().filter(kind__in=["computer", "telephone"]).order_by("number")
    return {
        "opening": opening,
        "plan": [(thing, _line(thing, bookings, opening, day)) for thing in things],
        "off": [booking for booking in bookings if booking.status == Status.OFF],
        "may_change": may_at(user, "change", Booking, home.community_id),
        "last": timezone.localdate() + AHEAD,
    }


def _line(thing, bookings, opening, day):
    """[(time of beginning, end, booking or None, whether it may be booked)] of one thing on the day."""
    taken = {one.starts_at: one for one in bookings if one.asset_id == thing.pk and one.status != Status.OFF}
    now = timezone.localtime()
    is_usable = thing.status == Asset.Status.IN_USE and now.date() <= day <= now.date() + AHEAD
    times = sorted({*slots_within(opening.hours), *taken})
    return [
        (at, end_of(at), taken.get(at), is_usable and at not in taken and (day > now.date() or end_of(at) > now.time()))
        for at in times
    ]


def _url(home, day):
    return reverse("premises:calls", query={"home": home.pk, "day": day.isoformat()})


@require_http_methods(["GET", "HEAD", "POST"])
def book(request, pk):
    """One half hour of one thing: the child is searched and chosen."""
    rows = Asset.objects.select_related("home", "community")
    thing = visible_or_404(rows, request.user, pk=pk)
    asked = request.POST if request.method == "POST" else request.GET
    day, at = clean_day(asked.get("day"), years_around=2), _time(asked.get("at"))
    text, found = found_by(request, thing.home)
    log_read(request.user, found, page="premises:book")
    may_add = may_at(request.user, "add", Booking, thing.community_id)
    context = {"asset": thing, "home": thing.home, "day": day, "at": at, "text": text, "found": found}
    context |= {"may_add": may_add, "back": _url(thing.home, day or timezone.localdate())}
    if at is not None:
        context["until"] = end_of(at)
    if request.method != "POST" or not may_add:
        return render(request, "premises/book.html", context)
    child = visible_or_404(children_of(request.user, thing.home), request.user, pk=clean_key(asked.get("child")))

    def act(_typed):
        if day is None or at is None:
            raise Refused(_("Choose a half hour first."))
        Booking.book(thing, child, day=day, starts_at=at, by=request.user)

    return act_once(request, act, to=context["back"], said=_("Booked."))


def _time(text):
    try:
        return parse_time(text or "")
    except ValueError:
        return None


def _booking(request, pk):
    rows = Booking.objects.select_related("home", "child")
    return visible_or_404(rows, request.user, "change", pk=pk)


def _acted(request, found, act, said=""):
    return act_once(request, act, to=_url(found.home, found.day), said=said)


@require_POST
def kept(request, pk):
    found = _booking(request, pk)
    return _acted(request, found, lambda _typed: found.note(Status.KEPT, by=request.user))


@require_POST
def missed(request, pk):
    found = _booking(request, pk)
    return _acted(request, found, lambda _typed: found.note(Status.MISSED, by=request.user))


@require_POST
def give_back(request, pk):
    found = _booking(request, pk)
    return _acted(request, found, lambda _typed: found.give_back(by=request.user), _("The half hour is free again."))


@require_safe
def to_tell(request):
    """Calls ahead that the Home called off: tell the families, and tick them."""
    rows = Booking.objects.visible_to(request.user, "change").to_tell(timezone.localdate())
    rows = list(rows.select_related("child", "home", "asset").order_by("day", "starts_at", "pk")[:200])
    log_read(request.user, {booking.child for booking in rows}, page="premises:to_tell")
    return render(request, "premises/to_tell.html", {"rows": rows})


@require_POST
def told(request, pk):
    found = _booking(request, pk)
    to = reverse("premises:to_tell")
    return act_once(request, lambda _typed: found.note_told(by=request.user), to=to, said=_("Noted as told."))
