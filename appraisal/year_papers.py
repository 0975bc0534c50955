"""The year book as paper: figures as kept, everything else as it may be told on the day it is read."""

import datetime as dt

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from activities.models import Activity, SessionPhoto
from appraisal.models import Demand, Nomination, Visit, YearBook
from appraisal.naming import names_for, public_name
from appraisal.year_figures import FROZEN, LIVE, MIXED, NONE
from communities.models import Division, Meeting
from records import measures
from records.attachments import owner_attachment_url
from records.lifecycle import Refused
from records.papers import paper
from records.scoping import Scope
from records.trail import log_read
from reports import layout
from reports.published import Shown
from reports.trends import Trend

MEETINGS, ACTIVITIES, PICTURES, AWARDS = 60, 60, 12, 60
STATES = {
    FROZEN: _("accepted"),
    MIXED: _("in part accepted"),
    LIVE: _("live: not accepted yet"),
    NONE: _("not reported"),
}


@paper("year_book", model="appraisal.YearBook", title=_("Year book"))
def year_book(rows, user):
    found = YearBook.objects.filter(pk__in=[row.pk for row in rows]).select_related("division", "made_by")
    books = [_book(one, user) for one in found if one.made_at]
    if not books:
        raise Refused(gettext("This year book is not made yet. Come back when the work is done."))
    return {"books": books, "back_url": reverse("year_book:books")}


def _book(book, user):
    figures, place = book.figures, book.division
    is_district = place.level == Division.Level.DISTRICT
    first, last = dt.date(book.year, 1, 1), dt.date(book.year, 12, 31)
    own = [number for number, written in enumerate(figures["quarters"]) if written.startswith(str(book.year))]
    parts = {place.pk: place} | {d.pk: d for d in Division.objects.filter(parent=place).order_by("code")}
    drawn = {
        "book": book,
        "place": place,
        "is_district": is_district,
        "quarters": [_quarter(figures, number) for number in own],
        "sections": _sections(figures, place.pk, own),
        "parts": [] if place.level == Division.Level.COMMUNITY else _parts(figures, parts, own),
        "trends": trends_of(figures, place.pk),
        "awards": _awards(place.pk, book.year, user, is_district),
    }
    if not is_district:
        drawn |= _what_was_done(Scope.of(place.pk), first, last, user)
    return drawn


def _quarter(figures, number):
    written = figures["quarters"][number]
    state, counted, communities = figures["states"][written]
    return {"written": written, "state": STATES[state], "is_live": state in (LIVE, MIXED),
            "counted": counted, "communities": communities}  # fmt: skip


def _sections(figures, code, own):
    """[(title, [(measure, [number or None])])] of the year's quarters."""
    found = []
    for title, members in layout.sections():
        lines = [(m, figures["rows"].get(m.key, {}).get(code)) for m in members]
        lines = [(m, [values[number] for number in own]) for m, values in lines if values]
        if lines:
            found.append((title, lines))
    return found


TRENDS = ["children_on_register", "children_paired", "contacts_visit", "sessions_held", "attendances", "helpers_active"]


def trends_of(figures, code):
    """A drawing for each measure shown that has two numbers or more, from the first quarter with figures on."""
    told = [figures["states"][written][0] != NONE for written in figures["quarters"]]
    first = told.index(True) if any(told) else 0
    found = []
    for key in TRENDS:
        values = figures["rows"].get(key, {}).get(code, [])
        drawn = [
            (written, written, Shown(value) if is_told else None)
            for written, value, is_told in zip(figures["quarters"], values, told, strict=False)
        ]
        if len([value for value in values if value is not None]) > 1:
            found.append(Trend.of(measures.get(key), drawn[first:]))
    return found


SIDE_BY_SIDE = ["children_on_register", "left_behind_children", "migrant_children", "children_paired", "sessions_held"]


def _parts(figures, places, own):
    """The last quarter with numbers, division by division: {"measures": […], "lines": [(division, [number])]}."""
    measures = [m for _title, members in layout.sections() for m in members if m.key in SIDE_BY_SIDE]
    rows = figures["rows"]
    told = [n for n in own if any(v[n] is not None for m in measures for v in rows.get(m.key, {}).values())]
    if not told:
        return None
    last = told[-1]
    lines = []
    for code, place in places.items():
        cells = [rows.get(m.key, {}).get(code) for m in measures]
        if any(cells):
            lines.append((place, [cell[last] if cell else None for cell in cells]))
    return {"measures": measures, "lines": lines, "quarter": figures["quarters"][last]}


def _awards(code, year, user, is_district):
    """[(name, nomination)]: a district's as everybody reads them, else as this person may."""
    rows = Nomination.objects.awarded().within(Scope.of(code)).filter(call__year=year)
    rows = rows.select_related("call", "community", "helper", "home").order_by("call__kind", "pk")
    if is_district:
        return [(public_name(one), one) for one in rows.published()[:AWARDS]]
    rows = list(rows.filter(pk__in=Nomination.objects.visible_to(user).values("pk"))[:AWARDS])
    names = names_for(rows, user)
    if seen := [named.child for named in names.values() if named.child]:
        log_read(user, seen)
    return [(names[one.pk].words, one) for one in rows]


def _what_was_done(scope, first, last, user):
    days = {"day__gte": first, "day__lte": last}
    meetings = Meeting.objects.visible_to(user).within(scope).held().filter(**days).select_related("community")
    visits = Visit.objects.visible_to(user).within(scope).held().filter(**days).select_related("community", "office")
    demands = Demand.objects.visible_to(user).within(scope).filter(visit__in=visits.order_by().values("pk"))
    held = Q(sessions__day__range=(first, last), sessions__cancelled_at=None) & ~Q(sessions__record="")
    activities = Activity.objects.visible_to(user).within(scope).annotate(days=Count("sessions", filter=held))
    pictures = SessionPhoto.objects.visible_to(user).within(scope).for_publicity()
    pictures = pictures.filter(session__day__range=(first, last)).select_related("photo", "session__activity")
    return {
        "meetings": meetings.order_by("day", "pk")[:MEETINGS],
        "meetings_in_all": meetings.count(),
        "visits": visits.order_by("day", "pk")[:MEETINGS],
        "demands": {"all": demands.count(), "open": demands.unsettled().count()},
        "activities": activities.filter(days__gt=0)
        .select_related("community")
        .order_by("starts_on", "pk")[:ACTIVITIES],
        "pictures": [(one, owner_attachment_url(one, "photo")) for one in pictures.order_by("session__day")[:PICTURES]],
    }
