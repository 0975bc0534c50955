"""Pairings begun and ended, the time that helpers gave, and children of the advice-and-care group in nobody's hands."""

from django.db.models import F, Sum, Value
from django.db.models.functions import Coalesce, ExtractHour, ExtractMinute, Floor
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from children.models import Child
from records.measures import AS_TODAY, FIGURE, GAP, IN_PERIOD, Breakdown, measure
from volunteers.models import Contact, GroupChild, HomeDuty, Pairing

MINUTES_ON_DUTY = (ExtractHour("went_at") - ExtractHour("came_at")) * 60 + (
    ExtractMinute("went_at") - ExtractMinute("came_at")
)


def _whole_hours(minutes):
    return Floor(Coalesce(Sum(minutes), Value(0)) / Value(60.0))


def _list(query=""):
    return lambda: reverse("admin:volunteers_pairing_changelist") + query


@measure(
    _("Pairings begun"),
    definition=_("Pairings whose first day lies in the period."),
    kind=FIGURE,
    when=IN_PERIOD,
    page=_list(),
)
def pairings_begun(scope, period):
    return Pairing.objects.within(scope).filter(starts_on__range=(period.start, period.end))


@measure(
    _("Pairings ended"),
    definition=_("Pairings that had begun and whose last day lies in the period, by the reason given."),
    kind=FIGURE,
    when=IN_PERIOD,
    breakdowns={
        "reason": Breakdown(_("by reason"), dict(Pairing.EndReason.choices), lambda period: F("end_reason")),
    },
    page=_list("?status__exact=ended"),
)
def pairings_ended(scope, period):
    begun = Pairing.objects.within(scope).filter(status=Pairing.Status.ENDED, starts_on__isnull=False)
    return begun.filter(ends_on__range=(period.start, period.end))


@measure(
    _("Hours of contacts"),
    definition=_(
        "The minutes that helpers noted with contacts made in the period and with tries that reached nobody, added up "
        "for each community and given as whole hours, rounded down."
    ),
    kind=FIGURE,
    when=IN_PERIOD,
    amount=_whole_hours("minutes"),
    page=lambda: reverse("admin:volunteers_contact_changelist"),
)
def hours_of_contacts(scope, period):
    return Contact.objects.within(scope).made_in(period)


@measure(
    _("Hours on duty at the Home"),
    definition=_(
        "The time from coming to going of helpers on duty at the Children's Home in the period, added up for each "
        "community and given as whole hours, rounded down. Duties without both times do not count."
    ),
    kind=FIGURE,
    when=IN_PERIOD,
    amount=_whole_hours(MINUTES_ON_DUTY),
    page=lambda: reverse("home_duty:homes"),
)
def hours_on_duty(scope, period):
    return HomeDuty.objects.within(scope).served().filter(day__range=(period.start, period.end))


@measure(
    _("Children of the advice-and-care group whose member works here no more"),
    definition=_(
        "Children on whom a colleague of the advice-and-care group has an eye who is not posted to the community any "
        "more, or whose account is closed."
    ),
    kind=GAP,
    urgency=2,
    needs="volunteers.change_groupchild",
    act=_("Give the children to another member"),
    page=lambda: reverse("pairings:care_group"),
    when=AS_TODAY,
)
def children_of_members_gone(scope, period):
    lines = GroupChild.objects.within(scope).left_behind_on(period.end)
    return Child.objects.within(scope).filter(pk__in=lines.values("child"))
