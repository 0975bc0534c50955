"""Activities in a person's own calendar app: a secret address that the person makes, renews and ends."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from icalendar import Calendar

from activities.calendar_events import events_of
from activities.models import CalendarFeed
from communities.throttle import may
from records import once
from volunteers.standing import volunteer_required


def feed_page(request):
    return _page(request, "activities/feed.html")


@volunteer_required
def portal_feed(request):
    return _page(request, "portal/feed.html")


def _page(request, template):
    """The address is shown once, when it is made."""
    address = None
    if request.method == "POST":
        with once.claim(request) as claim:
            if claim.repeated:
                return redirect(request.path)
            token = CalendarFeed.objects.renew(request.user)
            # Logs keep addresses without what stands behind the question mark.
            address = request.build_absolute_uri(f"{reverse('activities:ical')}?key={token}")
            claim.result_url = request.path
    standing = CalendarFeed.objects.filter(user=request.user, ended_at=None).first()
    return render(request, template, {"address": address, "standing": standing})


@require_POST
def feed_end(request):
    return _end(request, "activities:feed")


@require_POST
@volunteer_required
def portal_feed_end(request):
    return _end(request, "portal_activities:feed")


def _end(request, back):
    CalendarFeed.objects.end(request.user)
    messages.success(request, _("The calendar address has ended. Calendar apps that had it get nothing more."))
    return redirect(back)


@require_safe
@never_cache
def ical(request):
    """For calendar apps, which cannot sign in: what the person's postings of today let them see, and no name."""
    if not may(request, "calendar_feed"):
        return HttpResponse(status=429)
    feed = CalendarFeed.objects.find(request.GET.get("key", ""))
    if feed is None:
        raise Http404
    with override(feed.user.language or "zh-hans"):
        events = events_of(feed.user, request.get_host())
        if events is None:
            raise Http404
        body = _calendar(events).to_ical()
    return HttpResponse(body, content_type="text/calendar; charset=utf-8")


def _calendar(events):
    calendar = Calendar()
    calendar.add("prodid", "-//Small Hands//activities//")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Small Hands: activities"))
    for event in events:
        calendar.add_component(event)
    return calendar
