"""What is counted about counselling: that it takes place, never what was said."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from children.models import Child
from counselling.models import Case, CounsellingSession
from records.measures import FIGURE, measure


@measure(
    _("Children in counselling"),
    definition=_("Children with a counselling case that was open on some day of the period."),
    kind=FIGURE,
)
def children_in_counselling(scope, period):
    open_then = Case.objects.within(scope).filter(opened_on__lte=period.end)
    open_then = open_then.filter(Q(closed_on=None) | Q(closed_on__gte=period.start))
    return Child.objects.within(scope).filter(pk__in=open_then.values("child"))


@measure(
    _("Counselling sessions held"),
    definition=_("Counselling sessions whose day lies in the period."),
    kind=FIGURE,
)
def counselling_sessions_held(scope, period):
    return CounsellingSession.objects.within(scope).filter(held_on__range=(period.start, period.end))
