"""Activities in a person's own calendar app: a secret address that the person makes, renews and ends."""

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from icalendar import Calendar, Event

from activities.models import CalendarFeed, Session
from communities.throttle import may
from records import once
from records.scoping import COMMUNITY_DIGITS

DAYS_BACK, DAYS_AHEAD = dt.timedelta(days=31), dt.timedelta(days=400)
EVENTS_AT_MOST = 1000


def feed_page(request):
    """The address is shown once, when it is made."""
    address = None
    if request.method == "POST":
        with once.claim(request) as claim:
            if claim.repeated:
                return redirect("activities:feed")
            token = CalendarFeed.objects.renew(request.user)
            # Logs keep addresses without what stands behind the question mark.
            address = request.build_absolute_uri(f"{reverse('activities:ical')}?key={token}")
            claim.result_url = request.path
    standing = CalendarFeed.objects.filter(user=request.user, ended_at=None).first()
    return render(request, "activities/feed.html", {"address": address, "standing": standing})


@require_POST
def feed_end(request):
    CalendarFeed.objects.end(request.user)
    messages.success(request, _("The calendar address has ended. Calendar apps that had it get nothing more."))
    return redirect("activities:feed")


@require_safe
@never_cache
def ical(request):
    """For calendar apps, which cannot sign in: what the person's postings of today let them see, and no name."""
    if not may(request, "calendar_feed"):
        return HttpResponse(status=429)
    feed = CalendarFeed.objects.find(request.GET.get("key", ""))
    if feed is None or not feed.user.codes_for(Session):
        raise Http404
    with override(feed.user.language or "zh-hans"):
        body = _calendar(_sessions_of(feed.user), request.get_host()).to_ical()
    return HttpResponse(body, content_type="text/calendar; charset=utf-8")


def _sessions_of(user):
    """All of the communities a person works in; of streets and districts, only what the person leads."""
    today = timezone.localdate()
    rows = Session.objects.visible_to(user).filter(day__range=(today - DAYS_BACK, today + DAYS_AHEAD))
    if any(len(code) < COMMUNITY_DIGITS for code in user.codes_for(Session)):
        rows = rows.filter(activity__leader=user)
    return rows.select_related("activity").order_by("day", "starts_at", "pk")[:EVENTS_AT_MOST]


def _calendar(sessions, host):
    calendar = Calendar()
    calendar.add("prodid", "-//Small Hands//activities//")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Small Hands: activities"))
    for session in sessions:
        calendar.add_component(_event(session, host))
    return calendar


def _event(session, host):
    event = Event()
    event.add("uid", f"session-{session.pk}@{host}")
    event.add("dtstamp", timezone.now())
    event.add("dtstart", _moment(session.day, session.starts_at))
    event.add("dtend", _moment(session.day, session.ends_at))
    event.add("summary", session.activity.title)
    event.add("location", session.venue)
    event.add("description", f"{session.activity.get_kind_display()} · {session.activity.get_audience_display()}")
    event.add("sequence", session.version)
    event.add("status", "CANCELLED" if session.is_cancelled else "CONFIRMED")
    return event


def _moment(day, time):
    return dt.datetime.combine(day, time, tzinfo=timezone.get_default_timezone()).astimezone(dt.UTC)
