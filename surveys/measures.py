"""What is counted about survey rounds, each in one sentence for everyone who reads a number."""

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Left
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from children.models import Child, Household
from records.measures import GAP, measure
from records.wording import said_of
from surveys import roster_measures  # noqa: F401 - registers its measures
from surveys.models import HouseholdVisit, SurveyRound
from surveys.models.round import LEVELS

NOW, SOON = 0, 1
_NOTE = "surveys.add_householdvisit"


def _rounds():
    return reverse("surveys:rounds")


def _countdown(scope, period):
    """How long the rounds that ask these communities still run."""
    asking = SurveyRound.objects.none()
    for code in scope.codes:
        asking |= SurveyRound.objects.touching(code).open_on(period.end)
    return " · ".join(said_of(one.title, one.countdown()) for one in asking.order_by("due_on", "pk")[:3])


def _not_visited(scope, period, **due):
    """Households with a child on the register that an open round asks and no visit has settled.

    No community is in two rounds at once, so a visit in any open round is one in its own.
    """
    day = period.end
    covers = Q()
    for digits in LEVELS:
        covers |= Q(division=Left(OuterRef("community_id"), digits))
    asking = SurveyRound.objects.open_on(day).filter(covers, **due)
    visits = HouseholdVisit.objects.done().filter(Q(round__closed_at=None) | Q(round__closed_at__date__gt=day))
    on_register = Child.objects.on_register(day).filter(household=OuterRef("pk"))
    return Household.objects.within(scope).filter(
        Exists(on_register), Exists(asking), ~Exists(visits.filter(household=OuterRef("pk"), visited_on__lte=day))
    )


@measure(
    _("Households to visit in the survey round"),
    definition=_(
        "Households with a child on the register that an open survey round asks, not yet visited at the end of the "
        "period, while the due day has not passed. A visit that found nobody at home does not count."
    ),
    kind=GAP,
    needs=_NOTE,
    act=_("Go from door to door"),
    page=_rounds,
    note=_countdown,
    urgency=SOON,
)
def households_to_visit(scope, period):
    return _not_visited(scope, period, due_on__gte=period.end)


@measure(
    _("Households not visited though the survey round is due"),
    definition=_(
        "Households with a child on the register that an open survey round asks, not yet visited at the end of the "
        "period, after the due day. A visit that found nobody at home does not count."
    ),
    kind=GAP,
    needs=_NOTE,
    act=_("Go from door to door"),
    page=_rounds,
    note=_countdown,
    urgency=NOW,
)
def households_overdue(scope, period):
    return _not_visited(scope, period, due_on__lt=period.end)
