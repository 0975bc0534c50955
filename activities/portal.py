"""The portal's page of activities that a helper leads or helps at, or could help at. No child's data."""

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from activities.clashes import busy_helper
from activities.models import Activity, HandoutSheet, HelperPlace, Session
from records.acting import act_once
from records.lifecycle import Refused
from records.policy import NotVisible
from volunteers.standing import volunteer_required

WANTED_SHOWN = 50


def _ahead(rows):
    """Activities with the days before us, cancelled ones too: who comes is to see that they fall out."""
    today = timezone.localdate()
    sessions = Session.objects.filter(day__gte=today).select_related("home")
    rows = rows.filter(Exists(sessions.filter(activity=OuterRef("pk")))).exclude(status=Activity.Status.FINISHED)
    return rows.select_related("leader").prefetch_related(Prefetch("sessions", sessions, to_attr="ahead"))


def _of(helper):
    return HelperPlace.objects.coming().filter(volunteer=helper)


def concerned(helper):
    """Activities that the helper leads or comes to."""
    return Activity.objects.filter(Q(helper=helper) | Q(pk__in=_of(helper).values("activity")))


def wanted(helper):
    """What in the own community asks for more helpers, as far as the helper's checks reach the next day."""
    today = timezone.localdate()
    rows = Activity.objects.filter(community=helper.community_id, status__in=Activity.OPEN)
    places = HelperPlace.objects.coming().filter(activity=OuterRef("pk")).order_by().values("activity")
    coming = Coalesce(Subquery(places.annotate(figure=Count("pk")).values("figure")), 0)
    rows = rows.filter(helpers_needed__gt=0).annotate(coming=coming).filter(coming__lt=F("helpers_needed"))
    rows = rows.exclude(pk__in=concerned(helper).values("pk")).with_figures(today)
    return rows.filter(next_day__lte=helper.cleared_until or today)


@require_safe
@volunteer_required
def activities(request):
    helper = request.volunteer
    places = dict(_of(helper).values_list("activity", "pk"))
    sheets = Prefetch("handouts", HandoutSheet.objects.only("title", "activity"))
    mine = list(_ahead(concerned(helper)).prefetch_related(sheets).order_by("starts_on", "pk"))
    for activity in mine:
        activity.place = places.get(activity.pk)
    context = {
        "mine": mine,
        "wanted": _ahead(wanted(helper)).order_by("next_day", "pk")[:WANTED_SHOWN],
    }
    return render(request, "portal/activities.html", context)


def _acted(request, act, said):
    return act_once(request, lambda _data: act(), to="portal_activities:activities", said=said)


@require_POST
@volunteer_required
def come(request, pk):
    helper = request.volunteer
    found = Activity.objects.filter(community=helper.community_id, pk=pk).filter(helpers_needed__gt=0).first()
    if found is None:
        raise NotVisible(Activity, pk)
    said = _("Thank you. The office sees that you come.")
    return _acted(request, lambda: _take(found, helper, request.user), said)


def _take(activity, helper, user):
    if other := busy_helper(activity, helper, since=timezone.localdate()):
        facts = {"activity": other.activity.title, "when": other.when_and_where}
        words = _(
            "You lead or help at “%(activity)s” at the same time: %(when)s. Tell the office if you can still come."
        )
        raise Refused(words % facts)
    return activity.take_helper(helper, by=user)


@require_POST
@volunteer_required
def cannot(request, pk):
    place = HelperPlace.objects.filter(volunteer=request.volunteer, pk=pk).select_related("activity").first()
    if place is None:
        raise NotVisible(HelperPlace, pk)
    said = _("Thank you for saying so in time. The office and the other helpers see that somebody is needed.")
    return _acted(request, lambda: place.say_cannot(by=request.user), said)
