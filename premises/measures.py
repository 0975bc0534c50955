"""What is counted of the Homes' equipment: what waits to be decided, and what was not counted for a year."""

import datetime as dt

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from children.models import Child
from homes.models import Home
from premises.models import (
    Asset,
    AssetCount,
    AssetRequest,
    Booking,
    ChildVisit,
    DutyHolder,
    HomeDayLog,
    Loan,
    Milestone,
)
from records.measures import AS_TODAY, GAP, IN_PERIOD, measure

A_YEAR = dt.timedelta(days=365)


@measure(
    _("Requests for equipment to be decided"),
    definition=_("Requests of open Homes for equipment or books that nobody has approved or refused."),
    kind=GAP,
    hides_small=False,
    needs="premises.decide_assetrequest",
    act=_("Decide"),
    page=lambda: reverse("premises:requests", query={"show": "asked"}),
    when=AS_TODAY,
)
def asset_requests_to_decide(scope, period):
    return AssetRequest.objects.within(scope).to_decide()


@measure(
    _("Equipment to be scrapped, if approved"),
    definition=_("Pieces of open Homes for which scrapping was asked and nobody has approved or refused it."),
    kind=GAP,
    hides_small=False,
    needs="premises.decide_asset",
    act=_("Decide"),
    page=lambda: reverse("premises:assets", query={"status": "to_scrap"}),
    when=AS_TODAY,
)
def assets_to_scrap(scope, period):
    return Asset.objects.within(scope).to_scrap()


@measure(
    _("Homes whose register was not counted for a year"),
    definition=_("Open Homes with something in their asset register and no count in the 365 days up to the day."),
    kind=GAP,
    hides_small=False,
    needs="premises.add_assetcount",
    act=_("Print the sheet and count"),
    page=lambda: reverse("premises:assets"),
    urgency=3,
    belongs_to="home",
)
def homes_without_count(scope, period):
    """What came in less than a year ago was counted then."""
    since = period.end - A_YEAR
    counted = AssetCount.objects.filter(home=OuterRef("pk"), counted_on__gt=since, counted_on__lte=period.end)
    kept = Asset.objects.kept().filter(home=OuterRef("pk"), acquired_on__lte=since)
    return Home.objects.within(scope).open_on(period.end).filter(Exists(kept)).exclude(Exists(counted))


@measure(
    _("Books overdue"),
    definition=_("Books of a Home lent to a child, due before the day and not back by then."),
    kind=GAP,
    needs="premises.change_loan",
    act=_("Ask for them"),
    page=lambda: reverse("premises:loans"),
    urgency=3,
)
def books_overdue(scope, period):
    return Loan.objects.within(scope).overdue_on(period.end)


@measure(
    _("Families to be told that a call is off"),
    definition=_("Booked calls ahead that the Home called off and whose family is not noted as told."),
    kind=GAP,
    needs="premises.change_booking",
    act=_("Tell them"),
    page=lambda: reverse("premises:to_tell"),
    urgency=1,
)
def bookings_to_tell(scope, period):
    return Booking.objects.within(scope).to_tell(period.end)


@measure(
    _("Days at the Home not closed"),
    definition=_("Days before the day on which visits were noted and the day at the Home was not closed."),
    kind=GAP,
    hides_small=False,
    needs="premises.change_homedaylog",
    act=_("Close the day"),
    page=lambda: reverse("premises:visits"),
    urgency=3,
)
def home_days_not_closed(scope, period):
    return HomeDayLog.objects.within(scope).filter(day__lt=period.end, ended_at=None)


@measure(
    _("Visits of children to the Home"),
    definition=_("Visits noted in the period, of children who are on file in the community now; one a day each."),
    page=lambda: reverse("premises:visits"),
    when=IN_PERIOD,
)
def home_visits(scope, period):
    return ChildVisit.objects.within(scope).came().filter(log__day__gte=period.start, log__day__lte=period.end)


@measure(
    _("Children who came to the Home"),
    definition=_("Children on file in the community now who came to the Home in the period; each counts once."),
    page=lambda: reverse("premises:visits"),
    when=IN_PERIOD,
)
def children_at_home(scope, period):
    visits = ChildVisit.objects.came().filter(log__day__gte=period.start, log__day__lte=period.end)
    return Child.objects.within(scope).filter(Exists(visits.filter(child=OuterRef("pk"))))


@measure(
    _("Calls to parents from the Home"),
    definition=_("Booked calls of the period that took place."),
    page=lambda: reverse("premises:calls"),
    when=IN_PERIOD,
)
def calls_from_home(scope, period):
    kept = Booking.objects.within(scope).filter(status=Booking.Status.KEPT)
    return kept.filter(day__gte=period.start, day__lte=period.end)


@measure(
    _("Books lent to children"),
    definition=_("Books of the Homes that were lent to a child in the period."),
    page=lambda: reverse("premises:loans"),
    when=IN_PERIOD,
)
def books_lent(scope, period):
    return Loan.objects.within(scope).filter(out_on__gte=period.start, out_on__lte=period.end)


@measure(
    _("Milestones of a Home being built overdue"),
    definition=_("Milestones of plans under way that were due before the day and are neither reached nor dropped."),
    kind=GAP,
    hides_small=False,
    act=_("See the plans"),
    page=lambda: reverse("premises:plans"),
    urgency=1,
    belongs_to="home",
)
def milestones_overdue(scope, period):
    return Milestone.objects.within(scope).overdue_on(period.end)


@measure(
    _("Homes without a manager"),
    definition=_("Open Homes for which nobody in office on the day is entered as manager."),
    kind=GAP,
    hides_small=False,
    needs="premises.change_dutyholder",
    act=_("Enter the manager"),
    page=lambda: reverse("homes:list"),
    belongs_to="home",
)
def homes_without_manager(scope, period):
    managed = DutyHolder.objects.managing_on(period.end).filter(home=OuterRef("pk"))
    return Home.objects.within(scope).open_on(period.end).exclude(Exists(managed))


@measure(
    _("People who run a Home without valid training"),
    definition=_(
        "Managers and duty holders of open Homes who on the day have no training noted that still holds; of helpers "
        "the training of their vetting counts as well."
    ),
    kind=GAP,
    hides_small=False,
    needs="premises.change_dutyholder",
    act=_("Note the training"),
    page=lambda: reverse("homes:list"),
    urgency=3,
    belongs_to="home",
)
def holders_without_training(scope, period):
    open_homes = Home.objects.within(scope).open_on(period.end)
    return DutyHolder.objects.within(scope).current_on(period.end).filter(home__in=open_homes).untrained_on(period.end)
