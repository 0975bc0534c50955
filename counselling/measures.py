"""What is counted about counselling: that it takes place, never what was said."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from children.models import Child, Referral
from counselling.case_list import QUIET_DAYS
from counselling.models import Case, CounsellingSession
from records.measures import AS_TODAY, FIGURE, GAP, IN_PERIOD, measure

SOON = dt.timedelta(days=7)


@measure(
    _("Children in counselling"),
    definition=_(
        "Children with a counselling case that was open on some day of the period, while they were referred to its "
        "counsellor."
    ),
    kind=FIGURE,
    when=IN_PERIOD,
)
def children_in_counselling(scope, period):
    open_then = Case.objects.within(scope).referred_within(period.start, period.end)
    return Child.objects.within(scope).filter(pk__in=open_then.values("child"))


@measure(
    _("Counselling sessions held"),
    definition=_("Counselling sessions whose day lies in the period."),
    kind=FIGURE,
    when=IN_PERIOD,
)
def counselling_sessions_held(scope, period):
    return CounsellingSession.objects.within(scope).filter(held_on__range=(period.start, period.end))


@measure(
    _("Children referred, no case opened"),
    definition=_("Referrals that hold at the end of the period, with no open case of the counsellor for the child."),
    kind=GAP,
    needs="counselling.add_case",
    own="counsellor",
    urgency=1,
    act=_("Open a case"),
    page=lambda: reverse("counselling:cases"),
    when=AS_TODAY,
)
def referred_without_case(scope, period):
    has_case = Case.objects.filter(child=OuterRef("child"), counsellor=OuterRef("counsellor"), status=Case.Status.OPEN)
    held = Referral.objects.within(scope).filter(starts_on__lte=period.end, child__left_on=None)
    return held.filter(Q(ends_on=None) | Q(ends_on__gte=period.end)).exclude(Exists(has_case))


@measure(
    _("Counselling sessions due within a week"),
    definition=_(
        "Sessions of open cases after which a next one was agreed, for a day up to a week after the period or already "
        "past, and none was held since, where the referral still holds."
    ),
    kind=GAP,
    needs="counselling.add_case",
    own="case__counsellor",
    act=_("To my cases"),
    page=lambda: reverse("counselling:cases"),
    when=AS_TODAY,
)
def counselling_sessions_due(scope, period):
    later = CounsellingSession.objects.held_after(OuterRef("case"), OuterRef("held_on"), OuterRef("number"))
    going_on = Case.objects.within(scope).filter(status=Case.Status.OPEN).referred_within(period.end, period.end)
    agreed = CounsellingSession.objects.within(scope).filter(case__in=going_on.values("pk"))
    return agreed.filter(next_on__lte=period.end + SOON).exclude(Exists(later))


@measure(
    _("Counselling cases without a session for a month"),
    definition=_(
        "Open cases opened, and last met in a session, 30 days or more before the end of the period, where the "
        "referral still holds."
    ),
    kind=GAP,
    needs="counselling.add_case",
    own="counsellor",
    act=_("To my cases"),
    page=lambda: reverse("counselling:cases"),
    when=AS_TODAY,
)
def counselling_cases_quiet(scope, period):
    since = period.end - dt.timedelta(days=QUIET_DAYS)
    met = CounsellingSession.objects.filter(case=OuterRef("pk"), held_on__gt=since)
    still_open = Case.objects.within(scope).filter(status=Case.Status.OPEN, opened_on__lte=since)
    return still_open.referred_within(period.end, period.end).exclude(Exists(met))
