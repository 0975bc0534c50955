"""What Homes and their checks add up to."""

from django.db.models import Exists, F, OuterRef, Sum, Value
from django.db.models.functions import Coalesce, Floor
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from communities.models import Division
from homes import evaluation_measures  # noqa: F401 - it registers its measures
from homes.models import Home, Inspection, OpenTime, Repair, Season
from homes.models.opening import in_hours
from records.measures import AS_TODAY, GAP, IN_PERIOD, Breakdown, measure

OPEN_HOURS = 16  # the standard's hours a week in term time

Grade = Inspection.Grade


def homes_page(**query):
    return reverse("homes:list", query=query or None)


def _open(scope, period):
    return Home.objects.within(scope).open_on(period.end)


def _graded(scope, period, grade):
    return _open(scope, period).with_last_check(period.end).filter(last_grade=grade)


BY_GRADE = Breakdown(
    _("by the grade of the last check"),
    {**dict(Grade.choices), "unchecked": _("not yet checked")},
    lambda period: Coalesce(F("last_grade"), Value("unchecked")),
)


@measure(
    _("Children's Homes open"),
    definition=_("Homes open on the period's last day."),
    breakdowns={"grade": BY_GRADE},
    hides_small=False,
)
def homes_open(scope, period):
    return _open(scope, period).with_last_check(period.end)


@measure(
    _("Opening hours of Homes a week"),
    definition=_(
        "The opening hours by weekday in term time of Homes open on the period's last day, added up, as whole hours."
    ),
    version=2,
    earlier={1: _("The posted hours a week in term time of Homes open on the period's last day, as whole hours.")},
    amount=Floor(in_hours()),
    hides_small=False,
)
def home_hours(scope, period):
    return _times(scope, period, Season.TERM)


@measure(
    _("Opening hours of Homes a week in the school holidays"),
    definition=_(
        "The opening hours by weekday in the school holidays of Homes open on the period's last day, added up, as "
        "whole hours. A Home without hours of its own for the holidays keeps those of the term and counts none here."
    ),
    amount=Floor(in_hours()),
    hides_small=False,
)
def home_hours_in_holidays(scope, period):
    return _times(scope, period, Season.HOLIDAY)


def _times(scope, period, season):
    times = OpenTime.objects.within(scope).filter(season=season, home__in=_open(scope, period).values("pk"))
    return times.exclude(opens_at=None).select_related("home")


@measure(
    _("Homes with a score"),
    definition=_("Open Homes with a submitted check up to the period's end, by themselves or from above."),
    hides_small=False,
)
def homes_scored(scope, period):
    return _open(scope, period).with_last_check(period.end).exclude(last_score=None)


@measure(
    _("Points of Homes"),
    definition=_(
        "The scores of the last submitted checks of open Homes up to the period's end, added up, as whole points. "
        "Divided by the Homes with a score they give the mean."
    ),
    amount=Floor(Sum("last_score")),
    hides_small=False,
)
def home_points(scope, period):
    return homes_scored(scope, period)


@measure(
    _("Homes inspected"),
    definition=_("Open Homes with an inspection from above submitted in the period. Self-checks do not count."),
    when=IN_PERIOD,
    hides_small=False,
)
def homes_inspected(scope, period):
    return _open(scope, period).checked(Inspection.Kind.INSPECTION, period.start, period.end)


@measure(
    _("Homes graded excellent"),
    definition=_("Open Homes whose last submitted check up to the period's end came out excellent."),
    hides_small=False,
)
def homes_excellent(scope, period):
    return _graded(scope, period, Grade.EXCELLENT)


@measure(
    _("Homes graded qualified"),
    definition=_("Open Homes whose last submitted check up to the period's end came out qualified."),
    hides_small=False,
)
def homes_qualified(scope, period):
    return _graded(scope, period, Grade.QUALIFIED)


@measure(
    _("Homes open 16 hours a week or more"),
    definition=_("Open Homes whose opening hours by weekday in term time make 16 a week or more."),
    version=2,
    earlier={1: _("Open Homes whose posted hours in term time are 16 a week or more.")},
    hides_small=False,
)
def homes_open_enough(scope, period):
    return _open(scope, period).with_hours().filter(hours__gte=OPEN_HOURS)


@measure(
    _("Homes to be put right"),
    definition=_("Open Homes whose last submitted check up to the period's end scored below 70."),
    kind=GAP,
    hides_small=False,
    act=_("See the gaps"),
    page=lambda: homes_page(grade="rectify"),
    urgency=1,
    belongs_to="home",
)
def homes_to_rectify(scope, period):
    return _graded(scope, period, Grade.RECTIFY)


@measure(
    _("Homes without a self-check for a year"),
    definition=_("Open Homes with no self-check submitted in the 365 days up to the period's end."),
    kind=GAP,
    hides_small=False,
    act=_("Start a self-check"),
    page=lambda: homes_page(grade="unchecked"),
    needs="homes.selfcheck_home",
    belongs_to="home",
)
def homes_without_self_check(scope, period):
    return _open(scope, period).without_self_check(period.end)


@measure(
    _("Communities without a Home"),
    definition=_("Communities with no Children's Home open on the period's last day."),
    kind=GAP,
    hides_small=False,
    act=_("Enter the Home"),
    page=lambda: reverse("admin:homes_home_add"),
    needs="homes.add_home",
    belongs_to="home",
)
def communities_without_home(scope, period):
    homes = Home.objects.open_on(period.end).filter(community=OuterRef("pk"))
    return Division.objects.within(scope).filter(level=Division.Level.COMMUNITY).exclude(Exists(homes))


@measure(
    _("Repairs overdue"),
    definition=_("Gaps of Homes whose repair was due before the day and is neither reported nor settled."),
    kind=GAP,
    hides_small=False,
    act=_("See the repairs"),
    page=lambda: reverse("homes:repairs", query={"show": "overdue"}),
    urgency=1,
)
def repairs_overdue(scope, period):
    return Repair.objects.within(scope).overdue_on(period.end)


@measure(
    _("Repairs to be looked at"),
    definition=_("Gaps of Homes reported as put right, which nobody who inspects has looked at."),
    kind=GAP,
    hides_small=False,
    act=_("Look at them"),
    page=lambda: reverse("homes:repairs", query={"show": "reported"}),
    needs="homes.inspect_home",
    when=AS_TODAY,
)
def repairs_to_look_at(scope, period):
    return Repair.objects.within(scope).to_look_at()
