"""What hangs up: the month of a community, and one activity. No leader, no helper, no child is named."""

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from activities.filters import led_or_helped_by
from activities.models import Activity, Session
from activities.month import month_of
from homes.models import Home
from records.lifecycle import Refused
from records.papers import paper
from records.staff_filters import clean_search
from records.text import clean_key

SESSIONS_ON_A_POSTER = 300
DAYS_ON_A_POSTER = 14


@paper("month_poster", model="communities.Division", title=_("Activities of the month"), has_choices=True)
def month_poster(rows, user, asked):
    """What a community holds in a month."""
    if not user.has_perm("activities.view_session"):
        raise Http404
    first, last = month_of(asked.get("month"))
    sheets = []
    for division in rows:
        sessions = Session.objects.visible_to(user).not_cancelled().filter(community=division.pk)
        sessions = sessions.filter(day__range=(first, last)).select_related("activity", "home")
        sheets.append((division, list(_narrowed(sessions, asked)[:SESSIONS_ON_A_POSTER])))
    return {"sheets": sheets, "first": first, "back_url": reverse("activities:calendar")}


def _narrowed(sessions, asked):
    """As the calendar was narrowed; what is no choice narrows nothing."""
    for name, choices in (("kind", Activity.Kind), ("audience", Activity.Audience)):
        if (value := asked.get(name)) in choices.values:
            sessions = sessions.filter(**{f"activity__{name}": value})
    if home := clean_key(asked.get("home")):
        sessions = sessions.filter(home=home)
    if helper := clean_key(asked.get("helper")):
        sessions = led_or_helped_by(sessions, helper)
    venue = clean_search(asked.get("venue", ""))
    return sessions.filter(home=None, venue=venue) if venue else sessions


@paper("activity_poster", model="activities.Activity", title=_("Poster of an activity"))
def activity_poster(rows, user):
    """The days before us of each activity, and a code to the Home's page for everybody, where there is a Home."""
    if any(row.status == Activity.Status.CANCELLED for row in rows):
        raise Refused(gettext("This activity is cancelled: there is nothing to invite to."))
    keys, today = [row.pk for row in rows], timezone.localdate()
    days: dict[int, list] = {key: [] for key in keys}
    ahead = Session.objects.not_cancelled().filter(activity__in=keys, day__gte=today).select_related("home")
    for session in ahead:
        days[session.activity_id].append(session)
    kept = Activity.objects.filter(pk__in=keys).select_related("community")
    homes = Home.objects.open_on(today).filter(community__in={row.community_id for row in rows})
    homes = set(homes.values_list("community", flat=True))
    sheets = [
        {
            "activity": one,
            "days": days[one.pk][:DAYS_ON_A_POSTER],
            "more": len(days[one.pk]) > DAYS_ON_A_POSTER,
            "has_home": one.community_id in homes,
        }
        for one in kept
    ]
    return {"sheets": sheets, "back_url": rows[0].get_absolute_url()}
