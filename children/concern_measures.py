"""The clock of concerns: what is open, how long it has waited, and what should have been followed up by now."""

import datetime as dt

from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from children.models import Concern
from records.measures import FIGURE, GAP, IN_PERIOD, measure

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
_CHANGE = "children.change_concern"


def _page(status):
    return lambda: reverse("admin:children_concern_changelist") + f"?status__exact={status}"


def _moment(period):
    """The present, or the end of a period that is over."""
    after = timezone.make_aware(dt.datetime.combine(period.end + DAY, dt.time()))
    return min(timezone.now(), after - dt.timedelta(microseconds=1))


def _unreported(scope, period):
    return Concern.objects.within(scope).unreported_at(_moment(period))


def _longest(rows, scope, period):
    first = rows(scope, period).order_by("raised_at").values_list("raised_at", flat=True).first()
    return gettext("the longest for %(time)s") % {"time": timesince(first, _moment(period))} if first else ""


@measure(
    _("Open concerns"),
    definition=_("Concerns raised until the end of the period that had not been reported by then."),
    kind=GAP,
    needs=_CHANGE,
    act=_("Report now"),
    page=_page("open"),
    note=lambda scope, period: _longest(open_concerns, scope, period),
    urgency=0,
    belongs_to="law",
    guarded=True,
)
def open_concerns(scope, period):
    return _unreported(scope, period)


@measure(
    _("Concerns not reported for over an hour"),
    definition=_("Concerns raised more than one hour and at most 24 hours ago that nobody has reported."),
    kind=GAP,
    needs=_CHANGE,
    act=_("Report now"),
    page=_page("open"),
    urgency=-1,
    guarded=True,
)
def concerns_waiting_an_hour(scope, period):
    moment = _moment(period)
    return _unreported(scope, period).filter(raised_at__lt=moment - HOUR, raised_at__gte=moment - DAY)


@measure(
    _("Concerns not reported for over 24 hours"),
    definition=_("Concerns raised more than 24 hours ago that nobody has reported."),
    kind=GAP,
    needs=_CHANGE,
    act=_("Report now"),
    page=_page("open"),
    note=lambda scope, period: _longest(concerns_waiting_a_day, scope, period),
    urgency=-2,
    guarded=True,
)
def concerns_waiting_a_day(scope, period):
    return _unreported(scope, period).filter(raised_at__lt=_moment(period) - DAY)


@measure(
    _("Concerns to follow up"),
    definition=_(
        "Reported concerns, not closed, whose next step is past its day; where no day was agreed, those with nothing "
        "written for 7 days."
    ),
    kind=GAP,
    needs=_CHANGE,
    act=_("Follow up"),
    page=_page("reported"),
    urgency=0,
    belongs_to="law",
    guarded=True,
)
def concerns_to_follow_up(scope, period):
    return Concern.objects.within(scope).overdue_on(period.end)


def _in(scope, period, moment):
    days = (period.start, period.end)
    return Concern.objects.within(scope).filter(**{f"{moment}__date__range": days})


def _all():
    return reverse("admin:children_concern_changelist")


@measure(
    _("Concerns raised"),
    definition=_("Concerns that somebody raised in the period."),
    kind=FIGURE,
    when=IN_PERIOD,
    guarded=True,
    needs="children.view_concern",
    page=_all,
)
def concerns_raised(scope, period):
    return _in(scope, period, "raised_at")


@measure(
    _("Concerns reported"),
    definition=_("Concerns that were reported to the police or another authority in the period."),
    kind=FIGURE,
    when=IN_PERIOD,
    guarded=True,
    needs="children.view_concern",
    page=_all,
)
def concerns_reported(scope, period):
    return _in(scope, period, "reported_at")


@measure(
    _("Concerns closed"),
    definition=_("Concerns that were closed in the period, with an outcome."),
    kind=FIGURE,
    when=IN_PERIOD,
    guarded=True,
    needs="children.view_concern",
    page=_all,
)
def concerns_closed(scope, period):
    return _in(scope, period, "closed_at")
